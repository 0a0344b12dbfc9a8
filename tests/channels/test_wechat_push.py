"""Writing first: the customer-service API, its quotas, its errors, and no secret anywhere."""

import asyncio
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pydantic import SecretStr
from sqlalchemy import delete

from bot.channels import Letter, Reach, Undeliverable
from bot.channels.wechat import WeChat
from bot.channels.wechat_api import Api
from bot.clock import SystemClock
from bot.core.messages import Address
from bot.settings import WeChatChannel
from storage.database import Database
from storage.files import MediaFolder
from storage.media import KeptMedia
from storage.migrate import migrate
from storage.outbox import Parcel
from storage.tables import tokens
from storage.writers import GroupWriter
from tests.peers.envelopes import AES_KEY, TOKEN
from tests.peers.fake_wechat import APP_ID, SECRET, FakeWeChat, Trouble

SEND = "message/custom/send"
NOW = datetime(2024, 10, 14, 2, tzinfo=UTC)
PNG = b"\x89PNG\r\n\x1a\n" + b"picture"
TRIES = (0.2, 0.2)
"""Seconds to connect and to wait: short, so that a slow answer is soon slow enough."""


@pytest.fixture
def fake() -> Iterator[FakeWeChat]:
    """The platform."""
    with FakeWeChat() as platform:
        platform.heard("o-wang")
        yield platform


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """The database of the bot, of which the channel uses one table."""
    made = Database(f"sqlite:///{tmp_path_factory.mktemp('push') / 'exchange.db'}")
    migrate(made)
    yield made
    made.close()


@pytest.fixture
def writer(database: Database) -> Iterator[GroupWriter]:
    """The way to it; no token is kept yet."""
    with database.write() as db:
        db.execute(delete(tokens))
    made = GroupWriter(database)
    yield made
    made.close()


@pytest.fixture
def folder(tmp_path: Path) -> MediaFolder:
    """Where pictures are."""
    return MediaFolder(tmp_path / "media")


@pytest.fixture
def channel(fake: FakeWeChat, writer: GroupWriter, folder: MediaFolder) -> Iterator[WeChat]:
    """The channel, speaking to the fake."""
    settings = WeChatChannel(
        enabled=True,
        app_id=APP_ID,
        token=SecretStr(TOKEN),
        aes_key=SecretStr(AES_KEY),
        secret=SecretStr(SECRET),
        api_base=fake.base,
    )
    made = WeChat(settings, folder, writer)
    made._api.close()
    made._api = Api(APP_ID, SECRET, fake.base, writer, SystemClock(), TRIES)
    yield made
    asyncio.run(made.stop())


def parcel(number: int, text: str, kind: str = "notice.new", media_id: int | None = None) -> Parcel:
    """One message to 王."""
    return Parcel(
        id=number,
        thread_id=1,
        address=Address("wechat", "o-wang"),
        text=text,
        options=(),
        media_id=media_id,
        kind=kind,
        issue_id=None,
        because="test",
        slot=None,
        created_at=NOW,
        attempts=1,
        sent_at=None,
        error="",
    )


def letter(*parcels: Parcel, sends: int = 0, files: dict[int, KeptMedia] | None = None) -> Letter:
    """A letter to 王, who wrote just now."""
    return Letter(parcels, Reach(NOW, sends), files or {})


def push(channel: WeChat, given: Letter, now: datetime = NOW) -> int:
    """Send it; the cost."""
    return asyncio.run(channel.send(given, now))


def refused(channel: WeChat, given: Letter, now: datetime = NOW) -> Undeliverable:
    """Send it in vain."""
    with pytest.raises(Undeliverable) as outcome:
        push(channel, given, now)
    return outcome.value


def test_what_waits_leaves_as_one_message(channel: WeChat, fake: FakeWeChat) -> None:
    assert push(channel, letter(parcel(1, "一"), parcel(2, "二"))) == 1
    assert fake.texts("o-wang") == ["一\n\n二"]


def test_long_words_are_cut_between_characters_and_lines(channel: WeChat, fake: FakeWeChat) -> None:
    lines = [f"第{n}行：" + "诉求" * 20 for n in range(30)]
    assert push(channel, letter(parcel(1, "\n".join(lines)))) == 2
    texts = fake.texts("o-wang")
    assert all(len(one.encode()) <= 2048 for one in texts)
    assert "\n".join(texts).split("\n") == lines


def test_a_number_is_never_cut(channel: WeChat, fake: FakeWeChat) -> None:
    for shift in range(20):
        fake.heard("o-wang")
        fake.sent.clear()
        words = "啊" * (2048 // 3 - shift) + " YZ-20241014-003 " + "啊" * 99
        push(channel, letter(parcel(1, words)))
        assert sum(one.count("YZ-20241014-003") for one in fake.texts("o-wang")) == 1


def test_a_picture_goes_up_and_out(channel: WeChat, fake: FakeWeChat, folder: MediaFolder) -> None:
    name, mime = folder.put(PNG)
    files = {7: KeptMedia(7, "local", "", name, mime, 0)}
    assert push(channel, letter(parcel(1, "看图", media_id=7), parcel(2, "完"), files=files)) == 3
    kinds = [one["msgtype"] for one in fake.sent["o-wang"]]
    assert kinds == ["text", "image", "text"]
    assert list(fake.media.values()) == [PNG]


def test_a_picture_sent_again_after_a_refused_token_is_whole(
    channel: WeChat, fake: FakeWeChat, folder: MediaFolder
) -> None:
    name, mime = folder.put(PNG)
    files = {7: KeptMedia(7, "local", "", name, mime, 0)}
    fake.go_wrong("media/upload", Trouble(code=40001))
    assert push(channel, letter(parcel(1, "", media_id=7), files=files)) == 1
    assert list(fake.media.values()) == [PNG]


def test_a_picture_that_is_lost_is_reported(channel: WeChat) -> None:
    files = {7: KeptMedia(7, "local", "", "no-such.png", "image/png", 0)}
    outcome = refused(channel, letter(parcel(1, "", media_id=7), files=files))
    assert (outcome.reason, outcome.permanent) == ("delivery.gone", True)


def test_words_wait_a_while_for_their_picture(channel: WeChat, fake: FakeWeChat) -> None:
    given = letter(
        parcel(1, "看图", media_id=7), files={7: KeptMedia(7, "wechat", "m1", "", "", 1)}
    )
    outcome = refused(channel, given)
    assert (outcome.permanent, outcome.retry_after) == (False, timedelta(seconds=2))
    assert push(channel, given, NOW + timedelta(minutes=1)) == 1
    assert fake.texts("o-wang") == ["看图"]


def test_a_voice_goes_as_a_voice(channel: WeChat, fake: FakeWeChat, folder: MediaFolder) -> None:
    name, mime = folder.put(b"#!AMR voice")
    files = {7: KeptMedia(7, "wechat", "m1", name, mime, 0)}
    assert push(channel, letter(parcel(1, "", media_id=7), files=files)) == 1
    assert fake.sent["o-wang"][0]["voice"] == {"media_id": "media-1"}


def test_a_video_is_told_in_words(channel: WeChat, fake: FakeWeChat, folder: MediaFolder) -> None:
    name, mime = folder.put(b"\0\0\0\0ftypmp42")
    files = {7: KeptMedia(7, "wechat", "m1", name, mime, 0)}
    assert push(channel, letter(parcel(1, "录像一段", media_id=7), files=files)) == 1
    assert fake.texts("o-wang") == ["录像一段"]


def test_the_last_send_is_kept_for_the_result(channel: WeChat, fake: FakeWeChat) -> None:
    outcome = refused(channel, letter(parcel(1, "进度"), sends=4))
    assert (outcome.hold, fake.calls[SEND]) == (True, 0)
    assert push(channel, letter(parcel(2, "办结了", "result.resolved"), sends=4)) == 1
    assert fake.texts("o-wang") == ["办结了"]


def test_after_five_sends_nothing_leaves(channel: WeChat, fake: FakeWeChat) -> None:
    outcome = refused(channel, letter(parcel(1, "办结了", "result.resolved"), sends=5))
    assert (outcome.reason, outcome.hold) == ("delivery.window_used_up", True)
    assert fake.calls[SEND] == 0


def test_after_48_hours_nothing_leaves(channel: WeChat, fake: FakeWeChat) -> None:
    outcome = refused(channel, letter(parcel(1, "一")), NOW + timedelta(hours=48))
    assert (outcome.reason, outcome.hold) == ("delivery.window_shut", True)
    assert fake.calls[SEND] == 0


def test_what_left_of_a_letter_is_told(channel: WeChat, fake: FakeWeChat) -> None:
    fake.go_wrong(SEND, Trouble(), Trouble(code=45047))
    outcome = refused(channel, letter(parcel(1, "啊" * 600), parcel(2, "哦" * 600)))
    assert (outcome.carried, outcome.cost, outcome.hold) == (1, 1, True)


@pytest.mark.parametrize(
    "code, reason, permanent, hold",
    [
        (45015, "delivery.window_shut", False, True),
        (45047, "delivery.window_used_up", False, True),
        (40003, "delivery.unknown_person", True, False),
        (43004, "delivery.left", True, False),
        (48002, "delivery.left", True, False),
        (45002, "delivery.refused", True, False),
        (45009, "delivery.busy", False, False),
        (45011, "delivery.busy", False, False),
        (-1, "delivery.busy", False, False),
        (50099, "delivery.refused", False, False),
    ],
)
def test_what_each_error_code_means(
    channel: WeChat, fake: FakeWeChat, code: int, reason: str, permanent: bool, hold: bool
) -> None:
    fake.go_wrong(SEND, Trouble(code=code))
    outcome = refused(channel, letter(parcel(1, "一")))
    assert (outcome.reason, outcome.permanent, outcome.hold) == (reason, permanent, hold)
    assert fake.calls[SEND] == 1


@pytest.mark.parametrize("code", [40001, 40014, 41001, 42001])
def test_a_refused_token_is_renewed_once(channel: WeChat, fake: FakeWeChat, code: int) -> None:
    fake.go_wrong(SEND, Trouble(code=code))
    assert push(channel, letter(parcel(1, "一"))) == 1
    assert fake.calls == {"stable_token": 3, SEND: 2}  # fetched, asked again, forced


@pytest.mark.parametrize("code", [40001, 40014, 42001])
def test_a_lasting_refusal_ends(channel: WeChat, fake: FakeWeChat, code: int) -> None:
    fake.go_wrong(SEND, *[Trouble(code=code)] * 50)
    outcome = refused(channel, letter(parcel(1, "一")))
    assert (outcome.reason, outcome.permanent, outcome.hold) == ("delivery.token", False, False)
    assert fake.calls[SEND] == 2


def test_a_token_ended_elsewhere_is_replaced(channel: WeChat, fake: FakeWeChat) -> None:
    assert push(channel, letter(parcel(1, "一"))) == 1
    fake.end_token()
    assert push(channel, letter(parcel(2, "二"))) == 1
    assert fake.texts("o-wang") == ["一", "二"]
    assert len(fake.tokens) == 2


@pytest.mark.parametrize(
    "trouble",
    [
        Trouble(status=500),
        Trouble(status=502),
        Trouble(seconds=0.5),
        Trouble(cut=True),
        Trouble(body=b"<html>gateway</html>"),
        Trouble(body=b""),
        Trouble(body=b"[]"),
        Trouble(body=b'{"errcode": "soon"}'),
    ],
    ids=repr,
)
@pytest.mark.parametrize("path", [SEND, "stable_token"])
def test_trouble_on_the_line_is_tried_again_later(
    channel: WeChat, fake: FakeWeChat, path: str, trouble: Trouble
) -> None:
    fake.go_wrong(path, trouble)
    outcome = refused(channel, letter(parcel(1, "一")))
    assert (outcome.permanent, outcome.hold, outcome.reason) == (False, False, "delivery.slow")
    with suppress(Undeliverable):
        push(channel, letter(parcel(1, "一")))
    assert "一" in fake.texts("o-wang")


def test_many_letters_at_once_share_one_token(channel: WeChat, fake: FakeWeChat) -> None:
    fake.strict = False

    async def all_at_once() -> None:
        await asyncio.gather(*(channel.send(letter(parcel(n, str(n))), NOW) for n in range(40)))

    asyncio.run(all_at_once())
    assert fake.calls == {"stable_token": 1, SEND: 40}
    assert fake.busiest > 1


def test_what_a_person_sent_comes_in(channel: WeChat, fake: FakeWeChat) -> None:
    fake.media["m1"] = PNG
    assert asyncio.run(channel.fetch(KeptMedia(1, "wechat", "m1", "", "", 0))) == PNG


def test_media_that_are_gone_are_not_asked_for_again(channel: WeChat) -> None:
    with pytest.raises(Undeliverable) as outcome:
        asyncio.run(channel.fetch(KeptMedia(1, "wechat", "m9", "", "", 0)))
    assert (outcome.value.reason, outcome.value.permanent) == ("delivery.gone", True)


@pytest.mark.parametrize(
    "address", ["http://127.0.0.1:1/v.mp4", "file:///etc/passwd", "", "https://qq.com.evil.test/"]
)
def test_a_video_is_fetched_from_the_platform_only(
    channel: WeChat, fake: FakeWeChat, address: str
) -> None:
    fake.media["m1"] = b'{"video_url": "' + address.encode() + b'"}'
    with pytest.raises(Undeliverable) as outcome:
        asyncio.run(channel.fetch(KeptMedia(1, "wechat", "m1", "", "", 0)))
    assert outcome.value.permanent


@pytest.mark.parametrize("path", [SEND, "stable_token"])
@pytest.mark.parametrize("trouble", [Trouble(status=500), Trouble(cut=True), Trouble(seconds=0.5)])
def test_no_secret_leaves_with_an_error(
    channel: WeChat, fake: FakeWeChat, path: str, trouble: Trouble
) -> None:
    fake.go_wrong(path, trouble)
    outcome = refused(channel, letter(parcel(1, "一")))
    told: list[str] = []
    cause: BaseException | None = outcome
    while cause is not None:
        told.append(f"{cause!r} {cause}")
        cause = cause.__cause__ or cause.__context__
    assert not any(secret in " ".join(told) for secret in (SECRET, "x7Q", "access_token"))


def test_the_machine_s_proxy_is_not_asked(
    monkeypatch: pytest.MonkeyPatch, channel: WeChat, fake: FakeWeChat
) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    assert push(channel, letter(parcel(1, "一"))) == 1


def test_an_account_without_a_secret_says_so(
    fake: FakeWeChat, writer: GroupWriter, folder: MediaFolder
) -> None:
    settings = WeChatChannel(enabled=True, token=SecretStr(TOKEN), api_base=fake.base)
    channel = WeChat(settings, folder, writer)
    assert refused(channel, letter(parcel(1, "一"))).reason == "delivery.no_secret"
    asyncio.run(channel.stop())
    assert not fake.calls

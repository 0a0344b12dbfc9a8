"""Writing first: what leaves, in which pieces, within which quota."""

import asyncio
from datetime import timedelta

import pytest
from pydantic import SecretStr

from bot.channels.base import Undeliverable
from bot.channels.wechat.channel import WeChat
from bot.settings import WeChatChannel
from storage.media.files import MediaFolder
from storage.media.media import KeptMedia
from storage.writers import GroupWriter
from tests.channels.wechat_push import NOW, SEND, expect_refusal, letter, parcel, push
from tests.peers.envelopes import TOKEN
from tests.peers.fake_wechat import FakeWeChat, Trouble

PNG = b"\x89PNG\r\n\x1a\n" + b"picture"


def test_what_waits_leaves_as_one_message(channel: WeChat, fake: FakeWeChat) -> None:
    assert push(channel, letter(parcel(1, "一"), parcel(2, "二"))) == 1
    assert fake.texts("o-wang") == ["一\n\n二"]


def test_long_words_are_cut_between_characters_and_lines(channel: WeChat, fake: FakeWeChat) -> None:
    lines = [f"第{n}行：" + "诉求" * 20 for n in range(30)]
    assert push(channel, letter(parcel(1, "\n".join(lines)))) == 2
    texts = fake.texts("o-wang")
    assert all(len(piece.encode()) <= 2048 for piece in texts)
    assert "\n".join(texts).split("\n") == lines


def test_a_number_is_never_cut(channel: WeChat, fake: FakeWeChat) -> None:
    for shift in range(20):
        fake.open_window("o-wang")
        fake.sent.clear()
        words = "啊" * (2048 // 3 - shift) + " YZ-20241014-003 " + "啊" * 99
        push(channel, letter(parcel(1, words)))
        assert sum(piece.count("YZ-20241014-003") for piece in fake.texts("o-wang")) == 1


def test_a_picture_goes_up_and_out(channel: WeChat, fake: FakeWeChat, folder: MediaFolder) -> None:
    name, mime = folder.put(PNG)
    files = {7: KeptMedia(7, "local", "", name, mime, 0)}
    assert push(channel, letter(parcel(1, "看图", media_id=7), parcel(2, "完"), files=files)) == 3
    kinds = [message["msgtype"] for message in fake.sent["o-wang"]]
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
    outcome = expect_refusal(channel, letter(parcel(1, "", media_id=7), files=files))
    assert (outcome.reason, outcome.permanent) == ("delivery.gone", True)


def test_words_wait_a_while_for_their_picture(channel: WeChat, fake: FakeWeChat) -> None:
    given = letter(
        parcel(1, "看图", media_id=7), files={7: KeptMedia(7, "wechat", "m1", "", "", 1)}
    )
    outcome = expect_refusal(channel, given)
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
    outcome = expect_refusal(channel, letter(parcel(1, "进度"), sends=4))
    assert (outcome.hold, fake.calls[SEND]) == (True, 0)
    assert push(channel, letter(parcel(2, "办结了", "result.resolved"), sends=4)) == 1
    assert fake.texts("o-wang") == ["办结了"]


def test_after_five_sends_nothing_leaves(channel: WeChat, fake: FakeWeChat) -> None:
    outcome = expect_refusal(channel, letter(parcel(1, "办结了", "result.resolved"), sends=5))
    assert (outcome.reason, outcome.hold) == ("delivery.window_used_up", True)
    assert fake.calls[SEND] == 0


def test_after_48_hours_nothing_leaves(channel: WeChat, fake: FakeWeChat) -> None:
    outcome = expect_refusal(channel, letter(parcel(1, "一")), NOW + timedelta(hours=48))
    assert (outcome.reason, outcome.hold) == ("delivery.window_shut", True)
    assert fake.calls[SEND] == 0


def test_what_left_of_a_letter_is_told(channel: WeChat, fake: FakeWeChat) -> None:
    fake.go_wrong(SEND, Trouble(), Trouble(code=45047))
    outcome = expect_refusal(channel, letter(parcel(1, "啊" * 600), parcel(2, "哦" * 600)))
    assert (outcome.carried, outcome.cost, outcome.hold) == (1, 1, True)


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
    assert expect_refusal(channel, letter(parcel(1, "一"))).reason == "delivery.no_secret"
    asyncio.run(channel.stop())
    assert not fake.calls


@pytest.mark.parametrize(
    ("content", "takes"),
    [
        (PNG, True),
        (PNG.ljust(11 * 1024**2, b"."), False),
        (b"#!AMR voice", True),
        (b"OggS voice", False),
        (b"%PDF-1.7", False),
        (b"\x00\x00\x00\x18ftypmp42", False),
    ],
)
def test_what_the_platform_takes(
    channel: WeChat, folder: MediaFolder, content: bytes, takes: bool
) -> None:
    name, mime = folder.put(content)
    assert channel.takes(KeptMedia(7, "local", "", name, mime, 0)) is takes

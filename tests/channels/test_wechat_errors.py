"""What the platform and the line to it may do to a message, and what comes of it."""

import asyncio
from contextlib import suppress

import pytest

from bot.channels.base import Undeliverable
from bot.channels.wechat.channel import WeChat
from tests.channels.wechat_push import NOW, SEND, expect_refusal, letter, parcel, push
from tests.peers.fake_wechat import SECRET, FakeWeChat, Trouble


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
    outcome = expect_refusal(channel, letter(parcel(1, "一")))
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
    outcome = expect_refusal(channel, letter(parcel(1, "一")))
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
    outcome = expect_refusal(channel, letter(parcel(1, "一")))
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


@pytest.mark.parametrize("path", [SEND, "stable_token"])
@pytest.mark.parametrize("trouble", [Trouble(status=500), Trouble(cut=True), Trouble(seconds=0.5)])
def test_no_secret_leaves_with_an_error(
    channel: WeChat, fake: FakeWeChat, path: str, trouble: Trouble
) -> None:
    fake.go_wrong(path, trouble)
    outcome = expect_refusal(channel, letter(parcel(1, "一")))
    told: list[str] = []
    cause: BaseException | None = outcome
    while cause is not None:
        told.append(f"{cause!r} {cause}")
        cause = cause.__cause__ or cause.__context__
    assert not any(secret in " ".join(told) for secret in (SECRET, "x7Q", "access_token"))

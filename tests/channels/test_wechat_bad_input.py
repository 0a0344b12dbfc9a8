"""What is no proper delivery: refused politely, nothing stored, no secret told, the app alive."""

import asyncio
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
import structlog

from bot.web.webhooks.hook import LARGEST_BODY
from tests.channels.wechat_site import MONDAY, WEWORK, WeChatSite, seal_delivery, stamp, start_site
from tests.peers.envelopes import AES_KEY, TOKEN, Letter, plain_letter, seal_letter, sign
from tests.peers.fake_wechat import SECRET
from tests.peers.wechat_messages import event, message, text

AT = int(MONDAY.timestamp())
GOOD = text("o-wang", "车间停电了", AT)
BOMB = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
BAD_XML = {
    "empty": "",
    "no XML": "hello",
    "half": GOOD[: len(GOOD) // 2],
    "two roots": GOOD + GOOD,
    "entities": BOMB + GOOD.replace("车间", "]]>&b;<![CDATA["),
    "outer entity": '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]>' + GOOD,
    "content twice": GOOD.replace("</xml>", "<Content>b</Content></xml>"),
    "sender twice": GOOD.replace("</xml>", "<FromUserName>b</FromUserName></xml>"),
    "no sender": GOOD.replace("FromUserName", "Nobody"),
    "no content": GOOD.replace("Content", "Nothing"),
    "no id": GOOD.replace("MsgId", "Nothing"),
    "empty id": message("o-wang", "text", AT, MsgId="", Content="a"),
    "empty sender": text("", "停电", AT),
    "sender with control characters": text("o\nwang", "停电", AT),
    "endless sender": text("o" * 5000, "停电", AT),
    "time is no number": GOOD.replace(str(AT), "soon"),
    "event without a name": event("o-wang", "", AT),
    "image without its handle": message("o-wang", "image", AT, MediaId=""),
    "character reference to nothing": GOOD.replace("<xml>", "<xml><A>&#0;</A>"),
    "reference to a surrogate": GOOD.replace("<xml>", "<xml><A>&#xD800;</A>"),
    "another root": GOOD.replace("xml>", "html>"),
}


@pytest.fixture(scope="module")
def loop_and_site(
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[tuple[asyncio.Runner, WeChatSite]]:
    """One app for all bad input: whatever it is fed, it must go on."""
    with asyncio.Runner() as loop:
        context = start_site(tmp_path_factory.mktemp("bad"), "http://127.0.0.1:9")
        yield loop, loop.run(context.__aenter__())
        loop.run(context.__aexit__(None, None, None))


def _bad(
    loop_and_site: tuple[asyncio.Runner, WeChatSite], letter: Letter, log: list[Any]
) -> httpx.Response:
    """Post it; nothing may be stored, no secret told, the app must go on."""
    loop, site = loop_and_site
    before = site.counts()
    answer = loop.run(site.post(letter))
    assert site.counts() == before
    told = f"{log} {answer.text}"
    assert not any(secret in told for secret in (TOKEN, AES_KEY, SECRET))
    assert loop.run(site.client.get("/healthz")).status_code in (200, 503)
    return answer


@pytest.fixture
def log() -> Iterator[list[Any]]:
    """What is logged."""
    with structlog.testing.capture_logs() as lines:
        yield lines


@pytest.mark.parametrize("name", BAD_XML)
def test_bad_xml(loop_and_site: Any, log: list[Any], name: str) -> None:
    assert _bad(loop_and_site, seal_delivery(BAD_XML[name]), log).status_code == 400


@pytest.mark.parametrize(
    "change, status",
    [
        ({"msg_signature": "0" * 40}, 403),
        ({"msg_signature": ""}, 400),
        ({"timestamp": "1409659813", "msg_signature": "x"}, 403),
        ({"timestamp": "soon"}, 403),
        ({"timestamp": ""}, 400),
        ({"nonce": ""}, 400),
        ({"encrypt_type": "raw"}, 403),
    ],
)
def test_bad_parameters(
    loop_and_site: Any, log: list[Any], change: dict[str, str], status: int
) -> None:
    letter = seal_delivery(GOOD)
    assert (
        _bad(loop_and_site, Letter({**letter.query, **change}, letter.body), log).status_code
        == status
    )


def test_no_parameters_at_all(loop_and_site: Any, log: list[Any]) -> None:
    assert _bad(loop_and_site, Letter({}, seal_delivery(GOOD).body), log).status_code in (400, 403)


def test_an_old_request_is_a_replay(loop_and_site: Any, log: list[Any]) -> None:
    letter = seal_letter(WEWORK, GOOD, str(int(stamp()) - 3600))
    assert _bad(loop_and_site, letter, log).status_code == 403


def test_plain_words_to_a_safe_account(loop_and_site: Any, log: list[Any]) -> None:
    assert _bad(loop_and_site, plain_letter(GOOD, stamp()), log).status_code == 403


@pytest.mark.parametrize("size", [LARGEST_BODY + 1, 1 << 20])
def test_a_huge_body(loop_and_site: Any, log: list[Any], size: int) -> None:
    letter = seal_delivery(GOOD)
    assert _bad(loop_and_site, Letter(letter.query, b"<" * size), log).status_code == 413


@pytest.mark.parametrize("raw", ["", "A" * 64, "不是密文", "A" * 63])
def test_a_sealed_text_that_is_none(loop_and_site: Any, log: list[Any], raw: str) -> None:
    letter = seal_delivery(GOOD)
    at, nonce = letter.query["timestamp"], letter.query["nonce"]
    query = {**letter.query, "msg_signature": sign(at, nonce, raw)}
    body = f"<xml><Encrypt>{raw}</Encrypt></xml>".encode()
    assert _bad(loop_and_site, Letter(query, body), log).status_code == 400


@pytest.mark.parametrize("xml", [text("o-wang", "  ", AT), event("o-wang", "VIEW", AT, "http://x")])
def test_what_asks_for_nothing_is_answered_success(
    loop_and_site: Any, log: list[Any], xml: str
) -> None:
    answer = _bad(loop_and_site, seal_delivery(xml), log)
    assert (answer.status_code, answer.text) == (200, "success")

"""Real deliveries, spoilt at random: the webhook stays polite, alive and discreet."""

import asyncio
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest
import structlog
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.channels.tencent.xml_text import read
from tests.channels.wechat_site import MONDAY, WEWORK, WeChatSite, stamp, start_site
from tests.peers.envelopes import AES_KEY, TOKEN, Letter, plain_letter, seal_letter
from tests.peers.fake_wechat import SECRET
from tests.peers.wechat_messages import event, message, text

AT = int(MONDAY.timestamp())
REAL = [
    text("o-wang", "车间又停电了 😀 ]]>", AT, 1),
    message("o-wang", "image", AT, PicUrl="http://x", MediaId="m1", MsgId="2"),
    message("o-wang", "location", AT, Location_X="28.2", Location_Y="112.9", Label="云溪路"),
    event("o-wang", "subscribe", AT, "qrscene_ABC"),
    event("o-wang", "CLICK", AT, "进度"),
]
PIECES = [
    b"<Content>",
    b"</Content>",
    b"]]>",
    b"<![CDATA[",
    b"&a;",
    b"&#8;",
    b"<!DOCTYPE a>",
    b"\x00",
    b"\xed\xa0\x80",
    b"\xff",
    b"1" * 300,
    "全角１".encode(),
]
Site = tuple[asyncio.Runner, WeChatSite]
often = settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck))


@st.composite
def spoilt(draw: st.DrawFn, whole: bytes) -> bytes:
    """The bytes with a few cuts, doublings, changes and strange pieces."""
    spoiled = bytearray(whole)
    for _ in range(draw(st.integers(1, 3))):
        start = draw(st.integers(0, len(spoiled)))
        end = draw(st.integers(start, min(len(spoiled), start + 40)))
        part = bytes(spoiled[start:end])
        change = draw(st.sampled_from([b"", part * 2, *PIECES]) | st.binary(max_size=4))
        spoiled[start:end] = change
    return bytes(spoiled)


@pytest.fixture(scope="module")
def sites(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[bool, Site]]:
    """One app in safe mode and one in plain mode, to be fed all of it."""
    with asyncio.Runner() as loop:
        made: dict[bool, Site] = {}
        contexts = []
        for safe in (True, False):
            folder = tmp_path_factory.mktemp("mutations")
            contexts.append(start_site(folder, "http://127.0.0.1:9", safe=safe))
            made[safe] = (loop, loop.run(contexts[-1].__aenter__()))
        yield made
        for context in contexts:
            loop.run(context.__aexit__(None, None, None))


def _post_letter(site: Site, letter: Letter) -> httpx.Response:
    """Post it, and look at what it did."""
    loop, app = site
    before = app.counts()
    with structlog.testing.capture_logs() as log:
        answer = loop.run(app.post(letter))
    after = app.counts()
    assert answer.status_code in (200, 400, 403, 413), answer.text
    assert not any(secret in f"{log} {answer.text}" for secret in (TOKEN, AES_KEY, SECRET))
    assert not [line for line in log if line["log_level"] == "error"], log
    if answer.status_code != 200:
        assert after == before
    assert after["messages"] - before["messages"] == after["once"] - before["once"]
    assert after["messages"] - before["messages"] <= 1
    assert after["issues"] - before["issues"] <= after["messages"] - before["messages"]
    return answer


@often
@given(xml=st.sampled_from(REAL).flatmap(lambda one: spoilt(one.encode())))
def test_genuine_envelope_of_spoilt_words(sites: Any, xml: bytes) -> None:
    _post_letter(sites[False], plain_letter(xml, stamp()))
    _post_letter(sites[True], seal_letter(WEWORK, xml.decode("utf-8", "replace"), stamp()))


@often
@given(xml=st.sampled_from(REAL), data=st.data())
def test_spoilt_envelope(sites: Any, xml: str, data: st.DataObject) -> None:
    letter = seal_letter(WEWORK, xml, stamp())
    body = data.draw(spoilt(letter.body))
    answer = _post_letter(sites[True], Letter(letter.query, body))
    if answer.status_code == 200:
        assert read(body)["Encrypt"] == read(letter.body)["Encrypt"]


@often
@given(
    name=st.sampled_from(["signature", "msg_signature", "timestamp", "nonce", "encrypt_type"]),
    value=st.text(max_size=50),
    safe=st.booleans(),
)
def test_spoilt_parameters(sites: Any, name: str, value: str, safe: bool) -> None:
    seal: Callable[..., Letter] = lambda xml, at: seal_letter(WEWORK, xml, at)  # noqa: E731
    letter = (seal if safe else plain_letter)(REAL[0], stamp())
    query = {**letter.query, name: value.encode("utf-8", "replace").decode()}
    answer = _post_letter(sites[safe], Letter(query, letter.body))
    if name in ("timestamp", "nonce") and value != letter.query[name]:
        assert answer.status_code in (400, 403)

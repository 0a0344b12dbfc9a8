"""The seal: who may speak to the webhook, and whether others can read what it answers."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.channels.tencent.crypto import FRESH_FOR, Query, Rejected, Seal
from tests.peers.envelopes import (
    AES_KEY,
    APP_ID,
    TOKEN,
    Envelope,
    Letter,
    Node,
    Wework,
    flat,
    open_answer,
    plain_letter,
    seal_letter,
    sign,
)
from tests.peers.wechat_messages import text

NOW = datetime(2024, 10, 14, 2, tzinfo=UTC)
STAMP = str(int(NOW.timestamp()))
XML = text("o-wang", "停电了 ]]> <b>&amp;", int(NOW.timestamp()), 7)
SAFE = Seal(TOKEN, AES_KEY, APP_ID)
PLAIN = Seal(TOKEN, "", APP_ID)
PEERS: list[Envelope] = [Wework(), Node("@wecom/crypto"), Node("wechat-crypto")]


@pytest.fixture(params=PEERS, ids=lambda peer: peer.name)
def peer(request: pytest.FixtureRequest) -> Envelope:
    """Each implementation in turn."""
    if isinstance(request.param, Node) and request.param.missing:
        pytest.skip(request.param.missing)
    envelope: Envelope = request.param
    return envelope


def test_we_read_what_others_seal(peer: Envelope) -> None:
    letter = seal_letter(peer, XML, STAMP)
    fields = SAFE.open(Query.of(letter.query), letter.body, NOW)
    assert fields == flat(XML)


def test_others_read_what_we_seal(peer: Envelope) -> None:
    query = Query.of(seal_letter(peer, XML, STAMP).query)
    answer = SAFE.close("<xml><Content>已收到 YZ-20241014-003</Content></xml>", query)
    assert open_answer(peer, answer.encode()) == {"Content": "已收到 YZ-20241014-003"}


def test_two_answers_of_the_same_words_look_different() -> None:
    query = Query.of(plain_letter("", STAMP).query)
    assert SAFE.close("<xml/>", query) != SAFE.close("<xml/>", query)


def test_plain_mode_reads_and_answers_plainly() -> None:
    letter = plain_letter(XML, STAMP)
    assert PLAIN.open(Query.of(letter.query), letter.body, NOW) == flat(XML)
    assert PLAIN.close("<xml/>", Query.of(letter.query)) == "<xml/>"


def test_the_address_check_gets_its_echo() -> None:
    query = Query.of({**plain_letter("", STAMP).query, "echostr": "54321"})
    assert SAFE.echo(query, NOW) == "54321"
    with pytest.raises(Rejected):
        SAFE.echo(replace(query, signature="0" * 40), NOW)


def _change_query(letter: Letter, **query: str) -> Query:
    return Query.of({**letter.query, **query})


@pytest.mark.parametrize(
    "change, status",
    [
        ({"msg_signature": "0" * 40}, 403),
        ({"msg_signature": "签名"}, 403),
        ({"msg_signature": "\ud800"}, 403),
        ({"msg_signature": ""}, 400),
        ({"timestamp": ""}, 400),
        ({"timestamp": str(int(STAMP) + 1)}, 403),
        ({"nonce": ""}, 400),
        ({"nonce": "other"}, 403),
        ({"encrypt_type": ""}, 403),  # with a key set, plain words are no way in
        ({"encrypt_type": "raw"}, 403),
    ],
)
def test_a_request_that_is_not_from_the_platform(change: dict[str, str], status: int) -> None:
    letter = seal_letter(PEERS[0], XML, STAMP)
    with pytest.raises(Rejected) as no:
        SAFE.open(_change_query(letter, **change), letter.body, NOW)
    assert no.value.status == status


@pytest.mark.parametrize("away", [FRESH_FOR, -FRESH_FOR])
def test_a_request_is_good_for_some_minutes(away: timedelta) -> None:
    letter = seal_letter(PEERS[0], XML, STAMP)
    query = Query.of(letter.query)
    assert SAFE.open(query, letter.body, NOW + away)
    with pytest.raises(Rejected, match="stale"):
        SAFE.open(query, letter.body, NOW + away * 1.01)


@pytest.mark.parametrize("timestamp", ["yesterday", "-1", "1e9", "１７２８", "9" * 5000])
def test_a_signed_timestamp_that_is_none(timestamp: str) -> None:
    letter = plain_letter(XML, timestamp)
    with pytest.raises(Rejected) as no:
        PLAIN.open(Query.of(letter.query), letter.body, NOW)
    assert no.value.status == 400


def test_a_letter_sealed_with_another_key_is_unreadable_not_fatal() -> None:
    other = Seal(TOKEN, AES_KEY[::-1], APP_ID)
    letter = seal_letter(PEERS[0], XML, STAMP)
    with pytest.raises(Rejected) as no:
        other.open(Query.of(letter.query), letter.body, NOW)
    assert no.value.status == 400


def test_a_letter_for_another_account_is_refused() -> None:
    other = Seal(TOKEN, AES_KEY, "wx0000000000000000")
    letter = seal_letter(PEERS[0], XML, STAMP)
    with pytest.raises(Rejected):
        other.open(Query.of(letter.query), letter.body, NOW)


@pytest.mark.parametrize("sealed", ["", "AAAA", "not base64!", "A" * 43, "A" * 64, "签"])
def test_signed_rubbish_is_refused(sealed: str) -> None:
    query = Query(
        "", sign(STAMP, "n", sealed), timestamp=STAMP, nonce="n", encrypt_type="aes", echostr=""
    )
    body = f"<xml><Encrypt>{sealed}</Encrypt></xml>".encode()
    with pytest.raises(Rejected) as no:
        SAFE.open(query, body, NOW)
    assert no.value.status == 400

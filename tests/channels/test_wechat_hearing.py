"""What each kind of delivery means."""

from datetime import UTC, datetime

import pytest

from bot.channels.tencent.fields import LONGEST_KEY, MessageError
from bot.channels.wechat.incoming import parse_fields
from bot.core.messages import Address, Content, Event, Kind, Media
from tests.peers.envelopes import flat
from tests.peers.wechat_messages import ACCOUNT, event, message, text

AT = 1728871200


def _content(xml: str) -> Content:
    heard = parse_fields(flat(xml))
    assert heard is not None
    return heard.incoming.content


def _key(xml: str) -> str:
    heard = parse_fields(flat(xml))
    assert heard is not None
    return heard.incoming.key


def test_words_keep_every_character() -> None:
    heard = parse_fields(flat(text("o-wang", " 停电了\n😀 ]]> ", AT, 42)))
    assert heard is not None
    assert heard.account == ACCOUNT
    incoming = heard.incoming
    assert incoming.key == f"wechat:{ACCOUNT}:o-wang:42"
    assert incoming.address == Address("wechat", "o-wang")
    assert incoming.content == Content(Kind.TEXT, " 停电了\n😀 ]]> ")
    assert incoming.sent_at == datetime(2024, 10, 14, 2, tzinfo=UTC)
    assert incoming.slot


@pytest.mark.parametrize(
    "kind, fields, content",
    [
        ("image", {"PicUrl": "http://x", "MediaId": "m1"}, Content(Kind.IMAGE, "", Media("m1"))),
        ("voice", {"MediaId": "m1", "Format": "amr"}, Content(Kind.VOICE, "", Media("m1"))),
        (
            "voice",
            {"MediaId": "m1", "Recognition": "停电了"},
            Content(Kind.VOICE, "停电了", Media("m1")),
        ),
        ("video", {"MediaId": "m1", "ThumbMediaId": "t"}, Content(Kind.VIDEO, "", Media("m1"))),
        ("shortvideo", {"MediaId": "m1"}, Content(Kind.VIDEO, "", Media("m1"))),
        (
            "location",
            {"Location_X": "28.2", "Location_Y": "112.9", "Scale": "15", "Label": "云溪路 8 号"},
            Content(Kind.LOCATION, name="云溪路 8 号 28.2,112.9"),
        ),
        (
            "link",
            {"Title": "通知", "Description": "停电", "Url": "https://example.com"},
            Content(Kind.LINK, name="通知\n停电\nhttps://example.com"),
        ),
        ("miniprogrampage", {"Title": "报修"}, Content(Kind.CARD, name="报修")),
        ("file", {"Title": "办结.pdf", "FileKey": "k"}, Content(Kind.FILE, name="办结.pdf")),
        ("file", {"MediaId": "m1"}, Content(Kind.FILE, media=Media("m1"))),
        ("hologram", {}, Content(Kind.OTHER, name="hologram")),
    ],
)
def test_each_kind_of_message(kind: str, fields: dict[str, str], content: Content) -> None:
    assert _content(message("o-wang", kind, AT, **fields)) == content


@pytest.mark.parametrize(
    "name, key, content",
    [
        ("subscribe", "", Content(Kind.EVENT, "", event=Event.SUBSCRIBE)),
        ("subscribe", "qrscene_BIND-7", Content(Kind.EVENT, "BIND-7", event=Event.SUBSCRIBE)),
        ("unsubscribe", "", Content(Kind.EVENT, "", event=Event.UNSUBSCRIBE)),
        ("SCAN", "BIND-7", Content(Kind.EVENT, "BIND-7", event=Event.SCAN)),
        ("CLICK", "我的诉求", Content(Kind.EVENT, "我的诉求", event=Event.CLICK)),
    ],
)
def test_each_event(name: str, key: str, content: Content) -> None:
    assert _content(event("o-wang", name, AT, key)) == content


@pytest.mark.parametrize("name", ["VIEW", "LOCATION", "TEMPLATESENDJOBFINISH", "brand_new"])
def test_a_report_of_the_platform_asks_for_nothing(name: str) -> None:
    assert parse_fields(flat(event("mphelper", name, AT))) is None


@pytest.mark.parametrize("words", ["", " ", "\n\t", "\u3000"])
def test_blank_words_ask_for_nothing(words: str) -> None:
    assert parse_fields(flat(text("o-wang", words, AT))) is None


def test_one_event_is_one_key_and_another_is_another() -> None:
    click = event("o-wang", "CLICK", AT, "menu")
    assert _key(click) == f"wechat:{ACCOUNT}:o-wang:{AT}:CLICK:menu"
    others = {
        _key(event("o-li", "CLICK", AT, "menu")),
        _key(event("o-wang", "CLICK", AT + 1, "menu")),
        _key(event("o-wang", "SCAN", AT, "menu")),
        _key(event("o-wang", "CLICK", AT, "other")),
    }
    assert len(others | {_key(click)}) == 5


def test_a_long_event_key_still_makes_a_key_of_its_own() -> None:
    long, longer = (_key(event("o-wang", "CLICK", AT, "x" * n)) for n in (300, 301))
    assert len(long) <= LONGEST_KEY
    assert long != longer


@pytest.mark.parametrize("kind", ["text", "image", "voice", "location", "event"])
@pytest.mark.parametrize("value", [None, "", "a b", "a\x00", "x" * 65])
@pytest.mark.parametrize("name", ["ToUserName", "FromUserName", "CreateTime", "MsgType"])
def test_a_message_without_its_parts_is_none(kind: str, name: str, value: str | None) -> None:
    parts = {"MediaId": "m", "Location_X": "1", "Location_Y": "2", "Content": "a", "Event": "CLICK"}
    fields = flat(message("o-wang", kind, AT, **parts))
    changed = {**fields, name: value} if value is not None else fields.keys() - {name}
    given = changed if isinstance(changed, dict) else {field: fields[field] for field in changed}
    if name == "MsgType" and value:
        heard = parse_fields(given)
        assert heard is not None
        assert heard.incoming.content.kind is Kind.OTHER
        return
    with pytest.raises(MessageError, match=name):
        parse_fields(given)


@pytest.mark.parametrize("moment", ["-1", "1.5", "soon", "9" * 11, "１２"])
def test_a_time_that_is_none(moment: str) -> None:
    with pytest.raises(MessageError, match="CreateTime"):
        parse_fields({**flat(text("o-wang", "停电", AT)), "CreateTime": moment})

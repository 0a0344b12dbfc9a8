"""What Telegram reports, understood: messages of every kind, edits, comings and goings, taps."""

from typing import Any

import pytest
from telegram import Bot

from bot.channels.telegram.incoming import Tap, UpdateError, parse_update
from bot.core.messages import Address, Content, Event, Incoming, Kind, Media
from tests.peers.telegram_emulator import TOKEN

BOT = Bot(TOKEN)
COMMANDS = {"help": "帮助", "todo": "待办", "note": "备注"}
SIZE = {"file_unique_id": "u", "width": 1, "height": 1}
FILE = {"file_id": "f1", "file_unique_id": "u"}
PLACE = {"latitude": 28.2, "longitude": 112.9}


def _message(**fields: Any) -> dict[str, Any]:
    chat = {"id": 5, "type": "private", "first_name": "A"}
    sender = {"id": 5, "is_bot": False, "first_name": "A"}
    return {"message_id": 31, "date": 1728871200, "chat": chat, "from": sender, **fields}


def _parse_update(update: dict[str, Any]) -> Any:
    return parse_update({"update_id": 8, **update}, BOT, "700700", COMMANDS)


STICKER = {
    **FILE,
    "width": 1,
    "height": 1,
    "type": "regular",
    "is_animated": False,
    "is_video": False,
    "emoji": "👍",
}
HIDDEN = {"type": "hidden_user", "date": 1728871200, "sender_user_name": "陈芳"}
THINGS: list[tuple[dict[str, Any], Content | None]] = [
    ({"text": "车间停电了"}, Content(Kind.TEXT, "车间停电了")),
    ({"text": "/start"}, Content(Kind.EVENT, event=Event.SUBSCRIBE)),
    ({"text": "/start K7M2QXAB"}, Content(Kind.EVENT, "K7M2QXAB", event=Event.SUBSCRIBE)),
    ({"text": "/todo@park_bot"}, Content(Kind.TEXT, "待办")),
    ({"text": "/note 003 先别说"}, Content(Kind.TEXT, "备注 003 先别说")),
    ({"text": "/what"}, Content(Kind.TEXT, "帮助")),
    ({"text": "/ 003 //"}, Content(Kind.TEXT, "/ 003 //")),
    ({"text": "  "}, None),
    (
        {"photo": [{"file_id": "small", **SIZE}, {"file_id": "large", **SIZE}], "caption": "看"},
        Content(Kind.IMAGE, "看", Media("large")),
    ),
    ({"voice": {**FILE, "duration": 3}}, Content(Kind.VOICE, "", Media("f1"))),
    ({"audio": {**FILE, "duration": 3}}, Content(Kind.VOICE, "", Media("f1"))),
    (
        {"video": {**FILE, "width": 1, "height": 1, "duration": 3}},
        Content(Kind.VIDEO, "", Media("f1")),
    ),
    (
        {"document": {**FILE, "file_name": "发票.pdf", "mime_type": "application/pdf"}},
        Content(Kind.FILE, "", Media("f1"), name="发票.pdf"),
    ),
    (
        {"document": {**FILE, "file_name": "a.png", "mime_type": "image/png"}},
        Content(Kind.IMAGE, "", Media("f1")),
    ),
    ({"location": PLACE}, Content(Kind.LOCATION, name="28.2,112.9")),
    (
        {"venue": {"location": PLACE, "title": "3号门", "address": "园区路1号"}, "location": PLACE},
        Content(Kind.LOCATION, name="3号门 园区路1号 28.2,112.9"),
    ),
    (
        {"contact": {"first_name": "芳", "last_name": "陈", "phone_number": "100"}},
        Content(Kind.CARD, name="陈 芳 100"),
    ),
    ({"dice": {"emoji": "🎲", "value": 3}}, Content(Kind.OTHER)),
    ({"sticker": STICKER}, Content(Kind.STICKER, name="👍")),
    ({"text": "撤回 001", "forward_origin": HIDDEN}, Content(Kind.FORWARD, name="撤回 001")),
    ({"text": "/todo", "forward_origin": HIDDEN}, Content(Kind.FORWARD, name="/todo")),
    (
        {"photo": [{"file_id": "large", **SIZE}], "caption": "办结 001", "forward_origin": HIDDEN},
        Content(Kind.IMAGE, "", Media("large"), name="办结 001"),
    ),
    ({"delete_chat_photo": True}, None),
]


@pytest.mark.parametrize(("fields", "content"), THINGS)
def test_a_message_of_each_kind(fields: dict[str, Any], content: Content | None) -> None:
    found = _parse_update({"message": _message(**fields)})
    assert (found.content if found else None) == content
    if found:
        assert (found.key, found.address) == ("telegram:700700:5:31", Address("telegram", "5"))
        assert found.sent_at.timestamp() == 1728871200


@pytest.mark.parametrize(
    ("thread", "topic"),
    [
        ({}, ""),
        ({"message_thread_id": 77}, ""),  # a reply outside of any topic
        ({"message_thread_id": 77, "is_topic_message": True}, "77"),
    ],
)
def test_words_in_a_group_tell_where_and_who(thread: dict[str, Any], topic: str) -> None:
    group = {"id": -9, "type": "supergroup", "title": "G"}
    found = _parse_update({"message": _message(chat=group, text="停电", **thread)})
    said = (found.group, found.topic, found.incoming.content.text)
    assert said == ("-9", topic, "停电")
    assert found.incoming.address == Address("telegram", "5")
    assert found.incoming.key == "telegram:700700:-9:31"


def test_who_speaks_for_the_group_is_nobody() -> None:
    group = {"id": -9, "type": "supergroup", "title": "G"}
    found = _parse_update({"message": _message(chat=group, sender_chat=group, text="停电")})
    assert found.incoming.address == Address("telegram", "-9")


def test_a_group_s_slash_may_be_for_another_bot() -> None:
    group = {"id": -9, "type": "supergroup", "title": "G"}
    assert _parse_update({"message": _message(chat=group, text="/weather@other_bot")}) is None


def test_an_album_s_pictures_share_the_beginning_of_their_keys() -> None:
    photo = {"photo": [{"file_id": "f", **SIZE}], "media_group_id": "77"}
    found = _parse_update({"message": _message(**photo)})
    assert found.album == "telegram:700700:5:album77:"
    assert found.key == f"{found.album}31"
    edited = _parse_update(
        {"edited_message": _message(**photo, caption="新", edit_date=1728871300)}
    )
    assert edited.revises == found.key


def test_an_edit_names_what_it_replaces() -> None:
    found = _parse_update({"edited_message": _message(text="停水了", edit_date=1728871300)})
    assert found == Incoming(
        "telegram:700700:5:31:edit:1728871300",
        Address("telegram", "5"),
        Content(Kind.TEXT, "停水了"),
        found.sent_at,
        revises="telegram:700700:5:31",
    )
    assert found.sent_at.timestamp() == 1728871300


def test_a_place_that_moves_is_no_edit() -> None:
    assert _parse_update({"edited_message": _message(location=PLACE, edit_date=1728871300)}) is None


@pytest.mark.parametrize(
    ("status", "gone"), [("kicked", True), ("member", False)], ids=["blocks", "lets in"]
)
def test_who_blocks_the_bot_has_left(status: str, gone: bool) -> None:
    member = {"user": {"id": 7, "is_bot": True, "first_name": "B"}}
    base = {key: _message()[key] for key in ("chat", "from", "date")}
    states = {"old_chat_member": {**member, "status": "member"}}
    new = {**member, "status": status, **({"until_date": 0} if gone else {})}
    found = _parse_update({"my_chat_member": {**base, **states, "new_chat_member": new}})
    if not gone:
        assert found is None
        return
    assert (found.key, found.content.event) == ("telegram:700700:8", Event.UNSUBSCRIBE)


def test_a_tap_tells_whose_card_it_is() -> None:
    query = {"id": "q", "from": _message()["from"], "chat_instance": "1", "data": "1.2.x"}
    found = _parse_update({"callback_query": {**query, "message": _message(text="【新诉求】")}})
    assert found == Tap("q", "5", "1.2.x", 31, "【新诉求】", captioned=False)
    assert _parse_update({"callback_query": query}) is None  # an inline message: none of ours


@pytest.mark.parametrize(
    "update",
    [
        {"message": {"message_id": 1}},
        {"message": _message(text=5)},
        {"message": _message(photo=[{"file_id": "x" * 600, **SIZE}])},
        {"message": "停电"},
    ],
)
def test_what_is_no_update(update: dict[str, Any]) -> None:
    with pytest.raises(UpdateError):
        _parse_update(update)

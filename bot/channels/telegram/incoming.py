"""Understands what Telegram reports: one update becomes one Incoming, or a tap on a button."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from telegram import Bot, CallbackQuery, ChatMemberUpdated, Message, Update

from bot.core.messages import Address, Content, Event, Incoming, Kind, Media

NAME = "telegram"
LONGEST_REF = 512
_SLASH = re.compile(r"/([a-z_]{1,32})(?:@\w+)?(?:\s+(.*))?", re.IGNORECASE | re.DOTALL)
_AWAY = frozenset({"kicked", "left"})


class UpdateError(ValueError):
    """The bytes are no update of Telegram; the reason holds nothing of them."""


@dataclass(frozen=True)
class Tap:
    """Somebody tapped a button: `data` is what it carries, `query` what its answer goes to. The
    card it stands on has the words `text`, empty where the platform does not tell any more; it
    stands in the group `group`, empty for the user's own chat."""

    query: str
    user: str
    data: str
    message_id: int
    text: str
    captioned: bool
    group: str = ""

    @property
    def chat(self) -> str:
        """Where the card stands."""
        return self.group or self.user


@dataclass(frozen=True)
class Overheard:
    """Words said in a group, in one of its topics or none. The address of `incoming` is that of
    the speaker's own chat."""

    group: str
    topic: str
    incoming: Incoming


@dataclass(frozen=True)
class Grown:
    """The bot is in a group: which has become a supergroup with another id, or, with the same,
    which it has just come into."""

    before: str
    after: str


Understood = Incoming | Tap | Overheard | Grown


def parse_update(
    update: Mapping[str, Any], bot: Bot, bot_id: str, commands: Mapping[str, str]
) -> Understood | None:
    """What the person did; None for what asks for nothing. Raises UpdateError.

    `commands` are the words of what can also be said with a slash, by their English names.
    """
    try:
        read = Update.de_json(dict(update), bot)
        return _Reader(bot_id, commands).read(read)
    except (AttributeError, KeyError, LookupError, OSError, OverflowError, TypeError, ValueError):
        raise UpdateError("no update") from None


class _Reader:
    def __init__(self, bot_id: str, commands: Mapping[str, str]) -> None:
        self._bot = f"{NAME}:{bot_id}"
        self._commands = commands

    def read(self, update: Update) -> Understood | None:
        if update.callback_query:
            return _tap(update.callback_query)
        if update.my_chat_member:
            return self._comes_or_goes(update.my_chat_member, update.update_id)
        message = update.message or update.edited_message
        if message is None:
            return None
        if message.migrate_to_chat_id:
            return Grown(str(message.chat.id), str(message.migrate_to_chat_id))
        said = self._message(message) if update.message else self._revision(message)
        return _where(message, said) if said else None

    def _message(self, message: Message) -> Incoming | None:
        content = self._content(message)
        if content is None:
            return None
        album = self._album(message)
        key = f"{album or self._in_chat(message)}{message.message_id}"
        at, quoted = _utc(message.date), self._find_quote(message)
        return Incoming(key, _speaker(message), content, at, album=album, quoted=quoted)

    def _find_quote(self, message: Message) -> str:
        """What we said and they reply to; in a topic everything replies to its beginning."""
        card = message.reply_to_message
        ours = card and card.from_user and f"{NAME}:{card.from_user.id}" == self._bot
        return (card.text or card.caption or "") if card and ours else ""

    def _revision(self, message: Message) -> Incoming | None:
        """The words of an edited message. A place that moves is edited all the time: not heard."""
        words = message.text or message.caption
        if not words or message.edit_date is None:
            return None
        before = f"{self._album(message) or self._in_chat(message)}{message.message_id}"
        moment = int(message.edit_date.timestamp())
        content = Content(Kind.TEXT, words)
        key, at = f"{before}:edit:{moment}", _utc(message.edit_date)
        return Incoming(key, _speaker(message), content, at, revises=before)

    def _comes_or_goes(self, change: ChatMemberUpdated, update_id: int) -> Incoming | Grown | None:
        """A person blocks the bot, or a group lets it in. Who lets it in again says /start or
        writes: that is heard."""
        gone = change.new_chat_member.status in _AWAY
        if change.chat.type != "private":
            return None if gone else Grown(str(change.chat.id), str(change.chat.id))
        if not gone:
            return None
        content = Content(Kind.EVENT, event=Event.UNSUBSCRIBE)
        address = Address(NAME, str(change.chat.id))
        return Incoming(f"{self._bot}:{update_id}", address, content, _utc(change.date))

    def _content(self, message: Message) -> Content | None:
        if message.forward_origin is not None:
            return _forward(message)
        if message.text is not None:
            return self._words(_text(message.text), private=message.chat.type == "private")
        return _thing(message)

    def _words(self, text: str, *, private: bool) -> Content | None:
        command = _SLASH.fullmatch(text.strip())
        if command is None:
            return Content(Kind.TEXT, text) if text.strip() else None
        verb, rest = command[1].lower(), (command[2] or "").strip()
        if verb == "start":
            return Content(Kind.EVENT, rest, event=Event.SUBSCRIBE)
        if not private and verb not in self._commands:
            return None  # in a group it is meant for another bot
        word = self._commands.get(verb, self._commands["help"])
        return Content(Kind.TEXT, f"{word} {rest}".strip())

    def _album(self, message: Message) -> str:
        group = message.media_group_id
        return f"{self._in_chat(message)}album{group}:" if group else ""

    def _in_chat(self, message: Message) -> str:
        return f"{self._bot}:{message.chat.id}:"


def _tap(query: CallbackQuery) -> Tap | None:
    message = query.message
    if message is None or query.data is None:
        return None
    group = "" if message.chat.type == "private" else str(message.chat.id)
    known = message if isinstance(message, Message) else None
    text = (known.text or known.caption or "") if known else ""
    captioned = known is not None and known.text is None
    user = str(query.from_user.id)
    return Tap(query.id, user, _text(query.data), message.message_id, text, captioned, group)


def _forward(message: Message) -> Content | None:
    """Words that somebody else wrote, or a thing with them: nothing in it is said to us."""
    if message.text is not None:
        return Content(Kind.FORWARD, name=_text(message.text))
    thing = _thing(message)
    return replace(thing, text="", name=thing.words) if thing else None


def _thing(message: Message) -> Content | None:
    """What is no text; None for a report that nobody said."""
    for read in _THINGS:
        content = read(message)
        if content is not None:
            return content
    # New kinds appear; that somebody sent one must not be lost.
    return None if _is_service(message) else Content(Kind.OTHER)


def _media(kind: Kind, *names: str) -> Callable[[Message], Content | None]:
    def content(message: Message) -> Content | None:
        found = next((thing for name in names if (thing := getattr(message, name))), None)
        return Content(kind, message.caption or "", _ref(found.file_id)) if found else None

    return content


def _photo(message: Message) -> Content | None:
    """The largest of the sizes that the platform made of it."""
    if not message.photo:
        return None
    return Content(Kind.IMAGE, message.caption or "", _ref(message.photo[-1].file_id))


def _document(message: Message) -> Content | None:
    """A file by what it says it is, with its name."""
    paper = message.document
    if paper is None:
        return None
    kind = _KINDS.get((paper.mime_type or "").partition("/")[0], Kind.FILE)
    named = (paper.file_name or "") if kind is Kind.FILE else ""
    return Content(kind, message.caption or "", _ref(paper.file_id), name=named)


def _place(message: Message) -> Content | None:
    where = message.venue.location if message.venue else message.location
    if where is None:
        return None
    names = (message.venue.title, message.venue.address) if message.venue else ()
    return Content(Kind.LOCATION, name=" ".join((*names, f"{where.latitude},{where.longitude}")))


def _card(message: Message) -> Content | None:
    person = message.contact
    if person is None:
        return None
    parts = (person.last_name, person.first_name, person.phone_number)
    return Content(Kind.CARD, name=" ".join(filter(None, parts)))


def _sticker(message: Message) -> Content | None:
    return Content(Kind.STICKER, name=message.sticker.emoji or "") if message.sticker else None


_KINDS = {"image": Kind.IMAGE, "audio": Kind.VOICE, "video": Kind.VIDEO}
_THINGS = (
    _photo,
    _media(Kind.VOICE, "voice", "audio"),
    _media(Kind.VIDEO, "video", "video_note", "animation"),  # an animation is a document too
    _document,
    _place,
    _card,
    _sticker,
)
_FACTS = ("poll", "dice", "game", "story", "paid_media", "checklist")


def _is_service(message: Message) -> bool:
    """Whether it reports something, such as a pinned message, that nobody said."""
    return not any(getattr(message, name, None) for name in _FACTS)


def _where(message: Message, said: Incoming) -> Incoming | Overheard:
    if message.chat.type == "private":
        return said
    # A reply outside of any topic names a thread too.
    topic = str(message.message_thread_id) if message.is_topic_message else ""
    return Overheard(str(int(message.chat.id)), topic, said)


def _speaker(message: Message) -> Address:
    """The chat that the person has with the bot; who speaks for a whole chat is that chat."""
    if message.chat.type == "private":
        return Address(NAME, str(int(message.chat.id)))
    who = message.sender_chat or message.from_user
    return Address(NAME, str(int(who.id if who else message.chat.id)))


def _ref(file_id: str) -> Media:
    if not isinstance(file_id, str) or not 0 < len(file_id) <= LONGEST_REF:
        raise UpdateError("file_id")
    return Media(file_id)


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise UpdateError("text")
    return value


def _utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC)

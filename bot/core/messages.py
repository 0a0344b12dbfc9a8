"""What crosses the border between people and the bot: incoming words, outgoing words, refusals."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import datetime
from enum import StrEnum
from typing import Any


class Kind(StrEnum):
    """The form of one message."""

    TEXT = "text"
    IMAGE = "image"
    VOICE = "voice"
    VIDEO = "video"
    LOCATION = "location"
    LINK = "link"
    FILE = "file"
    CARD = "card"
    """Of a person or of a mini-program."""
    FORWARD = "forward"
    """Words of somebody else, passed on."""
    STICKER = "sticker"
    OTHER = "other"
    """Nothing that we can read; platforms invent new kinds."""
    EVENT = "event"


class Event(StrEnum):
    """What a platform reports beside messages."""

    SUBSCRIBE = "subscribe"
    UNSUBSCRIBE = "unsubscribe"
    SCAN = "scan"
    CLICK = "click"
    OTHER = "other"


@dataclass(frozen=True)
class Address:
    """Where a thread lives: the channel's name and the person's id on that platform."""

    channel: str
    user: str


@dataclass(frozen=True)
class Media:
    """A picture, voice or video: `ref` is the platform's handle until it is fetched,
    `path` the name inside the media folder once it is ours."""

    ref: str = ""
    path: str = ""
    mime: str = ""


@dataclass(frozen=True)
class Content:
    """The words or thing a person sent. `text` are the person's own words, kept as they came, but
    for what no database can keep (NUL and lone surrogates); matching folds a copy. `name` is how a
    thing is called (a file, a place, a card, the title of a link) or what was passed on: it may be
    shown and filed, but nothing in it is ever an order."""

    kind: Kind
    text: str = ""
    media: Media | None = None
    event: Event | None = None
    name: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "text", _drop_unkept(self.text))
        object.__setattr__(self, "name", _drop_unkept(self.name))

    @property
    def words(self) -> str:
        """The person's own words, else how the thing is called."""
        return self.text if self.text.strip() else self.name


def _drop_unkept(text: str) -> str:
    return "".join(char for char in text if char != "\0" and not "\ud800" <= char <= "\udfff")


@dataclass(frozen=True)
class Action:
    """What a line of a menu, a button or an expected answer means, whatever its words are.

    It is stored as JSON and goes to the route of its `verb` directly: nothing of it is read as if
    a person had typed it. `issue_id` names the issue. `target_id` names what is no issue, or the
    second one: an item of an agenda or a promise by its id, a session, a reform or a project by
    its number, the issue that another is merged into by its id. `words` are free words, exactly as
    somebody wrote them. `act` is what is done, for a verb that has several acts (of a reform, of a
    project). `anyway` says that the person has heard what speaks against it.

    `number` is how people call what is meant (YZ-20241014-003, 95-03, 96), only to be printed.
    `typed` is all there is of what was stored before there were actions: the command as a person
    would have typed it, in the shipped words.
    """

    verb: str
    issue_id: int | None = None
    target_id: int | None = None
    words: str = ""
    act: str = ""
    anyway: bool = False
    number: str = ""
    typed: str = ""

    def complete(self, words: str) -> "Action":
        """The same with the words that were missing."""
        if self.typed:
            return replace(self, typed=f"{self.typed} {words}")
        return replace(self, words=f"{self.words} {words}".strip() if self.words else words)

    def to_json(self) -> dict[str, Any]:
        """What is stored: the fields that say something."""
        said = ((known, getattr(self, known.name)) for known in fields(self))
        return {known.name: value for known, value in said if value != known.default}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any] | str) -> "Action":
        """What was stored; words alone are a command of an earlier version."""
        return cls("", typed=stored) if isinstance(stored, str) else cls(**stored)


@dataclass(frozen=True)
class Incoming:
    """One delivery from a platform, already authenticated.

    `key` is the platform's own identity of the message (once-key): the same key is the same
    message however often it comes. `sent_at` is the platform's time, UTC. `slot` says that the
    delivery waits for a passive reply in the same exchange. `album` is what the keys of all
    pictures sent together begin with; `revises` is the key of the message that this one replaces.
    `action` is what a tapped button means, `kept` the medium, sent before, that it is about.
    `sender` is who wrote, by the address of their own talk with us, where several people write to
    one address: in a room of an issue. `quoted` are the words of our own message that this one
    replies to, empty where it replies to none.
    """

    key: str
    address: Address
    content: Content
    sent_at: datetime
    slot: bool = False
    album: str = ""
    revises: str = ""
    kept: int | None = None
    sender: Address | None = None
    action: Action | None = None
    quoted: str = ""


@dataclass(frozen=True)
class ToThread:
    """To one conversation, by its row id."""

    id: int


@dataclass(frozen=True)
class ToPerson:
    """To a person, wherever they last wrote."""

    id: int


@dataclass(frozen=True)
class ToDuty:
    """To everyone at the duty desk (值班台)."""


@dataclass(frozen=True)
class Line:
    """Words inside other words: rendered by its own key; a tuple of lines becomes a list."""

    key: str
    values: Mapping[str, object] = field(default_factory=dict)


Recipient = ToThread | ToPerson | ToDuty


@dataclass(frozen=True)
class Option:
    """One line `1 受理` under a message. `action` is what choosing it means; `label` is a key of
    the texts; `digit` is its place in the list unless set; `media_id` is the picture that goes
    with the action."""

    label: str
    action: Action
    values: Mapping[str, object] = field(default_factory=dict)
    digit: int | None = None
    media_id: int | None = None


@dataclass(frozen=True)
class Say:
    """Words for somebody: a key of the texts and its values. Handlers return it, nobody sends it.

    `expect` is an action that the next free text of the recipient completes.
    `issue_id` names the issue the words are about, None where there is none. `only_while` is the
    deadline (a `Part`) that must still be open when the words leave: a reminder stops at once when
    its person has acted; one about several issues names each, `7:accept 9:solve`. Words that name
    a session's date are dropped when it is another one (`core.sessions.notice_dates`).
    """

    to: Recipient
    key: str
    values: Mapping[str, object] = field(default_factory=dict)
    options: tuple[Option, ...] = ()
    issue_id: int | None = None
    expect: Action | None = None
    media_id: int | None = None
    urgent: bool = False
    only_while: str = ""


class Refused(Exception):  # noqa: N818 - a rule that says no is no error
    """A rule says no: nothing is changed and the person is told why in the words of `key`."""

    def __init__(self, key: str, **values: object) -> None:
        super().__init__(key)
        self.key = key
        self.values = values


class Overtaken(Refused):
    """Somebody else has done it already: the same button on another phone. `name` did `move`."""

    @property
    def short(self) -> Line:
        """For the place of a button: 已由张三受理."""
        return Line("overtaken.short", self.values)

"""The tables of conversations: threads, the words that came, the words on their way."""

from datetime import datetime
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    ColumnElement,
    ForeignKey,
    Index,
    Text,
    false,
    or_,
)
from sqlmodel import Field, SQLModel

from bot.core.messages import Kind
from storage.columns import BIG, Moment, Word, key, link, table_of


class ThreadRow(SQLModel, table=True):
    """One person's conversation on one channel, and where it stands: nothing of it is in memory.

    `menu` maps digits to actions and says which issue they are about; `menu_before` are the menus
    it followed closely, for a digit that was meant for an earlier card. `expect` are the open
    questions: the actions that the next free text completes, each with its own end. The form of all
    three is that of `storage.delivery.pending`. `listed` is the list shown last, in the form of
    `storage.delivery.lists`. `sends` counts pushes since `heard_at`, the
    person's last message. `former_id` is whose it was until it was parted from them (离岗, 解绑):
    then `person_id` is empty, and nothing that is said here counts.
    """

    __tablename__ = "threads"
    __table_args__ = (Index("threads_address", "channel", "address", unique=True),)
    id: int | None = Field(default=None, sa_column=key())
    channel: str = Field(max_length=20)
    address: str = Field(max_length=128)
    person_id: int | None = Field(sa_column=link("people.id", optional=True, index=True))
    welcomed_at: datetime | None = Field(default=None, sa_column=Column(Moment))
    consented_at: datetime | None = Field(default=None, sa_column=Column(Moment))
    left_at: datetime | None = Field(default=None, sa_column=Column(Moment))
    heard_at: datetime | None = Field(default=None, sa_column=Column(Moment))
    sends: int = 0
    menu: dict[str, Any] | None = Field(default=None, sa_column=Column(JSON(none_as_null=True)))
    menu_before: dict[str, Any] | None = Field(
        default=None, sa_column=Column(JSON(none_as_null=True))
    )
    expect: dict[str, Any] | None = Field(default=None, sa_column=Column(JSON(none_as_null=True)))
    issue_id: int | None = Field(default=None, sa_column=Column(BIG))
    filed_at: datetime | None = Field(default=None, sa_column=Column(Moment))
    undisturbed_until: datetime | None = Field(default=None, sa_column=Column(Moment))
    reminded_at: datetime | None = Field(default=None, sa_column=Column(Moment))
    listed: dict[str, Any] | None = Field(default=None, sa_column=Column(JSON(none_as_null=True)))
    former_id: int | None = Field(default=None, sa_column=Column(BIG, index=True))


class MessageRow(SQLModel, table=True):
    """Every word that reached the bot, also when a handler failed (`fault` is the reference).
    `sender` is the address of whoever wrote it in a room, where the thread does not tell."""

    __tablename__ = "messages"
    id: int | None = Field(default=None, sa_column=key())
    key: str = Field(unique=True, max_length=255)
    thread_id: int = Field(sa_column=link("threads.id", index=True))
    kind: Kind = Field(sa_column=Column(Word(Kind), nullable=False))
    text: str = Field(sa_column=Column(Text, nullable=False))
    media_id: int | None = Field(sa_column=link("media.id", optional=True))
    issue_id: int | None = Field(default=None, sa_column=Column(BIG, index=True))
    sent_at: datetime = Field(sa_column=Column(Moment, nullable=False))
    received_at: datetime = Field(sa_column=Column(Moment, nullable=False))
    fault: str | None = Field(default=None, max_length=16)
    sender: str | None = Field(default=None, max_length=128)


class OutboxRow(SQLModel, table=True):
    """Words on their way to one thread. `because` is the once-key that made them; a reminder says
    in `only_while` which deadline must still be open when it leaves, or `7:accept 9:solve`, which
    deadlines of which issues; words about a session, on which date it must still be. `options` are
    the lines under it: digit, label, action,
    medium, and whether they answer the words of this very thread.

    `report_id` is the name by which the platform reports on the message that carried it, if any.

    `slot` is the once-key of the delivery whose passive reply carries the row; it is leased to
    that exchange until `leased_until`. A row waits while neither `sent_at` nor `gave_up_at` is set.
    `look_at` says when the postman has to notice it; it is empty once the row stands in the queue
    of its thread (`storage.delivery.queues`). What is `urgent` goes before other threads' words.
    """

    __tablename__ = "outbox"
    __table_args__ = (Index("outbox_slot", "slot"), Index("outbox_because", "because"))
    id: int | None = Field(default=None, sa_column=key())
    thread_id: int = Field(sa_column=link("threads.id", index=True))
    text: str = Field(sa_column=Column(Text, nullable=False))
    options: list[dict[str, Any]] | None = Field(
        default=None, sa_column=Column(JSON(none_as_null=True))
    )
    media_id: int | None = Field(sa_column=link("media.id", optional=True))
    kind: str = Field(max_length=60)
    issue_id: int | None = Field(default=None, sa_column=Column(BIG))
    only_while: str = Field(default="", sa_column=Column(Text, nullable=False, default=""))
    because: str = Field(max_length=255)
    slot: str | None = Field(default=None, max_length=255)
    created_at: datetime = Field(sa_column=Column(Moment, nullable=False))
    not_before: datetime = Field(sa_column=Column(Moment, nullable=False))
    retry_at: datetime | None = Field(default=None, sa_column=Column(Moment))
    leased_until: datetime | None = Field(default=None, sa_column=Column(Moment))
    attempts: int = 0
    sent_at: datetime | None = Field(default=None, sa_column=Column(Moment))
    held_at: datetime | None = Field(default=None, sa_column=Column(Moment))
    gave_up_at: datetime | None = Field(default=None, sa_column=Column(Moment))
    error: str = Field(default="", max_length=300)
    report_id: str | None = Field(default=None, max_length=80)
    urgent: bool = Field(
        default=False, sa_column=Column(Boolean, nullable=False, server_default=false())
    )
    look_at: datetime | None = Field(default=None, sa_column=Column(Moment))


class QueueRow(SQLModel, table=True):
    """A thread for which messages wait, and when the postman looks at it next."""

    __tablename__ = "queues"
    __table_args__ = (Index("queues_due", "urgent", "due_at"),)
    thread_id: int = Field(sa_column=Column(BIG, ForeignKey("threads.id"), primary_key=True))
    due_at: datetime = Field(sa_column=Column(Moment, nullable=False))
    urgent: bool = Field(sa_column=Column(Boolean, nullable=False))


threads, messages, outbox = table_of(ThreadRow), table_of(MessageRow), table_of(OutboxRow)
queues = table_of(QueueRow)
_WAITS = outbox.c.sent_at.is_(None) & outbox.c.gave_up_at.is_(None)
_HELD = outbox.c.held_at.is_not(None)
_TRIED = or_(outbox.c.leased_until.is_not(None), outbox.c.retry_at.is_not(None))


def _index(name: str, where: ColumnElement[bool], *columns: str) -> Index:
    """An index of those rows only."""
    kept = (outbox.c[column] for column in columns)
    return Index(name, *kept, sqlite_where=where, postgresql_where=where)


_index("outbox_waiting", _WAITS, "thread_id", "id")
_index("outbox_report", outbox.c.report_id.is_not(None), "report_id")
_index("outbox_look", outbox.c.look_at.is_not(None), "urgent", "look_at", "id")
_index("outbox_queued", _WAITS & ~_HELD & outbox.c.look_at.is_(None), "thread_id", "id")
_index("outbox_busy", _WAITS & ~_HELD & _TRIED, "thread_id")
_index("outbox_held", _WAITS & _HELD, "thread_id")

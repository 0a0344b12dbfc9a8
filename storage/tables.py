"""All tables. Rows are built only in `storage/`, from values of the core."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Column, Index, Table, Text, text
from sqlmodel import Field, SQLModel

from bot.core.issues import Rung, Status
from bot.core.lifecycle import Move
from bot.core.messages import Kind
from storage.columns import BIG, Milestones, Moment, Word, key, link
from storage.decision_tables import decisions as decisions
from storage.digest_tables import digests as digests
from storage.learning_tables import lessons as lessons
from storage.learning_tables import models as models
from storage.link_tables import links as links
from storage.project_tables import courses as courses
from storage.reform_tables import reforms as reforms
from storage.registry_tables import departments as departments
from storage.registry_tables import enterprises as enterprises
from storage.registry_tables import people as people
from storage.room_tables import places as places
from storage.room_tables import rooms as rooms
from storage.session_tables import sessions as sessions


class OnceRow(SQLModel, table=True):
    """What has been done and must not be done again: deliveries and ticks, by their once-key."""

    __tablename__ = "once"
    key: str = Field(primary_key=True, max_length=255)
    at: datetime = Field(sa_column=Column(Moment, nullable=False))


class ThreadRow(SQLModel, table=True):
    """One person's conversation on one channel, and where it stands: nothing of it is in memory.

    `menu` maps digits to commands and says which issue they act on; `menu_before` is the menu it
    replaced, for a digit that was meant for the earlier card. `expect` is a command that the next
    free text completes. `sends` counts pushes since `heard_at`, the person's last message.
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


class MediaRow(SQLModel, table=True):
    """A picture, voice or video: `ref` at the platform until it is fetched, then `path` is ours.

    `path` is the content's hash with its suffix, inside the media folder.
    """

    __tablename__ = "media"
    __table_args__ = (Index("media_waiting", "retry_at", "id"),)
    id: int | None = Field(default=None, sa_column=key())
    channel: str = Field(max_length=20)
    ref: str = Field(default="", max_length=512)
    path: str = Field(default="", max_length=80)
    mime: str = Field(default="", max_length=80)
    attempts: int = 0
    retry_at: datetime | None = Field(default=None, sa_column=Column(Moment))
    error: str = Field(default="", max_length=200)


class CounterRow(SQLModel, table=True):
    """The last serial given out on a day of the park's calendar."""

    __tablename__ = "counters"
    day: date = Field(primary_key=True)
    last: int


_OWED = text("resolved_at IS NULL AND closed_at IS NULL")
"""Somebody still owes the enterprise something."""
_RESOLVED = text("resolved_at IS NOT NULL")
_GONE = text("status = 'withdrawn'")
_MERGED = text("merged_into IS NOT NULL")
_OPEN = text("closed_at IS NULL")


class IssueRow(SQLModel, table=True):
    """An issue as it stands; a cache of its events with one writer, `storage.issues`."""

    __tablename__ = "issues"
    __table_args__ = (
        Index("issues_due", "next_due_at"),
        Index("issues_owner", "owner_id", "status"),
        Index("issues_thread", "thread_id", "id"),
        Index("issues_enterprise", "enterprise_id", "id"),
        Index("issues_matters", "category", "filed_at", sqlite_where=_OWED, postgresql_where=_OWED),
        Index("issues_merged", "merged_into", sqlite_where=_MERGED, postgresql_where=_MERGED),
        # For a week's figures: what was filed, settled or due between two Mondays.
        Index("issues_filed", "filed_at", "enterprise_id", "category"),
        Index("issues_accept_due", "accept_due"),
        Index("issues_answer_due", "answer_due"),
        Index("issues_solve_due", "solve_due"),
        Index(
            "issues_resolved",
            "resolved_at",
            "enterprise_id",
            sqlite_where=_RESOLVED,
            postgresql_where=_RESOLVED,
        ),
        Index("issues_withdrawn", "closed_at", sqlite_where=_GONE, postgresql_where=_GONE),
        Index("issues_open", "status", "id", sqlite_where=_OPEN, postgresql_where=_OPEN),
    )
    id: int | None = Field(default=None, sa_column=key())
    number: str = Field(unique=True, max_length=40)
    status: Status = Field(sa_column=Column(Word(Status), nullable=False))
    thread_id: int = Field(sa_column=link("threads.id"))
    title: str = Field(sa_column=Column(Text, nullable=False))
    category: str = Field(default="", max_length=40)
    second: str = Field(default="", max_length=40)
    sure: bool = True
    urgent: bool = False
    promise: str = Field(default="default", max_length=40)
    terms: str = Field(default="1hw,1dw,2dw", max_length=60)
    clock_from: datetime | None = Field(default=None, sa_column=Column(Moment))
    enterprise_id: int | None = Field(sa_column=link("enterprises.id", optional=True))
    reporter_id: int | None = Field(sa_column=link("people.id", optional=True))
    claimed_id: int | None = Field(sa_column=link("enterprises.id", optional=True))
    merged_into: int | None = Field(sa_column=link("issues.id", optional=True))
    owner_id: int | None = Field(sa_column=link("people.id", optional=True))
    offered_to: int | None = Field(sa_column=link("people.id", optional=True, index=True))
    filed_at: datetime = Field(sa_column=Column(Moment, nullable=False))
    accept_due: datetime = Field(sa_column=Column(Moment, nullable=False))
    answer_due: datetime = Field(sa_column=Column(Moment, nullable=False))
    solve_due: datetime = Field(sa_column=Column(Moment, nullable=False))
    accepted_at: datetime | None = Field(default=None, sa_column=Column(Moment))
    answered_at: datetime | None = Field(default=None, sa_column=Column(Moment))
    resolved_at: datetime | None = Field(default=None, sa_column=Column(Moment))
    confirmed_at: datetime | None = Field(default=None, sa_column=Column(Moment))
    closed_at: datetime | None = Field(default=None, sa_column=Column(Moment))
    paused_at: datetime | None = Field(default=None, sa_column=Column(Moment))
    pause_until: datetime | None = Field(default=None, sa_column=Column(Moment))
    resumed_at: datetime | None = Field(default=None, sa_column=Column(Moment))
    extend_to: datetime | None = Field(default=None, sa_column=Column(Moment))
    plan_until: datetime | None = Field(default=None, sa_column=Column(Moment))
    milestones: Any = Field(default=(), sa_column=Column(Milestones))
    rung: Rung = Field(default=Rung.LIAISON, sa_column=Column(Word(Rung), nullable=False))
    superior_id: int | None = Field(sa_column=link("people.id", optional=True, index=True))
    leader_id: int | None = Field(sa_column=link("people.id", optional=True, index=True))
    disputed_at: datetime | None = Field(default=None, sa_column=Column(Moment))
    ruled_at: datetime | None = Field(default=None, sa_column=Column(Moment))
    snoozed_until: datetime | None = Field(default=None, sa_column=Column(Moment))
    stars: int | None = None
    rated_at: datetime | None = Field(default=None, sa_column=Column(Moment))
    asked_rating: int = 0
    urged: int = 0
    urged_at: datetime | None = Field(default=None, sa_column=Column(Moment))
    swept_at: datetime | None = Field(default=None, sa_column=Column(Moment))
    next_due_at: datetime | None = Field(default=None, sa_column=Column(Moment))


class AssistRow(SQLModel, table=True):
    """Somebody who helps (协办) whoever holds an issue."""

    __tablename__ = "issue_helpers"
    issue_id: int = Field(sa_column=link("issues.id", primary=True))
    person_id: int = Field(sa_column=link("people.id", primary=True, index=True))


class FollowRow(SQLModel, table=True):
    """Somebody who wants to hear when an issue is settled because their own, `own_id`, is alike."""

    __tablename__ = "follows"
    issue_id: int = Field(sa_column=link("issues.id", primary=True))
    thread_id: int = Field(sa_column=link("threads.id", primary=True))
    own_id: int = Field(sa_column=link("issues.id"))


class EventRow(SQLModel, table=True):
    """One move of one issue; only ever added. `before` holds the fields the move changed, as they
    were; `undoes` is the event that an UNDO took back."""

    __tablename__ = "issue_events"
    __table_args__ = (Index("issue_events_issue", "issue_id", "id"),)
    id: int | None = Field(default=None, sa_column=key())
    issue_id: int = Field(sa_column=link("issues.id"))
    move: Move = Field(sa_column=Column(Word(Move), nullable=False))
    at: datetime = Field(sa_column=Column(Moment, nullable=False))
    person_id: int | None = Field(sa_column=link("people.id", optional=True))
    thread_id: int | None = Field(sa_column=link("threads.id", optional=True, index=True))
    text: str = Field(default="", sa_column=Column(Text, nullable=False))
    because: str = Field(max_length=255)
    before: dict[str, Any] | None = Field(default=None, sa_column=Column(JSON(none_as_null=True)))
    media_id: int | None = Field(sa_column=link("media.id", optional=True))
    undoes: int | None = Field(default=None, sa_column=Column(BIG))


class OutboxRow(SQLModel, table=True):
    """Words on their way to one thread. `because` is the once-key that made them; a reminder says
    in `only_while` which promise must still be open when it leaves, or `7:accept 9:solve`, which
    promises of which issues.

    `slot` is the once-key of the delivery whose passive reply carries the row; it is leased to
    that exchange until `leased_until`. A row waits while neither `sent_at` nor `gave_up_at` is set.
    """

    __tablename__ = "outbox"
    __table_args__ = (Index("outbox_slot", "slot"), Index("outbox_because", "because"))
    id: int | None = Field(default=None, sa_column=key())
    thread_id: int = Field(sa_column=link("threads.id", index=True))
    text: str = Field(sa_column=Column(Text, nullable=False))
    options: list[dict[str, str]] | None = Field(
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


class CodeRow(SQLModel, table=True):
    """A one-time code that binds a thread to an enterprise or to a person of the staff."""

    __tablename__ = "codes"
    code: str = Field(primary_key=True, max_length=16)
    enterprise_id: int | None = Field(sa_column=link("enterprises.id", optional=True))
    person_id: int | None = Field(sa_column=link("people.id", optional=True))
    expires_at: datetime = Field(sa_column=Column(Moment, nullable=False))
    used_at: datetime | None = Field(default=None, sa_column=Column(Moment))
    thread_id: int | None = Field(sa_column=link("threads.id", optional=True))


class TokenRow(SQLModel, table=True):
    """A platform's access token, shared by every process."""

    __tablename__ = "tokens"
    name: str = Field(primary_key=True, max_length=80)
    value: str = Field(sa_column=Column(Text, nullable=False))
    expires_at: datetime = Field(sa_column=Column(Moment, nullable=False))


def _of(model: type[SQLModel]) -> Table:
    table: Table = SQLModel.metadata.tables[str(model.__tablename__)]
    return table


once, threads, messages, media = _of(OnceRow), _of(ThreadRow), _of(MessageRow), _of(MediaRow)
issues, events, counters = _of(IssueRow), _of(EventRow), _of(CounterRow)
assists, follows = _of(AssistRow), _of(FollowRow)
outbox, codes, tokens = _of(OutboxRow), _of(CodeRow), _of(TokenRow)

Index(
    "outbox_waiting",
    outbox.c.thread_id,
    outbox.c.id,
    sqlite_where=outbox.c.sent_at.is_(None) & outbox.c.gave_up_at.is_(None),
    postgresql_where=outbox.c.sent_at.is_(None) & outbox.c.gave_up_at.is_(None),
)

"""The tables of issues: as they stand, their history, who helps and who follows."""

from datetime import datetime
from types import UnionType
from typing import Any, get_args, get_type_hints

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    text,
)
from sqlalchemy.types import TypeEngine
from sqlmodel import Field, SQLModel

from bot.core.issues.issue import Issue, Milestone, Rung, Seal, Status
from bot.core.issues.lifecycle import Move
from storage.columns import BIG, Milestones, Moment, Word, key, link, table_of

_OWED = text("resolved_at IS NULL AND closed_at IS NULL")
"""Somebody still owes the enterprise something."""
_RESOLVED = text("resolved_at IS NOT NULL")
_GONE = text("status = 'withdrawn'")
_MERGED = text("merged_into IS NOT NULL")
_OPEN = text("closed_at IS NULL")
_SEALED = text("sealed IS NOT NULL")


_LENGTHS = {"number": 40, "category": 40, "second": 40, "service_level": 40, "terms": 60}
"""Characters that a text may have; those not named here may have any number."""
_LINKS = {
    "thread_id": "threads.id",
    "enterprise_id": "enterprises.id",
    "reporter_id": "people.id",
    "claimed_id": "enterprises.id",
    "merged_into": "issues.id",
    "owner_id": "people.id",
    "offered_to": "people.id",
    "superior_id": "people.id",
    "leader_id": "people.id",
}
_INDEXED = frozenset({"offered_to", "superior_id", "leader_id"})
_PLAN = tuple[Milestone, ...]
_TYPES: dict[Any, TypeEngine[Any]] = {
    bool: Boolean(),
    int: Integer(),
    str: Text(),
    datetime: Moment(),
    Status: Word(Status),
    Rung: Word(Rung),
    Seal: Word(Seal),
    _PLAN: Milestones(),
}


def _build_column(name: str, hint: Any) -> Column[Any]:
    """The column of a field of `Issue`: what its type tells, and what only a database asks."""
    optional = isinstance(hint, UnionType)
    kind = get_args(hint)[0] if optional else hint
    if name == "id":
        return Column(name, BIG, primary_key=True, autoincrement=True)
    if name in _LINKS:
        target = ForeignKey(_LINKS[name])
        return Column(name, BIG, target, nullable=optional, index=name in _INDEXED)
    text_type = String(_LENGTHS[name]) if name in _LENGTHS else None
    # An empty plan may be kept as null: so the first version did.
    nullable = optional or kind == _PLAN
    return Column(name, text_type or _TYPES[kind], nullable=nullable, unique=name == "number")


issues = Table(
    "issues",
    SQLModel.metadata,
    *(_build_column(name, hint) for name, hint in get_type_hints(Issue).items()),
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
    # Before anything is said of an issue it is asked whether it is one of these.
    Index("issues_sealed", "id", sqlite_where=_SEALED, postgresql_where=_SEALED),
    Index("issues_open", "status", "id", sqlite_where=_OPEN, postgresql_where=_OPEN),
)
"""An issue as it stands; a cache of its events with one writer, `storage.issues`. Its columns are
the fields of `bot.core.issues.issue.Issue`, which are declared there and nowhere else: a new field
is a new column, and asks only for a migration."""


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


events, assists, follows = table_of(EventRow), table_of(AssistRow), table_of(FollowRow)

"""The tables of issues: as they stand, their history, who helps and who follows."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Column, Index, Text, text
from sqlmodel import Field, SQLModel

from bot.core.issues.issue import Rung, Status
from bot.core.issues.lifecycle import Move
from storage.columns import BIG, Milestones, Moment, Word, key, link, table_of

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
    service_level: str = Field(default="default", max_length=40)
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


issues, events = table_of(IssueRow), table_of(EventRow)
assists, follows = table_of(AssistRow), table_of(FollowRow)

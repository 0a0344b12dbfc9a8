"""The ledger's columns: what each is called and what it says of an issue."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from bot.actions.context import Context
from bot.core.issues.due import Part
from bot.core.issues.issue import LOW_STARS, Issue
from bot.core.messages import Line
from bot.core.reports.ledger import Past, Step, check_service_level, past_of
from storage.reports import ledger
from storage.reports.ledger import Entry

Cell = str | int | datetime | date | None


class Field(StrEnum):
    """The columns in their order. New ones go to the end: the office's own sheets count on the
    places of the others."""

    NUMBER = "number"
    FILED_AT = "filed_at"
    ENTERPRISE = "enterprise"
    CONTACT = "contact"
    PHONE = "phone"
    CATEGORY = "category"
    URGENT = "urgent"
    TITLE = "title"
    WORDS = "words"
    STATUS = "status"
    RUNG = "rung"
    LIAISON = "liaison"
    OWNER = "owner"
    DEPARTMENT = "department"
    LEADER = "leader"
    ACCEPT_DUE = "accept_due"
    ACCEPTED_AT = "accepted_at"
    ACCEPT_MET = "accept_met"
    ANSWER_DUE = "answer_due"
    ANSWERED_AT = "answered_at"
    ANSWER_MET = "answer_met"
    SOLVE_DUE = "solve_due"
    RESOLVED_AT = "resolved_at"
    SOLVE_MET = "solve_met"
    EXTENDED = "extended"
    PAUSED = "paused"
    PLAN_UNTIL = "plan_until"
    URGED = "urged"
    PASSED = "passed"
    RETURNED = "returned"
    REOPENED = "reopened"
    RESULT = "result"
    CONFIRMED_AT = "confirmed_at"
    STARS = "stars"
    WHY = "why"
    CLOSED_AT = "closed_at"
    SESSIONS = "sessions"
    PROMISES = "promises"
    MERGED_INTO = "merged_into"


@dataclass(frozen=True)
class Known:
    """What every row is read with. Moments come out as the park's wall time: sheets know no
    zones."""

    context: Context
    sessions: Mapping[int, list[int]]
    promises: Mapping[int, list[str]]

    def wall(self, at: datetime | None) -> datetime | None:
        """To the second: a sheet would round what is finer, and not always down."""
        local = self.context.park.local(at) if at else None
        return local.replace(tzinfo=None, microsecond=0) if local else None

    def render_value(self, value: object) -> str:
        """A value in the park's words."""
        return self.context.texts.format_value(value)

    def join_values(self, values: Iterable[object]) -> str:
        """Several in one cell."""
        return self.context.texts.words["ledger.between"].join(map(str, values))


def load_known(context: Context) -> Known:
    """Read what belongs to no single row."""
    return Known(context, ledger.session_numbers(context.db), ledger.promise_numbers(context.db))


def headings(context: Context) -> list[str]:
    """What the columns are called."""
    return [context.texts.format_value(field) for field in Field]


def row(one: Entry, steps: list[Step], about: Known) -> list[Cell]:
    """One issue, a cell for each `Field`."""
    past = past_of(steps)
    return [
        *_matter(one, past, about),
        *(one.liaison, one.owner, one.department, one.leader),
        *_list_results(one.issue, past, about),
        *_history(one.issue, past, about),
        *_build_ending(one.issue, past, about),
        about.join_values(about.sessions.get(one.issue.id, ())),
        about.join_values(about.promises.get(one.issue.id, ())),
        one.merged_into,
    ]


def _matter(one: Entry, past: Past, about: Known) -> Iterable[Cell]:
    """NUMBER to RUNG."""
    issue = one.issue
    yield from (issue.number, about.wall(issue.filed_at))
    yield from (_enterprise(one, about), one.contact, one.phone)
    yield issue.category or about.render_value(Line("category.none"))
    yield about.render_value(Line("ledger.urgent")) if issue.urgent else None
    yield from (
        issue.title,
        past.words,
        about.render_value(issue.status),
        about.render_value(issue.rung),
    )


def _enterprise(one: Entry, about: Known) -> str:
    if one.issue.enterprise_id is None and one.issue.claimed_id is not None:
        return about.render_value(Line("claim.sure", {"enterprise": one.enterprise}))
    return one.enterprise


def _list_results(issue: Issue, past: Past, about: Known) -> Iterable[Cell]:
    """By when, when, and whether in time: accepted, answered, resolved."""
    for part, due, done in (
        (Part.ACCEPT, issue.accept_due, issue.accepted_at),
        (Part.ANSWER, issue.answer_due, issue.answered_at),
        (Part.SOLVE, issue.solve_due, issue.resolved_at),
    ):
        yield from (about.wall(due), about.wall(done))
        yield about.render_value(check_service_level(issue, part, past, about.context.now))


def _history(issue: Issue, past: Past, about: Known) -> Iterable[Cell]:
    """EXTENDED to REOPENED."""
    agreed = about.wall(issue.plan_until) if past.planned_at else None
    yield from (past.extended, past.paused, agreed.date() if agreed else None)
    yield from (issue.urged, past.passed, past.returned, past.reopened)


def _build_ending(issue: Issue, past: Past, about: Known) -> Iterable[Cell]:
    """RESULT to CLOSED_AT."""
    yield past.result if issue.resolved_at else None
    yield from (about.wall(issue.confirmed_at), issue.stars)
    yield past.why if issue.stars and issue.stars <= LOW_STARS else None
    yield about.wall(issue.closed_at)

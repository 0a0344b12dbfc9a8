"""Counts and finds what people ask about: by the rules of the week's figures, for any span."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, and_, func, or_, select

from bot.core.issues.issue import Issue
from bot.core.issues.lifecycle import Move
from storage.issues.access import UNSEALED
from storage.reports.open_issues import count_if
from storage.tables.issues import events, issues
from storage.tables.people import enterprises


@dataclass(frozen=True)
class Counted:
    """`filed` in the span, withdrawn ones too; `resolved` in the span, whenever they were filed;
    see `bot.core.reports.figures`."""

    filed: int
    resolved: int


def count_between(
    db: Connection, scope: ColumnElement[bool], since: datetime, until: datetime
) -> Counted:
    """What happened in [since, until), aware moments, within a scope of issues."""
    filed = and_(issues.c.filed_at >= since, issues.c.filed_at < until)
    resolved = and_(issues.c.resolved_at >= since, issues.c.resolved_at < until)
    rows = select(count_if(filed), count_if(resolved)).where(UNSEALED, scope, or_(filed, resolved))
    return Counted(*db.execute(rows).one())


def count_sealed(db: Connection, since: datetime, until: datetime) -> int:
    """How many sealed matters were filed in [since, until), aware moments."""
    filed = (issues.c.filed_at >= since, issues.c.filed_at < until)
    rows = select(func.count()).select_from(issues).where(~UNSEALED, *filed)
    return int(db.execute(rows).scalar_one())


def find_issues(
    db: Connection, scope: ColumnElement[bool], word: str, most: int, start: int
) -> tuple[int, list[Issue]]:
    """How many issues say the word, in the title, in what was first written, or by their firm's
    name; and a page of them, the open ones first, then the newest. Nothing sealed is searched."""
    first = select(events.c.issue_id).where(
        events.c.move == Move.FILE, events.c.text.contains(word, autoescape=True)
    )
    firms = select(enterprises.c.id).where(enterprises.c.name.contains(word, autoescape=True))
    says = or_(
        issues.c.title.contains(word, autoescape=True),
        issues.c.id.in_(first),
        issues.c.enterprise_id.in_(firms),
    )
    count = select(func.count()).select_from(issues).where(UNSEALED, scope, says)
    page = (
        select(issues)
        .where(UNSEALED, scope, says)
        .order_by(issues.c.closed_at.is_not(None), issues.c.id.desc())
        .limit(most)
        .offset(start)
    )
    found = [Issue(**row._mapping) for row in db.execute(page)]
    return int(db.execute(count).scalar_one()), found

"""Finds the issues that a number may mean, and counts what is open."""

from sqlalchemy import ColumnElement, Connection, func, select

from bot.core.issues.issue import OPEN, Issue, number_of
from bot.core.reading import IssueNumber
from storage.tables.issues import issues


def list_open_by_number(
    db: Connection, number: IssueNumber, scope: ColumnElement[bool], most: int
) -> list[Issue]:
    """The open ones among those a number may mean, the newest first."""
    rows = (
        select(issues)
        .where(has_number(number), issues.c.status.in_(OPEN), scope)
        .order_by(issues.c.id.desc())
        .limit(most)
    )
    return [Issue(**row._mapping) for row in db.execute(rows)]


def has_number(number: IssueNumber) -> ColumnElement[bool]:
    """A whole number is found by its index; of a part the rest is anything."""
    if number.prefix and number.day:
        return issues.c.number == number_of(number.prefix, number.day, number.serial)
    some_year = f"____{number.month_day}" if number.month_day else "%"
    day = f"{number.day:%Y%m%d}" if number.day else some_year
    return issues.c.number.like(f"{number.prefix or '%'}-{day}-{number.serial:03d}")


def count_open(db: Connection, scope: ColumnElement[bool]) -> int:
    """How many issues of a scope are open."""
    rows = select(func.count()).select_from(issues).where(issues.c.status.in_(OPEN), scope)
    return int(db.execute(rows).scalar_one())

"""Remembers who saw what is not for everybody: sealed words, phones, exports."""

from dataclasses import asdict

from sqlalchemy import Connection, insert, select

from bot.core.view_log import Seen, View
from storage.tables.sealing import views


def add(db: Connection, view: View) -> None:
    """Write down that somebody saw something (the `id` of the given value is not used)."""
    values = {name: value for name, value in asdict(view).items() if name != "id"}
    db.execute(insert(views).values(**values))


def of_issue(db: Connection, issue_id: int) -> list[View]:
    """Who saw the words of a sealed issue, oldest first."""
    rows = select(views).where(views.c.issue_id == issue_id, views.c.seen == Seen.SEALED)
    return [View(**row._mapping) for row in db.execute(rows.order_by(views.c.id))]


def of_person(db: Connection, about_id: int) -> list[View]:
    """Who saw the phone of a person, oldest first."""
    rows = select(views).where(views.c.about_id == about_id)
    return [View(**row._mapping) for row in db.execute(rows.order_by(views.c.id))]


def first_reason(db: Connection, issue_id: int, person_id: int) -> str:
    """Why this person opened a sealed issue when they first did; "" where they never did."""
    opened = (view.why for view in of_issue(db, issue_id) if view.person_id == person_id)
    return next(opened, "")

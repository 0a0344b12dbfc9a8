"""Rows that storage tests begin with."""

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from bot.core.issues.issue import Issue, Status
from bot.core.messages import Address
from storage.delivery import outbox, threads

NOW = datetime(2024, 10, 14, 2, 0, tzinfo=UTC)
"""Monday 10:00 in the park."""


def a_thread(db: Connection, user: str = "one") -> int:
    """A conversation; its id."""
    return threads.mark_heard(db, Address("local", user), NOW).id


def a_parcel(db: Connection, thread_id: int, text: str = "words", **fields: Any) -> None:
    """One message to a thread, due at NOW unless `not_before` says otherwise."""
    row = {
        "thread_id": thread_id,
        "text": text,
        "options": None,
        "media_id": None,
        "kind": "test",
        "issue_id": None,
        "because": "test:1",
        "created_at": NOW,
        "not_before": NOW,
    }
    outbox.add(db, [row | fields])


def an_issue(thread_id: int, number: str = "YZ-20241014-001", **fields: Any) -> Issue:
    """An issue that was just filed by a thread; its id is not known yet."""
    return Issue(
        id=0,
        number=number,
        status=fields.pop("status", Status.FILED),
        thread_id=thread_id,
        filed_at=NOW,
        accept_due=NOW + timedelta(hours=1),
        answer_due=NOW + timedelta(days=1),
        solve_due=NOW + timedelta(days=2),
        title="车间停电",
        **fields,
    )

"""A reminder of several issues at once: what it says, and what of it still holds when it leaves."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from bot.core.issues.due import Part, open_parts
from bot.core.issues.issue import Issue
from bot.core.messages import Line
from storage.delivery.outbox import Parcel
from storage.issues import issues

SEVERAL = "notice.remind_several"


@dataclass(frozen=True)
class Owed:
    """One part of one issue's service level that is still to be met, by when."""

    issue: Issue
    part: Part
    due: datetime


def values(owed: Sequence[Owed]) -> dict[str, object]:
    """What the words of a reminder of several print: the nearest deadline first."""
    ordered = sorted(owed, key=lambda one: one.due)
    lines = tuple(
        Line(
            "notice.remind_line",
            {
                "number": owed_part.issue.number,
                "title": owed_part.issue.title,
                "part": owed_part.part,
                "due": owed_part.due,
            },
        )
        for owed_part in ordered
    )
    return {"count": len(lines), "lines": lines}


def condition(owed: Iterable[Owed]) -> str:
    """What must still be owed when the words leave, as the outbox keeps it: `7:accept 9:solve`."""
    return " ".join(f"{owed_part.issue.id}:{owed_part.part}" for owed_part in owed)


def still_owed(db: Connection, parcel: Parcel) -> tuple[list[Owed], int]:
    """Which of the deadlines that a reminder is about are still to be met, and of how many."""
    about = [part.rpartition(":") for part in parcel.only_while.split()]
    found = []
    for issue_id, _, part in about:
        issue = issues.get(db, int(issue_id or parcel.issue_id or 0))
        found += [
            Owed(issue, *open_part) for open_part in open_parts(issue) if open_part[0] == part
        ]
    return found, len(about)

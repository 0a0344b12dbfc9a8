"""Remembers the list that a thread was shown last: what its lines are, and where it goes on."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from storage.delivery import threads
from storage.delivery.threads import Thread

REMEMBERED = timedelta(hours=24)
"""How long a number may mean a line of it."""


@dataclass(frozen=True)
class ShownList:
    """`verb` and `words` show it again; `places` are the issues of the lines that were shown, by
    place; `count` is how many lines it has in all, `last` the place of the last one shown. `items`
    are an agenda's items by their numbers. `at` is aware, UTC. `is_latest` until something else was
    done."""

    verb: str
    places: Mapping[int, int]
    last: int
    count: int
    at: datetime
    words: str = ""
    serial: int | None = None
    is_latest: bool = True
    items: Mapping[int, int] = field(default_factory=dict)

    @property
    def rest(self) -> int:
        """Lines that were not shown yet."""
        return self.count - self.last

    def to_json(self) -> dict[str, Any]:
        """As it is stored with the thread."""
        return {
            "verb": self.verb,
            "places": {str(place): issue_id for place, issue_id in self.places.items()},
            "last": self.last,
            "count": self.count,
            "at": self.at.isoformat(),
            "words": self.words,
            "serial": self.serial,
            "is_latest": self.is_latest,
            "items": {str(place): item_id for place, item_id in self.items.items()},
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "ShownList":
        """What was stored."""
        places = {int(place): issue_id for place, issue_id in stored["places"].items()}
        items = {int(place): item_id for place, item_id in stored.get("items", {}).items()}
        at = datetime.fromisoformat(stored["at"])
        return cls(**{**stored, "places": places, "items": items, "at": at})


def find_list(thread: Thread, now: datetime) -> ShownList | None:
    """The list that the thread was shown last, None where that is longer ago than a day."""
    found = ShownList.from_json(thread.listed) if thread.listed else None
    return found if found and now <= found.at + REMEMBERED else None


def remember(db: Connection, thread_id: int, shown: ShownList) -> None:
    """Write down what is being shown."""
    threads.change(db, thread_id, listed=shown.to_json())

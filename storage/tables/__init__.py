"""The tables, a file a noun. Rows are built only in `storage/`, from values of the core."""

from storage.tables import (
    calls,
    decisions,
    delivery,
    digests,
    held,
    issues,
    learning,
    links,
    media,
    once,
    people,
    projects,
    reforms,
    rooms,
    sessions,
    talk,
)

__all__ = [
    "calls",
    "decisions",
    "delivery",
    "digests",
    "held",
    "issues",
    "learning",
    "links",
    "media",
    "once",
    "people",
    "projects",
    "reforms",
    "rooms",
    "sessions",
    "talk",
]

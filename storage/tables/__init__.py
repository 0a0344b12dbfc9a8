"""The tables, a file a noun. Rows are built only in `storage/`, from values of the core."""

from storage.tables import (
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

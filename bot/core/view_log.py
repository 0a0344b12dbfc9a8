"""What is written down when somebody saw what is not for everybody (查看记录)."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Seen(StrEnum):
    """What somebody saw."""

    SEALED = "sealed"
    """The words of a sealed matter."""
    PHONE = "phone"
    """A contact's phone number."""
    EXPORT = "export"
    """Many rows at once, in a file that was made."""


@dataclass(frozen=True)
class View:
    """Who saw what, when (UTC), and why, in their own words. `person_id` is None for somebody at
    the machine itself; `about_id` is the person whose phone was seen; `what` says in a few words
    what a file held."""

    id: int
    at: datetime
    seen: Seen
    person_id: int | None
    issue_id: int | None = None
    about_id: int | None = None
    why: str = ""
    what: str = ""

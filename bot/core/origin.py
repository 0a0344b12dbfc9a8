"""Where an entry of a history comes from: who, when, from which thread, what set it off."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Origin:
    """The origin of one event of an issue, a session, a project or a reform.

    `at` is aware. `because` is the once-key of the message or tick. `person_id` is who did it, None
    for the bot itself. `thread_id` is set where it may be taken back (撤销) from that thread.
    """

    at: datetime
    because: str
    person_id: int | None = None
    thread_id: int | None = None

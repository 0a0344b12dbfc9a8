"""What a handler is given, and what it gives back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from bot.core.house import House
from bot.core.messages import Incoming, Option, Say, ToThread
from bot.core.people import Person
from storage.threads import Thread


@dataclass(frozen=True)
class Turn:
    """One message and everything around it, inside its transaction.

    `person` is None for somebody nobody has bound yet. `commands` maps words people type to verbs.
    `text` is what is to be understood: the message's words, or the command a digit stood for.
    """

    db: Connection
    now: datetime
    incoming: Incoming
    thread: Thread
    person: Person | None
    house: House
    commands: Mapping[str, str]
    media_id: int | None = None

    def me(
        self,
        key: str,
        values: Mapping[str, object] | None = None,
        options: Sequence[Option] = (),
        *,
        issue_id: int | None = None,
        expect: str = "",
    ) -> Say:
        """Words for the person who wrote."""
        return Say(
            ToThread(self.thread.id), key, values or {}, tuple(options), issue_id, expect=expect
        )


@dataclass(frozen=True)
class Reply:
    """What is to be said, and the issue that the message belonged to; `fault` is the reference of
    a handler that failed."""

    says: tuple[Say, ...] = ()
    issue_id: int | None = None
    fault: str | None = None

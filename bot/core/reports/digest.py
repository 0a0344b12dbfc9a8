"""What a digest says: the one value from which both its text and its picture are made."""

from dataclasses import dataclass
from datetime import datetime

from bot.core.reports.figures import Figures

SHOWN = 5
"""Rows of any list; the rest is in the ledger."""


@dataclass(frozen=True)
class Evening:
    """The next session: its number, when and where, how many items and the first of them."""

    number: int
    starts_at: datetime
    place: str
    count: int
    titles: tuple[str, ...] = ()


@dataclass(frozen=True)
class Facts:
    """One leader's week, or the park's.

    `own` are the figures that are told first: of the `firms` enterprises that `leader` answers for,
    or of the whole park where `leader` is None; beside a leader's own stand those of the whole park
    in `park`. `decisions` (at most three) and `reforms` are lines as they are read, in their order.
    """

    name: str
    own: Figures
    park: Figures | None = None
    leader: str | None = None
    firms: int = 0
    tonight: Evening | None = None
    decisions: tuple[str, ...] = ()
    reforms: tuple[str, ...] = ()

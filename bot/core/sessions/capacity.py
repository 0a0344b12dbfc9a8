"""How much of an agenda an evening holds: what comes up tonight, what waits, and for how long.

Each item that does not fit waits a number of sessions that is said once and is kept: from then on
it goes before everything else. What leaves the sign-ups too little room is never promised.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.core.sessions.agenda import (
    NOT_TONIGHT,
    Ground,
    Item,
    Outcome,
    Told,
    number_items,
    on_agenda,
)
from bot.core.sessions.session import Session, SessionRules


@dataclass(frozen=True)
class Room:
    """An evening's length, and how much of one may be promised to what waits; in minutes."""

    minutes: int
    for_waiting: int


def build_room(rules: SessionRules, session: Session) -> Room:
    """The room of one evening: its own length, else the park's. The seats of the firms that may
    sign up are kept free of what waits."""
    minutes = session.minutes or rules.minutes
    seats = rules.capacity * rules.boxes.get(Ground.SIGNED.value, 0)
    return Room(minutes, max(rules.minutes - seats, 0))


def find_end(session: Session, minutes: int) -> datetime:
    """When an evening of so many minutes ends."""
    return session.starts_at + timedelta(minutes=minutes)


def count_minutes(items: Iterable[Item]) -> int:
    """What the items that come up take together."""
    return sum(item.minutes for item in on_agenda(items))


def fit_evening(
    items: Sequence[Item],
    room: Room,
    fresh: Sequence[Item] = (),
    due: Iterable[str] = (),
    said: Mapping[str, int] | None = None,
) -> tuple[Item, ...]:
    """The items with those that the evening does not hold set to wait; the minutes of all others
    together never exceed its length.

    First comes what was said to come now and what the office added, then what somebody came for,
    what a leader sent, the promises whose matter is in `due`, then the rest, what has waited before
    its like, in the order of `fresh`, the composition without the office's hand. The first that
    does not fit ends the evening: nothing overtakes it. `said` are the waits that were told before,
    by matter: they are never lengthened.
    """
    places = {item.matter: place for place, item in enumerate(fresh)}
    shortened = [replace(item, minutes=min(item.minutes, room.minutes)) for item in items]
    drafted = [item for item in shortened if item.outcome in (Outcome.OPEN, Outcome.WAITS)]
    late = frozenset(due)
    order = sorted(drafted, key=lambda item: (*_weigh(item, late), places.get(item.matter, 0)))
    fixed = [item for item in shortened if item.outcome is not Outcome.OPEN]
    left = room.minutes - count_minutes(fixed)
    fits = 0
    for item in order:
        left -= item.minutes
        if left < 0:
            break
        fits += 1
    tonight = {item.matter for item in order[:fits]}
    off = [item for item in shortened if item.outcome is Outcome.OFF]
    waits = _share_out([*order[fits:], *off], room, said or {})
    return tuple(number_items(_settle(item, tonight, waits) for item in shortened))


def list_said_waits(kept: Iterable[Item]) -> dict[str, int]:
    """The waits that those whom they concern have heard of, by matter."""
    return {
        item.matter: item.wait
        for item in kept
        if item.outcome in (Outcome.WAITS, Outcome.OFF)
        and item.told is Told.NOT
        and item.wait is not None
    }


_NEVER = 10**6


def _weigh(item: Item, due: frozenset[str]) -> tuple[int, int]:
    """The less, the earlier it gets its minutes."""
    wait = _NEVER if item.wait is None else item.wait
    if wait <= 0 or item.ground is Ground.ADDED:
        return 0, 0
    if item.ground is Ground.PROMISE:
        return (3 if item.matter in due else 5), wait
    if item.came:
        return 1, wait
    return (2 if item.ground is Ground.SENT else 4), wait


def _share_out(waiting: Sequence[Item], room: Room, said: Mapping[str, int]) -> dict[str, int]:
    """How many sessions each of them waits at the latest, by matter: what was said before stays,
    the others get the first session that has room for them."""
    known = {item.matter: item.wait for item in waiting if item.wait}
    fixed = {matter: min(said.get(matter, wait), wait) for matter, wait in known.items()}
    fixed |= {item.matter: said[item.matter] for item in waiting if item.matter in said}
    load: Counter[int] = Counter()
    for item in waiting:
        if item.matter in fixed:
            load[fixed[item.matter]] += item.minutes
    for item in waiting:
        if item.matter not in fixed:
            wait = 1
            while load[wait] and load[wait] + item.minutes > room.for_waiting:
                wait += 1
            load[wait] += item.minutes
            fixed[item.matter] = wait
    return fixed


def _settle(item: Item, tonight: set[str], waits: Mapping[str, int]) -> Item:
    if item.matter in waits:
        outcome = item.outcome if item.outcome is Outcome.OFF else Outcome.WAITS
        return replace(item, outcome=outcome, wait=waits[item.matter])
    if item.outcome in NOT_TONIGHT and item.matter in tonight:
        return replace(item, outcome=Outcome.OPEN)
    return item

"""Composes a session's agenda: what comes up, why, in which order, for how many minutes."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum


class Ground(StrEnum):
    """Why a matter is on the agenda, in the order of the evening."""

    PROMISE = "promise"
    SIGNED = "signed"
    RETURNING = "returning"
    THEME = "theme"
    SENT = "sent"  # a leader sent it (上会)
    SERIOUS = "serious"
    ADDED = "added"

    @property
    def rank(self) -> int:
        """0 comes first."""
        return list(Ground).index(self)


class Outcome(StrEnum):
    """What became of an item. OPEN, LATER, OFF and WAITS come back at a later session."""

    OPEN = "open"
    LATER = "later"  # 移到下期
    WAITS = "waits"  # 排不下: the evening is not long enough
    OFF = "off"  # 换下 before the session
    GONE = "gone"  # settled or withdrawn before the session
    PROMISED = "promised"
    DECIDED = "decided"
    DONE = "done"
    PLANNED = "planned"
    INFEASIBLE = "infeasible"
    KEPT = "kept"
    BROKEN = "broken"
    REDATED = "redated"


class Told(StrEnum):
    """What those whom an item concerns heard of it last."""

    NOTHING = ""
    ON = "on"
    NOT = "not"


COMES_BACK = frozenset({Outcome.OPEN, Outcome.LATER, Outcome.OFF, Outcome.WAITS})
NOT_TONIGHT = frozenset({Outcome.OFF, Outcome.GONE, Outcome.WAITS})


@dataclass(frozen=True)
class Item:
    """One line of an agenda. `matter` is what it is about, the same at every session; `firms` are
    the enterprises whose matter it is (none, and no `issues`: everybody's); `times` counts the
    sessions it was on the agenda of, this one included. `came`: somebody signed up for it. `wait`
    is how many sessions later it comes up at the latest, 0 for now, None where that was never said.
    """

    matter: str
    ground: Ground
    title: str
    id: int = 0
    session_id: int = 0
    place: int = 0
    issues: tuple[int, ...] = ()
    firms: tuple[int, ...] = ()
    promise_id: int | None = None
    owner_id: int | None = None
    department_id: int | None = None
    minutes: int = 5
    times: int = 1
    why: str = ""
    outcome: Outcome = Outcome.OPEN
    said: str = ""
    came: bool = False
    wait: int | None = None
    told: Told = Told.NOTHING

    @property
    def rank(self) -> int:
        """0 comes first: promises, what somebody came for, the rest by its ground."""
        if self.ground is Ground.PROMISE:
            return 0
        return 1 if self.came else 1 + self.ground.rank


@dataclass(frozen=True)
class Matter:
    """Something that may come up. `due` is a promise's deadline, `weight` how serious it is, 0 for
    not serious; `seen` are the sessions it was on before; `at` is when it was raised; `sent` is the
    leader who wants it there; `wait` is an item's."""

    key: str
    title: str
    at: datetime
    issues: tuple[int, ...] = ()
    firms: tuple[int, ...] = ()
    promise_id: int | None = None
    due: datetime | None = None
    owner_id: int | None = None
    department_id: int | None = None
    category: str = ""
    weight: int = 0
    seen: int = 0
    returns: bool = False
    signed: bool = False
    added: bool = False
    sent: str = ""
    settled: bool = False
    wait: int | None = None


@dataclass(frozen=True)
class Evening:
    """The session for which an agenda is composed."""

    starts_at: datetime
    theme: str = ""
    category: str = ""
    boxes: Mapping[str, int] | None = None


CLUSTER = 2
"""Enterprises with one category that make it the theme's cluster."""


def compose(evening: Evening, matters: Iterable[Matter]) -> tuple[Item, ...]:
    """All that may come up, in order: promises, what somebody came for, what returns, the theme's
    cluster, what leaders sent, new serious matters, what the office added. How much of it the
    evening holds is for `capacity` to say; nothing that returns is ever left out here."""
    left = [matter for matter in matters if not matter.settled]
    items: list[Item] = []
    for take in (_promises, _pick_returning, _theme, _pick_sent, _serious, _pick_signed):
        found, taken = take(evening, left)
        items += found
        left = [matter for matter in left if matter.key not in taken]
    return tuple(number_items(sorted(items, key=lambda item: min(item.rank, 2))))


def hours_of(items: Iterable[Item], starts_at: datetime) -> Iterator[tuple[Item, datetime]]:
    """Each item that is dealt with and when it begins."""
    at = starts_at
    for item in items:
        if item.outcome not in NOT_TONIGHT:
            yield item, at
            at += timedelta(minutes=item.minutes)


def on_agenda(items: Iterable[Item]) -> list[Item]:
    """What was not taken off."""
    return [item for item in items if item.outcome not in NOT_TONIGHT]


def of_firm(items: Iterable[Item], firm: int) -> list[Item]:
    """What one enterprise may see: its own matters, and those that are everybody's.

    A matter of somebody whose firm is not known belongs to no firm, and is nobody else's either.
    """
    return [item for item in items if firm in item.firms or not (item.firms or item.issues)]


_WHY = 40
_Found = tuple[list[Item], set[str]]


def _promises(evening: Evening, left: Sequence[Matter]) -> _Found:
    found = [matter for matter in left if matter.promise_id is not None]
    found.sort(key=lambda one: (one.due or one.at, one.key))
    return [_item(evening, matter, Ground.PROMISE) for matter in found], {
        matter.key for matter in found
    }


def _pick_returning(evening: Evening, left: Sequence[Matter]) -> _Found:
    found = [
        matter
        for matter in left
        if matter.returns or (matter.seen and (matter.weight or matter.signed))
    ]
    found.sort(key=lambda one: (-one.seen, one.at, one.key))
    return [_item(evening, matter, Ground.RETURNING) for matter in found], {
        matter.key for matter in found
    }


def _theme(evening: Evening, left: Sequence[Matter]) -> _Found:
    about = [matter for matter in left if evening.category and matter.category == evening.category]
    firms = sorted({firm for matter in about for firm in matter.firms})
    if len(firms) < CLUSTER:
        return [], set()
    first = about[0]
    whole = replace(
        first,
        key=f"theme:{evening.category}",
        title=evening.theme or evening.category,
        issues=tuple(sorted(issue for matter in about for issue in matter.issues)),
        firms=tuple(firms),
        signed=any(matter.signed for matter in about),
        wait=min((matter.wait for matter in about if matter.wait is not None), default=None),
    )
    item = replace(_item(evening, whole, Ground.THEME), why=str(len(firms)))
    return [item], {matter.key for matter in about}


def _pick_sent(evening: Evening, left: Sequence[Matter]) -> _Found:
    found = sorted((matter for matter in left if matter.sent), key=lambda one: (one.at, one.key))
    items = [
        replace(_item(evening, matter, Ground.SENT), why=matter.sent[:_WHY]) for matter in found
    ]
    return items, {matter.key for matter in found}


def _serious(evening: Evening, left: Sequence[Matter]) -> _Found:
    found = [matter for matter in left if matter.weight]
    found.sort(key=lambda one: (-one.weight, one.at, one.key))
    return [_item(evening, matter, Ground.SERIOUS) for matter in found], {
        matter.key for matter in found
    }


def _pick_signed(evening: Evening, left: Sequence[Matter]) -> _Found:
    found = sorted((matter for matter in left if matter.signed), key=lambda one: (one.at, one.key))
    added = sorted((matter for matter in left if matter.added), key=lambda one: (one.at, one.key))
    items = [_item(evening, matter, Ground.SIGNED) for matter in found]
    items += [_item(evening, matter, Ground.ADDED) for matter in added if matter not in found]
    return items, {matter.key for matter in (*found, *added)}


def _item(evening: Evening, matter: Matter, ground: Ground) -> Item:
    return Item(
        matter=matter.key,
        ground=ground,
        title=matter.title,
        issues=matter.issues,
        firms=matter.firms,
        promise_id=matter.promise_id,
        owner_id=matter.owner_id,
        department_id=matter.department_id,
        minutes=(evening.boxes or {}).get(ground.value, 5),
        times=matter.seen + 1,
        came=matter.signed,
        wait=matter.wait,
    )


def number_items(items: Iterable[Item]) -> Iterator[Item]:
    """Numbers count what is dealt with; what was taken off has none and comes last."""
    ordered = list(items)
    staying = [item for item in ordered if item.outcome not in NOT_TONIGHT]
    off = [item for item in ordered if item.outcome in NOT_TONIGHT]
    yield from (replace(item, place=n) for n, item in enumerate(staying, 1))
    yield from (replace(item, place=0) for item in off)

"""What is corrected in the minutes of a session: what stood there, what stands there now."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from bot.core.sessions.agenda import Item, Outcome
from bot.core.sessions.promises import Kept, Promise, Response


@dataclass(frozen=True)
class Wording:
    """What minutes say at one place: of a promise who does what by when, of an item its outcome
    and the words of it. `answer` and `dispute` are what the enterprise had said to the promise: no
    part of what is compared, only kept to be given back."""

    who: str = ""
    what: str = ""
    due: datetime | None = None
    outcome: Outcome | None = None
    said: str = ""
    answer: Response = field(default=Response.NONE, compare=False)
    dispute: str = field(default="", compare=False)

    def to_json(self) -> dict[str, Any]:
        """As it is stored."""
        return {
            "who": self.who,
            "what": self.what,
            "due": self.due.isoformat() if self.due else None,
            "outcome": self.outcome,
            "said": self.said,
            "answer": self.answer,
            "dispute": self.dispute,
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "Wording":
        """What was stored."""
        due, outcome = stored["due"], stored["outcome"]
        return cls(
            stored["who"],
            stored["what"],
            datetime.fromisoformat(due) if due else None,
            Outcome(outcome) if outcome else None,
            stored["said"],
            Response(stored["answer"]),
            stored["dispute"],
        )


@dataclass(frozen=True)
class Change:
    """One place of the minutes: of an item, or of a promise made on it. `before` is None for what
    was not there, `after` for what is there no more."""

    item_id: int
    promise_id: int | None = None
    before: Wording | None = None
    after: Wording | None = None

    @property
    def replaces_outcome(self) -> bool:
        """Whether an item has another outcome now, not only other words."""
        if self.promise_id is not None or self.before is None or self.after is None:
            return False
        return self.before.outcome != self.after.outcome

    @property
    def reverse(self) -> "Change":
        """The way back."""
        return replace(self, before=self.after, after=self.before)

    def to_json(self) -> dict[str, Any]:
        """As it is stored."""
        return {
            "item": self.item_id,
            "promise": self.promise_id,
            "before": self.before.to_json() if self.before else None,
            "after": self.after.to_json() if self.after else None,
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "Change":
        """What was stored."""
        before, after = stored["before"], stored["after"]
        return cls(
            stored["item"],
            stored["promise"],
            Wording.from_json(before) if before else None,
            Wording.from_json(after) if after else None,
        )


@dataclass(frozen=True)
class Correction:
    """One numbered correction of a session's minutes: the numbers count from 1 and are never given
    out again, also where it was taken back."""

    number: int
    event_id: int
    at: datetime
    by_id: int | None
    changes: tuple[Change, ...]
    undone: bool = False


def word_promise(promise: Promise) -> Wording | None:
    """What the minutes say of a promise; nothing of one that was struck."""
    if promise.kept is Kept.STRUCK:
        return None
    return Wording(
        who=promise.who,
        what=promise.what,
        due=promise.due,
        answer=promise.answer,
        dispute=promise.dispute,
    )


def word_item(item: Item) -> Wording:
    """What the minutes say of an item."""
    return Wording(outcome=item.outcome, said=item.said)


def reword_promise(promise: Promise, wording: Wording) -> Promise:
    """The promise as the record should have had it from the beginning."""
    assert wording.due is not None, "a promise has its day"
    first = promise.first_due if promise.redated else wording.due
    return replace(
        promise,
        who=wording.who,
        what=wording.what,
        due=wording.due,
        first_due=first,
        answer=wording.answer,
        dispute=wording.dispute,
    )


def take_stock(items: Iterable[Item], promises: Iterable[Promise]) -> tuple[Change, ...]:
    """What the minutes say now, everywhere: to be compared with what they will say later."""
    said = [Change(item.id, None, word_item(item), word_item(item)) for item in items]
    for promise in promises:
        wording = word_promise(promise)
        said.append(Change(promise.item_id, promise.id, wording, wording))
    return tuple(said)


def compare(before: Iterable[Change], now: Iterable[Change]) -> tuple[Change, ...]:
    """The places where two stocks differ, in the order of the later one; last what has gone."""
    earlier = {(place.item_id, place.promise_id): place.before for place in before}
    later = {(place.item_id, place.promise_id): place.after for place in now}
    found = [
        Change(*place, earlier.get(place), after)
        for place, after in later.items()
        if earlier.get(place) != after
    ]
    gone = [Change(*place, said) for place, said in earlier.items() if place not in later]
    return (*found, *(change for change in gone if change.promise_id is not None))


def concerns(firms: Collection[int], issues: Collection[int], firm: int) -> bool:
    """Whether what is about these firms and issues is a firm's own or everybody's."""
    return firm in firms or not (firms or issues)

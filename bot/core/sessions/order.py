"""Keeps the order that the office gave an agenda, and moves its items."""

from collections.abc import Sequence
from dataclasses import replace

from bot.core.sessions.agenda import NOT_TONIGHT, Item, Outcome, number_items, on_agenda


def merge_items(kept: Sequence[Item], fresh: Sequence[Item]) -> tuple[Item, ...]:
    """A new composition in the order the office gave the old one: what is new, or had no place so
    far, or has somebody come for it now goes behind the last of its rank; what has gone goes; what
    was dealt with or taken off stays as it is."""
    latest = {item.matter: item for item in fresh}
    known = {item.matter: item for item in kept}
    order = [
        _refresh_item(item, latest.get(item.matter))
        for item in kept
        if _keeps_place(item, latest.get(item.matter))
    ]
    there = {item.matter for item in order}
    for item in fresh:
        if item.matter not in there:
            before = known.get(item.matter)
            order.insert(_place_for(item, order), _refresh_item(before, item) if before else item)
    return tuple(number_items(order))


def move_item_up(items: Sequence[Item], place: int) -> tuple[Item, ...]:
    """The item one place further up; the first stays. Raises LookupError for a wrong place."""
    at = _index(items, place)
    order = list(items)
    if at:
        order[at - 1], order[at] = order[at], order[at - 1]
    return tuple(number_items(order))


def move_item_down(items: Sequence[Item], place: int) -> tuple[Item, ...]:
    """The item one place further down; the last stays. Raises LookupError for a wrong place."""
    at_place(items, place)
    last = len(on_agenda(items))
    return tuple(items) if place == last else move_item_up(items, place + 1)


def at_place(items: Sequence[Item], place: int) -> Item:
    """The item that is shown with this number. Raises LookupError."""
    return items[_index(items, place)]


_DRAFTED = frozenset({Outcome.OPEN, Outcome.GONE, Outcome.WAITS})
"""Outcomes that a new composition writes over."""


def _keeps_place(kept: Item, fresh: Item | None) -> bool:
    if kept.outcome not in _DRAFTED:
        return True
    same = fresh is not None and fresh.came == kept.came
    return kept.outcome is Outcome.GONE if fresh is None else same and kept.place > 0


def _refresh_item(kept: Item, fresh: Item | None) -> Item:
    if fresh is None or kept.outcome not in _DRAFTED:
        return kept
    wait = 0 if kept.wait == 0 else fresh.wait  # also what the office put back stays
    return replace(fresh, id=kept.id, session_id=kept.session_id, told=kept.told, wait=wait)


def _place_for(item: Item, order: Sequence[Item]) -> int:
    lower = [
        n
        for n, other in enumerate(order, 1)
        if other.outcome not in NOT_TONIGHT and other.rank <= item.rank
    ]
    return max(lower, default=0)


def _index(items: Sequence[Item], place: int) -> int:
    for n, item in enumerate(items):
        if place and item.place == place:
            return n
    raise LookupError(place)

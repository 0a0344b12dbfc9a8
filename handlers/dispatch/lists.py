"""Shows a list page by page, and says which line of it a number means."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from bot.core.messages import Line, Refused
from bot.core.reading import IssueNumber
from handlers.dispatch.command import Command
from handlers.dispatch.turn import Turn
from storage.delivery import lists, pending
from storage.delivery.lists import ShownList, find_list

PAGE = 9
"""Lines of a page."""
CERTAIN = frozenset({"waiting"})
"""Lists whose lines have digits of their own (`第 3 件：批`): while such a list is the last thing
seen, a place of it is no issue's number."""
OF_OTHERS = frozenset({"firms", "reforms", "project"})
"""Lists whose lines are no issues."""

OPENED_BY = {"reforms": "reform", "project": "project"}
"""The verb that shows a line of a list whose lines have numbers of their own."""


@dataclass(frozen=True)
class ListLine:
    """A line that a number may mean. `is_latest`: nothing else was seen or done since;
    `is_certain`: then the number can mean nothing else."""

    issue_id: int
    is_latest: bool
    is_certain: bool


def build_page(
    turn: Turn,
    command: Command,
    lines: Sequence[Line],
    count: int,
    places: Mapping[int, int] | None = None,
    *,
    numbered: bool = True,
    items: Mapping[int, int] | None = None,
) -> dict[str, object]:
    """What a list prints: the `lines` of this page by place, the true `count`, how it goes on; the
    list is remembered. `places` are the issues of the lines, or the firms; `items` an agenda's."""
    first, last = command.start + 1, command.start + len(lines)
    _remember(turn, command, places or {}, last, count, items or {})
    printed = tuple(
        Line("list.line", {"place": place, "line": line}) for place, line in enumerate(lines, first)
    )
    told = {"first": first, "last": last, "count": count, "word": turn.texts.command("more")}
    more = Line("list.more", told) if last < count else None
    if more is None and command.start:
        more = Line("list.last", told)
    return {"count": count, "lines": printed if numbered else tuple(lines), "more": more}


def remember_places(turn: Turn, command: Command, places: Mapping[int, int]) -> None:
    """A list that prints its own places was shown."""
    last = max(places, default=0)
    _remember(turn, command, places, last, last, {})


def list_places(turn: Turn) -> frozenset[int]:
    """The issues of all lines that may still be meant."""
    shown = find_list(turn.thread, turn.now)
    return frozenset(shown.places.values()) if shown else frozenset()


def find_line(turn: Turn, number: IssueNumber) -> ListLine | None:
    """The line that a number may mean; None where it is written as an issue's (`003`), or where
    no list of issues with such a place was shown."""
    shown = find_list(turn.thread, turn.now)
    if shown is None or not number.short or shown.verb in OF_OTHERS:
        return None
    issue_id = shown.places.get(number.serial)
    if issue_id is None:
        return None
    latest = is_latest(turn, shown)
    return ListLine(issue_id, latest, latest and shown.verb in CERTAIN)


def open_line(turn: Turn, meant: IssueNumber) -> Command:
    """What a bare number asks to see: of a list of reforms or projects the one with the number,
    else an issue's card."""
    shown = find_list(turn.thread, turn.now)
    verb = OPENED_BY.get(shown.verb) if shown and meant.short else None
    return Command(verb or "progress", meant, chosen=True)


def find_next_page(turn: Turn) -> Command:
    """The command that shows the list on. Raises Refused where none was shown, or all of it."""
    shown = find_list(turn.thread, turn.now)
    if shown is None:
        raise Refused("list.none", word=turn.texts.command("todo"))
    if shown.rest <= 0:
        raise Refused("list.end", count=shown.count)
    return Command(shown.verb, words=shown.words, target_id=shown.serial, start=shown.last)


def is_latest(turn: Turn, shown: ShownList) -> bool:
    """Whether the list is the last thing seen: no other command was said, no card came unasked."""
    newest = next(iter(pending.list_menus(turn.thread)), None)
    pushed = newest is not None and newest.at > shown.at and not newest.answer
    return shown.is_latest and not pushed


def outdate(turn: Turn, command: Command) -> None:
    """Another command was said: from now on the list is no more the last thing seen."""
    shown = find_list(turn.thread, turn.now)
    if shown is None or not shown.is_latest or command.verb in ("more", "undo"):
        return
    by_place = command.number is not None and command.number.short
    if not (by_place or command.every or command.numbers):
        lists.remember(turn.db, turn.thread.id, replace(shown, is_latest=False))


def _remember(
    turn: Turn,
    command: Command,
    places: Mapping[int, int],
    last: int,
    count: int,
    items: Mapping[int, int],
) -> None:
    """Write down the list with the lines of the pages before this one."""
    before = find_list(turn.thread, turn.now) if command.start else None
    known = before if before and before.verb == command.verb else None
    earlier = known.places if known else {}
    earlier_items = known.items if known else {}
    kept = ShownList(
        command.verb,
        {**earlier, **places},
        last,
        count,
        turn.now,
        command.words,
        command.serial,
        items={**earlier_items, **items},
    )
    lists.remember(turn.db, turn.thread.id, kept)


__all__ = [
    "PAGE",
    "ListLine",
    "build_page",
    "find_line",
    "find_list",
    "find_next_page",
    "is_latest",
    "list_places",
    "open_line",
    "outdate",
    "remember_places",
]

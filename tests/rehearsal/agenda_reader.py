"""Reads the agendas that a rehearsal left behind, from the tables alone, and finds every evening
that was too long, everybody who came and was not heard before what nobody came for, and every
matter that waited longer than was said."""

from collections import defaultdict
from collections.abc import Iterator
from functools import cached_property
from typing import Any

from sqlalchemy import Connection, Row, text

from tests.rehearsal.chain import Chain, Held, ids, moment

EVENING = 120
"""Minutes of an evening to which the office gave no length of its own."""
NOT_THERE = ("off", "gone", "waits")
AGREED = ("promise", "added")
"""Grounds of what comes up whoever came: promises are read back, what the office adds is agreed."""
BY_HAND = "('move_up', 'move_down', 'take_off', 'put_back', 'add_topic', 'take_back')"


class Agendas:
    """One database after a rehearsal."""

    def __init__(self, db: Connection) -> None:
        self._db = db
        self._chain = Chain(db)

    def faults(self) -> Iterator[str]:
        """Everything that is wrong, in words."""
        yield from self._find_long_evenings()
        yield from self._find_overtaken()
        yield from self._find_disorder()
        yield from self._find_long_waits()

    def _find_long_evenings(self) -> Iterator[str]:
        """What is taken up on the spot, once the doors are open, is no agenda's."""
        for row in self._rows("SELECT id, number, minutes FROM sessions ORDER BY id"):
            planned = [item for item in self._there(row.id) if item.id not in self._on_the_spot]
            takes = sum(item.minutes for item in planned)
            length = row.minutes or EVENING
            if takes > length:
                yield f"agenda of {row.number} takes {takes} minutes of {length}"

    def _find_overtaken(self) -> Iterator[str]:
        """Who came waits only behind others who came and what was to come up anyway."""
        for place, session in enumerate(self._chain.past_sessions):
            came = self._came_for(session)
            left = [
                item.matter
                for item in self._chain.items[session.id]
                if item.outcome == "waits"
                and item.promise_id is None
                and came & {*ids(item.issues)}
            ]
            before = [
                item.matter
                for item in self._there(session.id)
                if not came & {*ids(item.issues)}
                and item.ground not in AGREED
                and not self._is_due(item, place)
                and item.id not in self._touched
            ]
            if left and before:
                yield f"{left[0]} waits in {session.number}, {before[0]}, nobody's, does not"

    def _find_disorder(self) -> Iterator[str]:
        """Where the office left the order alone, promises come first and nobody who came before
        the doors opened comes behind what nobody came for."""
        for session in self._chain.past_sessions:
            came = self._came_for(session)
            ranks = [
                0 if item.promise_id is not None else 1 if came & {*ids(item.issues)} else 2
                for item in sorted(self._there(session.id), key=lambda item: item.place)
                if item.id not in self._touched and item.ground != "added"
            ]
            if ranks != sorted(ranks):
                yield f"agenda of {session.number} has its parts in disorder: {ranks}"

    def _find_long_waits(self) -> Iterator[str]:
        """By the evening that was said a matter comes up, or is over, or was put off by hand."""
        for place, session in enumerate(self._chain.past_sessions):
            for item in self._chain.items[session.id]:
                until = place + (item.wait or 0)
                if item.outcome != "waits" or until >= len(self._chain.past_sessions):
                    continue
                if not item.wait:
                    yield f"{item.matter} waits in {session.number}, nobody says until when"
                elif not self._comes_up(item, place, until):
                    said = self._chain.past_sessions[until].number
                    yield f"{item.matter} of {session.number} was to wait until {said}"

    def _comes_up(self, waiting: Row[Any], place: int, until: int) -> bool:
        last = self._chain.past_sessions[place]
        for session in self._chain.past_sessions[place + 1 : until + 1]:
            for item in self._chain.items[session.id]:
                if not _is_about(item, waiting):
                    continue
                if item.outcome not in NOT_THERE or item.id in self._touched:
                    return True
            last = session
        return self._is_over(waiting, self._chain.past_sessions[place], last)

    def _is_over(self, item: Row[Any], since: Held, until: Held) -> bool:
        """Whether what it is about was settled in between."""
        if item.promise_id is not None:
            rows = self._rows(f"SELECT kept, settled_at FROM promises WHERE id = {item.promise_id}")
            done = [row for row in rows if row.settled_at or row.kept == "struck"]
            return any(
                row.kept == "struck" or moment(row.settled_at) <= until.opened_at for row in done
            )
        issues = ids(item.issues)
        return bool(issues) and not any(
            self._chain.is_open_all_along(issue, since.opened_at, until.opened_at)
            for issue in issues
        )

    def _is_due(self, item: Row[Any], place: int) -> bool:
        """Whether it was said before that it comes up by the evening at this place."""
        return any(
            earlier.wait and _is_about(item, earlier) and at + earlier.wait <= place
            for at, session in enumerate(self._chain.past_sessions[:place])
            for earlier in self._chain.items[session.id]
        )

    def _came_for(self, session: Held) -> set[int]:
        """Issues of the firms that had signed up, or written, before the evening began."""
        late = {
            row.thread_id
            for row in self._rows(
                "SELECT thread_id, at FROM session_events WHERE act IN ('sign_up', 'in_writing')"
                f" AND session_id = {session.id}"
            )
            if moment(row.at) >= session.opened_at
        }
        seats = self._rows(
            "SELECT issues, thread_id FROM seats WHERE enterprise_id IS NOT NULL AND"
            f" (coming IN ('coming', 'invited') OR way = 'written') AND session_id = {session.id}"
        )
        return {issue for seat in seats if seat.thread_id not in late for issue in ids(seat.issues)}

    @cached_property
    def _touched(self) -> set[int]:
        """Items that the office moved by hand."""
        return self._list_items(BY_HAND)

    @cached_property
    def _on_the_spot(self) -> set[int]:
        return self._list_items("('on_the_spot')")

    def _list_items(self, acts: str) -> set[int]:
        rows = f"SELECT item_id FROM session_events WHERE act IN {acts} AND item_id > 0"
        return {row.item_id for row in self._rows(rows)}

    @cached_property
    def _agendas(self) -> dict[int, list[Row[Any]]]:
        found: dict[int, list[Row[Any]]] = defaultdict(list)
        for session, items in self._chain.items.items():
            found[session] = [item for item in items if item.outcome not in NOT_THERE]
        return found

    def _there(self, session: int) -> list[Row[Any]]:
        """What comes up at an evening."""
        return self._agendas[session]

    def _rows(self, statement: str) -> list[Row[Any]]:
        return list(self._db.execute(text(statement)))


def _is_about(item: Row[Any], other: Row[Any]) -> bool:
    """Whether two items are about one matter, be it as an issue, in a theme or as a promise."""
    return item.matter == other.matter or bool({*ids(item.issues)} & {*ids(other.issues)})

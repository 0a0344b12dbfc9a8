"""Reads what a rehearsal's Mondays left behind, from the tables alone, and finds every matter that
vanished, every promise that was not read back, every posting that was not there exactly once."""

import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from itertools import pairwise
from typing import Any

from sqlalchemy import Connection, Row, text

WAITS = {"open", "later", "off", "waits"}
"""Outcomes after which a matter must come up again."""
DONE = {"resolve", "confirm", "close", "withdraw"}
ANEW = {"file", "not_solved", "reopen"}
SOON = timedelta(minutes=15)
ONCE = ("agenda.group", "agenda.mine", "agenda.sheet", "agenda.published", "session.reminder")
_NUMBER = re.compile(r"第 (\d+) 期")


@dataclass(frozen=True)
class Held:
    """A session that took place, in the order of the evenings."""

    id: int
    number: int
    opened_at: datetime
    closed_at: datetime


class Chain:
    """One database after a rehearsal."""

    def __init__(self, db: Connection) -> None:
        self._db = db

    def faults(self) -> Iterator[str]:
        """Everything that is wrong, in words."""
        yield from self._find_lost_items()
        yield from self._not_read_back()
        yield from self._not_asked()
        yield from self._not_once()
        yield from self._minutes()
        yield from self._corrections()

    @cached_property
    def past_sessions(self) -> list[Held]:
        """Every session that was closed."""
        rows = self._rows(
            "SELECT id, number, opened_at, closed_at FROM sessions WHERE stage = 'closed'"
            " ORDER BY opened_at"
        )
        return [
            Held(row.id, row.number, moment(row.opened_at), moment(row.closed_at)) for row in rows
        ]

    @cached_property
    def items(self) -> dict[int, list[Row[Any]]]:
        """The agenda of each session."""
        found: dict[int, list[Row[Any]]] = defaultdict(list)
        for row in self._rows("SELECT * FROM agenda_items ORDER BY id"):
            found[row.session_id].append(row)
        return found

    # Nothing vanishes

    def _find_lost_items(self) -> Iterator[str]:
        for before, after in pairwise(self.past_sessions):
            there = {item.matter for item in self.items[after.id]}
            issues = {issue for item in self.items[after.id] for issue in ids(item.issues)}
            for item in self.items[before.id]:
                if item.outcome not in WAITS or item.promise_id is not None:
                    continue
                open_yet = [
                    issue
                    for issue in ids(item.issues)
                    if self.is_open_all_along(issue, before.closed_at, after.opened_at)
                ]
                lost = [issue for issue in open_yet if issue not in issues]
                lost += [] if ids(item.issues) or item.matter in there else [item.matter]
                yield from (f"{gone} of {before.number} is not in {after.number}" for gone in lost)

    def is_open_all_along(self, issue: int, since: datetime, until: datetime) -> bool:
        """Whether somebody owed something on it the whole time."""
        standing = [(at, is_open) for at, is_open in self._standings[issue] if at <= until]
        before = [is_open for at, is_open in standing if at <= since][-1:]
        return all([*before, *(is_open for at, is_open in standing if at > since)])

    @cached_property
    def _standings(self) -> dict[int, list[tuple[datetime, bool]]]:
        """Whether each issue was open after each of its events."""
        found: dict[int, list[tuple[datetime, bool]]] = defaultdict(list)
        was: dict[int, bool] = {}
        for row in self._rows(
            "SELECT id, issue_id, move, at, undoes FROM issue_events ORDER BY id"
        ):
            before = found[row.issue_id][-1][1] if found[row.issue_id] else True
            was[row.id] = before
            after = row.move in ANEW or (before and row.move not in DONE)
            after = was[row.undoes] if row.move == "undo" else after
            found[row.issue_id].append((moment(row.at), after))
        return found

    # Promises

    def _not_read_back(self) -> Iterator[str]:
        """Every session after the one that heard it, until it is settled."""
        order = {evening.id: place for place, evening in enumerate(self.past_sessions)}
        for row in self._rows("SELECT * FROM promises WHERE kept <> 'struck'"):
            if row.session_id not in order:
                continue  # that evening has not been closed yet
            for session in self.past_sessions[order[row.session_id] + 1 :]:
                if row.settled_at and moment(row.settled_at) <= session.opened_at:
                    break
                if row.id not in {item.promise_id for item in self.items[session.id]}:
                    yield f"promise {row.id} is not in {session.number}"

    def _not_asked(self) -> Iterator[str]:
        """The enterprise is asked once, within a quarter of an hour, whether it was said so."""
        told: dict[int, list[datetime]] = defaultdict(list)
        for row in self._rows("SELECT promise_id, at FROM session_events WHERE act = 'told'"):
            told[row.promise_id].append(moment(row.at))
        for row in self._rows("SELECT * FROM promises WHERE kept <> 'struck'"):
            asked = told[row.id]
            if len(asked) != 1:
                yield f"promise {row.id} was put to the enterprise {len(asked)} times"
            elif asked[0] - moment(row.made_at) > SOON:
                yield f"promise {row.id} was put to the enterprise as late as {asked[0]}"

    # Postings

    def _not_once(self) -> Iterator[str]:
        """What the clock posts of a session it posts once to each; nobody's agenda is missing."""
        counted: Counter[tuple[str, int, int]] = Counter()
        rows = "SELECT kind, thread_id, text FROM outbox WHERE because LIKE 'tick:%'"
        for row in self._rows(rows):
            number = _NUMBER.search(row.text)
            if row.kind in ONCE and number:
                counted[row.kind, int(number[1]), row.thread_id] += 1
        for (kind, session, thread), times in counted.items():
            if times != 1:
                yield f"{kind} of {session}: {times} times to {thread}"
        posted = {(kind, session) for kind, session, _ in counted}
        for evening in self.past_sessions:
            for kind in ("agenda.group", "agenda.published"):
                if (kind, evening.number) not in posted:
                    yield f"{kind} of {evening.number} was never posted"

    def _minutes(self) -> Iterator[str]:
        """A closed evening's minutes: once to the group, once to every firm that it concerned."""
        closings = "SELECT session_id, because FROM session_events WHERE act IN ('close_session',"
        ends = self._rows(closings + " 'close_rest') ORDER BY id DESC")
        # The first end counts: what a session that was opened again adds is a correction.
        closed = {row.session_id: row.because for row in ends}
        sent: Counter[tuple[str, str, int]] = Counter()
        rows = "SELECT kind, because, thread_id FROM outbox WHERE kind LIKE 'minutes.%'"
        for row in self._rows(rows):
            sent[row.kind, row.because, row.thread_id] += 1
        for session in self.past_sessions:
            because = closed.get(session.id, "")
            groups = [n for (kind, key, _), n in sent.items() if (kind, key) == (GROUP, because)]
            if groups != [1]:
                yield f"minutes of {session.number}: {sum(groups)} times to the group"
            for thread in self._find_concerned_threads(session):
                if sent["minutes.part", because, thread] != 1:
                    yield f"minutes of {session.number}: not once to {thread}"

    def _corrections(self) -> Iterator[str]:
        """What was corrected after a closing reaches every firm that it is about, once, and no
        other firm; what was taken back at once may have been stopped."""
        undone = {row.undoes for row in self._rows("SELECT undoes FROM session_events")}
        items = {item.id: item for found in self.items.values() for item in found}
        rows = "SELECT id, because, changes FROM session_events WHERE act = 'correct'"
        for row in self._rows(rows):
            about = {
                firm for change in ids(row.changes) for firm in ids(items[change["item"]].firms)
            }
            if not about or row.id in undone:
                continue
            sent = Counter(
                parcel.thread_id
                for parcel in self._rows(
                    "SELECT thread_id FROM outbox WHERE kind = 'minutes.corrected_part'"
                    f" AND because = '{row.because}'"
                )
            )
            wanted = {thread for firm in about for thread in self._threads[firm]}
            if sent != Counter(wanted):
                yield f"correction {row.id}: sent to {dict(sent)}, to be sent to {wanted}"

    def _find_concerned_threads(self, session: Held) -> set[int]:
        here = f"SELECT enterprise_id FROM seats WHERE session_id = {session.id}"
        firms = {row[0] for row in self._rows(f"{here} AND present_at IS NOT NULL")} - {None}
        firms |= {
            firm
            for item in self.items[session.id]
            if item.outcome not in ("off", "gone", "waits")
            for firm in ids(item.firms)
        }
        return {thread for firm in firms for thread in self._threads[firm]}

    @cached_property
    def _threads(self) -> dict[int, list[int]]:
        """Where each firm's contacts are."""
        found: dict[int, list[int]] = defaultdict(list)
        rows = (
            "SELECT t.id, p.enterprise_id FROM threads t JOIN people p ON p.id = t.person_id"
            " WHERE p.role = 'contact'"
        )
        for row in self._rows(rows):
            found[row.enterprise_id].append(row.id)
        return found

    def _rows(self, statement: str) -> list[Row[Any]]:
        return list(self._db.execute(text(statement)))


GROUP = "minutes.group"


def ids(value: Any) -> list[Any]:
    """A list of ids, or of what was changed, as either database keeps it."""
    found: list[Any] = json.loads(value) if isinstance(value, str) else value
    return found


def moment(value: Any) -> datetime:
    """A moment as either database keeps it."""
    at = value if isinstance(value, datetime) else datetime.fromisoformat(value)
    return at if at.tzinfo else at.replace(tzinfo=UTC)

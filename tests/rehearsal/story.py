"""What became of each issue, told from its events alone."""

import json
import re
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

from tests.rehearsal.office import ZONE, AroundTheClock, Office

PARTS = ("accept", "answer", "solve")
OWED = {"filed", "accepted", "waiting", "planned"}
_DAY = re.compile(r"(\d+)月(\d+)日")


@dataclass(frozen=True)
class State:
    """How an issue stands between two events."""

    status: str
    due: dict[str, datetime]
    office: Office
    """By whose hours its deadlines run."""
    kept: frozenset[str] = frozenset()
    paused_at: datetime | None = None
    resumed_at: datetime | None = None
    plan: datetime | None = None

    def owes(self, part: str) -> bool:
        """Whether this deadline is still to be met and its clock runs."""
        if self.status not in OWED or self.status == "waiting":
            return False
        if part == "solve":
            return True
        return self.status != "planned" and part not in self.kept


@dataclass(frozen=True)
class Escalation:
    """Somebody higher heard that the deadline of a part was broken: when, by the once-key of what
    did it, and how the issue stood just before (something else may bear the very same moment)."""

    at: datetime
    part: str
    because: str
    before: State


@dataclass
class Story:
    """One issue: what happened to it, and how it stood after each event."""

    id: int
    urgent_since: datetime | None = None
    """From its first words, or from words that came later."""
    doubtful: bool = False
    """Filed without anybody's word that it is a matter: until somebody accepts it, only the duty
    desk hears of its deadlines."""
    states: list[tuple[datetime, State]] = field(default_factory=list)
    escalated: list[Escalation] = field(default_factory=list)

    def at(self, moment: datetime) -> State:
        """How it stood then, after whatever happened at that very moment."""
        return [state for at, state in self.states if at <= moment][-1]

    def is_urgent(self, at: datetime) -> bool:
        """Whether its writer was told by then that it is; danger always is."""
        if isinstance(self.at(at).office, AroundTheClock):
            return True
        return self.urgent_since is not None and self.urgent_since <= at

    def spells(self) -> Iterator[tuple[datetime, datetime, State]]:
        """From when until when it stood how; the last spell has no end."""
        ends = [at for at, _ in self.states[1:]] + [datetime.max.replace(tzinfo=UTC)]
        for (begins, state), end in zip(self.states, ends, strict=True):
            if begins < end:
                yield begins, end, state


_HURRIED = """
    SELECT issue_id, min(created_at) AS since FROM outbox WHERE text LIKE '%急件%'
    AND (kind IN ('receipt.filed', 'meant.filed_itself') OR kind LIKE 'supplement.%')
    GROUP BY issue_id
"""

_ENDANGERED = """
    SELECT issue_id, min(created_at) AS since FROM outbox WHERE kind IN ('danger.reply',
    'notice.danger') AND issue_id IN (SELECT id FROM issues WHERE service_level = 'danger')
    GROUP BY issue_id
"""


def read(path: Path, office: Office) -> dict[int, Story]:
    """Every issue's story, by its id."""
    with sqlite3.connect(path) as db:
        db.row_factory = sqlite3.Row
        events = db.execute("SELECT * FROM issue_events ORDER BY id").fetchall()
        hurried = {row["issue_id"]: moment(row["since"]) for row in db.execute(_HURRIED)}
        rows = db.execute("SELECT id FROM issues WHERE unverified").fetchall()
        doubtful = {row["id"] for row in rows}
        levels = dict(db.execute("SELECT id, service_level FROM issues").fetchall())
        dangers = find_dangers(db)
    db.close()
    stories: dict[int, Story] = {}
    before: dict[int, State | None] = {}
    for row in events:
        level = "consult" if levels[row["issue_id"]] == "consult" else "default"
        story = stories.setdefault(row["issue_id"], Story(row["issue_id"]))
        story.urgent_since = hurried.get(row["issue_id"])
        story.doubtful = row["issue_id"] in doubtful
        since = dangers.get(row["issue_id"])
        if since is not None and since < moment(row["at"]):
            _endanger(story, since)
        state = story.states[-1][1] if story.states else None
        before[row["id"]] = state
        undone = row["move"] == "undo"
        after = before[row["undoes"]] if undone else _after(state, row, office, level)
        assert after is not None
        story.states.append((moment(row["at"]), after))
        if row["move"] == "escalate":
            assert state is not None
            told = Escalation(moment(row["at"]), row["text"], row["because"], state)
            story.escalated.append(told)
    for issue, since in dangers.items():
        _endanger(stories[issue], since)
    return stories


def _endanger(story: Story, since: datetime) -> None:
    """From the first words of danger every hour counts."""
    state = story.states[-1][1]
    if isinstance(state.office, AroundTheClock):
        return
    due = bring_forward(state.due, since)
    story.states.append((since, replace(state, due=due, office=AroundTheClock())))


def find_dangers(db: sqlite3.Connection) -> dict[int, datetime]:
    """Since when each issue has been a danger to people, by what was said of it."""
    return {issue: moment(since) for issue, since in db.execute(_ENDANGERED)}


def bring_forward(due: dict[str, datetime], since: datetime) -> dict[str, datetime]:
    """Each deadline what it would be of a danger filed then, unless it was sooner already."""
    anew = AroundTheClock().compute_deadlines(since)
    return {part: min(due[part], anew[part]) for part in PARTS}


def moment(text: str) -> datetime:
    """A moment as the database keeps it."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def _after(state: State | None, row: sqlite3.Row, office: Office, level: str) -> State | None:
    at, move = moment(row["at"]), row["move"]
    if move == "file":
        return State("filed", office.compute_deadlines(at, level), office)
    assert state is not None
    old = json.loads(row["before"] or "{}")
    changed = _MOVES.get(move, {})
    after = replace(state, **changed)
    if move in {"accept", "take", "ask", "answer", "resolve"}:
        after = replace(after, kept=after.kept | {"accept"})
    if move in {"answer", "resolve"}:
        after = replace(after, kept=after.kept | {"answer"})
    if move in {"accept", "take", "answer"} and state.status == "filed":
        after = replace(after, status="accepted")
    if move == "ask":
        after = replace(after, paused_at=at)
    if move in {"supplement", "resume"} and state.status == "waiting":
        return _resume_clock(after, at)
    return _apply_move(after, move, row["text"], at, old)


_MOVES: dict[str, dict[str, Any]] = {
    "ask": {"status": "waiting"},
    "resolve": {"status": "resolved", "paused_at": None},
    "confirm": {"status": "confirmed"},
    "not_solved": {"status": "accepted"},
    "reopen": {"status": "accepted"},
    "close": {"status": "closed", "paused_at": None},
    "withdraw": {"status": "withdrawn", "paused_at": None},
    "disagree": {"plan": None},
}


def _apply_move(state: State, move: str, text: str, at: datetime, old: dict[str, Any]) -> State:
    """Deadlines that were agreed anew."""
    if move == "rate" and state.status in {"resolved", "confirmed"}:
        return replace(state, status="confirmed")
    if move == "plan":
        return replace(state, plan=day_named(text, at))
    if move == "agree":
        assert state.plan is not None
        return replace(state, status="planned", due=state.due | {"solve": state.plan})
    if move == "grant":
        granted = datetime.fromisoformat(old["extend_to"])
        return replace(state, due=state.due | {"solve": granted})
    return state


def _resume_clock(state: State, at: datetime) -> State:
    """What was still to come when the clock stood still comes later by the pause."""
    paused = state.paused_at
    assert paused is not None
    office = state.office
    pause = office.mark(at) - office.mark(paused)
    due = dict(state.due)
    for part in ("answer", "solve"):
        if due[part] > paused and pause and part not in state.kept:
            due[part] = office.moment(office.mark(due[part]) + pause)
    return replace(state, status="accepted", paused_at=None, resumed_at=at, due=due)


def day_named(text: str, at: datetime) -> datetime:
    """The close of office on the first day that a plan names."""
    found = _DAY.search(text)
    assert found, text
    year = at.astimezone(ZONE).year
    day = date(year, int(found[1]), int(found[2]))
    day = day if day >= at.astimezone(ZONE).date() else day.replace(year=year + 1)
    return datetime.combine(day, time(17, 30), ZONE)

"""The life of each issue as its events tell it. Knows nothing of how the bot counts: of an issue's
row only what never changes is read (number, when it was filed, whose and about what it is)."""

import json
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from tests.rehearsal.office import AroundTheClock, Office
from tests.rehearsal.story import bring_forward, day_named, find_dangers, moment

PARTS = ("accept", "answer", "solve")
OWED = {"filed", "accepted", "waiting", "planned"}


@dataclass(frozen=True)
class Life:
    """How an issue stands after some event. `due` and `done` are by part of the service level,
    `moves` counts what was done to it, `why` is what the enterprise first wrote after rating."""

    id: int
    number: str
    filed: datetime
    due: dict[str, datetime]
    done: dict[str, datetime]
    category: str = ""
    firm: int | None = None
    status: str = "filed"
    confirmed: datetime | None = None
    rated: datetime | None = None
    stars: int | None = None
    closed: datetime | None = None
    paused: datetime | None = None
    planned: datetime | None = None
    merged: datetime | None = None
    plan: datetime | None = None
    words: str = ""
    result: str = ""
    why: str = ""
    moves: dict[str, int] = field(default_factory=dict)

    @property
    def resolution_time(self) -> datetime | None:
        """When somebody of the park said so, as long as it stands."""
        return self.done.get("solve")

    def is_held_to(self, part: str) -> bool:
        """Whether anybody is, or was when it fell due: met, owed now, or late before the clock was
        stopped or the enterprise went away."""
        if part in self.done:
            return True
        stops = [self.closed, self.paused, self.merged]
        stops += [self.planned] if self.status == "planned" and part != "solve" else []
        stopped = min((at for at in stops if at), default=None)
        return stopped is None or self.due[part] < stopped

    def in_time(self, part: str) -> bool:
        """Whether it was done by its deadline."""
        return part in self.done and self.done[part] <= self.due[part]


def read(path: Path, office: Office, until: int | None = None) -> list[Life]:
    """Every issue after the event with the id `until`, or after the last."""
    with sqlite3.connect(path) as db:
        db.row_factory = sqlite3.Row
        named = {row["id"]: row for row in db.execute("SELECT * FROM issues")}
        first = {row["issue_id"]: json.loads(row["before"]) for row in db.execute(_CORRECTED)}
        events = db.execute("SELECT * FROM issue_events ORDER BY id").fetchall()
        dangers = find_dangers(db)
    db.close()
    pasts: dict[int, list[tuple[sqlite3.Row, Life]]] = {}
    endangered: set[int] = set()
    for row in events:
        if until is None or row["id"] <= until:
            issue = row["issue_id"]
            past = pasts.setdefault(issue, [])
            since, at = dangers.get(issue), moment(row["at"])
            if past and since is not None and since < at and issue not in endangered:
                past[-1] = (past[-1][0], _endanger(past[-1][1], since))
                endangered.add(issue)
            hours = AroundTheClock() if issue in endangered else office
            if row["move"] == "file":
                was = first.get(issue, {}).get("category", named[issue]["category"])
                life = _file_issue(row, named[issue], was, office)
            else:
                life = _after(row, past, hours)
            if since == at and issue not in endangered:
                life = _endanger(life, at)
                endangered.add(issue)
            past.append((row, life))
    return [past[-1][1] for past in pasts.values()]


_CORRECTED = """
    SELECT issue_id, before FROM issue_events WHERE move = 'recategorise' ORDER BY id DESC
"""
"""What a category replaced; the first correction, read last, tells what it was at filing."""


def _endanger(life: Life, since: datetime) -> Life:
    """From the first words of danger every hour counts."""
    return replace(life, due=bring_forward(life.due, since))


def _file_issue(row: sqlite3.Row, named: sqlite3.Row, category: str, office: Office) -> Life:
    """As it came, with the deadlines of its service level."""
    at = moment(row["at"])
    level = "consult" if named["service_level"] == "consult" else "default"
    due = office.compute_deadlines(at, level)
    whose = {"category": category, "firm": named["enterprise_id"], "words": row["text"]}
    return Life(named["id"], named["number"], at, due, {}, **whose)


def _after(row: sqlite3.Row, past: list[tuple[sqlite3.Row, Life]], office: Office) -> Life:
    at, move, life = moment(row["at"]), row["move"], past[-1][1]
    if move == "undo":
        return _as_before(row["undoes"], past)
    turn = _TURNS.get(move)
    after = turn(life, at, row, office) if turn else life
    after = replace(after, moves={**life.moves, move: life.moves.get(move, 0) + 1})
    # The first of these by whoever holds it meets the first deadline; of those, the second.
    if move in {"accept", "take", "ask", "answer", "resolve", "merge"}:
        after = replace(after, done={"accept": at, **after.done})
    if move in {"answer", "resolve"}:
        after = replace(after, done={"answer": at, **after.done})
    if move in {"accept", "take", "answer", "merge"} and life.status == "filed":
        after = replace(after, status="accepted")
    return after


def _as_before(undone: int, past: list[tuple[sqlite3.Row, Life]]) -> Life:
    """What is taken back is all that the same message had done to this issue."""
    because = {event["because"] for event, _ in past if event["id"] == undone}
    before = (n for n, (event, _) in enumerate(past) if event["because"] in because)
    return past[next(before, len(past)) - 1][1]


Turn = Callable[[Life, datetime, sqlite3.Row, Office], Life]


def _apply_ask(life: Life, at: datetime, _row: sqlite3.Row, _office: Office) -> Life:
    return replace(life, status="waiting", paused=at)


def _apply_supplement(life: Life, at: datetime, row: sqlite3.Row, office: Office) -> Life:
    if life.moves.get("rate") and not life.why:
        life = replace(life, why=row["text"])
    return _apply_resume(life, at, row, office)


def _apply_resume(life: Life, at: datetime, _row: sqlite3.Row, office: Office) -> Life:
    """What was still to come when the clock stood still comes later by the pause."""
    if life.status != "waiting" or life.paused is None:
        return life
    pause, due = office.mark(at) - office.mark(life.paused), dict(life.due)
    for part in ("answer", "solve"):
        if due[part] > life.paused and pause and part not in life.done:
            due[part] = office.moment(office.mark(due[part]) + pause)
    return replace(life, status="accepted", paused=None, due=due)


def _apply_resolve(life: Life, at: datetime, row: sqlite3.Row, _office: Office) -> Life:
    done = {**life.done, "solve": at}
    return replace(life, status="resolved", paused=None, done=done, result=row["text"])


def _apply_reopen(life: Life, _at: datetime, _row: sqlite3.Row, _office: Office) -> Life:
    done = {part: at for part, at in life.done.items() if part != "solve"}
    gone = dict.fromkeys(("confirmed", "rated", "stars", "closed", "merged"))
    return replace(life, status="accepted", done=done, **gone)  # type: ignore[arg-type]


def _apply_confirm(life: Life, at: datetime, _row: sqlite3.Row, _office: Office) -> Life:
    return replace(life, status="confirmed", confirmed=at)


def _apply_rate(life: Life, at: datetime, row: sqlite3.Row, _office: Office) -> Life:
    status = "closed" if life.status == "closed" else "confirmed"
    first = {"confirmed": life.confirmed or at, "rated": life.rated or at}
    return replace(life, status=status, stars=int(row["text"]), why="", **first)  # type: ignore[arg-type]


def _apply_close(life: Life, at: datetime, _row: sqlite3.Row, _office: Office) -> Life:
    return replace(life, status="closed", closed=at, paused=None)


def _withdrawn(life: Life, at: datetime, _row: sqlite3.Row, _office: Office) -> Life:
    return replace(life, status="withdrawn", closed=at, paused=None)


def _apply_plan(life: Life, at: datetime, row: sqlite3.Row, _office: Office) -> Life:
    return replace(life, plan=day_named(row["text"], at))


def _apply_agree(life: Life, at: datetime, _row: sqlite3.Row, _office: Office) -> Life:
    assert life.plan is not None
    return replace(life, status="planned", planned=at, due={**life.due, "solve": life.plan})


def _apply_grant(life: Life, _at: datetime, row: sqlite3.Row, _office: Office) -> Life:
    to = datetime.fromisoformat(json.loads(row["before"])["extend_to"])
    return replace(life, due={**life.due, "solve": to})


_TURNS: dict[str, Turn] = {
    "ask": _apply_ask,
    "supplement": _apply_supplement,
    "resume": _apply_resume,
    "resolve": _apply_resolve,
    "not_solved": _apply_reopen,
    "reopen": _apply_reopen,
    "confirm": _apply_confirm,
    "rate": _apply_rate,
    "close": _apply_close,
    "withdraw": _withdrawn,
    "plan": _apply_plan,
    "agree": _apply_agree,
    "grant": _apply_grant,
    "merge": lambda life, at, _row, _office: replace(life, merged=at),
    "split": lambda life, _at, _row, _office: replace(life, merged=None),
    "recategorise": lambda life, _at, row, _office: replace(life, category=row["text"]),
}

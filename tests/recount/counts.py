"""What a digest, the wall and the promises of the sessions say, counted from lives one by one."""

import json
import re
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from tests.recount.replay import OWED, PARTS, Life
from tests.rehearsal.office import ZONE
from tests.rehearsal.story import moment

Counts = dict[str, Any]
Told = tuple[int, int]
WEEK = timedelta(weeks=1)
SATISFIED, SPREAD, DAYS = 3, 3, 28
"""Stars; enterprises of a recurring matter; days in which they raised it."""


def find_week_start(monday: date) -> datetime:
    """When a week begins in the park."""
    return datetime.combine(monday, time(), ZONE)


def of_week(lives: list[Life], promises: list["Promise"], monday: date, now: datetime) -> Counts:
    """Everything that a digest of the whole park prints of a week, counted at `now`."""
    since, until = find_week_start(monday), find_week_start(monday + WEEK)
    at = max(min(until, now), since)
    filed = [life for life in lives if since <= life.filed < until]
    resolved = [
        life for life in lives if life.resolution_time and since <= life.resolution_time < until
    ]
    came = [promise for promise in promises if since <= promise.due < at]
    return {
        "filed": len(filed),
        "withdrawn": sum(
            _is_withdrawn(life) and since <= _moment(life.closed) < until for life in lives
        ),
        "response": _response(filed),
        "kept": {part: _in_time(lives, part, since, at) for part in PARTS},
        **_count_resolved(resolved),
        **_open(lives, at),
        "line": [_point(lives, since - WEEK * back) for back in reversed(range(8))],
        "categories": _categories(filed, resolved, [life for life in lives if _is_open(life, at)]),
        "recurring": _find_recurrences(lives, until),
        "promises": (sum(promise.is_kept_in_time for promise in came), len(came)),
    }


def _response(filed: list[Life]) -> Told:
    asked = [life for life in filed if "accept" in life.done or not _is_withdrawn(life)]
    return sum("accept" in life.done for life in asked), len(asked)


def _in_time(lives: list[Life], part: str, since: datetime, at: datetime) -> Told:
    asked = [life for life in lives if since <= life.due[part] < at and life.is_held_to(part)]
    return sum(life.in_time(part) for life in asked), len(asked)


def _count_resolved(resolved: list[Life]) -> Counts:
    rated = [life for life in resolved if life.stars is not None]
    return {
        "resolved": len(resolved),
        "confirmed": sum(map(_is_confirmed, resolved)),
        "silent": sum(life.confirmed is None for life in resolved),
        "satisfaction": (sum((life.stars or 0) >= SATISFIED for life in rated), len(rated)),
    }


def _is_confirmed(one: Life) -> bool:
    """In words of its own, or by its stars; low stars alone are no word of its being solved."""
    if one.confirmed is None:
        return False
    before = one.rated is not None and one.confirmed < one.rated
    return before or one.stars is None or one.stars >= SATISFIED


def _open(lives: list[Life], at: datetime) -> Counts:
    there = [life for life in lives if _is_open(life, at)]
    late = sorted((life for life in there if _is_late(life, at)), key=lambda one: one.due["solve"])
    own = [life for life in there if life.merged is None]
    return {
        "open": len(there),
        "overdue": len(late),
        "merged": len(there) - len(own),
        "waiting": sum(_stands(life, at) for life in own),
        "planned": sum(life.status == "planned" and life not in late for life in own),
        "worst": [(life.number, life.due["solve"]) for life in late[:5]],
    }


def _is_open(one: Life, at: datetime) -> bool:
    settled = (one.resolution_time, one.closed if _is_withdrawn(one) else None)
    return one.filed < at and not any(done and done < at for done in settled)


def _is_late(one: Life, at: datetime) -> bool:
    return one.due["solve"] <= at and not _stands(one, at) and one.merged is None


def _stands(one: Life, at: datetime) -> bool:
    return one.paused is not None and one.paused < at


def _is_withdrawn(one: Life) -> bool:
    return one.status == "withdrawn"


def _moment(at: datetime | None) -> datetime:
    assert at is not None
    return at


def _point(lives: list[Life], since: datetime) -> Told:
    filed = sum(since <= life.filed < since + WEEK for life in lives)
    done = sum(
        bool(life.resolution_time) and since <= _moment(life.resolution_time) < since + WEEK
        for life in lives
    )
    return filed, done


def _categories(*groups: Iterable[Life]) -> dict[str, tuple[int, ...]]:
    counts = [Counter(life.category for life in group) for group in groups]
    return {
        name: tuple(counter[name] for counter in counts) for counter in counts for name in counter
    }


def _find_recurrences(lives: list[Life], until: datetime) -> dict[str, Told]:
    late = [life for life in lives if until - timedelta(days=DAYS) <= life.filed < until]
    found = {}
    for name in {life.category for life in late} - {""}:
        of_it = [life for life in late if life.category == name]
        firms = len({life.firm for life in of_it} - {None})
        if firms >= SPREAD:
            found[name] = (len(of_it), firms)
    return found


LANES: dict[str, Callable[[Life], bool]] = {
    "to_accept": lambda one: one.status == "filed",
    "to_answer": lambda one: one.status == "accepted" and "answer" not in one.done,
    "in_hand": lambda one: one.status == "accepted" and "answer" in one.done,
    "waiting": lambda one: one.status == "waiting",
    "planned": lambda one: one.status == "planned",
    "to_confirm": lambda one: one.status == "resolved",
}
RUNS = {"to_accept": "accept", "to_answer": "answer", "in_hand": "solve", "planned": "solve"}


def wall(lives: list[Life], now: datetime) -> dict[str, Told]:
    """How many issues stand in each lane of the wall, and how many of them are late."""
    own = [life for life in lives if life.merged is None or life.status not in OWED]
    found = {}
    for lane, stands in LANES.items():
        there = [life for life in own if stands(life)]
        part = RUNS.get(lane)
        found[lane] = (
            len(there),
            sum(bool(part) and life.due[part or ""] <= now for life in there),
        )
    return found


@dataclass
class Promise:
    """A promise of a session: by when, and when it was kept."""

    due: datetime
    firms: frozenset[int]
    kept: datetime | None = None

    @property
    def is_kept_in_time(self) -> bool:
        """Kept by its day."""
        return self.kept is not None and self.kept <= self.due


_DAY = re.compile(r"(\d+)月(\d+)日")


def promises(path: Path, until: int | None = None) -> list[Promise]:
    """Every promise that was said and neither taken back nor dropped, from the sessions' events."""
    with sqlite3.connect(path) as db:
        db.row_factory = sqlite3.Row
        rows = db.execute(
            "SELECT e.*, p.firms, u.changes AS undone FROM session_events e"
            " JOIN promises p ON p.id = e.promise_id"
            " LEFT JOIN session_events u ON u.id = e.undoes ORDER BY e.id"
        )
        found: dict[int, Promise] = {}
        for row in rows:
            if until is None or row["id"] <= until:
                _apply_act(found, row)
    db.close()
    return list(found.values())


def _apply_act(found: dict[int, Promise], row: sqlite3.Row) -> None:
    number, at = row["promise_id"], moment(row["at"])
    if row["act"] == "record":
        firms = frozenset(json.loads(row["firms"]))
        found[number] = Promise(_find_office_close(row["text"], at), firms)
    elif row["act"] == "redate":
        found[number].due = _find_office_close(row["text"], at)
    elif row["act"] == "kept":
        found[number].kept = at
    elif row["act"] in ("correct", "reword"):
        _apply_changes(found, row["changes"], "after")
    elif row["act"] == "take_back":
        _apply_changes(found, row["undone"] or "[]", "before")
    elif row["act"] == "strike":
        found.pop(number, None)


def _apply_changes(found: dict[int, Promise], stored: str, side: str) -> None:
    """What a correction, or its being taken back, makes of the days of promises."""
    for change in json.loads(stored):
        number, said = change["promise"], change[side]
        if number in found and said and said["due"]:
            found[number].due = moment(said["due"])


def _find_office_close(text: str, at: datetime) -> datetime:
    """The close of office on the day that the words name, the next such day."""
    named = _DAY.search(text)
    assert named, text
    day = at.astimezone(ZONE).date().replace(month=int(named[1]), day=int(named[2]))
    day = day if day >= at.astimezone(ZONE).date() else day.replace(year=day.year + 1)
    return datetime.combine(day, time(17, 30), ZONE)


def row_of(life: Life, now: datetime) -> Counts:
    """The part of an issue's row in the ledger that its events tell."""
    moves = life.moves
    return {
        "number": life.number,
        "filed_at": _wall(life.filed),
        "category": life.category,
        "words": life.words,
        "accept_due": _wall(life.due["accept"]),
        "answer_due": _wall(life.due["answer"]),
        "solve_due": _wall(life.due["solve"]),
        "accepted_at": _wall(life.done.get("accept")),
        "answered_at": _wall(life.done.get("answer")),
        "resolved_at": _wall(life.resolution_time),
        **{f"{part}_met": _judge_part(life, part, now) for part in PARTS},
        "extended": moves.get("grant", 0),
        "paused": moves.get("ask", 0),
        "passed": moves.get("pass_on", 0),
        "returned": moves.get("return", 0),
        "urged": moves.get("urge", 0),
        "reopened": moves.get("not_solved", 0) + moves.get("reopen", 0),
        "result": life.result if life.resolution_time else None,
        "confirmed_at": _wall(life.confirmed),
        "stars": life.stars,
        "why": life.why if life.stars and life.stars < SATISFIED else None,
        "closed_at": _wall(life.closed),
    }


def _judge_part(life: Life, part: str, now: datetime) -> str:
    if part in life.done:
        return "是" if life.in_time(part) else "否"
    if life.is_held_to(part) and life.due[part] < now:
        return "否"
    owed = life.status in OWED and (life.status != "planned" or part == "solve")
    return "未到期" if owed else "不计"


def _wall(at: datetime | None) -> datetime | None:
    return at.astimezone(ZONE).replace(tzinfo=None, microsecond=0) if at else None

"""The ledger of sessions: what was collected, done, planned, not feasible for now, in hand."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields

from sqlalchemy import Connection

from bot.core.issues.issue import Issue, Status
from bot.core.sessions.agenda import NOT_TONIGHT, Ground, Item, Outcome
from bot.core.sessions.promises import Kept, Promise
from bot.core.sessions.session import TOOK_PLACE, Session, SessionRules
from storage.sessions import agenda, promises, sessions

_SETTLED = frozenset({Status.RESOLVED, Status.CONFIRMED, Status.CLOSED})


@dataclass(frozen=True)
class Count:
    """Matters by what became of them up to now; the four parts make up `collected`."""

    collected: int = 0
    done: int = 0
    planned: int = 0
    infeasible: int = 0
    in_hand: int = 0

    def __add__(self, other: "Count") -> "Count":
        names = [field.name for field in fields(self)]
        return Count(*(getattr(self, name) + getattr(other, name) for name in names))


def by_session(db: Connection) -> list[tuple[Session, Count]]:
    """Every session that took place, each matter counted where it came up first."""
    seen: set[str] = set()
    found = []
    promised = promises.everything(db)
    chain = _last_items(db)
    for session in sessions.everything(db):
        if session.stage not in TOOK_PLACE:
            continue
        fresh = [
            item
            for item in agenda.of_session(db, session.id)
            if item.ground is not Ground.PROMISE
            and item.outcome not in NOT_TONIGHT
            and item.matter not in seen
        ]
        seen |= {item.matter for item in fresh}
        latest = [chain.get(item.matter, item) for item in fresh]
        issues = agenda.issues_by_id(db, (issue for item in latest for issue in item.issues))
        kinds = [_kind(item, issues, promised) for item in latest]
        found.append((session, _count(kinds)))
    return found


def total(counts: Iterable[Count]) -> Count:
    """All sessions together."""
    return sum(counts, Count())


def altogether(counts: Sequence[tuple[Session, Count]], rules: SessionRules) -> tuple[int, Count]:
    """How many sessions there were and what they came to, those before the bot included."""
    given = {name: rules.before.get(name, 0) for name in ("done", "planned", "infeasible")}
    collected = rules.before.get("collected", 0)
    left = max(collected - sum(given.values()), 0)
    before = Count(collected=collected, in_hand=left, **given)
    whole = total([before, *(count for _session, count in counts)])
    return rules.before.get("sessions", 0) + len(counts), whole


def build_values(db: Connection, rules: SessionRules) -> dict[str, object]:
    """The total as a card prints it."""
    held, whole = altogether(by_session(db), rules)
    return {"sessions": held, **{field.name: getattr(whole, field.name) for field in fields(whole)}}


def _last_items(db: Connection) -> dict[str, Item]:
    """What became of each matter at the last session it came up at."""
    found: dict[str, Item] = {}
    for session in sessions.everything(db):
        if session.stage in TOOK_PLACE:
            found |= {item.matter: item for item in agenda.of_session(db, session.id)}
    return found


def _kind(item: Item, issues: dict[int, Issue], promised: Sequence[Promise]) -> str:
    mine = [issues[issue_id] for issue_id in item.issues if issue_id in issues]
    promises = [promise for promise in promised if promise.matter == item.matter]
    if item.outcome is Outcome.INFEASIBLE:
        return "infeasible"
    kept = bool(promises) and all(promise.kept is not Kept.OPEN for promise in promises)
    settled = bool(mine) and all(issue.status in _SETTLED for issue in mine)
    if item.outcome is Outcome.DONE or settled or kept:
        return "done"
    if promises or item.outcome in (Outcome.PLANNED, Outcome.PROMISED):
        return "planned"
    return "in_hand"


def _count(kinds: Sequence[str]) -> Count:
    parts = {name: kinds.count(name) for name in ("done", "planned", "infeasible", "in_hand")}
    return Count(collected=len(kinds), **parts)

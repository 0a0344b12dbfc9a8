"""What the clock says about issues whose next moment has come."""

from collections.abc import Sequence
from dataclasses import replace

from bot.cards import facts, reporter_options, staff_options, to_owner, to_reporter
from bot.core.due import Due, Point, due_now, next_due
from bot.core.issues import Issue, Status
from bot.core.lifecycle import Move, Who
from bot.core.messages import Say, ToDuty
from bot.core.moves import Act
from bot.recording import record
from schedules.tick import Tick
from storage import issues

MOST = 500
"""Issues in one sweep; the next one takes the rest."""


def sweep(tick: Tick) -> Sequence[Say]:
    """Speak of every point that has come, once."""
    return [say for issue in issues.due(tick.db, tick.now, MOST) for say in _looked_at(tick, issue)]


def _looked_at(tick: Tick, issue: Issue) -> list[Say]:
    found = due_now(issue, tick.house, tick.now)
    if not found:
        _swept(tick, issue)
        return []
    last = found[-1]
    if last.point is Point.STRIKE_OFF:
        return _struck_off(tick, issue)
    if last.point is Point.ASK_AGAIN:
        return _asked_again(tick, issue)
    return _overdue(tick, issue, last)


def _overdue(tick: Tick, issue: Issue, due: Due) -> list[Say]:
    _swept(tick, issue)
    card = facts(tick, issue)
    options = staff_options(tick, issue)
    key = f"notice.due_{due.point}"
    owner = Say(to_owner(issue), key, card, options, issue.id, urgent=issue.urgent)
    return [owner] if issue.owner_id is None else [owner, Say(ToDuty(), key, card, (), issue.id)]


def _asked_again(tick: Tick, issue: Issue) -> list[Say]:
    asked = replace(issue, asked_rating=issue.asked_rating + 1)
    _swept(tick, issue, asked)
    options = reporter_options(tick, issue)
    return [Say(to_reporter(issue), "news.ask_again", facts(tick, issue), options, issue.id)]


def _struck_off(tick: Tick, issue: Issue) -> list[Say]:
    """Silence is not satisfaction: struck off as unconfirmed or unrated, and said so."""
    confirmed = issue.status is Status.CONFIRMED
    after = record(tick, issue, Act(Move.CLOSE, frozenset({Who.CLOCK}), tick.now))
    card = facts(tick, after)
    key = "notice.unrated" if confirmed else "notice.silent"
    says = [Say(to_owner(after), key, card, (), issue.id)]
    if not confirmed:
        says.append(Say(to_reporter(after), "news.struck_off", card, (), issue.id))
    return says


def _swept(tick: Tick, issue: Issue, after: Issue | None = None) -> None:
    spoken = replace(after or issue, swept_at=tick.now)
    issues.save(tick.db, issue, replace(spoken, next_due_at=next_due(spoken, tick.house)))

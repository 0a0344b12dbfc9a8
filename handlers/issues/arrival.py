"""Tells the staff whether the words they wrote to an enterprise have arrived, and if not, why."""

from collections.abc import Sequence
from datetime import datetime

from bot.core.issues.issue import Issue
from bot.core.issues.lifecycle import Move
from bot.core.messages import Line
from handlers.dispatch.turn import Turn
from storage.delivery import fates
from storage.delivery.fates import Fate
from storage.delivery.undelivered import DROPPED, Wait
from storage.issues.issues import Event
from storage.people import people

_MOVES = frozenset({Move.ANSWER, Move.ASK, Move.RESOLVE})


def lines(turn: Turn, issue: Issue, events: Sequence[Event]) -> dict[int, Line]:
    """A few words for each step that said something to the enterprise, by the event's id."""
    becauses = {event.because for event in events}
    found = fates.of_issue(turn.db, issue.id, becauses, turn.now)
    reporter = people.by_id(turn.db, issue.reporter_id)
    phone = reporter.phone if reporter else None
    told = [event for event in events if event.move in _MOVES and event.because in found]
    return {event.id: _line(turn, found[event.because], event.at, phone) for event in told}


def _line(turn: Turn, fate: Fate, at: datetime, phone: str | None) -> Line:
    if fate.sent_at is not None:
        same = turn.park.local(fate.sent_at).date() == turn.park.local(at).date()
        return Line("progress.arrived" if same else "progress.arrived_later", {"at": fate.sent_at})
    if fate.wait is Wait.LATER:
        return Line("progress.waits_until", {"until": fate.until})
    if fate.wait not in (Wait.HELD, Wait.GAVE_UP):
        return Line("progress.on_the_way")
    key = "progress.waits" if fate.wait is Wait.HELD else "progress.lost"
    return Line(key, {"reason": _reason(turn, fate.error), "phone": phone})


def _reason(turn: Turn, error: str) -> Line | str:
    """What keeps it, in words; somebody's own reason where they dropped it."""
    key = error.partition(": ")[0]
    return Line(key) if key in turn.texts.words else error.removeprefix(DROPPED)

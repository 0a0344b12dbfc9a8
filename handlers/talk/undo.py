"""`撤销`: the last steps of this talk are taken back one by one, each within two minutes."""

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from bot.actions.sessions import agenda
from bot.core.issues.issue import Issue
from bot.core.issues.lifecycle import Move, undoable
from bot.core.messages import Refused
from bot.core.sessions.session import TO_COME
from handlers.dispatch.command import Command
from handlers.dispatch.issue_lookup import scope
from handlers.dispatch.turn import Reply, Turn
from handlers.issues import status
from handlers.issues.retraction import announce_undo, check_still_last, take_back_step
from handlers.people import departures as departed
from handlers.projects import steps
from handlers.sessions import agenda_changes, corrections, promises
from handlers.talk import calls as called
from handlers.talk import held_words as held
from storage import projects
from storage.delivery import held_words
from storage.issues import batches, issues, lessons
from storage.issues.issues import Event
from storage.leaders import decisions
from storage.people import departures
from storage.sessions import sessions
from storage.sessions.sessions import SessionEvent
from storage.talk import act_lessons

T = TypeVar("T")
RECORDED, STRUCK, UNDONE = "record", "strike", "take_back"


def undo(turn: Turn, command: Command) -> Reply:
    """The last step of this talk that stands is taken back, and with the next `撤销` the one before
    it: words that are still held, a promise, a step of a project, a move of an issue."""
    steps = [step for step in _list_steps(turn, command) if step is not None]
    if not steps:
        raise Refused("undo.nothing")
    return max(steps, key=lambda step: (step.at, step.rank)).take_back()


@dataclass(frozen=True)
class _Step:
    """Something that was done from this thread; of two at one moment the higher `rank` is first."""

    at: datetime
    rank: int
    take_back: Callable[[], Reply]


def _list_steps(turn: Turn, command: Command) -> Iterator[_Step | None]:
    """The last step of each kind."""
    kept = held_words.last_waiting(turn.db, turn.thread.id, turn.person_id)
    if kept:
        yield _Step(kept.held_at, 4, lambda: held.take_back(turn, kept))
    call = called.find_just_taken(turn)
    if call and call.taken_at:
        yield _Step(call.taken_at, 5, lambda: called.give_back(turn, call))
    gone = departures.last_standing_of(turn.db, turn.thread.id)
    if gone:
        yield _Step(gone.at, 6, lambda: _in_time(turn, gone.at, departed.take_back, gone))
    built = projects.last_standing_of(turn.db, turn.thread.id)
    if built:
        yield _Step(built.at, 2, lambda: _in_time(turn, built.at, steps.take_back_last, built))
    event = issues.last_standing_of(turn.db, turn.thread.id)
    if event:
        yield _Step(event.at, 1, lambda: _undo_event(turn, command, event))
    yield _find_session_step(turn)


def _find_session_step(turn: Turn) -> _Step | None:
    """Never an older step instead: what else was done to a session has its own way back."""
    done = sessions.last_events_of(turn.db, turn.thread.id)
    struck = {said.promise_id for said in done if said.act == STRUCK}
    undone = {said.undoes for said in done if said.act == UNDONE}
    last = next((said for said in done if _stands(turn, said, struck, undone)), None)
    if last is None:
        return None
    if last.act in corrections.STEPS:
        return _Step(last.at, 3, lambda: _in_time(turn, last.at, corrections.take_back, last))
    if last.act in agenda_changes.MOVES:
        return _Step(
            last.at, 3, lambda: _in_time(turn, last.at, agenda_changes.restore_agenda, last)
        )
    if last.act != RECORDED:
        return _Step(last.at, 0, _refuse_session_step)
    promise_id = last.promise_id or 0
    return _Step(last.at, 3, lambda: _in_time(turn, last.at, promises.strike_last, promise_id))


def _stands(
    turn: Turn,
    said: SessionEvent,
    struck: Collection[int | None],
    undone: Collection[int | None],
) -> bool:
    if said.act in (STRUCK, UNDONE) or said.because == turn.because:
        return False
    if said.act in corrections.STEPS | agenda_changes.MOVES:
        return said.id not in undone
    return said.act != RECORDED or said.promise_id not in struck


def _refuse_session_step() -> Reply:
    raise Refused("undo.of_session")


def _in_time(turn: Turn, at: datetime, take_back: Callable[[Turn, T], Reply], done: T) -> Reply:
    limit = turn.park.limits.undo_within
    if turn.now > at + limit:
        raise Refused("undo.late_step", minutes=int(limit.total_seconds() // 60))
    return take_back(turn, done)


def _undo_event(turn: Turn, command: Command, event: Event) -> Reply:
    """The issue is as it was; whoever had heard of the step hears that it is taken back."""
    if event.move is Move.FILE:
        return status.withdraw(turn, command)  # taking a filing back is withdrawing it
    batch = batches.list_events_of(turn.db, event)
    event = batch[0]  # the steps of a batch belong together
    issue = issues.get(turn.db, event.issue_id)
    if issue.sealed is not None and issues.visible(turn.db, issue.id, scope(turn)) is None:
        raise Refused("undo.nothing")
    _check(turn, issue, event)
    wake = {step.issue_id: step for step in issues.wake(turn.db, event)}
    others = [issues.get(turn.db, issue_id) for issue_id in wake]
    for other in others:
        check_still_last(turn, other, event, issue.number)
    restored = take_back_step(turn, issue, event, turn.thread.id)
    for other in others:
        take_back_step(turn, other, wake[other.id])
    lessons.take_back(turn.db, event.because)
    act_lessons.take_back(turn.db, event.because)
    _recompose_agendas(turn, decisions.take_back(turn.db, event.because))
    says = announce_undo(turn, restored, event)
    moved = {step.issue_id for step in batch}
    if len(moved) > 1:
        told = {"count": len(moved), "move": event.move}
        says[0] = turn.me("undo.batch", told)
    return Reply(tuple(says), issue.id)


def _recompose_agendas(turn: Turn, session_ids: Iterable[int]) -> None:
    """Agendas to which the step had sent something are composed without it."""
    for session_id in sorted(session_ids):
        session = sessions.get(turn.db, session_id)
        if session.stage in TO_COME:
            agenda.compose_agenda(turn, session)


def _check(turn: Turn, issue: Issue, event: Event) -> None:
    limit = turn.park.limits.undo_within
    told = {"number": issue.number, "move": event.move}
    if not undoable(event.move):
        raise Refused("undo.never", **told)
    if turn.now > event.at + limit:
        raise Refused("undo.late", **told, minutes=int(limit.total_seconds() // 60))
    check_still_last(turn, issue, event, issue.number)

"""`撤销`: the last steps of this talk are taken back one by one, each within two minutes."""

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeVar

from bot.actions.issues.cards import facts, options_for
from bot.actions.sessions import agenda
from bot.core.issues.due import next_due
from bot.core.issues.issue import Issue
from bot.core.issues.lifecycle import Move, undoable
from bot.core.messages import Refused, Say, ToThread
from bot.core.sessions.session import TO_COME
from handlers.dispatch.command import Command
from handlers.dispatch.turn import Reply, Turn
from handlers.issues import status
from handlers.projects import steps
from handlers.sessions import promises
from handlers.talk import calls as called
from handlers.talk import held_words as held
from storage import projects
from storage.delivery import held_words, outbox
from storage.issues import batches, issues, lessons
from storage.issues.issues import Event
from storage.leaders import decisions
from storage.sessions import sessions
from storage.sessions.sessions import SessionEvent
from storage.talk import act_lessons

T = TypeVar("T")
RECORDED, STRUCK = "record", "strike"


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
    last = next((said for said in done if _stands(turn, said, struck)), None)
    if last is None:
        return None
    if last.act != RECORDED:
        return _Step(last.at, 0, _refuse_session_step)
    promise_id = last.promise_id or 0
    return _Step(last.at, 3, lambda: _in_time(turn, last.at, promises.strike_last, promise_id))


def _stands(turn: Turn, said: SessionEvent, struck: Collection[int | None]) -> bool:
    if said.act == STRUCK or said.because == turn.because:
        return False
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
    _check(turn, issue, event)
    wake = {step.issue_id: step for step in issues.wake(turn.db, event)}
    others = [issues.get(turn.db, issue_id) for issue_id in wake]
    for other in others:
        _check_still_last(turn, other, event, issue.number)
    restored = _take_back_step(turn, issue, event, turn.thread.id)
    for other in others:
        _take_back_step(turn, other, wake[other.id])
    lessons.take_back(turn.db, event.because)
    act_lessons.take_back(turn.db, event.because)
    _recompose_agendas(turn, decisions.take_back(turn.db, event.because))
    says = _announce_undo(turn, restored, event)
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


def retract_moves(turn: Turn, touched: Iterable[int], because: str) -> list[Say]:
    """What one message did to these issues is taken back; who read of it is told. Raises Refused
    when somebody has gone on with one of them."""
    says: list[Say] = []
    concerned = tuple(touched)
    seen = set(concerned)
    for issue_id in concerned:
        done = [event for event in issues.history(turn.db, issue_id) if event.because == because]
        if done:
            issue = issues.get(turn.db, issue_id)
            _check_still_last(turn, issue, done[0], issue.number)
            after = _take_back_step(turn, issue, done[0], turn.thread.id)
            for step in issues.wake(turn.db, done[0]):
                if step.issue_id not in seen:  # dealt with as one
                    seen.add(step.issue_id)
                    other = issues.get(turn.db, step.issue_id)
                    _check_still_last(turn, other, step, issue.number)
                    _take_back_step(turn, other, step)
            says += _announce_undo(turn, after, done[0])[1:]
    return says


def _take_back_step(turn: Turn, issue: Issue, event: Event, thread_id: int | None = None) -> Issue:
    restored = _before(turn, issue, event)
    before = issues.save(turn.db, issue, restored)
    issues.record(
        turn.db,
        issue.id,
        Move.UNDO,
        replace(turn.own_origin, thread_id=thread_id),
        before=before,
        undoes=event.id,
    )
    return restored


def _before(turn: Turn, issue: Issue, event: Event) -> Issue:
    """The issue before the step and before what the bot did in its wake."""
    wake = [step for step in issues.history(turn.db, issue.id) if step.because == event.because]
    restored = issue
    for step in reversed(wake):
        restored = replace(restored, **issues.restore_fields(step.before or {}))
    # What the clock has spoken of since stays spoken.
    spoken = [at for at in (restored.swept_at, issue.swept_at) if at]
    restored = replace(restored, swept_at=max(spoken, default=None))
    return replace(restored, next_due_at=next_due(restored, turn.park))


def _check(turn: Turn, issue: Issue, event: Event) -> None:
    limit = turn.park.limits.undo_within
    told = {"number": issue.number, "move": event.move}
    if not undoable(event.move):
        raise Refused("undo.never", **told)
    if turn.now > event.at + limit:
        raise Refused("undo.late", **told, minutes=int(limit.total_seconds() // 60))
    _check_still_last(turn, issue, event, issue.number)


def _check_still_last(turn: Turn, issue: Issue, event: Event, number: str) -> None:
    """What came after and was taken back again is no further step. `number` is that of the issue
    the person acted on: of others moved with it they may know nothing."""
    history = issues.history(turn.db, issue.id)
    undone = {step.undoes for step in history}
    taken_back = {step.because for step in history if step.id in undone}
    standing = [
        step for step in history if step.move is not Move.UNDO and step.because not in taken_back
    ]
    if not standing or standing[-1].because != event.because:
        raise Refused("undo.overtaken", number=number, move=event.move)


def _announce_undo(turn: Turn, issue: Issue, event: Event) -> list[Say]:
    """What has not left yet is stopped; who already read it is told, of the issue they read of."""
    card = {**facts(turn, issue), "move": event.move}
    gone = outbox.take_back(turn.db, event.because, turn.now, turn.thread.id)
    told = {(parcel.thread_id, parcel.issue_id or issue.id): parcel.kind for parcel in gone}
    return [
        turn.me("undo.done", card, options_for(turn, issue, turn.role), issue_id=issue.id),
        *(_build_correction(turn, event, *place, kind) for place, kind in sorted(told.items())),
    ]


def _build_correction(turn: Turn, event: Event, thread_id: int, issue_id: int, kind: str) -> Say:
    about = issues.get(turn.db, issue_id)
    if kind == "follow.resolved":
        return Say(
            ToThread(thread_id), "follow.undone", {"number": about.number}, issue_id=issue_id
        )
    card = {**facts(turn, about), "move": event.move}
    return Say(ToThread(thread_id), "undo.others", card, issue_id=issue_id)

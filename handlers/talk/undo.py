"""`撤销`: the last step of this talk is taken back, within two minutes, if nothing came after."""

from collections.abc import Iterable
from dataclasses import replace

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
from storage import projects
from storage.delivery import outbox
from storage.issues import batches, issues, lessons
from storage.issues.issues import Event
from storage.leaders import decisions
from storage.sessions import sessions
from storage.talk import act_lessons

RECORDED = "record"


def undo(turn: Turn, command: Command) -> Reply:
    """The issue is as it was; whoever had heard of the step hears that it is taken back."""
    event = issues.last_event_of(turn.db, turn.thread.id)
    said = sessions.last_event_of(turn.db, turn.thread.id)
    if said and said.act == RECORDED and (event is None or said.at >= event.at):
        return promises.strike_last(turn, said.promise_id or 0)
    built = projects.last_event_of(turn.db, turn.thread.id)
    if built and built.undoes is None and (event is None or built.at >= event.at):
        return steps.take_back_last(turn, built)
    if said and (event is None or said.at > event.at) and said.because != turn.because:
        # Never an older step instead: what was done to a session has its own way back.
        raise Refused("undo.of_session")
    if event is None or event.move is Move.UNDO:
        raise Refused("undo.nothing")
    if event.move is Move.FILE:
        return status.withdraw(turn, command)  # taking a filing back is withdrawing it
    batch = batches.list_events_of(turn.db, event)
    event = batch[0]  # the steps of a batch belong together
    issue = issues.get(turn.db, event.issue_id)
    _check(turn, issue, event)
    wake = {step.issue_id: step for step in issues.wake(turn.db, event)}
    others = [issues.get(turn.db, issue_id) for issue_id in wake]
    for other in others:
        _check_not_overtaken(turn, other, event, issue.number)
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
            _check_still_last(turn, issue, done[0])
            after = _take_back_step(turn, issue, done[0], turn.thread.id)
            for step in issues.wake(turn.db, done[0]):
                if step.issue_id not in seen:  # dealt with as one
                    seen.add(step.issue_id)
                    other = issues.get(turn.db, step.issue_id)
                    _check_still_last(turn, other, step)
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
    _check_not_overtaken(turn, issue, event, issue.number)


def _check_not_overtaken(turn: Turn, issue: Issue, event: Event, number: str) -> None:
    """`number` is that of the issue the person acted on: of others moved with it they may know
    nothing."""
    if issues.last_event(turn.db, issue.id).because != event.because:
        raise Refused("undo.overtaken", number=number, move=event.move)


def _check_still_last(turn: Turn, issue: Issue, event: Event) -> None:
    """What came after and was taken back again is no further step."""
    history = issues.history(turn.db, issue.id)
    undone = {step.undoes for step in history}
    taken_back = {step.because for step in history if step.id in undone}
    standing = [
        step for step in history if step.move is not Move.UNDO and step.because not in taken_back
    ]
    if not standing or standing[-1].because != event.because:
        raise Refused("undo.overtaken", number=issue.number, move=event.move)


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

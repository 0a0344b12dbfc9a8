"""Takes moves of issues back: each as it was before, and who had read of one is told."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from bot.actions.issues.cards import facts, options_for
from bot.core.issues.due import next_due
from bot.core.issues.issue import Issue
from bot.core.issues.lifecycle import Move
from bot.core.messages import Refused, Say, ToThread
from handlers.dispatch.turn import Turn
from storage.delivery import outbox
from storage.issues import issues
from storage.issues.issues import Event


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
            check_still_last(turn, issue, done[0], issue.number)
            after = take_back_step(turn, issue, done[0], turn.thread.id)
            for step in issues.wake(turn.db, done[0]):
                if step.issue_id not in seen:  # dealt with as one
                    seen.add(step.issue_id)
                    other = issues.get(turn.db, step.issue_id)
                    check_still_last(turn, other, step, issue.number)
                    take_back_step(turn, other, step)
            says += announce_undo(turn, after, done[0])[1:]
    return says


def take_back_step(turn: Turn, issue: Issue, event: Event, thread_id: int | None = None) -> Issue:
    """One step and what the bot did in its wake; said from `thread_id`, None for nobody's."""
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


def check_still_last(turn: Turn, issue: Issue, event: Event, number: str) -> None:
    """What came after and was taken back again is no further step. `number` is that of the issue
    the person acted on: of others moved with it they may know nothing."""
    if not is_still_last(turn, issue.id, event.because):
        raise Refused("undo.overtaken", number=number, move=event.move)


def is_still_last(turn: Turn, issue_id: int, because: str) -> bool:
    """Whether nothing that stands came after what this message did to an issue."""
    history = issues.history(turn.db, issue_id)
    if history[-1].because == because:
        return True
    undone = list_undone(history)
    taken_back = {step.because for step in history if step.id in undone}
    standing = [
        step for step in history if step.move is not Move.UNDO and step.because not in taken_back
    ]
    return bool(standing) and standing[-1].because == because


def list_undone(history: Sequence[Event]) -> set[int]:
    """The steps that are taken back: one whose taking back was taken back again is not."""
    undone: set[int] = set()
    for step in reversed(history):
        if step.move is Move.UNDO and step.id not in undone and step.undoes is not None:
            undone.add(step.undoes)
    return undone


def announce_undo(turn: Turn, issue: Issue, event: Event) -> list[Say]:
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

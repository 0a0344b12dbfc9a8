"""`撤销`: the last step of this talk is taken back, within two minutes, if nothing came after."""

from dataclasses import replace

from bot.cards import facts, options_for
from bot.core.due import next_due
from bot.core.issues import Issue
from bot.core.lifecycle import Move, undoable
from bot.core.messages import Refused, Say, ToThread
from handlers import pledges, reporting
from handlers.commands import Command
from handlers.turn import Reply, Turn
from storage import issues, lessons, outbox, sessions
from storage.issues import Event

RECORDED = "record"


def undo(turn: Turn, command: Command) -> Reply:
    """The issue is as it was; whoever had heard of the step hears that it is taken back."""
    event = issues.last_event_of(turn.db, turn.thread.id)
    said = sessions.last_event_of(turn.db, turn.thread.id)
    if said and said.act == RECORDED and (event is None or said.at >= event.at):
        return pledges.strike_last(turn, said.promise_id or 0)
    if event is None or event.move is Move.UNDO:
        raise Refused("undo.nothing")
    if event.move is Move.FILE:
        return reporting.withdraw(turn, command)  # taking a filing back is withdrawing it
    issue = issues.get(turn.db, event.issue_id)
    _check(turn, issue, event)
    restored = _before(turn, issue, event)
    before = issues.save(turn.db, issue, restored)
    lessons.take_back(turn.db, event.because)
    issues.record(
        turn.db,
        issue.id,
        Move.UNDO,
        turn.now,
        because=turn.incoming.key,
        person_id=turn.person_id,
        thread_id=turn.thread.id,
        before=before,
        undoes=event.id,
    )
    return Reply(tuple(_told(turn, restored, event)), issue.id)


def _before(turn: Turn, issue: Issue, event: Event) -> Issue:
    """The issue before the step and before what the bot did in its wake."""
    wake = [one for one in issues.history(turn.db, issue.id) if one.because == event.because]
    restored = issue
    for one in reversed(wake):
        restored = replace(restored, **issues.restored(one.before or {}))
    restored = replace(restored, swept_at=issue.swept_at)
    return replace(restored, next_due_at=next_due(restored, turn.house))


def _check(turn: Turn, issue: Issue, event: Event) -> None:
    limit = turn.house.limits.undo_within
    told = {"number": issue.number, "move": event.move}
    if not undoable(event.move):
        raise Refused("undo.never", **told)
    if turn.now > event.at + limit:
        raise Refused("undo.late", **told, minutes=int(limit.total_seconds() // 60))
    if issues.last_event(turn.db, issue.id).because != event.because:
        raise Refused("undo.overtaken", **told)


def _told(turn: Turn, issue: Issue, event: Event) -> list[Say]:
    """What has not left yet is stopped; who already read it is told."""
    card = {**facts(turn, issue), "move": event.move}
    gone = outbox.take_back(turn.db, event.because, turn.now, turn.thread.id)
    told = {parcel.thread_id for parcel in gone}
    others = [Say(ToThread(one), "undo.others", card, issue_id=issue.id) for one in sorted(told)]
    return [
        turn.me("undo.done", card, options_for(turn, issue, turn.role), issue_id=issue.id),
        *others,
    ]

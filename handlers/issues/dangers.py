"""People are in danger: whom to call comes first; holder and duty desk are rung at once."""

from collections.abc import Callable
from dataclasses import replace

from bot.actions.issues.cards import facts, shorten_text, staff_options, to_owner
from bot.actions.issues.urgency import raise_urgency
from bot.core.issues.issue import WORKED_ON, Issue
from bot.core.messages import Line, Refused, Say, ToDuty, ToThread
from bot.core.people import Role
from bot.core.talk.danger import Danger, find_danger
from handlers.dispatch.turn import Reply, Turn
from handlers.issues.filing import file
from storage.issues import issues


def answer_danger(turn: Turn, answer: Callable[[Turn], Reply]) -> Reply:
    """The answer to a message of somebody of an enterprise. Where it tells of danger, whatever it
    was meant for (a supplement, an answer, a command), an issue comes of it, and the first line
    says whom to call."""
    danger = find_danger(turn.incoming.content.words) if turn.role is Role.CONTACT else None
    if danger is None or turn.incoming.action is not None:
        return answer(turn)
    reply = _answer(turn, answer)
    issue = issues.get(turn.db, reply.issue_id) if reply.issue_id else None
    if issue is None or issue.status not in WORKED_ON:
        filed = file(turn, turn.incoming.content.words)
        reply = Reply((*reply.says, *filed.says), filed.issue_id)
        issue = issues.get(turn.db, filed.issue_id or 0)
    issue = raise_urgency(turn, issue, danger=True)
    says = _warn_first(turn, reply.says, danger)
    return Reply((*says, *_ring(turn, issue, says, danger)), issue.id)


def _answer(turn: Turn, answer: Callable[[Turn], Reply]) -> Reply:
    """A rule that says no (a number that is wrong) must not keep anybody from being heard."""
    try:
        with turn.db.begin_nested():
            return answer(turn)
    except Refused:
        return Reply()


def _warn_first(turn: Turn, says: tuple[Say, ...], danger: Danger) -> tuple[Say, ...]:
    me, numbers = ToThread(turn.thread.id), "／".join(danger.numbers)
    mine = next((place for place, say in enumerate(says) if say.to == me), None)
    if mine is None:
        return (turn.me("danger.reply", {"numbers": numbers, "text": None}), *says)
    said = says[mine]
    told = {"numbers": numbers, "text": Line(said.key, said.values)}
    warned = replace(said, key="danger.reply", values=told)
    return (*says[:mine], warned, *says[mine + 1 :])


def _ring(turn: Turn, issue: Issue, says: tuple[Say, ...], danger: Danger) -> list[Say]:
    """Whoever holds it, unless a card of this message rings there anyway, and the duty desk."""
    told = {
        **facts(turn, issue),
        "text": shorten_text(turn.incoming.content.words),
        "numbers": "／".join(danger.numbers),
    }
    holder = to_owner(issue)
    rung = any(say.to == holder and say.urgent for say in says)
    whom = [] if rung else [holder]
    if holder != ToDuty():
        whom.append(ToDuty())
    options = staff_options(turn, issue)
    return [Say(to, "notice.danger", told, options, issue.id, urgent=True) for to in whom]

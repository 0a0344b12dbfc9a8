"""What an enterprise says to a promise: that it was said so, or how it was said."""

from dataclasses import replace

from bot.actions.sessions import promises as promise_actions
from bot.actions.sessions.promises import promise_facts
from bot.actions.sessions.views import build_promise_action, format_promise_number
from bot.core.messages import Option, Refused, Say, ToDuty
from bot.core.people import Role
from bot.core.sessions.promises import Promise, Response, read_order
from handlers.dispatch.command import Command
from handlers.dispatch.turn import Reply, Turn
from handlers.issues.retraction import is_still_last, retract_moves
from handlers.sessions.lookup import note
from storage.sessions import promises, sessions

ACCEPTED = "accept_promise"


def accept_promise(turn: Turn, command: Command) -> Reply:
    """`认可 95-03 95-04`: said so, and the day holds."""
    firm, found = _own(turn, command)
    news: list[Say] = []
    # The latest day first: it is the one that becomes the issue's deadline.
    for promise in sorted(found, key=lambda one: one.due, reverse=True):
        news += promise_actions.accept_promise(turn, promise, firm)
        _note_promise(turn, command, promise)
    numbers = " ".join(format_promise_number(turn, promise) for promise in found)
    return Reply((turn.me("promise.accepted", {"numbers": numbers}), *news))


def dispute(turn: Turn, command: Command) -> Reply:
    """`异议 95-03 说的是月底前`: stands beside what was written."""
    _firm, found = _own(turn, command)
    words = command.words if command.target_id else _without_numbers(command.words)
    if not words or len(found) > 1:
        options = [
            Option(
                "options.named",
                build_promise_action(turn, "dispute", promise),
                {"name": f"{format_promise_number(turn, promise)} {promise.what}"},
            )
            for promise in found
        ]
        ask = options if len(found) > 1 else []
        expect = None if ask else build_promise_action(turn, "dispute", found[0])
        asked = {"numbers": " ".join(format_promise_number(turn, promise) for promise in found)}
        return Reply((turn.me("promise.dispute_how", asked, ask, expect=expect),))
    promise = promise_actions.dispute_promise(turn, found[0], words)
    _note_promise(turn, command, promise, words)
    # Of a promise to several enterprises each reads back its own words, the duty desk all of them.
    own = promise_facts(turn, replace(promise, dispute=words))
    news = Say(ToDuty(), "promise.dispute_news", promise_facts(turn, promise))
    return Reply((turn.me("promise.dispute_done", own), news))


def take_back_acceptance(turn: Turn, promise: Promise) -> list[Say]:
    """The day that the enterprise agreed to holds no more: its issues have the deadline from
    before, where nobody has gone on with them. Returns what is said to those who heard of it."""
    history = sessions.history(turn.db, promise.session_id)
    accepted = [act for act in history if act.promise_id == promise.id and act.act == ACCEPTED]
    if promise.answer is not Response.AGREED or not accepted:
        return []
    because = accepted[-1].because
    free = [issue_id for issue_id in promise.issues if is_still_last(turn, issue_id, because)]
    return retract_moves(turn, free, because)


def _own(turn: Turn, command: Command) -> tuple[int, list[Promise]]:
    """The enterprise's promises that are meant; without numbers, all that it has not answered."""
    firm = turn.person.enterprise_id if turn.person and turn.role is Role.CONTACT else None
    if firm is None:
        raise Refused("session.unbound", phone=turn.park.phone)
    mine = [
        promise
        for promise in promises.open_ones(turn.db)
        if firm in promise.firms and promise.told_at
    ]
    if command.target_id is not None:
        mine = [promise for promise in mine if promise.id == command.target_id]
    meant = [] if command.target_id else map(read_order, command.words.split())
    numbers = promises.numbers(turn.db, mine)
    wanted = {order for order in meant if order}
    found = [
        promise
        for promise in mine
        if not wanted or (numbers[promise.session_id], promise.serial) in wanted
    ]
    if not found:
        raise Refused("promise.none_such", text=command.words or None)
    return firm, sorted(found, key=lambda one: (one.session_id, one.serial))


def _without_numbers(words: str) -> str:
    return " ".join(part for part in words.split() if read_order(part) is None)


def _note_promise(turn: Turn, command: Command, promise: Promise, words: str = "") -> None:
    note(turn, sessions.get(turn.db, promise.session_id), command.verb, promise=promise, text=words)

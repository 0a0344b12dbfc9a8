"""One word about several issues: what can be done is done, each gets a word, one 撤销 takes it
back."""

from collections.abc import Callable, Iterable
from dataclasses import replace

from bot.actions.issues.cards import facts, undo_option
from bot.core.issues.issue import Issue
from bot.core.messages import Line, Refused, Say, ToThread
from handlers.dispatch.command import Command
from handlers.dispatch.issue_lookup import Unclear, format_number, suits, the_issue
from handlers.dispatch.lists import find_list, is_latest
from handlers.dispatch.turn import Reply, Turn
from storage.issues import access, issues

Handler = Callable[[Turn, Command], Reply]
MOST = 20
"""Issues that one word is about."""


def do_batch(turn: Turn, command: Command, handler: Handler) -> Reply:
    """`受理 1 2 3`, `全部受理`: the command about each of them, as if it had been said of it alone.

    Raises Refused where nothing at all is meant.
    """
    found, odd = _find_all(turn, command)
    if not found and not odd:
        raise Refused("batch.nothing", word=turn.texts.command(command.verb))
    return do_with(turn, command, found, handler, odd)


def do_with(
    turn: Turn, command: Command, found: list[Issue], handler: Handler, odd: Iterable[Line] = ()
) -> Reply:
    """The command about each of these issues; `odd` are words on what could not be found."""
    done: list[Line] = []
    not_done: list[Line] = list(odd)
    says: list[Say] = []
    for issue in found:
        line, others = _do_each(turn, replace(command, numbers=(), every=False), issue, handler)
        (done if others is not None else not_done).append(line)
        says += others or ()
    told = {
        "word": turn.texts.command(command.verb),
        "done": len(done),
        "count": len(done) + len(not_done),
        "lines": (*done, *not_done),
    }
    options = [undo_option()] if done else []
    return Reply((turn.me("batch.done", told, options), *says))


def _find_all(turn: Turn, command: Command) -> tuple[list[Issue], list[Line]]:
    """The issues that are meant, each once, and a word for each number that means none alone."""
    if command.every:
        return _find_every(turn, command), []
    found: dict[int, Issue] = {}
    odd: list[Line] = []
    for number in command.numbers[:MOST]:
        told: dict[str, object] = {"number": format_number(number)}
        try:
            issue = the_issue(turn, Command(command.verb, number))
            found.setdefault(issue.id, issue)
        except Unclear:
            odd.append(Line("batch.several", told))
        except Refused:
            odd.append(Line("batch.unknown", told))
    return list(found.values()), odd


def _find_every(turn: Turn, command: Command) -> list[Issue]:
    """What of the list that was just shown suits the verb, else what the person holds."""
    mine = issues.open_among(turn.db, access.is_held_by(turn.person_id or 0), MOST)
    shown = find_list(turn.thread, turn.now)
    places = set(shown.places.values()) if shown and is_latest(turn, shown) else set()
    listed = [issue for issue in mine if issue.id in places]
    suiting = [issue for issue in mine if suits(issue, command.verb)]
    on_list = [issue for issue in suiting if issue in listed]
    return on_list or suiting


def _do_each(
    turn: Turn, command: Command, issue: Issue, handler: Handler
) -> tuple[Line, list[Say] | None]:
    """A word for the person, and what others hear; None where nothing was done."""
    card = {name: facts(turn, issue)[name] for name in ("number", "title", "enterprise")}
    try:
        with turn.db.begin_nested():
            reply = handler(turn, replace(command, number=None, issue_id=issue.id))
    except Refused as no:
        reason = turn.texts.render(no.key, no.values).split("\n")[0]
        return Line("batch.not_done", {**card, "reason": reason}), None
    except Unclear:
        return Line("batch.asks", card), None
    if issues.last_event(turn.db, issue.id).because != turn.because:
        return Line("batch.asks", card), None
    own = ToThread(turn.thread.id)
    return Line("batch.line", card), [say for say in reply.says if say.to != own]

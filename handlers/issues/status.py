"""An entrepreneur asks how things stand, urges, or takes an issue back."""

from dataclasses import replace

from bot.actions.issues.cards import facts, options_for, staff_options, to_owner, undo_option
from bot.actions.sessions.agenda import tell_of_withdrawal
from bot.core.issues.due import open_parts
from bot.core.issues.issue import WORKED_ON, Issue
from bot.core.issues.lifecycle import Move
from bot.core.issues.raters import find_hidden
from bot.core.messages import Line, Say
from bot.core.people import Role
from handlers.dispatch.command import Command
from handlers.dispatch.issue_lookup import current_issue, scope, the_issue
from handlers.dispatch.lists import PAGE, build_page
from handlers.dispatch.turn import Reply, Turn
from handlers.issues import arrival, batches, merging, sealed_verbs
from handlers.issues.moves import do
from storage.issues import helpers, issues, numbers
from storage.issues.issues import Event

ALL = "all"
"""The act of a withdrawal of everything."""
SHOWN_EVENTS = 8
"""Latest steps that a card's history prints."""
# fmt: off
PUBLIC = frozenset({
    Move.FILE, Move.ACCEPT, Move.ASK, Move.SUPPLEMENT, Move.ANSWER, Move.TAKE, Move.RESOLVE,
    Move.CONFIRM, Move.NOT_SOLVED, Move.RATE, Move.REOPEN, Move.CLOSE, Move.WITHDRAW, Move.URGE,
    Move.PLAN, Move.AGREE, Move.DISAGREE, Move.GRANT, Move.MILESTONE, Move.ESCALATE, Move.RESUME,
    Move.HASTEN, Move.CLAIM, Move.IDENTIFY, Move.MERGE, Move.SPLIT, Move.SEAL, Move.UNSEAL,
})
# fmt: on
"""Steps that an enterprise may see; whatever is not named here stays with the staff."""


def progress(turn: Turn, command: Command) -> Reply:
    """`进度`, `进度 003` or a bare number: where an issue stands."""
    if not command.names_thing and current_issue(turn) is None:
        return mine(turn, command)
    issue = the_issue(turn, command)
    if issue.sealed is not None and turn.role is not Role.CONTACT:
        return sealed_verbs.open_sealed(turn, issue, command.words)
    card = {**facts(turn, issue), "history": _history(turn, issue)}
    card["helpers"] = _helpers(turn, issue)
    card["merged"] = merging.line(turn, issue)
    card["sorry"] = None
    if turn.role is Role.CONTACT:
        card["solve_due"] = merging.find_solve_due(turn, issue)
        card["sorry"] = describe_lateness(turn, issue)
    said = turn.me("progress.card", card, options_for(turn, issue, turn.role), issue_id=issue.id)
    return Reply((said,), issue.id)


def mine(turn: Turn, command: Command) -> Reply:
    """`我的诉求`: every open issue, what is owed first, a page at a time."""
    found = issues.open_among(turn.db, scope(turn), PAGE, command.start)
    if not found:
        return Reply((turn.me("mine.none"),))
    places = {place: issue.id for place, issue in enumerate(found, command.start + 1)}
    count = numbers.count_open(turn.db, scope(turn))
    shown = Command("mine" if turn.role is Role.CONTACT else "todo", start=command.start)
    told = build_page(turn, shown, [_line(issue) for issue in found], count, places)
    return Reply((turn.me("mine.list", told),))


def urge(turn: Turn, command: Command) -> Reply:
    """`催办 003`: the holder hears it at once, and it counts."""
    issue = do(turn, the_issue(turn, command), Move.URGE, text=command.words)
    said = Line("notice.said", {"text": command.words}) if command.words else None
    card = {**facts(turn, issue), "times": issue.urged, "text": said}
    options = staff_options(turn, issue)
    told = Say(to_owner(issue), "notice.urged", card, options, issue.id)
    too = merging.holder_too(turn, issue, "notice.urged", card)
    sorry = {**card, "sorry": describe_lateness(turn, issue)}
    return Reply((turn.me("urge.done", sorry, issue_id=issue.id), told, *too), issue.id)


def describe_lateness(turn: Turn, issue: Issue) -> Line | None:
    """An apology to the enterprise for the first deadline that was missed; None in time."""
    missed = [(due, part) for part, due in open_parts(issue) if due < turn.now]
    if not missed:
        return None
    due, part = min(missed)
    return Line("issue.sorry", {"due": due, "part": part})


def withdraw(turn: Turn, command: Command) -> Reply:
    """`撤回 003`: the enterprise needs it no more; by a digit, all that it has open."""
    if command.act == ALL:
        return _withdraw_all(turn, replace(command, act=""))
    issue = do(turn, the_issue(turn, command), Move.WITHDRAW)
    card = facts(turn, issue)
    says = [turn.me("withdraw.done", card, [undo_option()], issue_id=issue.id)]
    says.append(Say(to_owner(issue), "notice.withdrawn", card, issue_id=issue.id))
    says += merging.release_members(turn, issue)
    says += tell_of_withdrawal(turn, issue)
    return Reply(tuple(says), issue.id)


def _withdraw_all(turn: Turn, command: Command) -> Reply:
    firm = turn.person.enterprise_id if turn.person else None
    mine = issues.open_of_contact(turn.db, turn.thread.id, firm, batches.MOST)
    owed = [issue for issue in mine if issue.status in WORKED_ON]
    return batches.do_with(turn, command, owed, withdraw)


def _line(issue: Issue) -> Line:
    counts = issue.status in WORKED_ON and issue.merged_into is None
    key = "mine.line_due" if counts else "mine.line"
    told = {
        "number": issue.number,
        "status": issue.status,
        "title": issue.title,
        "due": issue.solve_due,
    }
    return Line(key, told)


def _history(turn: Turn, issue: Issue) -> tuple[Line, ...]:
    events = issues.history(turn.db, issue.id)
    hidden = find_hidden(((event.move, event.text) for event in events), turn.role)
    events = [
        replace(event, text="") if hides else event
        for event, hides in zip(events, hidden, strict=True)
    ]
    if turn.role is Role.CONTACT:
        events = [event for event in events if event.move in PUBLIC]
    latest = events[-SHOWN_EVENTS:]
    arrived = {} if turn.role is Role.CONTACT else arrival.lines(turn, issue, latest)
    return tuple(_step(event, turn.role, arrived.get(event.id)) for event in latest)


def _helpers(turn: Turn, issue: Issue) -> Line | None:
    """Who helps: the staff's own affair."""
    found = [] if turn.role is Role.CONTACT else helpers.helpers(turn.db, issue.id)
    names = "、".join(helper.name for helper in found)
    return Line("progress.helpers", {"names": names}) if names else None


def _step(event: Event, role: Role, arrived: Line | None) -> Line:
    said = Line(f"part.{event.text}") if event.move is Move.ESCALATE else event.text
    if role is Role.CONTACT and event.move in (Move.MERGE, Move.SPLIT):
        said = ""  # it names the other issue
    told = {"at": event.at, "move": event.move, "text": said, "arrived": arrived}
    return Line("progress.step", told)

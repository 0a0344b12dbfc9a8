"""An issue changes hands: passed on, taken or declined, returned to the duty desk.

Nothing changes hands without the new person's tap on 接: until then the old holder keeps it, and
the clock goes on.
"""

from collections.abc import Sequence

from bot.actions.issues.cards import facts, shorten_text, to_owner, to_reporter, undo_option
from bot.actions.issues.record import record
from bot.core.issues.issue import Issue, build_action
from bot.core.issues.lifecycle import Move, Who
from bot.core.issues.moves import Act
from bot.core.messages import Line, Option, Refused, Say, ToDuty, ToPerson
from bot.core.names.colleagues import find_colleagues
from bot.core.park.service_levels import due
from bot.core.people import Person
from handlers.dispatch.command import Command
from handlers.dispatch.issue_lookup import MOST, the_issue
from handlers.dispatch.turn import Reply, Turn
from handlers.issues.moves import do
from handlers.people.lookup import present, target, whom
from storage.issues import helpers, issues, loads
from storage.people import people


def pass_on(turn: Turn, command: Command) -> Reply:
    """`转办 003 供电服务部`, or without a name: the colleagues and departments as digits."""
    issue = the_issue(turn, command)
    if not command.words:
        return whom(turn, issue, "pass_on")
    person, words = target(turn, issue, "pass_on", command.words)
    present(turn, issue, "pass_on", person)
    after = do(turn, issue, Move.PASS_ON, text=words, to=person.id)
    card = {**facts(turn, after), "to": person.name, "text": words or _first_words(turn, issue)}
    card["by"] = turn.person.name if turn.person else None
    options = [
        turn.option("take", "take", after),
        turn.option("decline", "decline", after),
    ]
    offer = Say(ToPerson(person.id), "notice.offered", card, tuple(options), issue.id)
    me = turn.me("pass_on.done", card, [undo_option()], issue_id=issue.id)
    return Reply((me, offer), issue.id)


def take(turn: Turn, command: Command) -> Reply:
    """`接 003`: from now on it is mine; the enterprise hears the new name."""
    before = the_issue(turn, command)
    issue = do(turn, before, Move.TAKE)
    helpers.remove(turn.db, issue.id, turn.person_id or 0)
    card = facts(turn, issue)
    expect = build_action("answer", issue)
    me = turn.me("take.done", card, [undo_option()], issue_id=issue.id, expect=expect)
    old = Say(to_owner(before), "notice.taken", card, issue_id=issue.id)
    news = Say(to_reporter(issue), "news.taken", card, issue_id=issue.id)
    return Reply((me, old, news), issue.id)


def take_all(turn: Turn, command: Command) -> Reply:
    """`全接 赵敏之`: everything of hers that was offered to me; without a name all of it."""
    me = turn.person
    assert me is not None
    offered = [
        issue for issue in loads.list_held_or_offered(turn.db, me.id) if issue.offered_to == me.id
    ]
    holders = [
        people.get(turn.db, owner_id)
        for owner_id in {issue.owner_id for issue in offered}
        if owner_id
    ]
    if command.words:
        holders = find_colleagues(command.words, holders)
        offered = [issue for issue in offered if issue.owner_id in {who.id for who in holders}]
    if not offered:
        raise Refused("refused.nothing_offered")
    taken = [_take_issue(turn, issue, me) for issue in offered]
    says = [turn.me("take.all", _list_taken(me, taken))]
    for holder in sorted(holders, key=lambda one: one.id):
        theirs = [new for old, new in zip(offered, taken, strict=True) if old.owner_id == holder.id]
        says.append(Say(ToPerson(holder.id), "notice.taken_all", _list_taken(me, theirs)))
    news = (
        Say(to_reporter(issue), "news.taken", facts(turn, issue), issue_id=issue.id)
        for issue in taken
    )
    return Reply((*says, *news))


def _take_issue(turn: Turn, issue: Issue, by: Person) -> Issue:
    # No thread: an undo takes back one step of one issue, and this is a step of many.
    act = Act(Move.TAKE, frozenset({Who.OFFERED}), turn.now, by=by.id)
    helpers.remove(turn.db, issue.id, by.id)
    return record(turn, issue, act)


def _list_taken(by: Person, taken: Sequence[Issue]) -> dict[str, object]:
    lines = tuple(
        Line("take.line", {"number": issue.number, "title": issue.title, "due": issue.solve_due})
        for issue in taken[:MOST]
    )
    return {"owner": by.name, "count": len(taken), "lines": lines}


def decline(turn: Turn, command: Command) -> Reply:
    """`不接 003 …`: with a reason; the old holder keeps it."""
    issue = the_issue(turn, command)
    if not command.words:
        return _reason(turn, issue, "decline")
    after = do(turn, issue, Move.DECLINE, text=command.words)
    card = {**facts(turn, after), "text": command.words}
    card["by"] = turn.person.name if turn.person else None
    old = Say(to_owner(after), "notice.declined", card, issue_id=issue.id)
    return Reply((turn.me("decline.done", card, issue_id=issue.id), old), issue.id)


def return_(turn: Turn, command: Command) -> Reply:
    """`退单 003 …`: with a reason; the duty desk rules where it goes."""
    issue = the_issue(turn, command)
    if not command.words:
        return _reason(turn, issue, "return")
    after = do(turn, issue, Move.RETURN, text=command.words)
    card = {**facts(turn, after), "text": command.words}
    card["by"] = turn.person.name if turn.person else None
    options = (turn.option("rule", "rule", after), turn.option("pass_on", "pass_on", after))
    span, hours = turn.park.limits.ruling, turn.park.hours
    card["until"] = due(turn.now, span, hours)
    duty = Say(ToDuty(), "notice.returned", card, options, issue.id)
    me = turn.me("return.done", card, [undo_option()], issue_id=issue.id)
    return Reply((me, duty), issue.id)


def _reason(turn: Turn, issue: Issue, verb: str) -> Reply:
    """A reason is needed; the usual ones as digits, any other in words."""
    expect = build_action(verb, issue)
    options = [
        Option(f"options.reason_{n}", expect.complete(turn.texts.render(f"options.reason_{n}")))
        for n in (1, 2, 3)
    ]
    told = {"number": issue.number}
    return Reply(
        (turn.me(f"needs.{verb}", told, options, issue_id=issue.id, expect=expect),), issue.id
    )


def _first_words(turn: Turn, issue: Issue) -> str:
    return shorten_text(issues.history(turn.db, issue.id)[0].text)

"""An issue changes hands: passed on, taken or declined, returned to the duty desk.

Nothing changes hands without the new person's tap on 接: until then the old holder keeps it, and
the clock goes on.
"""

from bot.cards import facts, to_owner, to_reporter, undo_option
from bot.core.issues import Issue
from bot.core.lifecycle import Move
from bot.core.messages import Option, Refused, Say, ToDuty, ToPerson
from bot.core.people import Person, Role
from handlers.commands import Command
from handlers.filing import shown
from handlers.finding import MOST, the_issue
from handlers.moves import do
from handlers.turn import Reply, Turn
from storage import issues, people


def pass_on(turn: Turn, command: Command) -> Reply:
    """`转办 003 供电服务部`, or without a name: the colleagues and departments as digits."""
    issue = the_issue(turn, command)
    if not command.rest:
        return _whom(turn, issue)
    target, words = _target(turn, command.rest)
    after = do(turn, issue, Move.PASS_ON, text=words, to=target.id)
    card = {**facts(turn, after), "to": target.name, "text": words or _first_words(turn, issue)}
    card["by"] = turn.person.name if turn.person else None
    options = [
        turn.option("take", "take", after),
        turn.option("decline", "decline", after),
    ]
    offer = Say(ToPerson(target.id), "notice.offered", card, tuple(options), issue.id)
    me = turn.me("pass_on.done", card, [undo_option(turn)], issue_id=issue.id)
    return Reply((me, offer), issue.id)


def take(turn: Turn, command: Command) -> Reply:
    """`接 003`: from now on it is mine; the enterprise hears the new name."""
    before = the_issue(turn, command)
    issue = do(turn, before, Move.TAKE)
    card = facts(turn, issue)
    expect = f"{turn.texts.command('answer')} {issue.number}"
    me = turn.me("take.done", card, [undo_option(turn)], issue_id=issue.id, expect=expect)
    old = Say(to_owner(before), "notice.taken", card, issue_id=issue.id)
    news = Say(to_reporter(issue), "news.taken", card, issue_id=issue.id)
    return Reply((me, old, news), issue.id)


def decline(turn: Turn, command: Command) -> Reply:
    """`不接 003 …`: with a reason; the old holder keeps it."""
    issue = the_issue(turn, command)
    if not command.rest:
        return _reason(turn, issue, "decline")
    after = do(turn, issue, Move.DECLINE, text=command.rest)
    card = {**facts(turn, after), "text": command.rest}
    card["by"] = turn.person.name if turn.person else None
    old = Say(to_owner(after), "notice.declined", card, issue_id=issue.id)
    return Reply((turn.me("decline.done", card, issue_id=issue.id), old), issue.id)


def return_(turn: Turn, command: Command) -> Reply:
    """`退单 003 …`: with a reason; the duty desk rules where it goes."""
    issue = the_issue(turn, command)
    if not command.rest:
        return _reason(turn, issue, "return")
    after = do(turn, issue, Move.RETURN, text=command.rest)
    card = {**facts(turn, after), "text": command.rest}
    card["by"] = turn.person.name if turn.person else None
    options = (turn.option("pass_on", "pass_on", after),)
    duty = Say(ToDuty(), "notice.returned", card, options, issue.id)
    me = turn.me("return.done", card, [undo_option(turn)], issue_id=issue.id)
    return Reply((me, duty), issue.id)


def _reason(turn: Turn, issue: Issue, verb: str) -> Reply:
    """A reason is needed; the usual ones as digits, any other in words."""
    expect = f"{turn.texts.command(verb)} {issue.number}"
    options = [
        Option(f"options.reason_{n}", f"{expect} {turn.texts.render(f'options.reason_{n}')}")
        for n in (1, 2, 3)
    ]
    told = {"number": issue.number}
    return Reply(
        (turn.me(f"needs.{verb}", told, options, issue_id=issue.id, expect=expect),), issue.id
    )


def _whom(turn: Turn, issue: Issue) -> Reply:
    """Departments first, then colleagues; one digit each."""
    names = [one.name for one in people.all_departments(turn.db)]
    staff = people.of_role(turn.db, Role.LIAISON)
    names += [one.name for one in staff if one.id not in (turn.person_id, issue.owner_id)]
    options = [
        Option(
            "options.named",
            f"{turn.texts.command('pass_on')} {issue.number} {name}",
            {"name": name},
        )
        for name in names[:MOST]
    ]
    expect = f"{turn.texts.command('pass_on')} {issue.number}"
    told = {"number": issue.number}
    return Reply(
        (turn.me("pass_on.whom", told, options, issue_id=issue.id, expect=expect),), issue.id
    )


def _target(turn: Turn, rest: str) -> tuple[Person, str]:
    """The person a name stands for: a colleague, or the first of a department."""
    name, _, words = rest.partition(" ")
    found = people.named(turn.db, name)
    if not found:
        department = people.department_named(turn.db, name)
        found = people.of_department(turn.db, department.id) if department else []
    if not found:
        raise Refused("refused.nobody", name=name)
    if len(found) > 1 and found[0].department_id is None:
        raise Refused("refused.several", name=name)
    return found[0], words


def _first_words(turn: Turn, issue: Issue) -> str:
    return shown(issues.history(turn.db, issue.id)[0].text)

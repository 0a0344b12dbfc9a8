"""Finds the issue a person means, among those they may see."""

from dataclasses import replace

from sqlalchemy import ColumnElement

from bot.core.issues.issue import Issue, build_action, number_of
from bot.core.issues.lifecycle import RULES, Move
from bot.core.messages import Option, Refused, Say
from bot.core.people import Role
from bot.core.reading import IssueNumber
from handlers.dispatch import lists
from handlers.dispatch.command import Command
from handlers.dispatch.turn import Reply, Turn
from storage.issues import access, issues, numbers

SEES_ALL = frozenset({Role.OFFICE, Role.LEADER})
LOOKING = frozenset({"note", "view", "progress", "deadline", "why_category"})
# fmt: off
READING = frozenset({
    "view", "progress", "accept", "answer", "ask", "note", "take", "resolve", "resolve_anyway",
    "deadline", "snooze", "unseal", "viewers",
})
"""What whoever reads a sealed issue may say of it; all else would show it to others."""
WRITING = frozenset({
    "progress", "view", "supplement", "urge", "withdraw", "confirm", "not_solved", "rate", "why",
    "reopen", "only_reply", "deadline", "seal", "viewers",
})
"""What its writer may say of it."""
# fmt: on
SAID_OF_SEALED = {True: WRITING, False: READING}
"""The same, by whether somebody speaks for an enterprise."""
MOST = 9
"""A menu has no more lines than there are digits."""


class Unclear(Exception):  # noqa: N818 - a question, not an error
    """Several issues may be meant; `reply` asks which."""

    def __init__(self, reply: Reply) -> None:
        super().__init__()
        self.reply = reply


def scope(turn: Turn) -> ColumnElement[bool]:
    """What this person may see. Nobody sees another enterprise's issues, nor what is sealed from
    them."""
    if turn.role is Role.CONTACT:
        enterprise = turn.person.enterprise_id if turn.person else None
        return access.is_visible_to_contact(turn.thread.id, enterprise, turn.person_id)
    if turn.role in SEES_ALL:
        return access.is_visible_to_leading(turn.person_id or 0)
    return access.is_visible_to_staff(turn.person_id or 0)


def answerable(turn: Turn, verb: str) -> ColumnElement[bool]:
    """What a verb can be said of by this person: whoever only helps may look and note."""
    seen = turn.role is Role.CONTACT or turn.role in SEES_ALL or verb in LOOKING
    return scope(turn) if seen else access.is_held_by(turn.person_id or 0)


def the_issue(turn: Turn, command: Command) -> Issue:
    """The issue of a command: by its id or number, else the one of this talk, else the only one.

    Raises Refused when there is none (in the same words whether the number exists elsewhere or
    not), or when such a thing is not said of a sealed one; Unclear when several may be meant.
    """
    issue = _find_issue(turn, command)
    if issue.sealed is not None and command.verb not in SAID_OF_SEALED[turn.role is Role.CONTACT]:
        word = turn.texts.command(command.verb)
        raise Refused("sealed.not_so", number=issue.number, word=word)
    return issue


def _find_issue(turn: Turn, command: Command) -> Issue:
    if command.issue_id is not None:
        known = issues.visible(turn.db, command.issue_id, scope(turn))
        if known is None:
            raise Refused("refused.not_found", number=format_number(command.number))
        return known
    if command.number:
        return _find_numbered(turn, command, command.number)
    current = current_issue(turn)
    if current and suits(current, command.verb):
        return current
    mine = issues.open_among(turn.db, answerable(turn, command.verb), MOST)
    fitting = [issue for issue in mine if suits(issue, command.verb)]
    if not fitting and (current or mine):
        return current or mine[0]  # the rule that refuses it will say why
    if not fitting:
        raise Refused("refused.no_issue")
    if len(fitting) > 1:
        raise Unclear(Reply((which(turn, command, fitting),)))
    return fitting[0]


def _find_numbered(turn: Turn, command: Command, number: IssueNumber) -> Issue:
    """What a typed number means: the line of the list that was shown last, while it is the last
    thing seen; else an issue. Where a line and an issue may be meant, or issues of several days,
    that is asked."""
    line = lists.find_line(turn, number)
    listed = issues.visible(turn.db, line.issue_id, scope(turn)) if line else None
    if line and listed and (line.is_certain or _ends_with(listed, number)):
        return listed
    found = _find_candidates(turn, command, number)
    if line and listed and found:
        places = lists.list_places(turn)
        if not line.is_latest or any(issue.id in places for issue in found):
            raise Unclear(Reply((which(turn, command, [listed, *found][:MOST]),)))
    if listed:
        return listed
    if len(found) > 1:
        raise Unclear(Reply((which(turn, command, found),)))
    known = found[0] if found else issues.by_number(turn.db, number, scope(turn))
    if known is None:
        raise Refused("refused.not_found", number=format_number(number))
    return known


def _find_candidates(turn: Turn, command: Command, number: IssueNumber) -> list[Issue]:
    """The open issues that a number may mean and the verb may be said of; of several days' the one
    that the talk is about, where it is among them."""
    found = numbers.list_open_by_number(turn.db, number, answerable(turn, command.verb), MOST)
    fitting = [issue for issue in found if suits(issue, command.verb)]
    current = [issue for issue in fitting if issue.id == turn.thread.issue_id]
    return current or fitting


def _ends_with(issue: Issue, number: IssueNumber) -> bool:
    """Whether an issue's number ends with the serial that was typed."""
    return int(issue.number.rpartition("-")[2]) == number.serial


def suits(issue: Issue, verb: str) -> bool:
    """Whether the issue is at a stage where the verb can be said of it."""
    if verb not in set(Move):
        return True
    return any(issue.status in rule.start for rule in RULES if rule.move == verb)


def current_issue(turn: Turn) -> Issue | None:
    """The issue that this thread last spoke of, if the person may still see it."""
    if turn.thread.issue_id is None:
        return None
    return issues.visible(turn.db, turn.thread.issue_id, scope(turn))


def which(turn: Turn, command: Command, candidates: list[Issue]) -> Say:
    """The question which issue is meant."""
    word = turn.texts.command(command.verb)
    options = [
        Option(
            "options.issue",
            replace(build_action(command.verb, issue, command.words), anyway=turn.anyway),
            {"number": issue.number, "title": issue.title},
            media_id=turn.media_id,
        )
        for issue in candidates
    ]
    return turn.me("ask.which", {"word": word}, options)


def format_number(number: IssueNumber | None) -> str:
    """A number as the person gave it, in its usual form; "" where there is none."""
    if number is None:
        return ""
    if number.month_day:
        return f"{number.month_day}-{number.serial:03d}"
    if number.day:
        return number_of(number.prefix or "", number.day, number.serial).lstrip("-")
    return f"{number.serial:03d}"

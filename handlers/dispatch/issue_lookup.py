"""Finds the issue a person means, among those they may see."""

from dataclasses import replace

from sqlalchemy import ColumnElement, true

from bot.core.issues.issue import Issue, build_action, number_of
from bot.core.issues.lifecycle import RULES, Move
from bot.core.messages import Option, Refused, Say
from bot.core.people import Role
from bot.core.reading import IssueNumber
from handlers.dispatch.command import Command
from handlers.dispatch.turn import Reply, Turn
from storage.issues import helpers, issues

SEES_ALL = frozenset({Role.OFFICE, Role.LEADER})
LOOKING = frozenset({"note", "view", "progress", "deadline", "why_category"})
MOST = 9
"""A menu has no more lines than there are digits."""


class Unclear(Exception):  # noqa: N818 - a question, not an error
    """Several issues may be meant; `reply` asks which."""

    def __init__(self, reply: Reply) -> None:
        super().__init__()
        self.reply = reply


def scope(turn: Turn) -> ColumnElement[bool]:
    """What this person may see. Nobody sees another enterprise's issues."""
    if turn.role is Role.CONTACT:
        enterprise = turn.person.enterprise_id if turn.person else None
        return issues.visible_to_contact(turn.thread.id, enterprise)
    if turn.role in SEES_ALL:
        return true()
    return helpers.is_visible_to(turn.person_id or 0)


def answerable(turn: Turn, verb: str) -> ColumnElement[bool]:
    """What a verb can be said of by this person: whoever only helps may look and note."""
    seen = turn.role is Role.CONTACT or turn.role in SEES_ALL or verb in LOOKING
    return scope(turn) if seen else issues.is_held_by(turn.person_id or 0)


def the_issue(turn: Turn, command: Command) -> Issue:
    """The issue of a command: by its id or number, else the one of this talk, else the only one.

    Raises Refused when there is none (in the same words whether the number exists elsewhere or
    not), Unclear when several may be meant.
    """
    if command.issue_id is not None:
        known = issues.visible(turn.db, command.issue_id, scope(turn))
        if known is None:
            raise Refused("refused.not_found", number=format_number(command.number))
        return known
    if command.number:
        found = issues.by_number(turn.db, command.number, scope(turn))
        if found is None:
            raise Refused("refused.not_found", number=format_number(command.number))
        return found
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
    if number.day:
        return number_of(number.prefix or "", number.day, number.serial).lstrip("-")
    return f"{number.serial:03d}"

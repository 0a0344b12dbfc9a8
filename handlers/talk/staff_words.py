"""A member of the staff writes words that are no command: to whom do they go?"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from bot.core.issues.issue import Issue
from bot.core.messages import Option
from bot.core.people import OWNERS, Role
from bot.core.reading import number
from handlers.dispatch.issue_lookup import answerable
from handlers.dispatch.parse import DATED, Command, parse, tells_days
from handlers.dispatch.turn import Reply, Turn
from handlers.issues.filing import words_of
from storage.issues import issues
from storage.people import people

OFFERED = 3
LONG_ENOUGH = 3
"""A number of fewer digits after a word is more likely a quantity."""


def find_expected(turn: Turn) -> Command | None:
    """The command that this free text completes, because we just asked for it.

    Not when a card about another issue was shown since: then the words might be meant for that
    one, and nothing goes to an enterprise by guess.
    """
    expect = turn.thread.expect
    if expect is None or datetime.fromisoformat(expect["until"]) < turn.now:
        return None
    if _other_card(turn, expect) or _has_moved_on(turn, expect) or is_misspelt(turn):
        return None
    command = parse(turn, f"{expect['command']} {words_of(turn)}")
    if command is not None and command.verb in DATED and not tells_days(turn, turn.text):
        return None
    return command


def free_words(turn: Turn) -> Reply:
    """Asks what is to be done with the words; they are kept until then."""
    if turn.role not in OWNERS:
        return _ask_which_issue(turn)
    mine = issues.open_among(turn.db, answerable(turn, "answer"), OFFERED)
    return to_whom(turn, mine) if mine else Reply((turn.me("staff.nothing_open"),))


def _ask_which_issue(turn: Turn) -> Reply:
    """A leader goes on long after a card: to which of the matters that came up to them?"""
    mine = issues.open_among(turn.db, issues.is_held_by(turn.person_id or 0), OFFERED)
    if not mine or turn.role is not Role.LEADER:
        return Reply((turn.me("staff.not_understood"),))
    words = words_of(turn)
    word = turn.texts.command("instruct")
    options = [
        Option(
            "options.instruct_on",
            f"{word} {issue.number} {words}",
            {"number": issue.number, "title": issue.title},
        )
        for issue in mine
    ]
    return Reply((turn.me("staff.which_instruction", {"text": words}, options),))


def to_whom(turn: Turn, candidates: list[Issue]) -> Reply:
    """The question to which of these the words go, or whether they stay with the staff."""
    words = words_of(turn)
    options = [_send(turn, issue, words) for issue in candidates]
    options.append(_keep(turn, candidates[0], words))
    return Reply((turn.me("staff.which", {"text": words}, options),))


def _send(turn: Turn, issue: Issue, words: str) -> Option:
    firm = people.enterprise(turn.db, issue.enterprise_id) if issue.enterprise_id else None
    told = {"number": issue.number, "title": issue.title, "enterprise": firm.name if firm else ""}
    command = f"{turn.texts.command('answer')} {issue.number} {words}"
    return Option("options.send_to", command, told, media_id=turn.media_id)


def _keep(turn: Turn, issue: Issue, words: str) -> Option:
    command = f"{turn.texts.command('note')} {issue.number} {words}"
    told = {"number": issue.number}
    return Option("options.only_note", command, told, media_id=turn.media_id)


def _has_moved_on(turn: Turn, expect: Mapping[str, Any]) -> bool:
    """The talk has gone to another issue since."""
    return expect["issue"] not in (None, turn.thread.issue_id)


def is_misspelt(turn: Turn) -> bool:
    """`备住 003 …` is no command, but it looks like one: it must not go to an enterprise."""
    if turn.role is Role.CONTACT:
        return False
    _word, *rest = turn.text.split(maxsplit=2)[:2] or [""]
    meant = number(rest[0]) if rest else None
    return meant is not None and (meant.day is not None or len(rest[0]) >= LONG_ENOUGH)


def _other_card(turn: Turn, expect: Mapping[str, Any]) -> bool:
    menu = turn.thread.menu if expect["issue"] is not None else None
    return bool(menu and not menu["answer"] and menu["issue"] not in (None, expect["issue"]))

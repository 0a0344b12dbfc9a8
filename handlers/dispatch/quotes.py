"""A reply to one of our messages is about that message's issue, whatever came after it."""

import re
from dataclasses import replace

from bot.core.issues.issue import Issue
from bot.core.reading import number, split_word
from handlers.dispatch.issue_lookup import scope
from handlers.dispatch.turn import Turn
from storage.issues import issues

_HEAD = re.compile(r"^【[^】]*】(.*)$", re.MULTILINE)
"""The first line of each of our messages: its state and the issue's number."""


def follow_quote(turn: Turn) -> Turn:
    """The same message, as if its talk had last been about the issue that it replies to."""
    issue = _find_quoted(turn)
    if issue is None:
        return turn
    return replace(turn, thread=replace(turn.thread, issue_id=issue.id), quoted_id=issue.id)


def _find_quoted(turn: Turn) -> Issue | None:
    """The issue whose number heads what was quoted; None where it is none or several."""
    heads = _HEAD.findall(turn.incoming.quoted)
    meant = {found for head in heads if (found := number(split_word(head)[0]))}
    return issues.by_number(turn.db, meant.pop(), scope(turn)) if len(meant) == 1 else None

"""Reads a message as a command: a verb, perhaps an issue's number, perhaps words."""

import re
from dataclasses import dataclass

from bot.core.absences import Unreadable, read_absence
from bot.core.reading import IssueNumber, fold, number
from handlers.dispatch.turn import Turn

DATED = frozenset({"absence"})
"""Verbs that take days where others take an issue's number."""
_GAP = re.compile(r"[\s,，:：、]+")


@dataclass(frozen=True)
class Command:
    """`verb` is a key of `[commands]` in the texts; `rest` is as it was written. `said` is all that
    follows the verb, for a verb that takes no issue: `请假 14号` names a day."""

    verb: str
    number: IssueNumber | None = None
    rest: str = ""
    said: str = ""


def parse(turn: Turn, text: str) -> Command | None:
    """The command a text is, or None: `受理`, `受理 003`, `003 受理`, `受理003`, `反馈 003 …`.

    A word counts only when it is the whole first word (or the second, after a number): "催办" is a
    command, "催办太慢了" is a sentence.
    """
    verbs = turn.texts.commands
    whole = verbs.get(fold(text).replace(" ", "").lower())
    if whole:
        return Command(whole)
    if marked := _parse_marked(turn, text):
        return marked
    first, rest = _split(text)
    verb = verbs.get(fold(first).lower())
    if verb:
        return _with_number(verb, rest)
    joined = _parse_joined(turn, fold(first))
    if joined:
        said = f"{joined.said} {rest}".strip()
        return Command(joined.verb, joined.number, rest, said)
    meant = number(first)
    second, words = _split(rest)
    verb = verbs.get(fold(second).lower()) if meant and second else None
    return Command(verb, meant, words) if verb else None


def _with_number(verb: str, rest: str) -> Command:
    first, words = _split(rest)
    meant = number(first) if first else None
    if meant is None:
        return Command(verb, None, rest, rest)
    after, others = _split(words)
    if after and number(after) is None and number(f"{first}{after}") is not None:
        words = others  # `记 4 号 …`
    return Command(verb, meant, words, rest)


def _parse_marked(turn: Turn, text: str) -> Command | None:
    """`#先别说` and `#003 先别说`: a mark needs no gap; `#3` alone is a number."""
    mark, rest = fold(text)[:1], text.strip()[1:].strip()
    verb = turn.texts.commands.get(mark) if mark and not mark.isalnum() else None
    return _with_number(verb, rest) if verb and rest and number(text) is None else None


def _parse_joined(turn: Turn, word: str) -> Command | None:
    """`受理003`: a verb and a number without a gap; `请假10-14`: a verb and days."""
    for length in range(len(word) - 1, 0, -1):
        verb = turn.texts.commands.get(word[:length].lower())
        if verb in DATED:
            return Command(verb, said=word[length:]) if tells_days(turn, word[length:]) else None
        if verb:
            meant = number(word[length:])
            return Command(verb, meant) if meant else None
    return None


def tells_days(turn: Turn, words: str) -> bool:
    """Whether words that follow a verb without a gap can only be days: `请假条` is a sentence."""
    try:
        return not read_absence(words, turn.park.local(turn.now).date()).who
    except Unreadable:
        return words[:1].isdigit()


def _split(text: str) -> tuple[str, str]:
    parts = _GAP.split(text.strip(), maxsplit=1)
    return parts[0], parts[1].strip() if len(parts) > 1 else ""

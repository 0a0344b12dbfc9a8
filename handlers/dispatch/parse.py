"""Reads what a person typed as a command: a verb, perhaps an issue's number, perhaps words."""

from dataclasses import replace

from bot.core.absences import Unreadable, read_absence
from bot.core.messages import Action
from bot.core.reading import (
    IssueNumber,
    fold,
    number,
    split_dated_number,
    split_number,
    split_numbers,
    split_word,
    strip_every,
)
from bot.core.sessions.places import split_place, split_session
from bot.texts import load_shipped
from handlers.dispatch.command import Command, build_command
from handlers.dispatch.objects import AT_ONCE, BATCH, CODED, NUMBER_ONLY, has_object, is_code
from handlers.dispatch.turn import Turn

DATED = frozenset({"absence"})
"""Verbs that take days where others take an issue's number."""
NO_NUMBER = DATED | {
    *("new", "add_topic", "bind", "extra", "undisturbed", "send_anyway"),
    *("invite", "on_the_spot", "here", "take_all"),
    *("search", "about_firm", "figures", "binding_code"),
    *("leave", "unbind", "end_contact"),
}
"""Verbs that are about no issue: all that follows is words, a number before them too."""
NUMBER_ALONE = frozenset({"sign_up", "in_writing"})
"""Verbs that take either a number or words."""
FREE_WORDS = frozenset(
    {
        *("supplement", "not_solved", "reopen", "why", "answer", "ask", "note", "decline"),
        *("return", "resolve", "resolve_anyway", "plan", "extend", "snooze", "instruct"),
        *("direct", "deny", "theme", "cancel_session", "unseal"),
    }
)
"""Verbs whose words may begin with a quantity: `备注 3 台设备已到`."""
PLACED = frozenset({"record", "record_anyway", "add_late", "amend"})
"""Verbs that take an agenda's item, whose place needs no gap before the words."""
OF_SESSIONS = frozenset(
    {
        *("session", "agenda", "minutes", "prepare", "open_session", "close_session"),
        *("move_session", "cancel_session", "as_usual", "reopen_session", "amend", "add_late"),
    }
)
"""Verbs before the number of a session as people call it: 第95期."""
SEVERAL = BATCH | AT_ONCE
LONGEST_VERB = 6


def parse(turn: Turn, text: str) -> Command | None:
    """The command a text is, or None: `受理`, `受理 003`, `003 受理`, `受理003`, `反馈 003 …`,
    `受理 1 2 3`, `全部受理`, `今天的001受理`.

    A word counts only when it is the whole first word (or the second, after a number): "催办" is a
    command, "催办太慢了" is a sentence; and only before what it can be said of (see `objects`).
    """
    text = _part_place(turn, text)
    found = _parse_batch(turn, text) or _parse_one(turn, text)
    return found if found and has_object(turn, text, found) else None


def _parse_batch(turn: Turn, text: str) -> Command | None:
    """Several at once: `受理 1 2 3`, `1 2 3 受理`, `受理1、2、3`, `全部受理`, `受理全部`."""
    verbs = turn.texts.commands
    every = verbs.get((strip_every(text) or "").lower())
    if every in BATCH and fold(text).replace(" ", "").lower() not in verbs:
        return Command(every, every=True)
    found, rest = split_numbers(text)
    first, words = split_word(rest)
    verb = verbs.get(fold(first).lower())
    if len(found) > 1 and verb in SEVERAL:
        return Command(verb, found[0], words, numbers=found)
    for length in range(min(len(text), LONGEST_VERB), 0, -1):
        verb = verbs.get(fold(text[:length]).lower())
        if verb in SEVERAL:
            found, words = split_numbers(text[length:].lstrip(" ,，:：、"))
            return Command(verb, found[0], words, numbers=found) if len(found) > 1 else None
    return None


def _parse_one(turn: Turn, text: str) -> Command | None:
    verbs = turn.texts.commands
    whole = verbs.get(fold(text).replace(" ", "").lower())
    if whole:
        return Command(whole)
    if marked := _parse_marked(turn, text):
        return marked
    first, rest = split_word(text)
    verb = verbs.get(fold(first).lower())
    if verb:
        return _read_words(turn, verb, rest)
    joined = _parse_joined(turn, fold(first), rest)
    if joined:
        return joined
    dated = split_dated_number(text, turn.park.local(turn.now).date())
    meant, rest = dated or (number(first), rest)
    second, words = split_word(rest)
    verb = verbs.get(fold(second).lower()) if meant and second else None
    return Command(verb, meant, words) if verb and verb not in NO_NUMBER else None


def read_action(turn: Turn, action: Action) -> Command | None:
    """The command that an action is; one of an earlier version is read in the shipped words, which
    it was written in, whatever the words of the office are now."""
    if action.verb:
        return build_command(action)
    shipped = load_shipped(turn.texts.zone)
    command = parse(replace(turn, texts=shipped), action.typed)
    return replace(command, chosen=True) if command else None


def _part_place(turn: Turn, text: str) -> str:
    """`记3号供电公司…` with its gaps, as if they had been typed; any other text as it is."""
    for length in range(min(LONGEST_VERB, len(text)), 0, -1):
        verb = turn.texts.commands.get(fold(text[:length]).lower())
        if verb in PLACED and (found := split_place(text[length:])):
            return f"{text[:length]} {found[0]} {found[1]}"
    return text


def _read_words(turn: Turn, verb: str, rest: str) -> Command:
    if verb in NO_NUMBER:
        return Command(verb, words=rest)
    if verb in OF_SESSIONS and (called := split_session(rest)):
        return Command(verb, IssueNumber(None, None, called[0]), called[1])
    if verb in NUMBER_ALONE:
        alone = number(rest) if rest else None
        return Command(verb, alone) if alone else Command(verb, words=rest)
    dated = split_dated_number(rest, turn.park.local(turn.now).date())
    found = dated or split_number(rest, free=verb in FREE_WORDS | NUMBER_ONLY)
    return Command(verb, *found) if found else Command(verb, words=rest)


def _parse_marked(turn: Turn, text: str) -> Command | None:
    """`#先别说` and `#003 先别说`: a mark needs no gap; `#3` alone is a number."""
    mark, rest = fold(text)[:1], text.strip()[1:].strip()
    verb = turn.texts.commands.get(mark) if mark and not mark.isalnum() else None
    return _read_words(turn, verb, rest) if verb and rest and number(text) is None else None


def _parse_joined(turn: Turn, word: str, rest: str) -> Command | None:
    """`受理003`: a verb and a number without a gap; `请假10-14`: a verb and days."""
    for length in range(len(word) - 1, 0, -1):
        verb = turn.texts.commands.get(word[:length].lower())
        if verb:
            after = word[length:]
            today = turn.park.local(turn.now).date()
            known = number(after) is not None or split_dated_number(after, today) is not None
            if verb in DATED:
                known = tells_days(turn, after)
            elif verb in CODED:
                known = is_code(after)
            elif verb in OF_SESSIONS:
                known = known or split_session(after) is not None
            return _read_words(turn, verb, f"{after} {rest}".strip()) if known else None
    return None


def tells_days(turn: Turn, words: str) -> bool:
    """Whether words that follow a verb without a gap can only be days: `请假条` is a sentence."""
    try:
        return not read_absence(words, turn.park.local(turn.now).date()).who
    except Unreadable:
        return words[:1].isdigit()

"""What a typed verb needs after it to be a command: without its object it begins a sentence."""

from bot.core.absences import Unreadable, read_absence
from bot.core.chain.vouchers import read_code
from bot.core.departures import read_leaving
from bot.core.names.colleagues import find_colleagues
from bot.core.people import OWNERS, Role
from bot.core.reading import fold, is_quantity, number, split_word
from bot.core.sessions.promises import read_order
from handlers.dispatch.command import Command
from handlers.dispatch.turn import Turn
from storage.people import people
from storage.sessions import sessions

# fmt: off
BATCH = frozenset({"accept", "take", "pass_on", "table", "grant", "urge", "confirm", "snooze"})
"""Verbs that can be said of several issues at once."""
AT_ONCE = frozenset({"move_up", "move_down", "take_off"})
"""Verbs that can be said of several lines of an agenda, all of them or none."""
ALONE = frozenset({
    "mine", "todo", "firms", "help", "undo", "human", "consent", "waiting", "reforms", "seen",
    "put_back", "close_rest", "more", "call_taken", "called", "same_promise",
    "overdue",
})
"""Verbs after which nothing comes."""
NUMBER_ONLY = frozenset({
    "accept", "take", "withdraw", "urge", "confirm", "agree", "disagree", "grant", "milestone",
    "split", "follow", "join", "only_reply", "why_category", "deadline", "progress", "view",
    "seal", "viewers",
})
"""Verbs after which only an issue's number says something."""
SERIAL_ONLY = frozenset({
    "agenda", "minutes", "session", "prepare", "open_session", "close_session", "attend",
    "as_usual", "move_up", "move_down", "take_off", "reform", "decide", "conclude", "reconsider",
    "record", "record_anyway", "merge", "why", "rate", "add_late", "reopen_session",
})
"""Verbs after which first of all a number comes: of a session, a line, a reform, an issue."""
NAMED = frozenset({"pass_on", "redirect", "assist", "rule", "sponsor"})
"""Verbs after which comes a number, or somebody's name."""
OF_PEOPLE = frozenset({"leave", "unbind", "end_contact"})
"""Verbs after which comes somebody's name, a firm's contact too."""
ORDERED = frozenset({"kept", "broken", "redate", "accept_promise", "dispute", "strike", "amend"})
"""Verbs after which comes the number of a promise."""
PROVABLE = frozenset({"voucher"})
"""Verbs after which comes the number of a promise or an issue, or a voucher's code."""
AT_SESSION = frozenset({"decide", "conclude"})
"""Verbs that settle an item: while a session is held, one without its number asks for it."""
RECORDS = frozenset({"record", "record_anyway", "add_late"})
RECORDED = 3
"""Who, by when, what: so many parts are a promise, even where the line's number was forgotten."""
CODED = frozenset({"bind"})
"""Verbs after which comes a code."""
COUNTABLE = frozenset({"identify"})
"""Verbs whose name after the number may look like a measure: `企业 3 天元公司`."""
HARMLESS = frozenset({"note", "search"})
"""Verbs that reach nobody: a comma after them does no harm."""
LONGEST_NAME = 5
"""Characters of what a firm's contact calls whoever is to be spoken to from now on."""
SHORT = 1
"""A verb of one character begins too many sentences: its words need a number before them."""
# fmt: on
_PAUSES = ",、，。.！!"


def has_object(turn: Turn, text: str, command: Command) -> bool:
    """Whether what follows the verb is what the verb needs."""
    if command.numbers or command.every or not command.words:
        return True
    verb, alone = command.verb, command.number is None
    if command.number and command.number.short and verb not in COUNTABLE:
        counted = is_quantity(f"{command.number.serial} {command.words}")
        if counted and not (verb in RECORDS and len(command.words.split()) >= RECORDED):
            return False
    if verb in ALONE:
        return False
    if verb in CODED:
        return is_code(command.words)
    if verb in NUMBER_ONLY:
        return not alone
    if verb in SERIAL_ONLY:
        numbered = not alone or command.words[:1].isdigit()
        if verb in AT_SESSION and not numbered:
            return _is_said_at_session(turn, text, verb)
        return numbered or (verb in RECORDS and len(command.words.split()) >= RECORDED)
    if verb in NAMED and alone:
        return names_colleague(turn, command.words)
    if verb in ORDERED and alone:
        return read_order(split_word(command.words)[0]) is not None
    if verb in PROVABLE and alone:
        return read_order(command.words) is not None or read_code(command.words) is not None
    if verb in OF_PEOPLE:
        return names_person(turn, command.words)
    if verb == "absence":
        return tells_absence(turn, command.words)
    return not alone or _stands_apart(turn, text, verb)


def is_code(words: str) -> bool:
    """Whether words may be a code that binds a phone: letters and digits alone."""
    code = fold(words).replace(" ", "")
    return code.isascii() and code.isalnum()


def names_colleague(turn: Turn, words: str) -> bool:
    """Whether words begin with the name of a colleague or a department."""
    name = split_word(words.lstrip("-"))[0]
    if people.department_named(turn.db, name) is not None:
        return True
    known = [
        person
        for role in sorted(OWNERS | {Role.LEADER})
        for person in people.of_role(turn.db, role)
    ]
    return bool(find_colleagues(name, known))


def names_person(turn: Turn, words: str) -> bool:
    """Whether words begin with the name of a colleague, or of anybody at all."""
    if turn.role is Role.CONTACT:
        return len(words) <= LONGEST_NAME
    name = read_leaving(words).who
    return names_colleague(turn, name) or bool(people.list_named_in(turn.db, name))


def tells_absence(turn: Turn, words: str) -> bool:
    """Whether words are the days of an absence, perhaps somebody's name before them."""
    try:
        wish = read_absence(words, turn.park.local(turn.now).date())
    except Unreadable:
        return any(char.isdigit() for char in words)
    return not wish.who or names_colleague(turn, wish.who)


def _is_said_at_session(turn: Turn, text: str, verb: str) -> bool:
    """Whether who leads a session says, while it is held, what was decided: no words to a firm."""
    if turn.role not in (Role.OFFICE, Role.LEADER) or not _stands_apart(turn, text, verb):
        return False
    return sessions.find_current_session(turn.db) is not None


def _stands_apart(turn: Turn, text: str, verb: str) -> bool:
    """Whether a verb is set off from its words as an order is (`反馈 …`, `反馈：…`): after a comma,
    or after one character, it is more likely the beginning of a sentence."""
    if turn.role is Role.CONTACT or verb in HARMLESS:
        return True
    word = split_word(text)[0]
    after = text.strip()[len(word) : len(word) + 1]
    single = len(fold(word)) <= SHORT and fold(word).isalnum()
    return not single and after not in _PAUSES and number(word) is None

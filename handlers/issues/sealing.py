"""What only named people may see (密) is kept apart from the moment it is written.

No word of it reaches whoever holds other matters: it is filed under its reader, and what belongs
to it later goes there too. Opening, sealing and lifting stand in `sealed_verbs`.
"""

from bot.actions.issues.assign import Assigned
from bot.actions.issues.classify import classify_text
from bot.actions.issues.file import Filing
from bot.actions.issues.sealing import (
    announce_filing,
    build_sealed_card,
    find_meant,
    find_seal,
    receive,
    reseat,
    tell_duty,
    tell_reader,
)
from bot.core.issues.issue import OPEN, Issue, Status
from bot.core.issues.lifecycle import Move
from bot.core.issues.sealing import is_only_mark
from bot.core.messages import Line, Refused, Say, ToThread
from bot.core.people import Enterprise, Role
from handlers.dispatch.command import Command
from handlers.dispatch.issue_lookup import Unclear, current_issue, the_issue
from handlers.dispatch.turn import Reply, Turn
from handlers.issues.moves import do
from storage.delivery import shown, threads
from storage.people import people

CARRIES = frozenset(
    {
        *("supplement", "not_solved", "reopen", "why", "urge", "disagree", "rate", "withdraw"),
        *("sign_up", "in_writing", "stay_away", "dispute", "revisit", "confirm"),
    }
)
"""What an enterprise may say with words that others read: those that are sealed are kept apart."""


def file_sealed(turn: Turn, filing: Filing, *, apart: str = "") -> Reply:
    """A matter is written down for its reader alone; the writer hears who that is. `apart` is the
    number of the issue that the words were written to and did not go to."""
    issue, says = receive(turn, filing, ToThread(turn.thread.id), apart=apart)
    threads.change(turn.db, turn.thread.id, filed_at=turn.now)
    return Reply(tuple(says), issue.id)


def keep_apart(turn: Turn, words: str, target: Issue | None = None) -> Reply | None:
    """Words that are sealed by themselves, written to an issue that is not, become a matter of
    their own; None for all others, and for those of a sealed issue."""
    if turn.role is not Role.CONTACT or (target is not None and target.sealed):
        return None
    firm = find_firm(turn)
    kind = find_seal(turn, words, firm, issue=target)
    if kind is None:
        return None
    matter = classify_text(turn, words)
    made = Filing(
        words,
        turn.thread.id,
        turn.person_id,
        firm,
        None,
        matter,
        Assigned(None),
        media_id=turn.media_id,
        sealed=kind,
    )
    return file_sealed(turn, made, apart=target.number if target else "")


def keep_command_apart(turn: Turn, command: Command) -> Reply | None:
    """The same of the words of a command: `没解决 003 联络员一直敷衍我`."""
    if command.verb not in CARRIES or not command.words or turn.role is not Role.CONTACT:
        return None
    if find_seal(turn, command.words, find_firm(turn)) is None:
        return None
    return keep_apart(turn, command.words, _find_target(turn, command))


def answer_reader(turn: Turn) -> Reply | None:
    """Free words that answer what the reader of a sealed matter asked, where that was said last;
    None for all others."""
    issue = current_issue(turn) if turn.role is Role.CONTACT else None
    if issue is None or issue.sealed is None or issue.status is not Status.WAITING:
        return None
    last = shown.last_of(turn.db, turn.thread.id)
    asked = last is not None and last.issue_id == issue.id
    return join(turn, issue) if asked and is_writer(turn, issue) else None


def join(turn: Turn, issue: Issue) -> Reply:
    """What was written goes on about a sealed matter."""
    after, notices = add_sealed_words(turn, issue, turn.text)
    me = turn.me("sealed.added", build_sealed_card(turn, after), issue_id=issue.id)
    return Reply((me, *notices), issue.id)


def find_marked(turn: Turn) -> Issue | None:
    """The issue that `请保密` alone is about: what was talked of last, if this person wrote it."""
    if turn.role is not Role.CONTACT or not is_only_mark(turn.text):
        return None
    issue = current_issue(turn)
    known = issue is not None and issue.status in OPEN and not issue.sealed
    return issue if known and issue is not None and is_writer(turn, issue) else None


def add_sealed_words(turn: Turn, issue: Issue, words: str) -> tuple[Issue, list[Say]]:
    """The issue with more words of its writer, and what its reader hears: that there are some. Who
    turns out to be meant in them reads no more."""
    if issue.status not in OPEN:
        move = Move.SUPPLEMENT
        raise Refused("refused.status", number=issue.number, status=issue.status, move=move)
    after = do(turn, issue, Move.SUPPLEMENT, text=words)
    meant = find_meant(turn, words, people.enterprise(turn.db, issue.enterprise_id), None)
    seated = reseat(turn, after, meant)
    if seated.owner_id != after.owner_id:
        return seated, announce_reader(turn, seated)
    reader = people.by_id(turn.db, seated.owner_id)
    return seated, [tell_reader(turn, seated, "sealed.more", reader)] if reader else []


def announce_reader(turn: Turn, issue: Issue) -> list[Say]:
    """Somebody else reads it from now on: they, the duty desk and the writer hear who."""
    card = {**build_sealed_card(turn, issue), "phone": turn.park.phone}
    key = "sealed.reseated" if issue.owner_id else "sealed.nobody_left"
    return [turn.me(key, card, issue_id=issue.id), *announce_filing(turn, issue)]


def is_writer(turn: Turn, issue: Issue) -> bool:
    """Whether this very person wrote the issue."""
    if issue.reporter_id is None:
        return issue.thread_id == turn.thread.id
    return issue.reporter_id == turn.person_id


def find_firm(turn: Turn) -> Enterprise | None:
    """The firm that this person speaks for."""
    return people.enterprise(turn.db, turn.person.enterprise_id) if turn.person else None


def tell_duty_lifted(turn: Turn, issue: Issue) -> Say:
    """The duty desk hears that a number is an ordinary issue again."""
    owner = people.by_id(turn.db, issue.owner_id)
    name = owner.name if owner else Line("people.duty_desk")
    told: dict[str, object] = {"number": issue.number, "owner": name}
    return tell_duty(issue, "sealed.duty_lifted", told)


def _find_target(turn: Turn, command: Command) -> Issue | None:
    """The issue that the words were written to; None where that is not clear, or none."""
    try:
        return the_issue(turn, command)
    except (Refused, Unclear):
        return None

"""Colleagues talk in the room of an issue: their words go to its enterprise, their notes never."""

from collections.abc import Callable
from dataclasses import replace

from bot.actions.issues.cards import facts
from bot.core.issues.issue import Issue
from bot.core.messages import Action, Kind, Refused
from bot.core.people import STAFF
from bot.core.reading import fold, number
from handlers.dispatch import menus
from handlers.dispatch.command import Command
from handlers.dispatch.parse import parse, read_action
from handlers.dispatch.turn import Reply, Turn
from handlers.issues import collisions, working
from handlers.issues.filing import words_of
from handlers.issues.moves import who
from handlers.talk import albums, staff_words, things
from storage import once
from storage.delivery import messages, threads
from storage.issues import issues, rooms

Obey = Callable[[Turn, Command], Reply | None]
# fmt: off
HERE = frozenset({
    "accept", "answer", "ask", "note", "pass_on", "take", "decline", "return", "assist", "resolve",
    "resolve_anyway", "recategorise", "why_category", "merge", "split", "plan", "extend", "snooze",
    "milestone", "deadline", "instruct", "sponsor", "rule", "grant", "deny", "identify", "view",
    "progress", "undo", "hold_back",
})
# fmt: on
"""What is said of one issue: in its room that is the one meant. Everything else is a matter
between the person and the bot."""


def answer_room(turn: Turn, obey: Obey) -> Reply:
    """Words of somebody in a room; who is not one of the staff is told so once, and that is all."""
    room = rooms.by_thread(turn.db, turn.thread.id)
    if room is None:
        return Reply()
    if turn.role not in STAFF:
        return _unknown(turn)
    issue = issues.get(turn.db, room.issue_id)
    if issue.sealed is not None:
        return Reply((turn.me("sealed.not_here", {"number": issue.number}),))
    here = replace(turn, thread=replace(turn.thread, issue_id=room.issue_id))
    reply = _of_staff(here, issue, obey)
    return replace(reply, issue_id=room.issue_id)


def _unknown(turn: Turn) -> Reply:
    sender = turn.incoming.sender
    assert sender is not None, "in a room everybody has an address of their own"
    if not once.claim(turn.db, f"room:unknown:{sender.channel}:{sender.user}", turn.now):
        return Reply()
    return Reply((turn.me("room.bind_first", {"phone": turn.park.phone}),))


def _of_staff(turn: Turn, issue: Issue, obey: Obey) -> Reply:
    if turn.incoming.revises:
        return _answer_edit(turn, issue)
    if turn.incoming.content.kind is Kind.EVENT:
        tapped = turn.incoming.action
        return _obey_action(turn, issue, tapped, obey) if tapped else Reply()
    if things.is_unreadable(turn):
        return Reply()  # among colleagues a sticker needs no answer
    note = _note(turn)
    if note is not None:
        return _keep_note(turn, issue, note)
    return albums.further(turn) or _answer_words(turn, issue, obey)


def _answer_words(turn: Turn, issue: Issue, obey: Obey) -> Reply:
    picked = menus.read_choice(turn)
    if isinstance(picked, Reply):
        return picked
    if picked:
        turn = replace(turn, media_id=turn.media_id or picked.media_id)
        return _obey_action(turn, issue, picked.action, obey)
    command = parse(turn, turn.text) if turn.text.strip() else None
    if command is None and number(turn.text):
        command = Command("view", number(turn.text))
    if command is not None:
        return _command(turn, issue, command, obey)
    asked = staff_words.find_expected(turn)
    if isinstance(asked, Reply):
        return asked
    return _command(turn, issue, asked, obey) if asked else _free(turn, issue)


def _obey_action(turn: Turn, issue: Issue, action: Action, obey: Obey) -> Reply:
    command = read_action(turn, action)
    if command is None:
        return Reply()
    return _command(turn.with_words(command.words, anyway=action.anyway), issue, command, obey)


def _command(turn: Turn, issue: Issue, command: Command, obey: Obey) -> Reply:
    """A command about this issue is answered here, any other in the person's own talk with us."""
    if command.verb == "undo":
        _check_own(turn)
    if command.verb == "send_anyway":
        return _anyway(turn, issue, command, obey)
    if command.verb in HERE and _may_mean(issue, command):
        return obey(turn, _of_this(issue, command)) or Reply()
    return _aside(turn, command, obey)


def _anyway(turn: Turn, issue: Issue, command: Command, obey: Obey) -> Reply:
    """`照发 反馈 …`: what is sent all the same is about this issue too."""
    inner = parse(turn, command.words)
    if inner is None or inner.verb not in collisions.VERBS:
        return _aside(turn, command, obey)
    return _command(replace(turn, anyway=True), issue, inner, obey)


def _aside(turn: Turn, command: Command, obey: Obey) -> Reply:
    assert turn.incoming.sender is not None
    own = threads.by_address(turn.db, turn.incoming.sender)
    assert own is not None, "who is one of the staff has a talk of their own"
    threads.change(turn.db, own.id, heard_at=turn.now)
    reply = obey(replace(turn, thread=own), command) or Reply()
    if reply.issue_id is not None:
        threads.change(turn.db, own.id, issue_id=reply.issue_id)
    return reply


def _free(turn: Turn, issue: Issue) -> Reply:
    """To the enterprise, if the person answers for the issue; nothing goes out by guess."""
    if not who(turn, issue) & working.ANSWERING:
        return _keep_note(turn, issue, words_of(turn))
    if staff_words.is_misspelt(turn):
        return staff_words.to_whom(turn, [issue])
    return staff_words.speak_to_firm(turn, issue, asked=True)


def _keep_note(turn: Turn, issue: Issue, words: str) -> Reply:
    """Of somebody who has to do with the issue it is a note; of others it is talk."""
    if who(turn, issue):
        return working.note(turn, _of_this(issue, Command("note", words=words)))
    return Reply((turn.me("room.not_sent", facts(turn, issue), issue_id=issue.id),))


def _answer_edit(turn: Turn, issue: Issue) -> Reply:
    """What went out is not called back by rewriting it; the new words are kept beside the old."""
    before = messages.by_key(turn.db, turn.incoming.revises)
    if before is None or before.text == turn.incoming.content.words:
        return Reply()
    return Reply((turn.me("revision.too_late", {"number": issue.number}, issue_id=issue.id),))


def _note(turn: Turn) -> str | None:
    """The words behind a `#`, whatever they are; None for words without it."""
    marks = {word for word, verb in turn.texts.commands.items() if verb == "note"}
    text = turn.text.strip()
    mark = fold(text)[:1]
    if not mark or mark.isalnum() or mark not in marks:
        return None
    return text[1:].strip()


def _may_mean(issue: Issue, command: Command) -> bool:
    """Whether this issue was chosen, or what was typed of a number fits it; in its room the nearest
    one is meant."""
    if command.issue_id is not None:
        return command.issue_id == issue.id
    given, whole = command.number, number(issue.number)
    if given is None or whole is None:
        return given is None
    same_day = given.day in (None, whole.day)
    return given.serial == whole.serial and same_day and given.prefix in (None, whole.prefix)


def _of_this(issue: Issue, command: Command) -> Command:
    """The command about the room's issue, so that no other can be meant."""
    return replace(command, issue_id=issue.id)


def _check_own(turn: Turn) -> None:
    event = issues.last_standing_of(turn.db, turn.thread.id)
    if event is not None and event.person_id != turn.person_id:
        raise Refused("room.undo_own", word=turn.texts.command("undo"))

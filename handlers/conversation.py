"""The path of one message through the handlers: what it can be, in which order, one reply."""

from dataclasses import replace

from bot.core.messages import Action, Kind, Refused
from bot.core.people import Role
from bot.core.reading import number
from handlers.dispatch import lists, menus, questions, quotes
from handlers.dispatch.command import Command
from handlers.dispatch.issue_lookup import Unclear
from handlers.dispatch.objects import BATCH
from handlers.dispatch.parse import parse, read_action
from handlers.dispatch.turn import Reply, Turn
from handlers.issues import batches, dangers, sealed_verbs, sealing
from handlers.people import former, welcome
from handlers.routes import BY_VERB
from handlers.sessions import evening_words
from handlers.talk import (
    albums,
    edits,
    firm_words,
    replies,
    rooms,
    sealed_words,
    silence,
    small_talk,
    spoken_commands,
    staff_words,
    things,
)


def answer(turn: Turn) -> Reply:
    """One message, one reply: a tap, an event, a digit, a command, an expected text, free words."""
    return silence.break_silence(turn, dangers.answer_danger(turn, _answer_or_ask))


def _answer_or_ask(turn: Turn) -> Reply:
    try:
        return _answer(turn)
    except Unclear as question:
        return question.reply


def _answer(turn: Turn) -> Reply:
    if turn.thread.is_parted:
        return former.answer_former(turn)
    if turn.incoming.sender is not None:
        return rooms.answer_room(turn, _obey_command)
    if turn.incoming.action is not None:
        return _obey_action(turn, turn.incoming.action)
    if turn.incoming.content.kind is Kind.EVENT:
        # A tap on a menu of the chat says a command; the rest is coming and going.
        return _answer_command(turn, chosen=True) or welcome.answer_event(turn)
    turn = quotes.follow_quote(turn)
    late = things.answer_thing(turn) or edits.answer_edit(turn) or albums.further(turn)
    if late is not None:
        return late
    picked = menus.read_choice(turn)
    if isinstance(picked, Reply):
        return picked
    if picked is not None:
        meant = replace(turn, media_id=turn.media_id or picked.media_id)
        return _obey_action(meant, picked.action)
    bare = _answer_command(turn) or _bare_number(turn) or welcome.bind_bare(turn)
    bare = bare or sealed_words.answer_sealed(turn)
    bare = bare or replies.answer_question(turn) or _answer_spoken(turn)
    return bare or _answer_expected(turn) or evening_words.ask_evening(turn) or _free(turn)


def _obey_action(turn: Turn, action: Action) -> Reply:
    """What was chosen goes to its route with the words it stands for, not with the digit."""
    command = read_action(turn, action)
    meant = turn.with_words(command.words, anyway=action.anyway) if command else turn
    reply = _obey_command(meant, command) if command else None
    if reply is None:
        raise Refused("refused.verb", word=turn.texts.phrase(action))
    return reply


def _answer_command(turn: Turn, *, chosen: bool = False) -> Reply | None:
    """The reply to a command, None when the text is none that this person may say."""
    command = parse(turn, turn.text) if turn.text.strip() else None
    return _obey_command(turn, replace(command, chosen=chosen)) if command else None


def _obey_command(turn: Turn, command: Command) -> Reply | None:
    route = BY_VERB.get(command.verb)
    if route is None:
        return None
    if turn.role not in route.who and not sealed_verbs.may_say(turn, command):
        if turn.role is Role.CONTACT:
            return None
        # A colleague's command must never be taken for words to an enterprise.
        raise Refused("refused.verb", word=turn.texts.command(command.verb))
    if turn.role is Role.CONTACT and route.bare and command.words and not command.chosen:
        return None
    questions.spend(turn)
    lists.outdate(turn, command)
    apart = sealing.keep_command_apart(turn, command)
    if apart is not None:
        return apart
    if (command.numbers or command.every) and command.verb in BATCH:
        return batches.do_batch(turn, command, route.handler)
    return route.handler(turn, command)


def _bare_number(turn: Turn) -> Reply | None:
    """Only a number: what it means on the list that was shown last, else how the issue stands; 119
    may be the fire brigade's."""
    if emergency := small_talk.answer_emergency(turn):
        return emergency
    meant = number(turn.text) if turn.text.strip() else None
    return _obey_command(turn, lists.open_line(turn, meant)) if meant else None


def _answer_spoken(turn: Turn) -> Reply | None:
    """A command that a colleague says freely."""
    found = spoken_commands.find_action(turn)
    return _obey_action(turn, found) if isinstance(found, Action) else found


def _answer_expected(turn: Turn) -> Reply | None:
    command = staff_words.find_expected(turn)
    if command is None or isinstance(command, Reply):
        return command
    questions.spend(turn)
    apart = sealing.keep_command_apart(turn, command)
    return apart or BY_VERB[command.verb].handler(turn, command)


def _free(turn: Turn) -> Reply:
    of_firm = turn.role is Role.CONTACT
    return firm_words.answer_contact(turn) if of_firm else staff_words.free_words(turn)

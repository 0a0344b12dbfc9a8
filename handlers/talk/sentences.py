"""Verbs with which an enterprise begins a sentence too, unless they name what they are about."""

from bot.core.people import Role
from handlers.dispatch.command import Command
from handlers.dispatch.turn import Reply, Turn
from handlers.issues import claims
from handlers.leaders import reforms
from handlers.people import absences
from handlers.sessions import attendance
from handlers.talk import firm_words


def identify(turn: Turn, command: Command) -> Reply:
    """An enterprise that begins with 企业 says a sentence unless it names an issue too."""
    if turn.role is Role.CONTACT and not command.names_thing:
        return firm_words.answer_contact(turn)
    return claims.identify(turn, command)


def revisit(turn: Turn, command: Command) -> Reply:
    """An enterprise that begins with 回访 says a sentence unless it gives a number too."""
    return (
        reforms.revisit(turn, command) if command.names_thing else firm_words.answer_contact(turn)
    )


def absence(turn: Turn, command: Command) -> Reply:
    """For an enterprise 请假 alone is about the session; with more words it is a sentence."""
    if turn.role is Role.CONTACT:
        return (
            firm_words.answer_contact(turn)
            if command.words
            else attendance.stay_away(turn, command)
        )
    return absences.absence(turn, command)

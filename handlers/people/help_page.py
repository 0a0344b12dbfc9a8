"""Somebody does not know what to say, or wants a human being."""

from collections.abc import Sequence

from bot.core.messages import Line, Say, ToDuty, ToPerson
from bot.core.people import Role
from handlers.dispatch.command import Command
from handlers.dispatch.turn import Reply, Turn
from storage.people import people


def show_help(turn: Turn, verbs: Sequence[str]) -> Reply:
    """`帮助`: a line for each thing this person may say."""
    if turn.role is Role.CONTACT and _is_only_marks(turn.text):
        return Reply((turn.me("help.hint"),))
    lines = tuple(Line(f"help.{verb}", {"word": turn.texts.command(verb)}) for verb in verbs)
    key = "help.contact" if turn.role is Role.CONTACT else "help.staff"
    return Reply((turn.me(key, {"lines": lines, "phone": turn.park.phone}),))


def _is_only_marks(text: str) -> bool:
    """`?`: somebody wonders; a page of commands is no answer to that."""
    return bool(text.strip()) and not any(char.isalnum() for char in text)


def human(turn: Turn, _command: Command) -> Reply:
    """`人工`: whom to call; whoever answers for an enterprise hears that it wants to be called."""
    firm = people.enterprise(turn.db, turn.person.enterprise_id) if turn.person else None
    liaison = people.by_id(turn.db, firm.liaison_id) if firm and firm.liaison_id else None
    told = {
        "liaison": Line("help.liaison", {"name": liaison.name, "phone": liaison.phone})
        if liaison
        else None,
        "phone": turn.park.phone,
    }
    if turn.role is not Role.CONTACT:
        return Reply((turn.me("help.human", told),))
    to = ToPerson(liaison.id) if liaison else ToDuty()
    card = {
        "enterprise": firm.name if firm else Line("people.unknown_firm"),
        "name": turn.person.name if turn.person else Line("people.stranger"),
        "phone": turn.person.phone or None if turn.person else None,
        "text": turn.text,
    }
    return Reply((turn.me("help.called", told), Say(to, "notice.call", card)))

"""`绑定码 恒宇`, `绑定码 赵强`: a fresh code for one phone of a firm or of a person."""

from bot.actions.codes import give_code
from bot.core.names.colleagues import close_up
from bot.core.people import STAFF, Person
from handlers.dispatch.command import Command
from handlers.dispatch.turn import Reply, Turn
from handlers.people.figures import find_firm
from storage.people import people


def give_binding_code(turn: Turn, command: Command) -> Reply:
    """A colleague by the whole name, else a firm. Raises Refused when it is neither."""
    until = turn.now + turn.park.limits.code
    whose = _find_colleague(turn, command.words) or find_firm(turn, command)
    ids = {"person_id" if isinstance(whose, Person) else "enterprise_id": whose.id}
    told = {"name": whose.name, "code": give_code(turn.db, until, **ids), "until": until}
    return Reply((turn.me("figures.code", told),))


def _find_colleague(turn: Turn, name: str) -> Person | None:
    word = close_up(name)
    staff = (person for role in sorted(STAFF) for person in people.of_role(turn.db, role))
    found = [person for person in staff if word and close_up(person.name) == word]
    return found[0] if len(found) == 1 else None

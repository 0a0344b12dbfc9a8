"""Somebody writes who has left, or from a phone that is not theirs any more: a polite word, and
nothing they say or tap does anything. A new code makes the phone somebody's again."""

from bot.core.binding_codes import is_like_code, read_code
from bot.core.messages import Event, Kind, Refused
from bot.core.reading import fold, split_word
from handlers.dispatch.turn import Reply, Turn
from handlers.people import welcome
from storage.delivery import threads
from storage.people import codes, people


def answer_former(turn: Turn) -> Reply:
    """The words are kept with the message, as all are. Raises Refused, which says what to do."""
    content = turn.incoming.content
    if content.event is Event.UNSUBSCRIBE:
        threads.change(turn.db, turn.thread.id, left_at=turn.now)
        return Reply()
    code = _find_code(turn)
    if code:
        return welcome.bind_code(turn, code)
    if content.kind is Kind.EVENT and turn.incoming.action is None and not content.text:
        return Reply()
    person = people.get(turn.db, turn.thread.former_id or 0)
    told = {"name": person.name, "phone": turn.park.phone}
    if not person.has_left:
        raise Refused("former.unbound", **told)
    firm = people.enterprise(turn.db, person.enterprise_id)
    raise Refused("former.left", **told, role=person.role, enterprise=firm.name if firm else None)


def _find_code(turn: Turn) -> str:
    """A code that was given out, alone or after the word that says so; "" for all else."""
    if turn.incoming.action is not None:
        return ""
    first, rest = split_word(turn.text)
    said = rest if turn.texts.commands.get(fold(first).lower()) == "bind" else turn.text
    code = read_code(said)
    return code if is_like_code(said) and codes.by_code(turn.db, code) else ""

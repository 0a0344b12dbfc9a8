"""First contact: who we are, what we keep, whose phone this is, what can be said."""

from bot.core.binding_codes import is_like_code, read_code
from bot.core.messages import Action, Event, Option, Refused, Say, ToDuty
from bot.core.people import Person, Role
from handlers.dispatch.command import Command
from handlers.dispatch.turn import Reply, Turn
from storage.delivery import threads
from storage.issues import issues
from storage.people import codes, people


def privacy(turn: Turn, *, asks: bool = True) -> Say:
    """Who keeps what, what for, how long, how to have it deleted; asks for consent, unless the
    digits belong to what was said before it."""
    told = {"park": turn.park.name, "phone": turn.park.phone}
    agree = Option("options.consent", Action("consent"))
    return turn.me("welcome.privacy", told, [agree] if asks else [])


def answer_event(turn: Turn) -> Reply:
    """A platform's event: following, scanning a code, tapping the menu, leaving."""
    content = turn.incoming.content
    if content.event is Event.UNSUBSCRIBE:
        threads.change(turn.db, turn.thread.id, left_at=turn.now)
        return Reply()
    if content.event in (Event.SUBSCRIBE, Event.SCAN):
        # A square of somebody else's, or a payment, brings people too.
        ours = is_like_code(content.text)
        return bind_code(turn, content.text) if ours else _greet_newcomer(turn)
    return Reply()


def bind(turn: Turn, command: Command) -> Reply:
    """`绑定 CODE`: this thread speaks for the enterprise, or is the person, that the code names."""
    if not command.words:
        raise Refused("bind.how", phone=turn.park.phone)
    return bind_code(turn, command.words)


def bind_bare(turn: Turn) -> Reply | None:
    """A code alone binds; of somebody who is bound already only one that was given out. None for
    any other words."""
    code = read_code(turn.text)
    mixed = is_like_code(turn.text) and not (code.isalpha() or code.isdigit())
    if not mixed or (turn.person and codes.by_code(turn.db, code) is None):
        return None
    return bind_code(turn, code)


def consent(turn: Turn, _command: Command) -> Reply:
    """`同意`: the privacy notice is agreed to."""
    threads.change(turn.db, turn.thread.id, consented_at=turn.now)
    return Reply((turn.me("welcome.consented"),))


def _greet_newcomer(turn: Turn) -> Reply:
    threads.change(turn.db, turn.thread.id, welcomed_at=turn.now)
    told = {"park": turn.park.name}
    says = [turn.me("welcome.greeting", told)]
    if turn.thread.consented_at is None:
        says.append(privacy(turn))
    return Reply(tuple(says))


def bind_code(turn: Turn, words: str) -> Reply:
    """This thread is now who the code was given for. Raises Refused where it opens nothing."""
    code = codes.by_code(turn.db, read_code(words))
    if code is None or code.used_at is not None or code.expires_at < turn.now:
        raise Refused("bind.unknown", phone=turn.park.phone)
    if code.person_id is not None:
        return _bind_to_person(turn, code)
    return _bind_to_enterprise(turn, code)


def _bind_to_person(turn: Turn, code: codes.Code) -> Reply:
    person = people.get(turn.db, code.person_id or 0)
    if person.has_left:
        raise Refused("bind.unknown", phone=turn.park.phone)
    if turn.person is not None and turn.person.id != person.id:
        return _refuse_other(turn, code, turn.person, person.name)
    _spend(turn, code, person.id)
    return Reply((turn.me("bind.person", {"name": person.name, "role": person.role}),))


def _bind_to_enterprise(turn: Turn, code: codes.Code) -> Reply:
    firm = people.enterprise(turn.db, code.enterprise_id)
    assert firm is not None, "a code points at an enterprise that is there"
    if turn.person is not None and turn.role is not Role.CONTACT:
        return _refuse_other(turn, code, turn.person, firm.name)
    if firm.has_left:
        raise Refused("bind.unknown", phone=turn.park.phone)
    person_id = turn.person_id or _find_former(turn, firm.id)
    if person_id is None:
        name = turn.texts.render("people.contact_of", {"enterprise": firm.name})
        person_id = people.add_person(turn.db, name, Role.CONTACT, enterprise_id=firm.id)
    else:
        people.change_person(turn.db, person_id, enterprise_id=firm.id)
    _spend(turn, code, person_id)
    issues.adopt(turn.db, turn.thread.id, firm.id, person_id)
    liaison = people.by_id(turn.db, firm.liaison_id) if firm.liaison_id else None
    told = {"enterprise": firm.name, "liaison": liaison.name if liaison else None}
    return Reply((turn.me("bind.enterprise", told), *_ask_consent(turn)))


def _find_former(turn: Turn, firm_id: int) -> int | None:
    """Whose phone it was, where they still speak for this firm."""
    former = people.by_id(turn.db, turn.thread.former_id)
    still = former and not former.has_left and former.enterprise_id == firm_id
    return former.id if former and still else None


def _refuse_other(turn: Turn, code: codes.Code, person: Person, other: str) -> Reply:
    """A code of somebody else's turns nobody into them: it opens nothing any more, for whoever has
    it may not be who it was given to, and the duty desk hears of it."""
    codes.use(turn.db, code.code, turn.thread.id, turn.now)
    told = {"name": person.name, "role": person.role, "other": other, "phone": turn.park.phone}
    desk = Say(ToDuty(), "bind.crossed", told)
    return Reply((turn.me("bind.other", told), desk), refused=True)


def _ask_consent(turn: Turn) -> list[Say]:
    return [privacy(turn)] if turn.thread.consented_at is None else []


def _spend(turn: Turn, code: codes.Code, person_id: int) -> None:
    codes.use(turn.db, code.code, turn.thread.id, turn.now)
    now_theirs = {"person_id": person_id, "former_id": None, "welcomed_at": turn.now}
    threads.change(turn.db, turn.thread.id, **now_theirs)

"""What is said back to words of an enterprise that touch no issue: short, with the next step."""

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType

from bot.core.messages import Action, Line, Option, Refused, Say, ToDuty
from bot.core.names.colleagues import close_up
from bot.core.people import Person, Role
from bot.core.reading import fold, number
from bot.core.talk.acts import Act
from handlers.dispatch.command import Command
from handlers.dispatch.issue_lookup import scope
from handlers.dispatch.turn import Reply, Turn
from handlers.people import welcome
from handlers.sessions import series
from handlers.talk import calls
from handlers.talk.state import list_open
from storage.delivery import threads
from storage.issues import issues
from storage.people import people

_PHONE = re.compile(r"(?:\+?86)?[ -]?1\d{2}[ -]?\d{4}[ -]?\d{4}|0\d{2,3}[ -]?\d{7,8}")
"""A phone number and nothing else."""


def answer(turn: Turn, act: Act, words: str) -> Reply:
    """The answer to an act that touches no issue."""
    phone = is_guest(turn) and turn.role is Role.CONTACT and _PHONE.fullmatch(fold(words))
    reply = (_pass_on_registration if phone else _ANSWERS.get(act, _not_clear))(turn, words)
    # The digits of the last message are those that count: the notice must not take them.
    if turn.thread.welcomed_at is not None or any(say.options for say in reply.says):
        return reply
    threads.change(turn.db, turn.thread.id, welcomed_at=turn.now)
    return Reply((*reply.says, welcome.privacy(turn)), reply.issue_id)


def _tell_who(turn: Turn, words: str) -> Reply:
    """Who answers for the writer's firm, by name and phone."""
    options = [offer_filing(words)]
    leader = _find_leader(turn, words)
    if leader is not None:
        named = {"name": leader.name, "phone": turn.park.phone}
        return Reply((turn.me("talk.who_leader", named, options),))
    firm = people.enterprise(turn.db, turn.person.enterprise_id) if turn.person else None
    if firm is None:
        return Reply((turn.me("talk.who_unbound", {"phone": turn.park.phone}, options),))
    told = {
        "enterprise": firm.name,
        "liaison": _name(turn, "talk.liaison", firm.liaison_id),
        "deputy": _name(turn, "talk.deputy", firm.deputy_id),
        "phone": turn.park.phone,
    }
    return Reply((turn.me("talk.who", told, options),))


def _find_leader(turn: Turn, words: str) -> Person | None:
    """The leader that a question for somebody's number names: their phones are not given out."""
    text = close_up(words)
    named = (
        leader for leader in people.of_role(turn.db, Role.LEADER) if close_up(leader.name) in text
    )
    return next(named, None)


def answer_emergency(turn: Turn) -> Reply | None:
    """119 alone is the fire brigade, unless the writer has an issue of that number too."""
    if turn.role is not Role.CONTACT or turn.text.strip() not in turn.texts.list_words(
        "reading.emergency"
    ):
        return None
    meant = number(turn.text)
    if meant is not None and issues.by_number(turn.db, meant, scope(turn)):
        return None
    return Reply((turn.me("talk.emergency", {"phone": turn.park.phone}),))


def _name(turn: Turn, key: str, person_id: int | None) -> Line | None:
    person = people.by_id(turn.db, person_id) if person_id else None
    return Line(key, {"name": person.name, "phone": person.phone or None}) if person else None


def _greet(turn: Turn, _words: str) -> Reply:
    count = len(list_open(turn))
    told = {
        "park": turn.park.name,
        "open": Line("talk.open", {"count": count}) if count else None,
    }
    return Reply((turn.me("talk.greeting", told),))


def _acknowledge(turn: Turn, _words: str) -> Reply:
    return Reply((turn.me("thanks.noted"),), turn.thread.issue_id)


def _tell_sessions(turn: Turn, words: str) -> Reply:
    try:
        said = series.overview(turn, Command("session"))
    except Refused as refusal:
        return Reply((turn.me(refusal.key, refusal.values), *_offer(turn, words)))
    return Reply((*said.says, turn.me("talk.sessions")))


def _explain(turn: Turn, words: str) -> Reply:
    """How the service works; who asks how to register is told, and the duty desk hears of it."""
    if any(word in words for word in turn.texts.list_words("reading.register")):
        return _explain_registering(turn, words)
    told = {"phone": turn.park.phone}
    return Reply((turn.me("talk.process", told, [offer_filing(words)]),))


def _explain_registering(turn: Turn, words: str) -> Reply:
    told = {"text": words, **_describe_writer(turn)}
    if is_guest(turn):
        me = turn.me("talk.register_guest", {"phone": turn.park.phone})
        return Reply((me, Say(ToDuty(), "talk.register_notice", told)))
    me = turn.me("talk.register", {"phone": turn.park.phone})
    return Reply((me, Say(ToDuty(), "talk.register_notice", told)))


def _note_record(turn: Turn, words: str) -> Reply:
    """Another contact, another address: the duty desk changes the register."""
    if is_guest(turn):
        return _pass_on_registration(turn, words)
    told = {"text": words, **_describe_writer(turn)}
    me = turn.me("talk.record", {"phone": turn.park.phone}, [offer_filing(words)])
    return Reply((me, Say(ToDuty(), "talk.record_notice", told)))


def is_guest(turn: Turn) -> bool:
    """Whether the writer speaks for no firm that is known."""
    return turn.person is None or turn.person.enterprise_id is None


def _pass_on_registration(turn: Turn, words: str) -> Reply:
    """A firm's name, a person, a phone: the duty desk sends the code, and the guest knows it."""
    told = {"text": words, **_describe_writer(turn)}
    me = turn.me("talk.register_told", {"phone": turn.park.phone}, [offer_filing(words)])
    return Reply((me, Say(ToDuty(), "talk.register_notice", told)))


def _describe_writer(turn: Turn) -> dict[str, object]:
    firm = people.enterprise(turn.db, turn.person.enterprise_id) if turn.person else None
    return {
        "enterprise": firm.name if firm else Line("people.unknown_firm"),
        "name": turn.person.name if turn.person else Line("people.stranger"),
        "phone": turn.person.phone or None if turn.person else None,
    }


def _call(turn: Turn, _words: str) -> Reply:
    return calls.human(turn, Command("human"))


def _calm(turn: Turn, words: str) -> Reply:
    """Anger is never met with silence: a person to speak to, and the matter behind it."""
    human = Option("options.meant_call", Action("human"))
    return Reply((turn.me("talk.anger", {"phone": turn.park.phone}, [human, offer_filing(words)]),))


def _tell_nothing_open(turn: Turn, words: str) -> Reply:
    return Reply((turn.me("talk.nothing_open", options=[offer_filing(words)]),))


def _tell_nothing_done(turn: Turn, words: str) -> Reply:
    return Reply((turn.me("talk.nothing_done", options=[offer_filing(words)]),))


def _chat(turn: Turn, words: str) -> Reply:
    return Reply((turn.me("talk.chat", options=[offer_filing(words)]),))


def _hush(turn: Turn, _words: str) -> Reply:
    return Reply((turn.me("talk.noise"),))


def _not_clear(turn: Turn, words: str) -> Reply:
    return Reply((turn.me("talk.not_clear", options=[offer_filing(words)]),))


def _offer(turn: Turn, words: str) -> tuple[Say, ...]:
    return (turn.me("talk.chat", options=[offer_filing(words)]),)


def ask_about_notice(turn: Turn, words: str) -> Reply:
    """A notice that is passed on asks for nothing by itself: it is filed only where somebody says
    so."""
    wanted = Option("options.notice", Action("is_matter", words=words))
    return Reply((turn.me("talk.notice", options=[wanted]),))


def offer_filing(words: str) -> Option:
    """The words were a matter after all: one digit files them."""
    return Option("options.is_matter", Action("is_matter", words=words))


_ANSWERS: Mapping[Act, Callable[[Turn, str], Reply]] = MappingProxyType(
    {
        Act.GREETING: _greet,
        Act.THANKS: _acknowledge,
        Act.CONTACT: _tell_who,
        Act.SESSIONS: _tell_sessions,
        Act.PROCESS: _explain,
        Act.HUMAN: _call,
        Act.RECORD: _note_record,
        Act.ANGER: _calm,
        Act.PROGRESS: _tell_nothing_open,
        Act.WITHDRAW: _tell_nothing_done,
        Act.MISSENT: _tell_nothing_done,
        Act.SOLVED: _tell_nothing_done,
        Act.UNSOLVED: _tell_nothing_open,
        Act.CORRECTION: _tell_nothing_open,
        Act.CHAT: _chat,
        Act.NOISE: _hush,
    }
)

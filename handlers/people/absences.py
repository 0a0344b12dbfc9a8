"""Somebody says that they will be away, or the duty desk says it for them."""

from collections.abc import Callable
from datetime import date

from bot.actions.issues import hand_over
from bot.actions.issues.assign import today
from bot.core.absences import Unreadable, Wish, read_absence
from bot.core.messages import Action, Line, Option, Refused, Say, ToPerson
from bot.core.names.colleagues import find_colleagues
from bot.core.people import Person, Role
from handlers.dispatch.command import Command
from handlers.dispatch.issue_lookup import MOST, Unclear
from handlers.dispatch.turn import Reply, Turn
from handlers.people.lookup import staff
from storage.issues import loads
from storage.people import absences, people
from storage.people.absences import Absence


def absence(turn: Turn, command: Command) -> Reply:
    """`请假 10-14 至 10-16 交 小李`, `请假 明天`, `请假 取消`; the duty desk puts a name first."""
    if not command.words:
        return Reply((turn.me("absence.which_days", expect=Action("absence")),))
    try:
        wish = read_absence(command.words, today(turn))
    except Unreadable:
        expect = Action("absence")
        return Reply((turn.me("absence.unreadable", {"text": command.words}, expect=expect),))
    person = _whose(turn, wish)
    if wish.cancel:
        return _cancel_absence(turn, person)
    substitute = _substitute(turn, wish, person) if wish.to else None
    return _enter_absence(turn, wish, person, substitute)


def _whose(turn: Turn, wish: Wish) -> Person:
    """Oneself, or whom the duty desk names."""
    assert turn.person is not None
    if not wish.who:
        return turn.person
    found = find_colleagues(wish.who, [*staff(turn), *people.of_role(turn.db, Role.LEADER)])
    if turn.role is not Role.OFFICE and turn.person not in found:
        raise Refused("absence.only_the_desk", name=wish.who)
    if turn.role is not Role.OFFICE:
        return turn.person
    return _one(turn, wish.who, found, lambda one: _sentence(turn, wish, one.name, wish.to))


def _substitute(turn: Turn, wish: Wish, person: Person) -> Person:
    """A colleague; for a leader another leader."""
    leads = person.role is Role.LEADER
    known = people.of_role(turn.db, Role.LEADER) if leads else staff(turn)
    others = [colleague for colleague in known if colleague.id != person.id]
    found = find_colleagues(wish.to, others)
    if leads and not found:
        names = " ".join(colleague.name for colleague in others)
        raise Refused("absence.only_leaders", name=wish.to, names=names)
    return _one(turn, wish.to, found, lambda one: _sentence(turn, wish, person.name, one.name))


def _one(
    turn: Turn, name: str, found: list[Person], sentence: Callable[[Person], Action]
) -> Person:
    """The only one a name can mean; several are asked as digits."""
    if not found:
        raise Refused("refused.nobody", name=name)
    if len(found) == 1:
        return found[0]
    if len({person.name for person in found}) < len(found):
        raise Refused("refused.several", name=name)
    options = [
        Option("options.named", sentence(person), {"name": person.name}) for person in found[:MOST]
    ]
    raise Unclear(Reply((turn.me("absence.who", {"name": name}, options),)))


def _sentence(turn: Turn, wish: Wish, who: str, to: str) -> Action:
    """The same wish with full names."""
    days = {"first": wish.first.isoformat(), "last": wish.last.isoformat()}
    key = "absence.say_to" if to else "absence.say"
    key = "absence.say_cancel" if wish.cancel else key
    said = turn.texts.render(key, {"word": "", "who": who, "to": to, **days})
    return Action("absence", words=said.strip())


def _enter_absence(turn: Turn, wish: Wish, person: Person, substitute: Person | None) -> Reply:
    for old in absences.open_of(turn.db, person.id):
        if wish.first <= old.first and old.last <= wish.last:
            hand_over.call_off(turn, old)
    to = substitute.id if substitute else None
    entered = absences.enter(turn.db, person.id, wish.first, wish.last, to, turn.person_id)
    instead = hand_over.stand_ins(turn, entered)
    told = {
        "name": person.name,
        "period": _period(entered),
        "to": "、".join(stand_in.name for stand_in in instead) or Line(_pick_key("no_one", person)),
        "chain": _chain(substitute, instead),
        "count": loads.open_of(turn.db, person.id),
    }
    says = [turn.me(_pick_key("done", person), told, [_cancel_option(turn, person)])]
    if person.id != turn.person_id:
        by = turn.person.name if turn.person else None
        says.append(Say(ToPerson(person.id), _pick_key("entered", person), {**told, "by": by}))
    says += [Say(ToPerson(stand_in.id), _pick_key("asked", person), told) for stand_in in instead]
    if entered.covers(today(turn)):
        says += hand_over.begin(turn, entered)
    return Reply(tuple(says))


def _pick_key(key: str, person: Person) -> str:
    """A leader holds nothing: what comes up to them goes to somebody else."""
    return f"absence.{key}_leader" if person.role is Role.LEADER else f"absence.{key}"


def _chain(substitute: Person | None, instead: list[Person]) -> Line | None:
    """The named one is away as well: said at once, not found out later."""
    if substitute is None or substitute in instead:
        return None
    return Line("absence.also_away", {"name": substitute.name})


def _cancel_absence(turn: Turn, person: Person) -> Reply:
    found = absences.open_of(turn.db, person.id)
    if not found:
        raise Refused("absence.none", name=person.name)
    called_off = found[0]
    told = {"name": person.name, "period": _period(called_off)}
    me = turn.me("absence.cancelled", told)
    if called_off.begun_at is not None:
        mine = ToPerson(turn.person_id or 0)
        return Reply((me, *(say for say in hand_over.end(turn, called_off) if say.to != mine)))
    instead = hand_over.stand_ins(turn, called_off)
    hand_over.call_off(turn, called_off)
    others = [recipient for recipient in (person, *instead) if recipient.id != turn.person_id]
    return Reply(
        (me, *(Say(ToPerson(recipient.id), "absence.called_off", told) for recipient in others))
    )


def _cancel_option(turn: Turn, person: Person) -> Option:
    who = "" if person.id == turn.person_id else person.name
    said = turn.texts.render("absence.say_cancel", {"word": "", "who": who})
    return Option("options.cancel_absence", Action("absence", words=said.strip()))


def _period(found: Absence) -> Line:
    days: dict[str, date] = {"first": found.first, "last": found.last}
    return Line("absence.day" if found.first == found.last else "absence.days", days)

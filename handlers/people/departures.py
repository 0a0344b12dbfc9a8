"""`离岗 赵强 交 钱进`: a colleague leaves; nothing of theirs counts from this moment on."""

from collections.abc import Sequence

from bot.actions import departures as parting
from bot.actions.issues.cards import undo_option
from bot.core.departures import Ending, Leaving, read_leaving
from bot.core.messages import Action, Option, Refused, Say, ToDuty, ToPerson
from bot.core.names.colleagues import find_colleagues
from bot.core.people import OWNERS, STAFF, Person, Role
from handlers.dispatch.command import Command
from handlers.dispatch.issue_lookup import MOST, Unclear
from handlers.dispatch.turn import Reply, Turn
from handlers.issues.retraction import check_still_last, take_back_step
from handlers.people import unbinding
from storage.delivery import outbox, threads
from storage.issues import issues
from storage.people import people
from storage.people.departures import Departure

DESK = "desk"
"""The act of the line that leaves all of it to the duty desk."""


def leave(turn: Turn, command: Command) -> Reply:
    """`离岗 赵强 交 钱进`; without a successor it is asked who it is, or the duty desk."""
    if not command.words and command.target_id is None:
        raise Refused("departure.how")
    said = read_leaving(command.words) if command.target_id is None else Leaving("", command.words)
    person = _find_leaver(turn, command, said)
    if person.role is Role.CONTACT:
        return unbinding.ask_how(turn, person)
    _check_desk(turn, person)
    if not said.to and command.act != DESK:
        return _ask_successor(turn, person)
    to = find_successor(turn, person, said.to) if said.to else None
    left = parting.leave(turn, person, to, by=turn.person, thread_id=turn.thread.id)
    told = {
        "name": person.name,
        "to": to.name if to else None,
        "count": len(left.issues),
        "moved": parting.describe(turn, left.moved),
        "minutes": int(turn.park.limits.undo_within.total_seconds() // 60),
    }
    me = turn.me("departure.done" if to else "departure.done_desk", told, [undo_option()])
    desk = () if turn.role is Role.OFFICE else (Say(ToDuty(), "departure.noticed", told),)
    return Reply((me, *desk, *left.says))


def ask_leaving(turn: Turn, said: Leaving) -> Reply | None:
    """What was said freely is asked by a digit; who may not do it tells the duty desk. None where
    it names no colleague."""
    found = find_colleagues(said.who, _list_staff(turn))
    if len(found) != 1 or found[0].id == turn.person_id:
        return None
    person = found[0]
    to = find_colleagues(said.to, _list_successors(turn, person)) if said.to else []
    name = to[0].name if len(to) == 1 else ""
    told = {"name": person.name, "to": name or None}
    yes = Option(
        "options.leave", Action("leave", target_id=person.id, number=person.name, words=name), told
    )
    if turn.role in (Role.OFFICE, Role.LEADER):
        return Reply((turn.me("departure.ask", told, [yes]),))
    told["by"] = turn.person.name if turn.person else None
    return Reply(
        (turn.me("departure.told_desk", told), Say(ToDuty(), "departure.said", told, (yes,)))
    )


def take_back(turn: Turn, departure: Departure) -> Reply:
    """It is as it was: their phones, what stood in their name, the matters nobody has taken yet."""
    person = people.get(turn.db, departure.person_id)
    parting.put_back(turn, departure)
    stayed = _retract_offers(turn, departure.because)
    gone = outbox.take_back(turn.db, departure.because, turn.now, turn.thread.id)
    told = {"name": person.name, "stayed": len(stayed)}
    key = "departure.undone_partly" if stayed else "departure.undone"
    key = "departure.unbound" if departure.parting is Ending.UNBOUND else key
    says = [turn.me(key, told)]
    heir = departure.successor_id
    if heir and any(threads.get(turn.db, parcel.thread_id).person_id == heir for parcel in gone):
        says.append(Say(ToPerson(heir), "departure.called_off", told))
    return Reply(tuple(says))


def _retract_offers(turn: Turn, because: str) -> list[int]:
    """What nobody has gone on with is as it was; the ids of the matters that stay with others."""
    stayed: list[int] = []
    for issue_id in issues.list_touched(turn.db, because):
        done = [event for event in issues.history(turn.db, issue_id) if event.because == because]
        issue = issues.get(turn.db, issue_id)
        try:
            check_still_last(turn, issue, done[0], issue.number)
        except Refused:
            stayed.append(issue_id)
        else:
            take_back_step(turn, issue, done[0])
    return stayed


def find_successor(turn: Turn, person: Person, name: str) -> Person:
    """The colleague of this name who can have what the person had: of a leader another leader."""
    known = _list_successors(turn, person)
    found = find_colleagues(name, known)
    if not found:
        names = " ".join(colleague.name for colleague in known[:MOST])
        raise Refused("departure.no_successor", name=name, names=names)
    if len(found) > 1:
        raise Unclear(_which(turn, name, [_option(person, colleague) for colleague in found]))
    return found[0]


def _find_leaver(turn: Turn, command: Command, said: Leaving) -> Person:
    if command.target_id is not None:
        person = people.by_id(turn.db, command.target_id)
        if person is None or person.has_left:
            raise Refused("departure.gone", name=person.name if person else "")
        return person
    found = find_colleagues(said.who, _list_staff(turn))
    if not found:
        contacts = unbinding.list_contacts(turn, said.who)
        if len(contacts) == 1:
            return contacts[0]
        raise Refused("refused.nobody", name=said.who)
    if len(found) > 1:
        options = [
            Option(
                "options.named_role",
                Action("leave", target_id=person.id, number=person.name, words=said.to),
                {"name": person.name, "role": person.role},
            )
            for person in found[:MOST]
        ]
        raise Unclear(_which(turn, said.who, options))
    return found[0]


def _check_desk(turn: Turn, person: Person) -> None:
    """The duty desk is never empty: what nobody takes has to lie somewhere."""
    alone = person.role is Role.OFFICE and len(people.of_role(turn.db, Role.OFFICE)) == 1
    if alone:
        raise Refused("departure.last_desk", name=person.name)


def _ask_successor(turn: Turn, person: Person) -> Reply:
    known = _list_successors(turn, person)
    near = sorted(known, key=lambda colleague: (colleague.role != person.role, colleague.id))
    options = [_option(person, colleague) for colleague in near[: MOST - 1]]
    desk = Action("leave", target_id=person.id, number=person.name, act=DESK)
    options.append(Option("options.leave_to_desk", desk))
    return Reply((turn.me("departure.whom", {"name": person.name}, options),))


def _option(person: Person, to: Person) -> Option:
    action = Action("leave", target_id=person.id, number=person.name, words=to.name)
    return Option("options.named_role", action, {"name": to.name, "role": to.role})


def _which(turn: Turn, name: str, options: Sequence[Option]) -> Reply:
    return Reply((turn.me("absence.who", {"name": name}, list(options)),))


def _list_staff(turn: Turn) -> list[Person]:
    return [person for role in sorted(STAFF) for person in people.of_role(turn.db, role)]


def _list_successors(turn: Turn, person: Person) -> list[Person]:
    roles = {Role.LEADER} if person.role is Role.LEADER else OWNERS
    return [colleague for colleague in _list_staff(turn)
            if colleague.role in roles and colleague.id != person.id]  # fmt: skip

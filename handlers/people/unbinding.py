"""`解绑 王芳`: a phone is not hers any more, or she speaks for her firm no more."""

from bot.actions import departures as parting
from bot.actions.issues.cards import undo_option
from bot.core.messages import Action, Line, Option, Recipient, Refused, Say, ToDuty, ToPerson
from bot.core.names.colleagues import close_up, find_colleagues
from bot.core.people import STAFF, Enterprise, Person, Role
from handlers.dispatch.command import Command
from handlers.dispatch.issue_lookup import MOST, Unclear
from handlers.dispatch.turn import Reply, Turn
from storage.delivery import threads
from storage.delivery.threads import Thread
from storage.people import people

ALL, LEFT = "all", "left"
"""Acts of 解绑: every phone of a person; the person is a contact no more."""
TOLD = "told"
"""The act of 换联系人: the liaison is to hear of it."""


def unbind(turn: Turn, command: Command) -> Reply:
    """`解绑 赵强`: a phone that is lost or was changed; of several it is asked which. Of a firm's
    contact it is asked whether only the phone is meant."""
    if command.target_id is None and not command.words:
        raise Refused("unbind.how")
    person = _find_person(turn, command)
    _check_may(turn, person)
    if command.act == LEFT:
        return end_contact(turn, person)
    if person.role is Role.CONTACT and command.target_id is None:
        return ask_how(turn, person)
    found = threads.of_everywhere(turn.db, person.id)
    if not found:
        raise Refused("unbind.no_phone", name=person.name)
    chosen = [thread for thread in found if command.act in (ALL, str(thread.id))]
    if not chosen and len(found) > 1:
        return _ask_which(turn, person, found)
    parting.unbind(turn, person, chosen or found, by=turn.person, thread_id=turn.thread.id)
    told = {"name": person.name, "left": len(found) - len(chosen or found)}
    new = Option("options.new_code", Action("binding_code", words=person.name), told)
    more = [new] if turn.role is Role.OFFICE else []
    return Reply((turn.me("unbind.done", told, [*more, undo_option()]),))


def ask_how(turn: Turn, person: Person) -> Reply:
    """Only the phone, or the person as well?"""
    _check_may(turn, person)
    firm = people.enterprise(turn.db, person.enterprise_id)
    told = {"name": person.name, "enterprise": firm.name if firm else None}
    options = [
        Option("options.unbind_phone", Action("unbind", target_id=person.id, number=person.name)),
        Option(
            "options.end_contact",
            Action("unbind", target_id=person.id, number=person.name, act=LEFT),
            told,
        ),
    ]
    return Reply((turn.me("unbind.how_contact", told, options),))


def end_contact(turn: Turn, person: Person) -> Reply:
    """She speaks for her firm no more; what she said stays the firm's."""
    if person.role is not Role.CONTACT:
        raise Refused("departure.how")
    parting.leave(turn, person, None, by=turn.person, thread_id=turn.thread.id)
    firm = people.enterprise(turn.db, person.enterprise_id)
    others = people.contacts_of(turn.db, firm.id) if firm else []
    told = {
        "name": person.name,
        "enterprise": firm.name if firm else None,
        "others": "、".join(other.name for other in others) or None,
    }
    code = Action("binding_code", words=firm.name if firm else "")
    more = [Option("options.new_code", code)] if turn.role is Role.OFFICE and firm else []
    key = "contact.ended" if others else "contact.ended_last"
    return Reply((turn.me(key, told, [*more, undo_option()]),))


def change_contact(turn: Turn, command: Command) -> Reply:
    """`换联系人 小李` of a contact: asked, and told to whoever answers for the firm; of a colleague
    the contact of this name speaks for their firm no more."""
    if turn.role is not Role.CONTACT:
        return unbind(turn, command)
    if turn.person is None or turn.person.enterprise_id is None:
        raise Refused("contact.not_bound", phone=turn.park.phone)
    if command.act != TOLD:
        return ask_change(turn, command.words)
    firm = people.enterprise(turn.db, turn.person.enterprise_id)
    assert firm is not None, "a contact's firm is there"
    return _tell_change(turn, turn.person, firm, command.words)


def ask_change(turn: Turn, to: str) -> Reply:
    """What a contact said is asked before anybody is told."""
    told = {"to": to or Line("contact.somebody")}
    yes = Option("options.change_contact", Action("end_contact", act=TOLD, words=to), told)
    no = Option("options.new", Action("new", words=turn.text))
    return Reply((turn.me("contact.ask", told, [yes, no]),))


def list_contacts(turn: Turn, name: str) -> list[Person]:
    """The firms' contacts of exactly this name."""
    known = people.of_role(turn.db, Role.CONTACT)
    return [person for person in known if close_up(person.name) == close_up(name)]


def _tell_change(turn: Turn, person: Person, firm: Enterprise, to: str) -> Reply:
    liaison = people.by_id(turn.db, firm.liaison_id) if firm.liaison_id else None
    told = {
        "name": person.name,
        "enterprise": firm.name,
        "to": to or Line("contact.somebody"),
        "liaison": liaison.name if liaison else Line("people.duty_desk"),
        "phone": liaison.phone if liaison and liaison.phone else turn.park.phone,
    }
    end = Option(
        "options.end_contact",
        Action("unbind", target_id=person.id, number=person.name, act=LEFT),
        told,
    )
    code = Option("options.new_code", Action("binding_code", words=firm.name))
    to_whom: Recipient = ToPerson(liaison.id) if liaison else ToDuty()
    says = [turn.me("contact.told", told), Say(to_whom, "contact.change", told, (end,))]
    if liaison:
        says.append(Say(ToDuty(), "contact.change", told, (code, end)))
    return Reply(tuple(says))


def _find_person(turn: Turn, command: Command) -> Person:
    if command.target_id is not None:
        person = people.by_id(turn.db, command.target_id)
        if person is None or person.has_left:
            raise Refused("departure.gone", name=person.name if person else "")
        return person
    staff = [person for role in sorted(STAFF) for person in people.of_role(turn.db, role)]
    found = list_contacts(turn, command.words) or find_colleagues(command.words, staff)
    named = [person for person in staff if close_up(person.name) == close_up(command.words)]
    found = list(dict.fromkeys([*named, *found]))
    if not found:
        raise Refused("refused.nobody", name=command.words)
    if len(found) > 1:
        options = [_name_option(turn, person) for person in found[:MOST]]
        raise Unclear(Reply((turn.me("absence.who", {"name": command.words}, options),)))
    return found[0]


def _name_option(turn: Turn, person: Person) -> Option:
    firm = people.enterprise(turn.db, person.enterprise_id)
    told = {"name": person.name, "role": person.role, "enterprise": firm.name if firm else None}
    key = "options.named_firm" if firm else "options.named_role"
    return Option(key, Action("unbind", target_id=person.id, number=person.name), told)


def _check_may(turn: Turn, person: Person) -> None:
    """The duty desk and leaders; of a firm's contact also who answers for the firm."""
    if turn.role in (Role.OFFICE, Role.LEADER):
        return
    firm = people.enterprise(turn.db, person.enterprise_id) if person.enterprise_id else None
    if firm is None or turn.person_id not in (firm.liaison_id, firm.deputy_id):
        raise Refused("unbind.only_the_desk", name=person.name, phone=turn.park.phone)


def _ask_which(turn: Turn, person: Person, found: list[Thread]) -> Reply:
    options = [
        Option(
            "options.phone",
            Action("unbind", target_id=person.id, number=person.name, act=str(thread.id)),
            {"channel": Line(f"channel.{thread.address.channel}"), "at": thread.heard_at},
        )
        for thread in found[: MOST - 1]
    ]
    options.append(
        Option(
            "options.all_phones", Action("unbind", target_id=person.id, number=person.name, act=ALL)
        )
    )
    return Reply((turn.me("unbind.which", {"name": person.name}, options),))

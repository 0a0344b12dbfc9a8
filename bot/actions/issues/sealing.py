"""Seals matters and finds who reads them; the core says what a text means, an office who reads."""

from collections.abc import Collection, Sequence
from dataclasses import replace

from bot.actions.context import Context
from bot.actions.issues.assign import Assigned, today
from bot.actions.issues.classify import Matter
from bot.actions.issues.file import Filing, write_issue
from bot.core.issues.due import next_due
from bot.core.issues.issue import Issue, Rung, Seal, build_action
from bot.core.issues.lifecycle import Move
from bot.core.issues.sealing import (
    Staff,
    choose_reader,
    find_kind,
    find_named,
    list_readers,
    may_be_sealed,
)
from bot.core.messages import Line, Option, Say, ToDuty, ToPerson, ToThread
from bot.core.people import Enterprise, Person, Role
from storage.delivery import threads
from storage.issues import issues
from storage.issues import sealing as sealed_rows
from storage.people import absences, enterprises, people

_SAID = frozenset({Move.FILE, Move.SUPPLEMENT, Move.NOT_SOLVED, Move.REOPEN, Move.URGE})
"""Moves with words of the writer."""


def find_seal(
    context: Context,
    text: str,
    firm: Enterprise | None,
    matter: Matter | None = None,
    issue: Issue | None = None,
) -> Seal | None:
    """Of which kind a text is sealed; None for most, which cost no look at the registry. `matter`
    is how it was understood, `issue` one that it may be about."""
    category = matter.category if matter else ""
    if not may_be_sealed(text, category):
        return None
    sure = matter is not None and matter.sure
    return find_kind(text, category, build_staff(context, firm, issue), sure=sure)


def build_staff(context: Context, firm: Enterprise | None, issue: Issue | None = None) -> Staff:
    """Whom a text of this firm may mean: everyone of the staff, and whose part is whose."""
    db = context.db
    everyone = [
        person for role in Role if role is not Role.CONTACT for person in people.of_role(db, role)
    ]
    by_role = {role: [who.id for who in everyone if who.role is role] for role in Role}
    grid = enterprises.grid(db, firm.grid_id) if firm and firm.grid_id else None
    pair = (firm.liaison_id, firm.deputy_id) if firm else (None, None)
    force = enterprises.task_force_of(db, firm.id) if firm else ()
    parts: dict[str, Sequence[int | None]] = {
        "liaison": (*pair, grid.liaison_id if grid else None),
        "deputy": pair[1:],
        "holder": (issue.owner_id, issue.offered_to) if issue else (),
        "duty": by_role[Role.OFFICE],
        "leader": by_role[Role.LEADER],
        "task_force": [member.id for member in force],
    }
    departments = {
        department.name: [who.id for who in everyone if who.department_id == department.id]
        for department in people.all_departments(db)
    }
    known = {part: [id_ for id_ in ids if id_ is not None] for part, ids in parts.items()}
    return Staff(everyone, known, departments)


def find_meant(
    context: Context, text: str, firm: Enterprise | None, issue: Issue | None = None
) -> frozenset[int]:
    """Everyone of the staff who is named or meant in a text, by id."""
    return find_named(text, build_staff(context, firm, issue))


def list_words(context: Context, issue: Issue) -> list[str]:
    """All that the writer has said of an issue, oldest first."""
    history = issues.history(context.db, issue.id)
    return [event.text for event in history if event.move in _SAID and event.text]


def list_chain(context: Context, kind: Seal) -> list[int]:
    """Who reads a kind, in the order of the settings, as far as the registry knows them."""
    names = context.park.sealed.get(kind, ())
    found = (people.list_staff_named(context.db, name)[:1] for name in names)
    return [person.id for persons in found for person in persons]


def seat_reader(context: Context, kind: Seal, meant: Collection[int]) -> int | None:
    """Who reads a matter first: nobody who is meant in it, and, while anybody else can, nobody who
    is away or on no channel. None where nobody is left."""
    chain = list_chain(context, kind)
    away = absences.away_on(context.db, today(context))
    gone = {
        person_id
        for person_id in chain
        if person_id in away or threads.of_person(context.db, person_id) is None
    }
    return choose_reader(chain, meant, gone)


def receive(
    context: Context, filing: Filing, to: ToThread, *, apart: str = ""
) -> tuple[Issue, list[Say]]:
    """A sealed matter is written down for its reader: what the writer, the reader and the duty desk
    hear. `apart` is the number of the issue that the words were written to and did not go to."""
    assert filing.sealed is not None
    meant = find_meant(context, filing.text, filing.firm or filing.claimed)
    reader_id = seat_reader(context, filing.sealed, meant)
    seated = replace(filing, chosen=Assigned(reader_id), meant=meant, unverified=False)
    issue = write_issue(context, seated)
    sealed_rows.add_reader(context.db, issue.id, reader_id)
    card = build_sealed_card(context, issue)
    card["apart"] = Line("sealed.apart", {"number": apart}) if apart else None
    card["word"] = context.texts.command("viewers")
    key = "sealed.receipt" if reader_id else "sealed.nobody"
    receipt = Say(to, key, {**card, "phone": context.park.phone}, issue_id=issue.id)
    return issue, [receipt, *announce_filing(context, issue)]


def reseat(context: Context, issue: Issue, meant: Collection[int] = ()) -> Issue:
    """The issue with a reader who is not meant in it, `meant` added to those who are: where the
    holder turns out to be, or there is none, the next one reads from now on."""
    sealed_rows.name_people(context.db, issue.id, meant)
    named = sealed_rows.list_named(context.db, issue.id)
    superior = issue.superior_id if issue.superior_id not in named else None
    holder = issue.owner_id
    if issue.sealed and (holder is None or holder in named):
        holder = seat_reader(context, issue.sealed, named)
        sealed_rows.add_reader(context.db, issue.id, holder)
    if (holder, superior) == (issue.owner_id, issue.superior_id):
        return issue
    after = replace(issue, owner_id=holder, superior_id=None if superior == holder else superior)
    before = issues.save(context.db, issue, after)
    issues.record(context.db, issue.id, Move.ASSIGN, context.origin, before=before)
    return after


def list_above(context: Context, issue: Issue) -> list[int]:
    """Those who may read a sealed issue, in the order in which it climbs."""
    assert issue.sealed is not None
    named = sealed_rows.list_named(context.db, issue.id)
    return list_readers(list_chain(context, issue.sealed), named)


def close_up_issue(context: Context, issue: Issue, kind: Seal, reader_id: int | None) -> Issue:
    """The issue as a sealed one: a title that says nothing, the reader alone, and
    nothing left of what others had to do with it."""
    after = replace(
        issue,
        sealed=kind,
        title=context.texts.render("sealed.title"),
        owner_id=reader_id,
        rung=Rung.LIAISON,
        offered_to=None,
        superior_id=None,
        leader_id=None,
        disputed_at=None,
        extend_to=None,
        merged_into=None,
        snoozed_until=None,
    )
    return replace(after, next_due_at=next_due(after, context.park))


def announce_filing(context: Context, issue: Issue) -> list[Say]:
    """What the reader and the duty desk hear: a number, the clock, who reads; no words, no firm."""
    reader = people.by_id(context.db, issue.owner_id)
    card = build_sealed_card(context, issue)
    if reader is None:
        return [Say(ToDuty(), "sealed.duty_nobody", card, issue_id=issue.id, urgent=issue.urgent)]
    return [
        tell_reader(context, issue, "sealed.new", reader),
        tell_duty(issue, "sealed.duty", card),
    ]


def build_sealed_card(context: Context, issue: Issue) -> dict[str, object]:
    """All that may be said of a sealed issue to those who do not read it."""
    readers = sealed_rows.list_readers(context.db, issue.id)
    ids = sorted(readers, key=lambda person_id: (person_id != issue.owner_id, person_id))
    names = "、".join(people.get(context.db, person_id).name for person_id in ids)
    return {
        "number": issue.number,
        "kind": Line(f"sealed.kind_{issue.sealed}") if issue.sealed else None,
        "reader": names or Line("sealed.nobody_yet"),
        "accept_due": issue.accept_due,
        "answer_due": issue.answer_due,
        "solve_due": issue.solve_due,
    }


def tell_reader(context: Context, issue: Issue, key: str, reader: Person) -> Say:
    """A card that shows no words: they are read by opening it, which asks for a reason."""
    options = (Option("options.open", build_action("view", issue)),)
    card = build_sealed_card(context, issue)
    return Say(ToPerson(reader.id), key, card, options, issue.id, urgent=issue.urgent)


def tell_duty(issue: Issue, key: str, card: dict[str, object]) -> Say:
    """The duty desk always knows that there is one, until when, and with whom."""
    return Say(ToDuty(), key, card, issue_id=issue.id, urgent=issue.urgent)

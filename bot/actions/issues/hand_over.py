"""Somebody goes away or comes back: what they hold is offered as one list, or the offer lapses."""

from collections.abc import Iterator, Sequence

from bot.actions.context import Context
from bot.actions.issues.assign import find_stand_in, today
from bot.actions.issues.record import record
from bot.core.issues.issue import Issue, build_action
from bot.core.issues.lifecycle import Move, Who
from bot.core.issues.moves import Act
from bot.core.messages import Action, Line, Option, Say, ToDuty, ToPerson
from bot.core.people import Enterprise, Person
from storage.issues import issues, loads
from storage.people import absences, people
from storage.people.absences import Absence

SHOWN = 8
"""Issues of a list that have a digit of their own; one more digit takes all."""
_BOT = frozenset({Who.BOT})


def begin(context: Context, absence: Absence) -> list[Say]:
    """What the person holds is offered to whoever stands in; until taken it stays theirs.

    So is what waited for this person to take it because they stood in themselves. What nobody
    stands in for is told to the duty desk.
    """
    absences.change(context.db, absence.id, begun_at=context.now)
    away = absences.away_on(context.db, today(context))
    lists: dict[tuple[int, int | None], list[Issue]] = {}
    for issue in loads.list_held_or_offered(context.db, absence.person_id):
        owner = issue.owner_id
        if owner is None or owner not in away or _is_passed_on(context, issue):
            continue
        firm = people.enterprise(context.db, issue.enterprise_id)
        to = find_stand_in(context.db, away, owner, firm)
        lists.setdefault((owner, to), []).append(_offer_issue(context, issue, owner, to))
    return [_list(context, owner, to, found) for (owner, to), found in lists.items()]


def end(context: Context, absence: Absence) -> list[Say]:
    """The person is back: they and whoever stood in hear it, offers not taken lapse."""
    asked = [issue.offered_to or 0 for issue in _list_offered(context, absence.person_id)]
    acting = [stand_in.id for stand_in in stand_ins(context, absence)]
    if not call_off(context, absence):
        return []
    person = people.get(context.db, absence.person_id)
    told = {"name": person.name, "count": loads.open_of(context.db, person.id)}
    others = [
        Say(ToPerson(person_id), "absence.over", told)
        for person_id in dict.fromkeys(acting + asked)
    ]
    return [Say(ToPerson(person.id), "absence.back", told), *others]


def call_off(context: Context, absence: Absence) -> bool:
    """The absence is over and nobody is told; False when another one of the person goes on."""
    absences.change(context.db, absence.id, ended_at=context.now)
    if absence.person_id in absences.away_on(context.db, today(context)):
        return False
    for issue in _list_offered(context, absence.person_id):
        _drop_offer(context, issue)
    return True


def stand_ins(context: Context, absence: Absence) -> list[Person]:
    """Everyone who acts for the person, each once: one for each firm they answer for."""
    day = max(absence.first, min(absence.last, today(context)))
    away = {**absences.away_on(context.db, day), absence.person_id: absence.substitute_id}
    firms: list[Enterprise | None] = [*people.enterprises_of(context.db, absence.person_id)]
    found = [find_stand_in(context.db, away, absence.person_id, firm) for firm in firms or [None]]
    return [
        people.get(context.db, person_id)
        for person_id in dict.fromkeys(found)
        if person_id is not None
    ]


def _list_offered(context: Context, person_id: int) -> list[Issue]:
    """What the person holds and was offered to others because they are away."""
    held = (
        issue
        for issue in loads.list_held_or_offered(context.db, person_id)
        if issue.owner_id == person_id
    )
    return [
        issue
        for issue in held
        if issue.offered_to is not None and not _is_passed_on(context, issue)
    ]


def _is_passed_on(context: Context, issue: Issue) -> bool:
    """Whether it waits for somebody whom a person asked to take it: that is not to be changed."""
    if issue.offered_to is None:
        return False
    offers = [event for event in issues.history(context.db, issue.id) if event.move is Move.PASS_ON]
    return offers[-1].person_id is not None


def _offer_issue(context: Context, issue: Issue, owner_id: int, to: int | None) -> Issue:
    if to is None:
        return _drop_offer(context, issue) if issue.offered_to else issue
    if to == issue.offered_to:
        return issue
    name = people.get(context.db, owner_id).name
    why = context.texts.render("absence.why", {"name": name})
    return record(context, issue, Act(Move.PASS_ON, _BOT, context.now, text=why, to=to))


def _drop_offer(context: Context, issue: Issue) -> Issue:
    why = context.texts.render("absence.lapsed")
    return record(context, issue, Act(Move.DECLINE, _BOT, context.now, text=why))


def _list(context: Context, owner_id: int, to: int | None, found: Sequence[Issue]) -> Say:
    """One list for one person, or for the duty desk where nobody stands in."""
    name = people.get(context.db, owner_id).name
    told = {"name": name, "count": len(found), **list_lines(found)}
    if to is None:
        options = offer_taking(context, name, found, taken="pass_on")
        return Say(ToDuty(), "absence.nobody", told, options)
    return Say(ToPerson(to), "absence.handover", told, offer_taking(context, name, found))


def list_lines(found: Sequence[Issue]) -> dict[str, object]:
    """What a card prints of matters that change hands."""
    rest = len(found) - SHOWN
    return {
        "lines": tuple(_line(issue) for issue in found[:SHOWN]),
        "more": Line("absence.more", {"rest": rest}) if rest > 0 else None,
    }


def offer_taking(
    context: Context, name: str, found: Sequence[Issue], *, taken: str = "take"
) -> tuple[Option, ...]:
    """The digits of such a card: all that was this person's, or one by one. With `pass_on` for
    whoever passes them on in their stead."""
    if not found or taken != "take":
        return tuple(_options(context, taken, found))
    everything = Option("options.take_all", Action("take_all", words=name), {"count": len(found)})
    return (everything, *_options(context, taken, found))


def _options(context: Context, verb: str, found: Sequence[Issue]) -> Iterator[Option]:
    word = context.texts.command(verb)
    for issue in found[:SHOWN]:
        told = {"word": word, "number": issue.number}
        yield Option("options.verb_issue", build_action(verb, issue), told)


def _line(issue: Issue) -> Line:
    told = {"number": issue.number, "title": issue.title, "due": issue.solve_due}
    return Line("absence.line", told)

"""Who answers for an issue on each rung of the ladder, and who does while they are away."""

from collections.abc import Iterator
from dataclasses import dataclass

from bot.actions.context import Context
from bot.core.issues.issue import Issue, Rung
from bot.core.park.assignment import stand_in
from bot.core.people import Person, Role
from storage.issues import categories
from storage.people import absences, enterprises, people


@dataclass(frozen=True)
class Climb:
    """Which rung is to hear and who; `person` is None for the duty desk, `away` are the names of
    those who would have heard and are absent."""

    rung: Rung
    person: Person | None
    away: tuple[str, ...] = ()


def find_escalation(context: Context, issue: Issue, wanted: Rung) -> Climb:
    """The rung that is to hear now, and who: from the wanted one up. Empty rungs, and those on
    which everybody is away with nobody standing in, are skipped.

    When all of them are empty the top rung stands without a person: the duty desk hears.
    """
    passed: list[int] = []
    for rung in list(Rung)[max(wanted.height, issue.rung.height) :]:
        found, away = _here(context, issue, rung, without=issue.owner_id)
        passed += away
        if found is not None:
            return Climb(rung, people.get(context.db, found), _names(context, passed))
    return Climb(Rung.LEADER, None, _names(context, passed))


def find_acting_person(context: Context, issue: Issue, rung: Rung) -> Person | None:
    """Who hears of this issue on a rung today, None where nobody is named or here."""
    return people.by_id(context.db, _here(context, issue, rung)[0])


def responsible(context: Context, issue: Issue, rung: Rung) -> Iterator[Person]:
    """Everyone who answers for this issue on a rung, the first asked first, away or not."""
    firm = people.enterprise(context.db, issue.enterprise_id or issue.claimed_id)
    if rung is Rung.LIAISON:
        owner = people.by_id(context.db, issue.owner_id)
        yield from (owner,) if owner else ()
    elif rung is Rung.LEADER:
        named = issue.leader_id or (firm.leader_id if firm else None)
        leader = people.by_id(context.db, named)
        yield from (leader,) if leader else ()
        yield from people.of_role(context.db, Role.LEADER)
    elif rung is Rung.TASK_FORCE:
        yield from enterprises.task_force_of(context.db, firm.id) if firm else ()
    else:
        department = firm.department_id if firm else None
        if department is None and issue.category:
            kind = categories.by_name(context.db, issue.category)
            department = kind.department_id if kind else None
        yield from people.of_department(context.db, department) if department else ()


def _here(
    context: Context, issue: Issue, rung: Rung, *, without: int | None = None
) -> tuple[int | None, list[int]]:
    """The first of a rung who is here, or whom an absent one named to stand in; and the absent
    ones before them. `without` is somebody who hears of it anyway."""
    away = absences.away_on(context.db, context.park.local(context.now).date())
    passed: list[int] = []
    for person in responsible(context, issue, rung):
        chain = stand_in(person.id, away)
        passed += (each for each in chain.passed if each != without)
        if chain.person_id not in (None, without):
            return chain.person_id, passed
    return None, passed


def _names(context: Context, ids: list[int]) -> tuple[str, ...]:
    return tuple(people.get(context.db, person_id).name for person_id in dict.fromkeys(ids))

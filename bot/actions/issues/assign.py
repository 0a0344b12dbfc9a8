"""Finds who gets an issue and who stands in for somebody; the core does the choosing."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection

from bot.actions.context import Context
from bot.core.issues.issue import Issue, build_action
from bot.core.messages import Line, Option, Say, ToDuty
from bot.core.park.assignment import (
    AssignmentRule,
    Away,
    Candidate,
    Choice,
    Ground,
    choose,
    rule_for,
)
from bot.core.people import OWNERS, Enterprise, Person
from storage.issues import categories, loads
from storage.people import absences, enterprises, people

AGAIN = 5
"""Issues too many between two suggestions to the duty desk."""


@dataclass(frozen=True)
class Assigned:
    """Who gets an issue, None for the duty desk; `why` where it is not simply the liaison."""

    person_id: int | None
    why: Line | None = None


def pick_owner(
    context: Context,
    firm: Enterprise | None,
    category: str,
    text: str,
    without: Collection[int] = (),
) -> Assigned:
    """Who answers for a new issue. `category` is its name, "" where nobody is sure of it; nobody of
    `without` does, because the matter is about them.

    The order: the office's first rule that fits; the enterprise's liaison, or who was named to
    stand in; the deputy; the grid's liaison; the people of the enterprise's department, else of
    the category's; the duty desk. Nobody who is away is chosen.
    """
    known = firm.name if firm else ""
    tags = firm.tags if firm else ()
    rule = rule_for(text, category, tags, context.park.assignment_rules, known)
    candidates = (
        candidate
        for candidate in _candidates(context, firm, category, rule)
        if candidate.person_id not in without
    )
    choice = choose(candidates, absences.away_on(context.db, today(context)))
    if choice.person_id in without:  # standing in for somebody else
        return Assigned(None)
    return Assigned(choice.person_id, _why(context, choice, rule, firm))


def today(context: Context) -> date:
    """The day on the park's calendar."""
    return context.park.local(context.now).date()


def find_stand_in(
    db: Connection, away: Away, person_id: int, firm: Enterprise | None
) -> int | None:
    """Who acts for an absent person in a matter of this firm, None where nobody does.

    Whom they named, else the firm's deputy (for a deputy its liaison), else a colleague of the
    same department, else the firm's liaison.
    """
    return choose(_colleagues(db, person_id, firm), away).person_id


def suggest_pass_on(context: Context, issue: Issue) -> list[Say]:
    """A suggestion for the duty desk when whoever got an issue holds too many; it moves nothing.

    It is made at the first too many and at every `AGAIN`th after it, not at each.
    """
    if issue.owner_id is None:
        return []
    held = loads.open_of(context.db, issue.owner_id)
    over = held - context.park.limits.load
    if over <= 0 or (over - 1) % AGAIN:
        return []
    owner = people.get(context.db, issue.owner_id)
    least = _least_loaded(context, owner)
    if least is None or least[1] >= held - 1:
        return []
    person, count = least
    told = {"number": issue.number, "owner": owner.name, "held": held, "count": count}
    option = Option(
        "options.pass_on_to",
        build_action("pass_on", issue, person.name),
        {"name": person.name},
    )
    told["name"] = person.name
    return [Say(ToDuty(), "assign.load", told, (option,), issue.id)]


def unknown_targets(db: Connection, rules: Iterable[AssignmentRule]) -> list[tuple[int, str]]:
    """Rules that name nobody who is registered: their places, from 1, and the names."""
    return [
        (place, rule.person or rule.department or "")
        for place, rule in enumerate(rules, start=1)
        if not _of_rule(db, rule)
    ]


def _candidates(
    context: Context, firm: Enterprise | None, category: str, rule: AssignmentRule | None
) -> Iterator[Candidate]:
    """Everyone who may get an issue, in order; nobody is looked up before they are needed."""
    db = context.db
    if rule is not None:
        yield from (Candidate(person.id, Ground.RULE) for person in _of_rule(db, rule))
    if firm is None:
        return
    if firm.liaison_id is not None:
        yield Candidate(firm.liaison_id, Ground.LIAISON)
    if firm.deputy_id is not None:
        yield Candidate(firm.deputy_id, Ground.DEPUTY)
    grid = enterprises.grid(db, firm.grid_id) if firm.grid_id else None
    if grid is not None and grid.liaison_id is not None:
        yield Candidate(grid.liaison_id, Ground.GRID)
    department = _department(context, firm, category)
    for person in people.of_department(db, department) if department else ():
        yield Candidate(person.id, Ground.DEPARTMENT)


def _of_rule(db: Connection, rule: AssignmentRule) -> list[Person]:
    if rule.person is not None:
        return [
            person for person in people.list_staff_named(db, rule.person) if person.role in OWNERS
        ]
    department = people.department_named(db, rule.department or "")
    return people.of_department(db, department.id) if department else []


def _department(context: Context, firm: Enterprise, category: str) -> int | None:
    """The enterprise's own department, else the category's: what the office wrote, or shipped."""
    if firm.department_id is not None or not category:
        return firm.department_id
    written = categories.by_name(context.db, category)
    if written is not None and written.department_id is not None:
        return written.department_id
    shipped = context.router.taxonomy.by_name(category)
    department = people.department_named(context.db, shipped.department) if shipped else None
    return department.id if department else None


def _colleagues(db: Connection, person_id: int, firm: Enterprise | None) -> Iterator[Candidate]:
    """Liaison and deputy for each other; a department's people among themselves, then those two."""
    yield Candidate(person_id, Ground.LIAISON)
    pair = (
        [colleague_id for colleague_id in (firm.liaison_id, firm.deputy_id) if colleague_id]
        if firm
        else []
    )
    if person_id in pair:
        yield from (Candidate(colleague_id, Ground.DEPUTY) for colleague_id in pair)
    person = people.by_id(db, person_id)
    if person is not None and person.department_id is not None:
        for other in people.of_department(db, person.department_id):
            yield Candidate(other.id, Ground.DEPARTMENT)
    yield from (Candidate(colleague_id, Ground.DEPUTY) for colleague_id in pair)


def _least_loaded(context: Context, owner: Person) -> tuple[Person, int] | None:
    """The colleague of the same work who holds fewest issues and is here."""
    away = absences.away_on(context.db, today(context))
    same = [
        colleague
        for colleague in people.of_role(context.db, owner.role)
        if colleague.id != owner.id
        and colleague.id not in away
        and colleague.department_id == owner.department_id
    ]
    counted = loads.open_by(context.db, [colleague.id for colleague in same])
    return min(
        ((colleague, counted[colleague.id]) for colleague in same),
        key=lambda pair: pair[1],
        default=None,
    )


def _why(
    context: Context, choice: Choice, rule: AssignmentRule | None, firm: Enterprise | None
) -> Line | None:
    by_rule = rule is not None and choice.ground is Ground.RULE
    simple = choice.ground is Ground.LIAISON and not choice.away
    if not by_rule and (simple or firm is None):
        return None
    told = {
        "rule": _rule_line(rule) if rule is not None and by_rule else None,
        "away": _away_line(context, choice, firm if not by_rule else None),
        "who": _who_line(context, choice, firm),
    }
    return Line("assign.why", told)


def _rule_line(rule: AssignmentRule) -> Line:
    return Line("assign.by_rule", {"rule": "、".join(rule.conditions)})


def _away_line(context: Context, choice: Choice, firm: Enterprise | None) -> Line | None:
    names = "、".join(people.get(context.db, person_id).name for person_id in choice.away)
    if choice.circular:
        return Line("assign.in_a_circle", {"names": names})
    if names:
        return Line("assign.away", {"names": names})
    no_liaison = firm is not None and firm.liaison_id is None
    return Line("assign.no_liaison") if no_liaison else None


def _who_line(context: Context, choice: Choice, firm: Enterprise | None) -> Line:
    person = people.by_id(context.db, choice.person_id)
    if person is None:
        return Line("people.duty_desk")
    if choice.named:
        return Line("assign.substitute", {"name": person.name})
    if choice.ground is Ground.DEPUTY:
        return Line("assign.deputy", {"name": person.name})
    if choice.ground is Ground.GRID and firm is not None:
        grid = enterprises.grid(context.db, firm.grid_id)
        return Line("assign.grid", {"grid": grid.name if grid else "", "name": person.name})
    return Line("assign.person", {"name": person.name})

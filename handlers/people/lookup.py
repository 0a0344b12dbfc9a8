"""Finds the colleague or department that a person names, and asks where the name is not enough."""

from bot.actions.issues.assign import find_stand_in, today
from bot.core.issues.issue import Issue, build_action
from bot.core.messages import Option, Refused
from bot.core.names.colleagues import find_colleagues
from bot.core.people import OWNERS, Person, Role
from handlers.dispatch.issue_lookup import MOST, Unclear
from handlers.dispatch.turn import Reply, Turn
from storage.people import absences, people

LONGEST_NAME = 4
"""Words into which gaps may divide a name."""


def target(turn: Turn, issue: Issue, verb: str, rest: str) -> tuple[Person, str]:
    """The person a name stands for, and the words after it: a colleague, the first of a
    department, or who alone can be meant by a part of the name.

    Raises Refused when several have the same name, Unclear when several or nobody may be meant.
    """
    name, words = _split_name(turn, rest)
    found = _list_owners(turn, name)
    if not found:
        department = people.department_named(turn.db, name)
        found = people.of_department(turn.db, department.id)[:1] if department else []
    found = found or find_colleagues(name, staff(turn))
    if not found:
        raise Unclear(_offer_others(turn, issue, verb, name, words))
    if len({person.name for person in found}) > 1:
        raise Unclear(_which(turn, issue, verb, name, found))
    if len(found) > 1 and found[0].department_id is None:
        raise Refused("refused.several", name=name)
    return found[0], words


def _split_name(turn: Turn, rest: str) -> tuple[str, str]:
    """The first word, or the first few where only together they are a name: 李 四."""
    words = rest.split()
    for count in range(1, min(len(words), LONGEST_NAME) + 1):
        name = "".join(words[:count])
        if _list_owners(turn, name) or people.department_named(turn.db, name):
            return name, " ".join(words[count:])
    name, _, others = rest.partition(" ")
    return name, others


def _list_owners(turn: Turn, name: str) -> list[Person]:
    return [person for person in people.list_staff_named(turn.db, name) if person.role in OWNERS]


def staff(turn: Turn) -> list[Person]:
    """Everyone who may hold an issue."""
    return [person for role in sorted(OWNERS) for person in people.of_role(turn.db, role)]


def present(turn: Turn, issue: Issue, verb: str, person: Person) -> None:
    """Raises Unclear when the person is away: whoever stands in is one digit away."""
    away = absences.away_on(turn.db, today(turn))
    if person.id not in away:
        return
    firm = people.enterprise(turn.db, issue.enterprise_id)
    other = people.by_id(turn.db, find_stand_in(turn.db, away, person.id, firm))
    fits = other is not None and (verb not in ("pass_on", "redirect") or other.id != issue.owner_id)
    options = [_build_option(issue, verb, other.name)] if other and fits else []
    last = max(absence.last for absence in absences.open_of(turn.db, person.id))
    told = {"number": issue.number, "name": person.name, "last": last}
    expect = build_action(verb, issue)
    said = turn.me("pass_on.away", told, options, issue_id=issue.id, expect=expect)
    raise Unclear(Reply((said,), issue.id))


def whom(turn: Turn, issue: Issue, verb: str, *, keep: bool = False) -> Reply:
    """Departments first, then colleagues, one digit each; with `keep` the holder as well."""
    names = _list_names(turn, issue, keep=keep)
    options = [_build_option(issue, verb, name) for name in names[:MOST]]
    word = turn.texts.command(verb)
    told = {"number": issue.number, "word": word}
    expect = build_action(verb, issue)
    said = turn.me("pass_on.whom", told, options, issue_id=issue.id, expect=expect)
    return Reply((said,), issue.id)


def _offer_others(turn: Turn, issue: Issue, verb: str, name: str, words: str) -> Reply:
    """Nobody is called so: those who can be meant, one digit each."""
    options = [
        _build_option(issue, verb, other, words) for other in _list_names(turn, issue)[:MOST]
    ]
    told = {"number": issue.number, "name": name}
    return Reply((turn.me("pass_on.nobody", told, options, issue_id=issue.id),), issue.id)


def _list_names(turn: Turn, issue: Issue, *, keep: bool = False) -> list[str]:
    """Departments first, then colleagues; with `keep` the holder as well."""
    names = [department.name for department in people.all_departments(turn.db)]
    colleagues = people.of_role(turn.db, Role.LIAISON)
    without = {turn.person_id} if keep else {turn.person_id, issue.owner_id}
    return names + [colleague.name for colleague in colleagues if colleague.id not in without]


def _which(turn: Turn, issue: Issue, verb: str, name: str, found: list[Person]) -> Reply:
    options = [_build_option(issue, verb, person.name) for person in found[:MOST]]
    told = {"number": issue.number, "name": name}
    return Reply((turn.me("pass_on.which", told, options, issue_id=issue.id),), issue.id)


def _build_option(issue: Issue, verb: str, name: str, words: str = "") -> Option:
    said = f"{name} {words}".strip()
    return Option("options.named", build_action(verb, issue, said), {"name": name})

"""Who answers for an issue on each rung of the ladder."""

from bot.core.issues import Issue, Rung
from bot.core.people import Person, Role
from bot.scene import Scene
from storage import categories, enterprises, people


def climbed(scene: Scene, issue: Issue, wanted: Rung) -> tuple[Rung, Person | None]:
    """The rung that is to hear now, and who: from the wanted one up, empty rungs are skipped.

    When all of them are empty the top rung stands without a person: the duty desk hears.
    """
    for rung in list(Rung)[max(wanted.height, issue.rung.height) :]:
        person = answering(scene, issue, rung)
        if person is not None and person.id != issue.owner_id:
            return rung, person
    return Rung.LEADER, None


def answering(scene: Scene, issue: Issue, rung: Rung) -> Person | None:
    """Who answers for this issue on a rung, None where nobody is named."""
    firm = people.enterprise(scene.db, issue.enterprise_id or issue.claimed_id)
    if rung is Rung.LIAISON:
        return people.by_id(scene.db, issue.owner_id)
    if rung is Rung.LEADER:
        named = issue.leader_id or (firm.leader_id if firm else None)
        return people.by_id(scene.db, named) or _first(people.of_role(scene.db, Role.LEADER))
    if rung is Rung.TASK_FORCE:
        return _first(enterprises.task_force_of(scene.db, firm.id)) if firm else None
    department = firm.department_id if firm else None
    if department is None and issue.category:
        kind = categories.by_name(scene.db, issue.category)
        department = kind.department_id if kind else None
    return _first(people.of_department(scene.db, department)) if department else None


def _first(found: list[Person]) -> Person | None:
    return found[0] if found else None

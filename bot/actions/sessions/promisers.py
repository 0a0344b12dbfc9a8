"""Who can promise something at a session: colleagues, departments here and outside, enterprises."""

from bot.actions.context import Context
from storage.people import people

OFFERED = 3
ALIKE = 0.2
"""Of all the characters of two names, how many they share, for one to be offered for the other."""


def is_promiser(context: Context, who: str) -> bool:
    """A registered department or colleague, a department of the categories, an enterprise."""
    outside = {category.department for category in context.learning.taxonomy.categories}
    if who in outside or any(find_responsible(context, who)):
        return True
    firms = people.all_enterprises(context.db)
    return any(who == enterprise.name or who in enterprise.aliases for enterprise in firms)


def find_responsible(context: Context, who: str) -> tuple[int | None, int | None]:
    """The person and the department that a name stands for, None where it is neither."""
    found = people.list_staff_named(context.db, who)
    if len(found) == 1:
        return found[0].id, found[0].department_id
    department = people.department_named(context.db, who)
    if department is None:
        return None, None
    staff = people.of_department(context.db, department.id)
    return (staff[0].id if staff else None), department.id


def list_alike(context: Context, who: str) -> list[str]:
    """Names that may be meant by one that nobody has, the nearest first."""
    alike = {name: _measure_likeness(name, who) for name in _list_names(context)}
    near = sorted(name for name in alike if alike[name] >= ALIKE)
    return sorted(near, key=lambda name: -alike[name])[:OFFERED]


def _list_names(context: Context) -> set[str]:
    categories = context.learning.taxonomy.categories
    outside = {category.department for category in categories if category.department}
    inside = {department.name for department in people.all_departments(context.db)}
    return outside | inside | {firm.name for firm in people.all_enterprises(context.db)}


def _measure_likeness(name: str, said: str) -> float:
    return len(set(name) & set(said)) / len(set(name) | set(said))

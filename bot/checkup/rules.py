"""Looks for what rules and categories name and nobody has: they would never fit, and in silence."""

from collections.abc import Iterator

from sqlalchemy import Connection

from bot import taxonomy
from bot.actions.issues.assign import unknown_targets
from bot.checkup.findings import Finding, Mark, build_finding
from bot.core.issues.sealing import READERS
from bot.core.people import Role
from bot.settings import Settings
from storage.issues.categories import all_categories
from storage.people import people


def find_rules_for_nobody(db: Connection, settings: Settings) -> Iterator[Finding]:
    """Rules that give issues to nobody, or wait for a firm or a tag that nobody has."""
    park = settings.build_park()
    for place, name in unknown_targets(db, park.assignment_rules):
        yield build_finding(Mark.WARN, "check.rule_for_nobody", place=place, name=name)
    firms = people.all_enterprises(db)
    names, tags = {firm.name for firm in firms}, {tag for firm in firms for tag in firm.tags}
    wanted = {
        "service_level_rules": [rule.tag for rule in park.service_level_rules],
        "assignment_rules": [rule.tag for rule in park.assignment_rules],
    }
    for section, asked in wanted.items():
        for place, tag in enumerate(asked, start=1):
            if tag is not None and tag not in tags:
                told = {"rule": f"{section}#{place}.tag", "name": tag}
                yield build_finding(Mark.WARN, "check.rule_for_no_tag", **told)
    for place, rule in enumerate(park.assignment_rules, start=1):
        if rule.enterprise is not None and rule.enterprise not in names:
            told = {"rule": f"assignment_rules#{place}.enterprise", "name": rule.enterprise}
            yield build_finding(Mark.WARN, "check.rule_for_no_enterprise", **told)


def find_unknown_readers(db: Connection, settings: Settings) -> Iterator[Finding]:
    """Readers of sealed matters whom the registry does not know: fewer than two are too few."""
    for kind, names in settings.build_park().sealed.items():
        unknown = [name for name in names if not people.list_staff_named(db, name)]
        if unknown:
            mark = Mark.BAD if len(names) - len(unknown) < READERS else Mark.WARN
            told = {"section": kind.value, "names": "、".join(unknown)}
            yield build_finding(mark, "check.readers_unknown", **told)


def find_lost_categories(db: Connection, settings: Settings) -> Iterator[Finding]:
    """What the registry says of a category that does not exist, or by a service level that was
    taken out of the settings since."""
    known = taxonomy.load(settings.taxonomy)
    for category in all_categories(db):
        if known.by_name(category.name) is None:
            yield build_finding(Mark.WARN, "check.category_unknown", name=category.name)
        level = category.service_level
        if level != "default" and level not in settings.service_levels:
            told = {"name": category.name, "level": level}
            yield build_finding(Mark.WARN, "check.category_level", **told)


def find_named_leavers(db: Connection, settings: Settings) -> Iterator[Finding]:
    """Settings that still name somebody who has left, where nobody here is called the same."""
    here = {person.name for role in Role for person in people.of_role(db, role)}
    gone = {person.name for person in people.list_gone(db)} - here
    for name in sorted(gone & set(_list_strings(settings.model_dump()))):
        yield build_finding(Mark.WARN, "check.names_leaver", name=name)


def find_no_correctors(db: Connection, settings: Settings) -> Iterator[Finding]:
    """Minutes that nobody may correct: the roles that may have nobody in the registry."""
    if settings.sessions.enabled and settings.sessions.correct_days:
        roles = settings.build_park().sessions.correctors
        if not any(people.of_role(db, role) for role in roles):
            names = ", ".join(sorted(role.value for role in roles))
            yield build_finding(Mark.WARN, "check.no_correctors", roles=names)


def _list_strings(value: object) -> Iterator[str]:
    """Every text that stands somewhere in nested values."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from (text for part in value.values() for text in _list_strings(part))
    elif isinstance(value, list | tuple | set | frozenset):
        yield from (text for part in value for text in _list_strings(part))

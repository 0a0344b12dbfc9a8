"""Who of a rehearsal's population is quick, slow or away, each with luck of their own."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random

from bot.core.people import Role
from bot.rehearsal.characters import Character, World
from bot.rehearsal.contacts import Contact
from bot.rehearsal.holders import Holder
from bot.rehearsal.host import Host
from bot.rehearsal.paces import NEGLECTFUL, PROMPT, SLOW, Spell
from bot.rehearsal.park import Population
from bot.rehearsal.phones import GROUP
from bot.rehearsal.rhythm import Plan, span
from bot.rehearsal.superiors import Desk, Leader, Superior

PACES, AS_OFTEN = (PROMPT, SLOW, NEGLECTFUL), (60, 32, 8)
SPELLS, SPELL_DAYS = 2, 9
"""Times in a year that somebody of the staff is away, and days at most."""
YEAR = timedelta(days=365)


def everybody(population: Population, world: World, plan: Plan) -> dict[str, Character]:
    """The park's people by phone. One's luck changes nobody else's."""
    found: dict[str, Character] = {
        phone: Contact(phone, world, luck(plan, phone), n)
        for n, phone in enumerate(population.contacts, 1)
    }
    for phone, role in population.staff:
        found[phone] = _member(phone, role, world, plan)
    host = next(phone for phone, role in population.staff if role is Role.OFFICE)
    found[host] = Host(host, world, luck(plan, host), PROMPT, (), population)
    found[GROUP] = Character(GROUP, world, luck(plan, GROUP))
    return found


def luck(plan: Plan, whose: str) -> Random:
    """The chances of one person, the same for the same seed."""
    return Random(f"{plan.seed} {whose}")  # noqa: S311 - a play, no secret


def _member(phone: str, role: Role, world: World, plan: Plan) -> Character:
    chance = luck(plan, phone)
    if role is Role.LEADER:
        return Leader(phone, world, chance)
    if role is Role.OFFICE:
        return Desk(phone, world, chance, PROMPT, ())
    pace = chance.choices(PACES, AS_OFTEN)[0]
    away = tuple(_spells(*span(plan, world.park.hours), chance))
    kind = Holder if role is Role.LIAISON else Superior
    return kind(phone, world, chance, pace, away)


def _spells(begins: datetime, ends: datetime, chance: Random) -> Iterator[Spell]:
    for _ in range(round(SPELLS * (ends - begins) / YEAR)):
        since = begins + (ends - begins) * chance.random()
        yield since, since + timedelta(days=chance.uniform(1, SPELL_DAYS))

"""Gathers what a digest says from what the bot remembers."""

from datetime import timedelta

from pydantic import TypeAdapter

from bot.actions.context import Scene
from bot.actions.leaders.reforms import week_lines
from bot.actions.sessions import agenda
from bot.core.days.weeks import Week, week_before
from bot.core.people import Person
from bot.core.reports.digest import SHOWN, Evening, Facts
from bot.core.sessions.agenda import on_agenda
from bot.core.sessions.session import TO_COME
from storage.leaders import decisions
from storage.reports import figures
from storage.sessions import sessions

_FACTS = TypeAdapter(Facts)
_AHEAD = timedelta(weeks=1)


def of_park(scene: Scene, week: Week) -> Facts:
    """The week of the whole park."""
    zone = scene.house.hours.zone
    own = figures.of_week(scene.db, week, scene.now, zone)
    lines = week_lines(scene, week.since(zone), week.until(zone))
    reforms = tuple(scene.texts.format_value(line) for line in lines)
    return Facts(scene.house.name, own, tonight=_tonight(scene, week), reforms=reforms)


def of_leader(scene: Scene, week: Week, leader: Person, park: Facts) -> Facts | None:
    """The week of the enterprises that a leader answers for, beside the park's; None where the
    leader answers for none."""
    firms = decisions.list_led_enterprises(scene.db, leader.id)
    if not firms:
        return None
    own = figures.of_week(scene.db, week, scene.now, scene.house.hours.zone, firms)
    return Facts(
        park.name, own, park.own, leader.name, len(firms), park.tonight, reforms=park.reforms
    )


def dump_facts(facts: Facts) -> str:
    """As JSON, to be kept."""
    return _FACTS.dump_json(facts).decode()


def load_facts(kept: str) -> Facts:
    """What `dumped` wrote."""
    return _FACTS.validate_json(kept)


def is_latest(scene: Scene, week: Week) -> bool:
    """Whether what is to come now belongs to the digest of this week: not to one long past."""
    return week >= week_before(scene.now, scene.house.hours.zone)


def _tonight(scene: Scene, week: Week) -> Evening | None:
    """The next session, when it is within a week."""
    if not is_latest(scene, week):
        return None
    ahead = [candidate for candidate in sessions.to_come(scene.db) if candidate.stage in TO_COME]
    soon = [
        candidate for candidate in ahead if scene.now <= candidate.starts_at < scene.now + _AHEAD
    ]
    if not soon:
        return None
    session = min(soon, key=lambda one: one.starts_at)
    items = on_agenda(agenda.preview_agenda(scene, session))
    titles = tuple(agenda_item.title for agenda_item in items[:SHOWN])
    return Evening(session.number, session.starts_at, session.place, len(items), titles)

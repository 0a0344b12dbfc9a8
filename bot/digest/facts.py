"""Gathers what a digest says from what the bot remembers."""

from datetime import timedelta

from pydantic import TypeAdapter

from bot.actions.context import Context
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


def of_park(context: Context, week: Week) -> Facts:
    """The week of the whole park."""
    zone = context.park.hours.zone
    own = figures.of_week(context.db, week, context.now, zone)
    lines = week_lines(context, week.since(zone), week.until(zone))
    reforms = tuple(context.texts.format_value(line) for line in lines)
    return Facts(context.park.name, own, tonight=_tonight(context, week), reforms=reforms)


def of_leader(context: Context, week: Week, leader: Person, park: Facts) -> Facts | None:
    """The week of the enterprises that a leader answers for, beside the park's; None where the
    leader answers for none."""
    firms = decisions.list_led_enterprises(context.db, leader.id)
    if not firms:
        return None
    own = figures.of_week(context.db, week, context.now, context.park.hours.zone, firms)
    return Facts(
        park.name, own, park.own, leader.name, len(firms), park.tonight, reforms=park.reforms
    )


def dump_facts(facts: Facts) -> str:
    """As JSON, to be kept."""
    return _FACTS.dump_json(facts).decode()


def load_facts(kept: str) -> Facts:
    """What `dump_facts` wrote."""
    return _FACTS.validate_json(kept)


def is_latest(context: Context, week: Week) -> bool:
    """Whether what is to come now belongs to the digest of this week: not to one long past."""
    return week >= week_before(context.now, context.park.hours.zone)


def _tonight(context: Context, week: Week) -> Evening | None:
    """The next session, when it is within a week."""
    if not is_latest(context, week):
        return None
    ahead = [candidate for candidate in sessions.to_come(context.db) if candidate.stage in TO_COME]
    soon = [
        candidate
        for candidate in ahead
        if context.now <= candidate.starts_at < context.now + _AHEAD
    ]
    if not soon:
        return None
    session = min(soon, key=lambda one: one.starts_at)
    items = on_agenda(agenda.preview_agenda(context, session))
    titles = tuple(agenda_item.title for agenda_item in items[:SHOWN])
    return Evening(session.number, session.starts_at, session.place, len(items), titles)

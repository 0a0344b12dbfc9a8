"""What the office is shown of an agenda: what comes up, until when, what waits and how long."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.actions.context import Context
from bot.actions.sessions.promises import build_settled_lines
from bot.actions.sessions.views import firm_names, pad_name, session_facts, whole
from bot.core.messages import Line
from bot.core.sessions.agenda import Item, Outcome, on_agenda
from bot.core.sessions.capacity import count_minutes, find_end
from bot.core.sessions.session import Session, instead_of, next_series_day, on
from storage.sessions import sessions

WAITING = (Outcome.WAITS, Outcome.OFF)


def build_values(
    context: Context, session: Session, items: Sequence[Item], lines: Sequence[Line]
) -> dict[str, object]:
    """What a card prints of an agenda beside these `lines` of it."""
    staying = on_agenda(items)
    off = sum(item.outcome is Outcome.OFF for item in items)
    total = {
        "count": len(staying),
        "minutes": count_minutes(items),
        "until": find_end(session, count_minutes(items)),
    }
    return {
        **session_facts(context, session),
        "settled": build_settled_lines(context, session),
        "lines": tuple(lines) or (Line("agenda.nothing"),),
        "total": Line("agenda.total", total) if staying else None,
        "off": Line("agenda.off", {"off": off}) if off else None,
        "waits": _count_waiting(context, session, items),
    }


def build_whole(context: Context, session: Session, items: Sequence[Item]) -> dict[str, object]:
    """The whole agenda without what waits, of which it has the number."""
    return build_values(context, session, items, whole(context, items, session))


def list_lines(context: Context, session: Session, items: Sequence[Item]) -> tuple[Line, ...]:
    """Every line: what comes up by its place, then what waits and until when."""
    waiting = [item for item in items if item.outcome in WAITING]
    return (
        *whole(context, items, session),
        *(_build_waiting_line(context, session, item) for item in waiting),
    )


def find_coming(context: Context, session: Session, wait: int) -> tuple[int, datetime]:
    """The number and the beginning of the session that is `wait` sessions after this one: of one
    that is not planned yet, as the series goes on."""
    later = [
        planned
        for planned in sessions.to_come(context.db)
        if planned.starts_at > session.starts_at and planned.id != session.id
    ]
    if wait <= len(later):
        return later[wait - 1].number, later[wait - 1].starts_at
    more = wait - len(later)
    last = later[-1] if later else session
    rules, hours = context.park.sessions, context.park.hours
    day = next_series_day(rules, last.series_day or hours.local(last.starts_at).date())
    if last.series_day is not None or day <= hours.local(last.starts_at).date():
        day += timedelta(weeks=1)
    day += timedelta(weeks=more - 1)
    number = (sessions.last_number(context.db) or session.number) + more
    return number, on(instead_of(day, hours.calendar) or day, rules, hours)


def build_until(context: Context, session: Session, item: Item) -> Line:
    """Until which session an item waits."""
    number, at = find_coming(context, session, item.wait or 1)
    return Line("agenda.until", {"number": number, "at": at})


def _build_waiting_line(context: Context, session: Session, item: Item) -> Line:
    told = {
        "state": item.outcome,
        "enterprise": pad_name(firm_names(context, item.firms)),
        "title": item.title,
        "until": build_until(context, session, item),
    }
    return Line("agenda.waiting_line", told)


def _count_waiting(
    context: Context, session: Session, items: Sequence[Item]
) -> tuple[Line, ...] | None:
    """How many wait, by the session that they wait for."""
    waiting = [item for item in items if item.outcome is Outcome.WAITS]
    counted = Counter(item.wait or 1 for item in waiting)
    example = {item.wait or 1: item for item in waiting}
    lines = tuple(
        Line(
            "agenda.waits",
            {"count": count, "until": build_until(context, session, example[wait])},
        )
        for wait, count in sorted(counted.items())
    )
    return lines or None

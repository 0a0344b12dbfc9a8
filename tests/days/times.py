"""Short ways to write moments and spans in the tables of the clock's tests."""

from datetime import datetime

from bot.core.days.working_hours import SHANGHAI
from bot.core.park.service_levels import Basis, Span, Unit


def at(text: str) -> datetime:
    """`2026-05-15 16:50` in Shanghai."""
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def span(text: str) -> Span:
    """`2 working days`, `1 natural day`, `90 working minutes`."""
    amount, basis, unit = text.split()
    return Span(int(amount), Unit(unit.removesuffix("s")), Basis(basis))

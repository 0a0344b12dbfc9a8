"""Shows a phone's rows as they are stored: what came in, what is in the outbox."""

from dataclasses import asdict
from typing import Any

from bot.demo import Phone
from bot.web.phones.roster import address_of
from bot.web.services import Site
from storage.delivery import threads, timeline

MOST = 30
"""Rows of each table."""


def raw(site: Site, phone: Phone) -> dict[str, Any]:
    """The thread and its newest messages and outbox rows, newest first, ready for JSON."""
    now = site.clock.now()
    with site.database.read() as db:
        thread = threads.by_address(db, address_of(phone))
        if thread is None:
            return {"thread": None, "messages": [], "outbox": []}
        told = [
            *timeline.list_told(db, thread, now, MOST),
            *timeline.under_way(db, thread, MOST),
        ]
        heard = timeline.list_heard(db, thread.id, now, MOST)
    return {
        "thread": _plain(asdict(thread)),
        "messages": [_plain(asdict(message)) for message in reversed(heard)],
        "outbox": [_plain(asdict(row)) for row in reversed(told)],
    }


def _plain(values: dict[str, Any]) -> dict[str, Any]:
    return {name: _value(value) for name, value in values.items()}


def _value(value: Any) -> Any:
    if isinstance(value, dict):
        return _plain(value)
    if isinstance(value, list | tuple):
        return [_value(entry) for entry in value]
    return value if value is None or isinstance(value, bool | int | float) else str(value)

"""Remembers what platforms call the places that we address by names of our own."""

from dataclasses import dataclass

from sqlalchemy import Connection, select

from storage.statements import upsert
from storage.tables.rooms import places


@dataclass(frozen=True)
class Place:
    """A place by our name for it and by the platform's (`at`); nobody writes where it is `shut`."""

    channel: str
    name: str
    at: str
    shut: bool = False


def by_name(db: Connection, channel: str, name: str) -> Place | None:
    """The place that we call so, or None."""
    found = select(places).where(places.c.channel == channel, places.c.name == name)
    row = db.execute(found).first()
    return Place(**row._mapping) if row else None


def list_places_at(db: Connection, channel: str, at: str) -> list[Place]:
    """The places that the platform calls so, by our names."""
    found = select(places).where(places.c.channel == channel, places.c.at == at)
    return [Place(**row._mapping) for row in db.execute(found.order_by(places.c.name))]


def keep(db: Connection, place: Place) -> None:
    """Write it down in place of what was known."""
    known = {"at": place.at, "shut": place.shut}
    statement = upsert(db, places).values(channel=place.channel, name=place.name, **known)
    db.execute(statement.on_conflict_do_update(index_elements=["channel", "name"], set_=known))

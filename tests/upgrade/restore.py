"""Puts back the database that an earlier version left behind; see `before_the_house.md`."""

import gzip
from pathlib import Path

import psycopg
from sqlalchemy import make_url

FOLDER = Path(__file__).parent


def restore(url: str, name: str = "before_the_house") -> None:
    """Fill the empty database behind this URL, of either kind, with what was kept under a name."""
    place = make_url(url)
    if place.get_backend_name() == "sqlite":
        assert place.database is not None
        kept = FOLDER / f"{name}.sqlite.gz"
        Path(place.database).write_bytes(gzip.decompress(kept.read_bytes()))
        return
    dump = gzip.decompress((FOLDER / f"{name}.pg.sql.gz").read_bytes())
    plain = place.set(drivername="postgresql").render_as_string(hide_password=False)
    # On a connection of its own: the dump empties the search path of its session.
    with psycopg.connect(plain, autocommit=True) as db:
        db.execute(dump)

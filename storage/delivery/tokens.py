"""Remembers platforms' access tokens, so that a restart or a second process needs no new one."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from storage.statements import upsert
from storage.tables.once import tokens


@dataclass(frozen=True)
class Token:
    """An access token and when it ends."""

    value: str
    expires_at: datetime


def by_name(db: Connection, name: str) -> Token | None:
    """The token kept under this name, or None."""
    row = db.execute(
        select(tokens.c.value, tokens.c.expires_at).where(tokens.c.name == name)
    ).first()
    return Token(row.value, row.expires_at) if row else None


def keep(db: Connection, name: str, token: Token) -> None:
    """Write it down in place of the one before."""
    values = {"value": token.value, "expires_at": token.expires_at}
    statement = upsert(db, tokens).values(name=name, **values)
    db.execute(statement.on_conflict_do_update(index_elements=["name"], set_=values))

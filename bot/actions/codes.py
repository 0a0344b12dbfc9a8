"""Gives out one-time codes that bind a phone to a firm or to one of the staff."""

import secrets
from datetime import datetime

from sqlalchemy import Connection

from bot.core.binding_codes import ALPHABET, LENGTH
from storage.people import codes


def give_code(
    db: Connection,
    until: datetime,
    *,
    enterprise_id: int | None = None,
    person_id: int | None = None,
) -> str:
    """A fresh code, good until then (aware, UTC), for exactly one of the two."""
    code = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
    codes.give(db, code, until, enterprise_id=enterprise_id, person_id=person_id)
    return code

"""What the clock says about issues whose next moment has come."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection

from bot.core.house import House
from bot.core.messages import Say


def sweep(db: Connection, now: datetime, house: House) -> Sequence[Say]:
    """Take the issues that are due."""
    return ()

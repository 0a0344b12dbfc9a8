"""Says whether the bot is ready: database, postman, scheduler, and what the clock is to do."""

import asyncio
from datetime import timedelta

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from starlette.requests import Request
from starlette.responses import JSONResponse

STALE = timedelta(minutes=2)
"""A postman or clock that has not looked for this long is stuck."""


async def healthz(request: Request) -> JSONResponse:
    """200 and `ok` when all three are at work and no tick keeps failing, else 503 with what is
    not; `failing` names the entries of the timetable."""
    site = request.app.state.site
    now = site.clock.now()
    parts = {
        "database": await asyncio.to_thread(_database, site),
        "postman": _fresh(site.postman.looked_at, now),
        "scheduler": _fresh(site.timekeeper.looked_at, now),
    }
    failing = site.timekeeper.list_failing()
    ready = all(parts.values()) and not failing
    status = "ok" if ready else "failing" if failing else "starting"
    return JSONResponse({"status": status, **parts, "failing": failing}, 200 if ready else 503)


def _database(site: object) -> bool:
    try:
        with site.database.read() as db:  # type: ignore[attr-defined]
            db.execute(text("SELECT 1"))
    except SQLAlchemyError:
        return False
    return True


def _fresh(looked_at: object, now: object) -> bool:
    return looked_at is not None and abs(now - looked_at) < STALE  # type: ignore[operator]

"""Says whether the bot is ready: database, postman and scheduler."""

import asyncio
from datetime import timedelta

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from starlette.requests import Request
from starlette.responses import JSONResponse

STALE = timedelta(minutes=2)
"""A postman or clock that has not looked for this long is stuck."""


async def healthz(request: Request) -> JSONResponse:
    """200 and `ok` when all three are at work, else 503 with what is not."""
    site = request.app.state.site
    now = site.clock.now()
    parts = {
        "database": await asyncio.to_thread(_database, site),
        "postman": _fresh(site.postman.looked_at, now),
        "scheduler": _fresh(site.timekeeper.looked_at, now),
    }
    ready = all(parts.values())
    body = {"status": "ok" if ready else "starting", **parts}
    return JSONResponse(body, 200 if ready else 503)


def _database(site: object) -> bool:
    try:
        with site.database.read() as db:  # type: ignore[attr-defined]
            db.execute(text("SELECT 1"))
    except SQLAlchemyError:
        return False
    return True


def _fresh(looked_at: object, now: object) -> bool:
    return looked_at is not None and abs(now - looked_at) < STALE  # type: ignore[operator]

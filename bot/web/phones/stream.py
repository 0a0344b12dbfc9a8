"""Tells an open page that something changed: one stream of server-sent events for each page."""

import asyncio
import json
from collections.abc import AsyncIterator

from starlette.requests import Request
from starlette.responses import StreamingResponse

from bot.channels.local import Local
from bot.web.phones.story import Story
from bot.web.services import Site
from storage.delivery import timeline

PATIENCE = 0.25
"""Seconds between looks for what another process or the postman wrote."""
SETTLING = 0.03
"""Seconds from a message's arrival until the postman has written that it arrived."""
LONGEST = 600
"""Seconds a stream lives; the browser opens the next one by itself."""


def stream(request: Request, site: Site, local: Local, story: Story) -> StreamingResponse:
    """The stream of one page."""
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return StreamingResponse(
        _events(request, site, local, story), 200, headers, "text/event-stream"
    )


async def _events(request: Request, site: Site, local: Local, story: Story) -> AsyncIterator[str]:
    seen: object = None
    for _ in range(int(LONGEST / PATIENCE)):
        stored = await asyncio.to_thread(_mark, site)
        mark = (stored, sorted(local.failing), story.describe_state())
        if mark != seen:
            seen = mark
            now = json.dumps(site.texts.format_value(site.clock.now()))
            yield f"event: change\ndata: {now}\n\n"
        if await local.until_changed(PATIENCE):
            await asyncio.sleep(SETTLING)
        if await request.is_disconnected():
            return


def _mark(site: Site) -> tuple[object, ...]:
    with site.database.read() as db:
        return (*timeline.mark(db), site.texts.format_value(site.clock.now()))

"""The phones page: the local channel's side towards people, on this machine only."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import (
    FileResponse,
    JSONResponse,
    PlainTextResponse,
    RedirectResponse,
    Response,
)
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.templating import Jinja2Templates

from bot import demo
from bot.channels.local import GROUP, Local
from bot.clock import MovableClock
from bot.demo import Phone
from bot.web.phones.clock_page import Fixed, Jump, Traveller
from bot.web.phones.page_words import page_words
from bot.web.phones.progress import stage
from bot.web.phones.raw_rows import raw
from bot.web.phones.request_body import content_of, key_of, pace_of
from bot.web.phones.roster import Roster, roster
from bot.web.phones.screens import Screens
from bot.web.phones.sending import deliver
from bot.web.phones.story import Story
from bot.web.phones.stream import stream
from bot.web.phones.transcript import transcript
from bot.web.security import Malformed, OnlyHere, body_of
from bot.web.services import Site
from storage.leaders.digests import SOURCE
from storage.media import media

HERE = Path(__file__).parents[1]
Endpoint = Callable[[Request], Awaitable[Response]]
_TEMPLATES = Jinja2Templates(HERE / "templates")
LOOKS, LOOK_AGAIN = 60, 0.25
"""How often, and after how many seconds, a picture is looked for that is still being painted."""


class PhonesPage:
    """Phones side by side. What they show is read from the database at every look."""

    def __init__(self, site: Site, local: Local) -> None:
        self._site = site
        self._local = local
        self._movable = isinstance(site.clock, MovableClock)
        self._roster = self._seats()
        self._traveller = Traveller(site, local)
        self._story = Story(site, local, self._roster, self._traveller)

    def routes(self) -> list[BaseRoute]:
        """Everything of the page, guarded."""
        get = {
            "": self._page,
            "/stream": self._stream,
            "/state": self._state,
            "/transcript": self._transcript,
            "/media/{id:int}": self._media,
            "/{handle}/raw": self._raw,
        }
        post = {
            "/clock": self._clock,
            "/story": self._play,
            "/{handle}/messages": self._message,
            "/{handle}/faults": self._faults,
        }
        guard = [Middleware(OnlyHere)]
        static = StaticFiles(directory=HERE / "static")
        return [
            Route("/", _to_page, middleware=guard),
            Mount("/phones/static", static, middleware=guard),
            *(Route(f"/phones{path}", end, middleware=guard) for path, end in get.items()),
            *(
                Route(f"/phones{path}", _report_malformed(end), methods=["POST"], middleware=guard)
                for path, end in post.items()
            ),
        ]

    async def _page(self, request: Request) -> Response:
        given = {
            "park": self._site.park.name,
            "movable": self._movable,
            **page_words(self._site.texts, self._roster),
        }
        return _TEMPLATES.TemplateResponse(
            request, "phones.html", given, headers={"Cache-Control": "no-store"}
        )

    async def _stream(self, request: Request) -> Response:
        return stream(request, self._site, self._local, self._story)

    async def _state(self, request: Request) -> Response:
        shown = request.query_params.get("show", "").split(",")
        phones = [phone for handle in shown if (phone := self._roster.by_handle(handle))]
        state = await asyncio.to_thread(self._look, phones)
        return JSONResponse(state, headers={"Cache-Control": "no-store"})

    def _look(self, phones: list[Phone]) -> dict[str, Any]:
        now = self._site.clock.now()
        texts, park = self._site.texts, self._site.park
        with self._site.database.read() as db:
            screens = Screens(db, texts, self._local, park.quiet, now)
            return {
                "now": texts.format_value(now),
                "phones": [screens.of(phone) for phone in phones],
                "stage": stage(db, texts),
                "story": self._story.describe_state(),
            }

    async def _message(self, request: Request) -> Response:
        phone = self._phone(request)
        if phone.handle == GROUP:
            raise Malformed(self._words("read_only"), 409)
        body = await body_of(request)
        content = await asyncio.to_thread(content_of, body, self._site.folder)
        done = await deliver(self._site, self._local, phone, content, key_of(body))
        replies = [parcel.text for parcel in done.replies]
        return JSONResponse({"fresh": done.fresh, "replies": replies})

    async def _faults(self, request: Request) -> Response:
        phone, failing = self._phone(request), (await body_of(request)).get("failing")
        if not isinstance(failing, bool):
            raise Malformed("failing: true | false")
        change = self._local.failing.add if failing else self._local.failing.discard
        change(phone.handle)
        self._local.wake_pages()
        return JSONResponse({"failing": failing})

    async def _clock(self, request: Request) -> Response:
        to = (await body_of(request)).get("to")
        if to not in list(Jump):
            raise Malformed(f"to: {' | '.join(Jump)}")
        try:
            await self._traveller.jump(Jump(to))
        except Fixed:
            raise Malformed(self._words("clock_fixed"), 409) from None
        return JSONResponse({"now": self._site.texts.format_value(self._site.clock.now())})

    async def _play(self, request: Request) -> Response:
        pace = pace_of(await body_of(request))
        if not self._movable:
            raise Malformed(self._words("clock_fixed"), 409)
        if not self._story.play(pace):
            raise Malformed(self._words("story_running"), 409)
        return JSONResponse({"story": self._story.describe_state()})

    async def _transcript(self, request: Request) -> Response:
        words = await asyncio.to_thread(transcript, self._site, self._roster)
        headers = {"Content-Disposition": 'attachment; filename="dialogue.txt"'}
        return PlainTextResponse(words, headers=headers)

    async def _raw(self, request: Request) -> Response:
        return JSONResponse(await asyncio.to_thread(raw, self._site, self._phone(request)))

    async def _media(self, request: Request) -> Response:
        for _ in range(LOOKS):
            found = await asyncio.to_thread(self._find_media_file, request.path_params["id"])
            if found:
                return FileResponse(found[0], media_type=found[1])
            await asyncio.sleep(LOOK_AGAIN)
        raise HTTPException(404)

    def _find_media_file(self, media_id: int) -> tuple[Path, str] | None:
        """Where it lies; None while it is being painted."""
        with self._site.database.read() as db:
            item = media.by_id(db, media_id)
        if item is None or not (item.path or item.channel == SOURCE):
            raise HTTPException(404)
        return (self._site.folder.path(item.path), item.mime) if item.path else None

    def _phone(self, request: Request) -> Phone:
        phone = self._roster.by_handle(request.path_params["handle"])
        if phone is None:
            raise HTTPException(404)
        return phone

    def _words(self, name: str) -> str:
        return self._site.texts.render(f"phones.{name}")

    def _seats(self) -> Roster:
        """Without the demo park nobody is known here: the phones of strangers are left."""
        everyone = demo.phones()
        if not self._site.settings.channels.local.demo:
            everyone = tuple(phone for phone in everyone if phone.role is None)
        return roster(self._words("group_name"), everyone)


def _report_malformed(endpoint: Endpoint) -> Endpoint:
    """A body that is refused is answered with its reason."""

    async def answer_request(request: Request) -> Response:
        try:
            return await endpoint(request)
        except Malformed as problem:
            return JSONResponse({"error": str(problem)}, problem.status)

    return answer_request


async def _to_page(_request: Request) -> Response:
    return RedirectResponse("/phones")

"""The board (挂图作战): open issues by stage with the time left, on a wall or on a phone."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from anyio import to_thread
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.templating import Jinja2Templates

from bot.web.gate import Gate, Sight
from bot.web.guard import Headed
from bot.web.site import Site
from bot.web.wall import Wall
from storage import board

HERE = Path(__file__).parent
FRESH = {"Cache-Control": "no-store"}
MOST = 200
"""Cards of one lane that the page is given; it turns them over by itself."""
LONGEST = 2048
"""Bytes of the form that brings the token."""
_TEMPLATES = Jinja2Templates(HERE / "templates")


class BoardPage:
    """The wall is read from the database at every look; the page asks for its inside anew."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._gate = Gate(site.settings)

    def routes(self) -> list[BaseRoute]:
        """Everything of the page. Its style and script are no secret."""
        headed = [Middleware(Headed, forms=True)]
        static = StaticFiles(directory=HERE / "static")
        return [
            Mount("/board/static", static, middleware=headed),
            Route("/board", self._page, middleware=headed),
            Route("/board/view", self._view, middleware=headed),
            Route("/board/enter", self._enter, methods=["POST"], middleware=headed),
        ]

    async def _page(self, request: Request) -> Response:
        sight = self._gate.sight(request)
        if sight is Sight.NOTHING:
            return self._closed(request)
        return self._drawn(request, "board.html", await to_thread.run_sync(self._look, sight))

    async def _view(self, request: Request) -> Response:
        sight = self._gate.sight(request)
        if sight is Sight.NOTHING:
            return PlainTextResponse("", 403, FRESH)
        return self._drawn(request, "board_view.html", await to_thread.run_sync(self._look, sight))

    async def _enter(self, request: Request) -> Response:
        if int(request.headers.get("content-length") or LONGEST + 1) > LONGEST:
            return PlainTextResponse("", 413, FRESH)
        async with request.form(max_files=0, max_fields=2) as form:
            token = form.get("token")
        response = RedirectResponse("/board", 303, FRESH)
        if self._gate.enter(request, token if isinstance(token, str) else "", response):
            return response
        return self._closed(request, wrong=True)

    def _look(self, sight: Sight) -> dict[str, Any]:
        site, now = self._site, self._site.clock.now()
        with site.database.read() as db:
            piles = board.piles(db, now, MOST)
        masked = site.settings.board.masked
        return Wall(site.texts, site.house, now, masked, sight is Sight.WHOLE).of(piles)

    def _closed(self, request: Request, *, wrong: bool = False) -> Response:
        told = {"wrong": wrong, "has_token": self._gate.has_token}
        return self._drawn(request, "board_gate.html", told, 403)

    def _drawn(
        self, request: Request, name: str, told: Mapping[str, Any], status: int = 200
    ) -> Response:
        words = self._site.texts.words
        section = {key.removeprefix("board."): words[key] for key in words if _is_ours(key)}
        context = {"park": self._site.house.name, "words": section, **told}
        return _TEMPLATES.TemplateResponse(request, name, context, status, FRESH)


def _is_ours(key: str) -> bool:
    return key.startswith("board.")

"""The board (挂图作战): open issues by stage with the time left, on a wall or on a phone."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from anyio import to_thread
from sqlalchemy import Connection
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.templating import Jinja2Templates

from bot.core.days.weeks import week_of
from bot.core.reports.figures import Figures
from bot.web.board.access import Gate, Sight
from bot.web.board.view import Wall, names_on
from bot.web.security import Headed
from bot.web.services import Site
from storage import projects
from storage.reports import board, figures

HERE = Path(__file__).parents[1]
FRESH = {"Cache-Control": "no-store"}
MOST = 200
"""Cards of one lane that the page is given; it turns them over by itself."""
COUNTED = timedelta(seconds=30)
"""So long the week's counters stand; the lanes are read at every look."""
LONGEST = 2048
"""Bytes of the form that brings the token."""
_TEMPLATES = Jinja2Templates(HERE / "templates")


class BoardPage:
    """The wall is read from the database at every look; the page asks for its inside anew."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._gate = Gate(site.settings)
        self._week: Figures | None = None

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
            return self._render_gate(request)
        return self._render_page(request, "board.html", await to_thread.run_sync(self._look, sight))

    async def _view(self, request: Request) -> Response:
        sight = self._gate.sight(request)
        if sight is Sight.NOTHING:
            return PlainTextResponse("", 403, FRESH)
        return self._render_page(
            request, "board_view.html", await to_thread.run_sync(self._look, sight)
        )

    async def _enter(self, request: Request) -> Response:
        if int(request.headers.get("content-length") or LONGEST + 1) > LONGEST:
            return PlainTextResponse("", 413, FRESH)
        async with request.form(max_files=0, max_fields=2) as form:
            token = form.get("token")
        response = RedirectResponse("/board", 303, FRESH)
        if self._gate.enter(request, token if isinstance(token, str) else "", response):
            return response
        return self._render_gate(request, wrong=True)

    def _look(self, sight: Sight) -> dict[str, Any]:
        site, now = self._site, self._site.clock.now()
        with site.database.read() as db:
            piles, unfinished = board.piles(db, now, MOST), projects.list_unfinished(db)
            week = self._count_week(db, now)
        masked, whole = site.settings.board.masked, sight is Sight.WHOLE
        names = names_on(piles, unfinished) if masked and whole else frozenset()
        wall = Wall(site.texts, site.park, now, masked, whole, names).of(piles, unfinished, week)
        return {**wall, "outline": not whole and self._gate.has_token}

    def _count_week(self, db: Connection, now: datetime) -> Figures:
        """The week's figures, counted anew when they are old: several walls ask every few
        seconds, and a long record takes its time."""
        week, known = week_of(self._site.park.local(now).date()), self._week
        age = now - known.counted_at if known else None
        if known is None or age is None or known.week != week or not timedelta() <= age < COUNTED:
            known = self._week = figures.of_week(db, week, now, self._site.park.hours.zone)
        return known

    def _render_gate(self, request: Request, *, wrong: bool = False) -> Response:
        told = {"wrong": wrong, "has_token": self._gate.has_token}
        return self._render_page(request, "board_gate.html", told, 403)

    def _render_page(
        self, request: Request, name: str, told: Mapping[str, Any], status: int = 200
    ) -> Response:
        words = self._site.texts.words
        section = {key.removeprefix("board."): words[key] for key in words if _is_ours(key)}
        given = {"park": self._site.park.name, "words": section, **told}
        return _TEMPLATES.TemplateResponse(request, name, given, status, FRESH)


def _is_ours(key: str) -> bool:
    return key.startswith("board.")

"""The light is red while nothing can be written, and the duty desk hears of it afterwards, once."""

import asyncio
from collections.abc import Callable
from concurrent.futures import Future

import httpx
from sqlalchemy import select

from bot.app import App
from bot.web.app import build
from storage.tables.delivery import outbox


class Stuck:
    """A writer whose commits fail, or never come back."""

    def __init__(self, *, hangs: bool) -> None:
        self._hangs = hangs

    def submit(self, _work: object) -> Future[object]:
        """Nothing is written."""
        future: Future[object] = Future()
        if not self._hangs:
            future.set_exception(OSError("disk full"))
        return future


async def _ask(app: App) -> tuple[int, bool]:
    app.postman.looked_at = app.timekeeper.looked_at = app.clock.now()
    web = httpx.AsyncClient(transport=httpx.ASGITransport(build(app, None)), base_url="http://bot")
    answer = await web.get("/healthz")
    return answer.status_code, answer.json()["writing"]


def _list_told(app: App) -> list[str]:
    with app.database.read() as db:
        told = select(outbox.c.text).where(outbox.c.kind == "fault.not_written")
        return list(db.execute(told).scalars())


def test_the_light_is_red_while_nothing_can_be_written(make_app: Callable[..., App]) -> None:
    app = make_app()

    async def story() -> None:
        await app.start()
        assert await _ask(app) == (200, True)
        whole = app.watch._writer
        for hangs in (False, True):
            app.watch._writer = Stuck(hangs=hangs)  # type: ignore[assignment]
            assert not await app.watch.look(patience=0.05)
        assert app.watch.can_write is False
        app.watch._writer = whole
        app.watch._trying = None
        assert _list_told(app) == []
        for _ in range(2):
            assert await _ask(app) == (200, True)
        assert len(_list_told(app)) == 1
        await app.stop()

    asyncio.run(story())


def test_a_path_that_no_database_can_keep_leads_nowhere(make_app: Callable[..., App]) -> None:
    app = make_app()

    async def story() -> None:
        await app.start()
        base = httpx.ASGITransport(build(app, None))
        web = httpx.AsyncClient(transport=base, base_url="http://127.0.0.1")
        for path in ("/calendar/%00.ics", "/minutes/%00.docx", f"/phones/media/{'9' * 20}"):
            assert (await web.get(path)).status_code == 404, path
        await app.stop()

    asyncio.run(story())

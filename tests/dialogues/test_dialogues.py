"""Every transcript in this folder is played on both databases; what takes months, on one."""

import asyncio
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import exists, select

from bot.app import App
from bot.clock import MovableClock
from bot.core.notifications import NOTIFICATIONS, Party
from bot.core.people import Role
from bot.settings import load
from storage.tables.delivery import messages, outbox, threads
from storage.tables.people import people
from tests.conftest import MONDAY, ROOT
from tests.databases import PostgresPlace, SqlitePlace
from tests.dialogues.player import Off, Player

EARLY = MONDAY.replace(hour=8)
TRANSCRIPTS = sorted(Path(__file__).parent.glob("*.txt"))
LONG = sorted((Path(__file__).parent / "long").glob("*.txt"))
"""Stories of months: each day of the clock costs as much as a page of talk."""


@pytest.fixture
def app(place: SqlitePlace | PostgresPlace, tmp_path: Path) -> Iterator[App]:
    with place.create_migrated() as url:
        scratch = {
            "EXCHANGE_STORAGE__URL": url,
            "EXCHANGE_STORAGE__MEDIA": str(tmp_path / "media"),
        }
        yield App(load(ROOT / "config.toml", scratch), MovableClock(EARLY, frozen=True))


@pytest.mark.parametrize("transcript", TRANSCRIPTS, ids=lambda path: path.stem)
def test_the_bot_speaks_as_written(app: App, transcript: Path) -> None:
    asyncio.run(_play(app, transcript.read_text(encoding="utf-8"), transcript.name))


@pytest.mark.parametrize("transcript", LONG, ids=lambda path: path.stem)
def test_the_bot_remembers_for_months(make_app: Callable[..., App], transcript: Path) -> None:
    app = make_app()
    asyncio.run(_play(app, transcript.read_text(encoding="utf-8"), transcript.name))


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("王芳< 【已收到】", "has not come"),
        ("王芳✗ 【已收到】", "should not have come"),
        ("[2024-10-15 周一 10:00] 王芳> 在吗", "is 周二"),
        ("王芳> 在吗\n[2024-10-13 周日 10:00] 王芳> 在吗", "does not go back"),
        ("张三> 在吗", "nobody is called"),
        ("随便写写", "no line of a transcript"),
    ],
)
def test_a_wrong_transcript_fails(app: App, line: str, why: str) -> None:
    before = "王芳> 停电了\n" if "✗" in line else ""
    with pytest.raises(Off, match=why):
        asyncio.run(_play(app, before + line, "wrong"))


def _list_unlisted(app: App) -> list[tuple[str, Role]]:
    """What somebody heard who was not the one answered, and has no row or none for such people."""
    answered = exists().where(
        messages.c.key == outbox.c.because, messages.c.thread_id == outbox.c.thread_id
    )
    rows = select(outbox.c.kind, people.c.role).join(threads, threads.c.id == outbox.c.thread_id)
    rows = rows.outerjoin(people, people.c.id == threads.c.person_id).distinct()
    with app.database.read() as db:
        told = [(row.kind, row.role) for row in db.execute(rows.where(~answered))]
    return sorted((kind, role) for kind, role in told if not _may_hear(kind, role))


def _may_hear(kind: str, role: Role | None) -> bool:
    row = NOTIFICATIONS.get(kind)
    if row is None or role is None:
        return row is not None
    return row.to_firm if role is Role.CONTACT else bool(row.to & ~(Party.REPORTER | Party.FIRM))


async def _play(app: App, transcript: str, name: str) -> None:
    await app.start()
    try:
        await Player(app).play(transcript, name)
        assert _list_unlisted(app) == []
    finally:
        await app.stop()

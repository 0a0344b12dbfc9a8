"""Five weeks across New Year, with its holiday and a week that belongs to two years: every number
of digest, wall and ledger is what the events tell; the reader finds what is wrong on purpose."""

import asyncio
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path

import pytest

from bot.app import App
from bot.clock import MovableClock
from bot.core.days.weeks import Week
from bot.core.reports.figures import Share
from bot.rehearsal.rhythm import Plan
from bot.rehearsal.run import Rehearsal
from bot.settings import load
from storage.reports import figures
from tests.conftest import MONDAY, ROOT
from tests.databases import SqlitePlace
from tests.dialogues.player import Player
from tests.recount.watching import Look, at_the_end, differences, play
from tests.rehearsal.office import ZONE, Office

PLAN = Plan(date(2026, 12, 14), days=35, issues=60, enterprises=24, seed=1)
Played = tuple[Rehearsal, list[Look], Path]


@pytest.fixture(scope="module")
def recount_run(tmp_path_factory: pytest.TempPathFactory) -> Played:
    folder = tmp_path_factory.mktemp("recount")
    return *asyncio.run(play(PLAN, folder)), folder / "rehearsal.db"


def test_every_number_is_what_the_events_tell(recount_run: Played) -> None:
    rehearsal, looks, path = recount_run
    assert [str(look.digest.week) for look in looks] == [
        "2026-W51",
        "2026-W52",
        "2026-W53",
        "2027-W01",
    ]
    assert list(differences(rehearsal, looks, path)) == []


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        ("DELETE FROM issue_events WHERE move = 'rate'", "satisfaction: printed"),
        ("DELETE FROM issue_events WHERE move = 'confirm'", "silent: printed"),
        ("DELETE FROM issue_events WHERE move = 'resolve'", "resolved: printed"),
        ("DELETE FROM issue_events WHERE move = 'ask'", "answer_due: printed"),
        ("DELETE FROM issue_events WHERE move = 'close'", "closed_at: printed"),
        ("DELETE FROM issue_events WHERE move IN ('accept', 'take')", "kept accept: printed"),
        ("DELETE FROM issue_events WHERE move = 'agree'", "wall"),
        ("DELETE FROM issue_events WHERE move = 'urge'", "urged: printed"),
        (
            "UPDATE issue_events SET at = datetime(at, '-9 days') WHERE move = 'file'",
            "filed: printed",
        ),
        ("UPDATE issues SET category = '' ", "categories"),
    ],
)
def test_the_reader_finds_what_is_wrong(
    recount_run: Played, tmp_path: Path, damage: str, said: str
) -> None:
    """The log is another than the one that was printed from."""
    rehearsal, looks, path = recount_run
    other = tmp_path / path.name
    shutil.copyfile(path, other)
    with sqlite3.connect(other) as db:
        assert db.execute(damage).rowcount > 0
    db.close()
    assert any(said in difference for difference in differences(rehearsal, looks, other))


TOLD = Path(__file__).parents[1] / "dialogues"
RARE = (
    *("undo", "merged", "merged_split", "merged_later", "asked_and_planned", "not_satisfied"),
    *("extension", "paused_when_late", "waiting_too_long", "categories", "back_too_late"),
)
"""Transcripts of what a rehearsal's people do not do: take back, merge, correct, come too late."""


LATE = """
[2024-10-14 周一 10:00] 王芳> 创业路路灯全灭了，晚上工人下班看不见路
[10:05] 林知夏> 申请用地指标
[10:10] 马行空> 磅秤坏了
[10:20] 何小满> 创业路上的路灯全灭了，晚上下班看不见路
[10:30] 赵敏之> 受理 001
[10:30] 孙晓岚> 受理 002
[10:31] 孙晓岚> 受理 003
[周三 09:00] 孙晓岚> 请补充 003 哪一台？
[09:10] 孙晓岚> 挂账 002 11月15日 等省里批指标
[09:20] 林知夏> 同意挂账
[09:30] 钱书远> 并案 004 001
"""
"""Late already when the clock was stopped: by a question, a plan, a merging."""


PROMISED = """
[2024-10-14 周一 09:00] 王芳> 报名 车间电压不稳
[19:30] 王芳> 签到
[19:32] 值班员小蒋> 记 1号 供电公司 10月18日前 完成增容
[19:33] 值班员小蒋> 记 1号 供电公司 10月17日前 送来方案
[19:34] 值班员小蒋> 记 1号 供电公司 10月16日前 到现场看
[19:51] 值班员小蒋> 闭会
[周三 10:00] 值班员小蒋> 兑现 95-03 看过了
[周五 10:00] 值班员小蒋> 兑现 95-02 晚了一天
"""
"""One promise kept, one kept too late, one not at all."""
STORIES = {"late": LATE, "promised": PROMISED}
OFFICE = Office(MONDAY.date(), 90)


@contextmanager
def play_story(place: SqlitePlace, folder: Path, name: str) -> Iterator[tuple[App, Path]]:
    """A park in which this story was played, and where its database lies."""
    told = STORIES.get(name) or (TOLD / f"{name}.txt").read_text(encoding="utf-8")
    with place.create_migrated() as url:
        given = {"EXCHANGE_STORAGE__URL": url, "EXCHANGE_STORAGE__MEDIA": str(folder)}
        early = MovableClock(MONDAY.replace(hour=8), frozen=True)
        app = App(load(ROOT / "config.toml", given), early)
        asyncio.run(_play_transcript(app, told, name))
        yield app, Path(str(app.database.url.database))
        app.database.close()


async def _play_transcript(app: App, transcript: str, name: str) -> None:
    await app.start()
    await Player(app).play(transcript, name)


@pytest.mark.parametrize("name", [*RARE, *STORIES])
def test_rare_moves_are_counted_too(sqlite_place: SqlitePlace, tmp_path: Path, name: str) -> None:
    with play_story(sqlite_place, tmp_path, name) as (app, path):
        for days in (0, 1, 9):
            now = app.clock.now() + timedelta(days=days)
            assert list(at_the_end(app, path, OFFICE, MONDAY, now)) == []


def test_promises_are_counted(sqlite_place: SqlitePlace, tmp_path: Path) -> None:
    with play_story(sqlite_place, tmp_path, "promised") as (app, path):
        now = app.clock.now() + timedelta(days=9)
        with app.database.read() as db:
            assert figures.of_week(db, Week(2024, 42), now, ZONE).promises == Share(1, 3)
        with sqlite3.connect(path) as log:
            log.execute("DELETE FROM session_events WHERE act = 'kept'")
        log.close()
        found = list(at_the_end(app, path, OFFICE, MONDAY, now))
    assert any(
        "promises: printed (1, 3), the events tell (0, 3)" in difference for difference in found
    )

"""What was pending in a database of the version before is answered rightly by this one.

What stands in `before_the_house.md` is what the version before did.
"""

import asyncio
import gzip
import itertools
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import psycopg
import pytest
from sqlalchemy import make_url, select

from bot.app import App
from bot.clock import MovableClock
from bot.core.issues.lifecycle import Move
from bot.core.messages import Address, Content, Incoming, Kind
from bot.settings import load
from storage.tables.issues import events, issues
from tests.conftest import ROOT
from tests.databases import PostgresPlace, SqlitePlace
from tests.dialogues.player import PNG, Player

HERE = Path(__file__).parent
END = datetime(2024, 10, 21, 16, 29, 5, tzinfo=ZoneInfo("Asia/Shanghai"))
ROOM = Address("telegram", "-1009000000001/YZ-20241021-005")


def restore(place: SqlitePlace | PostgresPlace, url: str) -> None:
    if isinstance(place, SqlitePlace):
        with gzip.open(HERE / "before_the_house.sqlite.gz") as kept:
            path = make_url(url).database
            assert path is not None
            with Path(path).open("wb") as database:
                shutil.copyfileobj(kept, database)
        return
    dump = gzip.decompress((HERE / "before_the_house.pg.sql.gz").read_bytes()).decode()
    plain = url.replace("postgresql+psycopg://", "postgresql://", 1)
    with psycopg.connect(plain, autocommit=True) as db:
        db.execute(dump.encode())


@contextmanager
def open_app(
    place: SqlitePlace | PostgresPlace, folder: Path, more: dict[str, str] | None = None
) -> Iterator[App]:
    with place.empty() as url:
        restore(place, url)
        scratch = {"EXCHANGE_STORAGE__URL": url, "EXCHANGE_STORAGE__MEDIA": str(folder / "media")}
        yield App(
            load(ROOT / "config.toml", scratch | (more or {})), MovableClock(END, frozen=True)
        )


def play(app: App, transcript: str) -> None:
    keys = map("after-{}".format, itertools.count())
    asyncio.run(_play(app, Player(app, keys=keys, phones={"王芳2": "hengyu-2"}), transcript))


async def _play(app: App, player: Player, transcript: str) -> None:
    await app.start()
    app.folder.put(PNG)
    try:
        await player.play(transcript, "before_the_house")
    finally:
        await app.stop()


DIGITS = {
    "confirm": """
        王芳> 1
        王芳< 【请评价】YZ-20241021-003
        王芳< 今晚清洗
        赵敏之< YZ-20241021-003""",
    "not_solved": """
        王芳> 2
        王芳< YZ-20241021-003
        赵敏之< YZ-20241021-003""",
    "agree": """
        刘大川> 1
        刘大川< 11月15日（周五）17:30""",
    "why": """
        马行空> 2
        马行空< YZ-20241021-006
        值班员小蒋< 办得太慢""",
    "join": """
        林知夏> 1
        林知夏< YZ-20241021-007""",
    "consent": """
        新来的企业> 1
        新来的企业< 已同意""",
    "pass_on": """
        赵敏之> 3
        赵敏之< YZ-20241021-011
        郑筑平< 1 接""",
    "send_to": """
        钱书远> 3
        何小满< 【反馈】YZ-20241021-009
        何小满< 明天下午上门看""",
    "picture": """
        孙晓岚> 2
        林知夏< （附图）""",
    "crossed": """
        李望舒> 1
        李望舒< 【哪一件】
        李望舒< 1 受理 YZ-20241021-004
        李望舒< 2 受理 YZ-20241021-014
        李望舒> 1
        李望舒< 已受理】YZ-20241021-004""",
    "not_crossed": """
        [16:30] 李望舒> 1
        李望舒< 已受理】YZ-20241021-014""",
    "attend": """
        周电工> 1
        周电工< 第 96 期""",
    "take": """
        郑筑平> 1
        郑筑平< YZ-20241018-003
        马行空< 郑筑平""",
    "direct": """
        冯主任> 4
        冯主任< YZ-20241010-001
        冯主任> 马上换
        冯主任< 已批示
        赵敏之< 马上换""",
    "table": """
        冯主任> 9
        冯主任< 96
        李望舒< YZ-20241021-004""",
    "redirect": """
        冯主任> 8
        冯主任> 工程建设部
        郑筑平< YZ-20241021-004""",
    "undo": """
        陈副主任> 0
        陈副主任< 撤销""",
    "grant": """
        值班员小蒋> 1
        值班员小蒋< 10月31日（周四）17:30""",
}
FREE_WORDS = {
    "in_writing": """
        何小满> 3 号车间自来水水压低
        何小满< 【已收到】YZ-20241021-015
        钱书远< 3 号车间自来水水压低
        何小满< 第 96 期""",
    "why": """
        马行空> 2 次上门都没人
        值班员小蒋< 2 次上门都没人""",
    "supplement": """
        林知夏> 3 号宿舍楼
        林知夏< 【已补充】YZ-20241021-007
        林知夏> 进度
        林知夏< 3 号宿舍楼""",
    "pass_on": """
        赵敏之> 郑筑平
        郑筑平< YZ-20241021-011""",
    "too_late": """
        钱书远> 明天下午上门
        钱书远< 【这句话发给谁】
        何小满✗ 明天下午上门""",
    "broken": """
        周电工> 3 台变压器没到货
        周电工< 95-02
        周电工< 3 台变压器没到货""",
    "instruct": """
        冯主任> 3 天内给答复
        李望舒< 3 天内给答复""",
    "theme": """
        值班员小蒋> 3 号路停车
        值班员小蒋< 3 号路停车""",
}


@pytest.mark.parametrize("transcript", DIGITS.values(), ids=DIGITS)
def test_a_digit_means_what_was_shown(
    place: SqlitePlace | PostgresPlace, tmp_path: Path, transcript: str
) -> None:
    with open_app(place, tmp_path) as app:
        play(app, transcript)


@pytest.mark.parametrize("transcript", FREE_WORDS.values(), ids=FREE_WORDS)
def test_words_answer_what_was_asked(
    place: SqlitePlace | PostgresPlace, tmp_path: Path, transcript: str
) -> None:
    with open_app(place, tmp_path) as app:
        play(app, transcript)


def test_an_office_that_reworded_commands_meanwhile_is_understood(
    sqlite_place: SqlitePlace, tmp_path: Path
) -> None:
    own = tmp_path / "own.toml"
    own.write_text('[commands]\naccept = "收下"\nconfirm = "办好了"\nin_writing = "写下"\n')
    with open_app(sqlite_place, tmp_path, {"EXCHANGE_TEXTS": str(own)}) as app:
        play(app, DIGITS["confirm"] + DIGITS["not_crossed"] + FREE_WORDS["in_writing"])


def test_what_is_asked_in_a_room_is_answered_there(
    place: SqlitePlace | PostgresPlace, tmp_path: Path
) -> None:
    with open_app(place, tmp_path) as app:
        asyncio.run(_answer_in_the_room(app))


async def _answer_in_the_room(app: App) -> None:
    await app.start()
    said = Content(Kind.TEXT, "3 号配电房的照片")
    sender = Address("local", "zhao")
    await app.runner.hear(Incoming("after:room", ROOM, said, END, slot=True, sender=sender))
    with app.database.read() as db:
        wanted = select(issues.c.id).where(issues.c.number == "YZ-20241021-005")
        issue_id = db.execute(wanted).scalar_one()
        rows = select(events.c.move, events.c.text).where(events.c.issue_id == issue_id)
        moves = list(db.execute(rows.order_by(events.c.id)))
    assert (moves[-1].move, moves[-1].text) == (Move.ASK, "3 号配电房的照片")
    await app.stop()

"""An evening through the whole app: two who record at once, papers, workbooks, calendars."""

import asyncio
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import httpx
from docx import Document
from icalendar import Calendar
from openpyxl import load_workbook

from bot import demo
from bot.actions.sessions import minutes, tally
from bot.actions.sessions.minutes_file import write_minutes
from bot.app import App
from bot.core.messages import Address, Content, Incoming, Kind
from bot.ledger import sessions as session_workbook
from bot.settings.sessions import TEMPLATE
from bot.web.app import build
from storage.sessions import promises, sessions
from tests.dialogues.player import Player
from tests.peers.ics import read_ics
from tests.sessions.conftest import open_context

EVENING = """
[2024-10-14 周一 09:00] 王芳> 报名 车间电压不稳
[09:05] 何小满> 报名 =1+1 水压低
[19:30] 王芳> 签到
[19:31] 何小满> 签到
[19:32] 值班员小蒋> 记 1号 供电公司 下周五前 完成增容
[19:33] 值班员小蒋> 记 2号 自来水公司 10月20日前 =换水管
[19:50] 王芳> 异议 95-01 说的是{本周}五
[19:51] 值班员小蒋> 闭会
"""
WAITING = """
[2024-10-14 周一 09:00] 王芳> 报名 车间电压不稳
[09:05] 何小满> 报名 水压低
何小满< 【候补】第 95 期名额满了
[09:06] 林知夏> 报名 人才公寓
林知夏< 【候补】第 95 期名额满了
[09:10] 王芳> 来不了
何小满< 【轮到您了】第 95 期
林知夏✗ 【轮到您了】
[19:30] 何小满> 签到
[19:31] 值班员小蒋> 闭会
值班员小蒋> 1
[周二 10:00] 林知夏> 主题日
林知夏< 【主题日】第 96 期
林知夏< 您这一期：来
"""
UNSEEN = """
[2024-10-14 周一 09:00] 王芳> 报名 车间电压不稳
[19:30] 王芳> 签到
"""


async def play_transcript(app: App, transcript: str) -> None:
    await app.start()
    await Player(app).play(transcript, "evening")


def build_incoming(key: str, who: str, text: str, at: datetime) -> Incoming:
    return Incoming(key, Address(demo.CHANNEL, who), Content(Kind.TEXT, text), at)


def test_two_who_record_at_once_get_two_numbers_or_a_question(app: App) -> None:
    async def both() -> None:
        await play_transcript(app, UNSEEN)
        now = app.clock.now()
        lines = (
            ("duty", "记 1号 供电公司 下周五前 完成增容"),
            ("feng", "记 1号 供电公司 周五前 送电"),
        )
        await asyncio.gather(
            *(app.runner.hear(build_incoming(who, who, text, now)) for who, text in lines)
        )
        await app.stop()

    asyncio.run(both())
    with open_context(app) as context:
        found = promises.everything(context.db)
    # Whoever came second was asked whether it is the same promise: nothing was written by guess.
    assert [promise.serial for promise in found] == [1]


def test_the_same_delivery_twice_records_one_promise(app: App) -> None:
    async def twice() -> None:
        await play_transcript(app, UNSEEN)
        one = build_incoming("same", "duty", "记 1号 供电公司 下周五前 完成增容", app.clock.now())
        await asyncio.gather(app.runner.hear(one), app.runner.hear(one))
        await app.stop()

    asyncio.run(twice())
    with open_context(app) as context:
        assert len(promises.everything(context.db)) == 1


def test_the_word_file_holds_every_promise(app: App, tmp_path: Path) -> None:
    asyncio.run(play_evening(app))
    out = tmp_path / "minutes.docx"
    with open_context(app) as context:
        session = sessions.by_number(context.db, 95)
        assert session is not None
        write_minutes(context, minutes.of_session(context, session), TEMPLATE, out)
        part = minutes.of_session(context, session, firm=1)
        write_minutes(context, part, TEMPLATE, tmp_path / "part.docx")
    text = words_of(out)
    assert "95-01 供电公司：完成增容" in text
    assert "95-02 自来水公司：=换水管" in text
    assert "企业异议：说的是{本周}五" in text
    mine = words_of(tmp_path / "part.docx")
    assert "完成增容" in mine
    assert "换水管" not in mine
    assert "绿洲" not in mine


def test_who_waits_gets_the_seat_that_becomes_free(make_app: Callable[..., App]) -> None:
    app = make_app(SESSIONS__CAPACITY="1")
    asyncio.run(whole(app, WAITING))


def test_the_ledger_goes_on_from_the_sessions_before_the_bot(make_app: Callable[..., App]) -> None:
    before = {"SESSIONS": "94", "COLLECTED": "390", "DONE": "300", "PLANNED": "50"}
    app = make_app(**{f"SESSIONS__BEFORE__{name}": value for name, value in before.items()})
    asyncio.run(play_evening(app))
    with open_context(app) as context:
        told = tally.build_values(context.db, context.park.sessions)
    parts = [told[name] for name in ("done", "planned", "infeasible", "in_hand")]
    assert (told["sessions"], told["collected"], parts) == (95, 392, [300, 52, 0, 40])


def test_workbooks_have_dates_and_never_a_formula(app: App, tmp_path: Path) -> None:
    asyncio.run(play_evening(app))
    with open_context(app) as context:
        rows = session_workbook.promise_rows(context)
        headings = context.texts.words["workbook.promises"].split()
        session_workbook.write(tmp_path / "p.xlsx", "承诺", headings, rows)
        held = session_workbook.session_rows(context)
        assert len(held[0]) == len(context.texts.words["workbook.sessions"].split())
    sheet = load_workbook(tmp_path / "p.xlsx").worksheets[0]
    assert [cell.value for cell in sheet[1]] == headings
    second = {cell.value: cell for cell in sheet[3]}
    assert second["=换水管"].data_type == "s"
    assert sheet["H3"].value == datetime(2024, 10, 20, 17, 30)  # noqa: DTZ001 - wall time
    assert (held[0][0], held[0][6], held[0][7]) == (95, 2, 2)


def test_the_link_opens_the_session_and_follows_its_changes(app: App) -> None:
    uid, before, after, gone, lost = asyncio.run(fetch_calendars(app))
    assert read_ics(before)["UID"] == read_ics(after)["UID"] == read_ics(gone)["UID"]
    assert uid in read_ics(before)["UID"]
    assert read_ics(before)["DTSTART"] == "20241014T113000Z"
    assert read_ics(after)["DTSTART"] == "20241016T070000Z"
    assert read_ics(gone)["METHOD"] == "CANCEL"
    (event,) = Calendar.from_ical(after).walk("VEVENT")
    assert [read_ics(content)["SEQUENCE"] for content in (before, after, gone)] == ["1", "2", "3"]
    assert event["SEQUENCE"] == 2
    assert str(event["SUMMARY"]) == "第 95 期主题日 用电"
    assert "电压" not in after.decode()
    assert lost == 404


async def play_evening(app: App) -> None:
    await whole(app, EVENING)


async def whole(app: App, transcript: str) -> None:
    await play_transcript(app, transcript)
    await app.stop()


async def fetch_calendars(app: App) -> tuple[str, bytes, bytes, bytes, int]:
    await play_transcript(app, UNSEEN.splitlines()[1])
    web = httpx.ASGITransport(app=build(app, None))
    with app.database.read() as db:
        uid = sessions.to_come(db)[0].uid
    found = []
    async with httpx.AsyncClient(transport=web, base_url="http://127.0.0.1:8080") as client:
        for words in ("主题 用电", "改到 95 10月16日 15:00", "取消本期 95"):
            await app.runner.hear(build_incoming(words, "duty", words, app.clock.now()))
            found.append((await client.get(f"/calendar/{uid}.ics")).content)
        lost = (await client.get("/calendar/000000.ics")).status_code
    await app.stop()
    return uid, found[0], found[1], found[2], lost


def words_of(path: Path) -> str:
    return "\n".join(paragraph.text for paragraph in Document(str(path)).paragraphs)

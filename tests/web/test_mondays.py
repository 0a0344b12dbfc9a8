"""Four Mondays in a real browser, one of them a holiday: signing up, the agenda, five promises, the
minutes, and their reading back: one kept, one broken, one re-dated."""

import os
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import httpx
import pytest
import uvicorn
from playwright.sync_api import Browser, Page, expect

from bot.app import serve
from bot.clock import MovableClock
from bot.settings import Settings
from tests.conftest import MONDAY, ROOT
from tests.peers.ics import read_ics
from tests.sessions.test_evening import words_of
from tests.web.conftest import DESK
from tests.web.seats import FIRM, GROUP, LEADER, STAFF, choose, log, press, write

FRIDAY = datetime(2024, 9, 20, 14, 0, tzinfo=MONDAY.tzinfo)
"""Three Mondays from here is 7 October, a day off by national order."""
HENGYU, LVZHOU = "王芳 · 恒宇电子有限公司", "何小满 · 绿洲食品有限公司"
YUNFAN, QINGHE = "马行空 · 云帆物流有限公司", "林知夏 · 青禾生物科技有限公司"
DUTY, POWER = "值班员小蒋 · 值班台", "周电工 · 部门"
PROMISED = (
    "95-01 供电服务部：完成增容",
    "95-02 供电服务部：送来临时发电车",
    "95-03 自来水公司：换 DN200 管",
    "95-04 人力资源部：腾出 20 套公寓",
    "95-05 园区物业公司：晚餐延到八点",
)
PATIENCE = 30_000
"""Milliseconds: a week is lived through on the way to the next Monday."""
PICTURE = ROOT / "docs" / "monday.png"

pytestmark = pytest.mark.browser


@pytest.fixture
def page(browser: Browser, make_settings: Callable[..., Settings]) -> Iterator[Page]:
    """The page of the whole program, whose clock begins on that Friday."""
    with run_server(make_settings) as address:
        page = browser.new_page(viewport=DESK, reduced_motion="reduce")
        faults: list[str] = []
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.goto(address)
        page.set_default_timeout(PATIENCE)
        choose(page, DUTY, STAFF)
        yield page
        page.close()
    assert faults == []


@contextmanager
def run_server(make_settings: Callable[..., Settings]) -> Iterator[str]:
    listening = socket.create_server(("127.0.0.1", 0))
    port = str(listening.getsockname()[1])
    web = serve(make_settings(SERVER__PORT=port), MovableClock(FRIDAY))
    quiet = uvicorn.Config(web, log_config=None, ws="none", timeout_graceful_shutdown=1)
    server = uvicorn.Server(quiet)
    thread = threading.Thread(target=server.run, args=([listening],))
    thread.start()
    try:
        address = f"http://127.0.0.1:{port}"
        # The socket takes the question at once; the answer comes when the program is up.
        httpx.get(f"{address}/healthz", trust_env=False, timeout=20)
        yield address
    finally:
        server.should_exit = True
        thread.join(20)


def says(page: Page, place: str, words: str) -> None:
    expect(log(page, place)).to_contain_text(words, timeout=PATIENCE)


def tell_bot(page: Page, place: str, words: str, answer: str) -> None:
    write(page, place, words)
    says(page, place, answer)


def download_link(page: Page, place: str, address: str, to: Path) -> Path:
    """What the newest link of this kind on a phone gives to whoever taps it."""
    link = log(page, place).get_by_role("link").filter(has_text=address).last
    answer = httpx.get(link.get_attribute("href") or "", trust_env=False)
    to.write_bytes(answer.raise_for_status().content)
    return to


def hours(page: Page, count: int) -> None:
    now = page.locator("#now")
    for _ in range(count):
        before = now.inner_text()
        page.get_by_role("button", name="快进 1 小时").click()
        expect(now).not_to_have_text(before, timeout=PATIENCE)


def on_monday(page: Page, day: str) -> None:
    page.get_by_role("button", name="跳到周一 19:30").click()
    expect(page.locator("#now")).to_have_text(f"{day}（周一）19:30", timeout=PATIENCE)


def test_four_mondays(page: Page, tmp_path: Path) -> None:
    _sign_up_enterprises(page, tmp_path)
    _first_evening(page, tmp_path)
    _read_back(page)
    _holiday(page)
    on_monday(page, "10月14日")
    tell_bot(page, STAFF, "议程", "【议程】第 98 期")
    said = log(page, STAFF).locator(".bubble").last
    expect(said).not_to_contain_text("95-01")
    expect(said).to_contain_text("■ 承诺 95-03 已过期（10月11日（周五））")
    expect(said).to_contain_text("承诺 95-05（10月18日（周五） 到期，改期：等消防验收）")
    expect(said).to_contain_text("第 4 次上会｜云帆物流有限公司")


def _sign_up_enterprises(page: Page, folder: Path) -> None:
    choose(page, HENGYU)
    tell_bot(page, FIRM, "报名 变压器容量不够，夏天总跳闸", "【报名成功】第 95 期")
    calendar = download_link(page, FIRM, "/calendar/", folder / "session.ics")
    assert read_ics(calendar.read_bytes())["DTSTART"] == "20240923T113000Z"
    choose(page, LVZHOU)
    tell_bot(page, FIRM, "报名", "想说什么事？")
    tell_bot(page, FIRM, "自来水水压低，生产线停过两次", "【报名成功】第 95 期")
    choose(page, YUNFAN)
    tell_bot(page, FIRM, "书面 货车进园要绕路，能不能开东门", "【书面上会】第 95 期")
    choose(page, QINGHE)
    tell_bot(page, FIRM, "人才公寓排队太久", "YZ-20240920-004")
    tell_bot(page, STAFF, "点名 青禾", "【已点名】青禾生物科技有限公司 第 95 期")
    press(page, FIRM, "1 参加")
    press(page, FIRM, "1 YZ-20240920-004 人才公寓排队太久")
    expect(log(page, FIRM).locator(".bubble").last).to_contain_text("【报名成功】第 95 期")
    hours(page, 1)
    says(page, STAFF, "【议程建议】第 95 期 9月23日（周一）19:30")
    tell_bot(page, STAFF, "+ 园区食堂晚餐延时", "值班台加｜园区食堂晚餐延时")


def _first_evening(page: Page, folder: Path) -> None:
    on_monday(page, "9月23日")
    says(page, GROUP, "【主题日】第 95 期")
    expect(log(page, GROUP)).not_to_contain_text("变压器")
    says(page, LEADER, "【会前一页】第 95 期")
    for firm in (HENGYU, LVZHOU, QINGHE):
        choose(page, firm)
        tell_bot(page, FIRM, "签到", "【已签到】")
    said = (
        "记 1号 供电服务部 9月27日前 完成增容",
        "记 1号 供电服务部 周三前 送来临时发电车",
        "记 2号 自来水公司 10月11日前 换 DN200 管",
        "记 4号 人力资源部 10月12日前 腾出 20 套公寓",
        "记 5号 园区物业公司 10月8日前 晚餐延到八点",
    )
    for serial, words in enumerate(said, start=1):
        tell_bot(page, STAFF, words, f"【已记 95-0{serial}】")
    hours(page, 1)
    choose(page, HENGYU)
    press(page, FIRM, "1 是这样说的")
    says(page, FIRM, "【已记下】95-01 95-02 您认可")
    choose(page, QINGHE)
    press(page, FIRM, "2 说的不一样")
    tell_bot(page, FIRM, "说的是 30 套", "企业异议：说的是 30 套")
    tell_bot(page, STAFF, "闭会", "【还没结论】1 项")
    tell_bot(page, STAFF, "决定 3号 交通局周四看东门", "【已决定】3号")
    tell_bot(page, STAFF, "闭会", "【纪要】第 95 期")
    says(page, LEADER, "企业异议：说的是 30 套")
    says(page, GROUP, "承诺 5 条")
    paper = download_link(page, STAFF, "/minutes/", folder / "minutes.docx")
    text = words_of(paper)
    assert [words for words in PROMISED if words not in text] == []
    choose(page, HENGYU)
    says(page, FIRM, "95-02 供电服务部：送来临时发电车")
    for others in ("DN200", "公寓", "绿洲", "青禾"):
        expect(log(page, FIRM)).not_to_contain_text(others)
    _photograph(page)


def _read_back(page: Page) -> None:
    on_monday(page, "9月30日")
    choose(page, POWER, STAFF)
    press(page, STAFF, "1 到会")
    says(page, STAFF, "【已确认到会】第 96 期")
    choose(page, DUTY, STAFF)
    tell_bot(page, FIRM, "签到", "第 96 期，到场 1")
    tell_bot(page, STAFF, "开会", "■ 承诺 95-02 已过期")
    tell_bot(page, STAFF, "兑现 95-02 发电车已进场", "【已兑现】95-02")
    says(page, FIRM, "【承诺兑现】95-02")
    tell_bot(page, STAFF, "未兑现 95-01 变压器还没到货", "【未兑现】95-01")
    says(page, FIRM, "原因：变压器还没到货")
    tell_bot(page, STAFF, "改期 95-05 10月18日 等消防验收", "【已改期】95-05")
    write(page, STAFF, "闭会")
    press(page, STAFF, "1 其余移到下期，闭会")
    says(page, STAFF, "自来水公司 换 DN200 管 → 10月11日（周五） 到期，下期再读")


def _holiday(page: Page) -> None:
    hours(page, 14)
    says(page, STAFF, "【请确认】第 97 期原定 10月7日（周一）19:30，是放假日")
    press(page, STAFF, "1 改到 10月8日（周二）19:30")
    says(page, STAFF, "【已改期】第 97 期 10月7日（周一）19:30 → 10月8日（周二）19:30")
    on_monday(page, "10月7日")
    tell_bot(page, FIRM, "签到", "【还没开会】")
    tell_bot(page, FIRM, "报名", "10月8日（周二）19:30")
    hours(page, 24)
    tell_bot(page, FIRM, "签到", "第 97 期，到场 1")
    tell_bot(page, STAFF, "兑现 1号 增容完成，已送电", "【已兑现】95-01")
    says(page, FIRM, "9月23日（周一） 承诺，用时 15 天")
    write(page, STAFF, "闭会")
    press(page, STAFF, "1 其余移到下期，闭会")
    says(page, STAFF, "【纪要】第 97 期")


def _photograph(page: Page) -> None:
    if os.environ.get("UPDATE_SCREENSHOT") == "1":
        page.screenshot(path=PICTURE)

"""The board in a real browser: on a wall and in a pocket, with much to show, and grown old."""

import io
import os
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from PIL import Image
from playwright.sync_api import Browser, Page, ViewportSize, expect

from bot import demo
from bot.clock import SystemClock
from bot.core.days.working_calendar import OFFICIAL
from bot.core.issues.issue import Status
from bot.core.people import Role
from bot.core.projects.plan import Project, plan_steps
from storage import projects
from storage.database import Database
from storage.issues import issues
from storage.people import people
from tests.conftest import ROOT
from tests.databases import SqlitePlace
from tests.storage.rows import a_thread, an_issue
from tests.web.conftest import run_program

PICTURE = ROOT / "docs" / "board.png"
WALL: ViewportSize = {"width": 1920, "height": 1080}
POCKET: ViewportSize = {"width": 390, "height": 844}
TOKEN = "correct-horse-battery"
OPEN = 200
STAGES = (Status.FILED, Status.WAITING, Status.PLANNED, Status.RESOLVED)
SAID = ("二车间停电，两条产线都停了", "想招三十名普工", "公交站离厂门太远", "宿舍楼水压不足")
PROJECTS = ("二期厂房", "冷库改造", "研发楼", "宿舍楼", "立体仓", "危化品库", "食堂", "停车楼")
KINDS = ("用电", "用工", "交通出行", "用水与排水（含历史遗留问题）")

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def wall_address(
    tmp_path_factory: pytest.TempPathFactory, sqlite_place: SqlitePlace
) -> Iterator[str]:
    """A published bot with 200 open issues: nobody looks without the token."""
    folder = tmp_path_factory.mktemp("board")
    with sqlite_place.create_migrated() as url:
        Path(url.removeprefix("sqlite:///")).rename(folder / "exchange.db")
    _fill(folder)
    settings = {
        "CHANNELS__LOCAL__DEMO": "false",
        "SERVER__BASE_URL": "https://bot.example",
        "BOARD__TOKEN": TOKEN,
    }
    with run_program(folder, **settings) as address:
        yield address


def _fill(folder: Path) -> None:
    """Half of them wait for their first answer, the others stand where they may."""
    now = SystemClock().now()
    database = Database(f"sqlite:///{folder / 'exchange.db'}")
    with database.write() as db:
        demo.settle(db)
        firms, owners = people.all_enterprises(db), people.of_role(db, Role.LIAISON)
        thread = a_thread(db)
        for n in range(OPEN):
            due = now + timedelta(hours=n % 9 * 7 - 4, minutes=n)
            draft = an_issue(
                thread,
                f"YZ-20241014-{n:03d}",
                status=Status.ACCEPTED if n % 2 else STAGES[n // 2 % 4],
                enterprise_id=firms[n % len(firms)].id,
                owner_id=owners[n % len(owners)].id,
                category=KINDS[n % 4],
                urgent=n % 25 == 3,
                answered_at=now if n % 6 == 1 else None,
                resolved_at=now - timedelta(hours=n) if _is_resolved(n) else None,
                pause_until=now + timedelta(days=2),
            )
            filed = replace(draft, title=SAID[n % 4], filed_at=now - timedelta(days=1))
            issues.add(db, replace(filed, accept_due=due, answer_due=due, solve_due=due))
        for n, name in enumerate(PROJECTS):
            number = projects.register(db, firms[n % len(firms)].id, name)
            target = now.date() + timedelta(days=20 * n - 30)
            steps = tuple(plan_steps([("设计", 10), ("报批", 5), ("施工", 20)], target, OFFICIAL))
            project = Project(number, name, firms[n % len(firms)].id, target, now.date(), steps)
            projects.save(db, project, now)
    database.close()


def _is_resolved(n: int) -> bool:
    return n % 8 == 2 * STAGES.index(Status.RESOLVED)


@pytest.fixture
def wall(browser: Browser, wall_address: str) -> Iterator[Page]:
    """A screen on the wall that brought the token with its address; its clock is turned by hand."""
    page = browser.new_page(viewport=WALL, reduced_motion="reduce")
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.set_default_timeout(10_000)
    page.clock.install()
    page.goto(f"{wall_address}/board#{TOKEN}")
    expect(page.locator(".lane")).to_have_count(6)
    yield page
    assert faults == []
    page.close()


def numbers(page: Page, lane: str) -> list[str]:
    return page.locator(f"#lane-{lane} .number:visible").all_text_contents()


def test_the_address_keeps_the_token_to_itself(wall: Page, wall_address: str) -> None:
    assert wall.url == f"{wall_address}/board"
    assert wall.evaluate("document.referrer") in ("", f"{wall_address}/board")
    assert wall.evaluate("document.cookie") == ""
    assert TOKEN not in wall.content()


def test_without_the_token_there_is_a_form_and_no_word(browser: Browser, wall_address: str) -> None:
    page = browser.new_page(viewport=POCKET)
    page.goto(f"{wall_address}/board#wrong-horse-battery")
    expect(page.get_by_role("alert")).to_contain_text("口令不对")
    assert not any(word in page.content() for word in (*SAID, *KINDS, "YZ-"))
    _axe(page)
    page.get_by_label("大屏口令").fill(TOKEN)
    page.get_by_role("button", name="打开").click()
    expect(page.locator(".lane")).to_have_count(6)
    page.close()


def test_axe_finds_nothing(wall: Page) -> None:
    _photograph(wall)
    _axe(wall)
    wall.set_viewport_size(POCKET)
    _axe(wall)


def _axe(page: Page) -> None:
    found = Axe().run(page)
    assert len(found.response["passes"]) > 10, "axe looked at nothing"
    assert found.violations_count == 0, found.generate_report()


def _photograph(page: Page) -> None:
    if os.environ.get("UPDATE_SCREENSHOT") == "1":
        whole = Image.open(io.BytesIO(page.screenshot()))
        whole.resize((1280, 720), Image.Resampling.LANCZOS).quantize(
            96, Image.Quantize.MAXCOVERAGE
        ).save(PICTURE, optimize=True)


def test_two_hundred_issues_are_turned_over_page_by_page(wall: Page) -> None:
    seen: set[str] = set()
    pages = int(wall.locator("#lane-to_answer [data-page]").inner_text().split("/")[1][:-2])
    assert pages > 3
    for page in range(1, pages + 1):
        expect(wall.locator("#lane-to_answer [data-page]")).to_have_text(f"{page}/{pages} 页")
        shown = numbers(wall, "to_answer")
        assert shown
        assert not seen.intersection(shown)
        seen |= set(shown)
        assert _fits(wall)
        wall.clock.run_for(12_000)
    expect(wall.locator("#lane-to_answer [data-page]")).to_have_text(f"1/{pages} 页")
    count = wall.locator("#lane-to_answer h2 b").inner_text()
    assert len(seen) == int(count)


def _fits(page: Page) -> bool:
    """Nothing that is shown is cut off, and nothing of the page lies outside the screen."""
    cut = """() => [...document.querySelectorAll(".card:not([hidden])")].some(card => {
        const list = card.parentElement.getBoundingClientRect();
        return card.getBoundingClientRect().bottom > list.bottom + 1;
    })"""
    overflow = "document.documentElement.scrollHeight > innerHeight"
    return not page.evaluate(cut) and not page.evaluate(overflow)


def test_no_category_and_no_deadline_is_cut_on_the_wall(wall: Page) -> None:
    cut = """() => [...document.querySelectorAll(".kind, .small, .left")]
        .filter(part => part.scrollWidth > part.clientWidth + 1)
        .map(part => part.textContent)"""
    assert wall.evaluate(cut) == []
    shown = set(wall.locator(".card:visible .category").all_text_contents())
    assert shown <= set(KINDS)
    assert max(map(len, shown)) > 6


def test_turning_can_be_stopped(wall: Page) -> None:
    first = numbers(wall, "to_answer")
    wall.get_by_role("button", name="暂停翻页").click()
    wall.clock.run_for(40_000)
    assert numbers(wall, "to_answer") == first
    wall.get_by_role("button", name="继续翻页").click()
    wall.clock.run_for(12_000)
    assert numbers(wall, "to_answer") != first


def test_old_data_is_called_old(wall: Page) -> None:
    banner = wall.get_by_role("alert")
    wall.route("**/board/view", lambda route: route.abort())
    wall.clock.run_for(55_000)
    expect(banner).to_be_hidden()
    wall.clock.run_for(10_000)
    expect(banner).to_have_text("▲ 数据已 1 分钟没有更新，请检查网络和服务器")
    assert _fits(wall)
    _axe(wall)
    wall.clock.run_for(120_000)
    expect(banner).to_contain_text("3 分钟")
    wall.unroute("**/board/view")
    wall.clock.run_for(6_000)
    expect(banner).to_be_hidden()


def test_a_wall_whose_token_was_changed_asks_for_it(wall: Page) -> None:
    wall.context.clear_cookies()
    wall.clock.run_for(6_000)
    expect(wall.get_by_label("大屏口令")).to_be_visible()
    expect(wall.locator(".card")).to_have_count(0)


def test_in_a_pocket_everything_is_there_by_scrolling(wall: Page) -> None:
    wall.set_viewport_size(POCKET)
    expect(wall.locator(".card:visible")).to_have_count(OPEN)
    assert wall.evaluate("document.documentElement.scrollWidth") <= POCKET["width"]
    wall.get_by_role("link", name="待确认").click()
    expect(wall.get_by_role("heading", name="待确认")).to_be_in_viewport()
    for link in wall.get_by_role("navigation").get_by_role("link").all():
        box = link.bounding_box()
        assert box is not None
        assert round(box["height"]) >= 44


def test_of_names_only_the_beginning_is_on_the_wall(wall: Page) -> None:
    content = wall.content()
    assert SAID[0] in content
    for firm in demo.phones():
        assert firm.name not in content
        assert not firm.enterprise or firm.enterprise not in content

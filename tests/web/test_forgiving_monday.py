"""A Monday of twelve firms in a real browser, with late ones and one that sends somebody else, with
what was forgotten and put right after its end: minutes, Word file, firms and group say the same."""

import re
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from bot import demo
from bot.settings import Settings
from tests.conftest import ROOT
from tests.sessions.test_evening import words_of
from tests.web.conftest import DESK
from tests.web.seats import FIRM, GROUP, STAFF, choose, log, phone, write
from tests.web.test_mondays import (
    DUTY,
    PATIENCE,
    download_link,
    on_monday,
    run_server,
    says,
    tell_bot,
)

pytestmark = pytest.mark.browser


@dataclass(frozen=True)
class Firm:
    """A firm of that evening, who speaks for it and the matter it comes with."""

    name: str
    alias: str
    contact: str
    matter: str
    mark: str
    """A word of its matter that nobody else says."""

    @property
    def phone(self) -> str:
        return f"{self.contact} · {self.name}"


FIRMS = (
    Firm("恒宇电子有限公司", "恒宇", "王芳", "变压器容量不够，夏天总跳闸", "变压器"),
    Firm("信征精密机械有限公司", "信征", "刘大川", "门口路灯坏了一排", "路灯"),
    Firm("绿洲食品有限公司", "绿洲", "何小满", "自来水水压低，生产线停过两次", "水压"),
    Firm("云帆物流有限公司", "云帆", "马行空", "货车进园要绕路，能不能开东门", "东门"),
    Firm("青禾生物科技有限公司", "青禾", "林知夏", "人才公寓排队太久", "公寓"),
    Firm("磐石新材料有限公司", "磐石", "罗建成", "招不到熟练焊工", "焊工"),
    Firm("启明光电有限公司", "启明", "段启明", "宽带一到下午就断网", "宽带"),
    Firm("顺达包装有限公司", "顺达", "金顺达", "废纸边角料没地方堆放", "废纸"),
    Firm("金穗粮油有限公司", "金穗", "麦金穗", "银行贷款续贷太慢", "续贷"),
    Firm("天工模具有限公司", "天工", "鲁天工", "员工孩子入学报不上名", "入学"),
    Firm("博雅印务有限公司", "博雅", "文博雅", "公交末班车六点就没了", "公交"),
    Firm("瑞康医疗器械有限公司", "瑞康", "安瑞康", "消防验收等了两个月", "消防"),
)
LATE = FIRMS[6:8]
"""They come when the evening has begun."""
ABSENT = FIRMS[8]
"""Its contact is away and sends a deputy."""

DEPUTY = "我今晚在外地，让副总老麦替我来"
STALE = "9月29日"
"""The day of a promise that is corrected afterwards."""


@dataclass(frozen=True)
class Promise:
    """What a clerk typed of an item, whose it is, what was understood and by when."""

    firm: str
    said: str
    heard: str
    due: str
    unknown: str = ""
    """The name of who is not registered: the clerk keeps it as written."""


PROMISES = (
    Promise("恒宇", "记{n}号供电公司下周五前完成增容", "供电公司：完成增容", "10月4日（周五）"),
    Promise(
        "恒宇", "记 {n}号 供电服务部 后天前 送来发电车", "供电服务部：送来发电车", "9月25日（周三）"
    ),
    Promise(
        "信征",
        "记 {n}号 园区物业公司 3-5个工作日内 换好灯泡",
        "园区物业公司：换好灯泡",
        "9月29日（周日）",
    ),
    Promise(
        "绿洲",
        "记 {n}号，自来水公司，国庆前，换 DN200 管",
        "自来水公司：换 DN200 管",
        "9月30日（周一）",
    ),
    Promise(
        "青禾",
        "记 {n}号 人力资源部 月底前 腾出 20 套房",
        "人力资源部：腾出 20 套房",
        "9月30日（周一）",
    ),
    Promise(
        "磐石",
        "记 {n}号 人力资源部 十五号前 办一场招聘会",
        "人力资源部：办一场招聘会",
        "10月15日（周二）",
    ),
    Promise(
        "启明",
        "记 {n}号 电信公司 明天上午 上门查线",
        "电信公司：上门查线",
        "9月24日（周二）",
        "电信公司",
    ),
    Promise("金穗", "记 {n}号 农商行 两周内 批下来", "农商行：批下来", "10月7日（周一）", "农商行"),
    Promise(
        "瑞康",
        "记 {n}号 消防大队 下周三下午3点前 来现场看",
        "消防大队：来现场看",
        "10月2日（周三）",
        "消防大队",
    ),
)


@pytest.fixture
def page(
    browser: Browser, make_settings: Callable[..., Settings], monkeypatch: pytest.MonkeyPatch
) -> Iterator[Page]:
    """The page of the whole program in a park of these twelve firms."""
    park = tomllib.loads((ROOT / "bot" / "demo" / "park.toml").read_text(encoding="utf-8"))
    pattern = park["enterprises"][0]
    for serial, firm in enumerate(FIRMS[6:], start=7):
        contact = {
            "handle": f"firm{serial}",
            "name": firm.contact,
            "phone": f"139000001{serial:02}",
        }
        own = {"name": firm.name, "aliases": [firm.alias], "contacts": [contact]}
        park["enterprises"].append(
            pattern | own | {"code": f"9199000000000{serial:02}XX", "tags": []}
        )
    monkeypatch.setattr(demo, "_park", lambda: park)
    demo.phones.cache_clear()
    seats = {"SESSIONS__CAPACITY": "12", "SESSIONS__MINUTES": "240"}
    with run_server(lambda **more: make_settings(**seats, **more)) as address:
        page = browser.new_page(viewport=DESK, reduced_motion="reduce")
        faults: list[str] = []
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.goto(address)
        page.set_default_timeout(PATIENCE)
        choose(page, DUTY, STAFF)
        yield page
        page.close()
    demo.phones.cache_clear()
    assert faults == []


def test_forgiving_monday(page: Page, tmp_path: Path) -> None:
    for firm in FIRMS:
        choose(page, firm.phone)
        tell_bot(page, FIRM, f"报名 {firm.matter}", "【报名成功】第 95 期")
    on_monday(page, "9月23日")
    places = _gather(page)
    _promise(page, places)
    _close(page, places)
    _put_right(page, places)
    facts = _list_facts(places)
    _same_for_office(page, facts, tmp_path)
    _same_for_firms(page, facts)
    _same_for_group(page)


def _gather(page: Page) -> dict[str, int]:
    """Who is there before the evening begins; where each firm stands on the agenda."""
    for firm in FIRMS:
        if firm not in (*LATE, ABSENT):
            choose(page, firm.phone)
            tell_bot(page, FIRM, "签到", "【已签到】")
    choose(page, ABSENT.phone)
    write(page, FIRM, DEPUTY)
    # The clerk signs for the deputy, who stands in the room without a bound phone.
    tell_bot(page, STAFF, f"签到 {ABSENT.alias}", f"【已签到】{ABSENT.name}（第 95 期，到场 10）")
    tell_bot(page, STAFF, "开会", "【开会】第 95 期")
    opened = log(page, STAFF).locator(".bubble").filter(has_text="【开会】").last
    expect(opened).to_contain_text(f"{LATE[0].name} 来")
    lines = opened.inner_text().splitlines()
    return {
        firm.alias: int(line.split(".")[0])
        for firm in FIRMS
        for line in lines
        if firm.matter in line
    }


def _promise(page: Page, places: dict[str, int]) -> None:
    for serial, promise in enumerate(PROMISES, start=1):
        write(page, STAFF, promise.said.format(n=places[promise.firm]))
        if promise.unknown:
            button = phone(page, STAFF).get_by_role("button", name=f"就写“{promise.unknown}”")
            button.last.click()
        says(page, STAFF, f"【已记 95-0{serial}】{places[promise.firm]}号")
        says(page, STAFF, promise.heard)
    for firm in LATE:
        choose(page, firm.phone)
        tell_bot(page, FIRM, "我们到了", "【已签到】")


def _close(page: Page, places: dict[str, int]) -> None:
    """The clerk closes, having forgotten one item, and is told which."""
    tell_bot(page, STAFF, f"决定 {places['云帆']}号 交通局周四看东门", "【已决定】")
    tell_bot(page, STAFF, f"结论 {places['顺达']}号 移到下期", "【移到下期】")
    tell_bot(page, STAFF, f"结论 {places['天工']}号 挂账 十月底前 教育局排学位", "10月31日（周四）")
    tell_bot(page, STAFF, "闭会", "【还没结论】1 项")
    expect(log(page, STAFF).locator(".bubble").last).to_contain_text("公交末班车六点就没了")
    tell_bot(page, STAFF, f"决定 {places['博雅']}号 公交公司加一班", "【已决定】")
    tell_bot(page, STAFF, "闭会", "【纪要】第 95 期")


def _put_right(page: Page, places: dict[str, int]) -> None:
    """Three corrections, and the next evening moved over the holiday."""
    write(page, STAFF, f"补记 {places['博雅']}号 公交公司 10月15日前 末班车延到八点")
    phone(page, STAFF).get_by_role("button", name="就写“公交公司”").last.click()
    says(page, STAFF, "【更正 1】第 95 期纪要")
    tell_bot(page, STAFF, "更正 95-03 10月11日", "【更正 2】第 95 期纪要")
    words = f"更正 第95期 {places['云帆']}号 挂账 年底前 开东门"
    tell_bot(page, STAFF, words, "【更正 3】第 95 期纪要")
    tell_bot(page, STAFF, "改到 10月8日 19:30", "【已改期】第 96 期")


def _list_facts(places: dict[str, int]) -> dict[str, list[str]]:
    """What is true of each firm in the end, in the words of minutes."""
    facts = {firm.alias: [firm.matter] for firm in FIRMS}
    for serial, promise in enumerate(PROMISES, start=1):
        facts[promise.firm] += [f"95-0{serial} {promise.heard}", promise.due]
    facts["信征"][-1] = "10月11日（周五）"
    facts["博雅"] += ["公交公司加一班", "95-10 公交公司：末班车延到八点", "10月15日（周二）"]
    facts["云帆"] += ["挂账 12月31日（周二）17:30 前 开东门"]
    facts["天工"] += ["挂账 10月31日（周四）17:30 前 教育局排学位"]
    facts["顺达"] += ["移到下期"]
    return facts


def _same_for_office(page: Page, facts: dict[str, list[str]], folder: Path) -> None:
    write(page, STAFF, "纪要 95")
    minutes = log(page, STAFF).locator(".bubble").filter(has_text="【纪要】第 95 期")
    expect(minutes.last).to_contain_text("95-10", timeout=PATIENCE)
    chat = minutes.last.inner_text()
    paper = words_of(download_link(page, STAFF, "/minutes/", folder / "minutes.docx"))
    for text in (chat, paper):
        everything = [fact for own in facts.values() for fact in own]
        assert [fact for fact in everything if fact not in text] == []
        assert "2024年9月23日" in text
        assert [text.count(f"更正 {serial}（9月23日 周一") for serial in (1, 2, 3)] == [1, 1, 1]
        body = text.split("更正 1（")[0]
        assert STALE not in body
        assert "交通局周四看东门" not in body
        for firm in FIRMS:
            assert firm.name in text


def _same_for_firms(page: Page, facts: dict[str, list[str]]) -> None:
    for firm in FIRMS:
        choose(page, firm.phone)
        write(page, FIRM, "纪要 95")
        asked = log(page, FIRM).locator(".bubble", has_text=re.compile("^纪要 95$"))
        expect(asked).to_have_count(1, timeout=PATIENCE)
        minutes = log(page, FIRM).locator(".bubble").filter(has_text="【纪要】第 95 期").last
        for fact in facts[firm.alias]:
            expect(minutes).to_contain_text(fact, timeout=PATIENCE)
        heard = log(page, FIRM).inner_text()
        for other in FIRMS:
            if other != firm:
                strange = (other.mark, other.name, *facts[other.alias][1:2])
                assert [words for words in strange if words in heard] == [], (firm, other)


def _same_for_group(page: Page) -> None:
    says(page, GROUP, "议题 12 个，涉及企业 12 家")
    says(page, GROUP, "承诺 9 条")
    says(page, GROUP, "改到 10月8日（周二）19:30")
    heard = log(page, GROUP).inner_text()
    assert [firm.mark for firm in FIRMS if firm.mark in heard or firm.name in heard] == []

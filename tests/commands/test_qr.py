"""Binding codes for everybody: what the squares say on each channel, and the sheet to print."""

import asyncio
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from bot import demo
from bot.commands.qr.links import Way
from bot.commands.qr.sheet import Card, sheet
from bot.core.binding_codes import ALPHABET
from storage.database import Database
from storage.people import codes
from tests.channels import telegram_site
from tests.commands.command_line import Run
from tests.commands.command_line import command_line as command_line
from tests.commands.command_line import demo_database as demo_database
from tests.peers import fake_wechat
from tests.peers.fake_forum import forum
from tests.peers.fake_wechat import FakeWeChat, Trouble
from tests.web.conftest import browser as browser

FIRMS = sorted({phone.enterprise for phone in demo.phones() if phone.enterprise})
CODE = re.compile(rf"绑定 ([{ALPHABET}]{{8}})")
Bot = Callable[..., tuple[int, str]]


@pytest.fixture
def database(demo_database: Database) -> Database:
    """Without the choice of two that other tests have: the commands open their own."""
    return demo_database


@pytest.fixture
def bot(database: Database, command_line: Run) -> Bot:
    return partial(command_line, "qr")


@pytest.fixture
def wechat(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeWeChat]:
    """The account is switched on, on a fake of its platform."""
    with FakeWeChat() as fake:
        given = {"ENABLED": "true", "APP_ID": fake_wechat.APP_ID, "SECRET": fake_wechat.SECRET}
        given |= {"API_BASE": fake.base, "TOKEN": "a-token", "AES_KEY": "k" * 43}
        for name, value in given.items():
            monkeypatch.setenv(f"EXCHANGE_CHANNELS__WECHAT__{name}", value)
        yield fake


def load_codes(database: Database) -> dict[str, codes.Code]:
    with database.write() as db:
        listed = db.exec_driver_sql("SELECT code FROM codes").scalars().all()
        found = {text: codes.by_code(db, text) for text in listed}
    return {name: code for name, code in found.items() if code}


def test_a_card_for_every_enterprise(bot: Bot, database: Database, tmp_path: Path) -> None:
    out = tmp_path / "codes.html"
    status, said = bot("--all", "enterprises", "--out", out)
    assert (status, said) == (
        0,
        f"已写好 {len(FIRMS)} 个绑定码：{out}（用浏览器打开，打印成 A4）\n",
    )
    page = out.read_text(encoding="utf-8")
    assert sorted(re.findall("<h2>(.*?)</h2>", page)) == FIRMS
    printed = CODE.findall(page)
    assert len(set(printed)) == len(FIRMS) == page.count("<svg")
    kept = load_codes(database)
    assert set(kept) == set(printed)
    assert len({code.enterprise_id for code in kept.values()}) == len(FIRMS)
    assert all(code.person_id is None for code in kept.values())
    assert not re.search(r"(src|href)=|@import|url\(", page)


def test_a_card_for_everybody_of_the_staff(bot: Bot, database: Database, tmp_path: Path) -> None:
    out = tmp_path / "codes.html"
    assert bot("--all", "staff", "--out", out)[0] == 0
    page = out.read_text(encoding="utf-8")
    staff = [phone.name for phone in demo.phones() if phone.role and not phone.enterprise]
    assert sorted(re.findall("<h2>(.*?)</h2>", page)) == sorted(staff)
    assert "联络员" in page
    assert all(code.person_id for code in load_codes(database).values())


def test_squares_of_the_account_bind_by_scanning(
    bot: Bot, wechat: FakeWeChat, database: Database, tmp_path: Path
) -> None:
    status, said = bot("恒宇", "--out", tmp_path / "code.png")
    assert status == 0
    assert "微信扫一扫，关注后自动绑定" in said
    assert wechat.squares == list(load_codes(database)) == CODE.findall(said)


def test_a_platform_that_does_not_answer_leaves_the_words(
    bot: Bot, wechat: FakeWeChat, tmp_path: Path
) -> None:
    wechat.go_wrong("qrcode/create", *[Trouble(code=48001)] * 9)
    out = tmp_path / "codes.html"
    status, said = bot("--all", "enterprises", "--out", out)
    assert status == 0
    assert said.count("平台没有给出二维码") == 1
    assert len(CODE.findall(out.read_text(encoding="utf-8"))) == len(FIRMS)
    assert fake_wechat.SECRET not in said


def test_a_long_validity_is_cut_to_the_platforms(
    bot: Bot, wechat: FakeWeChat, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EXCHANGE_LIMITS__CODE_DAYS", "90")
    assert bot("恒宇")[0] == 0
    assert len(wechat.squares) == 1


def test_staff_are_told_the_way_in_wecom(bot: Bot) -> None:
    status, said = bot("--person", "赵敏之", "--channel", "wecom")
    assert status == 0
    assert "企业微信 → 工作台 → 打开本应用\n发送：绑定 " in said


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ((), "三者选一"),
        (("恒宇", "--all", "staff"), "三者选一"),
        (("--all", "staff"), "请用 --out 写打印页存到哪里"),
        (("--all", "staff", "--out", "x.png"), "请用 --out 写打印页存到哪里"),
        (("--all", "staff", "--out", "/no/such/x.html"), "没有文件夹 /no/such"),
        (("--all", "people", "--out", "x.html"), "--all enterprises|staff 填得不对"),
        (("恒宇", "--channel", "fax"), "--channel wechat|wecom|telegram 填得不对"),
    ],
)
def test_a_wrong_question_gives_no_code(
    bot: Bot, database: Database, asked: tuple[str, ...], said: str
) -> None:
    status, told = bot(*asked)
    assert status in (1, 2)
    assert said in told
    assert load_codes(database) == {}


def test_a_sheet_is_not_written_over(bot: Bot, database: Database, tmp_path: Path) -> None:
    out = tmp_path / "codes.html"
    out.write_text("kept", encoding="utf-8")
    status, said = bot("--all", "staff", "--out", out)
    assert (status, out.read_text(encoding="utf-8")) == (1, "kept")
    assert "没有覆盖" in said
    assert load_codes(database) == {}


def test_names_are_text_on_the_sheet() -> None:
    page = sheet([Card("<b>&恒宇", "a<i>", Way("x", "一\n<二>"))], "<码>", "明天前")
    assert "<h2>&lt;b&gt;&amp;恒宇</h2>" in page
    assert "<p>一</p><p>&lt;二&gt;</p>" in page
    assert "<title>&lt;码&gt;</title>" in page


def test_a_code_counts_for_its_days(bot: Bot, database: Database) -> None:
    bot("恒宇")
    (code,) = load_codes(database).values()
    ahead = code.expires_at - datetime.now(UTC)
    assert timedelta(days=6.9) < ahead <= timedelta(days=7)


@pytest.mark.anyio
async def test_telegram_s_link_binds_by_one_tap(
    bot: Bot, database: Database, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    async with forum() as fake:
        given = telegram_site.environment(tmp_path, fake.base, "polling", "http://127.0.0.1:1")
        for name, value in given.items():
            if "TELEGRAM" in name:
                monkeypatch.setenv(name, value)
        status, said = await asyncio.to_thread(bot, "恒宇", "--channel", "telegram")
    assert status == 0, said
    (code,) = load_codes(database)
    assert f"打开 https://t.me/park_bot?start={code}，点“开始”" in said


@pytest.mark.browser
def test_eight_cards_fill_a_page(browser: Browser, tmp_path: Path) -> None:
    steps = "微信扫一扫，关注后自动绑定\n已关注的也可以发送：绑定 ABCD2345"
    way, name = Way("http://weixin.qq.com/q/02abcdefgh", steps), "高端装备智能制造研究院" * 6
    for count, pages in ((1, 1), (8, 1), (9, 2), (24, 3)):
        out = tmp_path / f"{count}.html"
        out.write_text(sheet([Card(name, "企业", way)] * count, "码", "明天前"), encoding="utf-8")
        page = browser.new_page()
        page.goto(out.as_uri())
        printed = page.pdf(prefer_css_page_size=True)
        assert len(re.findall(rb"/Type\s*/Page\b", printed)) == pages
        page.close()

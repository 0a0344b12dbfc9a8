"""The menus that are published: the usual ones, a park's own, their limits, what differs."""

import asyncio
from collections.abc import Callable
from datetime import UTC
from pathlib import Path

import pytest

from bot import texts
from bot.channels.menus import FOR_FIRMS, FOR_STAFF, SLASHES, difference, lines, mute, usual, wire
from bot.core.people import STAFF, Role
from bot.settings import Settings, SettingsError, load
from handlers.routes import ROUTES
from tests.channels import telegram_site, wechat_site, wecom_site
from tests.commands.command_line import Run
from tests.commands.command_line import command_line as command_line
from tests.conftest import ROOT
from tests.peers.fake_forum import forum
from tests.peers.fake_wechat import FakeWeChat
from tests.peers.fake_wecom import FakeWeCom

TEXTS = texts.load(UTC)
Say = Callable[..., tuple[int, str]]
OWN = """
[[channels.wechat.menu]]
name = "我要反映"
url = "https://bot.example.com/how"
[[channels.wechat.menu]]
name = "主题日"
sub = [{ name = "这一期议程", say = "议程" }, { name = "报名", say = "报名" }]
"""


@pytest.fixture
def bot(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command_line: Run) -> Say:
    """Run a command with these settings; its exit code and all that it printed."""
    config = tmp_path / "config.toml"
    monkeypatch.setenv("EXCHANGE_CONFIG", str(config))

    def run(*arguments: str, given: dict[str, str], more: str = "") -> tuple[int, str]:
        shipped = (ROOT / "config.toml").read_text(encoding="utf-8")
        config.write_text(shipped.replace("menu = []", "") + more if more else shipped)
        for name, value in given.items():
            monkeypatch.setenv(name, value)
        return command_line(*arguments)

    return run


def test_wechat_s_menu_is_shown_and_then_published(tmp_path: Path, bot: Say) -> None:
    with FakeWeChat() as fake:
        given = wechat_site.environment(tmp_path, fake.base)
        status, said = bot("wechat", "menu", "--dry-run", given=given)
        assert (status, fake.menu) == (0, [])
        assert "+ 我的诉求\n+ 主题日 > 主题日\n+ 主题日 > 报名\n" in said
        assert bot("wechat", "menu", given=given)[0] == 0
        assert fake.menu == wire(usual(FOR_FIRMS, TEXTS))
        status, said = bot("wechat", "menu", given=given)
        assert "不用发布" in said
        assert fake.calls["menu/create"] == 1


def test_a_park_s_own_menu_takes_the_place_of_the_other(tmp_path: Path, bot: Say) -> None:
    with FakeWeChat() as fake:
        given = wechat_site.environment(tmp_path, fake.base)
        bot("wechat", "menu", given=given)
        status, said = bot("wechat", "menu", given=given, more=OWN)
        assert status == 0
        assert "- 我的诉求\n" in said
        assert "+ 我要反映 → https://bot.example.com/how\n" in said
        assert "+ 主题日 > 这一期议程 → 议程\n" in said
        assert "  主题日 > 报名\n" in said
        assert [button["name"] for button in fake.menu] == ["我要反映", "主题日"]


def test_a_button_that_says_no_command_is_not_published(tmp_path: Path, bot: Say) -> None:
    with FakeWeChat() as fake:
        given = wechat_site.environment(tmp_path, fake.base)
        status, said = bot("wechat", "menu", given=given, more=OWN.replace('"议程"', '"议成"'))
        assert (status, fake.menu) == (1, [])
        assert "议成" in said


def test_wecom_s_menu(tmp_path: Path, bot: Say) -> None:
    with FakeWeCom() as fake:
        given = wechat_site.environment(tmp_path, "http://127.0.0.1:1")
        given |= wecom_site.environment(fake.base)
        status, said = bot("wecom", "menu", given=given)
        assert status == 0, said
        names = [button["name"] for button in fake.menu]
        assert names == ["待办", "我的企业", "更多"]
        assert [button["key"] for button in fake.menu[2]["sub_button"]] == ["请假", "议程", "帮助"]


@pytest.mark.anyio
async def test_telegram_s_menu(tmp_path: Path, bot: Say) -> None:
    async with forum() as fake:
        given = telegram_site.environment(tmp_path, fake.base, "polling", "http://127.0.0.1:1")
        for _ in range(2):
            status, said = await asyncio.to_thread(bot, "telegram", "menu", given=given)
            assert status == 0, said
        assert [command["command"] for command in fake.commands] == list(SLASHES)
        assert fake.commands[0]["description"] == "待办"
        assert (fake.menu_button, fake.calls["setMyCommands"]) == ("commands", 1)
        assert "不用发布" in said


def test_what_is_not_switched_on_has_no_menu(bot: Say) -> None:
    for channel in ("wechat", "wecom", "telegram"):
        status, said = bot(channel, "menu", given={})
        assert (status, "没有启用" in said) == (1, True), channel


def test_a_platform_that_says_no_is_told(tmp_path: Path, bot: Say) -> None:
    given = wechat_site.environment(tmp_path, "http://127.0.0.1:1")
    status, said = bot("wechat", "menu", given=given)
    assert (status, "没有发布成" in said) == (1, True)


def test_the_usual_menus_say_what_their_readers_may_say() -> None:
    routes = {route.verb: route.who for route in ROUTES}
    for menu, readers in ((FOR_FIRMS, {Role.CONTACT}), (FOR_STAFF, STAFF - {Role.LEADER})):
        rows = usual(menu, TEXTS)
        assert mute(rows, TEXTS) == []
        for row in rows:
            for leaf in row.sub or (row,):
                assert readers <= routes[TEXTS.commands[leaf.say]], leaf.say
    assert set(SLASHES) <= set(routes)


BROKEN = [
    # what is written, the key and the words that are told
    ('name = "a"', "menu#1：say（按了等于说什么）和 url"),
    ('name = "a"\nsay = "b"\nurl = "https://x"', "menu#1：say（按了等于说什么）和 url"),
    (
        'name = "我的诉求和进度"\nsay = "待办"',
        "menu#1.name：最多 16 字节（一个汉字 3 字节）",
    ),
    ('name = "a"\nurl = "ftp://x"', "menu#1.url：要写 http://"),
    ('name = "a"\nsay = "b"\nsub = [{ name = "c", say = "d" }]', "menu#1：有下级按钮"),
    ('name = "a"\nsub = [{ name = "c" }]', "menu#1.sub#1：say（按了等于说什么）和 url"),
    ('name = "a"\nsub = [' + '{ name = "c", say = "d" },' * 6 + "]", "menu#1.sub：最多 5 个"),
    (f'name = "a"\nsay = "{"长" * 43}"', "menu#1.say：最多 128 字节"),
    ('name = "a"\nsay = "b"\ncolour = "red"', "menu#1.colour：没有这一项"),
]


def _load(tmp_path: Path, section: str, rows: str) -> Settings:
    config = tmp_path / "own.toml"
    config.write_text(f"[park]\nname = '园区'\n{rows.replace('MENU', section)}")
    return load(config, {})


@pytest.mark.parametrize("section", ["channels.wechat", "channels.wecom"])
@pytest.mark.parametrize(("row", "said"), BROKEN)
def test_a_menu_that_would_be_refused_names_its_key(
    tmp_path: Path, section: str, row: str, said: str
) -> None:
    with pytest.raises(SettingsError) as wrong:
        _load(tmp_path, section, f"[[MENU.menu]]\n{row}")
    told = [TEXTS.format_value(fault.line) for fault in wrong.value.faults]
    assert any(f"{section}.{said}" in line for line in told), told


def test_names_below_the_first_row_have_their_platform_s_own_limit(tmp_path: Path) -> None:
    """60 bytes for WeChat, 40 for WeCom; three in a row for both."""
    rows = f'[[MENU.menu]]\nname = "a"\nsub = [{{ name = "{"长" * 14}", say = "d" }}]'
    assert _load(tmp_path, "channels.wechat", rows)
    with pytest.raises(SettingsError):
        _load(tmp_path, "channels.wecom", rows)
    four = '[[MENU.menu]]\nname = "a"\nsay = "d"\n' * 4
    with pytest.raises(SettingsError) as many:
        _load(tmp_path, "channels.wechat", four)
    assert TEXTS.format_value(many.value.faults[0].line).endswith("最多 3 个，现在是 4 个")


def test_a_difference_says_what_goes_comes_and_stays() -> None:
    before = [*lines(wire(usual(FOR_FIRMS, TEXTS)))]
    assert difference(before, before) == [f"  {line}" for line in before]
    assert difference(before[:1], []) == [f"- {before[0]}"]
    assert list(lines([{"name": "小程序", "type": "miniprogram"}])) == ["小程序 → miniprogram"]

"""`python -m bot rehearse`, as somebody of the office meets it."""

import re
from pathlib import Path

import pytest

from tests.commands.command_line import Run
from tests.commands.command_line import command_line as command_line
from tests.conftest import ROOT

SHIPPED = (ROOT / "config.toml").read_text(encoding="utf-8")
SHORT = ("--days", "40", "--issues", "12", "--enterprises", "6", "--start", "2026-03-02")


@pytest.fixture
def bot(command_line: Run, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run a command with the usual settings."""
    monkeypatch.setenv("EXCHANGE_CONFIG", str(ROOT / "config.toml"))
    return command_line


def test_it_prints_each_month_with_its_numbers(bot: Run, tmp_path: Path) -> None:
    status, said = bot("rehearse", *SHORT)
    assert status == 0
    assert "2026-03-02 起 40 天，6 家企业" in said
    rows = re.findall(r"^\s*(2026-\d\d|合计)\s+(\d+)\s+(\d+)/(\d+)", said, re.MULTILINE)
    assert [row[0] for row in rows] == ["2026-03", "2026-04", "合计"]
    filed = [int(row[1]) for row in rows]
    assert filed[0] + filed[1] == filed[2] >= 12  # and what was raised on Monday nights
    assert re.search(r"受理及时率 \d+%（\d+/\d+）", said)
    assert "主题日 6 期" in said  # 6 April is a holiday: it was put off, or called off
    assert "没处理成" not in said


def test_an_office_tries_its_own_rules(bot: Run, tmp_path: Path) -> None:
    """Ten minutes to accept are kept less often than a day."""
    shares = []
    for amount, unit in ((10, "minute"), (1, "day")):
        config = tmp_path / f"{unit}.toml"
        span = f'accept = {{ amount = {amount}, unit = "{unit}" }}'
        config.write_text(
            SHIPPED.replace('accept = { amount = 1, unit = "hour" }', span), encoding="utf-8"
        )
        status, said = bot("rehearse", "--config", str(config), *SHORT)
        assert status == 0
        shares.append(int(re.findall(r"受理及时率 (\d+)%", said)[0]))
    assert shares[0] < shares[1]


def test_wrong_rules_are_refused_before_anything_is_played(bot: Run, tmp_path: Path) -> None:
    config = tmp_path / "wrong.toml"
    config.write_text(SHIPPED.replace("amount = 1,", "amount = 0,"), encoding="utf-8")
    status, said = bot("rehearse", "--config", str(config))
    assert status == 1
    assert f"✗ {config}：service_levels.default.accept.amount：不能小于 1，现在是 0" in said


def test_nothing_of_the_office_is_touched(
    bot: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EXCHANGE_STORAGE__URL", f"sqlite:///{tmp_path / 'own.db'}")
    monkeypatch.setenv("EXCHANGE_STORAGE__MEDIA", str(tmp_path / "media"))
    assert bot("rehearse", "--days", "2", "--issues", "2", "--enterprises", "2")[0] == 0
    assert list(tmp_path.iterdir()) == []

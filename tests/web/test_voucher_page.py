"""Whoever has only a voucher and the page, without a network, finds out whether it was changed."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from bot.actions.chain.append import append_entries, publish_root
from bot.actions.chain.vouchers import dump
from bot.app import App
from bot.core.chain.entries import Kind
from bot.core.chain.vouchers import build_code, encode, group
from bot.web.files.voucher_page import render_page
from storage.chain import roots, vouchers
from storage.chain.vouchers import Voucher
from tests.web.conftest import Desk

SAID = datetime(2024, 10, 14, 12, 0, tzinfo=UTC)
FACTS = {
    "number": "95-01",
    "who": "供电服务部",
    "what": "完成增容“二期”\n含电缆 é 𠮷",
    "due": datetime(2024, 10, 25, 9, 30, tzinfo=UTC),
    "first_due": datetime(2024, 10, 25, 9, 30, tzinfo=UTC),
    "made_at": SAID,
}


def give(app: App, salt: bytes = b"0123456789abcdef") -> tuple[str, str, str]:
    """A voucher as it is in the chain: the code, the data, the printed root."""
    with app.database.write() as db:
        code = build_code(salt, FACTS)
        facts = json.dumps(FACTS, default=lambda at: f"{at:%Y-%m-%dT%H:%M:%S.%fZ}")
        vouchers.add(db, Voucher(0, code, Kind.PROMISE, 1, "95-01", salt, facts, SAID))
        for number in range(6):  # others of the same week stand beside it
            other = build_code(salt, {"number": number})
            row = Voucher(
                0, other, Kind.PROMISE, 2 + number, "x", salt, f'{{"number":{number}}}', SAID
            )
            vouchers.add(db, row)
        append_entries(db)
        root = publish_root(db, date(2024, 10, 21), SAID)
        given = vouchers.by_code(db, code)
        assert given is not None
        assert roots.last(db) == root
        return group(code), dump(db, given), group(encode(root.root))


@pytest.fixture
def offline(browser: Browser, desk: Desk, tmp_path: Path) -> Iterator[Page]:
    """The page as a file on somebody's disk, the network off."""
    saved = tmp_path / "voucher.html"
    saved.write_text(render_page(desk.app.texts, desk.app.park), encoding="utf-8")
    context = browser.new_context(offline=True, viewport={"width": 390, "height": 844})
    page = context.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.goto(saved.as_uri())
    yield page
    context.close()
    assert faults == []


def check(page: Page, pasted: str, code: str = "", root: str = "") -> Any:
    page.get_by_label("把机器人发的凭据整条贴在这里").fill(pasted)
    page.get_by_label("您当时收到的凭据码（可不填）").fill(code)
    page.get_by_label("纪要、周报或群里印的根码（可不填）").fill(root)
    page.get_by_role("button", name="验一验").click()
    return expect(page.get_by_role("status"))


@pytest.mark.browser
def test_a_voucher_is_checked_without_a_network(offline: Page, desk: Desk) -> None:
    code, data, root = give(desk.app)
    pasted = f"【凭据】95-01\n谁办：供电服务部\n凭据码 {code}\n验一验 http://127.0.0.1:8080/voucher#{data}"
    result = check(offline, pasted, code.lower(), root.replace("-", " "))
    result.to_contain_text("凭据码对得上")
    result.to_contain_text("根码对得上")
    result.to_contain_text("2024年10月25日（周五）17:30")
    result.to_contain_text("完成增容“二期”")
    check(offline, data).to_contain_text(f"算出来的凭据码是 {code}")
    check(offline, data).to_contain_text(f"总账根码是 {root}")


@pytest.mark.browser
def test_what_was_changed_does_not_agree(offline: Page, desk: Desk) -> None:
    code, data, root = give(desk.app)
    whole = json.loads(urlsafe_b64decode(data + "==="))
    whole["facts"]["due"] = "2024-11-25T09:30:00.000000Z"
    forged = urlsafe_b64encode(json.dumps(whole).encode()).decode().rstrip("=")
    result = check(offline, forged, code, root)
    result.to_contain_text("凭据码对不上")
    result.to_contain_text("根码对不上")
    check(offline, "凭据 95-01 您好").to_contain_text("没有找到凭据")
    check(offline, data[:-40], code).to_contain_text("没有找到凭据")


@pytest.mark.browser
def test_a_link_opens_the_page_with_the_voucher_in_it(
    browser: Browser, desk: Desk, address: str
) -> None:
    code, data, _root = give(desk.app)
    page = browser.new_page()
    page.goto(f"{address}/voucher#{data}")
    expect(page.get_by_role("status")).to_contain_text(code)
    page.close()


def test_the_page_loads_nothing_and_runs_only_itself(desk: Desk) -> None:
    answer: httpx.Response = desk.client.get("/voucher")
    assert answer.status_code == 200
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe-inline" not in policy
    assert "src=" not in answer.text
    assert "http" not in answer.text.replace("http-equiv", "").split("</script>")[0].lower()

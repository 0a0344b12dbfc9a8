"""The digest on a leader's phone of the page: words, picture and what waits, in a real browser."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.web.conftest import DESK, post, run_program
from tests.web.seats import LEADER, log

pytestmark = pytest.mark.browser


def test_a_leader_gets_words_and_a_picture(browser: Browser, tmp_path: Path) -> None:
    with run_program(tmp_path) as address:
        page = browser.new_page(viewport=DESK, reduced_motion="reduce")
        page.goto(address)
        page.set_default_timeout(20_000)
        post(address, "clock", {"to": "monday"})
        post(address, "clock", {"to": "monday"})
        expect(log(page, LEADER)).to_contain_text("【周报】")
        expect(log(page, LEADER)).to_contain_text("冯主任分管的 6 家企业")
        picture = log(page, LEADER).locator("img").last
        picture.scroll_into_view_if_needed()
        expect(picture).to_have_js_property("naturalWidth", 1080)
        page.close()

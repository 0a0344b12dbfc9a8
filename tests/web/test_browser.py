"""The phones page in a real browser: only what a person would click and type."""

import os
import re
import shutil
from pathlib import Path

import httpx
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, ViewportSize, expect

from tests.conftest import ROOT
from tests.web.conftest import DESK, post
from tests.web.seats import FIRM, STAFF, choose, log, open_more, phone, press, write

PICTURE = ROOT / "docs" / "phones.png"
POCKET: ViewportSize = {"width": 390, "height": 844}
FILING = "二车间突然停电，两条产线都停了"
WICKED = '<img src=x onerror="document.title=1"><script>document.title=2</script>&amp;'

pytestmark = pytest.mark.browser


def test_from_one_sentence_to_struck_off(page: Page, address: str, browser: Browser) -> None:
    write(page, FIRM, FILING)
    expect(log(page, FIRM)).to_contain_text("【已收到】YZ-")
    expect(log(page, STAFF)).to_contain_text("【新诉求】YZ-")
    press(page, FIRM, "1 同意")
    expect(log(page, FIRM)).to_contain_text("您已同意")
    press(page, STAFF, "1 受理")
    expect(log(page, FIRM)).to_contain_text("【已受理】")
    write(page, STAFF, "供电班组 20 分钟后到现场")
    expect(log(page, FIRM)).to_contain_text("供电班组 20 分钟后到现场")
    _photograph(page)
    press(page, STAFF, "1 办结")
    expect(log(page, STAFF)).to_contain_text("结果")
    write(page, STAFF, "更换了跌落保险，两条产线已恢复供电")
    expect(log(page, FIRM)).to_contain_text("【已办结】")
    press(page, FIRM, "1 已解决")
    expect(log(page, FIRM)).to_contain_text("【请评价】")
    press(page, FIRM, "5 非常满意")
    expect(log(page, FIRM)).to_contain_text("【已销号】")
    expect(log(page, FIRM).locator(".badge")).to_have_text("✔已销号")
    expect(page.locator("#stage-steps li.done")).to_have_count(7)

    other = browser.new_page()
    other.goto(address)
    expect(log(other, FIRM)).to_contain_text("【已销号】")
    assert _bubbles(other) == _bubbles(page)
    other.close()


def _bubbles(page: Page) -> list[str]:
    return page.locator(".bubble").all_text_contents()


def _photograph(page: Page) -> None:
    if os.environ.get("UPDATE_SCREENSHOT") == "1":
        PICTURE.parent.mkdir(exist_ok=True)
        page.screenshot(path=PICTURE)


def test_axe_finds_nothing(page: Page) -> None:
    _axe(page)
    write(page, FIRM, FILING)
    expect(log(page, STAFF)).to_contain_text("【新诉求】")
    _axe(page)
    write(page, FIRM, "还有一台空压机也停了")
    open_more(page, STAFF)
    expect(phone(page, STAFF).get_by_text("重复投递")).to_be_visible()
    _axe(page)
    page.set_viewport_size(POCKET)
    _axe(page)


def _axe(page: Page) -> None:
    found = Axe().run(page)
    assert len(found.response["passes"]) > 20, "axe looked at nothing"
    assert found.violations_count == 0, found.generate_report()


def test_wicked_words_stay_words(page: Page) -> None:
    choose(page, "刘大川 · 信征精密机械有限公司")
    write(page, FIRM, f"新诉求 {WICKED}")
    expect(log(page, FIRM)).to_contain_text(WICKED)
    expect(log(page, STAFF)).to_contain_text("<img src=x")
    # Not on the leaders' phone: the digest of the week is a picture there.
    for name in (FIRM, STAFF):
        expect(log(page, name).locator("img, script")).to_have_count(0)
    expect(page).to_have_title(re.compile("手机演示"))


def test_an_input_method_does_not_send(page: Page) -> None:
    choose(page, "何小满 · 绿洲食品有限公司")
    box = phone(page, FIRM).get_by_role("textbox")
    box.fill("ting dian")
    for trait in ("isComposing: true", "keyCode: 229"):
        event = f"new KeyboardEvent('keydown', {{key: 'Enter', bubbles: true, {trait}}})"
        box.evaluate(f"box => box.dispatchEvent({event})")
    box.press("Shift+Enter")
    expect(box).to_have_value("ting dian\n")
    expect(log(page, FIRM).locator(".item")).to_have_count(0)
    box.press("Enter")
    expect(box).to_have_value("")
    expect(log(page, FIRM).locator(".me")).to_have_text(re.compile("ting dian"))


def test_a_picture_is_seen_and_a_repeat_is_one(page: Page, tmp_path: Path) -> None:
    choose(page, "马行空 · 云帆物流有限公司")
    firm = phone(page, FIRM)
    open_more(page, FIRM)
    firm.get_by_label("图片", exact=True).set_input_files(_picture(tmp_path))
    expect(log(page, FIRM).get_by_role("img", name="图片")).to_be_visible()
    assert log(page, FIRM).get_by_role("img").evaluate("img => img.naturalWidth") > 0
    open_more(page, FIRM)
    firm.get_by_label("重复投递").check()
    write(page, FIRM, "车间这里漏电")
    expect(page.get_by_role("status")).to_contain_text("只登记一次")
    expect(log(page, FIRM).locator(".me")).to_have_count(2)


def _picture(folder: Path) -> Path:
    source = Path(__file__).with_name("dot.png")
    return Path(shutil.copy(source, folder / "照片.png"))


def test_a_recording_is_sent(page: Page, address: str) -> None:
    choose(page, "新来的企业 · 未登记")
    open_more(page, FIRM)
    press(page, FIRM, "录一段语音")
    press(page, FIRM, "停止并发送")
    voice = log(page, FIRM).get_by_label("语音")
    expect(voice).to_be_visible()
    kept = httpx.get(f"{address}{voice.get_attribute('src')}", trust_env=False)
    assert kept.headers["content-type"] == "video/webm"


def test_a_failed_sending_is_shown_and_made_good(page: Page) -> None:
    choose(page, "林知夏 · 青禾生物科技有限公司")
    firm = phone(page, FIRM)
    open_more(page, FIRM)
    firm.get_by_label("发送失败").check()
    write(page, FIRM, FILING)
    expect(log(page, FIRM)).to_contain_text("模拟发送失败")
    open_more(page, FIRM)
    firm.get_by_label("发送失败").uncheck()
    page.get_by_role("button", name="快进 1 小时").click()
    expect(log(page, FIRM).locator(".bubble").last).to_contain_text("YZ-")
    expect(log(page, FIRM)).not_to_contain_text("模拟发送失败")


def test_phones_are_switched_and_the_address_remembers(page: Page) -> None:
    who = phone(page, FIRM).get_by_role("combobox")
    choose(page, "罗建成 · 磐石新材料有限公司")
    write(page, FIRM, FILING)
    expect(log(page, FIRM)).to_contain_text("李望舒")
    page.reload()
    expect(who).to_have_value("panshi")
    expect(log(page, FIRM)).to_contain_text(FILING)
    choose(page, "王芳 · 恒宇电子有限公司")
    expect(log(page, FIRM)).not_to_contain_text("罗建成")
    expect(log(page, FIRM)).not_to_contain_text("李望舒")


def test_the_drawer_and_the_export(page: Page) -> None:
    write(page, FIRM, FILING)
    expect(log(page, FIRM)).to_contain_text("【已收到】")
    open_more(page, FIRM)
    press(page, FIRM, "原始消息")
    drawer = page.get_by_role("dialog")
    expect(drawer).to_contain_text('"key": "local:hengyu:')
    drawer.get_by_role("button", name="收起").click()
    expect(drawer).to_be_hidden()
    with page.expect_download() as saved:
        page.get_by_role("link", name="导出对话").click()
    assert f"王芳> {FILING}" in Path(saved.value.path()).read_text(encoding="utf-8")


def test_everything_can_be_hit_with_a_thumb(page: Page) -> None:
    write(page, FIRM, FILING)
    expect(log(page, STAFF)).to_contain_text("【新诉求】")
    open_more(page, STAFF)
    for size in (DESK, POCKET):
        page.set_viewport_size(size)
        targets = page.locator("button, select, textarea, summary, label.tool, a")
        for target in targets.all():
            box = target.bounding_box() if target.is_visible() else None
            assert box is None or round(box["height"]) >= 44, target.text_content()
        width = page.evaluate("document.documentElement.scrollWidth")
        assert width <= size["width"]


def test_in_a_pocket_one_phone_is_seen_at_a_time(page: Page) -> None:
    page.set_viewport_size(POCKET)
    places = page.get_by_role("navigation")
    for name in (STAFF, "主题日群", FIRM):
        places.get_by_role("link", name=name).click()
        expect(places.locator("[aria-current=true]")).to_have_text(name)
        expect(phone(page, name)).to_be_in_viewport(ratio=0.6)


def test_in_a_pocket_the_input_and_the_last_words_are_seen(page: Page) -> None:
    page.set_viewport_size(POCKET)
    for words in (FILING, "另外门口的路灯也不亮"):
        write(page, FIRM, words)
        expect(log(page, FIRM)).to_contain_text(words)
        last = log(page, FIRM).locator(".bubble").last
        expect(last).to_contain_text("【已收到】")
        expect(last).to_be_in_viewport(ratio=1)
        expect(phone(page, FIRM).get_by_role("textbox")).to_be_in_viewport(ratio=1)
        expect(phone(page, FIRM).get_by_role("button", name="发送")).to_be_in_viewport(ratio=1)


def test_the_page_tells_the_story(page: Page, address: str) -> None:
    post(address, "story", {"pace": 0})
    expect(page.get_by_role("status")).to_contain_text("示例播放完毕", timeout=20_000)
    expect(page.locator("#stage-steps li.done")).to_have_count(7)

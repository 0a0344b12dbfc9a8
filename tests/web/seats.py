"""What a person does at the phones page in a real browser: looks at a phone, types, presses."""

from playwright.sync_api import Locator, Page

FIRM, STAFF, LEADER, GROUP = "企业", "联络员与部门", "领导", "主题日群"


def phone(page: Page, name: str) -> Locator:
    return page.get_by_role("region", name=name, exact=True)


def log(page: Page, name: str) -> Locator:
    return phone(page, name).get_by_role("log")


def write(page: Page, name: str, text: str) -> None:
    box = phone(page, name).get_by_role("textbox")
    box.click()
    box.fill(text)
    box.press("Enter")


def press(page: Page, name: str, button: str) -> None:
    phone(page, name).get_by_role("button", name=button, exact=True).click()


def choose(page: Page, label: str, name: str = FIRM) -> None:
    """Put another phone into a place, the firm's unless said."""
    phone(page, name).get_by_role("combobox").select_option(label=label)


def open_more(page: Page, name: str) -> None:
    phone(page, name).get_by_label("更多：图片、语音、模拟故障、原始消息").click()

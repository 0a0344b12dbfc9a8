"""Buttons: tapped twice, by others, too late, forged."""

import pytest

from bot.channels.telegram.buttons import Place, Signet
from bot.core.issues.issue import Status
from bot.core.messages import Address, Content, Incoming, Kind
from tests.channels.telegram_site import CONTACT, LIAISON, STRANGER, TelegramSite
from tests.channels.wechat_site import MONDAY
from tests.peers.telegram_emulator import TOKEN

pytestmark = pytest.mark.anyio


async def test_a_button_tapped_twice_acts_once(site: TelegramSite) -> None:
    await site.say(CONTACT, "车间停电了")
    card = site.card(LIAISON, "受理")
    data = card.buttons["受理"]
    await site.press(LIAISON, card, data)
    counts = site.counts()
    await site.press(LIAISON, card, data)
    assert site.counts() == counts
    assert site.emulator.toasts == ["✓ 受理", "这一项已经点过了。"]


async def test_somebody_else_s_button_changes_nothing(site: TelegramSite) -> None:
    await site.say(CONTACT, "车间停电了")
    card, counts = site.card(LIAISON, "受理"), site.counts()
    await site.press(STRANGER, card, card.buttons["受理"])
    assert site.counts() == counts
    assert site.issue().status is Status.FILED
    assert site.emulator.toasts == ["这个按钮不是发给您的。"]
    assert card.buttons  # it is still good for whom it was meant


async def test_forged_data_changes_nothing(site: TelegramSite) -> None:
    await site.say(CONTACT, "车间停电了")
    card = site.card(LIAISON, "受理")
    parcel, _digit, mark = card.buttons["受理"].split(".")
    unknown = Signet(TOKEN).data(str(LIAISON), Place(999, "1"))
    forged = (f"{parcel}.4.{mark}", f"1.1.{mark}", f"{parcel}.1.", "受理 001", unknown)
    counts = site.counts()
    for data in forged:
        await site.press(LIAISON, card, data)
    assert site.counts() == counts
    assert site.emulator.toasts == ["这个按钮不是发给您的。"] * len(forged)


async def test_a_stale_button_brings_a_fresh_card(site: TelegramSite) -> None:
    await site.say(CONTACT, "车间停电了")
    card = site.card(LIAISON, "受理")
    limits = site.app.park.limits
    site.clock.set(site.clock.now() + limits.menu * 1.01)
    await site.press(LIAISON, card, card.buttons["受理"])
    assert site.issue().status is Status.FILED
    assert site.emulator.toasts == ["这张卡片过期了，最新的马上发来。"]
    assert card.buttons == {}
    fresh = site.card(LIAISON, "受理")
    assert fresh.id > card.id
    await site.tap(LIAISON, "受理")
    assert site.issue().status is Status.ACCEPTED


async def test_a_stale_button_of_no_issue_is_refused(site: TelegramSite) -> None:
    await site.say(STRANGER, "/start")
    card = site.card(STRANGER, "同意")
    site.clock.set(site.clock.now() + site.app.park.limits.menu * 1.01)
    counts = site.counts()
    await site.press(STRANGER, card, card.buttons["同意"])
    assert site.counts() == counts
    assert site.emulator.toasts == ["这张卡片过期了。回 帮助 看能做什么。"]


async def test_a_button_overtaken_by_a_typed_word_is_refused_by_the_rule(
    site: TelegramSite,
) -> None:
    await site.say(CONTACT, "车间停电了")
    card = site.card(LIAISON, "受理")
    await site.say(LIAISON, "受理 001")
    events = site.counts()["events"]
    await site.press(LIAISON, card, card.buttons["受理"])
    assert site.counts()["events"] == events
    assert site.emulator.toasts == ["没办成，原因见下一条消息。"]
    assert "✓" not in card.text


async def test_a_card_that_is_too_old_to_be_told_loses_its_buttons(site: TelegramSite) -> None:
    """The platform reports a card of long ago without its words."""
    await site.say(CONTACT, "车间停电了")
    card = site.card(LIAISON, "受理")
    data, words = card.buttons["受理"], card.text
    message = {"chat": {"id": LIAISON, "type": "private"}, "message_id": card.id, "date": 0}
    sender = {"id": LIAISON, "is_bot": False, "first_name": "Z"}
    query = {"id": "77", "from": sender, "chat_instance": "1", "message": message, "data": data}
    await site.update({"callback_query": query})
    assert site.issue().status is Status.ACCEPTED
    assert (card.text, card.buttons) == (words, {})


def test_the_longest_button_fits_the_platform_s_limit() -> None:
    data = Signet(TOKEN).data("9" * 19, Place(2**63 - 1, "99"))
    assert len(data.encode()) <= 64
    assert Signet(TOKEN).read("9" * 19, data) == Place(2**63 - 1, "99")


def test_another_bot_s_buttons_are_not_ours() -> None:
    data = Signet("1:another").data("5", Place(1, "1"))
    assert Signet(TOKEN).read("5", data) is None


async def test_a_button_overtaken_on_another_phone_says_by_whom(site: TelegramSite) -> None:
    """The liaison is on the phones page as well: there she was faster."""
    await site.say(CONTACT, "车间停电了")
    card = site.card(LIAISON, "受理")
    data, words = card.buttons["受理"], card.text
    said = Content(Kind.TEXT, "受理 001")
    await site.app.runner.hear(Incoming("page:1", Address("local", "zhao"), said, MONDAY))
    events = site.counts()["events"]
    await site.press(LIAISON, card, data)
    assert site.counts()["events"] == events
    assert site.emulator.toasts == ["已由赵敏之受理"]
    assert (card.text, card.buttons) == (f"{words}\n\n已由赵敏之受理", {})
    assert "【已由赵敏之受理】YZ-20241014-001 10月14日（周一）10:00" in site.texts(LIAISON)[-1]

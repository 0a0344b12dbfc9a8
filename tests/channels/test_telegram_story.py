"""The whole story of an issue with both sides on Telegram, against an emulator of its API."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.core.issues.issue import Status
from tests.channels.telegram_site import (
    CONTACT,
    LIAISON,
    SECRET,
    TelegramSite,
    start_site,
)
from tests.peers.telegram_emulator import Emulator

pytestmark = pytest.mark.anyio


@pytest.fixture(params=["polling", "webhook"])
async def site(
    request: pytest.FixtureRequest, tmp_path: Path, emulator: Emulator
) -> AsyncIterator[TelegramSite]:
    """The app, hearing in either way."""
    async with start_site(tmp_path, emulator, request.param) as made:
        yield made
    assert emulator.refused == []


async def test_from_filing_to_rating(site: TelegramSite) -> None:
    site.give_code("K7M2QXAB", "hengyu", firm=True)
    site.give_code("P3R8TWCD", "zhao")
    await site.say(CONTACT, "/start K7M2QXAB")
    assert "【已绑定】" in site.texts(CONTACT)[0]
    await site.say(LIAISON, "/start P3R8TWCD")
    assert "赵敏之" in site.texts(LIAISON)[0]
    assert site.counts()["issues"] == 0

    await site.say(CONTACT, "车间停电了")
    assert any("YZ-20241014-001" in words for words in site.texts(CONTACT))
    assert "车间停电了" in site.card(LIAISON, "受理").text

    card = site.card(LIAISON, "受理")
    await site.tap(LIAISON, "受理")
    assert card.text.endswith("✓ 受理")
    assert card.buttons == {}
    assert site.emulator.toasts == ["✓ 受理"]
    assert site.issue().status is Status.ACCEPTED
    assert any("【已受理】" in words for words in site.texts(CONTACT))

    await site.say(LIAISON, "电工半小时后到")
    assert "电工半小时后到" in site.texts(CONTACT)[-1]
    await site.tap(LIAISON, "办结")
    await site.say(LIAISON, "更换了跌落保险，车间已恢复供电")
    assert site.issue().status is Status.RESOLVED

    await site.tap(CONTACT, "已解决")
    assert site.issue().status is Status.CONFIRMED
    best = next(iter(site.emulator.screen(CONTACT)[-1].buttons))
    await site.tap(CONTACT, best)
    done = site.issue()
    assert (done.stars, done.status) == (5, Status.CLOSED)


async def test_the_platform_is_told_our_address(site: TelegramSite) -> None:
    if site.mode == "webhook":
        (told,) = site.emulator.webhooks
        assert told["url"].endswith("/telegram")
        assert told["secret_token"] == SECRET
    else:
        await site.say(CONTACT, "/help")
        assert site.emulator.calls["deleteWebhook"] == 1
        assert site.emulator.webhooks == []

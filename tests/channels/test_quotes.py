"""A reply to an older card on Telegram belongs to that card's issue."""

from datetime import timedelta
from typing import Any

import pytest

from bot.core.issues.issue import Status
from tests.channels.telegram_site import CONTACT, LIAISON, TelegramSite

pytestmark = pytest.mark.anyio
BOT = {"id": 700700, "is_bot": True, "first_name": "Bot"}


def _quote(site: TelegramSite, user: int, begins: str) -> dict[str, Any]:
    card = next(bubble for bubble in site.emulator.screen(user) if bubble.text.startswith(begins))
    return site.message(user, message_id=card.id, text=card.text) | {"from": BOT}


async def _file_two(site: TelegramSite) -> None:
    for words in ("车间停电了", "厂门口路灯坏了"):
        await site.say(CONTACT, words)
        site.clock.set(site.clock.now() + timedelta(minutes=10))


async def test_a_digit_is_for_the_card_that_it_replies_to(site: TelegramSite) -> None:
    await _file_two(site)
    older = _quote(site, LIAISON, "【新诉求】YZ-20241014-001")
    await site.say(LIAISON, "1", reply_to_message=older)
    assert (site.issue(1).status, site.issue(2).status) == (Status.ACCEPTED, Status.FILED)


async def test_a_command_without_a_number_is_for_the_card_that_it_replies_to(
    site: TelegramSite,
) -> None:
    await _file_two(site)
    older = _quote(site, LIAISON, "【新诉求】YZ-20241014-001")
    await site.say(LIAISON, "受理", reply_to_message=older)
    assert (site.issue(1).status, site.issue(2).status) == (Status.ACCEPTED, Status.FILED)


async def test_words_of_anybody_else_that_are_replied_to_mean_no_issue(site: TelegramSite) -> None:
    await _file_two(site)
    forged = _quote(site, LIAISON, "【新诉求】YZ-20241014-001") | {"from": {**BOT, "id": 1}}
    await site.say(LIAISON, "受理", reply_to_message=forged)
    assert site.issue(1).status is Status.FILED

"""A reply to an older card on Telegram belongs to that card's issue."""

from datetime import timedelta
from typing import Any

import pytest

from bot.core.issues.issue import Status
from storage.issues import issues
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


async def _say_about_first(site: TelegramSite, words: str, begins: str) -> list[str]:
    """What the contact is told for words that reply to a card of the first issue."""
    card = _quote(site, CONTACT, begins)
    assert "YZ-20241014-001" in card["text"]
    before = len(site.texts(CONTACT))
    await site.say(CONTACT, words, reply_to_message=card)
    return site.texts(CONTACT)[before:]


def _list_words(site: TelegramSite, issue_id: int) -> list[str]:
    with site.app.database.read() as db:
        return [event.text for event in issues.history(db, issue_id) if event.text]


@pytest.mark.parametrize("words", ["电工说要换保险", "还有，晚上路灯那边也没电", "食堂也停电了"])
async def test_words_that_quote_an_older_card_are_more_about_its_issue(
    site: TelegramSite, words: str
) -> None:
    await _file_two(site)
    (told,) = await _say_about_first(site, words, "【已收到】YZ-20241014-001")
    assert told.startswith("【已补充】YZ-20241014-001")
    assert words in _list_words(site, 1)
    assert words not in _list_words(site, 2)
    assert site.counts()["issues"] == 2


async def test_words_that_quote_a_resolved_card_are_asked_about_that_issue(
    site: TelegramSite,
) -> None:
    await _file_two(site)
    await site.say(LIAISON, "办结 001 已换保险")
    await site.say(LIAISON, "办结 002 换了灯泡")
    (told,) = await _say_about_first(site, "机器那边还缺一根线", "【已办结】YZ-20241014-001")
    assert "YZ-20241014-001" in told
    assert "机器那边还缺一根线" in _list_words(site, 1)
    assert "机器那边还缺一根线" not in _list_words(site, 2)
    assert site.issue(1).status is Status.RESOLVED
    assert site.counts()["issues"] == 2


async def test_not_solved_in_reply_to_a_card_is_not_solved_of_that_issue(
    site: TelegramSite,
) -> None:
    await _file_two(site)
    await site.say(LIAISON, "办结 001 已换保险")
    await site.say(LIAISON, "办结 002 换了灯泡")
    await _say_about_first(site, "还是没解决", "【已办结】YZ-20241014-001")
    assert site.issue(1).status is not Status.RESOLVED
    assert site.issue(2).status is Status.RESOLVED


async def test_what_was_asked_of_one_issue_is_not_answered_by_words_that_quote_another(
    site: TelegramSite,
) -> None:
    await _file_two(site)
    await site.say(CONTACT, "补充 002")
    await _say_about_first(site, "西边那台机器也停了", "【已收到】YZ-20241014-001")
    assert "西边那台机器也停了" in _list_words(site, 1)
    await site.say(LIAISON, "请补充 002 是哪一盏")
    await _say_about_first(site, "东边第三个", "【已收到】YZ-20241014-001")
    assert "东边第三个" in _list_words(site, 1)
    assert site.issue(2).status is Status.WAITING


async def test_a_place_that_quotes_a_card_belongs_to_its_issue(site: TelegramSite) -> None:
    await _file_two(site)
    card = _quote(site, CONTACT, "【已收到】YZ-20241014-001")
    place = {"location": {"latitude": 28.2, "longitude": 112.9}}
    await site.update({"message": site.message(CONTACT, reply_to_message=card, **place)})
    assert (len(_list_words(site, 1)), len(_list_words(site, 2))) == (2, 1)
    assert site.counts()["issues"] == 2


async def test_an_answer_that_quotes_a_firm_s_card_goes_to_that_issue(site: TelegramSite) -> None:
    await _file_two(site)
    older = _quote(site, LIAISON, "【新诉求】YZ-20241014-001")
    said = "抢修班已经出发，20 分钟后到"
    await site.say(LIAISON, said, reply_to_message=older)
    assert "YZ-20241014-001" in site.texts(LIAISON)[-1]
    assert said in _list_words(site, 1)
    assert said not in _list_words(site, 2)

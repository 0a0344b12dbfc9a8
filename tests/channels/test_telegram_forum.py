"""The staff group: a topic for each issue, words to the enterprise, notes to nobody outside."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from bot.core.issues.issue import Status
from bot.core.messages import Address
from storage.delivery import outbox, threads
from storage.tables.delivery import messages
from storage.tables.delivery import threads as thread_rows
from storage.tables.issues import events
from storage.tables.issues import issues as issue_rows
from tests.channels.forum_site import (
    CONTACT,
    DUTY,
    FIRST,
    GROUP,
    LIAISON,
    OTHER_GROUP,
    STRANGER,
    ForumSite,
    start_site,
)
from tests.peers.fake_forum import FakeForum, RefusedError, forum

pytestmark = [pytest.mark.anyio, pytest.mark.slow]
SECOND = "YZ-20241014-002"
COLLEAGUE = 5005
PHOTO: dict[str, Any] = {
    "photo": [{"file_id": "p1", "file_unique_id": "u", "width": 1, "height": 1}]
}
TOO_FAST = RefusedError("Too Many Requests: retry after 30", 429, retry_after=30)


@pytest.fixture
async def fake() -> AsyncIterator[FakeForum]:
    """Telegram."""
    async with forum() as platform:
        yield platform


@pytest.fixture
async def site(tmp_path: Path, fake: FakeForum) -> AsyncIterator[ForumSite]:
    """The app; 王 has filed an issue, whose topic is there. 钱 is a liaison of other firms."""
    async with start_site(tmp_path, fake) as made:
        made.settle(COLLEAGUE, "qian")
        await made.say(CONTACT, "车间停电了")
        yield made


def _moves(site: ForumSite) -> list[tuple[str, str]]:
    with site.app.database.read() as db:
        rows = db.execute(select(events.c.move, events.c.text).order_by(events.c.id))
        return [(str(row.move), row.text) for row in rows]


def _counts(site: ForumSite) -> tuple[int, ...]:
    with site.app.database.read() as db:
        tables = (messages, events, issue_rows, thread_rows)
        return tuple(len(db.execute(select(table)).all()) for table in tables)


async def test_an_issue_has_a_topic_with_its_card(site: ForumSite) -> None:
    assert [topic.name for topic in site.fake.topics.values()] == [f"{FIRST} 车间停电了"]
    (card,) = site.topic().bubbles
    assert card.text.startswith(f"【新诉求】{FIRST}")
    assert list(card.buttons) == ["受理", "转办", "请补充", "退单"]


async def test_the_whole_story_in_a_topic(site: ForumSite) -> None:
    await site.tap(LIAISON, "受理")
    assert site.topic().bubbles[0].text.endswith("✓ 受理")
    assert site.topic().bubbles[0].buttons == {}
    await site.write(LIAISON, "电工半小时后到")
    assert site.fake.texts(CONTACT)[-1].endswith("电工半小时后到")
    await site.tap(LIAISON, "办结")
    await site.write(LIAISON, "更换了跌落保险，车间已恢复供电")
    assert site.issue().status is Status.RESOLVED
    await site.say(CONTACT, "1")
    assert site.issue().status is Status.CONFIRMED
    await site.say(CONTACT, "评价 001 5")
    assert (site.issue().status, site.topic().closed) == (Status.CLOSED, True)
    assert site.list_topic_texts()[-1].startswith(f"【话题关闭】{FIRST}")
    await site.say(CONTACT, "重办 001 又停电了")
    assert not site.topic().closed
    assert site.list_topic_texts()[-1].startswith(f"【话题重开】{FIRST}")
    assert len(site.fake.topics) == 1


async def test_what_is_answered_elsewhere_is_seen_in_the_topic(site: ForumSite) -> None:
    await site.say(LIAISON, "反馈 001 电工半小时后到")
    assert site.list_topic_texts()[-1].startswith("【企业看到】")
    assert "电工半小时后到" in site.list_topic_texts()[-1]
    assert "办结" in site.topic().bubbles[-1].buttons
    await site.say(CONTACT, "补充 001 二号车间也停了")
    assert "二号车间也停了" in site.list_topic_texts()[-1]


async def test_words_are_taken_back_by_who_said_them(site: ForumSite) -> None:
    await site.write(LIAISON, "电工半小时后到")
    await site.write(DUTY, "撤销")
    assert site.list_topic_texts()[-1].startswith("【没撤】")
    assert site.issue().status is Status.ACCEPTED
    await site.tap(LIAISON, "撤销")
    assert site.issue().status is Status.FILED
    assert "撤" in site.fake.texts(CONTACT)[-1]


NOTES: list[dict[str, Any]] = [
    {"text": "#密 先别说"},
    {"text": "＃密 先别说"},
    {"text": " # 密 先别说"},
    {"text": "#001 密"},
    {"text": "#2 密 三点再去"},
    {"text": "/note 密 先别说"},
    {"text": "/note@park_bot 密"},
    {"text": "备注 密 先别说"},
    {**PHOTO, "caption": "#密"},
    {**PHOTO, "caption": "#密", "media_group_id": "5"},
]


@pytest.mark.parametrize("note", NOTES, ids=lambda one: one.get("text", "photo"))
async def test_a_note_never_reaches_the_enterprise(site: ForumSite, note: dict[str, Any]) -> None:
    await site.tap(LIAISON, "受理")
    heard = site.fake.texts(CONTACT)
    await site.write(LIAISON, **note)
    assert site.fake.texts(CONTACT) == heard
    move, text = _moves(site)[-1]
    assert move == "note"
    assert "密" in text
    if "media_group_id" in note:
        await site.write(LIAISON, **PHOTO, media_group_id="5")
        assert site.fake.texts(CONTACT) == heard
        assert _moves(site)[-1] == (move, text)


async def test_a_mark_alone_asks_for_the_note(site: ForumSite) -> None:
    heard = site.fake.texts(CONTACT)
    await site.write(LIAISON, "#")
    await site.write(LIAISON, "先别说")
    assert _moves(site)[-1] == ("note", "先别说")
    assert site.fake.texts(CONTACT) == heard


async def test_what_one_is_asked_for_another_does_not_answer(site: ForumSite) -> None:
    """The duty desk may answer too, but its words are not the result that 赵 was asked for."""
    await site.tap(LIAISON, "受理")
    await site.tap(LIAISON, "办结")
    await site.write(DUTY, "供电公司说四点前恢复")
    assert site.issue().status is Status.ACCEPTED
    assert _moves(site)[-1] == ("answer", "供电公司说四点前恢复")
    await site.write(LIAISON, "更换了跌落保险，车间已恢复供电")
    assert site.issue().status is Status.RESOLVED


async def test_a_colleague_s_words_go_to_nobody(site: ForumSite) -> None:
    """钱 has one open issue of her own: it must not be taken for the one meant here."""
    await site.say(6006, "/start")
    site.settle(6006, "lvzhou")
    await site.say(6006, "路灯坏了")
    assert site.issue(2).owner_id != site.issue(1).owner_id
    heard, others = site.fake.texts(CONTACT), site.fake.texts(6006)
    for words in ("下午我去看看", "# 下午我去看看", "办结 更换了保险，已恢复供电"):
        await site.write(COLLEAGUE, words)
    assert site.list_topic_texts()[1].startswith(f"【没有发给企业】{FIRST} 由 赵敏之")
    assert (site.fake.texts(CONTACT), site.fake.texts(6006)) == (heard, others)
    assert [move for move, _text in _moves(site)] == ["file", "file"]


async def test_who_helps_leaves_notes(site: ForumSite) -> None:
    await site.write(LIAISON, "协办 钱书远")
    heard = site.fake.texts(CONTACT)
    await site.write(COLLEAGUE, "配电房钥匙在我这里")
    assert _moves(site)[-1] == ("note", "配电房钥匙在我这里")
    assert site.fake.texts(CONTACT) == heard


async def test_who_is_not_bound_is_told_once(site: ForumSite) -> None:
    heard, before = site.fake.texts(CONTACT), _moves(site)
    for words in ("我来答", "办结 好了好了好了", "1"):
        await site.write(STRANGER, words)
    await site.write(CONTACT, "我是企业的人")
    told = [
        reply for reply in site.list_topic_texts() if reply.startswith("【没有发给企业】这个群")
    ]
    assert len(told) == 2  # each of the two, once
    assert (site.fake.texts(CONTACT), _moves(site)) == (heard, before)
    await site.press(STRANGER, site.card("受理").buttons["受理"], site.card("受理"))
    assert site.fake.toasts[-1].startswith("没有算数")
    await site.tap(LIAISON, "受理")  # the button is not used up
    assert site.issue().status is Status.ACCEPTED


async def test_other_groups_and_small_talk_are_not_heard(site: ForumSite) -> None:
    before = _counts(site)
    await site.shout(LIAISON, "办结 001 好了好了好了", group=OTHER_GROUP)
    await site.shout(LIAISON, "大家辛苦了")
    await site.shout(STRANGER, "待办")
    await site.shout(LIAISON, "/weather@other_bot")
    card = site.card("受理")
    await site.press(LIAISON, card.buttons["受理"], card, group=OTHER_GROUP)
    assert _counts(site) == before
    assert site.fake.chats[str(OTHER_GROUP)] == site.fake.chats[str(GROUP)] == []


async def test_commands_of_one_s_own_are_answered_in_private(site: ForumSite) -> None:
    said = site.list_topic_texts()
    await site.shout(LIAISON, "待办")
    assert site.fake.texts(LIAISON)[-1].startswith("【在办】1 件")
    await site.write(LIAISON, "帮助")
    assert site.fake.texts(LIAISON)[-1].startswith("【帮助】")
    assert site.list_topic_texts() == said
    assert site.fake.chats[str(GROUP)] == []


async def test_a_command_of_another_issue_is_not_said_here(site: ForumSite) -> None:
    await site.later(timedelta(minutes=5))
    await site.say(CONTACT, "路灯坏了")
    await site.write(LIAISON, "反馈 002 明天来修")
    assert "明天来修" in site.fake.texts(CONTACT)[-1]
    assert SECOND in site.fake.texts(LIAISON)[-1]
    assert "明天来修" not in "".join(site.list_topic_texts(FIRST))
    await site.write(LIAISON, "电工半小时后到", on=FIRST)
    assert FIRST in site.fake.texts(CONTACT)[-1]


async def test_an_edit_sends_nothing_out(site: ForumSite) -> None:
    first = site.in_topic(LIAISON, FIRST, "电工明天到")
    await site.update({"message": first})
    heard = site.fake.texts(CONTACT)
    edited = {**first, "text": "电工后天到", "edit_date": first["date"] + 9}
    await site.update({"edited_message": edited})
    assert site.fake.texts(CONTACT) == heard
    assert site.list_topic_texts()[-1].startswith("【改不动了】")
    with site.app.database.read() as db:
        kept = db.execute(select(messages.c.text, messages.c.sender).order_by(messages.c.id))
        assert [tuple(row) for row in kept][1:] == [
            ("电工明天到", str(LIAISON)),
            ("电工后天到", str(LIAISON)),
        ]


async def test_an_album_is_one_answer(site: ForumSite) -> None:
    site.fake.files["p1"] = b"\x89PNG\r\n\x1a\n" + b"picture"
    await site.write(LIAISON, **PHOTO, media_group_id="7", caption="已在抢修")
    await site.write(LIAISON, **PHOTO, media_group_id="7")
    await site.app.fetcher.round()
    await site.later(timedelta(minutes=2))
    assert [bubble.method for bubble in site.fake.chats[str(CONTACT)][-2:]] == ["sendPhoto"] * 2
    assert [move for move, _text in _moves(site)].count("answer") == 1


async def test_a_deleted_topic_is_made_again(site: ForumSite) -> None:
    site.fake.delete(FIRST)
    await site.say(CONTACT, "补充 001 二号车间也停了")
    assert len(site.fake.topics) == 1
    assert "二号车间也停了" in site.list_topic_texts()[0]
    await site.write(LIAISON, "电工半小时后到")
    assert site.fake.texts(CONTACT)[-1].endswith("电工半小时后到")


async def test_a_topic_deleted_before_it_is_closed(site: ForumSite) -> None:
    site.fake.delete(FIRST)
    await site.say(CONTACT, "撤回 001")
    assert site.topic().closed
    assert site.list_topic_texts()[-1].startswith("【话题关闭】")


async def test_a_closed_topic_in_which_nobody_may_write(site: ForumSite) -> None:
    site.fake.admins_write_where_shut = False
    await site.say(CONTACT, "撤回 001")
    assert site.topic().closed
    assert site.list_topic_texts()[-1].startswith("【话题关闭】")


async def test_a_topic_that_people_closed_by_hand(site: ForumSite) -> None:
    site.topic().closed = True
    await site.say(CONTACT, "撤回 001")
    assert site.topic().closed


async def test_a_group_that_grew_is_followed(site: ForumSite, tmp_path: Path) -> None:
    new = -1005555
    site.fake.moved[str(GROUP)] = new
    topic = site.fake.topic_id(FIRST)
    site.fake.topics[str(new), topic] = site.fake.topics.pop((str(GROUP), topic))
    await site.say(CONTACT, "补充 001 二号车间也停了")
    assert "二号车间也停了" in site.list_topic_texts()[-1]
    message = site.in_topic(LIAISON, FIRST, "电工半小时后到")
    await site.update({"message": {**message, "chat": {**message["chat"], "id": new}}})
    assert site.fake.texts(CONTACT)[-1].endswith("电工半小时后到")
    card = site.card("办结")
    await site.press(LIAISON, card.buttons["办结"], card, group=new)
    assert card.buttons == {}
    calls = site.fake.calls["sendMessage"]
    await site.say(CONTACT, "补充 001 三号车间也停了")
    assert site.fake.calls["sendMessage"] == calls + 3  # nothing goes to the old id any more


async def test_the_report_of_a_move_is_enough(site: ForumSite) -> None:
    chat = {"id": GROUP, "type": "group", "title": "Staff"}
    grown = site.message(LIAISON, chat, migrate_to_chat_id=-1006666)
    await site.update({"message": grown})
    site.fake.topics = {("-1006666", key[1]): topic for key, topic in site.fake.topics.items()}
    await site.say(CONTACT, "补充 001 二号车间也停了")
    assert "二号车间也停了" in site.list_topic_texts()[-1]


async def test_429_in_one_topic_silences_the_group_and_nobody_else(site: ForumSite) -> None:
    await site.later(timedelta(minutes=5))
    site.fake.go_wrong("createForumTopic", TOO_FAST)
    await site.say(CONTACT, "路灯坏了")
    calls = site.fake.calls.copy()
    assert SECOND in site.fake.texts(CONTACT)[-1]
    await site.say(CONTACT, "补充 001 二号车间也停了")
    assert "二号车间也停了" in site.fake.texts(LIAISON)[-1]
    assert "二号车间也停了" not in "".join(site.list_topic_texts())
    assert site.fake.calls["createForumTopic"] == calls["createForumTopic"]
    await site.later(timedelta(seconds=31))
    await site.later(timedelta(seconds=31))
    assert "二号车间也停了" in site.list_topic_texts()[-1]
    assert site.topic(SECOND).bubbles[0].text.startswith("【新诉求】")


async def test_a_group_is_never_told_more_than_it_takes(site: ForumSite) -> None:
    for number in range(30):
        await site.later(timedelta(minutes=2))
        await site.say(CONTACT, f"新诉求 第 {number} 盏路灯坏了")
    for number in range(30):
        await site.say(CONTACT, f"补充 {number + 2:03} 还是不亮")
    assert len(site.fake.topics) == 31
    for _ in range(5):
        await site.later(timedelta(minutes=1))
    told = "".join(bubble.text for topic in site.fake.topics.values() for bubble in topic.bubbles)
    assert told.count("还是不亮") == 30
    assert site.fake.calls["sendMessage"] < 31 + 30 + 2 * 62  # its own, and those to two people


async def test_a_bot_that_was_thrown_out_says_so_once(site: ForumSite) -> None:
    out = RefusedError("Forbidden: bot was kicked from the supergroup chat", 403)
    for _ in range(2):
        site.fake.go_wrong("sendMessage", out)
        site.app.writer.submit(lambda db: _put(db, site)).result(5)
        await site.carry()
    told = [words for words in site.fake.texts(DUTY) if words.startswith("【工作群收不到】")]
    assert len(told) == 1
    assert not [words for words in site.fake.texts(LIAISON) if "未送达" in words]


async def test_a_group_without_topics_says_what_to_do(site: ForumSite) -> None:
    site.fake.forum = False
    await site.later(timedelta(minutes=5))
    await site.say(CONTACT, "路灯坏了")
    assert SECOND in site.fake.texts(CONTACT)[-1]
    with site.app.database.read() as db:
        (error,) = db.exec_driver_sql("SELECT error FROM outbox WHERE error != ''").scalars()
    assert error.startswith("telegram.no_topics")
    site.fake.forum = True
    await site.later(timedelta(minutes=11))
    assert site.topic(SECOND).bubbles


async def test_without_a_group_there_are_no_rooms(tmp_path: Path, fake: FakeForum) -> None:
    async with start_site(tmp_path, fake, group=OTHER_GROUP) as site:
        await site.say(CONTACT, "车间停电了")
        before = _counts(site)
        message = site.message(LIAISON, {"id": GROUP, "type": "supergroup", "title": "S"})
        await site.update({"message": {**message, "text": "受理 001"}})
        assert _counts(site) == before


def _put(db: Any, site: ForumSite) -> None:
    room = threads.by_address(db, Address("telegram", f"{GROUP}/{FIRST}"))
    assert room is not None
    now = site.clock.now()
    row = {"thread_id": room.id, "text": "新消息", "kind": "room.copy", "because": "test"}
    more = {"created_at": now, "not_before": now, "options": None, "media_id": None}

    outbox.add(db, [{**row, **more, "issue_id": 1}])

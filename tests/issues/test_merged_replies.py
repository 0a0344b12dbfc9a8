"""Several enterprises on one matter: whatever is done for one, nobody learns who the others are."""

import asyncio
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import select

from bot import demo
from bot.app import App
from bot.core.messages import Address, Content, Incoming, Kind
from bot.core.people import Role
from storage.people import people
from storage.tables.delivery import outbox, threads
from storage.tables.issues import events, issues

PHONES = {phone.name: phone for phone in demo.phones()}
REPORTERS = ("王芳", "何小满", "林知夏", "新来的企业")
MARKS = dict(zip(REPORTERS, ("甲甲字", "乙乙字", "丙丙字", "丁丁字"), strict=True))
"""A word that only this reporter wrote."""
Tell = Callable[[str, str], None]
Merged = tuple[App, Tell]


async def say(app: App, name: str, words: str, key: int) -> None:
    address = Address(demo.CHANNEL, PHONES[name].handle)
    said = Incoming(f"t:{key}", address, Content(Kind.TEXT, words), app.clock.now())
    done = await app.runner.hear(said)
    assert done.fault is None, words
    await app.postman.drain()


def list_texts(app: App, name: str) -> list[str]:
    """Everything put before somebody, with the commands under it."""
    rows = (
        select(outbox.c.text, outbox.c.options)
        .join(threads, threads.c.id == outbox.c.thread_id)
        .where(threads.c.address == PHONES[name].handle)
        .order_by(outbox.c.id)
    )
    with app.database.read() as db:
        return [f"{row.text} {row.options or ''}" for row in db.execute(rows)]


def secrets(app: App, name: str) -> set[str]:
    """What nobody else may learn of a reporter: firm, person, phone, number, words."""
    phone = PHONES[name]
    with app.database.read() as db:
        thread = select(threads.c.id).where(threads.c.address == phone.handle).scalar_subquery()
        found = set(
            db.execute(select(issues.c.number).where(issues.c.thread_id == thread)).scalars()
        )
        firm = people.enterprise_named(db, phone.enterprise)
        known = [contact for contact in people.of_role(db, Role.CONTACT) if contact.name == name]
    found |= (
        {contact.phone for contact in known} | {contact.name for contact in known} | {MARKS[name]}
    )
    return found | ({firm.name, *firm.aliases} if firm else set())


@contextmanager
def run_app(app: App) -> Iterator[Tell]:
    keys = iter(range(10_000))
    with asyncio.Runner() as loop:
        loop.run(app.start())
        yield lambda name, words: loop.run(say(app, name, words, next(keys)))
        loop.run(app.stop())


@pytest.fixture
def merge_case(make_app: Callable[..., App]) -> Iterator[Merged]:
    """Four reporters, one of them a stranger, on one matter, merged into the first."""
    app = make_app()
    with run_app(app) as tell:
        for name in REPORTERS:
            tell(name, f"创业路路灯全灭了，晚上工人下班看不见路 {MARKS[name]}")
        tell("钱书远", "并案 002 001")
        tell("孙晓岚", "并案 003 002")
        tell("值班员小蒋", "并案 004 001")
        yield app, tell


def test_nobody_learns_who_the_others_are(merge_case: Merged) -> None:
    app, tell = merge_case
    whole = set().union(*(secrets(app, name) for name in REPORTERS)) - set(MARKS.values())
    everybody = "、".join(sorted(whole))
    for name in REPORTERS:
        for words in ("进度", "补充 我们门口的也坏了", "催办"):
            tell(name, words)
    tell("赵敏之", f"反馈 001 {everybody} 都报过了，今晚抢修")
    tell("钱书远", f"反馈 002 {everybody} 一起修")
    tell("值班员小蒋", f"反馈 004 {everybody} 一起修")
    tell("赵敏之", f"请补充 001 是不是和 {everybody} 同一段路？")
    tell("王芳", "是同一段")
    tell("赵敏之", f"挂账 001 11月15日 等 {everybody} 的电缆；10月25日 {everybody} 到货")
    tell("王芳", "同意挂账 001")
    for words in (f"办结 001 {everybody} 的路灯都已修好", "撤销"):
        tell("赵敏之", words)
    tell("赵敏之", f"办结 001 {everybody} 的路灯都已修好")
    for name in REPORTERS:
        for words in ("进度", "已解决", "评价 4", "我的诉求", "撤销"):
            tell(name, words)
    for name in REPORTERS:
        texts = list_texts(app, name)
        assert any("〔别家〕" in text for text in texts), "nothing was ever hidden"
        for other in set(REPORTERS) - {name}:
            for secret in secrets(app, other) - secrets(app, name):
                assert not [text for text in texts if secret in text], (name, secret)


def test_each_hears_of_the_result_once_under_their_own_number(merge_case: Merged) -> None:
    app, tell = merge_case
    tell("赵敏之", "办结 001 路灯线路已更换，全部亮了")
    for place, name in enumerate(REPORTERS, start=1):
        (told,) = [text for text in list_texts(app, name) if "【已办结】" in text]
        assert re.findall(r"-(\d{3}) ", told)[0] == f"{place:03d}"
    tell("何小满", "已解决")
    with app.database.read() as db:
        stages = dict(map(tuple, db.execute(select(issues.c.id, issues.c.status))))
    assert [stages[number] for number in (1, 2, 3, 4)] == [
        "resolved",
        "confirmed",
        *["resolved"] * 2,
    ]


def test_an_undo_is_refused_when_one_of_them_has_gone_on(merge_case: Merged) -> None:
    app, tell = merge_case
    tell("赵敏之", "办结 001 路灯线路已更换，全部亮了")
    tell("林知夏", "已解决")
    tell("赵敏之", "撤销")
    assert "【不能撤销】YZ-20241014-001" in list_texts(app, "赵敏之")[-1]
    with app.database.read() as db:
        undone = db.execute(select(events.c.id).where(events.c.move == "undo")).all()
    assert undone == []


def test_holders_may_split_what_they_hold_and_nobody_else(merge_case: Merged) -> None:
    app, tell = merge_case
    tell("李望舒", "拆案 002")
    assert "【没找到】" in list_texts(app, "李望舒")[-1]
    tell("赵敏之", "拆案 002")
    tell("孙晓岚", "拆案 003")
    with app.database.read() as db:
        into = dict(map(tuple, db.execute(select(issues.c.id, issues.c.merged_into))))
    assert into == {1: None, 2: None, 3: None, 4: 1}

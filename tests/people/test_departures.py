"""Who has left says and taps nothing any more: a table over all routes, for each kind of people."""

import re
from collections.abc import Callable
from dataclasses import replace
from itertools import count

import pytest
from sqlalchemy import select

from bot.app import App
from bot.checkup.rules import find_named_leavers
from bot.core.departures import Leaving, find_leaving, find_new_contact, read_leaving
from bot.core.messages import Action, Address, Content, Event, Incoming, Kind
from bot.settings import load
from handlers.routes import ROUTES
from storage.tables.decisions import decisions
from storage.tables.delivery import outbox, threads
from storage.tables.issues import events, issues
from storage.tables.people import absences, people
from storage.tables.sessions import session_events
from tests.conftest import ROOT
from tests.schedules.talk import KEYS, play, says

# fmt: off
TYPED = {
    "overdue": "", "voucher": "1-01",
    "mine": "", "todo": "", "firms": "", "search": "停水", "about_firm": "恒宇", "figures": "今年",
    "progress": "001", "view": "001", "more": "", "help": "", "undo": "", "human": "",
    "bind": "K7M2QX9A", "consent": "", "identify": "001 恒宇", "supplement": "001 三楼也停",
    "follow": "001", "urge": "001", "withdraw": "001", "new": "路灯坏了", "join": "001", "part": "",
    "meant": "", "is_matter": "", "no_matter": "", "only_reply": "001", "confirm": "001",
    "not_solved": "001", "rate": "001 5", "why": "001 1", "reopen": "001", "agree": "001",
    "disagree": "001", "accept": "001", "answer": "001 修好了", "ask": "001 几楼", "hold_back": "",
    "send_anyway": "反馈 001 好了", "note": "001 看过", "pass_on": "001 孙晓岚", "take": "001",
    "call_taken": "", "called": "", "take_all": "", "decline": "001 不归我", "return": "001 不归我",
    "assist": "001 孙晓岚", "resolve": "001 修好了", "resolve_anyway": "001 修好了",
    "recategorise": "001 用电", "why_category": "001", "merge": "002 001", "split": "002",
    "plan": "001 10月30日 等料", "extend": "001 10月30日 等料", "milestone": "001", "snooze": "001",
    "absence": "明天", "undisturbed": "2小时", "deadline": "001", "instruct": "001 抓紧",
    "sponsor": "001 冯主任", "waiting": "", "direct": "001 抓紧", "redirect": "001 孙晓岚",
    "table": "001", "reforms": "", "reform": "1 立项", "revisit": "1", "seen": "",
    "binding_code": "恒宇", "leave": "孙晓岚 交 李望舒", "unbind": "孙晓岚", "end_contact": "王芳",
    "rule": "001 孙晓岚", "grant": "001", "deny": "001 不行", "project": "", "session": "",
    "agenda": "", "minutes": "", "sign_up": "用工", "in_writing": "用工", "stay_away": "",
    "here": "", "attend": "", "accept_promise": "1-01", "dispute": "1-01", "prepare": "",
    "invite": "恒宇", "theme": "用工", "move_session": "10月15日 19:30", "cancel_session": "",
    "as_usual": "", "extra": "10月17日 15:00 东区", "move_up": "3", "move_down": "1",
    "take_off": "1", "put_back": "1", "add_topic": "大家的事", "open_session": "",
    "record": "1号 供电 周五 增容", "record_anyway": "1号 供电 周五 增容", "same_promise": "",
    "strike": "1-01", "amend": "1-01 换日子", "add_late": "1", "reopen_session": "1",
    "decide": "1号 就这样", "conclude": "1号 办结", "reconsider": "1", "on_the_spot": "恒宇 停水",
    "close_session": "", "close_rest": "", "kept": "1-01 做了", "broken": "1-01 没做",
    "redate": "1-01 11月15日 等料", "seal": "001", "unseal": "001 不是投诉", "viewers": "001",
}
"""What each verb is said of. A route that is added has to be added here."""
# fmt: on
LEAVERS = {
    "liaison": ("zhao", ("离岗 赵敏之 交 钱书远",)),
    "department": ("zhou", ("离岗 周电工 交 吴若谷",)),
    "leader": ("chen", ("离岗 陈副主任 交 冯主任",)),
    "office": ("second", ("离岗 值班员小马 交 值班员小蒋",)),
    "contact": ("hengyu", ("解绑 王芳", "2")),
}
WRITTEN = (events, session_events, decisions, absences)
"""Where anything that somebody does leaves a row."""


def _count_rows(app: App) -> dict[str, int]:
    with app.database.read() as db:
        return {table.name: len(db.execute(select(table)).all()) for table in WRITTEN}


def _add_second_desk(app: App) -> None:
    with app.database.write() as db:
        row = db.execute(select(people).where(people.c.name == "值班员小蒋")).one()
        made = {"name": "值班员小马", "role": row.role, "phone": "13900000099"}
        added = db.execute(people.insert().values(made).returning(people.c.id)).scalar_one()
        thread = {"channel": "local", "address": "second", "person_id": added, "sends": 0}
        db.execute(threads.insert().values(thread))


async def _depart(app: App, orders: tuple[str, ...]) -> None:
    await says(app, "hengyu", "宿舍停水三天了")
    await says(app, "xinzheng", "门口路灯坏了")
    _add_second_desk(app)
    for order in orders:
        last = await says(app, "duty", order)
    assert "【已离岗】" in last or "【已结束】" in last, last


async def _tap(app: App, who: str, action: Action) -> list[str]:
    content = Content(Kind.EVENT, event=Event.CLICK)
    said = Incoming(f"tap:{next(KEYS)}", Address("local", who), content, app.clock.now(), slot=True)
    done = await app.runner.hear(replace(said, action=action))
    assert done.fault is None, action
    app.postman.mark_arrived(done.replies)
    return [reply.kind for reply in done.replies]


def test_the_table_knows_every_route() -> None:
    assert set(TYPED) == {route.verb for route in ROUTES}


@pytest.mark.parametrize("who", LEAVERS)
def test_no_verb_and_no_button_of_who_has_left_does_anything(
    make_app: Callable[..., App], who: str
) -> None:
    handle, orders = LEAVERS[who]

    async def story(app: App) -> None:
        await _depart(app, orders)
        before = _count_rows(app)
        with app.database.read() as db:
            known = db.execute(select(issues.c.id)).scalars().first()
        for verb, words in TYPED.items():
            answer = await says(app, handle, f"{app.texts.command(verb)} {words}".strip())
            assert answer.startswith("【登记已结束】"), (verb, answer)
            for action in (Action(verb, known, words=words), Action(verb, target_id=1)):
                assert await _tap(app, handle, action) == ["former.left"], verb
        assert (await says(app, handle, "1")).startswith("【登记已结束】")
        assert (await says(app, handle, "随便说一句")).startswith("【登记已结束】")
        assert _count_rows(app) == before

    play(make_app(), story)


def test_in_a_room_no_command_of_theirs_acts(make_app: Callable[..., App]) -> None:
    async def story(app: App) -> None:
        await _depart(app, LEAVERS["liaison"][1])
        before = _count_rows(app)
        own = Address("local", "zhao")
        for number, words in zip(count(), ("受理", "反馈 修好了", "# 记一笔", "1"), strict=False):
            room = Address("local", "staff/YZ-20241014-001")
            said = Incoming(f"room:{number}", room, Content(Kind.TEXT, words), app.clock.now())
            done = await app.runner.hear(replace(said, sender=own))
            assert done.fault is None
        assert _count_rows(app) == before

    play(make_app(), story)


def test_what_waited_for_them_reaches_who_has_it_now_or_nobody(
    make_app: Callable[..., App],
) -> None:
    async def story(app: App) -> None:
        await _depart(app, LEAVERS["liaison"][1])
        await says(app, "hengyu", "补充 001 三楼也停了")
        with app.database.read() as db:
            zhao = db.execute(select(threads).where(threads.c.address == "zhao")).one()
            mine = select(outbox.c.text).where(outbox.c.thread_id == zhao.id)
            waits = mine.where(outbox.c.sent_at.is_(None), outbox.c.gave_up_at.is_(None))
            assert db.execute(waits).all() == []
            assert zhao.person_id is None
            assert (zhao.menu, zhao.expect, zhao.listed) == (None, None, None)
            told = db.execute(select(outbox.c.text).where(outbox.c.text.contains("三楼"))).scalars()
            assert len(list(told)) == 3, "both duty desks and who was offered it"

    play(make_app(), story)


def test_a_fresh_code_makes_the_phone_somebody_s_again(make_app: Callable[..., App]) -> None:
    async def story(app: App) -> None:
        await _depart(app, LEAVERS["liaison"][1])
        told = await says(app, "duty", "绑定码 孙晓岚")
        code = re.search(r"[2-9A-Z]{8}", told)
        assert code, told
        assert "孙晓岚" in await says(app, "zhao", f"绑定 {code[0]}")
        assert "登记已结束" not in await says(app, "zhao", "待办")

    play(make_app(), story)


@pytest.mark.parametrize(
    ("words", "who", "to"),
    [
        ("赵强 交 钱进", "赵强", "钱进"),
        ("赵强交给钱进", "赵强", "钱进"),
        ("赵强，交由钱进", "赵强", "钱进"),
        ("赵强", "赵强", ""),
    ],
)
def test_an_order_names_who_leaves_and_who_has_it(words: str, who: str, to: str) -> None:
    assert read_leaving(words) == Leaving(who, to)


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("小赵离职了 换成小钱", Leaving("小赵", "小钱")),
        ("赵敏之调走了，以后由小孙接手", Leaving("赵敏之", "小孙")),
        ("小赵辞职了", Leaving("小赵")),
        ("工人离职了怎么办", None),
        ("离职证明在哪里开", None),
        ("小赵请假了", None),
    ],
)
def test_a_colleague_says_it_freely(words: str, found: Leaving | None) -> None:
    assert find_leaving(words) == found


@pytest.mark.parametrize(
    ("words", "to"),
    [
        ("换联系人了，以后找小李", "小李"),
        ("我们联系人换成李四了", "李四"),
        ("我离职了，以后联系小李", "小李"),
        ("换联系人", ""),
        ("我们的联系人换了", ""),
        ("我们要换变压器，联系人是谁", None),
        ("工人离职了，招不到人", None),
        ("以后找谁反映", None),
    ],
)
def test_a_contact_says_that_somebody_else_is(words: str, to: str | None) -> None:
    assert find_new_contact(words) == to


def test_check_names_settings_that_still_name_who_has_left(make_app: Callable[..., App]) -> None:
    async def story(app: App) -> None:
        given = load(ROOT / "config.toml", {"EXCHANGE_PARK__NAME": "孙晓岚"})
        with app.database.read() as db:
            assert list(find_named_leavers(db, given)) == []
        await says(app, "duty", "离岗 孙晓岚 交 钱书远")
        with app.database.read() as db:
            (found,) = find_named_leavers(db, given)
        assert "孙晓岚" in str(found)

    play(make_app(), story)

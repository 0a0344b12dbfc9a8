"""No word of the staff that names another firm reaches a firm without a question, whatever the
verb; names that are ordinary words or places too are no reason to ask."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from itertools import count

import pytest
from sqlalchemy import select

from bot import texts
from bot.app import App
from bot.core.leaders.reforms import Reform, Standing
from bot.core.notifications import NOTIFICATIONS
from bot.core.people import STAFF
from handlers.routes import ROUTES
from storage.leaders import reforms
from storage.tables.delivery import outbox, threads
from tests.conftest import MONDAY
from tests.dialogues.player import Player
from tests.texts.wording import placeholders

ASKED = "别家的："
OF_THE_BOT = frozenset(
    {
        *("number", "count", "status", "move", "phone", "park", "mark", "urgent", "category"),
        *("owner", "owner_phone", "leader", "superior", "name", "by", "rung", "enterprise"),
        *("accept_due", "answer_due", "solve_due", "due", "until", "late", "days", "made_at"),
        *("filed_at", "starts_at", "before", "place", "kind", "link", "rest", "consult", "others"),
        *("next_number", "next_at", "next_link", "issue", "title", "who"),
    }
)
"""What a message prints that nobody of the staff wrote for it."""
SAID_BY = {
    "news.answered": ("answer",),
    "news.asked": ("ask",),
    "sealed.lifted_news": ("unseal",),
    "news.planned": ("plan",),
    "news.milestone": ("plan",),
    "result.resolved": ("resolve", "resolve_anyway"),
    "minutes.done_news": ("conclude",),
    "minutes.infeasible_news": ("conclude",),
    "minutes.planned_news": ("conclude",),
    "minutes.part": ("record", "record_anyway", "decide", "conclude", "theme"),
    "minutes.corrected_part": ("amend", "add_late"),
    "promise.amended_news": ("amend",),
    "promise.kept_news": ("kept",),
    "promise.broken_news": ("broken", "record"),
    "promise.redated_news": ("redate", "record"),
    "promise.confirm": ("record", "record_anyway"),
    "agenda.mine": ("theme",),
    "agenda.changed": ("theme",),
    "agenda.invitation": ("theme", "invite"),
    "session.invitation": ("invite", "theme"),
    "session.promoted": ("theme",),
    "session.reminder": ("theme",),
    "session.still_asked": ("theme",),
    "session.cancelled": ("cancel_session",),
    "reform.ask": ("reform",),
}
"""Which verbs' words each message to an enterprise carries."""
_keys = count()
OWN_WORDS = frozenset(
    {
        *("meant.filed_itself", "danger.reply", "news.struck_off"),
        *("sealed.receipt", "sealed.nobody", "sealed.climbed_news"),
    }
)
"""Messages that repeat what the enterprise wrote itself, or say only the bot's own words."""
FIRST = """
[2024-10-14 周一 09:00] 王芳> 车间停电了
[09:01] 刘大川> 门口路灯不亮
[09:05] 王芳> 报名
[09:10] 赵敏之> 受理 001
[09:11] 赵敏之> 受理 002
"""
EVENING = f"""{FIRST}
[19:31] 值班员小蒋> 开会
[19:33] 值班员小蒋> 记 1号 供电服务部 周五前 恢复供电
值班员小蒋< 【已记 95-01】
"""
CASES = {
    "answer": (FIRST, "赵敏之> 反馈 001 先修信征精密，再修你们"),
    "ask": (FIRST, "赵敏之> 请补充 001 刘大川也报过，您那边几点停的"),
    "unseal": (
        f"{FIRST}\n[09:20] 王芳> 请保密，我们想搬走",
        "严立身> 解封 003 信征精密也这么说",
    ),
    "plan": (FIRST, "赵敏之> 挂账 001 11月15日 等信征精密让出通道"),
    "resolve": (FIRST, "赵敏之> 办结 001 已和 13900000102 说好，一起恢复"),
    "resolve_anyway": (FIRST, "赵敏之> 照此办结 001 和 002 一起"),
    "conclude": (EVENING, "值班员小蒋> 结论 1号 办结 和信征精密一起修好了"),
    "decide": (EVENING, "值班员小蒋> 决定 1号 先接信征精密的线"),
    "record": (EVENING, "值班员小蒋> 记 1号 供电服务部 下周五前 先接信征精密的线"),
    "record_anyway": (EVENING, "值班员小蒋> 照记 1号 李工 下周五前 先接信征精密的线"),
    "amend": (EVENING, "值班员小蒋> 更正 95-01 供电服务部 下周五前 先接信征精密的线"),
    "add_late": (EVENING, "值班员小蒋> 补记 1号 供电服务部 下周五前 先接信征精密的线"),
    "kept": (EVENING, "值班员小蒋> 兑现 95-01 和信征精密一起修好了"),
    "broken": (EVENING, "值班员小蒋> 未兑现 95-01 刘大川不让进"),
    "redate": (EVENING, "值班员小蒋> 改期 95-01 11月15日 等信征精密"),
    "theme": (FIRST, "值班员小蒋> 主题 信征精密专题"),
    "invite": (FIRST, "值班员小蒋> 点名 绿洲 说说信征的事"),
    "cancel_session": (FIRST, "值班员小蒋> 取消本期 95 信征精密搞活动"),
}
"""Each verb with words for an enterprise that name another one."""


def _play(app: App, transcript: str) -> None:
    async def play() -> None:
        await app.start()
        await Player(app, keys=_keys).play(transcript, "here")
        await app.stop()

    asyncio.run(play())


def _read(app: App, who: str) -> str:
    rows = select(outbox.c.text).join(threads, threads.c.id == outbox.c.thread_id)
    with app.database.read() as db:
        return "\n".join(db.execute(rows.where(threads.c.address == who)).scalars())


def test_every_message_that_carries_words_of_the_staff_is_known() -> None:
    words = texts.load(MONDAY.tzinfo).words  # type: ignore[arg-type]
    carrying = {
        row.key
        for row in NOTIFICATIONS.values()
        if row.to_firm and placeholders(words[row.key]) - OF_THE_BOT
    }
    assert carrying - OWN_WORDS == set(SAID_BY)


def test_every_verb_whose_words_reach_an_enterprise_is_tried() -> None:
    staff = {route.verb for route in ROUTES if route.who & STAFF}
    said = {verb for verbs in SAID_BY.values() for verb in verbs}
    assert said <= staff
    assert said - {"reform"} == set(CASES)


@pytest.mark.parametrize("verb", CASES)
def test_words_with_another_firm_wait_for_a_digit(make_app: Callable[..., App], verb: str) -> None:
    before, said = CASES[verb]
    writer = said.partition(">")[0]
    app = make_app()
    _play(app, f"{before}\n{said}\n{writer}< {ASKED}\n（快进 2 分钟）\n")
    for firm in ("hengyu", "lvzhou"):
        assert not any(word in _read(app, firm) for word in ("信征", "刘大川", "002", "0102"))
    again = make_app(STORAGE__URL=f"{app.settings.storage.url}-again")
    _play(again, f"{before}\n{said}\n{writer}> 1\n{writer}✗ {ASKED}\n{writer}✗ 【没看懂】\n")


@pytest.mark.parametrize("act", ["措施", "完成"])
def test_what_all_who_complained_read_names_none_of_them(
    make_app: Callable[..., App], act: str
) -> None:
    migrated = make_app()
    _play(migrated, FIRST)
    app = make_app()
    with app.database.write() as db:
        draft = Reform(0, 1, "用电", "用电", "停电", Standing.APPROVED, MONDAY, MONDAY)
        reforms.add(db, replace(draft, measures=("增容",)))
    said = f"值班员小蒋> 改革 1 {act} 给信征精密换了变压器"
    _play(app, f"[2024-10-14 周一 11:00] {said}\n值班员小蒋< {ASKED}\n")
    reopened = make_app()
    with reopened.database.read() as db:
        found = reforms.by_number(db, 1)
    assert found is not None
    assert (found.measures, found.result) == (("增容",), "")


@pytest.mark.parametrize(
    "words",
    [
        "恒宇的两条线都在查",
        "恒宇电子有限公司的申请已经报上去",
        "王芳经理，师傅三点到",
        "园区物业三点上门",
        "物业公司三点上门",
        "供电服务部三点到，找周电工 13900000005",
        "信征路口的灯一起修",
        "绿洲大道 3 号有服务窗口",
        "青禾小区旁边的变电站检修",
        "磐石路8号的仓库可以用",
        "持之以恒地盯着，今晚到",
        "电子元件厂的师傅来看过",
        "机械故障，明早到",
        "新材料今天到货",
        "120 台设备都看过了",
        "10:30 到，费用 500 元",
        "请打 96598，或 0731-88880000",
        "一期三号楼 201 室办理",
    ],
)
def test_ordinary_words_are_sent_at_once(make_app: Callable[..., App], words: str) -> None:
    _play(make_app(), f"{FIRST}\n赵敏之> 反馈 001 {words}\n赵敏之✗ {ASKED}\n王芳< {words}\n")


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("修完信征就来", "信征"),
        ("修完信征精密就来", "信征精密"),
        ("修完信征精密机械有限公司就来", "信征精密机械有限公司"),
        ("和002一起修", "002"),
        ("和YZ-20241014-002一起修", "yz-20241014-002"),
        ("刘大川也在等", "刘大川"),
        ("刘 大川也在等", "刘大川"),
        ("他的电话 139 0000 0102", "139 0000 0102"),
        ("信征路由器坏了", "信征"),
        ("去信征路上，马上到", "信征"),
        ("绿洲大道的绿洲食品也停电", "绿洲"),
    ],
)
def test_names_numbers_and_phones_are_found(
    make_app: Callable[..., App], words: str, found: str
) -> None:
    transcript = f"{FIRST}\n赵敏之> 反馈 001 {words}\n赵敏之< {ASKED}\n王芳✗ {words}\n"
    app = make_app()
    _play(app, transcript)
    assert f"{ASKED}{found}".lower() in _read(app, "zhao").lower()

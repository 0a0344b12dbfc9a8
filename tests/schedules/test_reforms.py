"""Recurring matters are proposed once; 90 days after a reform is done its effect is measured."""

from datetime import timedelta
from pathlib import Path

from bot.actions.context import Context
from bot.actions.leaders.reforms import card, key_of, rows, week_lines, words_of
from bot.app import App
from bot.classifier.models import Learning
from bot.core.leaders.recurring import same
from bot.core.leaders.reforms import Effect, Reform, ReformAct, Standing, tally
from schedules.reforms import follow_reforms, propose_reforms
from storage.leaders import reforms
from tests.conftest import MONDAY, ROOT
from tests.schedules.talk import play, says, ticks

FIRMS = ("hengyu", "xinzheng", "lvzhou")
LATER = MONDAY + timedelta(days=7)
AFTER = LATER + timedelta(days=90)


def list_reforms(app: App) -> list[Reform]:
    with app.database.read() as db:
        return reforms.everything(db)


async def complain(app: App) -> None:
    for who in FIRMS:
        await says(app, who, f"电价太高，{who} 用不起")


async def complete_reform(app: App) -> None:
    await complain(app)
    await ticks(app, propose_reforms, LATER)
    assert "【已立项】改革 1" in await says(app, "duty", "改革 1 立项")
    # The measure goes to all three, and names one of them: that is asked.
    assert "【还没有发出】" in await says(app, "duty", "改革 1 措施 恒宇电子带头打包购电")
    await says(app, "duty", "1")
    assert "【已完成】" in await says(app, "duty", "改革 1 完成 下降 15%")


def test_a_matter_is_proposed_once_and_not_again_when_dropped(app: App) -> None:
    async def story(app: App) -> None:
        await complain(app)
        await says(app, "hengyu", "新诉求 电价又涨")
        await ticks(app, propose_reforms, LATER)
        await ticks(app, propose_reforms, LATER + timedelta(minutes=1))
        await says(app, "duty", "改革 1 不用")
        await ticks(app, propose_reforms, LATER + timedelta(minutes=2))
        (found,) = list_reforms(app)
        assert (found.category, found.mark, found.standing) == ("用电", "电价", Standing.DROPPED)
        assert (found.before_count, len(found.firms)) == (4, 3)

    play(app, story)


def test_new_complaints_bring_a_dropped_matter_back(app: App) -> None:
    async def story(app: App) -> None:
        await complain(app)
        await ticks(app, propose_reforms, LATER)
        await says(app, "duty", "改革 1 不用")
        for who in FIRMS:
            await says(app, who, "新诉求 电价还是高")
        await ticks(app, propose_reforms, LATER + timedelta(days=1))
        assert [reform.standing for reform in list_reforms(app)] == [
            Standing.DROPPED,
            Standing.PROPOSED,
        ]
        assert not set(list_reforms(app)[0].issues) & set(list_reforms(app)[1].issues)

    play(app, story)


def test_the_effect_is_what_enterprises_say_and_what_recurs(app: App) -> None:
    async def story(app: App) -> None:
        await complete_reform(app)
        await says(app, "yunfan", "新诉求 电价还是贵")
        await ticks(app, follow_reforms, AFTER - timedelta(minutes=1))
        assert list_reforms(app)[0].asked_at is None
        await ticks(app, follow_reforms, AFTER)
        await ticks(app, follow_reforms, AFTER)
        assert "好些了" in await says(app, "hengyu", "回访 1 1")
        assert "更差了" in await says(app, "hengyu", "回访 1 3")
        assert "【不用回】" in await says(app, "yunfan", "回访 1 1")
        assert "差不多" in await says(app, "duty", "改革 1 回访 信征 2")
        assert "【改不了】" in await says(app, "duty", "改革 1 没完成")
        await ticks(app, follow_reforms, AFTER + timedelta(days=7))
        assert "【回访已结束】" in await says(app, "lvzhou", "回访 1 1")
        (found,) = list_reforms(app)
        assert found.standing is Standing.MEASURED
        assert (found.before_count, found.after_count, found.after_firms) == (3, 1, 1)
        with app.database.read() as db:
            said = reforms.list_asked(db, found.id)
            assert [follow_up.answer for follow_up in said] == [Effect.WORSE, Effect.SAME, None]
            counted = tally(said)
            assert (counted.better, counted.worse, counted.silent, counted.total) == (0, 1, 1, 3)
            acts = [act for act, _id in reforms.acts(db, MONDAY, AFTER + timedelta(days=8))]
        assert acts == [
            *(
                ReformAct.PROPOSE,
                ReformAct.APPROVE,
                ReformAct.MEASURE,
                ReformAct.DONE,
                ReformAct.ASK,
            ),
            *(ReformAct.ANSWER, ReformAct.ANSWER, ReformAct.ANSWER, ReformAct.EFFECT),
        ]

    play(app, story)


def test_no_enterprise_reads_anothers_name(app: App) -> None:
    async def story(app: App) -> None:
        await complete_reform(app)
        await ticks(app, follow_reforms, AFTER)
        asked = {who: await says(app, who, "谢谢") for who in FIRMS}
        assert all("【回访】" in reply for reply in asked.values())
        assert "恒宇电子带头" in asked["hengyu"]
        assert "〔别家〕带头" in asked["lvzhou"]
        for who, text in asked.items():
            assert not any(other in text for other in FIRMS if other != who), text

    play(app, story)


def test_it_is_taken_back_step_by_step(app: App) -> None:
    async def story(app: App) -> None:
        await complete_reform(app)
        assert "【接着办】" in await says(app, "duty", "改革 1 没完成")
        assert "【已撤】" in await says(app, "duty", "改革 1 撤措施")
        assert "【还没有措施】" in await says(app, "duty", "改革 1 完成 好了")
        assert "【不立项】" in await says(app, "duty", "改革 1 不用")
        assert "【办不了】" in await says(app, "duty", "改革 1 措施 再来一条")
        (found,) = list_reforms(app)
        assert (found.standing, found.measures, found.done_at) == (Standing.DROPPED, (), None)
        assert found.next_due_at is None

    play(app, story)


def test_the_week_and_the_workbook_tell_it(app: App) -> None:
    async def story(app: App) -> None:
        await complete_reform(app)
        with app.database.read() as db:
            context = Context(db, LATER, app.park, app.texts, "", app.learning, app.naming)
            (line,) = week_lines(context, LATER, LATER + timedelta(days=7))
            assert app.texts.format_value(line) == "改革：提出 1，立项 1，完成 1，见成效 0"
            assert week_lines(context, MONDAY, LATER) == ()
            (row,) = rows(context)
            assert len(row) == len(app.texts.words["workbook.reforms"].split())
            assert row[:3] == (1, "用电：电价", "已完成，等看成效")
            assert "用电" in words_of(context)

    play(app, story)


def test_a_category_that_is_gone_is_said_and_its_word_still_counts(
    app: App, tmp_path: Path
) -> None:
    renamed = tmp_path / "park.toml"
    shipped = (ROOT / "bot" / "taxonomy" / "park.toml").read_text(encoding="utf-8")
    renamed.write_text(shipped.replace('name = "用电"', 'name = "电力"'), encoding="utf-8")
    other = Learning(renamed, tmp_path)

    async def story(app: App) -> None:
        await complete_reform(app)
        with app.database.read() as db:
            context = Context(db, LATER, app.park, app.texts, "", other, app.naming)
            (found,) = reforms.everything(db)
            told = app.texts.render("reform.card", card(context, found))
            assert "类别“用电”已取消，成效只按词来数" in told
            filed = reforms.complaints(db, MONDAY, LATER)
            assert len(same(filed, key_of(found), words_of(context))) == len(FIRMS)

    play(app, story)

"""An office's own rules and the load of people, through the whole app on both databases."""

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import update

from bot.actions.issues.assign import unknown_targets
from bot.app import App
from bot.checkup import examine
from bot.clock import MovableClock
from bot.core.park.assignment import AssignmentRule
from bot.demo import settle
from bot.settings import SettingsError, load
from storage.database import Database
from storage.people import people
from storage.tables.people import enterprises
from tests.conftest import MONDAY, ROOT
from tests.databases import PostgresPlace, SqlitePlace
from tests.dialogues.player import Player

RULES = """
[[assignment_rules]]
word = "变压器"
person = "周电工"
[[assignment_rules]]
enterprise = "磐石新材料有限公司"
person = "没有这个人"
[[assignment_rules]]
tag = "重点项目"
department = "工程建设部"
"""


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    """A config file: the shipped one with other words at its end, or in place of some."""

    def write_config(more: str = "", old: str = "", new: str = "") -> Path:
        path = tmp_path / "config.toml"
        shipped = (ROOT / "config.toml").read_text(encoding="utf-8")
        path.write_text(shipped.replace(old, new) + more, encoding="utf-8")
        return path

    return write_config


def play(place: SqlitePlace | PostgresPlace, config: Path, transcript: str) -> None:
    with place.create_migrated() as url:
        scratch = {
            "EXCHANGE_STORAGE__URL": url,
            "EXCHANGE_STORAGE__MEDIA": str(config.with_name("media")),
        }
        app = App(load(config, scratch), MovableClock(MONDAY, frozen=True))
        asyncio.run(_play_transcript(app, transcript))


async def _play_transcript(app: App, transcript: str) -> None:
    await app.start()
    try:
        await Player(app).play(transcript, "here")
    finally:
        await app.stop()


def test_the_offices_rules_come_first(
    place: SqlitePlace | PostgresPlace, write: Callable[..., Path]
) -> None:
    play(
        place,
        write(RULES),
        """
        [2024-10-14 周一 10:00] 王芳> 變壓器一直響
        王芳< 联络员：周电工
        王芳✗ 按园区规则
        周电工< 按园区规则（变压器），由 周电工
        赵敏之✗
        # a tag of the firm
        [10:05] 林知夏> 路灯坏了
        郑筑平< 按园区规则（重点项目），由 郑筑平
        # nobody who is away, and the rule no more where it did not decide
        [10:10] 周电工> 请假 今天
        [10:15] 刘大川> 变压器漏油
        刘大川< 联络员：赵敏之
        赵敏之< 周电工 请假，由 赵敏之
        [10:16] 周电工> 请假 交 小吴
        [10:20] 刘大川> 新诉求 变压器还在漏油
        吴若谷< 按园区规则（变压器），周电工 请假，由 吴若谷 代
        # a rule that names nobody we know changes nothing
        [10:25] 罗建成> 门口积水
        李望舒< 【新诉求】YZ-20241014-005
        李望舒✗ 按园区规则
        # a rule holds for strangers too
        [10:30] 新来的企业> 想问变压器增容
        周电工✗ 增容
        吴若谷< 想问变压器增容
        """,
    )


def test_who_holds_too_many_is_named_to_the_desk_and_nothing_moves(
    place: SqlitePlace | PostgresPlace, write: Callable[..., Path]
) -> None:
    play(
        place,
        write(old="load = 30", new="load = 1"),
        """
        [2024-10-14 周一 10:00] 王芳> 宿舍停水三天了
        值班员小蒋✗ 手上偏多
        [10:05] 刘大川> 门口路灯坏了
        刘大川< 联络员：赵敏之
        值班员小蒋< 【手上偏多】赵敏之 在办 2 件，又来了 YZ-20241014-002
        值班员小蒋< 钱书远 在办 0 件
        [10:06] 刘大川> 进度
        刘大川< 承办：赵敏之
        [10:07] 值班员小蒋> 1
        钱书远< 【转办给您】YZ-20241014-002
        [10:08] 刘大川> 进度
        刘大川< 承办：赵敏之
        # who is away is not suggested
        [10:09] 钱书远> 1
        [10:10] 钱书远> 请假 今天
        [10:15] 王芳> 新诉求 食堂停气
        值班员小蒋< 孙晓岚 在办 0 件
        """,
    )


def test_the_desk_is_not_told_at_every_issue_that_is_too_many(
    place: SqlitePlace | PostgresPlace, write: Callable[..., Path]
) -> None:
    play(
        place,
        write(old="load = 30", new="load = 1"),
        """
        [2024-10-14 周一 10:00] 王芳> 宿舍停水三天了
        [10:05] 王芳> 新诉求 门口路灯坏了
        值班员小蒋< 【手上偏多】赵敏之 在办 2 件
        [10:10] 王芳> 新诉求 食堂停气
        [10:15] 王芳> 新诉求 招不到焊工
        [10:20] 王芳> 新诉求 想申请稳岗补贴
        [10:25] 王芳> 新诉求 货车进园要登记
        值班员小蒋✗ 在办 3 件
        值班员小蒋✗ 在办 6 件
        [10:30] 王芳> 新诉求 消防验收等了一个月
        值班员小蒋< 【手上偏多】赵敏之 在办 7 件
        """,
    )


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ('person = "周电工"', "assignment_rules#1：要写至少一个条件"),
        ('word = "停电"', "assignment_rules#1：person（姓名）和 department（部门）要写一个"),
        (
            'word = "停电"\nperson = "周电工"\ndepartment = "供电服务部"',
            "assignment_rules#1：person（姓名）和 department（部门）要写一个",
        ),
        (
            'category = "用店"\nperson = "周电工"',
            "assignment_rules#1.category：没有叫“用店”的类别",
        ),
        ('word = ""\nperson = "周电工"', "assignment_rules#1.word：不能为空"),
    ],
)
def test_a_wrong_rule_is_named_with_its_reason(
    write: Callable[..., Path], make_app: Callable[..., App], rows: str, said: str
) -> None:
    words = make_app().texts
    with pytest.raises(SettingsError) as wrong:
        load(write(f"\n[[assignment_rules]]\n{rows}\n"), {})
    (fault,) = wrong.value.faults
    assert said in words.render(fault.line.key, fault.line.values)


def test_a_ruling_of_years_is_refused(write: Callable[..., Path]) -> None:
    config = write(
        old='ruling = { amount = 1, unit = "day" }', new='ruling = { amount = 400, unit = "day" }'
    )
    with pytest.raises(SettingsError, match=r"limits\.ruling\.amount"):
        load(config, {})


def test_rules_that_name_nobody_are_found(database: Database) -> None:
    with database.write() as db:
        settle(db)
        rules = (
            AssignmentRule(word="停电", person="周电工"),
            AssignmentRule(word="停水", person="没有这个人"),
            AssignmentRule(word="招工", department="没有这个部门"),
            AssignmentRule(word="路", person="冯主任"),  # a leader holds no issue
        )
        assert [place for place, _ in unknown_targets(db, rules)] == [2, 3, 4]


def test_without_a_liaison_the_grid_answers_then_the_department_then_the_desk(
    place: SqlitePlace | PostgresPlace, write: Callable[..., Path]
) -> None:
    with place.create_migrated() as url:
        database = Database(url)
        with database.write() as db:
            settle(db)
            power = people.department_named(db, "供电服务部")
            assert power is not None
            db.execute(update(enterprises).values(liaison_id=None, deputy_id=None))
            mine = enterprises.c.name == "恒宇电子有限公司"
            db.execute(update(enterprises).where(mine).values(department_id=power.id))
        database.close()
        app = App(load(write(), {"EXCHANGE_STORAGE__URL": url}), MovableClock(MONDAY, frozen=True))
        asyncio.run(
            _play_transcript(
                app,
                """
                [2024-10-14 周一 10:00] 王芳> 门口路灯坏了
                赵敏之< 没有联络员，由 东区网格 赵敏之
                [10:05] 赵敏之> 请假 今天
                [10:10] 王芳> 新诉求 门口积水
                周电工< 赵敏之 请假，由 周电工
                [10:15] 周电工> 请假 今天
                [10:20] 王芳> 新诉求 围墙裂了
                值班员小蒋< 赵敏之、周电工 请假，由 值班台
                """,
            )
        )


def test_the_doctor_names_a_rule_for_nobody(
    place: SqlitePlace | PostgresPlace, write: Callable[..., Path]
) -> None:
    with place.create_migrated() as url:
        settings = load(write(RULES), {"EXCHANGE_STORAGE__URL": url})
        database = Database(url)
        with database.write() as db:
            settle(db)
        database.close()
        found = examine(settings, ROOT / "config.toml", MONDAY)
        wrong = [
            finding.words.values
            for finding in found
            if finding.words.key == "check.rule_for_nobody"
        ]
    assert wrong == [{"place": 2, "name": "没有这个人"}]

"""Projects planned backward: by when each step must be done, and red, yellow or green by rule."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.days.working_calendar import OFFICIAL
from bot.core.messages import Refused
from bot.core.projects.plan import (
    Light,
    LightCause,
    Project,
    ProjectRules,
    begins,
    find_step,
    finish_step,
    is_first_working_day_of_week,
    judge_project,
    plan_steps,
    reopen_step,
    retarget_project,
    share_days,
)
from bot.core.projects.words import NewProject, read_done, read_project, read_steps

RULES = ProjectRules()
DAY = timedelta(days=1)
MONDAY = date(2024, 10, 14)
STEPS = (("设计", 10), ("报批", 5), ("施工", 20))
days = st.dates(date(2020, 1, 1), date(2026, 6, 30))
plans = st.lists(st.integers(1, 40), min_size=1, max_size=8).map(
    lambda lengths: [(f"第{n}步", length) for n, length in enumerate(lengths)]
)


def a_project(
    target: date = date(2024, 12, 31),
    begun: date = MONDAY,
    steps: tuple[tuple[str, int], ...] = STEPS,
) -> Project:
    fresh = plan_steps(steps, target, OFFICIAL)
    return Project(3, "二期厂房", 1, target, begun, tuple(fresh))


def test_steps_are_planned_backward_on_working_days() -> None:
    """国庆 (1 to 7 October) lies between: nobody works, 12 October is a make-up Saturday."""
    steps = plan_steps([("设计", 3), ("报批", 4), ("施工", 2)], date(2024, 10, 13), OFFICIAL)
    assert [(step.name, step.by) for step in steps] == [
        ("设计", date(2024, 9, 29)),  # a make-up Sunday
        ("报批", date(2024, 10, 10)),
        ("施工", date(2024, 10, 12)),  # the target is a Sunday
    ]
    assert begins(steps, OFFICIAL) == date(2024, 9, 26)


@given(plans, days)
def test_every_step_has_its_working_days(wanted: list[tuple[str, int]], target: date) -> None:
    steps = plan_steps(wanted, target, OFFICIAL)
    assert [(planned_step.name, planned_step.days) for planned_step in steps] == wanted
    assert steps[-1].by <= target
    assert OFFICIAL.count_working_days(steps[-1].by, target) == 0
    starts = begins(steps, OFFICIAL)
    since = starts - DAY
    for step in steps:
        assert OFFICIAL.is_working_day(step.by)
        assert OFFICIAL.count_working_days(since, step.by) == step.days
        since = step.by


@given(plans, days, st.data())
def test_who_keeps_to_the_plan_is_never_late(
    wanted: list[tuple[str, int]], target: date, data: st.DataObject
) -> None:
    fresh = plan_steps(wanted, target, OFFICIAL)
    plan = Project(1, "", 1, target, begins(fresh, OFFICIAL), tuple(fresh))
    kept = data.draw(st.integers(0, len(fresh)))
    for step in fresh[:kept]:
        plan = finish_step(plan, step, step.by, target)
    last = fresh[kept - 1].by if kept else plan.begun
    until = fresh[kept].by if kept < len(fresh) else target
    today = data.draw(st.dates(last, until))
    cause = judge_project(plan, today, RULES, OFFICIAL).cause
    assert cause in {LightCause.SOON, LightCause.ON_TIME, LightCause.ALL_DONE}


@given(plans, days, st.integers(0, 400), st.integers(0, 60))
def test_doing_nothing_never_makes_it_better(
    wanted: list[tuple[str, int]], target: date, ahead: int, later: int
) -> None:
    plan = Project(
        1, "", 1, target, target - 200 * DAY, tuple(plan_steps(wanted, target, OFFICIAL))
    )
    today = target - 200 * DAY + ahead * DAY
    before = judge_project(plan, today, RULES, OFFICIAL).light
    after = judge_project(plan, today + later * DAY, RULES, OFFICIAL).light
    assert after.place <= before.place


@pytest.mark.parametrize(
    ("today", "light", "cause", "number"),
    [
        # 设计 is due on 26 November: 31 December minus 20 and 5 working days.
        (date(2024, 11, 12), Light.GREEN, LightCause.ON_TIME, 10),
        (date(2024, 11, 20), Light.GREEN, LightCause.ON_TIME, 4),
        (date(2024, 11, 21), Light.YELLOW, LightCause.SOON, 3),
        (date(2024, 11, 26), Light.YELLOW, LightCause.SOON, 0),
        (date(2024, 11, 27), Light.YELLOW, LightCause.LATE, 1),
        (date(2024, 12, 3), Light.YELLOW, LightCause.LATE, 5),
        (date(2024, 12, 4), Light.RED, LightCause.LATE, 6),
        (date(2025, 1, 2), Light.RED, LightCause.PAST_TARGET, 1),
    ],
)
def test_the_light_and_why(today: date, light: Light, cause: LightCause, number: int) -> None:
    plan = a_project()
    assert plan.steps[0].by == date(2024, 11, 26)
    found = judge_project(plan, today, RULES, OFFICIAL)
    assert (found.light, found.cause, found.days) == (light, cause, number)


def test_a_plan_that_cannot_be_kept_says_so_before_anything_is_late() -> None:
    """35 working days of work, and only 29 from 21 November on."""
    plan = replace(a_project(), begun=date(2024, 11, 21))
    found = judge_project(plan, date(2024, 11, 21), RULES, OFFICIAL)
    assert (found.light, found.cause) == (Light.RED, LightCause.SLIPS)
    assert found.days == OFFICIAL.count_working_days(plan.target, found.ends or plan.target) == 6


def test_a_late_step_that_was_done_is_made_up_or_slips() -> None:
    plan = a_project()
    late = finish_step(plan, plan.steps[0], date(2024, 11, 28), date(2024, 11, 28))
    found = judge_project(late, date(2024, 11, 28), RULES, OFFICIAL)
    assert (found.light, found.cause, found.days) == (Light.YELLOW, LightCause.SLIPS, 2)
    made_up = finish_step(late, late.steps[1], date(2024, 12, 3), date(2024, 12, 3))
    assert judge_project(made_up, date(2024, 12, 4), RULES, OFFICIAL).cause is LightCause.ON_TIME


def test_when_all_is_done_it_is_done_however_late() -> None:
    plan = a_project()
    for step in plan.steps:
        plan = finish_step(plan, step, date(2025, 3, 3), date(2025, 3, 3))
    found = judge_project(plan, date(2025, 3, 3), RULES, OFFICIAL)
    assert (found.light, found.ends) == (Light.DONE, date(2025, 3, 3))


def test_steps_are_done_in_their_order_and_opened_again_in_the_other() -> None:
    plan = a_project()
    design, approval, _ = plan.steps
    with pytest.raises(Refused, match=r"project\.order") as refused:
        finish_step(plan, approval, MONDAY, MONDAY)
    assert refused.value.values["earlier"] == "设计"
    first = finish_step(plan, design, MONDAY, MONDAY)
    with pytest.raises(Refused, match=r"project\.done_already"):
        finish_step(first, first.steps[0], MONDAY, MONDAY)
    second = finish_step(first, approval, MONDAY + DAY, MONDAY + DAY)
    with pytest.raises(Refused, match=r"project\.later_done"):
        reopen_step(second, second.steps[0])
    with pytest.raises(Refused, match=r"project\.not_done"):
        reopen_step(plan, design)
    assert reopen_step(reopen_step(second, second.steps[1]), first.steps[0]) == plan


@pytest.mark.parametrize(
    ("day", "key"),
    [(MONDAY + DAY, "project.future"), (MONDAY - 30 * DAY, "project.before_earlier")],
)
def test_a_step_is_done_on_a_day_that_can_be(day: date, key: str) -> None:
    plan = a_project()
    plan = finish_step(plan, plan.steps[0], MONDAY - DAY, MONDAY)
    with pytest.raises(Refused, match=key.replace(".", r"\.")):
        finish_step(plan, plan.steps[1], day, MONDAY)


def test_another_target_moves_what_is_open() -> None:
    plan = a_project()
    plan = finish_step(plan, plan.steps[0], MONDAY, MONDAY)
    moved = retarget_project(plan, date(2025, 1, 24), MONDAY, OFFICIAL)
    assert moved.steps[0] == plan.steps[0]
    assert moved.steps[2].by == date(2025, 1, 24)
    assert retarget_project(moved, plan.target, MONDAY, OFFICIAL) == plan
    with pytest.raises(Refused, match=r"project\.past"):
        retarget_project(plan, MONDAY, MONDAY, OFFICIAL)


def test_a_step_is_found_by_a_part_of_its_name() -> None:
    plan = a_project(steps=(("施工图设计", 5), ("施工图审查", 5), ("验收", 5)))
    assert find_step(plan, "设计").name == "施工图设计"
    assert find_step(plan, "竣工验收").name == "验收"
    for words in ("施工图", "拆迁", ""):
        with pytest.raises(Refused, match=r"project\.no_step"):
            find_step(plan, words)


def test_names_stay_as_they_were_written() -> None:
    found = read_project("嬙園二期 恒宇 12月31日 設計１０", MONDAY, nobody)
    assert (found.name, found.steps) == ("嬙園二期", (("設計", 10),))
    plan = a_project(steps=(("設計", 10), ("施工", 5)))
    assert find_step(plan, "设计").name == "設計"


@given(st.integers(0, 500), st.integers(1, 12))
def test_days_are_shared_out_whole(length: int, among: int) -> None:
    parts = share_days(length, among)
    assert len(parts) == among
    assert sum(parts) == max(length, among)
    assert max(parts) - min(parts) <= 1 <= min(parts)


def nobody(_word: str) -> bool:
    return False


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        (
            "二期厂房 恒宇 12月31日 设计10 报批15天 施工60个工作日",
            NewProject(
                "二期厂房",
                "恒宇",
                date(2024, 12, 31),
                (("设计", 10), ("报批", 15), ("施工", 60)),
            ),
        ),
        (
            "二期 厂房，恒宇，2025年3月31日，设计→报批→施工",
            NewProject(
                "二期 厂房",
                "恒宇",
                date(2025, 3, 31),
                (("设计", None), ("报批", None), ("施工", None)),
            ),
        ),
        ("５号楼 恒宇 12月31日前", NewProject("５号楼", "恒宇", date(2024, 12, 31), ())),
        (
            "二期 恒宇 12月31日 1号楼20 2号楼30",
            NewProject("二期", "恒宇", date(2024, 12, 31), (("1号楼", 20), ("2号楼", 30))),
        ),
    ],
)
def test_a_new_project_is_read(words: str, wanted: NewProject) -> None:
    assert read_project(words, MONDAY, nobody) == wanted


@pytest.mark.parametrize(
    ("words", "key"),
    [
        ("", "no_day"),
        ("二期厂房 恒宇 设计10", "no_day"),
        ("二期厂房 12月31日 设计10", "no_name"),
        ("12月31日", "no_name"),
        ("二期厂房 恒宇 2月30日 设计10", "no_such_day"),
        ("二期厂房 恒宇 2024年10月13日 设计10", "past"),
        ("二期厂房 恒宇 今天 设计10", "past"),
        ("二期厂房 恒宇 2054年10月13日 设计10", "far"),
        ("二期厂房 恒宇 12月31日 设计0", "step_days"),
        ("二期厂房 恒宇 12月31日 设计9999", "step_days"),
        (f"{'长' * 101} 恒宇 12月31日 设计5", "long"),
        (f"二期厂房 恒宇 12月31日 {'长' * 41}5", "long"),
        (f"二期厂房 恒宇 12月31日 {' '.join(f'第{n}步' for n in range(13))}", "many_steps"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_reason(words: str, key: str) -> None:
    with pytest.raises(Refused) as refused:
        read_project(words, MONDAY, nobody)
    assert refused.value.key == f"project.{key}"


def test_names_among_the_words_are_no_steps() -> None:
    found = read_project("二期 恒宇 12月31日 设计 冯主任", MONDAY, lambda one: one == "冯主任")
    assert found.steps == (("设计", None),)
    assert read_steps("设计10、报批") == (("设计", 10), ("报批", None))


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("10月8日", date(2024, 10, 8)),
        ("12月30日", date(2023, 12, 30)),
        ("2024-10-01", date(2024, 10, 1)),
        ("今天", MONDAY),
        ("2025-01-02", date(2025, 1, 2)),
    ],
)
def test_the_day_of_a_deed_lies_behind(words: str, day: date) -> None:
    assert read_done(words, MONDAY) == day


def test_the_first_working_day_of_a_week() -> None:
    firsts = {
        date(2024, 10, 14),
        date(2024, 10, 21),
        date(2024, 10, 8),  # 国庆 ends on Monday the 7th
        date(2024, 9, 18),  # 中秋 covers Monday and Tuesday
    }
    for day in (date(2024, 9, 16) + n * DAY for n in range(40)):
        if day in firsts:
            assert is_first_working_day_of_week(day, OFFICIAL), day
    assert not is_first_working_day_of_week(date(2024, 10, 15), OFFICIAL)
    assert not is_first_working_day_of_week(date(2024, 10, 7), OFFICIAL)
    assert not is_first_working_day_of_week(date(2024, 10, 20), OFFICIAL)

"""What people do to a project: plan it, tick steps off, move its day; a digit undoes each."""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date

from bot.actions.projects import on, project_facts, step_line, today
from bot.core.messages import Action, Line, Option, Refused, Say, ToPerson
from bot.core.names.outcome import Verdict
from bot.core.people import Department, Enterprise, Person, Role
from bot.core.projects.plan import (
    Project,
    Step,
    find_step,
    finish_step,
    plan_steps,
    reopen_step,
    retarget_project,
    share_days,
)
from bot.core.projects.words import NewProject, is_day, read_done, read_project, read_target
from bot.core.reading import fold
from handlers.dispatch.issue_lookup import Unclear
from handlers.dispatch.turn import Reply, Turn
from storage import projects
from storage.people import people
from storage.projects import ProjectEvent

ABOVE = frozenset({Role.OFFICE, Role.LEADER, Role.DEPARTMENT, Role.TASK_FORCE})
OFFERED = 3
_BETWEEN = re.compile(r"[,，、;；]")


def add(turn: Turn, _project: Project | None, words: str) -> Reply:
    """`项目 新增 二期厂房 恒宇 3月31日 设计10 报批15 施工60 冯主任`: planned backward at once."""
    leader, department = _find_leader_and_department(turn, words)
    names = {fold(party.name) for party in (leader, department) if party is not None}
    wish = read_project(words, today(turn), lambda part: fold(part) in names)
    firm = _firm(turn, wish, words)
    _may(turn, firm.id, firm.name)
    steps, guesses = _steps(turn, wish)
    if leader is None and firm.leader_id:
        leader = people.by_id(turn.db, firm.leader_id)
        guesses.append(Line("project.guess_leader", {"name": leader.name if leader else None}))
    project = Project(
        project_id=_number(turn, firm, wish.name),
        name=wish.name,
        enterprise_id=firm.id,
        target=wish.target,
        begun=today(turn),
        steps=tuple(steps),
        leader_id=leader.id if leader else None,
        department_id=department.id if department else firm.department_id,
    )
    added = _save_project(turn, projects.by_id(turn.db, project.project_id), project, "add", words)
    told = {
        **project_facts(turn, added),
        "lines": tuple(step_line(turn, step) for step in added.steps),
        "guesses": tuple(guesses) or None,
    }
    return Reply((turn.me("project.added", told, [_undo(added)]),))


def tick_off(turn: Turn, project: Project | None, words: str) -> Reply:
    """`项目 3 完成 设计`, `项目 3 完成 设计 12月5日`; without a step, the next one."""
    project = _open(turn, project)
    day, words = _day(turn, words)
    if not project.open_steps:
        raise Refused("project.all_done", number=project.project_id)
    step = find_step(project, words) if words else project.open_steps[0]
    after = finish_step(project, step, day or today(turn), today(turn))
    after = _save_project(turn, project, after, "done", step.name)
    ticked = find_step(after, step.name)
    guess = None if words else Line("project.guess_step", {"step": step.name})
    told = {**project_facts(turn, after), "line": step_line(turn, ticked), "guess": guess}
    return Reply((turn.me("project.done", told, [_undo(after)]),))


def open_again(turn: Turn, project: Project | None, words: str) -> Reply:
    """`项目 3 未完成 设计`: it was not done after all."""
    project = _open(turn, project)
    ready = [step for step in project.steps if step.done is not None]
    if not words and not ready:
        raise Refused("project.nothing_done", number=project.project_id)
    step = find_step(project, words) if words else ready[-1]
    after = _save_project(turn, project, reopen_step(project, step), "open", step.name)
    told = {**project_facts(turn, after), "step": step.name}
    return Reply((turn.me("project.opened", told, [_undo(after)]),))


def redate(turn: Turn, project: Project | None, words: str) -> Reply:
    """`项目 3 改期 4月30日 等施工图`: a day and a reason; the steps are planned anew."""
    project = _open(turn, project)
    first, _, reason = words.partition(" ")
    if not reason.strip() or not is_day(first, today(turn)):
        raise Refused("project.redate_how", number=project.project_id)
    target = read_target(first, today(turn))
    calendar = turn.park.hours.calendar
    moved = retarget_project(project, target, today(turn), calendar)
    after = _save_project(turn, project, moved, "redate", words)
    told = {
        **project_facts(turn, after),
        "before": on(turn, project.target),
        "reason": reason.strip(),
    }
    says = [turn.me("project.redated", told, [_undo(after)])]
    if after.leader_id not in (None, turn.person_id):
        by = turn.person.name if turn.person else None
        says.append(Say(ToPerson(after.leader_id or 0), "project.redated_news", {**told, "by": by}))
    return Reply(tuple(says))


def lead(turn: Turn, project: Project | None, words: str) -> Reply:
    """`项目 3 领导 陈副主任`, `项目 3 部门 工程建设部`: who stands for it."""
    project = _open(turn, project)
    leader, department = _find_leader_and_department(turn, words)
    if leader is None and department is None:
        raise Refused("project.nobody_named", name=words or None)
    after = replace(
        project,
        leader_id=leader.id if leader else project.leader_id,
        department_id=department.id if department else project.department_id,
    )
    after = _save_project(turn, project, after, "lead", words)
    return Reply((turn.me("project.led", project_facts(turn, after), [_undo(after)]),))


def drop(turn: Turn, project: Project | None, words: str) -> Reply:
    """`项目 3 取消`: it leaves the list and the wall, not the record."""
    project = _open(turn, project)
    after = _save_project(turn, project, replace(project, dropped=True), "drop", words)
    return Reply((turn.me("project.dropped_done", project_facts(turn, after), [_undo(after)]),))


def take_back(turn: Turn, project: Project | None, _words: str) -> Reply:
    """`项目 3 撤回`: the last thing done to it, if it was done from here and nothing came after."""
    assert project is not None
    event = projects.last_event(turn.db, project.project_id)
    if event is None or event.undoes is not None:
        raise Refused("project.nothing_to_undo", number=project.project_id)
    return take_back_last(turn, event)


def take_back_last(turn: Turn, event: ProjectEvent) -> Reply:
    """The same for `撤销`, right after something was done to a project."""
    project = projects.by_id(turn.db, event.project_id)
    last = projects.last_standing(turn.db, event.project_id)
    assert project is not None, "an event has its project"
    if last is None or last.id != event.id or event.thread_id != turn.thread.id:
        raise Refused("project.overtaken", number=project.project_id)
    before = projects.restore_fields(event) if event.before else {"dropped": True}
    after = _save_project(turn, project, replace(project, **before), "undo", "", undoes=event.id)
    key = "project.undone_new" if event.before is None else "project.undone"
    return Reply((turn.me(key, project_facts(turn, after)),))


Act = Callable[[Turn, Project | None, str], Reply]
ACTS: Mapping[str, Act] = {
    "add": add,
    "done": tick_off,
    "open": open_again,
    "redate": redate,
    "lead": lead,
    "drop": drop,
    "undo": take_back,
}
"""What may follow `项目 3`; the words for each are `project.word_…` of the texts."""


def _open(turn: Turn, project: Project | None) -> Project:
    """A project that this person may change. Raises Refused."""
    assert project is not None
    _may(turn, project.enterprise_id, project.firm)
    if project.dropped:
        raise Refused("project.is_dropped", number=project.project_id, name=project.name)
    return project


def _may(turn: Turn, enterprise_id: int, name: str) -> None:
    """The office, leaders, departments and task forces; a liaison for the firms of their own."""
    firm = people.enterprise(turn.db, enterprise_id)
    own = firm is not None and turn.person_id in (firm.liaison_id, firm.deputy_id)
    if turn.role not in ABOVE and not own:
        raise Refused("project.not_yours", firm=name)


def _steps(turn: Turn, wish: NewProject) -> tuple[list[Step], list[Line]]:
    """The steps planned backward; what was not given is shared out, and said."""
    calendar = turn.park.hours.calendar
    guesses: list[Line] = []
    given = list(wish.steps)
    if not given:
        given = [(name, None) for name in turn.texts.words["project.usual_steps"].split()]
        guesses.append(Line("project.guess_steps"))
    open_ended = sum(days is None for _, days in given)
    if open_ended:
        known = sum(days or 0 for _, days in given)
        left = calendar.count_working_days(today(turn), wish.target) - known
        parts = iter(share_days(left, open_ended))
        given = [(name, days or next(parts)) for name, days in given]
        guesses.append(Line("project.guess_days"))
    wanted = [(name, days or 1) for name, days in given]
    return plan_steps(wanted, wish.target, calendar), guesses


def _number(turn: Turn, firm: Enterprise, name: str) -> int:
    """The project's number, registered when it is new. Raises Refused when it is planned."""
    known = projects.find_registered(turn.db, firm.id, name)
    if known is None:
        return projects.register(turn.db, firm.id, name)
    project = projects.by_id(turn.db, known.id)
    if project is not None and not project.dropped:
        raise Refused("project.exists", number=known.id, name=name)
    return known.id


def _firm(turn: Turn, wish: NewProject, words: str) -> Enterprise:
    match = turn.naming.index(turn.db).find(wish.firm)
    if match.verdict is Verdict.NONE or match.best is None:
        raise Refused("session.no_firm", name=wish.firm)
    if match.verdict is not Verdict.SURE:
        raise Unclear(
            _which_firm(turn, wish, words, [candidate.name for candidate in match.candidates])
        )
    firm = people.enterprise(turn.db, match.best.id)
    assert firm is not None, "the index was built from what is there"
    return firm


def _which_firm(turn: Turn, wish: NewProject, words: str, names: list[str]) -> Reply:
    options = [
        Option(
            "options.named",
            Action("project", act="add", words=words.replace(wish.firm, name, 1)),
            {"name": name},
        )
        for name in names[:OFFERED]
    ]
    return Reply((turn.me("session.firm_unsure", {"name": wish.firm}, options),))


def _find_leader_and_department(turn: Turn, words: str) -> tuple[Person | None, Department | None]:
    """The leader and the department that stand among the words by their full names."""
    parts = _BETWEEN.sub(" ", fold(words)).split()
    leaders = {fold(person.name): person for person in people.of_role(turn.db, Role.LEADER)}
    departments = {
        fold(department.name): department for department in people.all_departments(turn.db)
    }
    leader = next((leaders[part] for part in parts if part in leaders), None)
    return leader, next((departments[part] for part in parts if part in departments), None)


def _day(turn: Turn, words: str) -> tuple[date | None, str]:
    """The day among the words, if any, and the other words."""
    parts = words.split()
    dated = [part for part in parts if is_day(part, today(turn))]
    day = read_done(dated[0], today(turn)) if dated else None
    return day, " ".join(part for part in parts if part not in dated)


def _save_project(
    turn: Turn,
    before: Project | None,
    after: Project,
    act: str,
    words: str,
    *,
    undoes: int | None = None,
) -> Project:
    """The project as it is kept, with the names of now; the change is written down."""
    projects.save(turn.db, after, turn.now)
    projects.record(
        turn.db,
        after.project_id,
        act,
        turn.own_origin,
        text=words,
        before=before,
        undoes=undoes,
    )
    kept = projects.by_id(turn.db, after.project_id)
    assert kept is not None, "it was just written"
    return kept


def _undo(project: Project) -> Option:
    number = project.project_id
    back = Action("project", target_id=number, act="undo", number=str(number))
    return Option("options.project_undo", back)

"""`项目`: the projects in hand, one of them; `steps` is what is done to it."""

from collections import Counter

from bot.actions.projects import exceptions, judgement, project_facts, step_line, summary
from bot.core.messages import Action, Line, Option, Refused
from bot.core.projects.plan import Light, Project
from bot.core.reading import fold
from handlers.dispatch.command import Command
from handlers.dispatch.issue_lookup import MOST, Unclear
from handlers.dispatch.lists import PAGE, build_page
from handlers.dispatch.turn import Reply, Turn
from handlers.projects.steps import ACTS
from storage import projects

NEW = "add"


def project(turn: Turn, command: Command) -> Reply:
    """`项目`, `项目 3`, `项目 3 完成 设计`, `项目 二期厂房 改期 …`, `项目 新增 …`."""
    if not (command.names_thing or command.act or command.words):
        return _list_projects(turn, command)
    new, about = _read_act(turn, command, command.words)
    if not command.names_thing and new == NEW:
        return ACTS[NEW](turn, None, about)
    project, words = _find_project(turn, command)
    if not (command.act or words):
        return _show_project(turn, project)
    act, rest = _read_act(turn, command, words)
    if act is None or act == NEW:
        raise Refused("project.what", text=words, number=project.project_id)
    return ACTS[act](turn, project, rest)


def _list_projects(turn: Turn, command: Command) -> Reply:
    unfinished = projects.list_unfinished(turn.db)
    if not unfinished:
        return Reply((turn.me("project.none"),))
    lights = Counter(judgement(turn, project).light for project in unfinished)
    odd = [project for project, _ in exceptions(turn, unfinished)]
    numbers = {project.project_id for project in odd}
    ordered = [*odd, *(project for project in unfinished if project.project_id not in numbers)]
    shown = ordered[command.start : command.start + PAGE]
    lines = [summary(turn, project) for project in shown]
    told = {
        **build_page(turn, command, lines, len(ordered), numbered=False),
        "red": lights[Light.RED],
        "yellow": lights[Light.YELLOW],
        "green": lights[Light.GREEN],
    }
    return Reply((turn.me("project.list", told),))


def _show_project(turn: Turn, project: Project) -> Reply:
    told = {
        **project_facts(turn, project),
        "dropped": Line("project.dropped") if project.dropped else None,
        "lines": tuple(step_line(turn, step) for step in project.steps),
    }
    return Reply((turn.me("project.card", told),))


def _find_project(turn: Turn, command: Command) -> tuple[Project, str]:
    """The project by its number, by its name, or the only one in hand; and the words after it.
    Raises Refused, and Unclear when several may be meant."""
    if command.serial is not None:
        found = projects.by_id(turn.db, command.serial)
        if found is None:
            raise Refused("project.none_such", text=str(command.serial))
        return found, command.words
    unfinished = projects.list_unfinished(turn.db)
    name, _, rest = command.words.partition(" ")
    found_ones = _find_by_name(unfinished, fold(name))
    if not found_ones and _act(turn, command.words)[0] is not None:
        found_ones, name, rest = unfinished, "", command.words
    if not found_ones:
        raise Refused("project.none_such", text=name or None)
    if len(found_ones) > 1:
        raise Unclear(_which(turn, found_ones, rest))
    return found_ones[0], rest.strip()


def _find_by_name(unfinished: list[Project], name: str) -> list[Project]:
    exact = [project for project in unfinished if fold(project.name) == name]
    return exact or [project for project in unfinished if name in fold(project.name)]


def _which(turn: Turn, unfinished: list[Project], rest: str) -> Reply:
    options = [
        Option(
            "options.named",
            Action(
                "project",
                target_id=project.project_id,
                words=rest,
                number=str(project.project_id),
            ),
            {"name": f"{project.project_id} {project.name}"},
        )
        for project in unfinished[:MOST]
    ]
    return Reply((turn.me("project.which", {"text": rest or None}, options),))


def _read_act(turn: Turn, command: Command, words: str) -> tuple[str | None, str]:
    """What is to be done: what was chosen, else what the words say."""
    return (command.act, words) if command.act else _act(turn, words)


def _act(turn: Turn, words: str) -> tuple[str | None, str]:
    """What is to be done, and the words about it: 完成 设计, 设计 完成, 设计完成了."""
    first, _, rest = words.partition(" ")
    for act in ACTS:
        if fold(first) in turn.texts.list_words(f"project.word_{act}"):
            return act, rest.strip()
    # The longest first: 未完成 ends with 完成 too.
    endings = [(word, act) for act in ("done", "open") for word in _words(turn, act)]
    for word, act in sorted(endings, key=lambda one: -len(one[0])):
        for part in words.split():
            if fold(part).endswith(word):
                left = [
                    fold(piece).removesuffix(word) if piece is part else piece
                    for piece in words.split()
                ]
                return act, " ".join(piece for piece in left if piece)
    return None, words


def _words(turn: Turn, act: str) -> frozenset[str]:
    return turn.texts.list_words(f"project.word_{act}")

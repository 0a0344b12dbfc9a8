"""Reads a new project as people write it: 二期厂房 恒宇 3月31日 设计10 报批15 施工60 冯主任."""

import re
import tomllib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from bot.core.days.dates import NoSuchDay, UnclearDay, read_day
from bot.core.messages import Refused
from bot.core.reading import fold

MOST_STEPS, LONGEST_STEP = 12, 400
"""Steps of a project, and working days of a step: more is a slip of the pen."""
LONGEST_NAME, LONGEST_STEP_NAME = 100, 40
"""Characters of a project's name, and of a step's."""
FAR = timedelta(days=5 * 366)
_GAPS = re.compile(r"[\s,，、;；→]+|->")
_WORDS = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
_STEP = re.compile(r"(?P<name>.*?[^\d.])(?P<days>\d{1,4})\s*" + _WORDS["after_days"])


@dataclass(frozen=True)
class NewProject:
    """What was written: `name` and `firm` as they stand, the last day, the steps with their working
    days (None where none were given), and the other words, which may be names."""

    name: str
    firm: str
    target: date
    steps: tuple[tuple[str, int | None], ...]


def read_project(words: str, today: date, is_name: Callable[[str], bool]) -> NewProject:
    """The name, the firm, the last day, then steps; `is_name` tells words that are no step, such
    as a leader's name. Raises Refused, saying which part is missing or wrong."""
    parts = [part for part in _GAPS.split(words) if part]
    at = next((n for n, part in enumerate(parts) if is_day(part, today)), None)
    if at is None:
        raise Refused("project.no_day", text=words or None)
    if at < 2:
        raise Refused("project.no_name")
    target = read_target(parts[at], today)
    firm, name = parts[at - 1], " ".join(parts[: at - 1])
    if len(name) > LONGEST_NAME:
        raise _too_long()
    return NewProject(
        name, firm, target, _steps(part for part in parts[at + 1 :] if not is_name(part))
    )


def read_steps(words: str) -> tuple[tuple[str, int | None], ...]:
    """Only the steps: 设计10、报批15、施工60. Raises Refused."""
    return _steps(part for part in _GAPS.split(words) if part)


def read_target(part: str, today: date) -> date:
    """A last day, which lies ahead. Raises Refused."""
    day = _read(part, today)
    if day <= today:
        raise Refused("project.past", day=day)
    if day > today + FAR:
        raise Refused("project.far", day=day)
    return day


def read_done(part: str, today: date) -> date:
    """The day on which something was done: without a year, the last such day. Raises Refused."""
    day = _read(part, today)
    if day <= today or re.match(r"\d{4}", fold(part)):
        return day
    try:
        return day.replace(year=day.year - 1)
    except ValueError:
        raise Refused("project.no_such_day", text=part) from None


def is_day(part: str, today: date) -> bool:
    """Whether a word names a day, be it one that is in no calendar."""
    try:
        found = read_day(part, today)
    except (NoSuchDay, UnclearDay):
        return True
    return found is not None and not found[1]


def _read(part: str, today: date) -> date:
    try:
        found = read_day(part, today)
    except (NoSuchDay, UnclearDay):
        raise Refused("project.no_such_day", text=part) from None
    if found is None:
        raise Refused("project.no_such_day", text=part)
    return found[0]


def _steps(parts: Iterable[str]) -> tuple[tuple[str, int | None], ...]:
    steps = tuple(map(_step, parts))
    if len(steps) > MOST_STEPS:
        raise Refused("project.many_steps", most=MOST_STEPS)
    if any(len(name) > LONGEST_STEP_NAME for name, _ in steps):
        raise _too_long()
    return steps


def _too_long() -> Refused:
    return Refused("project.long", name=LONGEST_NAME, step=LONGEST_STEP_NAME)


def _step(part: str) -> tuple[str, int | None]:
    found = _STEP.fullmatch(part)
    if found is None:
        return part, None
    days = int(found["days"])
    if not 1 <= days <= LONGEST_STEP:
        raise Refused("project.step_days", step=found["name"], days=days, most=LONGEST_STEP)
    return found["name"].strip(), days

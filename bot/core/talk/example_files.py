"""Reads the examples of acts that ship with the bot, and those an office adds."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from bot.core.talk.acts import Act, Asked
from bot.core.talk.patterns import compile_lines

SHIPPED = Path(__file__).with_name("examples")
EVERYONE, FIRM, STAFF = "everyone", "firm", "staff"
_SIDES = (EVERYONE, FIRM, STAFF, *(f"asked_{asked}" for asked in Asked))
_KEYS = {"exact", "patterns", "examples"}


class ExamplesError(ValueError):
    """A file of examples that cannot be used; the words name the file, the section and the key."""

    def __init__(self, file: Path, section: str, problem: str) -> None:
        super().__init__(f"{file}: " + (f"[{section}]: " if section else "") + problem)
        self.file, self.section, self.problem = file, section, problem


@dataclass(frozen=True, slots=True)
class Section:
    """What one side says for one act. `side` is everyone, firm, staff, or asked_… for words that
    count only as an answer to that question."""

    side: str
    act: Act
    exact: tuple[str, ...]
    pattern: re.Pattern[str] | None
    examples: tuple[str, ...]


@cache
def load_shipped() -> tuple[Section, ...]:
    """The examples that ship with the bot."""
    return tuple(
        section for path in sorted(SHIPPED.glob("*.toml")) for section in load_examples(path)
    )


def load_examples(path: Path) -> tuple[Section, ...]:
    """The examples in this file.

    Raises ExamplesError where it is no TOML, has a section or key that nobody reads, or a pattern
    that is no regular expression.
    """
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise ExamplesError(path, "", f"cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise ExamplesError(path, "", "save the file as UTF-8") from error
    except tomllib.TOMLDecodeError as error:
        raise ExamplesError(path, "", f"not TOML: {error}") from error
    return tuple(_read_sides(path, raw))


def _read_sides(path: Path, raw: Mapping[str, Any]) -> Iterator[Section]:
    known = {act.value for act in Act}
    for side, acts in raw.items():
        if side not in _SIDES or not isinstance(acts, dict):
            raise ExamplesError(path, side, f"is not known; known are {list(_SIDES)}")
        for act, block in acts.items():
            if act not in known or not isinstance(block, dict):
                raise ExamplesError(path, f"{side}.{act}", f"is no act; acts are {sorted(known)}")
            yield _read_section(path, side, Act(act), block)


def _read_section(path: Path, side: str, act: Act, block: Mapping[str, Any]) -> Section:
    where = f"{side}.{act}"
    for key in sorted(block):
        if key not in _KEYS or not isinstance(block[key], str):
            raise ExamplesError(path, where, f"{key!r} must be text and one of {sorted(_KEYS)}")
    try:
        pattern = compile_lines(block.get("patterns", ""))
    except re.error as error:
        raise ExamplesError(path, where, f"no regular expression: {error}") from error
    lines = (line.strip() for line in block.get("examples", "").splitlines())
    exact = tuple(block.get("exact", "").split())
    return Section(side, act, exact, pattern, tuple(line for line in lines if line))

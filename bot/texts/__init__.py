"""Every word that people read: loaded from `zh_CN/`, a file a noun, overridden by a park, rendered.

A `{name}` stands for a value; a line whose values are all empty is not printed.
"""

import string
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

from bot.core.messages import Action, Line

WORDS = Path(__file__).with_name("zh_CN")


class TextError(ValueError):
    """A wording file is wrong; the message names the file and the key."""


@dataclass(frozen=True)
class Texts:
    """The words by key, such as `receipt.filed`; moments are printed in `zone`."""

    words: Mapping[str, str]
    commands: Mapping[str, str]
    zone: tzinfo

    def render(self, key: str, values: Mapping[str, object] | None = None) -> str:
        """The words of a key with its values; lines that come out empty are left out.

        Raises KeyError for an unknown key or a missing value: both are bugs, found by the tests.
        """
        given = values or {}
        lines = (self._line(line, given) for line in self.words[key].split("\n"))
        return "\n".join(line for line in lines if line is not None)

    def command(self, verb: str) -> str:
        """The usual word for a verb, the first of its list."""
        return self.words[f"commands.{verb}"].split()[0]

    def phrase(self, action: Action) -> str:
        """An action as a person would type it: only ever printed, the bot itself reads actions."""
        if action.typed:
            return action.typed
        acts = (f"reformact.{action.act}", f"project.word_{action.act}")
        act = next((self.words[key].split()[0] for key in acts if key in self.words), "")
        anyway = self.command("send_anyway") if action.anyway else ""
        said = (anyway, self.command(action.verb), action.number, act, action.words)
        return " ".join(part for part in said if part)

    def list_words(self, key: str) -> frozenset[str]:
        """The words of a list key, such as `reading.thanks`: what people say, not what we say."""
        return frozenset(self.words[key].split())

    def format_value(self, value: object, style: str = "") -> str:
        """One value as people read it: dates with weekdays, enum values by their word."""
        if isinstance(value, datetime):
            return self._moment(value.astimezone(self.zone), style)
        if isinstance(value, date):
            return self._moment(datetime(value.year, value.month, value.day), "day")  # noqa: DTZ001
        if isinstance(value, Line):
            return self.render(value.key, value.values)
        if isinstance(value, tuple):
            return "\n".join(self.format_value(part) for part in value)
        if isinstance(value, StrEnum):
            return self.words[f"{type(value).__name__.lower()}.{value.value}"]
        return "" if value is None else format(value, style)

    def _line(self, line: str, values: Mapping[str, object]) -> str | None:
        shown = "".join(
            before if name is None else before + self.format_value(values[name], style or "")
            for before, name, style, _ in _parts(line)
        )
        return None if "{" in line and not shown.strip() else shown

    def _moment(self, at: datetime, style: str) -> str:
        weekday = self.words["time.weekdays"].split()[at.weekday()]
        form = self.words[f"time.{style or 'moment'}"]
        return form.format(at=at, weekday=weekday)


@cache
def _parts(line: str) -> tuple[tuple[str, str | None, str | None, str | None], ...]:
    """A line taken apart at its placeholders, once: every message prints some twenty lines."""
    return tuple(string.Formatter().parse(line))


def load(zone: tzinfo, own: Path | None = None) -> Texts:
    """The shipped words, single keys replaced by those of a park's own file.

    Raises TextError when the park's file is unreadable or names a key or value that is not there.
    """
    words = read_folder(WORDS)
    for key, value in (_flat(_read(own)) if own else {}).items():
        if key not in words:
            raise TextError(f"{own}: {key}: no such key")
        if odd := _places(value, f"{own}: {key}") - _places(words[key], key):
            raise TextError(f"{own}: {key}: no value {{{min(odd)}}}")
        words[key] = value
    commands = {
        word: key.removeprefix("commands.")
        for key, value in words.items()
        if key.startswith("commands.")
        for word in value.split()
    }
    return Texts(words, commands, zone)


def read_folder(folder: Path) -> dict[str, str]:
    """The words of all files of a folder by their keys, in the order of the files' names.

    Raises TextError for a key that two files define.
    """
    words: dict[str, str] = {}
    for path in sorted(folder.glob("*.toml")):
        found = _flat(_read(path))
        if twice := words.keys() & found.keys():
            raise TextError(f"{path}: {min(twice)}: another file has this key")
        words |= found
    return words


@cache
def load_shipped(zone: tzinfo) -> Texts:
    """The shipped words, whatever a park has made of them."""
    return load(zone)


def _places(words: str, where: str) -> set[str]:
    """The names of the values that some words print. Raises TextError for unpaired braces."""
    try:
        return {field for _, field, _, _ in string.Formatter().parse(words) if field is not None}
    except ValueError as error:
        raise TextError(f"{where}: {error}") from error


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise TextError(f"{path}: {error}") from error


def _flat(tree: Mapping[str, Any], before: str = "") -> dict[str, str]:
    flat: dict[str, str] = {}
    for name, value in tree.items():
        if isinstance(value, Mapping):
            flat |= _flat(value, f"{before}{name}.")
        else:
            flat[before + name] = str(value)
    return flat

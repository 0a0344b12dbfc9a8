"""Where settings come from: the file, and over it the environment."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from bot.core.messages import Line
from bot.core.system_errors import explain_system_error
from bot.settings.faults import Fault, Reason, SettingsError, because
from bot.settings.old_names import OldNames, rename_key
from bot.settings.variables import PREFIX, variable

CONFIG = "EXCHANGE_CONFIG"
"""The environment's name for another config file."""

Tree = dict[str, Any]


def read(path: Path) -> Tree:
    """The file's values. Raises SettingsError, with the line when it is no TOML."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except UnicodeDecodeError:
        reason = because(Reason.NOT_TEXT)
    except tomllib.TOMLDecodeError as error:
        reason = _explain_syntax(str(error))
    except OSError as error:
        reason = because(Reason.NO_FILE, detail=explain_system_error(error))
    raise SettingsError([Fault(str(path), "", reason)])


def keys_of(tree: Mapping[str, Any], before: str = "") -> Iterator[str]:
    """The dotted keys of all values in the tree."""
    for name, value in tree.items():
        if isinstance(value, Mapping):
            yield from keys_of(value, f"{before}{name}.")
        else:
            yield before + name


def overlay(
    tree: Tree, environment: Mapping[str, str], old: OldNames
) -> tuple[dict[str, str], list[Fault]]:
    """Put the environment's values into the tree; which variable gave which key, and what is
    wrong with the names."""
    names: dict[str, str] = {}
    faults: list[Fault] = []
    # By their names of now: what is part of something follows it.
    for key, given, name in sorted(_list_variables(environment)):
        if key != given:
            old.add(name, given, key, both=variable(key) in environment)
        names[key] = name
        if not _put(tree, key.split("."), _value(environment[name])):
            faults.append(Fault(name, given, because(Reason.EXTRA)))
    return names, faults


def _list_variables(environment: Mapping[str, str]) -> Iterator[tuple[str, str, str]]:
    """The settings among the variables: the key of now, the key as given, the variable."""
    for name in environment:
        if name.startswith(PREFIX) and name != CONFIG:
            given = name.removeprefix(PREFIX).lower().replace("__", ".")
            yield rename_key(given), given, name


def _put(tree: Tree, parts: list[str], value: Any) -> bool:
    branch: Any = tree
    for part in parts[:-1]:
        branch = branch.setdefault(part, {})
        if not isinstance(branch, dict):
            return False
    branch[parts[-1]] = value
    return True


def _value(text: str) -> Any:
    """Lists and tables are written as in the file; everything else is taken as it stands."""
    if not text.startswith(("[", "{")):
        return text
    try:
        return tomllib.loads(f"value = {text}")["value"]
    except tomllib.TOMLDecodeError:
        return text


def _explain_syntax(message: str) -> Line:
    found = re.match(r"(?P<detail>.*) \(at line (?P<line>\d+), column (?P<at>\d+)\)", message)
    if found:
        return because(Reason.NOT_TOML, **found.groupdict())
    return because(Reason.CUT_SHORT, detail=message)

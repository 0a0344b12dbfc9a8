"""The settings: `config.toml` and the environment, read once into frozen values."""

import os
from collections.abc import Iterable, Mapping
from pathlib import Path

from pydantic import ValidationError

from bot import taxonomy
from bot.settings.channels import TelegramChannel, WeChatChannel, WeComChannel
from bot.settings.faults import Fault, Reason, SettingsError, because, describe_error, format_key
from bot.settings.old_names import (
    IN_CATEGORIES,
    NEW_FIELD,
    RULES,
    OldNames,
    rename_in_rules,
    rename_sections,
)
from bot.settings.rules import find_faults, is_loopback, is_published
from bot.settings.sealing import find_sealing_faults
from bot.settings.sections import Server, Settings, secret_keys
from bot.settings.source import CONFIG, Tree, keys_of, overlay, read
from bot.settings.variables import PREFIX, find_nearest_variable, variable

__all__ = [
    "CONFIG",
    "PREFIX",
    "Server",
    "Settings",
    "SettingsError",
    "TelegramChannel",
    "WeChatChannel",
    "WeComChannel",
    "config_path",
    "is_loopback",
    "is_published",
    "list_missing_readers",
    "list_old_names",
    "load",
]


def load(path: Path | None = None, environment: Mapping[str, str] | None = None) -> Settings:
    """The settings from `path` (default: `EXCHANGE_CONFIG`, else `config.toml`) and environment.

    Raises SettingsError with one fault for each wrong key: where it stands, its name, the reason.
    """
    given = os.environ if environment is None else environment
    path = path or config_path(given)
    tree, names, faults, old = _assemble(path, given)
    faults += old.wrong
    try:
        settings = Settings.model_validate(tree)
    except ValidationError as error:
        faults += _invalid(error, path, names)
    else:
        faults += [Fault(_source(key, path, names), key, why) for key, why in find_faults(settings)]
    if faults:
        # Faults go by the names of now: whoever wrote the old ones must know which those are.
        raise SettingsError([*faults, *old.read])
    return settings


def list_old_names(
    path: Path | None = None, environment: Mapping[str, str] | None = None
) -> tuple[Fault, ...]:
    """What is written under an old name: where, which, and its name of now. Raises SettingsError
    where there is no file to read."""
    given = os.environ if environment is None else environment
    path = path or config_path(given)
    tree, _, _, old = _assemble(path, given)
    categories = Path(str(tree.get("taxonomy", taxonomy.PARK)))
    if taxonomy.has_old_names(categories):
        old.add(str(categories), IN_CATEGORIES, NEW_FIELD, both=False)
    return tuple(old.read)


def list_missing_readers(
    path: Path | None = None, environment: Mapping[str, str] | None = None
) -> tuple[Fault, ...]:
    """The kinds of sealed matters that fewer than two people read: where, which key, why. A bot
    that would have nobody to give a complaint to does not start; whatever else is done with its
    settings (a backup, an export) needs none. Raises SettingsError as `load` does."""
    given = os.environ if environment is None else environment
    path = path or config_path(given)
    sealed = load(path, given).sealed
    _, names, _, _ = _assemble(path, given)
    found = find_sealing_faults(sealed)
    return tuple(Fault(_source(key, path, names), key, why) for key, why in found)


def config_path(environment: Mapping[str, str] | None = None) -> Path:
    """The config file that the environment names, else `config.toml` of the working folder."""
    given = os.environ if environment is None else environment
    return Path(given.get(CONFIG) or "config.toml")


def _assemble(
    path: Path, environment: Mapping[str, str]
) -> tuple[Tree, dict[str, str], list[Fault], OldNames]:
    """The file with the environment over it, under the names of now; which variable gave which
    key; secrets that stand in the file and names that lead nowhere; and what had an old name."""
    tree, old = read(path), OldNames()
    faults = _secrets_in_file(path, keys_of(tree))
    rename_sections(tree, str(path), old)
    names, misnamed = overlay(tree, environment, old)
    rename_in_rules(tree, _source(RULES, path, names), old)
    return tree, names, [*faults, *misnamed], old


def _secrets_in_file(path: Path, keys: Iterable[str]) -> list[Fault]:
    secret = secret_keys()
    return [
        Fault(str(path), key, because(Reason.SECRET_IN_FILE, variable=variable(key)))
        for key in keys
        if key in secret
    ]


def _invalid(error: ValidationError, path: Path, names: Mapping[str, str]) -> list[Fault]:
    faults: list[Fault] = []
    for problem in error.errors(include_url=False):
        key = format_key(problem["loc"])
        if problem["type"] == Reason.EXTRA and (misspelt := _find_variables(key, names)):
            faults += map(_explain_misspelt, misspelt)
            continue
        why = describe_error(problem, Settings, secret=key in secret_keys())
        faults.append(Fault(_source(key, path, names), key, why))
    return faults


def _find_variables(key: str, names: Mapping[str, str]) -> list[str]:
    """The variables that gave a key that is not known, or parts of it."""
    return [given for name, given in names.items() if name == key or name.startswith(f"{key}.")]


def _explain_misspelt(name: str) -> Fault:
    """The name itself is the fault: it leads to no key that could be told."""
    near = find_nearest_variable(name, Settings)
    return Fault(
        name, "", because(Reason.NEAR_VARIABLE, near=near) if near else because(Reason.NO_VARIABLE)
    )


def _source(key: str, path: Path, names: Mapping[str, str]) -> str:
    """The variable that gave the key or what it is part of, else the file."""
    for name, given in names.items():
        if key == name or key.startswith((f"{name}.", f"{name}#")):
            return given
    return str(path)

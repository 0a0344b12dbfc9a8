"""The settings: `config.toml` and the environment, read once into frozen values."""

import os
from collections.abc import Iterable, Mapping
from pathlib import Path

from pydantic import ValidationError

from bot.settings.faults import Fault, Reason, SettingsError, because, describe_error, format_key
from bot.settings.rules import find_faults, is_loopback, is_published
from bot.settings.sections import (
    Server,
    Settings,
    TelegramChannel,
    WeChatChannel,
    WeComChannel,
    secret_keys,
)
from bot.settings.source import CONFIG, PREFIX, keys_of, overlay, read, variable

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
    "load",
]


def load(path: Path | None = None, environment: Mapping[str, str] | None = None) -> Settings:
    """The settings from `path` (default: `EXCHANGE_CONFIG`, else `config.toml`) and environment.

    Raises SettingsError with one fault for each wrong key: where it stands, its name, the reason.
    """
    given = os.environ if environment is None else environment
    path = path or config_path(given)
    tree = read(path)
    faults = _secrets_in_file(path, keys_of(tree))
    names, misnamed = overlay(tree, given)
    faults += misnamed
    try:
        settings = Settings.model_validate(tree)
    except ValidationError as error:
        faults += _invalid(error, path, names)
    else:
        faults += [Fault(_source(key, path, names), key, why) for key, why in find_faults(settings)]
    if faults:
        raise SettingsError(faults)
    return settings


def config_path(environment: Mapping[str, str] | None = None) -> Path:
    """The config file that the environment names, else `config.toml` of the working folder."""
    given = os.environ if environment is None else environment
    return Path(given.get(CONFIG) or "config.toml")


def _secrets_in_file(path: Path, keys: Iterable[str]) -> list[Fault]:
    secret = secret_keys()
    return [
        Fault(str(path), key, because(Reason.SECRET_IN_FILE, variable=variable(key)))
        for key in keys
        if key in secret
    ]


def _invalid(error: ValidationError, path: Path, names: Mapping[str, str]) -> list[Fault]:
    faults = []
    for problem in error.errors(include_url=False):
        key = format_key(problem["loc"])
        why = describe_error(problem, Settings, secret=key in secret_keys())
        faults.append(Fault(_source(key, path, names), key, why))
    return faults


def _source(key: str, path: Path, names: Mapping[str, str]) -> str:
    """The variable that gave the key or what it is part of, else the file."""
    for name, given in names.items():
        if key == name or key.startswith((f"{name}.", f"{name}#")):
            return given
    return str(path)

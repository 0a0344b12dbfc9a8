"""The names of the environment's variables, and the one that a misspelt name is nearest to."""

import difflib
from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel

PREFIX = "EXCHANGE_"
LIKE = 0.75
"""Likeness (of 1) from which another name is worth suggesting."""


def variable(key: str) -> str:
    """The environment's name for a dotted key."""
    return PREFIX + key.upper().replace(".", "__")


def list_keys(model: type[BaseModel], before: str = "") -> Iterator[str]:
    """The dotted keys of all values of some settings; a table of the office's own names is one."""
    for name, field in model.model_fields.items():
        kind: Any = field.annotation
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            yield from list_keys(kind, f"{before}{name}.")
        else:
            yield before + name


def find_nearest_variable(name: str, model: type[BaseModel]) -> str | None:
    """The variable whose name is most like this one, when any is much like it."""
    # Without what all of them begin with, which would make any two alike.
    known = {variable(key).removeprefix(PREFIX): variable(key) for key in list_keys(model)}
    near = difflib.get_close_matches(name.removeprefix(PREFIX), known, 1, LIKE)
    return known[near[0]] if near else None

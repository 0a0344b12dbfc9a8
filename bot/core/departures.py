"""What it is when somebody is no longer who they were, and how people say so."""

import re
import tomllib
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path

from bot.core.reading import fold


class Ending(StrEnum):
    """LEFT: nothing of theirs counts any more. UNBOUND: phones of theirs do not; the person
    stays."""

    LEFT = "left"
    UNBOUND = "unbound"


@dataclass(frozen=True)
class Leaving:
    """Who leaves and who has it from now on, by the names that were written; "" where none was."""

    who: str
    to: str = ""


def read_leaving(words: str) -> Leaving:
    """What follows 离岗: `赵强 交 钱进`, `赵强交给钱进`, `赵强`."""
    found = _pattern("order").fullmatch(fold(words).strip())
    return Leaving(found["who"].strip(), found["to"]) if found else Leaving(fold(words).strip())


def find_leaving(words: str) -> Leaving | None:
    """That a colleague has left, said freely: `小赵离职了 换成小钱`; None for all other words."""
    found = _pattern("said").fullmatch(fold(words).strip(" 。.!！"))
    return Leaving(found["who"], found["to"] or "") if found else None


def find_new_contact(words: str) -> str | None:
    """Who is to be spoken to from now on, as a firm's contact says it: `换联系人了，以后找小李`; ""
    where nobody is named, None where it is not said that somebody else is."""
    text = fold(words).strip(" 。.!！")
    found = next((hit for form in _contact_forms() if (hit := form.fullmatch(text))), None)
    return None if found is None else found["to"] or ""


@cache
def _contact_forms() -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(form) for form in _words()["contact"])


@cache
def _pattern(name: str) -> re.Pattern[str]:
    return re.compile(str(_words()[name]))


@cache
def _words() -> dict[str, str | list[str]]:
    return tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))

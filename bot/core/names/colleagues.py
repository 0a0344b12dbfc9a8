"""Which colleague a name means: the full one, a part of it, or 小李 for the only 李."""

import tomllib
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from bot.core.people import Person
from bot.core.reading import fold


def find_colleagues(name: str, among: Sequence[Person]) -> list[Person]:
    """Everyone that a name can mean, by the closest way of reading it alone.

    A full name outweighs a part of one, a part outweighs a surname: nobody is guessed, but nobody
    has to be asked about either where one reading is enough.
    """
    word = close_up(name)
    if not word:
        return []
    surname = _surname(word)
    for fits in (
        lambda known: known == word,
        lambda known: word in known,
        lambda known: bool(surname) and known.startswith(surname),
    ):
        found = [person for person in among if fits(close_up(person.name))]
        if found:
            return found
    return []


def close_up(name: str) -> str:
    """A name as it is compared: gaps pad it (李　四) and divide nobody."""
    return "".join(fold(name).split())


def _surname(word: str) -> str:
    """`李` of 小李, 李工 and 李主任; "" where nothing is left of a title."""
    known = _titles()
    for title in known["before"]:
        word = word.removeprefix(title)
    for title in known["after"]:
        word = word.removesuffix(title)
    return word


@cache
def _titles() -> dict[str, list[str]]:
    return tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))

"""Which matters are sealed (密), who is meant in them, and who reads them.

Sealed are complaints in which somebody of the staff is meant, checks outside the list (清单外检查),
legal advice, the categories that say so, and whatever a writer wants kept. For each kind an office
names a first reader, a stand-in and a last one; whoever is meant in a matter never reads it.
"""

import re
import tomllib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from types import MappingProxyType

from bot.core.issues.issue import Rung, Seal
from bot.core.people import Person
from bot.core.reading import fold

READERS = 2
"""Of each kind an office names so many at least: one alone may be the one who is complained of."""
SHORTEST_NAME = 2
ANYBODY = "anybody"
"""The part whose words accuse the staff and name no one."""
LEFT = 2
"""Characters beside a wish for secrecy that say nothing of their own yet."""


@dataclass(frozen=True)
class Staff:
    """Whom a text may mean: everyone of the staff, and by part whose part it is for the writer
    (`liaison`, `deputy`, `holder`, `duty`, `leader`, `task_force`; ids)."""

    people: Sequence[Person] = ()
    parts: Mapping[str, Collection[int]] = field(default_factory=lambda: MappingProxyType({}))
    departments: Mapping[str, Collection[int]] = field(default_factory=lambda: MappingProxyType({}))
    """The people of each department, by its name."""


def find_kind(text: str, category: str, staff: Staff, *, sure: bool = True) -> Seal | None:
    """Of which kind a text is sealed, None where it is not. `category` is a name, "" for none; one
    that is not `sure`, or of a question whose part something is, counts where the words accuse
    somebody, whoever that is."""
    said = _close_up(text)
    kind = _load()["categories"].get(category)
    sure = sure and not _says(said, "asking")
    if kind is not None and (sure or _says(said, "grave") or _says(said, "mild")):
        return Seal(str(kind))
    if _says(said, "inspection"):
        return Seal.INSPECTION
    if _says(said, "legal"):
        return Seal.LEGAL
    if is_marked(text) or _accuses_staff(said, staff):
        return Seal.COMPLAINT
    return None


def may_be_sealed(text: str, category: str) -> bool:
    """Whether a closer look is needed: most words carry no sign at all, and cost no more."""
    said = _close_up(text)
    if category in _load()["categories"]:
        return True
    return any(_says(said, name) for name in ("marked", "grave", "mild", "inspection", "legal"))


def is_marked(text: str) -> bool:
    """Whether the writer says that it must not be known."""
    return _says(_close_up(text), "marked")


def is_only_mark(text: str) -> bool:
    """Whether the words do no more than ask to keep something that was said before."""
    said = _close_up(text)
    if not is_marked(text) or _says(said, "grave") or _says(said, "mild"):
        return False
    left = _compile("filler").sub("", _compile("marked").sub("", said))
    return sum(char.isalnum() for char in left) <= LEFT


def find_named(text: str, staff: Staff) -> frozenset[int]:
    """Everyone of the staff who is named in a text or meant by their part, by id: by the whole
    name, by the surname with a title, by a department, or as the writer's own liaison. Rather one
    too many than one too few: who is found here only does not read it."""
    said = _close_up(text)
    named = {person.id for person in staff.people if _names(said, person.name)}
    for person in staff.people:
        for form in _list_forms(_close_up(person.name)):
            said = said.replace(form, "|")  # 刘主任 is 刘, and no leader beside
    said = _compile("addressing").sub("|", said)
    for department, members in staff.departments.items():
        if len(department) >= SHORTEST_NAME and _close_up(department) in said:
            named |= set(members)
    for part, members in staff.parts.items():
        if any(word in said for word in _read_table("roles").get(part, ())):
            named |= set(members)
    return frozenset(named)


def choose_reader(
    chain: Sequence[int], named: Collection[int], gone: Collection[int] = ()
) -> int | None:
    """Who reads a matter: the first of the chain who is not meant in it and can be reached; where
    nobody can be, the first who is not meant; None where everybody is meant."""
    fitting = list_readers(chain, named)
    here = (person_id for person_id in fitting if person_id not in gone)
    return next(here, fitting[0] if fitting else None)


def list_readers(chain: Sequence[int], named: Collection[int]) -> list[int]:
    """Those of the chain who may read a matter, in its order."""
    return [person_id for person_id in dict.fromkeys(chain) if person_id not in named]


def find_next(readers: Sequence[int], holder: int | None, rung: Rung) -> int | None:
    """Who hears of a missed deadline on a rung: the stand-in on the first, the last one above; None
    where nobody stands above whoever holds it."""
    above = list(readers)
    if holder in above:
        above = above[above.index(holder) + 1 :]
    if not above or rung is Rung.LIAISON:
        return None
    return above[0] if rung is Rung.DEPARTMENT else above[-1]


def _accuses_staff(said: str, staff: Staff) -> bool:
    grave = _says(said, "grave")
    if not grave and not _says(said, "mild"):
        return False
    found = list(_list_mentions(said, staff, anybody=grave))
    if not found:
        return False
    helped = _find_helped(said, found)
    return any(mention not in helped for mention in found)


def _list_mentions(said: str, staff: Staff, *, anybody: bool) -> Iterator[str]:
    """Every word of a text that stands for somebody of the staff, or for `anybody` of them."""
    for part, words in _read_table("roles").items():
        if anybody or part != ANYBODY:
            yield from (word for word in words if word in said)
    for person in staff.people:
        yield from (form for form in _list_forms(_close_up(person.name)) if form in said)
    for department in map(_close_up, staff.departments):
        if department and department in said:
            yield department


def _find_helped(said: str, mentions: Iterable[str]) -> set[str]:
    """Those who are only asked to help, wherever they stand in the text."""
    helped = set()
    for mention in mentions:
        asked = sum(
            len(re.findall(sign.replace("{who}", re.escape(mention)), said))
            for sign in _read_table("signs")["helping"]
        )
        if asked and asked >= said.count(mention):
            helped.add(mention)
    return helped


def _names(said: str, name: str) -> bool:
    return any(form in said for form in _list_forms(_close_up(name)))


@cache
def _list_forms(name: str) -> tuple[str, ...]:
    """How somebody may be called: by the whole name, or by the surname with a title."""
    if len(name) < SHORTEST_NAME:
        return ()
    titles = _read_table("titles")
    doubled = any(name.startswith(double) for double in titles["double"])
    surname = name[:2] if doubled else name[:1]
    after = (surname + title for title in titles["after"])
    before = (title + surname for title in titles["before"])
    return (name, *after, *before)


def _says(said: str, name: str) -> bool:
    return _compile(name).search(said) is not None


@cache
def _compile(name: str) -> re.Pattern[str]:
    return re.compile("|".join(_read_table("signs")[name]))


def _close_up(text: str) -> str:
    return "".join(fold(text).split()).lower()


@cache
def _load() -> dict[str, dict[str, list[str]]]:
    return tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))


def _read_table(name: str) -> Mapping[str, list[str]]:
    return _load()[name]

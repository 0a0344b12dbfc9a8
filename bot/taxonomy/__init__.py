"""The park's categories as files that the office can edit, and the loader that checks them."""

import csv
import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from bot.core.classifier.categories import Category, Taxonomy
from bot.core.reading import fold

PARK = Path(__file__).with_name("park.toml")
CHECK = Path(__file__).with_name("check.csv")

_TOP = {"fallback", "urgent", "category"}
_TEXTS = ("id", "name", "about", "department", "service_level", "keywords", "examples")
_OLD_KEY, _NEW_KEY = "promise", "service_level"
"""An office may have its own file from before the key was renamed."""
_MAY_BE_EMPTY = {"about", "keywords"}


class TaxonomyError(ValueError):
    """A taxonomy file that cannot be used; the words name the file, the category and the key."""

    def __init__(self, file: Path, category: str | None, key: str, problem: str) -> None:
        where = f"{file}: " + (f"category {category!r}, " if category else "")
        super().__init__(f"{where}key {key!r}: {problem}")
        self.file, self.category, self.key, self.problem = file, category, key, problem


class Checked(NamedTuple):
    """One message whose category a person knows; `second` is empty where it names one matter."""

    text: str
    category: str
    second: str


@cache
def park() -> Taxonomy:
    """The taxonomy that ships with the bot."""
    return load(PARK)


def load(path: Path) -> Taxonomy:
    """The taxonomy in this TOML file.

    Raises TaxonomyError where the file is no TOML, holds no category, has a key that nobody
    reads or lacks one, repeats an id or a name, or gives one keyword to two categories.
    """
    raw = _parse_file(path)
    _rename_old_keys(path, raw)
    _refuse_unknown(path, None, raw, _TOP)
    blocks = raw.get("category")
    if not isinstance(blocks, list) or not blocks:
        raise TaxonomyError(path, None, "category", "there is none: at least one is needed")
    categories = tuple(_category(path, place, block) for place, block in enumerate(blocks, 1))
    _refuse_doubles(path, categories)
    fallback = _text(path, None, raw, "fallback")
    if fallback not in {category.id for category in categories}:
        raise TaxonomyError(path, None, "fallback", f"{fallback!r} is no category's id")
    urgent = _words(_text(path, None, raw, "urgent", may_be_empty=True))
    return Taxonomy(categories, urgent, fallback)


def has_old_names(path: Path) -> bool:
    """Whether a category of this file names its service level by the old key. False for a file
    that cannot be read, which `load` refuses."""
    try:
        blocks = _parse_file(path).get("category")
    except TaxonomyError:
        return False
    return any(_OLD_KEY in block for block in _list_blocks(blocks))


def check_set(taxonomy: Taxonomy, path: Path = CHECK) -> tuple[Checked, ...]:
    """The messages by which a newly learned model is judged before it may take over.

    The file has the columns text, category and second, with categories by name. Those whose
    category this park does not have are left out, so that an edited taxonomy still has a check.
    """
    with path.open(encoding="utf-8-sig", newline="") as file:
        return tuple(_read_check_set(taxonomy, csv.DictReader(file)))


def _read_check_set(taxonomy: Taxonomy, rows: "csv.DictReader[str]") -> Iterator[Checked]:
    for row in rows:
        first, second = taxonomy.by_name(row["category"]), taxonomy.by_name(row["second"])
        if first:
            yield Checked(row["text"], first.id, second.id if second else "")


def _rename_old_keys(path: Path, raw: Mapping[str, Any]) -> None:
    for block in _list_blocks(raw.get("category")):
        if _OLD_KEY in block:
            if _NEW_KEY in block:
                raise TaxonomyError(path, block.get("name"), _OLD_KEY, f"is {_NEW_KEY!r} now")
            block[_NEW_KEY] = block.pop(_OLD_KEY)


def _list_blocks(blocks: object) -> Iterator[dict[str, Any]]:
    return (
        (block for block in blocks if isinstance(block, dict))
        if isinstance(blocks, list)
        else iter(())
    )


def _parse_file(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise TaxonomyError(path, None, "-", f"cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise TaxonomyError(path, None, "-", "save the file as UTF-8") from error
    except tomllib.TOMLDecodeError as error:
        raise TaxonomyError(path, None, "-", f"not TOML: {error}") from error


def _category(path: Path, place: int, block: object) -> Category:
    if not isinstance(block, dict):
        raise TaxonomyError(path, None, "category", "each one starts with [[category]]")
    named = block.get("name") or block.get("id") or f"number {place}"
    _refuse_unknown(path, str(named), block, set(_TEXTS))
    values = {
        key: _text(path, str(named), block, key, may_be_empty=key in _MAY_BE_EMPTY)
        for key in _TEXTS
    }
    return Category(
        **{key: values[key] for key in _TEXTS if key not in {"keywords", "examples"}},
        keywords=_words(values["keywords"]),
        examples=tuple(line.strip() for line in values["examples"].splitlines() if line.strip()),
    )


def _text(
    path: Path, category: str | None, block: Mapping[str, Any], key: str, may_be_empty: bool = False
) -> str:
    value = block.get(key, "" if may_be_empty else None)
    if value is None:
        raise TaxonomyError(path, category, key, "is missing")
    if not isinstance(value, str):
        raise TaxonomyError(path, category, key, "must be text in quotation marks")
    if not value.strip() and not may_be_empty:
        raise TaxonomyError(path, category, key, "is empty")
    return value.strip()


def _words(text: str) -> tuple[str, ...]:
    """Folded, in the order written, each once: people repeat themselves within one category."""
    return tuple(dict.fromkeys(fold(word).lower() for word in text.split()))


def _refuse_unknown(
    path: Path, category: str | None, block: Mapping[str, Any], known: set[str]
) -> None:
    for key in sorted(block.keys() - known):
        raise TaxonomyError(path, category, key, f"is not known; known are {sorted(known)}")


def _refuse_doubles(path: Path, categories: tuple[Category, ...]) -> None:
    for key, values in (("id", _pairs(categories, "id")), ("name", _pairs(categories, "name"))):
        _refuse_repeated(path, key, values)
    keywords = ((word, category.name) for category in categories for word in category.keywords)
    _refuse_repeated(path, "keywords", keywords)


def _pairs(categories: tuple[Category, ...], key: str) -> Iterator[tuple[str, str]]:
    return ((getattr(category, key), category.name) for category in categories)


def _refuse_repeated(path: Path, key: str, owned: Iterator[tuple[str, str]]) -> None:
    owners: dict[str, str] = {}
    for value, owner in owned:
        if value in owners:
            raise TaxonomyError(path, owner, key, f"{value!r} is already in {owners[value]!r}")
        owners[value] = owner

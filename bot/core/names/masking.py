"""Takes names out of words that go to somebody who must not learn them."""

import re
from collections.abc import Iterable
from functools import lru_cache

from bot.core.names.parts import split
from bot.core.reading import fold

_SHORTEST = 2
"""A single character stands in too many words to be somebody's name."""


def mask_names(text: str, names: Iterable[str], instead: str) -> str:
    """`text` with `instead` in the place of every name, the longest first; case does not count."""
    known = sorted({name for name in names if len(name) >= _SHORTEST}, key=len, reverse=True)
    if not known:
        return text
    return re.sub("|".join(map(re.escape, known)), lambda _: instead, text, flags=re.IGNORECASE)


def names_of_firm(name: str, aliases: Iterable[str]) -> frozenset[str]:
    """Everything a firm is called: registered name and short names, whole and without places and
    legal form."""
    called = (name, *aliases)
    parts = (split(variant) for variant in called)
    return frozenset(called) | {text for part in parts for text in (part.stem, part.core) if text}


_HIDDEN = "＊＊"
_PHONE = re.compile(r"\d[\d-]{5,}\d")
"""A mobile or a landline, also one that was cut off."""


@lru_cache(maxsize=4096)
def initial(name: str) -> str:
    """A name that passers-by may read: a person's surname, a firm's first character without its
    place, and nothing that tells how long the rest is. 湖南恒宇电子有限公司 is 恒＊＊."""
    # Compared in folded form, shown as it is written: 嬙 stays 嬙.
    at = max(fold(name).casefold().find(split(name).core), 0)
    return f"{name[at : at + 1].upper()}{_HIDDEN}" if name else ""


def without_phones(text: str) -> str:
    """`text` with every number of seven digits or more cut down to its first three."""
    return _PHONE.sub(lambda found: f"{found[0][:3]}{_HIDDEN}", text)

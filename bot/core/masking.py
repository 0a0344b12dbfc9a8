"""Takes names out of words that go to somebody who must not learn them."""

import re
from collections.abc import Iterable

from bot.core.name_parts import split

_SHORTEST = 2
"""A single character stands in too many words to be somebody's name."""


def masked(text: str, names: Iterable[str], instead: str) -> str:
    """`text` with `instead` in the place of every name, the longest first; case does not count."""
    known = sorted({one for one in names if len(one) >= _SHORTEST}, key=len, reverse=True)
    if not known:
        return text
    return re.sub("|".join(map(re.escape, known)), lambda _: instead, text, flags=re.IGNORECASE)


def names_of_firm(name: str, aliases: Iterable[str]) -> frozenset[str]:
    """Everything a firm is called: registered name and short names, whole and without places and
    legal form."""
    called = (name, *aliases)
    parts = (split(one) for one in called)
    return frozenset(called) | {text for part in parts for text in (part.stem, part.core) if text}

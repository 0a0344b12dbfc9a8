"""Reads the matter off a message by the settings' own words."""

from collections.abc import Sequence

from bot.core.house import Category


def category_of(folded: str, categories: Sequence[Category]) -> Category | None:
    """The category with most of its words in the text, the first of equals; None without any."""
    best = max(categories, key=lambda one: _hits(folded, one.words), default=None)
    return best if best and _hits(folded, best.words) else None


def is_urgent(folded: str, words: Sequence[str]) -> bool:
    """Whether one of the urgent words stands in the text."""
    return any(word in folded for word in words)


def _hits(folded: str, words: Sequence[str]) -> int:
    return sum(word in folded for word in words)

"""Knows the rows that frame a list and are none of it: totals, repeated headings, signatures."""

import re
from collections.abc import Iterable, Sequence

from bot.registry.cells import identity
from bot.registry.pages import Page
from bot.registry.sheets import LAYOUTS
from bot.texts import Texts


class Frame:
    """Looks at rows with the words of one language at hand."""

    def __init__(self, texts: Texts) -> None:
        keys = ("registry.frame.total", "registry.frame.sign", "registry.frame.unit")
        total, sign, unit = (_any_of(texts.list_words(key)) for key in keys)
        self._total = re.compile(rf"({unit})*({total})(\(.*\))?:?(\d+({unit})*)?")
        self._count = re.compile(rf"(\d+({unit})*)?")
        self._sign = re.compile(rf"({sign}):.*", re.DOTALL)

    def holds(self, page: Page, row: Sequence[object]) -> bool:
        """Whether the row is part of the frame."""
        name = page.value(row, LAYOUTS[page.sheet].columns[0])
        if self._is_frame(name) or self._repeats_headings(page, row):
            return True
        nameless = self._count.fullmatch(identity(str(name or "")))
        return bool(nameless) and any(map(self._is_frame, row))

    def _is_frame(self, value: object) -> bool:
        plain = identity(value) if isinstance(value, str) else ""
        return any(form.fullmatch(plain) for form in (self._total, self._sign))

    def _repeats_headings(self, page: Page, row: Sequence[object]) -> bool:
        cells = [
            (str(page.value(row, column)), title)
            for column, title in page.titles.items()
            if page.value(row, column) not in (None, "")
        ]
        return len(cells) > 1 and all(
            identity(given).strip("*") == identity(title) for given, title in cells
        )


def _any_of(words: Iterable[str]) -> str:
    return "|".join(sorted(map(re.escape, words), key=len, reverse=True))

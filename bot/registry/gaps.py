"""Writes the enterprises that lack something as a workbook."""

from collections.abc import Iterable
from pathlib import Path

from openpyxl import Workbook

from bot.core.register import Gap, Lack
from bot.ledger import styles
from bot.texts import Texts

WIDTH = 18
"""Characters of a column."""


def format_lacks(gap: Gap, texts: Texts) -> str:
    """What an enterprise lacks, in words, always in the same order."""
    return texts.words["registry.between"].join(
        texts.format_value(lack) for lack in Lack if lack in gap.lacks
    )


def write_gaps(path: Path, gaps: Iterable[Gap], texts: Texts) -> None:
    """One row for each enterprise. Raises OSError."""
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = texts.words["coverage.sheet"]
    names = texts.words["coverage.headings"].split()
    styles.headings(sheet, names, [2 * WIDTH, 2 * WIDTH, WIDTH])
    for number, gap in enumerate(gaps, 2):
        heard = (
            texts.format_value(gap.heard_at, "day")
            if gap.heard_at
            else texts.words["coverage.never"]
        )
        styles.row(sheet, number, (gap.name, format_lacks(gap, texts), heard))
    book.save(path)

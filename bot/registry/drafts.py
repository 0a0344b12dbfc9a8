"""Turns the rows of a page into drafts: what each row says, in clean values."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from bot.core.messages import Line, Refused
from bot.core.people import Residence, Role
from bot.registry import cells
from bot.registry.frame import Frame
from bot.registry.pages import Page, Remark
from bot.registry.sheets import KINDS, LAYOUTS, LONGEST, CellKind, Column
from bot.texts import Texts

Value = str | tuple[str, ...] | tuple[tuple[str, int], ...] | Role | Residence | date
ORDINARY = 100
"""Characters of a column that LONGEST does not name."""


@dataclass(frozen=True)
class Draft:
    """What one row says. A column whose cell is empty says nothing and is not in `given`; one
    whose cell says "none" is there and empty."""

    page: Page
    row: int
    given: Mapping[Column, Value]

    def text(self, column: Column) -> str:
        """The text of a column, "" where nothing is said."""
        value = self.given.get(column, "")
        return value if isinstance(value, str) else ""

    def remark(self, column: Column | None, key: str, **values: object) -> Remark:
        """Why this row is not taken."""
        return self.page.remark(self.row, column, Line(key, values))


def drafts(page: Page, texts: Texts) -> tuple[list[Draft], list[Remark]]:
    """The good rows, and what is wrong with the others. The template's examples are passed over,
    and with a remark what frames a list: totals, headings once more, who filled it in."""
    good: list[Draft] = []
    remarks: list[Remark] = []
    reader = _Reader(texts)
    frame = Frame(texts)
    for number, row in page.iter_filled_rows():
        name = LAYOUTS[page.sheet].columns[0]
        if reader.is_example(page.value(row, name)):
            continue
        if frame.holds(page, row):
            remarks.append(page.remark(number, name, Line("registry.row.frame"), refuses=False))
            continue
        given, wrong = reader.read(page, number, row)
        remarks += wrong
        if not wrong:
            good.append(Draft(page, number, given))
    return good, remarks


class _Reader:
    """Reads rows with the words of one language at hand."""

    def __init__(self, texts: Texts) -> None:
        self._texts = texts
        self._example = texts.words["registry.example"]
        self._none = texts.list_words("registry.none")
        self._roles = {cells.identity(texts.format_value(role)): role for role in Role}
        words = {
            Residence.HERE: "registry.residence.here",
            Residence.CLOSED: "registry.residence.closed",
            Residence.MOVED: "registry.residence.moved",
        }
        self._residences = {
            word: residence for residence, key in words.items() for word in texts.list_words(key)
        }
        self._kinds: Mapping[CellKind, Callable[[str], Value]] = {
            CellKind.TEXT: lambda written: " ".join(written.split()),
            CellKind.NAME: cells.close_gaps,
            CellKind.NAMES: lambda written: tuple(map(cells.close_gaps, cells.several(written))),
            CellKind.LIST: cells.several,
            CellKind.CODE: cells.code,
            CellKind.PHONE: cells.phone,
            CellKind.ROLE: self._role,
            CellKind.RESIDENCE: self._residence,
            CellKind.STEPS: cells.steps,
        }

    def is_example(self, first: object) -> bool:
        """Whether a row that begins with this cell is one of the template's examples."""
        return isinstance(first, str) and first.strip().startswith(self._example)

    def read(
        self, page: Page, number: int, row: Sequence[object]
    ) -> tuple[dict[Column, Value], list[Remark]]:
        """What a row says, and what is wrong with its cells."""
        given: dict[Column, Value] = {}
        wrong: list[Remark] = []
        for column in page.places:
            try:
                value = self._value(column, page.value(row, column))
            except Refused as no:
                wrong.append(page.remark(number, column, Line(no.key, no.values)))
                continue
            if value is not None:
                given[column] = value
        odd = {remark.column for remark in wrong}
        wrong += [
            page.remark(number, column, Line("registry.cell.empty"))
            for column in LAYOUTS[page.sheet].mandatory_columns
            if not given.get(column) and page.places[column] not in odd
        ]
        return given, wrong

    def _value(self, column: Column, raw: object) -> Value | None:
        kind = KINDS.get(column, CellKind.TEXT)
        if kind is CellKind.DAY:
            return cells.day(raw)
        written = cells.text(raw, LONGEST.get(column, ORDINARY))
        if not written:
            return None
        if written in self._none and kind is not CellKind.RESIDENCE:
            return () if kind in (CellKind.LIST, CellKind.NAMES, CellKind.STEPS) else ""
        return self._kinds[kind](written)

    def _role(self, written: str) -> Role:
        found = self._roles.get(cells.identity(written))
        if found is None:
            known = self._texts.words["registry.between"].join(map(self._texts.format_value, Role))
            raise Refused("registry.cell.role", given=written, known=known)
        return found

    def _residence(self, written: str) -> Residence:
        found = self._residences.get(cells.identity(written))
        if found is None:
            spoken = map(self._texts.format_value, Residence)
            known = self._texts.words["registry.between"].join(spoken)
            raise Refused("registry.cell.residence", given=written, known=known)
        return found

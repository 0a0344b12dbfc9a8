"""Reads the values of a workbook as any program writes it, and nothing of how it looks.

ECMA-376, ISO/IEC 29500 (transitional and strict). Elements are known by their local names, so that
the namespaces of both are read alike; of the styles only which numbers are days.
"""

import io
import posixpath
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from lxml import etree
from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format
from openpyxl.utils.cell import column_index_from_string, range_boundaries
from openpyxl.utils.datetime import CALENDAR_MAC_1904, CALENDAR_WINDOWS_1900, from_excel

WIDEST, LAST = 60, 1_048_576
"""Columns that are read, and the last row that a sheet can have."""
_CHINESE_DAYS = frozenset({*range(27, 37), *range(50, 59)})
"""Number formats that are days in a Chinese Excel or WPS (ISO/IEC 29500-1, 18.8.30, zh-cn)."""
_PLACE = re.compile(r"([A-Z]{1,3})(\d{1,7})")
_ESCAPED = re.compile(r"(?:_x[0-9A-Fa-f]{4}_)+")


@dataclass(frozen=True)
class Unreckoned:
    """A formula whose value no program has put beside it."""

    formula: str

    def __str__(self) -> str:
        return f"={self.formula}"


@dataclass(frozen=True)
class Table:
    """One sheet: its rows of values, what is merged downwards counting for each row; which rows
    and columns (from 1) nobody sees, and whether the sheet itself is hidden."""

    title: str
    rows: Sequence[Sequence[object]]
    hidden: bool = False
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()


def read_tables(content: bytes) -> list[Table]:
    """Every sheet of a workbook, in order. Raises what zip and XML raise over what is none."""
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        return list(_Book(packed).read())


class _Book:
    def __init__(self, packed: zipfile.ZipFile) -> None:
        self._packed = packed
        place, _ = next(_links(packed, "", "officeDocument"))
        self._book = _parse(packed, place)
        self._links = {key: path for path, key in _links(packed, place, "worksheet")}
        self._shared = [
            text for path, _ in _links(packed, place, "sharedStrings") for text in self._texts(path)
        ]
        self._days = _find_day_styles(packed, place)
        old = any(_flag(item, "date1904") for item in _all(self._book, "workbookPr"))
        self._epoch = CALENDAR_MAC_1904 if old else CALENDAR_WINDOWS_1900

    def read(self) -> Iterator[Table]:
        for sheet in _all(self._book, "sheet"):
            key = next(value for name, value in sheet.attrib.items() if _local(name) == "id")
            if key in self._links:  # a sheet of charts or macros has no cells
                hidden = sheet.get("state", "visible") != "visible"
                yield self._read_sheet(str(sheet.get("name")), hidden, self._links[key])

    def _texts(self, path: str) -> Iterator[str]:
        return (_text(item) for item in _all(_parse(self._packed, path), "si"))

    def _read_sheet(self, title: str, hidden: bool, path: str) -> Table:
        rows: list[Sequence[object]] = []
        unseen: set[int] = set()
        columns: set[int] = set()
        merged: list[str] = []
        for name, item in _walk(self._packed, path, "row", "col", "mergeCell"):
            if name == "row":
                number = int(item.get("r") or len(rows) + 1)
                if not len(rows) < number <= LAST:
                    raise ValueError(f"row {number} after {len(rows)}")
                rows += [()] * (number - 1 - len(rows))
                rows.append(self._read_row(item))
                if _flag(item, "hidden"):
                    unseen.add(number)
            elif name == "mergeCell":
                merged.append(str(item.get("ref")))
            elif _flag(item, "hidden"):
                last = min(int(item.get("max")), WIDEST)
                columns.update(range(int(item.get("min")), last + 1))
        for area in merged:
            _fill_downwards(rows, area)
        return Table(title, rows, hidden, frozenset(unseen), frozenset(columns))

    def _read_row(self, row: Any) -> list[object]:
        values: list[object] = []
        for cell in _all(row, "c"):
            place = _PLACE.fullmatch(cell.get("r") or "")
            column = column_index_from_string(place[1]) if place else len(values) + 1
            if column > WIDEST:
                break
            values += [None] * (column - len(values))
            values[column - 1] = self._read_cell(cell)
        return values

    def _read_cell(self, cell: Any) -> object:
        parts = {_local(part.tag): part for part in cell.iterchildren(tag=etree.Element)}
        kind, written = cell.get("t", "n"), parts["v"].text if "v" in parts else None
        if kind == "inlineStr":
            return _text(parts["is"]) if "is" in parts else None
        if not written:
            # A formula that shows nothing has an empty text; one that nobody reckoned, no type.
            known = "f" not in parts or (kind == "str" and "v" in parts)
            return None if known else Unreckoned(parts["f"].text or "")
        return self._value(kind, written, int(cell.get("s") or 0))

    def _value(self, kind: str, written: str, style: int) -> object:
        if kind == "s":
            return self._shared[int(written)]
        if kind == "b":
            return written.strip() in ("1", "true")
        if kind == "d":
            return datetime.fromisoformat(written)
        if kind in ("str", "e"):
            return _unescape(written)
        number = float(written)
        if style in self._days:
            try:
                return from_excel(number, self._epoch)
            except (OverflowError, ValueError):
                return number
        return int(written) if re.fullmatch(r"-?\d{1,15}", written) else number


def _fill_downwards(rows: list[Sequence[object]], merged: str) -> None:
    first, top, last, bottom = (place or LAST for place in range_boundaries(merged))
    if first != last or first > WIDEST or top > len(rows):
        return  # across columns it is a title
    above = rows[top - 1]
    value = above[first - 1] if first <= len(above) else None
    for at in range(top, min(bottom, len(rows))):
        row = [*rows[at], *[None] * (first - len(rows[at]))]
        row[first - 1] = value
        rows[at] = row


def _find_day_styles(packed: zipfile.ZipFile, book: str) -> frozenset[int]:
    """Which styles of cells make a number a day; none where the styles cannot be read."""
    try:
        (sheet,) = (_parse(packed, path) for path, _ in _links(packed, book, "styles"))
        own = {int(form.get("numFmtId")): form.get("formatCode") for form in _all(sheet, "numFmt")}
        lists = [item for cells in _all(sheet, "cellXfs") for item in _all(cells, "xf")]
        formats = [int(item.get("numFmtId") or 0) for item in lists]
    except (KeyError, ValueError, TypeError, etree.XMLSyntaxError):
        return frozenset()
    return frozenset(place for place, form in enumerate(formats) if _is_day(form, own))


def _is_day(form: int, own: Mapping[int, str | None]) -> bool:
    if form in own:
        return bool(is_date_format(own[form]))
    return form in _CHINESE_DAYS or bool(is_date_format(BUILTIN_FORMATS.get(form)))


def _links(packed: zipfile.ZipFile, part: str, kind: str) -> Iterator[tuple[str, str]]:
    """The parts of one kind that a part is linked to, and the links' ids; "" is the whole file."""
    folder, name = posixpath.split(part)
    path = posixpath.join(folder, "_rels", f"{name}.rels")
    for link in _all(_parse(packed, path), "Relationship"):
        if str(link.get("Type")).rpartition("/")[2] == kind:
            given = str(link.get("Target")).replace("\\", "/")
            target = posixpath.normpath(posixpath.join("/", folder, given))
            yield target.lstrip("/"), str(link.get("Id"))


def _parse(packed: zipfile.ZipFile, path: str) -> Any:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True)
    return etree.fromstring(packed.read(_find_part(packed, path)), parser)


def _walk(packed: zipfile.ZipFile, path: str, *names: str) -> Iterator[tuple[str, Any]]:
    """The elements of these names, one at a time: a sheet may have a million of them."""
    tags = [f"{{*}}{name}" for name in names]
    with packed.open(_find_part(packed, path)) as part:
        found = etree.iterparse(
            part, tag=tags, resolve_entities=False, no_network=True, remove_comments=True
        )
        for _, item in found:
            yield _local(item.tag), item
            item.clear()
            while item.getprevious() is not None:
                del item.getparent()[0]


def _find_part(packed: zipfile.ZipFile, path: str) -> str:
    """Some programs write back slashes, or other capitals than the links."""
    names = {name.replace("\\", "/").casefold(): name for name in packed.namelist()}
    return names[path.casefold()]


def _all(part: Any, name: str) -> Iterator[Any]:
    return part.iter(f"{{*}}{name}")  # type: ignore[no-any-return]


def _local(name: str) -> str:
    return name.rpartition("}")[2]


def _flag(item: Any, name: str) -> bool:
    return str(item.get(name, "0")).lower() in ("1", "true", "on")


def _text(item: Any) -> str:
    """The words of a rich text, without how they are spoken (phonetic runs)."""
    runs = (
        run
        for run in _all(item, "t")
        if not any(_local(above.tag) == "rPh" for above in run.iterancestors())
    )
    return _unescape("".join(run.text or "" for run in runs))


def _unescape(words: str) -> str:
    """`_x000D_` is a character that XML cannot hold; two of them may be one (UTF-16)."""
    return _ESCAPED.sub(_unescape_group, words) if "_x" in words else words


def _unescape_group(found: re.Match[str]) -> str:
    units = b"".join(int(code, 16).to_bytes(2, "big") for code in found[0][2:-1].split("__x"))
    return units.decode("utf-16-be", "replace")

"""Opens a workbook or a list as rows of raw values, and says in words why one cannot be opened."""

import csv
import io
import warnings
import zipfile
from collections.abc import Mapping
from pathlib import Path
from xml.etree.ElementTree import ParseError

from openpyxl import Workbook, load_workbook
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.worksheet.worksheet import Worksheet

from bot.core.messages import Refused
from bot.core.system_errors import explain_system_error
from bot.registry.pages import Book, Rows, find, page, unread_columns
from bot.registry.sheets import Sheet
from bot.texts import Texts

LARGEST, SPREAD = 64 * 1024**2, 1024**3
"""Bytes of a file, and of what it unpacks to: a list of 100,000 firms has about 10 MB."""
WIDEST = 60
"""Columns that are read."""
LOCKED, OLE = "EncryptedPackage".encode("utf-16-le"), b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""What a workbook with a password holds; how it, and one of before 2007, begins."""


def open_book(path: Path, texts: Texts) -> Book:
    """The pages of FILE.xlsx, or the one of FILE.csv (enterprises). Raises Refused."""
    if path.suffix.lower() in (".csv", ".txt"):
        title = texts.format_value(Sheet.ENTERPRISES)
        only = page(Sheet.ENTERPRISES, title, read_csv(path), texts)
        return Book({Sheet.ENTERPRISES: only}, tuple(unread_columns(only, texts)))
    return find(read_xlsx(path), texts)


def read_csv(path: Path) -> Rows:
    """The rows of a list in UTF-8, UTF-16 or GB 18030 (what Excel writes in China)."""
    text = _decode_text(_content(path), path)
    # A cell may be longer than the reader's own limit; it is measured, and named, later.
    csv.field_size_limit(LARGEST)
    first = text.split("\n", 1)[0]
    between = max(",\t;", key=first.count)
    try:
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=between))
    except csv.Error as error:
        raise Refused("registry.file.not_csv", path=path, detail=error) from error


def read_xlsx(path: Path) -> Mapping[str, Rows]:
    """The rows of every sheet, by title; what is merged downwards counts for each of its rows."""
    book = load(path)
    try:
        return {sheet.title: _rows(sheet) for sheet in book.worksheets}
    finally:
        book.close()


def load(path: Path) -> Workbook:
    """The workbook as openpyxl sees it, formulas unevaluated. Raises Refused."""
    content = _content(path)
    if content.startswith(OLE):
        raise Refused(
            "registry.file.locked" if LOCKED in content else "registry.file.old", path=path
        )
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            if sum(member.file_size for member in packed.infolist()) > SPREAD:
                raise Refused("registry.file.large", path=path)
        with warnings.catch_warnings():
            # Of parts we do not read, such as a drop-down of an extension.
            warnings.simplefilter("ignore")
            return load_workbook(io.BytesIO(content))
    except _BROKEN as error:
        raise Refused("registry.file.not_xlsx", path=path) from error


_BROKEN = (
    *(zipfile.BadZipFile, InvalidFileException, ParseError),
    *(KeyError, ValueError, TypeError, IndexError, AttributeError, OSError, NotImplementedError),
)
"""What openpyxl raises over files that are no workbooks or are damaged."""


def _content(path: Path) -> bytes:
    try:
        if path.stat().st_size > LARGEST:
            raise Refused("registry.file.large", path=path)
        return path.read_bytes()
    except FileNotFoundError as error:
        raise Refused("registry.file.missing", path=path) from error
    except OSError as error:
        raise Refused(
            "registry.file.no_file", path=path, detail=explain_system_error(error)
        ) from error


def _decode_text(content: bytes, path: Path) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ["utf-16"]
    else:
        encodings = ["utf-8-sig", "gb18030"]
    for encoding in encodings:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Refused("registry.file.not_text", path=path)


def _rows(sheet: Worksheet) -> Rows:
    rows = [list(row) for row in sheet.iter_rows(max_col=WIDEST, values_only=True)]
    for merged in sheet.merged_cells.ranges:
        if merged.min_col > WIDEST or merged.min_col != merged.max_col:
            continue  # across columns it is a title
        for row in rows[merged.min_row : merged.max_row]:
            row[merged.min_col - 1] = rows[merged.min_row - 1][merged.min_col - 1]
    return rows

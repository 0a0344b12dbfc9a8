"""Opens a workbook or a list as rows of raw values, and says in words why one cannot be opened."""

import csv
import io
import warnings
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TypeVar
from xml.etree.ElementTree import ParseError

from lxml import etree
from openpyxl import Workbook, load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from bot.core.messages import Refused
from bot.core.system_errors import explain_system_error
from bot.registry.hidden import list_hidden
from bot.registry.pages import Book, Rows, find, page, unread_columns
from bot.registry.sheets import Sheet
from bot.registry.xlsx import Table, read_tables
from bot.texts import Texts

T = TypeVar("T")
LARGEST, SPREAD = 64 * 1024**2, 1024**3
"""Bytes of a file, and of what it unpacks to: a list of 100,000 firms has about 10 MB."""
LOCKED, OLE = "EncryptedPackage".encode("utf-16-le"), b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""What a workbook with a password holds; how it, and one of before 2007, begins."""


def open_book(path: Path, texts: Texts) -> Book:
    """The pages of FILE.xlsx, or the one of FILE.csv (enterprises). Raises Refused."""
    if path.suffix.lower() in (".csv", ".txt"):
        title = texts.format_value(Sheet.ENTERPRISES)
        only = page(Sheet.ENTERPRISES, title, read_csv(path), texts)
        return Book({Sheet.ENTERPRISES: only}, tuple(unread_columns(only, texts)))
    tables = read_xlsx(path)
    book = find({table.title: table.rows for table in tables}, texts)
    return replace(book, unread=(*book.unread, *list_hidden(tables, book)))


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


def read_xlsx(path: Path) -> list[Table]:
    """Every sheet of a workbook. Raises Refused."""
    return _open_packed(path, read_tables)


def load(path: Path) -> Workbook:
    """The workbook with its looks, as far as openpyxl understands them, and with values instead
    of formulas: a copy that is written of it keeps no values beside those. Raises Refused."""
    return _open_packed(path, lambda content: load_workbook(io.BytesIO(content), data_only=True))


def _open_packed(path: Path, read: Callable[[bytes], T]) -> T:
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
            return read(content)
    except _BROKEN as error:
        other = _name_other_form(content)
        key = "registry.file.other" if other else "registry.file.not_xlsx"
        raise Refused(key, path=path, **({"form": other} if other else {})) from error


def _name_other_form(content: bytes) -> str:
    """The usual ending of what is a table, but of another kind; "" where nobody knows."""
    if content.lstrip()[:1] == b"<":
        return ".xml/.html"
    return next((ending for mark, ending in _FORMS.items() if mark in content), "")


_FORMS = {b"xl/workbook.bin": ".xlsb", b"opendocument.spreadsheet": ".ods"}


_BROKEN = (
    *(zipfile.BadZipFile, InvalidFileException, ParseError, etree.XMLSyntaxError),
    *(StopIteration, EOFError, zlib.error),
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

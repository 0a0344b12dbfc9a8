"""A paper keeps the ending by which phones open it, whatever its sender called it."""

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import docx
import openpyxl
import pytest

from bot.channels.wecom.outgoing import KINDS
from storage.media.files import MediaFolder, NotMedia

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def write_word() -> bytes:
    out = io.BytesIO()
    docx.Document().save(out)
    return out.getvalue()


def write_excel() -> bytes:
    out = io.BytesIO()
    openpyxl.Workbook().save(out)
    return out.getvalue()


def write_zip(*names: str, first: bytes = b"x") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in names:
            archive.writestr(name, first)
    return out.getvalue()


def write_slides() -> bytes:
    return write_zip("[Content_Types].xml", "_rels/.rels", "ppt/presentation.xml")


def write_open_text() -> bytes:
    return write_zip("mimetype", first=b"application/vnd.oasis.opendocument.text")


def write_old_word() -> bytes:
    return OLE.ljust(512, b"\0") + b"\xec\xa5\xc1\x00" + bytes(512)


def write_old_paper() -> bytes:
    """Of an office program that does not say which."""
    return OLE + bytes(2048)


@pytest.mark.parametrize(
    ("write", "suffix"),
    [
        (write_word, ".docx"),
        (write_excel, ".xlsx"),
        (write_slides, ".pptx"),
        (write_open_text, ".odt"),
        (write_old_word, ".doc"),
        (write_old_paper, ".doc"),
        (lambda: write_zip("photos/1.jpg"), ".zip"),
        (lambda: b"%PDF-1.7 words", ".pdf"),
    ],
)
def test_a_paper_is_known_by_what_is_in_it(
    tmp_path: Path, write: Callable[[], bytes], suffix: str
) -> None:
    name, mime = MediaFolder(tmp_path).put(write())
    assert Path(name).suffix == suffix
    assert KINDS[mime] == "file"


def test_what_runs_is_no_paper(tmp_path: Path) -> None:
    with pytest.raises(NotMedia):
        MediaFolder(tmp_path).put(b"MZ" + bytes(2048))

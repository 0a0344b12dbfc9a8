"""The same workbook as other programs would have written it: its parts are edited by hand."""

import re
import zipfile
from collections.abc import Callable
from pathlib import Path

Edit = Callable[[str, str], str]
FIRMS_PART = "xl/worksheets/sheet1.xml"
_STRICT = {
    "http://schemas.openxmlformats.org/spreadsheetml/2006/main": (
        "http://purl.oclc.org/ooxml/spreadsheetml/main"
    ),
    "http://schemas.openxmlformats.org/officeDocument/2006/relationships": (
        "http://purl.oclc.org/ooxml/officeDocument/relationships"
    ),
}


def repack(path: Path, edit: Edit, name: str = "") -> Path:
    """A copy of a file, each of its XML parts edited; an empty part is left out."""
    out, changes = path.with_name(name or f"other-{path.name}"), 0
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.namelist():
            before = old.read(part).decode()
            content = edit(part, before)
            changes += content != before
            if content:
                new.writestr(part, content)
    assert changes, "the copy is the file itself"
    return out


def edit_part(wanted: str, pattern: str, words: str) -> Edit:
    """Replace a pattern in one part."""

    def edit(part: str, content: str) -> str:
        if part != wanted:
            return content
        changed = re.sub(pattern, words.replace("\\", r"\\"), content, flags=re.DOTALL)
        assert changed != content, f"{pattern} is not in {part}"
        return changed

    return edit


def make_strict(_part: str, content: str) -> str:
    """ISO 29500 strict, as Excel saves it when asked."""
    for transitional, strict in _STRICT.items():
        content = content.replace(transitional, strict)
    return content


def make_macro_book(part: str, content: str) -> str:
    """What .xlsm says of itself."""
    plain, macro = "openxmlformats-officedocument.spreadsheetml", "ms-excel"
    if part != "[Content_Types].xml":
        return content
    kind = f"application/vnd.{macro}.sheet.macroEnabled.main+xml"
    return content.replace(f"application/vnd.{plain}.sheet.main+xml", kind)


def make_inline(part: str, content: str) -> str:
    """Texts in their cells, in runs, with how they are spoken; no place is written down."""
    if not part.startswith("xl/worksheets/sheet"):
        return content
    content = re.sub(
        r'<c r="[A-Z]+\d+"([^>]*) t="inlineStr"><is><t([^>]*)>(&#\d+;)([^<]*)</t></is></c>',
        r'<c\1 t="inlineStr"><is><r><rPr><b/></rPr><t>\3</t></r><r><t\2>\4</t></r>'
        r'<rPh sb="0" eb="1"><t>pinyin</t></rPh></is></c>',
        content,
    )
    return re.sub(r'<row r="\d+"', "<row", content)


def spoil_styles(part: str, content: str) -> str:
    """Styles as WPS and report programs write them, which Excel opens without a word."""
    if part != "xl/styles.xml":
        return content
    content = re.sub(r"<fills[^>]*>", "<fills><fill/>", content)
    return re.sub(r'<family val="\d+"\s*/>', '<family val="34"/>', content)


def drop_styles(part: str, content: str) -> str:
    """No styles at all."""
    return "" if part == "xl/styles.xml" else content


def spoil_properties(part: str, content: str) -> str:
    """A moment of making that is none."""
    if part != "docProps/core.xml":
        return content
    return re.sub(r"(<dcterms:created[^>]*>)[^<]*", r"\g<1>2026-11-28 10:00:00", content)

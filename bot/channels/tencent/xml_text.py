"""Reads WeChat's XML strictly, and makes words fit to be put into it."""

import re
from typing import Any
from xml.parsers import expat

CONTROLS = bytes(set(range(0x20)) - set(b"\t\n\r")) + b"\x7f"
_NO_CHARACTERS = re.compile("[\ufffe\uffff]")
_UNPRINTABLE = re.compile("[^\t\n\r\x20-\x7e\x80-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class XmlError(ValueError):
    """The bytes are not one `<xml>` document of single fields."""


def read(raw: bytes) -> dict[str, str]:
    """The fields right under `<xml>`; what is nested deeper is left out.

    Control characters are dropped and broken UTF-8 becomes U+FFFD, for a person may have sent
    them. All else that is wrong raises XmlError: a DOCTYPE or entity, a field given twice
    (xmltodict would make it a list), another root.
    """
    text = raw.translate(None, CONTROLS).decode("utf-8", "replace")
    reader = _Reader()
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.words
    parser.StartDoctypeDeclHandler = reader.doctype
    try:
        parser.Parse(_NO_CHARACTERS.sub("", text), True)
    except expat.ExpatError as error:
        raise XmlError(expat.ErrorString(error.code)) from None
    return reader.fields


def printable(text: str) -> str:
    """The text without what neither XML nor JSON in UTF-8 can carry."""
    return _UNPRINTABLE.sub("", text)


def escape_cdata(text: str) -> str:
    """The text for inside a CDATA section: its end mark is split over two sections, so that
    nobody's words become elements of the reply."""
    return printable(text).replace("]]>", "]]]]><![CDATA[>")


class _Reader:
    """What expat calls; built anew for each document."""

    def __init__(self) -> None:
        self.fields: dict[str, str] = {}
        self._depth = 0
        self._name = ""

    def start(self, name: str, _attributes: Any) -> None:
        self._depth += 1
        if self._depth == 1 and name != "xml":
            raise XmlError("root is not xml")
        if self._depth == 2:
            if name in self.fields:
                raise XmlError("field given twice")
            self.fields[name] = ""
            self._name = name

    def end(self, _name: str) -> None:
        self._depth -= 1

    def words(self, text: str) -> None:
        if self._depth == 2:
            self.fields[self._name] += text

    def doctype(self, *_details: Any) -> None:
        raise XmlError("DOCTYPE")

"""WeChat's XML: read strictly, written safely."""

import xml.etree.ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.tencent.xml_text import XmlError, escape_cdata, read


def test_fields_are_those_right_under_the_root() -> None:
    xml = "<xml><A><![CDATA[甲]]></A><B>1</B><C><D>deep</D></C><E/></xml>"
    assert read(xml.encode()) == {"A": "甲", "B": "1", "C": "", "E": ""}


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"hello",
        b"<xml>",
        b"<xml><A>1</A></xml><xml/>",
        b"<xml><A>1</A><A>2</A></xml>",
        b"<root><A>1</A></root>",
        b"<xml><A>&nbsp;</A></xml>",
        b"<xml><A>&#0;</A></xml>",
        b"<xml><A>&#xD800;</A></xml>",
        b'<!DOCTYPE xml [<!ENTITY a "b">]><xml><A>&a;</A></xml>',
        b'<!DOCTYPE xml [<!ENTITY a SYSTEM "file:///etc/passwd">]><xml><A>&a;</A></xml>',
        b'<!DOCTYPE xml SYSTEM "http://127.0.0.1:9/x.dtd"><xml/>',
    ],
)
def test_whatever_is_not_one_plain_document_is_refused(raw: bytes) -> None:
    with pytest.raises(XmlError):
        read(raw)


def test_billion_laughs_cost_nothing() -> None:
    lines = [f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10)]
    bomb = f'<!DOCTYPE xml [<!ENTITY a0 "ha">{"".join(lines)}]><xml><A>&a9;</A></xml>'
    with pytest.raises(XmlError, match="DOCTYPE"):
        read(bomb.encode())


@pytest.mark.parametrize(
    "raw, words",
    [
        (b"\x01a\x08b\x0bc\x00", "abc"),  # keyboards and copied text bring control characters
        (b"a\xff\xfeb", "a\ufffd\ufffdb"),
        ("a\ufffe\uffffb".encode(), "ab"),
        (b"\xed\xa0\x80a", "\ufffd\ufffd\ufffda"),  # a lone surrogate
        (b"a\tb\nc", "a\tb\nc"),
    ],
)
def test_a_broken_character_loses_no_complaint(raw: bytes, words: str) -> None:
    assert read(b"<xml><A><![CDATA[" + raw + b"]]></A></xml>") == {"A": words}


def test_an_encoding_that_is_claimed_is_not_believed() -> None:
    xml = '<?xml version="1.0" encoding="gbk"?><xml><A>中</A></xml>'
    assert read(xml.encode()) == {"A": "中"}


@given(st.text())
def test_no_words_get_out_of_their_fence(words: str) -> None:
    xml = f"<xml><A><![CDATA[{escape_cdata(words)}]]></A></xml>"
    (only,) = ET.fromstring(xml)
    assert only.tag == "A"
    assert len(only) == 0


@given(st.text(alphabet=st.sampled_from("]>< a中"), max_size=30))
def test_words_come_out_of_the_fence_as_they_went_in(words: str) -> None:
    assert read(f"<xml><A><![CDATA[{escape_cdata(words)}]]></A></xml>".encode()) == {"A": words}

"""The minutes' template as an office edits it: what works is filled in, what is wrong is told with
its place, and a broken one keeps nobody from closing an evening."""

import asyncio
import zipfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import httpx
import pytest
from docx import Document
from docx.document import Document as Docx
from docx.section import _Footer, _Header
from sqlalchemy import select

from bot import texts
from bot.actions.sessions import minutes
from bot.actions.sessions.minutes_file import build_fields
from bot.actions.sessions.minutes_template import (
    SHAPE,
    BrokenTemplate,
    examine,
    fill,
    open_template,
)
from bot.app import App
from bot.settings.sessions import TEMPLATE
from bot.web.app import build
from storage.sessions import sessions
from storage.tables.delivery import outbox, threads
from tests.sessions.conftest import open_context
from tests.sessions.test_evening import play_evening, words_of

WORDS = texts.load(None)  # type: ignore[arg-type]  # no moment is printed here
FIRST = "{{ park }}会议纪要"
BROKEN = (
    # the second paragraph, and what the office reads
    ("会议 {{ nummer }}", "第 2 段“会议 {{ nummer }}”：没有 nummer 这个名字"),
    ("会议 {{ number", "第 2 段“会议 {{ number”：{{ number 没有写完"),
    (
        "{% for x in items %}{{ x.titel }}{% endfor %}",
        "没有 x.titel 这个名字，这里可用：enterprise",
    ),
    ("{% for x in itmes %}", "没有 itmes 这个名字"),
    ("{%p for x in items %}", "第 2 段“{%p for x in items %}”：{%p for x in items %} 缺另一半"),
    ("{% if theme %}", "缺另一半"),
    ("{% endfor %}", "缺另一半"),
    ("{% else %}", "缺另一半"),
    ("{% for x in items %}{% endif %}", "{% endif %} 缺另一半"),
    ("{% for x in items %}{% endfor %}{{ x.title }}", "没有 x 这个名字"),
    ("{{ number | dobule }}", "读不懂 {{ number | dobule }}"),
    ("{{ 1 + }}", "读不懂 {{ 1 + }}"),
    ("{% import 'os' %}", "读不懂 {% import 'os' %}"),
)
SOUND = (
    "{% if theme %}主题 {{ theme | upper }}{% elif kind %}{{ kind }}{% else %}没有{% endif %}",
    "{% for x in items %}{% for p in x.promises %}{{ p.who }}{% endfor %}{% endfor %}",
    "{% for x in items %}{{ loop.index }}{% endfor %}",
    "{# 这一句是说明，不印 #}{% set count = 3 %}{{ count }}",
    "花括号 { } 不算",
)


def template(folder: Path, *paragraphs: str) -> Path:
    document = Document()
    for text in paragraphs:
        document.add_paragraph(text)
    path = folder / "template.docx"
    document.save(str(path))
    return path


@pytest.mark.parametrize(("text", "why"), BROKEN)
def test_a_mistake_is_told_with_its_place(tmp_path: Path, text: str, why: str) -> None:
    with pytest.raises(BrokenTemplate) as broken:
        examine(template(tmp_path, FIRST, text))
    assert why in WORDS.format_value(broken.value.why)


@pytest.mark.parametrize("text", SOUND)
def test_what_an_office_may_write_is_left_in_peace(tmp_path: Path, text: str) -> None:
    examine(template(tmp_path, FIRST, text))


def test_a_mistake_in_a_table_or_a_header_is_found(tmp_path: Path) -> None:
    document = Document()
    document.add_table(1, 1).cell(0, 0).text = "{{ nowhere }}"
    document.save(str(tmp_path / "table.docx"))
    document = Document()
    document.sections[0].header.paragraphs[0].text = "{{ nowhere }}"
    document.save(str(tmp_path / "header.docx"))
    for name in ("table.docx", "header.docx"):
        with pytest.raises(BrokenTemplate, match="nowhere"):
            examine(tmp_path / name)


def read_fault(path: Path) -> str:
    """What the office reads, empty where nothing is wrong."""
    try:
        examine(path)
    except BrokenTemplate as broken:
        return WORDS.format_value(broken.why)
    return ""


def list_fringes(document: Docx) -> dict[str, _Header | _Footer]:
    """Every kind of header and footer, by the words for it."""
    section = document.sections[0]
    section.different_first_page_header_footer = True
    document.settings.odd_and_even_pages_header_footer = True
    return {
        "页眉": section.header,
        "页脚": section.footer,
        "首页页眉": section.first_page_header,
        "首页页脚": section.first_page_footer,
        "偶数页页眉": section.even_page_header,
        "偶数页页脚": section.even_page_footer,
    }


FRINGES = ("页眉", "页脚", "首页页眉", "首页页脚", "偶数页页眉", "偶数页页脚")


@pytest.mark.parametrize("where", FRINGES)
def test_each_kind_of_header_and_footer_is_read(tmp_path: Path, where: str) -> None:
    path = tmp_path / "a.docx"
    for text, why in (
        ("{{ prak }}", f"{where}第 2 段“{{{{ prak }}}}”：没有 prak 这个名字"),
        ("{{ park", f"{where}第 2 段“{{{{ park”：{{{{ park 没有写完"),
        ("{% if theme %}", f"{where}第 2 段“{{% if theme %}}”：{{% if theme %}} 缺另一半"),
        ("{{ park }} 第 {{ number }} 期", ""),
    ):
        document = Document()
        list_fringes(document)[where].add_paragraph(text)
        document.save(str(path))
        assert read_fault(path).startswith(why)
        assert bool(read_fault(path)) is bool(why)


def test_what_passes_is_printed_in_every_part(tmp_path: Path) -> None:
    document = Document()
    document.add_paragraph("{{ park }}")
    for fringe in list_fringes(document).values():
        fringe.paragraphs[0].text = "{{ park }}"
    document.save(str(tmp_path / "a.docx"))
    path = add_notes(tmp_path / "a.docx", "{{ park }}", "{{ park }}", "{{ park }}")
    assert read_fault(path) == ""
    document = open_template(path)
    fill(document, {**SHAPE, "park": "云溪"})
    document.save(tmp_path / "out.docx")
    with zipfile.ZipFile(tmp_path / "out.docx") as made:
        parts = {name: made.read(name).decode() for name in made.namelist() if name.endswith("xml")}
    printed = [name for name, xml in parts.items() if "云溪" in xml]
    assert len(printed) == 9  # the page, six headers and footers, two kinds of notes
    assert not [name for name, xml in parts.items() if "{{" in xml]


@pytest.mark.parametrize(
    ("box", "foot", "end", "why"),
    [
        ("{{ prak }}", "", "", "第 2 段“{{ prak }}”：没有 prak 这个名字"),
        ("", "{{ prak }}", "", "脚注第 1 段“{{ prak }}”：没有 prak 这个名字"),
        ("", "", "{{ prak }}", "尾注第 1 段“{{ prak }}”：没有 prak 这个名字"),
        ("{% for x in items %}", "{% endfor %}", "", "第 2 段“{% for x in items %}”"),
    ],
)
def test_text_boxes_and_notes_are_read(
    tmp_path: Path, box: str, foot: str, end: str, why: str
) -> None:
    path = template(tmp_path, "")
    assert read_fault(add_notes(path, box, foot, end)).startswith(why)


def add_notes(path: Path, box: str, foot: str, end: str) -> Path:
    """Word's own way to write a text box and notes, of which the library knows nothing."""
    word = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    kinds = {"footnotes": foot, "endnotes": end}
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    made = path.with_name(f"with-notes-{path.name}")
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(made, "w") as new:
        for name in old.namelist():
            xml = old.read(name).decode(errors="surrogateescape")
            if name == "[Content_Types].xml":
                for kind in kinds:
                    xml = xml.replace(
                        "</Types>",
                        f'<Override PartName="/word/{kind}.xml" ContentType='
                        f'"application/vnd.openxmlformats-officedocument.wordprocessingml.{kind}+xml"/></Types>',
                    )
            if name == "word/_rels/document.xml.rels":
                for kind in kinds:
                    xml = xml.replace(
                        "</Relationships>",
                        f'<Relationship Id="x{kind}" Type="{office}/{kind}" '
                        f'Target="{kind}.xml"/></Relationships>',
                    )
            if name == "word/document.xml":
                shape = (
                    "<w:r><w:pict><v:shape xmlns:v='urn:schemas-microsoft-com:vml'><v:textbox>"
                    f"<w:txbxContent><w:p><w:r><w:t>{box}</w:t></w:r></w:p></w:txbxContent>"
                    "</v:textbox></v:shape></w:pict></w:r>"
                )
                xml = (
                    xml.replace("</w:p>", f"{shape}</w:p>", 1)
                    if "</w:p>" in xml
                    else xml.replace("<w:p/>", f"<w:p>{shape}</w:p>", 1)
                )
            new.writestr(name, xml.encode(errors="surrogateescape"))
        for kind, text in kinds.items():
            note = kind.removesuffix("s")
            new.writestr(
                f"word/{kind}.xml",
                f'<?xml version="1.0" encoding="UTF-8"?><w:{kind} {word}>'
                f'<w:{note} w:id="2"><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:{note}></w:{kind}>',
            )
    return made


def test_a_name_in_the_files_own_title_is_checked_too(tmp_path: Path) -> None:
    document = Document()
    document.core_properties.title = "{{ prak }}纪要"
    document.save(str(tmp_path / "a.docx"))
    assert "prak" in read_fault(tmp_path / "a.docx")


def test_what_would_stay_as_it_is_is_told(tmp_path: Path) -> None:
    with (
        zipfile.ZipFile(template(tmp_path, "")) as old,
        zipfile.ZipFile(tmp_path / "b.docx", "w") as new,
    ):
        for name in old.namelist():
            xml = old.read(name)
            if name == "word/settings.xml":
                xml = xml.replace(b"</w:settings>", b"<w:t>{{ park }}</w:t></w:settings>")
            new.writestr(name, xml)
    assert read_fault(tmp_path / "b.docx").startswith(
        "“{{ park }}”在这里不会填（/word/settings.xml"
    )


def test_the_year_stands_in_the_minutes_and_in_each_of_their_days(
    make_app: Callable[[], App],
) -> None:
    app = make_app()
    asyncio.run(play_evening(app))
    with open_context(app) as context:
        session = sessions.by_number(context.db, 95)
        assert session is not None
        whole = minutes.of_session(context, session)
        given = build_fields(context, whole)
        said = context.texts.render("minutes.whole", minutes.build_values(context, whole))
        part = context.texts.render("minutes.part", minutes.build_values(context, whole))
    assert given["starts_at"].startswith("2024年10月14日（周一）")
    assert "第 95 期 2024年10月14日（周一）" in said
    assert "第 95 期 2024年10月14日（周一）" in part
    promised = [promise for item in given["items"] for promise in item["promises"]]
    assert promised
    assert all(promise["due"].startswith("2024年") for promise in promised)


def test_what_is_no_word_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "text.docx").write_text("not a Word file")
    for name, why in (("text.docx", "不是 Word 文件"), ("none.docx", "没有这个文件")):
        with pytest.raises(BrokenTemplate) as broken:
            examine(tmp_path / name)
        assert why in WORDS.format_value(broken.value.why)


def test_what_cannot_be_filled_in_is_an_error_of_the_template(tmp_path: Path) -> None:
    path = template(tmp_path, "{{ park + 1 }}")
    with pytest.raises(BrokenTemplate):
        fill(open_template(path), SHAPE)


def test_our_own_template_uses_only_names_that_minutes_have(make_app: Callable[[], App]) -> None:
    examine(TEMPLATE)
    app = make_app()
    asyncio.run(play_evening(app))
    with open_context(app) as context:
        session = sessions.by_number(context.db, 95)
        assert session is not None
        given = build_fields(context, minutes.of_session(context, session))
    item, shaped = given["items"][0], SHAPE["items"][0]
    assert (set(given), set(item)) == (set(SHAPE), set(shaped))
    assert set(item["promises"][0]) == set(shaped["promises"][0])


@pytest.mark.parametrize(
    ("text", "title", "told"),
    [
        ("我们的纪要 {{ number }}", "我们的纪要 95", False),
        ("我们的纪要 {{ nummer }}", "第 95 期纪要", True),
    ],
)
def test_the_link_gives_the_word_file_also_when_the_template_is_broken(
    make_app: Callable[..., App], tmp_path: Path, text: str, title: str, told: bool
) -> None:
    app = make_app(SESSIONS__TEMPLATE=str(template(tmp_path, text)))
    asyncio.run(play_evening(app))
    said = everything_said(app)
    (link,) = {
        word.removeprefix("http://127.0.0.1:8080")
        for who, text in said
        for word in text.split()
        if "/minutes/" in word and who in ("duty", "feng", "chen")
    }
    assert not [who for who, text in said if "/minutes/" in text and who in ("hengyu", "lvzhou")]
    assert any("没有 nummer 这个名字" in text for who, text in said if who == "duty") is told
    found, lost = asyncio.run(fetch_paths(app, link, "/minutes/0.docx"))
    (tmp_path / "got.docx").write_bytes(found.content)
    assert title in words_of(tmp_path / "got.docx")
    assert Document(BytesIO(found.content)).paragraphs
    assert lost.status_code == 404
    assert "【闭会】第 95 期" in "".join(text for who, text in said if who == "group")


def everything_said(app: App) -> list[tuple[str, str]]:
    rows = select(threads.c.address, outbox.c.text).join(
        threads, threads.c.id == outbox.c.thread_id
    )
    with app.database.read() as db:
        return [(row.address, row.text) for row in db.execute(rows)]


async def fetch_paths(app: App, *paths: str) -> list[httpx.Response]:
    transport = httpx.ASGITransport(app=build(app, None))
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8080") as client:
        return [await client.get(path) for path in paths]

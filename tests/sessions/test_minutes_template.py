"""The minutes' template as an office edits it: what works is filled in, what is wrong is told with
its place, and a broken one keeps nobody from closing an evening."""

import asyncio
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import httpx
import pytest
from docx import Document
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

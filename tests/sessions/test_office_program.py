"""The minutes and the workbook in an office program that is not ours: LibreOffice opens both and
finds every promise."""

import asyncio
import csv
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.actions.sessions import minutes
from bot.actions.sessions.minutes_file import write_minutes
from bot.app import App
from bot.ledger import sessions as session_workbook
from bot.settings.sessions import TEMPLATE
from storage.sessions import promises, sessions
from tests.peers.libreoffice import convert_file
from tests.peers.libreoffice import soffice as soffice
from tests.sessions.conftest import open_context
from tests.sessions.test_evening import play_evening

pytestmark = pytest.mark.slow

TEXT = "txt:Text (encoded):UTF8"
TABLE = "csv:Text - txt - csv (StarCalc):44,34,76,1"
"""Commas, double quotes, UTF-8, from the first line on."""


def test_both_files_open_with_every_promise(
    soffice: str, make_app: Callable[[], App], tmp_path: Path
) -> None:
    app = make_app()
    asyncio.run(play_evening(app))
    with open_context(app) as context:
        session = sessions.by_number(context.db, 95)
        assert session is not None
        whole = minutes.of_session(context, session)
        write_minutes(context, whole, TEMPLATE, tmp_path / "minutes.docx")
        headings = context.texts.words["workbook.promises"].split()
        session_workbook.write(
            tmp_path / "p.xlsx", "承诺", headings, session_workbook.promise_rows(context)
        )
        made = promises.everything(context.db)
    convert_file(soffice, tmp_path / "minutes.docx", TEXT, tmp_path)
    convert_file(soffice, tmp_path / "p.xlsx", TABLE, tmp_path)
    text = (tmp_path / "minutes.txt").read_text(encoding="utf-8-sig")
    with (tmp_path / "p.csv").open(encoding="utf-8-sig", newline="") as table:
        rows = list(csv.DictReader(table))
    assert len(made) == len(rows) == 2
    for promise, row in zip(made, rows, strict=True):
        assert f"95-{promise.serial:02d} {promise.who}：{promise.what}" in text
        assert (row["承诺人"], row["承诺"]) == (promise.who, promise.what)
    assert rows[1]["承诺"] == "=换水管", "what people wrote is never a formula"
    assert rows[0]["现定日期"].startswith("2024-10-25 17:30")

"""What the database says of an error goes to the log, without the words of the row."""

import logging
from collections.abc import Iterator

import pytest
import structlog
from sqlalchemy import insert, select, text, update
from sqlalchemy.exc import DBAPIError

from bot import logs
from storage.database import Database
from storage.tables.delivery import messages, outbox, threads
from tests.storage.rows import a_parcel, a_thread

WORDS = "王芳说车间漏水"


@pytest.fixture(autouse=True)
def _restore() -> Iterator[None]:
    root = logging.getLogger()
    before = root.handlers, root.level
    yield
    root.handlers, root.level = before
    structlog.reset_defaults()


def _twice(database: Database) -> None:
    with database.write() as db:
        db.execute(insert(threads).values(channel="local", address=WORDS, sends=0))
        db.execute(insert(threads).values(channel="local", address=WORDS, sends=0))


def _empty(database: Database) -> None:
    """PostgreSQL quotes the whole row."""
    with database.write() as db:
        a_parcel(db, a_thread(db), WORDS)
        db.execute(update(outbox).where(outbox.c.text == WORDS).values(kind=None))


def _no_such_column(database: Database) -> None:
    with database.read() as db:
        db.execute(select(messages).where(text("no_such = :words")), {"words": WORDS}).all()


@pytest.mark.parametrize("provoke", [_twice, _empty, _no_such_column])
def test_the_log_of_an_error_has_no_words_of_a_person(
    database: Database, provoke: object, capsys: pytest.CaptureFixture[str]
) -> None:
    assert callable(provoke)
    logs.set_up("text")
    try:
        provoke(database)
    except DBAPIError:
        structlog.get_logger().exception("failed")
    said = capsys.readouterr().err
    assert "Error" in said or "Violation" in said
    assert "parameters hidden" in said
    assert WORDS not in said
    assert WORDS.encode("unicode_escape").decode() not in said

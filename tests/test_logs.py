"""The log holds what happened and no secret."""

import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from bot import logs

TOKEN = "tok-4f9a0c"


@pytest.fixture(autouse=True)
def _restore() -> Iterator[None]:
    root = logging.getLogger()
    before = root.handlers, root.level
    yield
    root.handlers, root.level = before
    structlog.reset_defaults()


def test_a_secret_is_blanked_wherever_it_stands(capsys: pytest.CaptureFixture[str]) -> None:
    logs.set_up("text", [TOKEN, "p@ss(word"])
    log = structlog.get_logger()
    try:
        raise ConnectionError(f"https://example.com/?key={TOKEN}")
    except ConnectionError:
        log.exception("failed", url=f"postgresql://u:p@ss(word@h/d {TOKEN}", given={"k": TOKEN})
    logging.getLogger("wechatpy").warning("answer %s", TOKEN)
    said = capsys.readouterr().err
    assert "failed" in said
    assert "ConnectionError" in said
    assert "answer ***" in said
    assert TOKEN not in said
    assert "p@ss(word" not in said


@pytest.mark.parametrize(
    "words",
    [
        "GET /cgi-bin/message?access_token=78_abcDEF-gh&x=1",
        "{'secret': '78_abcDEF-gh'}",
        '{"access_token": "78_abcDEF-gh"}',
    ],
)
def test_what_is_named_like_a_secret_is_blanked_too(
    words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    logs.set_up()
    structlog.get_logger().warning("odd", words=words)
    said = capsys.readouterr().err
    assert "***" in said
    assert "78_abcDEF-gh" not in said


def test_ordinary_words_and_numbers_stay(capsys: pytest.CaptureFixture[str]) -> None:
    logs.set_up("json", [TOKEN])
    structlog.get_logger().info("filed", number="YZ-20241014-003", text="车间停电了", parcels=3)
    event = json.loads(capsys.readouterr().err)
    assert event["number"] == "YZ-20241014-003"
    assert event["text"] == "车间停电了"
    assert event["parcels"] == 3
    assert event["level"] == "info"


def test_libraries_that_print_addresses_are_quiet(capsys: pytest.CaptureFixture[str]) -> None:
    logs.set_up()
    logging.getLogger("httpx").info("HTTP Request: POST https://api.telegram.org/bot123:AB/x")
    assert capsys.readouterr().err == ""

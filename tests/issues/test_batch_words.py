"""Several issues in one word, a day before a number: what is read, what stays a sentence."""

from datetime import date

import pytest

from bot.core.reading import IssueNumber, number, split_dated_number, split_numbers, strip_every
from handlers.dispatch.parse import parse
from handlers.dispatch.turn import Turn
from tests.issues.test_parse import turn

__all__ = ["turn"]
TODAY = date(2024, 10, 14)
# fmt: off
SEVERAL = [
    ("1 2 3",            [1, 2, 3], ""),
    ("1、2、3 周电工",   [1, 2, 3], "周电工"),
    ("001,002和004",     [1, 2, 4], ""),
    ("1-3",              [1, 2, 3], ""),
    ("2到4 供电服务部",  [2, 3, 4], "供电服务部"),
    ("1 号车间",         [1],       "号车间"),
    ("都好",             [],        "都好"),
]
DATED = [
    ("今天的001受理",  TODAY,              1, "受理"),
    ("今天001 受理",   TODAY,              1, "受理"),
    ("昨天的3号",      date(2024, 10, 13), 3, ""),
    ("前天的 012 办结", date(2024, 10, 12), 12, "办结"),
]
NOT_DATED = ["今天 3 台到了", "今天的3台设备", "今天3点开会", "今天的10:30", "明天的001"]
BATCHES = [
    ("受理 1 2 3",         "accept",  [1, 2, 3], False, ""),
    ("受理1、2、3",        "accept",  [1, 2, 3], False, ""),
    ("受理 1-3",           "accept",  [1, 2, 3], False, ""),
    ("1 2 3 受理",         "accept",  [1, 2, 3], False, ""),
    ("转办 1 2 供电服务部", "pass_on", [1, 2],    False, "供电服务部"),
    ("全部受理",           "accept",  [],        True,  ""),
    ("受理全部",           "accept",  [],        True,  ""),
    ("所有的都受理",       None,      [],        False, ""),
    ("受理 1 号车间的事",  None,      [],        False, ""),
    ("全部撤回",           None,      [],        False, ""),
]
# fmt: on


@pytest.mark.parametrize(("text", "serials", "rest"), SEVERAL)
def test_several_numbers_stand_before_the_words(text: str, serials: list[int], rest: str) -> None:
    found, words = split_numbers(text)
    assert ([meant.serial for meant in found], words) == (serials, rest)


@pytest.mark.parametrize(("text", "day", "serial", "rest"), DATED)
def test_a_day_stands_before_a_number(text: str, day: date, serial: int, rest: str) -> None:
    assert split_dated_number(text, TODAY) == (IssueNumber(None, day, serial), rest)


@pytest.mark.parametrize("text", NOT_DATED)
def test_a_quantity_after_a_day_is_no_number(text: str) -> None:
    assert split_dated_number(text, TODAY) is None


def test_a_day_may_lack_its_year() -> None:
    assert number("1130-001") == number("YZ-1130-001".replace("YZ-", ""))
    assert number("1130-001") == IssueNumber(None, None, 1, "1130")
    assert number("YZ-0229-001") == IssueNumber("YZ", None, 1, "0229")
    assert [number(text) for text in ("1331-001", "1130-000", "95-03", "2024-10")] == [None] * 4


def test_only_a_short_number_may_be_a_place() -> None:
    short = {text: bool((n := number(text)) and n.short) for text in ("3", "第3件", "12", "3号")}
    long = {text: bool((n := number(text)) and n.short) for text in ("003", "#3", "1130-003")}
    assert all(short.values())
    assert not any(long.values())


def test_all_is_said_before_or_after() -> None:
    assert [strip_every(text) for text in ("全部受理", "受理全部", "受理")] == [
        "受理",
        "受理",
        None,
    ]


@pytest.mark.parametrize(("text", "verb", "serials", "every", "words"), BATCHES)
def test_a_batch_is_read(
    turn: Turn, text: str, verb: str | None, serials: list[int], every: bool, words: str
) -> None:
    command = parse(turn, text)
    if verb is None:
        assert command is None
        return
    assert command is not None
    given = [meant.serial for meant in command.numbers]
    assert (command.verb, given, command.every) == (verb, serials, every)
    assert command.words == words

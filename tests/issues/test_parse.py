"""What a person typed, read as a command: whether a number before the words names an issue."""

from typing import Any

import pytest

from bot import texts
from bot.core.messages import Address, Content, Incoming, Kind
from bot.settings import load
from handlers.dispatch.command import Command
from handlers.dispatch.parse import parse
from handlers.dispatch.turn import Turn
from tests.conftest import MONDAY, ROOT

# fmt: off
TYPED = [
    # about no issue: everything is words
    ("新诉求 3 号车间漏水",            "new",         None, "3 号车间漏水"),
    ("新诉求 3号车间漏水",             "new",         None, "3号车间漏水"),
    ("新诉求：3 号车间，漏水",         "new",         None, "3 号车间，漏水"),
    ("新诉求 3 车间漏水",              "new",         None, "3 车间漏水"),
    ("新诉求3号 车间漏水",             "new",         None, "3号 车间漏水"),
    ("新诉求 003 的事又来了",          "new",         None, "003 的事又来了"),
    ("加议题 95 期的老问题",           "add_topic",   None, "95 期的老问题"),
    ("+3号楼停车",                     "add_topic",   None, "3号楼停车"),
    ("绑定 12345",                     "bind",        None, "12345"),
    ("免打扰 3 小时",                  "undisturbed", None, "3 小时"),
    ("点名 3 分钟印务",                "invite",      None, "3 分钟印务"),
    ("请假 14号",                      "absence",     None, "14号"),
    ("照发 反馈 003 3 台",             "send_anyway", None, "反馈 003 3 台"),
    # either a number or words
    ("报名 003",                       "sign_up",     3,    ""),
    ("报名 5 号楼没有电梯",            "sign_up",     None, "5 号楼没有电梯"),
    ("报名 3 车间电压不稳",            "sign_up",     None, "3 车间电压不稳"),
    ("书面 3 号路没有灯",              "in_writing",  None, "3 号路没有灯"),
    # free words, perhaps a number before them
    ("反馈 003 已派人",                "answer",      3,    "已派人"),
    ("反馈 3 已派人",                  "answer",      3,    "已派人"),
    ("反馈003 已派人",                 "answer",      3,    "已派人"),
    ("003 反馈 3 台已修",              "answer",      3,    "3 台已修"),
    ("反馈 3 台已修",                  "answer",      None, "3 台已修"),
    ("反馈3 台已修",                   "answer",      None, "3 台已修"),
    ("反馈 10:30 到现场",              "answer",      None, "10:30 到现场"),
    ("备注 3 号车间要断电",            "note",        None, "3 号车间要断电"),
    ("#2 台已到",                      "note",        None, "2 台已到"),
    ("#003 先别说",                    "note",        3,    "先别说"),
    ("办结 3 号车间已补好",            "resolve",     None, "3 号车间已补好"),
    ("办结 003 3 号车间已补好",        "resolve",     3,    "3 号车间已补好"),
    ("补充 3 号车间也漏",              "supplement",  None, "3 号车间也漏"),
    ("退单 3 号路不归我管",            "return",      None, "3 号路不归我管"),
    ("批示 3 天内回话",                "instruct",    None, "3 天内回话"),
    ("不准延 2 次了",                  "deny",        None, "2 次了"),
    ("延期 10 月 20 日 配件在途",      "extend",      None, "10 月 20 日 配件在途"),
    ("稍后提醒 30 分钟",               "snooze",      None, "30 分钟"),
    # a number always comes first
    ("记 3 家具公司 周五前 送样",      "record",      3,    "家具公司 周五前 送样"),
    ("记 4 号 供电公司 周五前 换表",   "record",      4,    "供电公司 周五前 换表"),
    ("转办 3 路灯所",                  "pass_on",     3,    "路灯所"),
    ("企业 3 天元公司",                "identify",    3,    "天元公司"),
    ("项目 3 部门 工程建设部",         "project",     3,    "部门 工程建设部"),
    ("改到 96 10月8日",                "move_session", 96,  "10月8日"),
]
SENTENCES = ["催办太慢了", "新诉求3号车间漏水", "3 号车间 受理", "5 新诉求 漏水", "请假条怎么写"]
# fmt: on


@pytest.fixture(scope="module")
def turn() -> Turn:
    settings = load(ROOT / "config.toml", {})
    said = Incoming("play:0", Address("local", "zhao"), Content(Kind.TEXT), MONDAY)
    nothing: Any = None  # what a text means depends on the words and the day alone
    park, words = settings.build_park(), texts.load(settings.zone)
    return Turn(nothing, MONDAY, park, words, "", nothing, nothing, said, nothing, None)


@pytest.mark.parametrize(("text", "verb", "serial", "words"), TYPED)
def test_a_command_keeps_its_words(
    turn: Turn, text: str, verb: str, serial: int | None, words: str
) -> None:
    command = parse(turn, text)
    assert command is not None
    given = command.number.serial if command.number else None
    assert (command.verb, given, command.words) == (verb, serial, words)


@pytest.mark.parametrize("text", SENTENCES)
def test_a_sentence_is_no_command(turn: Turn, text: str) -> None:
    assert parse(turn, text) is None


def test_a_verb_alone_is_a_command(turn: Turn) -> None:
    assert parse(turn, " 新诉求 ") == Command("new")

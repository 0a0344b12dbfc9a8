"""Where a leading number belongs to the words, and where it names an issue."""

from datetime import date

import pytest

from bot.core.reading import IssueNumber, split_exact_number, split_number

# fmt: off
NUMBERS = [
    ("003 已派人",                 3, "已派人"),
    ("3 已派人",                   3, "已派人"),
    ("3，已派人",                  3, "已派人"),
    ("3号 已派人",                 3, "已派人"),
    ("3 号 已派人",                3, "已派人"),
    ("3 号已派人上门",             3, "号已派人上门"),
    ("#3 已派人",                  3, "已派人"),
    ("第3件 已派人",               3, "已派人"),
    ("003 台账已更新",             3, "台账已更新"),
    ("3 台账已更新",               3, "台账已更新"),
    ("3 个别企业没来",             3, "个别企业没来"),
    ("3 车间已看过",               3, "车间已看过"),
    ("3 条件还不够",               3, "条件还不够"),
    ("3 日常检查时再看",           3, "日常检查时再看"),
    ("003 3台设备已到",            3, "3台设备已到"),
    ("003 3 号车间漏水",           3, "3 号车间漏水"),
    ("3 OK 了",                    3, "OK 了"),
    ("3 到现场了",                 3, "到现场了"),
    ("３　已派人",                 3, "已派人"),
]
WORDS = [
    "3 号车间漏水", "3号车间漏水", "3号楼停车难", "3 号楼停车难", "3台设备坏了", "3 台设备坏了",
    "12 家企业都停了", "2 天内到货", "30 人没有宿舍", "15 日前报批", "11 月底前完成",
    "3 栋厂房没电", "10:30 到现场", "10：30 到现场", "2,000 元已退", "2，000 元已退",
    "3.5 吨以上限行",
    "3 到 5 天办好", "3-5 天办好", "3 至 5 个工作日", "500 kVA 已增容", "20 % 已完成",
    "1、已派人；2、明天换表", "1. 已派人 2. 明天换表", "3 小时后恢复", "30 分钟后到",
    "2 次上门没人", "车间漏水", "已派 3 人", "2024年底前", "5G 信号差", "110 千伏线路检修",
    "3 楼漏水",
]
# fmt: on


@pytest.mark.parametrize(("text", "serial", "words"), NUMBERS)
def test_a_number_before_free_words_names_an_issue(text: str, serial: int, words: str) -> None:
    assert split_number(text, free=True) == (IssueNumber(None, None, serial), words)


@pytest.mark.parametrize("text", WORDS)
def test_a_quantity_a_place_or_a_time_belongs_to_the_words(text: str) -> None:
    assert split_number(text, free=True) is None


def test_a_whole_number_is_one_whatever_follows() -> None:
    meant = IssueNumber("YZ", date(2024, 10, 14), 3)
    assert split_number("YZ-20241014-003 3 台", free=True) == (meant, "3 台")
    assert split_number("20241014-3 台", free=True) == (
        IssueNumber(None, date(2024, 10, 14), 3),
        "台",
    )


@pytest.mark.parametrize(
    ("text", "serial", "words"),
    [
        ("006 已联系农商行，下周一上门谈", 6, "已联系农商行，下周一上门谈"),
        ("006已联系农商行", 6, "已联系农商行"),
        ("００６，已联系农商行", 6, "已联系农商行"),
        ("006号已联系农商行", 6, "已联系农商行"),
        ("003 3 台水泵都开了", 3, "3 台水泵都开了"),
        ("117 已派人", 117, "已派人"),
        ("YZ-20241014-003 已派人", 3, "已派人"),
        ("1014-003 已派人", 3, "已派人"),
    ],
)
def test_a_printed_number_can_be_nothing_else(text: str, serial: int, words: str) -> None:
    found = split_exact_number(text)
    assert found is not None
    assert (found[0].serial, found[1]) == (serial, words)


@pytest.mark.parametrize(
    "text",
    [
        *WORDS,
        *("3 已派人", "3号 已派人", "#3 已派人", "12 点到", "12点到现场", "10:30 到现场", "006"),
        *("300 台设备", "500kVA 已增容", "0731 那边说下午来", "2024 年底前", "120 人"),
    ],
)
def test_a_short_number_may_be_something_else(text: str) -> None:
    assert split_exact_number(text) is None


@pytest.mark.parametrize("text", ["3 家具公司 下周五前", "3 部门 工程建设部", "3 天元公司"])
def test_before_other_words_any_number_counts(text: str) -> None:
    assert split_number(text, free=False) == (IssueNumber(None, None, 3), text[2:])

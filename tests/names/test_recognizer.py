"""A firm is recognised by whatever people call it; where there is doubt, the bot asks."""

import csv
import string
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.names.index import GramIndex
from bot.core.names.outcome import Evidence, Verdict
from bot.core.names.parts import says_little, split
from bot.core.names.recognizer import NameEntry, NameIndex
from bot.core.names.sounds import spell

HENGYU, XINZHENG, LAOBAIXING, HENGYU_JIANGSU, QINGHE, YONGAN = range(1, 7)
PARK = (
    NameEntry(HENGYU, "湖南恒宇电子有限公司"),
    NameEntry(XINZHENG, "信征精密科技（长沙）有限公司"),
    NameEntry(LAOBAIXING, "长沙市老百姓超市有限公司", ("老百姓", "青禾生活超市")),
    NameEntry(HENGYU_JIANGSU, "江苏恒宇机械集团有限公司"),
    NameEntry(QINGHE, "长沙青禾生物医药股份有限公司", ("青禾药业", "QHBio")),
    NameEntry(YONGAN, "永安电子有限公司"),
)
DATA = Path(__file__).resolve().parents[2] / "../shared/data"


@pytest.fixture(scope="module")
def index() -> NameIndex:
    return NameIndex.build(PARK)


@pytest.mark.parametrize(
    ("name", "core", "places"),
    [
        ("湖南恒宇电子有限公司", "恒宇电子", {"湖南"}),
        ("長沙市恆宇電子（集團）股份有限公司", "恒宇电子", {"长沙"}),
        ("湖南省长沙市恒宇电子厂", "恒宇电子", {"湖南", "长沙"}),
        ("恒宇电子(湖南)有限公司", "恒宇电子", {"湖南"}),
        ("永安电子有限公司", "永安电子", set()),
        ("恒 宇 电 子", "恒宇电子", set()),
        ("ＱＨ　Ｂｉｏ", "qhbio", set()),
        ("有限公司", "有限公司", set()),
        ("", "", set()),
    ],
)
def test_a_name_is_taken_apart(name: str, core: str, places: set[str]) -> None:
    parts = split(name)
    assert parts.core == core
    assert set(parts.places) == places


def test_words_of_trade_alone_say_little() -> None:
    assert says_little("电子科技")
    assert not says_little("恒宇电子")


def test_characters_that_sound_alike_are_spelt_alike() -> None:
    assert spell("恒宇鑫晟") == spell("横雨新盛")
    assert spell("恒宇") != spell("恒与会")


@pytest.mark.parametrize(
    ("said", "firm", "why"),
    [
        ("老百姓", LAOBAIXING, Evidence.ALIAS),
        ("老百姓公司", LAOBAIXING, Evidence.ALIAS),
        ("青禾藥業", QINGHE, Evidence.ALIAS),
        ("ｑｈｂｉｏ", QINGHE, Evidence.ALIAS),
        ("湖南恒宇电子有限公司", HENGYU, Evidence.NAME),
        (" 信徵精密科技(長沙)有限公司 ", XINZHENG, Evidence.NAME),
        ("湖南省恒宇电子", HENGYU, Evidence.CORE),
        ("信征精密科技", XINZHENG, Evidence.CORE),
    ],
)
def test_strong_evidence_is_sure(index: NameIndex, said: str, firm: int, why: Evidence) -> None:
    match = index.find(said)
    assert match.verdict is Verdict.SURE
    assert match.best is not None
    assert (match.best.id, match.best.why) == (firm, why)


@pytest.mark.parametrize(
    ("said", "firm", "why"),
    [
        ("恒宇电子", HENGYU, Evidence.CORE),  # four characters: another firm may be called so
        ("恒宇集团", HENGYU_JIANGSU, Evidence.LETTERS),
        ("江苏恒宇机械有限公司", HENGYU_JIANGSU, Evidence.CORE),  # not the group
        ("北京恒宇电子有限公司", HENGYU, Evidence.CORE),  # elsewhere
        ("信征精密", XINZHENG, Evidence.LETTERS),
        ("恒雨电子", HENGYU, Evidence.SOUND),
        ("湖南恒宇电了有限公司", HENGYU, Evidence.LIKE),
    ],
)
def test_weaker_evidence_is_a_guess(index: NameIndex, said: str, firm: int, why: Evidence) -> None:
    match = index.find(said)
    assert match.verdict is Verdict.GUESS
    assert match.best is not None
    assert (match.best.id, match.best.why) == (firm, why)


def test_equal_candidates_are_several(index: NameIndex) -> None:
    match = index.find("恒宇")
    assert match.verdict is Verdict.SEVERAL
    assert {candidate.id for candidate in match.candidates} == {HENGYU, HENGYU_JIANGSU}


def test_equal_candidates_beyond_the_limit_still_make_several(index: NameIndex) -> None:
    match = index.find("恒宇", limit=1)
    assert match.verdict is Verdict.SEVERAL
    assert len(match.candidates) == 1


def test_an_alias_of_two_firms_is_asked() -> None:
    twins = [NameEntry(1, "甲一电子有限公司", ("阿甲",)), NameEntry(2, "甲二机械厂", ("阿甲",))]
    match = NameIndex.build(twins).find("阿甲")
    assert match.verdict is Verdict.SEVERAL
    assert [candidate.id for candidate in match.candidates] == [1, 2]


def test_an_alias_wins_over_a_better_name() -> None:
    rivals = [NameEntry(1, "青禾"), NameEntry(2, "长沙绿田农业有限公司", ("青禾",))]
    match = NameIndex.build(rivals).find("青禾")
    assert match.verdict is Verdict.SURE
    assert match.best is not None
    assert match.best.id == 2


@pytest.mark.parametrize(
    "said", ["", " ", "（）", "公司", "科技", "1", "a", "停电了", "\ud800", "谢谢"]
)
def test_what_names_nobody(index: NameIndex, said: str) -> None:
    match = index.find(said)
    assert match.verdict is Verdict.NONE
    assert match.best is None


@pytest.mark.parametrize(
    ("said", "verdict", "firm"),
    [
        ("我是恒宇电子的，车间停电了", Verdict.GUESS, HENGYU),
        ("信徵精密门口堵车", Verdict.GUESS, XINZHENG),
        ("您好，我们是湖南恒宇电子，想问一下稳岗补贴", Verdict.SURE, HENGYU),
        ("青禾药业的，三号楼漏水", Verdict.SURE, QINGHE),
        ("我是老百姓的，门口堵车", Verdict.SURE, LAOBAIXING),
        ("我们恒雨电子的网断了", Verdict.GUESS, HENGYU),
        ("园区里青禾药业对面着火了", Verdict.SURE, QINGHE),
        ("路灯坏了，就在青禾药业旁边", Verdict.GUESS, QINGHE),
        ("老百姓太难了", Verdict.GUESS, LAOBAIXING),
        ("长沙市老百姓超市有限公司", Verdict.SURE, LAOBAIXING),
        ("我是青禾药业的，恒宇电子的车挡住了大门", Verdict.SURE, QINGHE),
        ("我是美的集团的，路灯坏了", Verdict.NONE, None),
        ("食堂的菜太贵了", Verdict.NONE, None),
        ("车间停电了，公司急死了", Verdict.NONE, None),
        ("", Verdict.NONE, None),
    ],
)
def test_a_firm_is_found_in_a_sentence(
    index: NameIndex, said: str, verdict: Verdict, firm: int | None
) -> None:
    match = index.find_in(said)
    assert match.verdict is verdict
    assert (match.best.id if match.best else None) == firm


def test_two_firms_named_as_clearly_are_asked(index: NameIndex) -> None:
    match = index.find_in("青禾药业，湖南恒宇电子")
    assert match.verdict is Verdict.SEVERAL
    assert {candidate.id for candidate in match.candidates} == {QINGHE, HENGYU}


@pytest.mark.parametrize(
    "said", ["电" * 1_000_000, "公司" * 500_000, "科技" * 500_000, "，" * 9_999]
)
def test_very_long_texts_are_read_in_part(index: NameIndex, said: str) -> None:
    assert index.find(said).verdict is Verdict.NONE
    assert index.find_in(said).verdict is Verdict.NONE


def test_firms_come_and_go() -> None:
    index = NameIndex.build(PARK)
    index.remove(LAOBAIXING)
    index.remove(99)
    assert len(index) == len(PARK) - 1
    assert index.find("老百姓").verdict is Verdict.NONE
    index.add(NameEntry(LAOBAIXING, "长沙市老百姓超市有限公司"))
    assert index.find("老百姓").verdict is Verdict.GUESS


def test_a_changed_firm_keeps_nothing_of_its_old_name() -> None:
    index = NameIndex.build(PARK)
    index.add(NameEntry(QINGHE, "湖南星河物流有限公司"))
    assert len(index) == len(PARK)
    assert all(candidate.id != QINGHE for candidate in index.find("青禾药业").candidates)


names = st.text(st.sampled_from("恒宇信征青禾电子有限公司长沙" + string.ascii_letters), min_size=2)


@given(st.lists(st.tuples(names, names), min_size=1, max_size=6))
@settings(max_examples=60)
def test_a_registered_alias_always_wins(firms: list[tuple[str, str]]) -> None:
    index = NameIndex.build(NameEntry(at, name, (alias,)) for at, (name, alias) in enumerate(firms))
    for at, (_, alias) in enumerate(firms):
        match = index.find(alias, limit=len(firms))
        owners = {i for i, (_, other) in enumerate(firms) if split(other).key == split(alias).key}
        assert at in {candidate.id for candidate in match.candidates}
        assert match.verdict is (Verdict.SURE if owners == {at} else Verdict.SEVERAL)


@given(st.text(), st.text())
@settings(max_examples=60)
def test_any_text_can_be_looked_for(name: str, said: str) -> None:
    index = NameIndex.build([NameEntry(1, name, (said,)), *PARK[1:]])
    index.find(said)
    index.find_in(said)
    index.remove(1)
    assert all(candidate.id != 1 for candidate in index.find(name).candidates)


def test_rare_grams_count_for_more() -> None:
    grams = GramIndex()
    common, rare = grams.add(["电子", "恒宇"]), grams.add(["电子", "信征"])
    for _ in range(20):
        grams.add(["电子"])
    slots, shares = grams.shortlist(["电子", "信征"], 2)
    found = dict(zip(slots.tolist(), shares.tolist(), strict=True))
    assert found[rare] == pytest.approx(1.0)
    assert found.get(common, 0.0) < found[rare] / 2


def test_a_dropped_name_is_not_listed() -> None:
    grams = GramIndex()
    slot = grams.add(["恒宇"])
    grams.drop(slot)
    assert grams.shortlist(["恒宇"], 5)[0].tolist() == []


@pytest.mark.skipif(not DATA.exists(), reason="the real names are kept outside the project")
def test_real_short_names_find_their_firms() -> None:
    """A guard only, on every ninth pair; `python -m tests.names_report` measures."""
    with (DATA / "company_registry.csv").open(encoding="utf-8") as file:
        firms = {row["name"]: at for at, row in enumerate(csv.DictReader(file))}
    with (DATA / "company_short_full_pairs.csv").open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["full"] in firms][::9]
    index = NameIndex.build(NameEntry(at, name) for name, at in firms.items())
    matches = [(index.find(row["short"]), firms[row["full"]]) for row in rows]
    first = sum(bool(match.best and match.best.id == firm) for match, firm in matches)
    three = sum(firm in {candidate.id for candidate in match.candidates} for match, firm in matches)
    sure = [m.best.id == firm for m, firm in matches if m.best and m.verdict is Verdict.SURE]
    assert first >= 0.86 * len(rows)
    assert three >= 0.95 * len(rows)
    assert sure.count(False) <= len(rows) / 200

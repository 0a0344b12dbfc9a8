"""The shipped categories and the check set: complete, and refused where they are wrong."""

from pathlib import Path

import pytest

from bot.core.classifier.cold_start import first_day
from bot.core.reading import fold
from bot.taxonomy import PARK, TaxonomyError, check_set, load, park
from tests.classifier.labelled import Figures
from tests.classifier.report import _figures

GOOD = """
fallback = "rest"
urgent = "着火 停电"
[[category]]
id = "power"
name = "用电"
about = ""
department = "供电公司"
service_level = "default"
keywords = "停电 電費"
examples = '''
又停电了

电费太贵
'''
[[category]]
id = "rest"
name = "其他"
department = "办公室"
service_level = "default"
keywords = ""
examples = "你好"
"""


@pytest.fixture
def park_file(tmp_path: Path) -> Path:
    path = tmp_path / "park.toml"
    path.write_text(GOOD, encoding="utf-8")
    return path


def test_a_file_becomes_categories(park_file: Path) -> None:
    taxonomy = load(park_file)
    power = taxonomy.by_name("用电")
    assert power
    assert taxonomy.by_id("power") is power
    assert power.keywords == ("停电", "电费")
    assert power.examples == ("又停电了", "电费太贵")
    assert (taxonomy.ids, taxonomy.urgent) == (("power", "rest"), ("着火", "停电"))


def test_an_editor_may_leave_a_byte_order_mark(park_file: Path) -> None:
    park_file.write_text(GOOD, encoding="utf-8-sig")
    assert load(park_file).ids == ("power", "rest")


@pytest.mark.parametrize(
    ("old", "new", "category", "key", "problem"),
    [
        (GOOD, 'fallback = "rest"', None, "category", "at least one"),
        (GOOD, "category = []", None, "category", "at least one"),
        (GOOD, "category = [1]\nfallback = 'a'", None, "category", "[[category]]"),
        (GOOD, "a = = b", None, "-", "not TOML"),
        ('keywords = ""', 'keywords = "电费"', "其他", "keywords", "'电费' is already in '用电'"),
        ('keywords = ""', 'keywords = "電費"', "其他", "keywords", "'电费' is already in '用电'"),
        ('about = ""', 'colour = "red"', "用电", "colour", "is not known"),
        ("urgent = ", "urgently = ", None, "urgently", "is not known"),
        ('name = "其他"', 'name = "用电"', "用电", "name", "already"),
        ('id = "rest"', 'id = "power"', "其他", "id", "already"),
        ('department = "办公室"', "", "其他", "department", "is missing"),
        ('department = "办公室"', "department = 3", "其他", "department", "must be text"),
        ('examples = "你好"', 'examples = " "', "其他", "examples", "is empty"),
        ('name = "其他"', "", "rest", "name", "is missing"),
        ('fallback = "rest"', 'fallback = "gone"', None, "fallback", "no category's id"),
    ],
)
def test_a_fault_names_the_file_the_category_and_the_key(
    park_file: Path, old: str, new: str, category: str | None, key: str, problem: str
) -> None:
    park_file.write_text(GOOD.replace(old, new), encoding="utf-8")
    with pytest.raises(TaxonomyError) as caught:
        load(park_file)
    assert (caught.value.file, caught.value.category, caught.value.key) == (
        park_file,
        category,
        key,
    )
    assert all(part in str(caught.value) for part in (str(park_file), key, problem))


def test_a_file_in_another_encoding_is_refused(park_file: Path) -> None:
    park_file.write_text(GOOD, encoding="gb18030")
    with pytest.raises(TaxonomyError, match="UTF-8"):
        load(park_file)


def test_the_shipped_park_has_enough_to_start_from() -> None:
    for category in park().categories:
        assert len(category.examples) >= 15, category.name
        assert category.id == park().fallback or len(category.keywords) >= 15, category.name
    assert len(park().categories) == 25
    assert {"停电", "停水", "着火", "泄漏", "阻工"} <= set(park().urgent)


def test_the_check_set_is_large_and_kept_apart_from_what_is_learned() -> None:
    check = check_set(park())
    taught = {
        fold(text).lower()
        for category in park().categories
        for text in (category.name, *category.keywords, *category.examples)
    }
    assert len(check) >= 300
    assert {message.category for message in check} == set(park().ids)
    assert sum(bool(message.second) for message in check) >= 20
    assert taught.isdisjoint(fold(message.text).lower() for message in check)
    assert len({message.text for message in check}) == len(check)


def test_a_park_without_some_categories_still_has_a_check(park_file: Path) -> None:
    check = check_set(load(park_file))
    assert {message.category for message in check} == {"power", "rest"}


def test_on_its_first_day_the_bot_routes_most_of_the_check_set() -> None:
    """Some points below what `make routing` shows, so that only a real loss fails."""
    check, router = check_set(park()), first_day(park())
    figures: Figures = _figures(router, [message.text for message in check], check)
    assert figures.accuracy > 0.80
    assert figures.top(3) > 0.95
    assert figures.at_coverage(0.8) > 0.88
    assert figures.calibration_error < 0.08


def test_the_park_file_is_read_once(tmp_path: Path) -> None:
    assert park() is park()
    assert park() == load(PARK)

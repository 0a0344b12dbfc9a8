"""Settings under their old names are read as before; whoever wrote them is told the new ones."""

from datetime import UTC
from pathlib import Path

import pytest

from bot import texts
from bot.settings import SettingsError, list_old_names, load
from bot.taxonomy import PARK as SHIPPED_CATEGORIES

PARK = '[park]\nname = "云溪"\n'
SPANS = """
accept = { amount = 3, unit = "hour" }
answer = { amount = 1, unit = "day" }
solve = { amount = 2, unit = "day" }
"""
RULE_WITH_BOTH = """
[[service_level_rules]]
promise = "default"
service_level = "default"
"""
OLD = f"""{PARK}
[promises.default]{SPANS}
[promises.fast]{SPANS}
[[promise_rules]]
urgent = true
promise = "fast"
"""


@pytest.fixture
def config(tmp_path: Path) -> Path:
    path = tmp_path / "park.toml"
    path.write_text(OLD, encoding="utf-8")
    return path


def read_notices(path: Path, environment: dict[str, str] | None = None) -> list[str]:
    """What a person is told."""
    words = texts.load(UTC)
    return [words.format_value(fault.notice) for fault in list_old_names(path, environment or {})]


def notice(source: object, key: str, new: str) -> str:
    """The words about one old name."""
    return f"{source}：{key}：改名为 {new} 了，旧名暂时还认，请改过来"


def test_an_old_file_means_what_it_meant(config: Path) -> None:
    park = load(config, {}).build_park()
    assert park.find_service_level("default").accept.amount == 3
    assert park.choose_service_level("", frozenset(), urgent=True).id == "fast"


def test_each_old_name_in_the_file_is_told_with_the_new_one(config: Path) -> None:
    assert read_notices(config) == [
        notice(config, "promises", "service_levels"),
        notice(config, "promise_rules", "service_level_rules"),
        notice(config, "service_level_rules#1.promise", "service_level"),
    ]


def test_a_file_with_the_names_of_now_is_told_nothing(tmp_path: Path) -> None:
    path = tmp_path / "park.toml"
    path.write_text(f"{PARK}[service_levels.default]{SPANS}", encoding="utf-8")
    assert read_notices(path) == []


def test_an_old_variable_goes_before_the_file_and_is_told(config: Path) -> None:
    environment = {
        "EXCHANGE_PROMISES__FAST__ACCEPT__AMOUNT": "7",
        "EXCHANGE_PROMISE_RULES": '[{ category = "用电", promise = "fast" }]',
    }
    park = load(config, environment).build_park()
    assert park.find_service_level("fast").accept.amount == 7
    assert park.choose_service_level("用电", frozenset(), urgent=False).id == "fast"
    notices = read_notices(config, environment)
    assert [line for line in notices if line.startswith("EXCHANGE_")] == [
        notice("EXCHANGE_PROMISE_RULES", "promise_rules", "service_level_rules"),
        notice(
            "EXCHANGE_PROMISES__FAST__ACCEPT__AMOUNT",
            "promises.fast.accept.amount",
            "service_levels.fast.accept.amount",
        ),
        notice("EXCHANGE_PROMISE_RULES", "service_level_rules#1.promise", "service_level"),
    ]


def test_a_part_goes_over_the_whole_whatever_their_names(config: Path) -> None:
    """As with names of now: the deeper key wins."""
    whole = "{" + ", ".join(SPANS.strip().splitlines()) + "}"
    environment = {
        "EXCHANGE_PROMISES__FAST__ACCEPT__AMOUNT": "7",
        "EXCHANGE_SERVICE_LEVELS__FAST": whole,
    }
    assert load(config, environment).service_levels["fast"].accept.amount == 7


@pytest.mark.parametrize(
    ("given", "environment", "key", "new"),
    [
        (
            f"[promises.default]{SPANS}[service_levels.default]{SPANS}",
            {},
            "promises",
            "service_levels",
        ),
        (
            f"[service_levels.default]{SPANS}{RULE_WITH_BOTH}",
            {},
            "service_level_rules#1.promise",
            "service_level",
        ),
        (
            f"[service_levels.default]{SPANS}",
            {
                "EXCHANGE_PROMISES__DEFAULT__VERSION": "2",
                "EXCHANGE_SERVICE_LEVELS__DEFAULT__VERSION": "3",
            },
            "promises.default.version",
            "service_levels.default.version",
        ),
    ],
    ids=["sections", "fields of a rule", "variables"],
)
def test_both_names_for_one_thing_are_refused(
    config: Path, given: str, environment: dict[str, str], key: str, new: str
) -> None:
    config.write_text(PARK + given, encoding="utf-8")
    with pytest.raises(SettingsError) as caught:
        load(config, environment)
    words = texts.load(UTC)
    told = [words.format_value(fault.line) for fault in caught.value.faults]
    source = "EXCHANGE_PROMISES__DEFAULT__VERSION" if environment else config
    assert told == [f"✗ {source}：{key}：旧名和新名 {new} 都写了，只留新名"]


def test_a_fault_under_an_old_name_says_what_the_name_is_now(config: Path) -> None:
    config.write_text(OLD.replace("amount = 3", "amount = 0"), encoding="utf-8")
    with pytest.raises(SettingsError) as caught:
        load(config, {})
    keys = [fault.key for fault in caught.value.faults]
    assert keys[0] == "service_levels.default.accept.amount"
    assert "promises" in keys


def test_an_offices_own_categories_may_have_the_old_key(config: Path, tmp_path: Path) -> None:
    own = tmp_path / "categories.toml"
    shipped = SHIPPED_CATEGORIES.read_text(encoding="utf-8")
    own.write_text(shipped.replace("\nservice_level = ", "\npromise = "), encoding="utf-8")
    config.write_text(f'taxonomy = "{own}"\n{PARK}', encoding="utf-8")
    assert load(config, {}).taxonomy == own
    assert read_notices(config) == [notice(own, "[[category]].promise", "service_level")]

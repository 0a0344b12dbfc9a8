"""Which service level a new issue gets: a rule's, else the registry's, the taxonomy's, default."""

import asyncio
from pathlib import Path

import pytest
from sqlalchemy import insert, select

from bot.app import App
from bot.checkup import examine
from bot.clock import MovableClock
from bot.demo import settle
from bot.settings import load
from storage.database import Database
from storage.tables.issues import issues
from storage.tables.people import categories
from tests.conftest import MONDAY
from tests.databases import PostgresPlace, SqlitePlace
from tests.dialogues.player import Player

LEVEL = """
[service_levels.{name}]
accept = {{ amount = {hours}, unit = "hour" }}
answer = {{ amount = 1, unit = "day" }}
solve = {{ amount = 2, unit = "day" }}
"""
RULE = """
[[service_level_rules]]
category = "{category}"
service_level = "by_rule"
"""
TAXONOMY = """
fallback = "other"
[[category]]
id = "power"
name = "用电"
department = "供电服务部"
service_level = "{level}"
keywords = "停电 变压器 跳闸"
examples = \"\"\"
车间停电了
变压器一直响
\"\"\"
[[category]]
id = "other"
name = "其他"
department = "企业服务中心"
service_level = "default"
examples = "想请您帮个忙"
"""


def write_config(folder: Path, taxonomy_level: str, rule: str) -> Path:
    (folder / "categories.toml").write_text(TAXONOMY.format(level=taxonomy_level), encoding="utf-8")
    names = ("default", "by_taxonomy", "by_registry", "by_rule")
    levels = "".join(LEVEL.format(name=name, hours=at) for at, name in enumerate(names, start=1))
    rules = RULE.format(category=rule) if rule else ""
    path = folder / "config.toml"
    path.write_text(
        f'taxonomy = "{folder / "categories.toml"}"\n[park]\nname = "云溪"\n{levels}{rules}',
        encoding="utf-8",
    )
    return path


async def file_issue(app: App) -> None:
    await app.start()
    try:
        await Player(app).play("[2024-10-14 周一 10:00] 王芳> 车间停电了", "here")
    finally:
        await app.stop()


@pytest.mark.parametrize(
    "rule, registry, taxonomy, given",
    [
        ("power", "by_registry", "by_taxonomy", "by_rule"),
        ("用电", "by_registry", "by_taxonomy", "by_rule"),
        ("其他", "by_registry", "by_taxonomy", "by_registry"),
        ("", "by_registry", "by_taxonomy", "by_registry"),
        ("", "default", "by_taxonomy", "by_taxonomy"),  # nothing of its own
        ("", None, "by_taxonomy", "by_taxonomy"),  # not in the registry
        ("", None, "default", "default"),
        ("", "taken_out", "by_taxonomy", "default"),  # the checkup says so
    ],
)
def test_the_nearest_word_on_a_categorys_service_level_counts(
    place: SqlitePlace | PostgresPlace,
    tmp_path: Path,
    rule: str,
    registry: str | None,
    taxonomy: str,
    given: str,
) -> None:
    with place.create_migrated() as url:
        scratch = {
            "EXCHANGE_STORAGE__URL": url,
            "EXCHANGE_STORAGE__MEDIA": str(tmp_path / "media"),
            "EXCHANGE_STORAGE__MODELS": str(tmp_path / "models"),
        }
        settings = load(write_config(tmp_path, taxonomy, rule), scratch)
        database = Database(url)
        with database.write() as db:
            settle(db)
            if registry is not None:
                db.execute(insert(categories).values(name="用电", service_level=registry))
        asyncio.run(file_issue(App(settings, MovableClock(MONDAY, frozen=True))))
        with database.read() as db:
            assert db.execute(select(issues.c.service_level)).scalars().all() == [given]
        database.close()


def test_the_doctor_names_what_rules_and_registry_say_and_nobody_has(
    place: SqlitePlace | PostgresPlace, tmp_path: Path
) -> None:
    rules = """
[[service_level_rules]]
tag = "没有这个标签"
service_level = "by_rule"
[[assignment_rules]]
tag = "重点项目"
person = "赵敏之"
[[assignment_rules]]
enterprise = "没有这家公司"
person = "赵敏之"
"""
    config = write_config(tmp_path, "default", "")
    config.write_text(config.read_text(encoding="utf-8") + rules, encoding="utf-8")
    with place.create_migrated() as url:
        database = Database(url)
        with database.write() as db:
            settle(db)
            rows = [("停电", "default"), ("用电", "taken_out"), ("其他", "by_rule")]
            for name, level in rows:
                db.execute(insert(categories).values(name=name, service_level=level))
        database.close()
        settings = load(config, {"EXCHANGE_STORAGE__URL": url})
        found = [
            (finding.words.key, finding.words.values)
            for finding in examine(settings, config, MONDAY)
            if finding.words.key.startswith(("check.rule_", "check.category_"))
        ]
    assert found == [
        ("check.rule_for_no_tag", {"rule": "service_level_rules#1.tag", "name": "没有这个标签"}),
        (
            "check.rule_for_no_enterprise",
            {"rule": "assignment_rules#2.enterprise", "name": "没有这家公司"},
        ),
        ("check.category_unknown", {"name": "停电"}),
        ("check.category_level", {"name": "用电", "level": "taken_out"}),
    ]

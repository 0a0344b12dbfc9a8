"""What it costs a filing to see who has said the same: one query, one comparison, 300 issues."""

import random
import statistics
import tempfile
from collections.abc import Callable, Sequence
from datetime import timedelta
from pathlib import Path
from time import perf_counter

from sqlalchemy import Connection

from bot.core.issues.duplicates import same_matter
from bot.core.issues.issue import Issue
from bot.core.issues.lifecycle import Move
from bot.core.origin import Origin
from handlers.issues.duplicates import COMPARED, NEAREST, RECENT
from storage.database import Database
from storage.issues import duplicates, issues
from storage.migrate import migrate
from tests.storage.rows import NOW, a_thread, an_issue

ROUNDS = 60
OPEN_ISSUES = 2000
PLACES = ("一号路", "望江路", "二期厂房", "职工宿舍", "东门", "食堂", "污水站", "班车站")
TROUBLES = ("停电了好几次", "招不到熟练工", "路灯不亮", "停水两天了", "积水过不去", "信号很差")
WISHES = ("请尽快派人来看", "请帮忙协调一下", "已经影响交货", "工人意见很大", "希望早点解决")


def run() -> list[tuple[str, str, str]]:
    """Rows for the benchmark's table: what, value, ratio."""
    return [
        *_measure_matters("of all kinds", _words),
        *_measure_matters(
            "all alike", lambda _, n: f"{n} 号车间今天第三次停电，冷库里的货保不住了"
        ),
    ]


def _measure_matters(
    what: str, words: Callable[[random.Random, int], str]
) -> list[tuple[str, str, str]]:
    chance = random.Random(20241014)
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{Path(folder) / 'exchange.db'}")
        migrate(database)
        with database.write() as db:
            mine = _file_issues(db, [words(chance, n) for n in range(OPEN_ISSUES)])
            asked = [words(chance, n) for n in range(OPEN_ISSUES, OPEN_ISSUES + ROUNDS)]
            timings = [_once(db, mine, text) for text in asked]
        database.close()
    query, compare = (statistics.median(column) * 1e3 for column in zip(*timings, strict=True))
    value = f"{query + compare:.2f} ms (query {query:.2f}, comparison {compare:.2f})"
    return [(f"same matter: {COMPARED} of {OPEN_ISSUES:,} open, {what}", value, "")]


def _once(db: Connection, mine: Issue, text: str) -> tuple[float, float]:
    began = perf_counter()
    known = duplicates.of_others(db, mine, NOW - RECENT, COMPARED)
    found = perf_counter()
    near = same_matter(text, known, NEAREST, category=mine.category)
    duplicates.titles(db, [matter.id for matter in near])
    assert len(known) == COMPARED
    return found - began, perf_counter() - found


def _file_issues(db: Connection, texts: Sequence[str]) -> Issue:
    """These words as open issues of others; and one of one's own."""
    threads = [a_thread(db, f"user {n}") for n in range(50)]
    kinds = ("用电", "交通出行", "用工")
    for n, text in enumerate(texts):
        fields = {"category": kinds[n % 3], "filed_at": NOW + timedelta(seconds=n)}
        issue = an_issue(threads[n % 50], f"YZ-20241014-{n + 1:05d}")
        made = issues.add(db, Issue(**{**vars(issue), **fields}))
        issues.record(db, made, Move.FILE, Origin(NOW, f"bench:{n}"), text=text)
    mine = an_issue(a_thread(db, "me"), "YZ-20241014-99999", category="用电")
    return issues.get(db, issues.add(db, mine))


def _words(chance: random.Random, n: int) -> str:
    parts = (chance.choice(PLACES), chance.choice(TROUBLES), chance.choice(WISHES))
    return f"{parts[0]}{n % 40}号{parts[1]}，{parts[2]}"

"""What taking 5,000 enterprises in costs, beside the bare reading of the file by openpyxl."""

import random
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC
from pathlib import Path
from time import perf_counter
from typing import TypeVar

from openpyxl import Workbook, load_workbook
from stdnum.cn import uscc

from bot import texts
from bot.registry.files import open_book
from bot.registry.importer import take_in
from bot.registry.report import Report, Rules
from storage.database import Database
from storage.migrate import migrate
from tests.bench.names import invent_names

FIRMS, LIAISONS = 5_000, 100
_COLUMNS = {
    "企业": ("企业名称", "信用代码", "简称", "网格", "标签", "地址", "联络员", "B角", "部门"),
    "人员": ("姓名", "角色", "手机", "企业名称"),
    "部门": ("部门",),
    "类别": ("类别",),
}
_TEXTS = texts.load(UTC)
T = TypeVar("T")


def run() -> list[tuple[str, str, str]]:
    """Rows for the benchmark's table: what, value, ratio."""
    with _scratch() as (path, database):
        bare, _ = _time_work(lambda: load_workbook(path))
        first, report = _time_work(lambda: _import_registry(path, database))
        again, same = _time_work(lambda: _import_registry(path, database))
    assert report.changes
    assert not report.refusal_count + same.refusal_count
    assert not same.changes
    return [
        (f"registry: {FIRMS:,} firms, openpyxl's reading alone", f"{bare:.2f} s", "1"),
        (
            f"registry: {FIRMS:,} firms and contacts, first import",
            f"{first:.2f} s",
            _ratio(first, bare),
        ),
        ("registry: the same file again", f"{again:.2f} s", _ratio(again, bare)),
    ]


def workbook(path: Path, firms: int) -> None:
    """A registry of invented firms, each with a contact and all its columns filled in."""
    chance, book = random.Random(20241014), Workbook()
    book.remove(book.worksheets[0])
    rows = {name: book.create_sheet(name) for name in _COLUMNS}
    for name, columns in _COLUMNS.items():
        rows[name].append(columns)
    for number in range(10):
        rows["部门"].append([f"部门{number}"])
    for number in range(LIAISONS):
        rows["人员"].append([f"联络员{number}", "联络员", f"137{number:08d}", ""])
    for number, name in enumerate(invent_names(firms)):
        code = f"91990000{number:09d}"
        one, two = (f"联络员{at}" for at in chance.sample(range(LIAISONS), 2))
        short, grid = f"{name[2:4]}{number}、{name[2:5]}{number}", f"网格{number % 20}"
        where, desk = f"创业路 {number} 号", f"部门{number % 10}"
        whole = code + uscc.calc_check_digit(code)
        rows["企业"].append([name, whole, short, grid, "规上、专精特新", where, one, two, desk])
        rows["人员"].append([f"联系人{number}", "联系人", f"138{number:08d}", name])
    book.save(path)


def _import_registry(path: Path, database: Database) -> Report:
    with database.write() as db:
        return take_in(db, open_book(path, _TEXTS), Rules(), _TEXTS)


@contextmanager
def _scratch() -> Iterator[tuple[Path, Database]]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "registry.xlsx"
        workbook(path, FIRMS)
        database = Database(f"sqlite:///{Path(folder) / 'exchange.db'}")
        migrate(database)
        yield path, database
        database.close()


def _time_work(work: Callable[[], T]) -> tuple[float, T]:
    began = perf_counter()
    done = work()
    return perf_counter() - began, done


def _ratio(one: float, other: float) -> str:
    return f"{one / other:.1f}"

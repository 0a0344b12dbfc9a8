"""What recognising a firm costs among 100,000 names, beside a plain scan by rapidfuzz."""

import random
import statistics
from collections.abc import Callable, Iterable
from time import perf_counter

from rapidfuzz import fuzz, process

from bot.core.classifier.sound import syllables
from bot.core.names.parts import LISTS
from bot.core.names.recognizer import NameEntry, NameIndex

FIRMS = 100_000
_QUERIES = 300
_SCANS = 5


def invent_names(count: int, seed: int = 20241014) -> list[str]:
    """`count` different names of firms that do not exist, made of places, syllables and trades."""
    chance = random.Random(seed)
    places = " ".join(LISTS[kind] for kind in ("provinces", "cities", "county_cities")).split()
    trades, forms = LISTS["trade"].split(), LISTS["complete"].split()
    brands = [chr(codepoint) for codepoint in syllables()][::3]
    names: dict[str, None] = {}
    while len(names) < count:
        brand = "".join(chance.choices(brands, k=chance.choice((2, 2, 3))))
        trade = "".join(chance.choices(trades, k=chance.choice((1, 1, 2))))
        names[chance.choice(places) + brand + trade + chance.choice(forms)] = None
    return list(names)


def run() -> list[tuple[str, str, str]]:
    """Rows for the benchmark's table: what, value, ratio."""
    names = invent_names(FIRMS)
    began = perf_counter()
    index = NameIndex.build(NameEntry(at, name) for at, name in enumerate(names))
    built = perf_counter() - began
    asked = random.Random(7).sample(names, _QUERIES)
    short = [name[2:6] for name in asked]
    scan = _median(lambda name: process.extractOne(name, names, scorer=fuzz.WRatio), short[:_SCANS])
    rows = [(f"names: {FIRMS:,} put in", f"{built:.1f} s", "")]
    for what, work, texts in (
        ("short name", index.find, short),
        ("whole name", index.find, asked),
        ("sentence", index.find_in, [f"我是{name}的，车间停电了" for name in short]),
    ):
        took = _median(work, texts)
        rows.append((f"names: {what}, median", f"{took * 1e3:.2f} ms", f"{scan / took:.0f}"))
    return [*rows, ("names: plain WRatio scan, median", f"{scan * 1e3:.0f} ms", "1")]


def _median(work: Callable[[str], object], texts: Iterable[str]) -> float:
    return statistics.median(_seconds(work, text) for text in texts)


def _seconds(work: Callable[[str], object], text: str) -> float:
    began = perf_counter()
    work(text)
    return perf_counter() - began

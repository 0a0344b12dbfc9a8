"""What a digest's picture costs, from its facts to its PNG, at every size of week; beside an empty
SVG that is painted in a process of its own all the same."""

from collections.abc import Callable
from functools import partial
from statistics import median
from time import perf_counter, process_time

from bot import texts
from bot.core.reports import charts
from bot.digest.picture import draw_picture
from bot.digest.rasterize import LARGEST, paint_in_subprocess, paint_picture
from tests.digest.weeks import WEEKS, ZONE

RUNS = 5
Row = tuple[str, str, str]


def run() -> list[Row]:
    """Rows for the benchmark's table: what, value, ratio to painting nothing."""
    spoken = texts.load(ZONE)
    nothing, _ = _time_painting(partial(charts.svg, 16, 16, ""))
    rows = [("digest's picture: a process that paints nothing", f"{nothing * 1e3:.0f} ms", "1.0")]
    for name, facts in WEEKS.items():
        took, size = _time_painting(partial(draw_picture, facts, spoken))
        assert size <= LARGEST, f"{name}: {size} bytes"
        cpu = _cpu(draw_picture(facts, spoken))
        value = f"{took * 1e3:.0f} ms (CPU {cpu * 1e3:.0f}), {size / 1000:.0f} KB"
        rows.append((f"digest's picture: {name}", value, f"{took / nothing:.1f}"))
    return rows


def _time_painting(svg: Callable[[], str]) -> tuple[float, int]:
    """Seconds of the median run, and the bytes of the picture."""
    took, size = [], 0
    for _ in range(RUNS):
        began = perf_counter()
        size = len(paint_in_subprocess(svg()))
        took.append(perf_counter() - began)
    return median(took), size


def _cpu(svg: str) -> float:
    """Seconds of one core that painting takes, whatever else the machine does."""
    began = process_time()
    paint_picture(svg)
    return process_time() - began

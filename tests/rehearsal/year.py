"""The whole year with its fifty Mondays, checked (`make rehearse`)."""

import sys
import tempfile
from datetime import date
from pathlib import Path
from time import process_time

from bot.clock import monotonic
from bot.rehearsal.rhythm import Plan
from tests.rehearsal.play import faults, play

START = date(2025, 1, 1)
"""Of this year and the next the holidays are known: no deadline is an estimate."""
CUTS = 0.002
SHOWN = 20


def main() -> int:
    """Twice: as it comes, and with the power cut again and again. The number of faults."""
    seed = int(sys.argv[1]) if len(sys.argv) > 1 else 1
    return sum(_year(Plan(START, seed=seed), cuts) for cuts in (0, CUTS))


def _year(plan: Plan, cuts: float) -> int:
    began, worked = monotonic(), process_time()
    with tempfile.TemporaryDirectory() as folder:
        played = play(plan, Path(folder), cuts)
        took, cpu = monotonic() - began, process_time() - worked
        found = [*faults(played, Path(folder)), *played.faults]
    heard, carried = played.heard, played.phones.carried
    speed = (heard + carried) / took
    print(f"seed {plan.seed}, cuts {cuts}: {heard} heard, {carried} sent, {speed:.0f}/s")
    print(
        f"{took:.0f} s ({cpu:.0f} s of processor time), {len(found)} faults",
        *found[:SHOWN],
        sep="\n",
        flush=True,
    )
    return len(found)


if __name__ == "__main__":
    sys.exit(min(main(), 1))

"""Every number of the year's digests, walls and ledger, recounted (part of `make rehearse`)."""

import asyncio
import sys
import tempfile
from datetime import date
from pathlib import Path

from bot.clock import monotonic
from bot.rehearsal.rhythm import Plan
from tests.recount.watching import differences, play

PLAN = Plan(date(2025, 12, 1), days=400, issues=2400, enterprises=300)
"""Over two New Years and every holiday of one."""
SHOWN = 20


def main() -> int:
    """The number of differences."""
    began = monotonic()
    with tempfile.TemporaryDirectory() as folder:
        rehearsal, looks = asyncio.run(play(PLAN, Path(folder)))
        found = list(differences(rehearsal, looks, Path(folder) / "rehearsal.db"))
    print(f"recount: {len(looks)} weeks, {rehearsal.heard} messages, {monotonic() - began:.0f} s")
    print(f"{len(found)} differences", *found[:SHOWN], sep="\n", flush=True)
    return len(found)


if __name__ == "__main__":
    sys.exit(min(main(), 1))

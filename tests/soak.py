"""The long ordeal (`make soak`): 2,000 messages, 20 kills, leases waited for."""

import random
import sys
import tempfile
from pathlib import Path

from bot.clock import monotonic
from tests.faults.killing import Ordeal

TOTAL, KILLS = 2000, 20


def main() -> None:
    """Run it with the seed given, or with any; the seed is printed so that it can be repeated."""
    seed = int(sys.argv[1]) if len(sys.argv) > 1 else random.randrange(10**6)
    print(f"{TOTAL} messages, {KILLS} kills, seed {seed}", flush=True)
    started = monotonic()
    with tempfile.TemporaryDirectory() as folder:
        ordeal = Ordeal(Path(folder), TOTAL, KILLS, seed)
        ordeal.run(impatient=False)
    repeats = ordeal.attempts - TOTAL
    print(f"every message in one issue, every notice sent; {repeats} deliveries repeated")
    print(f"{monotonic() - started:.0f} s")


if __name__ == "__main__":
    main()

"""A short ordeal; `make soak` is the long one."""

from pathlib import Path

import pytest

from tests.faults.killing import Ordeal


@pytest.mark.timeout(90)
def test_killed_at_random_moments_nothing_is_lost(tmp_path: Path) -> None:
    ordeal = Ordeal(tmp_path, total=150, kills=2)
    ordeal.run(impatient=True)
    assert ordeal.attempts > ordeal.total  # else no kill hit anything

"""What was done is not done twice, however it is asked at once."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from storage import once
from storage.database import Database
from tests.storage.rows import NOW

KEY = "wechat:gh_1:1"


def test_a_key_is_new_only_once(database: Database) -> None:
    with database.write() as db:
        assert once.claim(db, KEY, NOW)
        assert not once.claim(db, KEY, NOW)
    with database.write() as db:
        assert not once.claim(db, KEY, NOW)
        assert once.claim(db, KEY + "2", NOW)


def test_a_key_of_a_rolled_back_turn_is_free_again(database: Database) -> None:
    with database.write() as db:
        once.claim(db, KEY, NOW)
        db.rollback()
    with database.write() as db:
        assert once.claim(db, KEY, NOW)


@pytest.mark.parametrize("first_commits", [True, False], ids=["commits", "rolls back"])
def test_of_two_at_once_the_second_waits_for_the_first(
    database: Database, first_commits: bool
) -> None:
    claimed, second_is_there = threading.Event(), threading.Event()

    def first() -> None:
        with database.write() as db:
            assert once.claim(db, KEY, NOW)
            claimed.set()
            assert second_is_there.wait(10)
            if not first_commits:
                db.rollback()

    def second() -> bool:
        assert claimed.wait(10)
        second_is_there.set()
        with database.write() as db:
            return once.claim(db, KEY, NOW)

    with ThreadPoolExecutor(2) as both:
        before, after = both.submit(first), both.submit(second)
        before.result(20)
        assert after.result(20) is not first_commits


def test_of_ten_at_once_one_wins(database: Database) -> None:
    together = threading.Barrier(10)

    def claim(_: int) -> bool:
        together.wait(10)
        with database.write() as db:
            return once.claim(db, KEY, NOW)

    with ThreadPoolExecutor(10) as all_of_them:
        assert sum(all_of_them.map(claim, range(10))) == 1

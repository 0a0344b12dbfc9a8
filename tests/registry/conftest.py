"""A database of one kind, for what does not depend on the kind."""

from collections.abc import Iterator

import pytest

from storage.database import Database
from tests.databases import SqlitePlace


@pytest.fixture
def sqlite_database(sqlite_place: SqlitePlace) -> Iterator[Database]:
    with sqlite_place.create_migrated() as url:
        database = Database(url)
        yield database
        database.close()

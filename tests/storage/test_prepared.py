"""Statements that go straight to the driver do what SQLAlchemy would do with them."""

from contextlib import suppress
from datetime import UTC, datetime

import pytest
from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.exc import IntegrityError

from bot.core.people import Role
from storage.database import Database
from storage.people import people
from storage.prepared import Prepared
from storage.statements import insert_into
from storage.tables.delivery import threads
from storage.tables.once import once
from storage.tables.people import people as rows

NOON = datetime(2024, 10, 14, 4, tzinfo=UTC)


def test_values_keep_their_types_on_the_way_in_and_out(database: Database) -> None:
    add = Prepared(insert(threads).returning(*threads.c))
    with database.write() as db:
        menu = {"options": {"1": "受理"}}
        (row,) = add(db, channel="local", address="a", heard_at=NOON, menu=menu, sends=0)
        assert (row["heard_at"], row["menu"], row["left_at"]) == (NOON, menu, None)
        with pytest.raises(Exception, match="naive"):
            add(db, channel="local", address="b", heard_at=NOON.replace(tzinfo=None), sends=0)


def test_rows_are_what_a_usual_execution_gives(database: Database) -> None:
    statement = select(rows).where(rows.c.role == bindparam("role")).order_by(rows.c.id)
    with database.write() as db:
        for name in ("甲", "乙"):
            people.add_person(db, name, Role.LIAISON)
        usual = [dict(row) for row in db.execute(statement, {"role": Role.LIAISON}).mappings()]
        assert Prepared(statement)(db, role=Role.LIAISON) == usual
        assert Prepared(statement).first(db, role=Role.LEADER) is None


def test_an_update_sets_the_columns_that_are_named(database: Database) -> None:
    change = Prepared(update(rows).where(rows.c.id == bindparam("person")))
    with database.write() as db:
        person = people.add_person(db, "甲", Role.LIAISON, phone="13900000000")
        assert change(db, person=person, name="乙") == []
        assert change(db, person=person, phone="") == []
        changed = people.get(db, person)
    assert (changed.name, changed.phone) == ("乙", "")


def test_it_is_part_of_the_transaction(database: Database) -> None:
    claim = Prepared(build=lambda dialect: insert_into(dialect, once).returning(once.c.key))
    with suppress(ZeroDivisionError), database.write() as db:
        claim(db, key="k", at=NOON)
        _ = 1 / 0
    with database.write() as db:
        assert claim(db, key="k", at=NOON) == [{"key": "k"}]


def test_a_fault_is_the_one_that_sqlalchemy_would_raise(database: Database) -> None:
    claim = Prepared(insert(once))
    with database.write() as db:
        claim(db, key="k", at=NOON)
    with pytest.raises(IntegrityError), database.write() as db:
        claim(db, key="k", at=NOON)


def test_a_list_cannot_be_prepared(tmp_path: object) -> None:
    listed = Prepared(select(once).where(once.c.key.in_(["a", "b"])))
    database = Database(f"sqlite:///{tmp_path}/exchange.db")
    with database.write() as db, pytest.raises(ValueError, match="a list"):
        listed(db)
    database.close()

"""Statements that go straight to the driver do what SQLAlchemy would do with them."""

from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import pytest
import sqlalchemy
from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.dialects.sqlite.pysqlite import dialect as sqlite_dialect
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


def test_sqlalchemy_still_has_what_is_taken_from_it() -> None:
    """Inner parts of SQLAlchemy, each as `storage.prepared` uses it. When this fails after an
    upgrade, `storage.prepared` is what must follow; nothing else knows of them."""
    assert sqlalchemy.__version__.startswith("2.1."), "read storage/prepared.py before going on"
    dialect = sqlite_dialect()
    statement = select(rows.c.id, rows.c.role).where(
        rows.c.role == bindparam("role"), rows.c.name == bindparam("name"), rows.c.phone == "1"
    )
    compiled: Any = statement.compile(dialect=dialect)
    assert compiled.string.count("?") == len(compiled.positiontup) == 3
    assert compiled.positiontup[:2] == ["role", "name"]
    assert set(compiled.binds) >= set(compiled.positiontup)
    values = compiled.construct_params({"role": None, "name": None})
    assert [values[name] for name in compiled.positiontup] == [None, None, "1"]
    kind = compiled.binds["role"].type.dialect_impl(dialect)
    assert kind.bind_processor(dialect)(Role.LEADER) == "leader"
    assert [column.key for column in statement.exported_columns] == ["id", "role"]
    (_, role) = statement.exported_columns
    read = role.type.dialect_impl(dialect).result_processor(dialect, None)
    assert read is not None
    assert read("leader") is Role.LEADER
    changed: Any = update(rows).compile(dialect=dialect, column_keys=["phone"])
    assert changed.string == "UPDATE people SET phone=?"


def test_a_list_cannot_be_prepared(tmp_path: object) -> None:
    listed = Prepared(select(once).where(once.c.key.in_(["a", "b"])))
    database = Database(f"sqlite:///{tmp_path}/exchange.db")
    with database.write() as db, pytest.raises(ValueError, match="a list"):
        listed(db)
    database.close()

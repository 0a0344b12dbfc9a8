"""Runs what every message needs with as little around it as can be.

An execution by SQLAlchemy costs nine times what SQLite itself needs for it, and one message makes
twenty of them on the one thread that writes.

For this it takes from a compiled statement what SQLAlchemy does not promise to keep: `positiontup`,
`binds`, `construct_params`, and the processors of the types (`dialect_impl`, `bind_processor`,
`result_processor`). Doing without them means the slow way. So `pyproject.toml` keeps SQLAlchemy
below the next minor version, and `tests/storage/test_prepared.py` names each of them: whoever lifts
the bound sees there what has changed.
"""

import sqlite3
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Dialect
from sqlalchemy.exc import DBAPIError

Convert = Callable[[Any], Any] | None


@dataclass(frozen=True)
class _Plan:
    """A statement as the driver takes it: its text, its values in order, its columns."""

    sql: str
    binds: tuple[tuple[str, Any, Convert], ...]
    columns: tuple[tuple[str, Convert], ...]

    def run(self, raw: Any, values: Mapping[str, Any]) -> list[dict[str, Any]]:
        return [self._row(row) for row in self.fetch(raw, values)]

    def fetch(self, raw: Any, values: Mapping[str, Any]) -> list[Any]:
        given = []
        for name, default, convert in self.binds:
            value = values.get(name, default)
            given.append(convert(value) if convert else value)
        try:
            rows: list[Any] = raw.execute(self.sql, given).fetchall()
        except sqlite3.Error as fault:
            raise DBAPIError.instance(self.sql, given, fault, sqlite3.Error) from fault
        return rows

    def _row(self, row: Sequence[Any]) -> dict[str, Any]:
        return {
            name: convert(value) if convert else value
            for (name, convert), value in zip(self.columns, row, strict=True)
        }


class Prepared:
    """A statement with `bindparam`s, or, where the databases spell it differently, what builds it
    for a dialect by its name. Lists of values cannot be bound.

    SQLAlchemy compiles it and converts values by the columns' types. On SQLite it then goes
    straight to the driver; on PostgreSQL, where the way to the server is what costs, it is executed
    as any other.
    """

    def __init__(self, statement: Any = None, *, build: Callable[[str], Any] | None = None) -> None:
        self._build = build or (lambda _dialect: statement)
        self._statements: dict[str, Any] = {}
        self._plans: dict[tuple[str, ...], _Plan] = {}

    def __call__(self, db: Connection, **values: Any) -> list[dict[str, Any]]:
        """Run it in the transaction of `db`; the rows it returns, by column."""
        if db.dialect.name != "sqlite":
            result = db.execute(self._for(db.dialect), values)
            return [dict(row) for row in result.mappings()] if result.returns_rows else []
        return self._plan(db, values).run(db.connection.driver_connection, values)

    def plain(self, db: Connection, **values: Any) -> list[Any]:
        """The rows as tuples, as the driver has them: for hundreds of numbers and texts."""
        if db.dialect.name != "sqlite":
            return list(db.execute(self._for(db.dialect), values))
        return self._plan(db, values).fetch(db.connection.driver_connection, values)

    def first(self, db: Connection, **values: Any) -> dict[str, Any] | None:
        """The first row, or None."""
        rows = self(db, **values)
        return rows[0] if rows else None

    def _plan(self, db: Connection, values: Mapping[str, Any]) -> _Plan:
        names = tuple(values)
        plan = self._plans.get(names)
        if plan is None:
            plan = self._plans[names] = _build_plan(self._for(db.dialect), db.dialect, names)
        if not db.in_transaction():
            db.begin()
        return plan

    def _for(self, dialect: Dialect) -> Any:
        if dialect.name not in self._statements:
            self._statements[dialect.name] = self._build(dialect.name)
        return self._statements[dialect.name]


def _build_plan(statement: Any, dialect: Dialect, names: tuple[str, ...]) -> _Plan:
    keys = None if statement.is_select else [name for name in names if name in statement.table.c]
    compiled = statement.compile(dialect=dialect, column_keys=keys)
    if "POSTCOMPILE" in compiled.string:
        raise ValueError(f"a list in a prepared statement: {compiled.string}")
    defaults = compiled.construct_params(dict.fromkeys(names))
    binds = (
        (name, defaults[name], _to_driver(compiled, name, dialect)) for name in compiled.positiontup
    )
    columns = getattr(statement, "exported_columns", ())
    return _Plan(
        compiled.string,
        tuple(binds),
        tuple((column.key, _from_driver(column.type, dialect)) for column in columns),
    )


def _to_driver(compiled: Any, name: str, dialect: Dialect) -> Convert:
    kind = compiled.binds[name].type
    convert: Convert = kind.dialect_impl(dialect).bind_processor(dialect)
    return convert


def _from_driver(kind: Any, dialect: Dialect) -> Convert:
    convert: Convert = kind.dialect_impl(dialect).result_processor(dialect, None)
    return convert

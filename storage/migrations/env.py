"""Runs the migrations on the connection that `storage.migrate` hands over."""

from typing import Any, Literal

from alembic import context
from sqlalchemy import JSON
from sqlalchemy.types import TypeDecorator
from sqlmodel import SQLModel

import storage.tables  # noqa: F401 - fills the metadata
from storage.columns import Moment, Word


def _plain(kind: str, item: Any, _context: Any) -> str | Literal[False]:
    """Write migrations in plain SQL types: they must not change when our types do."""
    if kind == "type" and isinstance(item, Moment):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(item, Word):
        return "sa.String(length=32)"
    if kind == "type" and isinstance(item, TypeDecorator) and isinstance(item.impl_instance, JSON):
        return "sa.JSON()"
    if kind == "type" and type(item).__name__ == "AutoString":
        return f"sa.String(length={item.length})"
    return False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=SQLModel.metadata,
    render_as_batch=True,
    transactional_ddl=True,
    render_item=_plain,
)
context.run_migrations()

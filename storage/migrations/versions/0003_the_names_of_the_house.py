"""Names what is kept by its one name: service level (时限) and project (项目).

Every step is a renaming: no row is copied, and all happen together or not at all.
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

OPEN = sa.text("done_on IS NULL AND dropped_at IS NULL")
CONSTRAINTS = "SELECT conname FROM pg_constraint WHERE conrelid = CAST(:table AS regclass)"
"""PostgreSQL names them after the table, which ones depends on its version, and leaves them so when
the table is renamed."""


def upgrade() -> None:
    for table in ("issues", "categories"):
        op.execute(f"ALTER TABLE {table} RENAME COLUMN promise TO service_level")
    rename_plans("project_courses", "project_plans")


def downgrade() -> None:
    rename_plans("project_plans", "project_courses")
    for table in ("categories", "issues"):
        op.execute(f"ALTER TABLE {table} RENAME COLUMN service_level TO promise")


def rename_plans(old: str, new: str) -> None:
    """The table with its index and its constraints."""
    op.drop_index(f"{old}_open", table_name=old)
    op.rename_table(old, new)
    op.create_index(f"{new}_open", new, ["target"], sqlite_where=OPEN, postgresql_where=OPEN)
    db = op.get_bind()
    if db.dialect.name == "postgresql":
        for name in db.execute(sa.text(CONSTRAINTS), {"table": new}).scalars().all():
            after = name.replace(old, new)
            op.execute(f'ALTER TABLE {new} RENAME CONSTRAINT "{name}" TO "{after}"')

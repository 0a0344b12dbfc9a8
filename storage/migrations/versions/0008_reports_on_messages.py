"""Outbox rows know the name by which a platform reports on the message that carried them.

A template message that failed later (TEMPLATESENDJOBFINISH) is found by it and counts as 未送达.
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

NAMED = sa.text("report_id IS NOT NULL")


def upgrade() -> None:
    op.add_column("outbox", sa.Column("report_id", sa.String(length=80), nullable=True))
    op.create_index(
        "outbox_report", "outbox", ["report_id"], sqlite_where=NAMED, postgresql_where=NAMED
    )


def downgrade() -> None:
    op.drop_index("outbox_report", table_name="outbox")
    op.drop_column("outbox", "report_id")

"""Queues: for each thread for which messages wait, when the postman looks at it next; so that a
claim costs what it takes, not what waits."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
WAITS = "sent_at IS NULL AND gave_up_at IS NULL"
INDICES = {
    "outbox_look": (["urgent", "look_at", "id"], "look_at IS NOT NULL"),
    "outbox_queued": (
        ["thread_id", "id"],
        f"{WAITS} AND held_at IS NULL AND look_at IS NULL",
    ),
    "outbox_busy": (
        ["thread_id"],
        f"{WAITS} AND held_at IS NULL AND (leased_until IS NOT NULL OR retry_at IS NOT NULL)",
    ),
    "outbox_held": (["thread_id"], f"{WAITS} AND held_at IS NOT NULL"),
}


def upgrade() -> None:
    op.create_table(
        "queues",
        sa.Column("thread_id", BIG, sa.ForeignKey("threads.id"), primary_key=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("urgent", sa.Boolean(), nullable=False),
    )
    op.create_index("queues_due", "queues", ["urgent", "due_at"])
    op.add_column(
        "outbox", sa.Column("urgent", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    op.add_column("outbox", sa.Column("look_at", sa.DateTime(timezone=True), nullable=True))
    # All that waits is looked at anew; the first claims bring it to the queues.
    op.execute(
        "UPDATE outbox SET look_at = not_before"
        " WHERE sent_at IS NULL AND gave_up_at IS NULL AND held_at IS NULL"
    )
    for name, (columns, where) in INDICES.items():
        condition = sa.text(where)
        op.create_index(name, "outbox", columns, sqlite_where=condition, postgresql_where=condition)


def downgrade() -> None:
    for name in reversed(INDICES):
        op.drop_index(name, table_name="outbox")
    op.drop_column("outbox", "look_at")
    op.drop_column("outbox", "urgent")
    op.drop_table("queues")

"""Who left, and whose a phone was before."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    with op.batch_alter_table("people", schema=None) as batch_op:
        batch_op.add_column(sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("successor_id", BIG, nullable=True))
    with op.batch_alter_table("threads", schema=None) as batch_op:
        batch_op.add_column(sa.Column("former_id", BIG, nullable=True))
        batch_op.create_index("ix_threads_former_id", ["former_id"])
    op.create_table(
        "departures",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("person_id", BIG, sa.ForeignKey("people.id"), nullable=False),
        sa.Column("parting", sa.String(length=32), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("successor_id", BIG, sa.ForeignKey("people.id"), nullable=True),
        sa.Column("by_id", BIG, sa.ForeignKey("people.id"), nullable=True),
        sa.Column("thread_id", BIG, sa.ForeignKey("threads.id"), nullable=True),
        sa.Column("because", sa.String(length=255), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_departures_person_id", "departures", ["person_id"])
    op.create_index("ix_departures_thread_id", "departures", ["thread_id"])


def downgrade() -> None:
    op.drop_table("departures")
    with op.batch_alter_table("threads", schema=None) as batch_op:
        batch_op.drop_index("ix_threads_former_id")
        batch_op.drop_column("former_id")
    with op.batch_alter_table("people", schema=None) as batch_op:
        batch_op.drop_column("successor_id")
        batch_op.drop_column("ended_at")

"""Calls that firms asked for: who was asked to make them, who took them, when they were made."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
WAITING = sa.text("next_due_at IS NOT NULL")


def upgrade() -> None:
    op.create_table(
        "calls",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("thread_id", BIG, sa.ForeignKey("threads.id"), nullable=False),
        sa.Column("person_id", BIG, sa.ForeignKey("people.id"), nullable=True),
        sa.Column("enterprise_id", BIG, sa.ForeignKey("enterprises.id"), nullable=True),
        sa.Column("issue_id", BIG, sa.ForeignKey("issues.id"), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("urgent", sa.Boolean(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("rung", sa.String(length=32), nullable=False),
        sa.Column("asked_of", sa.JSON(), nullable=False),
        sa.Column("next_due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("taken_by", BIG, sa.ForeignKey("people.id"), nullable=True),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("because", sa.String(length=255), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_calls_thread_id", "calls", ["thread_id"])
    op.create_index("ix_calls_person_id", "calls", ["person_id"])
    op.create_index("ix_calls_taken_by", "calls", ["taken_by"])
    op.create_index(
        "calls_due",
        "calls",
        ["next_due_at"],
        sqlite_where=WAITING,
        postgresql_where=WAITING,
    )


def downgrade() -> None:
    op.drop_table("calls")

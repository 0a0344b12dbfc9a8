"""Words to an enterprise that their writer may still keep back for some seconds."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
WAITING = sa.text("settled_at IS NULL")


def upgrade() -> None:
    op.create_table(
        "held_words",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("thread_id", BIG, sa.ForeignKey("threads.id"), nullable=False),
        sa.Column("person_id", BIG, sa.ForeignKey("people.id"), nullable=False),
        sa.Column("issue_id", BIG, sa.ForeignKey("issues.id"), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("media_id", BIG, sa.ForeignKey("media.id"), nullable=True),
        sa.Column("because", sa.String(length=255), nullable=False, unique=True),
        sa.Column("held_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("fate", sa.String(length=16), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_held_words_thread_id", "held_words", ["thread_id"])
    op.create_index(
        "held_words_due",
        "held_words",
        ["due_at"],
        sqlite_where=WAITING,
        postgresql_where=WAITING,
    )


def downgrade() -> None:
    op.drop_table("held_words")

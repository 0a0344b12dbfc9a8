"""What people mean: questions whether something is a matter, and what was corrected.

`unverified` marks an issue that was filed because such a question was not answered.
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
WAITING = sa.text("settled_at IS NULL")


def upgrade() -> None:
    op.add_column(
        "issues",
        sa.Column("unverified", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
    op.create_table(
        "act_lessons",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("act", sa.String(length=32), nullable=False),
        sa.Column("role", sa.String(length=32), nullable=False),
        sa.Column("because", sa.String(length=255), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("void", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_act_lessons_because", "act_lessons", ["because"])
    op.create_index("ix_act_lessons_void", "act_lessons", ["void"])
    op.create_table(
        "matter_questions",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("thread_id", BIG, sa.ForeignKey("threads.id"), nullable=False),
        sa.Column("person_id", BIG, sa.ForeignKey("people.id"), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("media_id", BIG, sa.ForeignKey("media.id"), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("issue_id", BIG, sa.ForeignKey("issues.id"), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_matter_questions_thread_id", "matter_questions", ["thread_id"])
    op.create_index(
        "matter_questions_due",
        "matter_questions",
        ["due_at"],
        sqlite_where=WAITING,
        postgresql_where=WAITING,
    )


def downgrade() -> None:
    op.drop_table("matter_questions")
    op.drop_table("act_lessons")
    op.drop_column("issues", "unverified")

"""Sealed matters (密): their kind, who is meant in them, and the log of who saw what.

What was filed before is not sealed: its words have been read, and its writer may still seal it.
"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
SEALED = sa.text("sealed IS NOT NULL")


def upgrade() -> None:
    op.add_column("issues", sa.Column("sealed", sa.String(length=32), nullable=True))
    op.create_index("issues_sealed", "issues", ["id"], sqlite_where=SEALED, postgresql_where=SEALED)
    for name in ("sealed_named", "sealed_readers"):
        op.create_table(
            name,
            sa.Column("issue_id", BIG, sa.ForeignKey("issues.id"), nullable=False),
            sa.Column("person_id", BIG, sa.ForeignKey("people.id"), nullable=False),
            sa.PrimaryKeyConstraint("issue_id", "person_id"),
        )
        op.create_index(f"ix_{name}_person_id", name, ["person_id"])
    op.create_table(
        "view_log",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen", sa.String(length=32), nullable=False),
        sa.Column("person_id", BIG, sa.ForeignKey("people.id"), nullable=True),
        sa.Column("issue_id", BIG, sa.ForeignKey("issues.id"), nullable=True),
        sa.Column("about_id", BIG, sa.ForeignKey("people.id"), nullable=True),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("view_log_issue", "view_log", ["issue_id", "id"])
    op.create_index("view_log_at", "view_log", ["at"])


def downgrade() -> None:
    op.drop_table("view_log")
    op.drop_table("sealed_readers")
    op.drop_table("sealed_named")
    op.drop_index("issues_sealed", "issues")
    op.drop_column("issues", "sealed")

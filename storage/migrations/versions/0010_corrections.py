"""What is corrected in minutes after a session was closed, and what takes a correction back."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    with op.batch_alter_table("session_events") as table:
        table.add_column(sa.Column("changes", sa.JSON(), nullable=False, server_default="[]"))
        table.add_column(sa.Column("undoes", BIG, nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("session_events") as table:
        table.drop_column("undoes")
        table.drop_column("changes")

"""What an evening holds: its own length, who came for an item, how long one waits, who knows."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "sessions", sa.Column("minutes", sa.Integer(), server_default="0", nullable=False)
    )
    op.add_column(
        "agenda_items", sa.Column("came", sa.Boolean(), server_default=sa.false(), nullable=False)
    )
    op.add_column("agenda_items", sa.Column("wait", sa.Integer(), nullable=True))
    op.add_column(
        "agenda_items", sa.Column("told", sa.String(length=32), server_default="", nullable=False)
    )


def downgrade() -> None:
    for name in ("told", "wait", "came"):
        op.drop_column("agenda_items", name)
    op.drop_column("sessions", "minutes")

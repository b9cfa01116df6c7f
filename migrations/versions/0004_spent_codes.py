"""Blind codes of entries that were taken out of a round again: never to be drawn a second time."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.create_table(
        "spent_codes",
        sa.Column("contest_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=12), nullable=False),
        sa.Column("spent_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["contest_id"], ["contests.id"], name=op.f("fk_spent_codes_contest_id_contests")),
        sa.PrimaryKeyConstraint("contest_id", "code", name=op.f("pk_spent_codes")),
    )


def downgrade() -> None:
    op.drop_table("spent_codes")

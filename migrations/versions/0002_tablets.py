"""The tablets judges mark on, as they last spoke."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.create_table(
        "tablets",
        sa.Column("device", sa.String(length=64), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("unsent", sa.Integer(), nullable=False),
        sa.Column("refused", sa.Integer(), nullable=False),
        sa.Column("kept", sa.Integer(), nullable=False),
        sa.Column("battery", sa.Integer(), nullable=True),
        sa.Column("is_charging", sa.Boolean(), nullable=False),
        sa.Column("clock_off", sa.Integer(), nullable=False),
        sa.Column("version", sa.String(length=20), nullable=False),
        sa.Column("agent", sa.String(length=60), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_tablets_account_id_accounts")),
        sa.PrimaryKeyConstraint("device", "account_id", name=op.f("pk_tablets")),
    )
    with op.batch_alter_table("tablets", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_tablets_account_id"), ["account_id"], unique=False)


def downgrade() -> None:
    op.drop_table("tablets")

"""What each member of a panel says of a joint sheet."""

import sqlalchemy as sa
from alembic import op

from contest.db import append_only_ddl

revision = "0008"
down_revision = "0007"

TABLE = "joint_consents"


def upgrade() -> None:
    op.create_table(
        TABLE,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("assignment_id", sa.Integer(), nullable=False),
        sa.Column("panel_member_id", sa.Integer(), nullable=False),
        sa.Column("version_uuid", sa.String(length=36), nullable=False),
        sa.Column("stance", sa.String(length=12), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["assignment_id"], ["assignments.id"], name=op.f("fk_joint_consents_assignment_id_assignments")
        ),
        sa.ForeignKeyConstraint(["by_id"], ["accounts.id"], name=op.f("fk_joint_consents_by_id_accounts")),
        sa.ForeignKeyConstraint(
            ["panel_member_id"], ["panel_members.id"], name=op.f("fk_joint_consents_panel_member_id_panel_members")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_joint_consents")),
    )
    with op.batch_alter_table(TABLE, schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_joint_consents_assignment_id"), ["assignment_id"], unique=False)
    for statement, dialect in append_only_ddl(TABLE):
        if dialect == op.get_bind().dialect.name:
            op.execute(statement)


def downgrade() -> None:
    op.drop_table(TABLE)
    if op.get_bind().dialect.name == "postgresql":
        op.execute(f"DROP FUNCTION {TABLE}_append_only()")

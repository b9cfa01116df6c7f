"""What judges know well, and the plan of who marks what as it was last worked out."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.create_table(
        "judge_topics",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("panel_member_id", sa.Integer(), nullable=False),
        sa.Column("category_id", sa.Integer(), nullable=True),
        sa.Column("field_of_work_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["panel_member_id"], ["panel_members.id"], name=op.f("fk_judge_topics_panel_member_id_panel_members")
        ),
        sa.ForeignKeyConstraint(
            ["category_id"], ["categories.id"], name=op.f("fk_judge_topics_category_id_categories"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["field_of_work_id"],
            ["fields_of_work.id"],
            name=op.f("fk_judge_topics_field_of_work_id_fields_of_work"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_judge_topics")),
        sa.UniqueConstraint("panel_member_id", "category_id", name=op.f("uq_judge_topics_panel_member_id_category_id")),
        sa.UniqueConstraint(
            "panel_member_id", "field_of_work_id", name=op.f("uq_judge_topics_panel_member_id_field_of_work_id")
        ),
    )
    with op.batch_alter_table("judge_topics", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_judge_topics_panel_member_id"), ["panel_member_id"], unique=False)
    op.create_table(
        "assignment_plans",
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("moving", sa.String(length=12), nullable=False),
        sa.Column("wishes", sa.JSON(), nullable=False),
        sa.Column("inputs", sa.JSON(), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("job_id", sa.Integer(), nullable=True),
        sa.Column("made_by_id", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["round_id"], ["rounds.id"], name=op.f("fk_assignment_plans_round_id_rounds")),
        sa.ForeignKeyConstraint(["made_by_id"], ["accounts.id"], name=op.f("fk_assignment_plans_made_by_id_accounts")),
        sa.PrimaryKeyConstraint("round_id", name=op.f("pk_assignment_plans")),
    )


def downgrade() -> None:
    op.drop_table("assignment_plans")
    op.drop_table("judge_topics")

"""A certificate that was taken back can be followed by another for the same prize; one at most is in force."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"

IN_FORCE = sa.text("revoked_at IS NULL")


def upgrade() -> None:
    with op.batch_alter_table("certificates", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("uq_certificates_award_id"), type_="unique")
        batch_op.create_index(batch_op.f("ix_certificates_award_id"), ["award_id"], unique=False)
        batch_op.create_index(
            "uq_certificates_in_force", ["award_id"], unique=True, sqlite_where=IN_FORCE, postgresql_where=IN_FORCE
        )


def downgrade() -> None:
    with op.batch_alter_table("certificates", schema=None) as batch_op:
        batch_op.drop_index("uq_certificates_in_force")
        batch_op.drop_index(batch_op.f("ix_certificates_award_id"))
        batch_op.create_unique_constraint(op.f("uq_certificates_award_id"), ["award_id"])

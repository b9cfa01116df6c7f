"""Texts that are alike: fingerprints, reference texts, pairs, and what was decided on them."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.create_table(
        "reference_texts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("contest_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("source", sa.String(length=300), nullable=False),
        sa.Column("is_known", sa.Boolean(), nullable=False),
        sa.Column("storage_key", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("error", sa.String(length=40), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("words", sa.Integer(), nullable=True),
        sa.Column("added_by_id", sa.Integer(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["added_by_id"], ["accounts.id"], name=op.f("fk_reference_texts_added_by_id_accounts")),
        sa.ForeignKeyConstraint(["contest_id"], ["contests.id"], name=op.f("fk_reference_texts_contest_id_contests")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reference_texts")),
    )
    op.create_index(op.f("ix_reference_texts_contest_id"), "reference_texts", ["contest_id"])
    op.create_table(
        "fingerprints",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("contest_id", sa.Integer(), nullable=False),
        sa.Column("entry_id", sa.Integer(), nullable=True),
        sa.Column("version_id", sa.Integer(), nullable=True),
        sa.Column("reference_id", sa.Integer(), nullable=True),
        sa.Column("text_sha256", sa.String(length=64), nullable=False),
        sa.Column("algorithm", sa.Integer(), nullable=False),
        sa.Column("words", sa.Integer(), nullable=False),
        sa.Column("hashes", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("compared_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["contest_id"], ["contests.id"], name=op.f("fk_fingerprints_contest_id_contests")),
        sa.ForeignKeyConstraint(["entry_id"], ["entries.id"], name=op.f("fk_fingerprints_entry_id_entries")),
        sa.ForeignKeyConstraint(
            ["reference_id"], ["reference_texts.id"], name=op.f("fk_fingerprints_reference_id_reference_texts")
        ),
        sa.ForeignKeyConstraint(
            ["version_id"], ["entry_versions.id"], name=op.f("fk_fingerprints_version_id_entry_versions")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fingerprints")),
        sa.UniqueConstraint(
            "entry_id", "text_sha256", "algorithm", name=op.f("uq_fingerprints_entry_id_text_sha256_algorithm")
        ),
        sa.UniqueConstraint("reference_id", "algorithm", name=op.f("uq_fingerprints_reference_id_algorithm")),
    )
    op.create_index(op.f("ix_fingerprints_contest_id"), "fingerprints", ["contest_id"])
    op.create_index(op.f("ix_fingerprints_version_id"), "fingerprints", ["version_id"])
    op.create_table(
        "like_pairs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("contest_id", sa.Integer(), nullable=False),
        sa.Column("one_id", sa.Integer(), nullable=False),
        sa.Column("other_id", sa.Integer(), nullable=False),
        sa.Column("unlike", sa.Integer(), nullable=False),
        sa.Column("one_shared", sa.Integer(), nullable=False),
        sa.Column("other_shared", sa.Integer(), nullable=False),
        sa.Column("passages", sa.JSON(), nullable=False),
        sa.Column("is_shown", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("found_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["contest_id"], ["contests.id"], name=op.f("fk_like_pairs_contest_id_contests")),
        sa.ForeignKeyConstraint(["one_id"], ["fingerprints.id"], name=op.f("fk_like_pairs_one_id_fingerprints")),
        sa.ForeignKeyConstraint(["other_id"], ["fingerprints.id"], name=op.f("fk_like_pairs_other_id_fingerprints")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_like_pairs")),
        sa.UniqueConstraint("one_id", "other_id", name=op.f("uq_like_pairs_one_id_other_id")),
    )
    op.create_index("ix_like_pairs_contest_id_unlike", "like_pairs", ["contest_id", "unlike", "id"])
    op.create_index(op.f("ix_like_pairs_other_id"), "like_pairs", ["other_id"])
    op.create_table(
        "like_decisions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("pair_id", sa.Integer(), nullable=False),
        sa.Column("verdict", sa.String(length=12), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["accounts.id"], name=op.f("fk_like_decisions_by_id_accounts")),
        sa.ForeignKeyConstraint(["pair_id"], ["like_pairs.id"], name=op.f("fk_like_decisions_pair_id_like_pairs")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_like_decisions")),
    )
    op.create_index(op.f("ix_like_decisions_pair_id"), "like_decisions", ["pair_id"])
    _forbid_changes("like_decisions")


def _forbid_changes(table: str) -> None:
    """The database itself refuses to rewrite what was decided."""
    if op.get_bind().dialect.name == "sqlite":
        for verb in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            )
        return
    op.execute(
        f"CREATE FUNCTION {table}_append_only() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{table} is append-only'; END $$"
    )
    op.execute(
        f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} "
        f"FOR EACH ROW EXECUTE FUNCTION {table}_append_only()"
    )


def downgrade() -> None:
    for table in ("like_decisions", "like_pairs", "fingerprints", "reference_texts"):
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION like_decisions_append_only()")

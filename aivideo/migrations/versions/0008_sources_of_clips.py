"""Clips know their files and why they cannot be had; answers and consents are kept."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"

_OWNED = (
    ("id", sa.String(length=36)),
    ("owner_id", sa.String(length=64)),
)


def upgrade() -> None:
    """Bring the tables forward."""
    with op.batch_alter_table("clips") as clips:
        for name in ("description", "licence_text", "picture_address"):
            clips.add_column(sa.Column(name, sa.String(), nullable=False, server_default=""))
        clips.add_column(sa.Column("media", sa.JSON(), nullable=False, server_default="[]"))
        clips.add_column(sa.Column("refused_code", sa.String(), nullable=True))
        clips.add_column(sa.Column("refused_message", sa.String(), nullable=True))
    with op.batch_alter_table("searches") as searches:
        searches.alter_column("source", type_=sa.String(length=200))
        for name in ("reasons", "failures"):
            searches.add_column(sa.Column(name, sa.JSON(), nullable=False, server_default="[]"))
        searches.add_column(
            sa.Column("reusable", sa.Boolean(), nullable=False, server_default=sa.true())
        )
    with op.batch_alter_table("clip_selections") as selections:
        for name in ("chosen_text", "found_by"):
            selections.add_column(sa.Column(name, sa.String(), nullable=False, server_default=""))
        selections.add_column(
            sa.Column("offset_seconds", sa.Double(), nullable=False, server_default="0")
        )
        selections.add_column(sa.Column("chosen_at", sa.String(length=40), nullable=True))
    op.create_table(
        "answers",
        *(sa.Column(name, kind, nullable=False) for name, kind in _OWNED),
        sa.Column("source", sa.String(length=32), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("question", sa.JSON(), nullable=False),
        sa.Column("answer", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.String(length=40), nullable=False),
        sa.Column("expires_at", sa.String(length=40), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answers")),
        sa.UniqueConstraint("owner_id", "source", "key", name="uq_answers_question"),
    )
    op.create_table(
        "consents",
        *(sa.Column(name, kind, nullable=False) for name, kind in _OWNED),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("given_at", sa.String(length=40), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consents")),
        sa.UniqueConstraint("owner_id", "kind", name="uq_consents_kind"),
    )

"""Levels of narration and clip sound; captions as ASS and the quality beside a video."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Bring the tables forward."""
    with op.batch_alter_table("scenes", schema=None) as batch_op:
        batch_op.add_column(sa.Column("level_db", sa.Double(), nullable=False, server_default="0"))
    with op.batch_alter_table("clip_selections", schema=None) as batch_op:
        batch_op.add_column(sa.Column("sound_level_db", sa.Double(), nullable=True))
    with op.batch_alter_table("rendered_videos", schema=None) as batch_op:
        batch_op.add_column(sa.Column("ass_path", sa.String(), nullable=False, server_default=""))
        batch_op.add_column(
            sa.Column("quality", sa.String(length=16), nullable=False, server_default="standard")
        )

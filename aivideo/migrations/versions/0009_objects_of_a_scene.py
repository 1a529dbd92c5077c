"""Scenes know the things that can be seen in them."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Bring the tables forward."""
    with op.batch_alter_table("scenes") as scenes:
        scenes.add_column(sa.Column("objects", sa.JSON(), nullable=False, server_default="[]"))

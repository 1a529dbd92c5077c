"""How fast a project is spoken, and how its author wants words to be said."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Bring the tables forward."""
    with op.batch_alter_table("projects", schema=None) as batch_op:
        batch_op.add_column(sa.Column("speed", sa.Double(), nullable=False, server_default="1"))
        batch_op.add_column(
            sa.Column("pronunciations", sa.JSON(), nullable=False, server_default="{}")
        )

"""Of the texts that a reader was shown by, four bytes of each are kept, no longer their names.

Revision ID: 0024
"""

from __future__ import annotations

import json

import sqlalchemy as sa
from alembic import op

from storage.domain.heard import Heard

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

_ROWS_AT_ONCE = 1_000


def upgrade() -> None:
    op.add_column("shown_stories", sa.Column("heard", sa.LargeBinary(), nullable=False, server_default=""))
    key = (
        sa.column("reader_id", sa.Text()),
        sa.column("at", sa.DateTime(timezone=True)),
        sa.column("place", sa.Integer()),
    )
    shown = sa.table("shown_stories", *key, sa.column("texts", sa.Text()), sa.column("heard", sa.LargeBinary()))
    this = [each == sa.bindparam(f"key_{each.name}", type_=each.type) for each in key]
    change = sa.update(shown).where(*this).values(heard=sa.bindparam("marks"))
    some = sa.select(*key, shown.c.texts).order_by(*key).limit(_ROWS_AT_ONCE)
    connection = op.get_bind()
    rows = connection.execute(some).all()
    while rows:
        marks = [{"marks": Heard.of(json.loads(row.texts)).packed()} for row in rows]
        keys = [{f"key_{each.name}": getattr(row, each.name) for each in key} for row in rows]
        connection.execute(change, [one | other for one, other in zip(keys, marks, strict=True)])
        last = [sa.literal(getattr(rows[-1], each.name), each.type) for each in key]
        rows = connection.execute(some.where(sa.tuple_(*key) > sa.tuple_(*last))).all()
    op.drop_column("shown_stories", "texts")

"""Which encoders vectors are kept of, and which one searches use.

Of those that there are vectors of already, the one that has come furthest serves. Before this step an encoder's name
was its model's, followed by ` int8` where it was used in 8-bit integers.

Revision ID: 0003
"""

from __future__ import annotations

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_MARK = "encoded:"


def upgrade() -> None:
    encoders = op.create_table(
        "encoders",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("model", sa.Text(), nullable=False),
        sa.Column("precision", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_encoders")),
    )
    counters = sa.table("counters", sa.column("name", sa.Text()), sa.column("value", sa.BigInteger()))
    marks = op.get_bind().execute(
        sa.select(counters.c.name)
        .where(counters.c.name.startswith(_MARK))
        .order_by(counters.c.value.desc(), counters.c.name)
    )
    now = datetime.now(UTC)
    rows: list[dict[str, object]] = []
    for mark in marks.scalars():
        name = mark.removeprefix(_MARK)
        model = name.removesuffix(" int8")
        precision = "float32" if model == name else "int8"
        role = "retired" if rows else "serving"
        rows.append({"name": name, "model": model, "precision": precision, "role": role, "since": now})
    if rows:
        op.bulk_insert(encoders, rows)

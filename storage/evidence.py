"""What readers did that tells what they care about, so much of it as is kept. Every row names its reader.

Nothing that is learned of a reader stands anywhere else: what is forgotten here is forgotten.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import delete, func, select

from storage.database import AnyRow, Database, Transaction, chunks
from storage.domain.changes import Learned, Unlearned
from storage.domain.evidence import Evidence, EvidenceId, EvidenceKind
from storage.domain.people import ReaderId
from storage.schema import article_annotations, articles, evidence

KEPT_EVIDENCE = 1_000
"""Of what each reader does, the latest; what is older has faded to next to nothing."""
KEPT_SAID = 200
"""Of what each reader says in so many words, the latest, however much they do."""

_SAID = (EvidenceKind.TOLD, EvidenceKind.MUTED)
# Subjects are noted after an article comes in, so they are looked up when they are needed.
_EVIDENCE = (
    select(
        evidence,
        func.coalesce(evidence.c.category, article_annotations.c.category).label("subject"),
        func.coalesce(evidence.c.source, articles.c.source).label("outlet"),
    )
    .join_from(evidence, articles, articles.c.id == evidence.c.key, isouter=True)
    .join(article_annotations, article_annotations.c.article_id == evidence.c.key, isouter=True)
    .order_by(evidence.c.id)
)


class EvidenceStore:
    """What `bot.flows.learn.EvidenceShelf` asks for."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def of(self, reader: ReaderId) -> dict[EvidenceId, Evidence]:
        """What a reader did, in the order it was taken down, with the subject and the source of what it was about."""
        async with self._database.reading() as connection:
            rows = await connection.execute(_EVIDENCE.where(evidence.c.reader_id == reader))
            return {EvidenceId(row.id): _evidence(row) for row in rows}

    async def learn(self, learned: Learned, *, within: Transaction | None = None) -> None:
        """Take it down and drop what is too old to keep; see `Database.transaction`."""
        async with self._database.transaction(within) as connection:
            await note(connection, learned.evidence)

    async def unlearn(self, unlearned: Unlearned, *, within: Transaction | None = None) -> int:
        """Forget some of what a reader did, or all; returns how much that was."""
        mine = evidence.c.reader_id == unlearned.reader
        async with self._database.transaction(within) as connection:
            if unlearned.evidence is None:
                return (await connection.execute(delete(evidence).where(mine))).rowcount
            gone = 0
            for chunk in chunks(unlearned.evidence):
                gone += (await connection.execute(delete(evidence).where(mine, evidence.c.id.in_(chunk)))).rowcount
            return gone


async def note(connection: Transaction, found: Sequence[Evidence]) -> None:
    """Take down what readers did, and of each of them no more than is kept."""
    if not found:
        return
    await connection.execute(evidence.insert(), [_row(each) for each in found])
    for reader in dict.fromkeys(each.reader for each in found):
        said = evidence.c.kind.in_(_SAID)
        for which, most in ((said, KEPT_SAID), (~said, KEPT_EVIDENCE)):
            mine = (evidence.c.reader_id == reader, which)
            kept = select(evidence.c.id).where(*mine).order_by(evidence.c.id.desc()).limit(most)
            await connection.execute(delete(evidence).where(*mine, evidence.c.id.not_in(kept)))


def _row(each: Evidence) -> dict[str, object]:
    return {
        "reader_id": each.reader,
        "kind": each.kind,
        "at": each.at,
        "key": each.key,
        "text": each.text,
        "category": each.category,
        "source": each.source,
        "weight": each.weight,
    }


def _evidence(row: AnyRow) -> Evidence:
    return Evidence(
        reader=ReaderId(row.reader_id),
        kind=EvidenceKind(row.kind),
        at=row.at,
        key=row.key,
        text=row.text,
        category=row.subject,
        source=row.outlet,
        weight=row.weight,
    )

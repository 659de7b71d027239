"""The conversations: what was asked and answered, turn by turn, and no more of it than follow-ups can need."""

from __future__ import annotations

import json
from collections.abc import Sequence

from sqlalchemy import Integer, bindparam, delete, select

from storage.database import AnyRow, Database, Transaction, insert, write
from storage.domain.dialogue import ConversationId, Turn
from storage.domain.evidence import Evidence
from storage.domain.news import ArticleId
from storage.domain.people import ReaderId
from storage.evidence import note
from storage.schema import conversations, turns
from storage.sealed import opened, sealed

KEPT_TURNS = 50
"""Of each conversation, the last ones; what is older is dropped."""

_ITS = turns.c.conversation_id == bindparam("conversation")
# For every question: statements that are made once; so is an insert whose values are given beside it.
_LAST = select(turns).where(_ITS).order_by(turns.c.id.desc()).limit(bindparam("most", type_=Integer))
_TURN = turns.insert().inline()
_DROP_OLD = delete(turns).where(_ITS, turns.c.id.not_in(_LAST.with_only_columns(turns.c.id)))


class DialogueStore:
    """What `bot.flows.ports.Dialogues` asks for."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def history(self, conversation: ConversationId, limit: int) -> Sequence[Turn]:
        """The last turns, oldest first."""
        async with self._database.reading() as connection:
            last = await connection.execute(_LAST, {"conversation": conversation, "most": max(limit, 0)})
            return tuple(map(_turn, reversed(await opened(connection, last, turns))))

    async def answered(self, limit: int) -> Sequence[Turn]:
        """The last turns of all conversations that were answered from articles, oldest first."""
        async with self._database.reading() as connection:
            last = await connection.execute(
                select(turns).where(turns.c.cited != json.dumps([])).order_by(turns.c.id.desc()).limit(max(limit, 0))
            )
            return tuple(map(_turn, reversed(await opened(connection, last, turns))))

    async def record(
        self,
        conversation: ConversationId,
        reader: ReaderId,
        turn: Turn,
        *,
        evidence: Sequence[Evidence] = (),
        within: Transaction | None = None,
    ) -> None:
        """Add a turn and drop what is too old to keep; `within` a transaction under way, or in one of its own.

        What the turn tells of the reader is taken down along with it.
        """
        async with self._database.transaction(within) as connection:
            begun = insert(connection, conversations).on_conflict_do_nothing()
            await write(connection, begun, {"id": conversation, "reader_id": reader})
            row = {
                "conversation_id": conversation,
                "reader_id": reader,
                "question": turn.question,
                "standalone": turn.standalone,
                "answer": turn.answer,
                "cited": json.dumps(turn.cited),
                "at": turn.at,
            }
            await write(connection, _TURN, await sealed(connection, turns, [row]))
            await write(connection, _DROP_OLD, {"conversation": conversation, "most": KEPT_TURNS})
            await note(connection, evidence)

    async def forget(self, conversation: ConversationId) -> None:
        """Drop the conversation with all its turns."""
        async with self._database.transaction() as connection:
            await connection.execute(delete(conversations).where(conversations.c.id == conversation))


def _turn(row: AnyRow) -> Turn:
    return Turn(
        question=row.question,
        standalone=row.standalone,
        answer=row.answer,
        cited=tuple(map(ArticleId, json.loads(row.cited))),
        at=row.at,
    )

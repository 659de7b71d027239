"""Whether a question is about what its reader gave to read, and what of that may answer it.

What was given is read in the turns that follow, as long as a question may mean it, and the news after it; a question
that names it is about nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from bot.flows.ports import GivenDocuments
from storage.domain.dialogue import ConversationId, Turn
from storage.domain.news import Hit
from storage.domain.people import ReaderId
from storage.domain.summaries import GIVEN, GivenDocument

_NAMED = re.compile(
    r"\b(?:this|that|the|its?)\s+(?:article|page|document|doc|pdf|post|paper|report|file|text|link|author|piece)s?\b"
    r"|\bin it\b"
    r"|这[篇份](?:文章|报道|报告|文件|文档|帖子|论文)?|这个(?:文件|链接|网页|文档|帖子)|文中|文章|文档|该文|全文|原文|作者",
    re.IGNORECASE,
)


class Finds(Protocol):
    """Finds passages in what readers gave."""

    async def find(self, given: GivenDocument, question: str, k: int) -> Sequence[Hit]:
        """Up to `k` of them, the likeliest to say something on the question first."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Meant:
    """What a question may be about.

    Args:
        given: The document.
        last: Whether the turn before was about it, too.
        surely: Whether it can be about nothing else.
    """

    given: GivenDocument
    last: bool
    surely: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class OfGiven:
    """Knows what readers gave to read."""

    shelf: GivenDocuments
    within: Finds

    async def meant(
        self, text: str, history: Sequence[Turn], reader: ReaderId, conversation: ConversationId
    ) -> Meant | None:
        """The document that a question may be about; `None` where it is about none.

        Args:
            text: The question.
            history: The turns before, oldest first.
            reader: Who asks.
            conversation: Where.
        """
        named = _NAMED.search(text) is not None
        if not named and not any(_is_given(turn) for turn in history):
            return None
        given = await self.shelf.of(reader, conversation)
        if given is None:
            return None
        lately = any(given.id in turn.cited for turn in history)
        if not named and not lately:
            return None
        return Meant(given=given, last=given.id in history[-1].cited if history else False, surely=named and lately)


def _is_given(turn: Turn) -> bool:
    return any(each.startswith(GIVEN) for each in turn.cited)

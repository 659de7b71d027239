"""What a chat is made of."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.terminal.browser import open_page
from bot.terminal.ports import (
    Alerts,
    Asks,
    Briefs,
    Digests,
    Follows,
    Forget,
    Hot,
    Latest,
    Learn,
    News,
    OwnData,
    Rates,
    ReadArticle,
    SourceList,
)
from storage.domain.dialogue import ConversationId
from storage.domain.people import ReaderId
from storage.domain.progress import LastTold
from storage.domain.times import Clock


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Chat:
    """What a chat is made of.

    Args:
        article: Reads an article, for quotes in their context.
        reader: Who talks.
        conversation: Where follow-ups refer to; a fresh one for each chat.
        language: The language the chat speaks at first, and where what is written does not tell.
        chosen: Whether it was chosen: else the chat speaks the one that is written.
        home: Folder for the history of lines typed and for what would be logged into the conversation.
        every: From the end of one reading of the feeds to the begin of the next.
        look: So often it is looked whether there is something to say unasked.
        ready: What must end before the first answer, such as the loading of models; the chat opens without it.
        filling: How far that is, where it fills an index.
        open_page: Opens a page in a browser and says whether it could; may block.
    """

    converse: Asks
    sources: SourceList
    news: News
    latest: Latest
    hot: Hot
    briefs: Briefs
    digests: Digests
    alerts: Alerts
    follows: Follows
    learn: Learn
    own_data: OwnData
    feedback: Rates
    dialogues: Forget
    article: ReadArticle
    reader: ReaderId
    conversation: ConversationId
    language: str
    home: Path
    chosen: bool = False
    every: timedelta = timedelta(minutes=15)
    look: timedelta = timedelta(minutes=1)
    ready: asyncio.Future[None] | None = None
    filling: LastTold = field(default_factory=LastTold)
    open_page: Callable[[str], bool] = open_page
    clock: Clock = _now

"""The chat as a process of its own, over fakes: `python -m tests.bot.terminal.process HOME [LANGUAGE]`.

The question `stuck` never gets to its end; the first round lasts until the question `release` is asked.
"""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from datetime import tzinfo
from pathlib import Path

from bot.terminal.chat import chat
from storage.domain.dialogue import ConversationId, Reply, Sentence
from storage.domain.news import Feed, FeedStatus, IngestReport, SaveReport
from storage.domain.people import ReaderId
from storage.domain.why import Why
from tests.bot.terminal.fakes import Replies, Shelf, Wire, citation, parts, reply

FEEDS = [
    Feed(url="https://a.example/feed", title="World news", status=FeedStatus.OK, articles=1234),
    Feed(url="https://b.example/feed", status=FeedStatus.FAILING, last_why=Why.NOTHING_THERE),
]
CHINESE = reply(
    Sentence(text="澜州地铁4号线将于11月21日开通，" * 4, citations=(1,)),
    citations=(citation(1, title="澜州地铁4号线开通", source="澜州日报"),),
    language="zh",
)


class Releasing(Replies):
    """Lets the round end when it is asked to."""

    def __init__(self, wire: Wire) -> None:
        super().__init__({"地铁什么时候开通": CHINESE})
        self._wire = wire

    async def ask(
        self,
        text: str,
        *,
        reader: ReaderId,
        conversation: ConversationId,
        language: str | None = None,
        zone: tzinfo | None = None,
    ) -> AsyncIterator[Sentence | Reply]:
        if text == "release" and self._wire.may_end:
            self._wire.may_end.set()
        async for part in super().ask(text, reader=reader, conversation=conversation, language=language):
            yield part


async def main(home: Path, language: str = "en") -> int:
    wire = Wire(report=IngestReport(saved=SaveReport(new=7)), may_end=asyncio.Event())
    return await chat(parts(home, converse=Releasing(wire), news=wire, sources=Shelf(list(FEEDS)), language=language))


if __name__ == "__main__":
    try:
        status = asyncio.run(main(Path(sys.argv[1]), *sys.argv[2:]))
    except BrokenPipeError:  # as the program itself does, without a word
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        status = 1
    sys.exit(status)

"""Handlers over flows that echo, for the tests of what each does."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from dataclasses import replace

from bot.drawing.pictures import Pictures
from bot.flows.feedback import Feedback
from bot.messenger.answers.decisions import Decision
from bot.messenger.answers.groups import Groups
from bot.messenger.answers.handlers import Handlers
from bot.messenger.answers.taps import Taps
from bot.messenger.incoming.events import Commanded, Handed, Origin
from bot.messenger.incoming.readables import Readable
from storage.domain.people import ReaderId
from tests.bot.flows import NOW, Echo, EverybodyAdministers, Finder, Lists, Newest, Shelf, Written, some_article
from tests.bot.stores import MemoryOutbox, MemoryShown
from tests.bot_api import telegram_html
from tests.digests import FixedDigests
from tests.feedback import GivenEvidence
from tests.given import SentFiles, summarize
from tests.hot import Follows, HotList, OnePage
from tests.interests import Learner
from tests.own_data import FixedOwnData
from tests.panels import panels

ORIGIN = Origin(chat_id=7, message_id=1, reader=ReaderId("telegram:7"), language="en", private=True)
GROUP = Origin(chat_id=-5, message_id=1, reader=ReaderId("telegram:7"), language="en", private=False)


class Bot:
    """Handlers over flows that echo, and what they did."""

    def __init__(self) -> None:
        self.echo, self.shelf, self.shown, self.written = Echo(), Shelf(), 0, Written()
        self.hot, self.briefs, self.follows = HotList(), OnePage(), Follows()
        self.find = Finder()
        self.learn, self.digests = Learner(), FixedDigests()
        self.own_data = FixedOwnData()
        self.admins, self.files = EverybodyAdministers(), SentFiles()
        self.handlers = Handlers(
            converse=self.echo,
            latest=Newest(),
            hot=self.hot,
            find=self.find,
            briefs=self.briefs,
            digests=self.digests,
            follows=self.follows,
            learn=self.learn,
            sources=self.shelf,
            lists=Lists(),
            taps=Taps(
                messages=MemoryShown(MemoryOutbox()), feedback=Feedback(shelf=GivenEvidence(), clock=lambda: NOW)
            ),
            panels=panels(self.digests),
            groups=Groups(admins=self.admins),
            own_data=self.own_data,
            draw=Pictures(deadline_seconds=60),
            summarize=summarize(),
            files=self.files,
            article=some_article,
            writing=self.writing,
            clock=lambda: NOW,
        )

    @contextlib.asynccontextmanager
    async def writing(self, _origin: Origin) -> AsyncIterator[Written]:
        self.shown += 1
        yield self.written

    async def command(self, text: str, origin: Origin = ORIGIN) -> str:
        return said(await self.decision(text, origin))

    async def hand(self, what: Readable, *, language: str = "en", origin: Origin = ORIGIN) -> Decision:
        return await self.handlers.answer(Handed(origin=replace(origin, language=language), what=what))

    async def decision(self, text: str, origin: Origin = ORIGIN) -> Decision:
        command, _, argument = text.partition(" ")
        return await self.handlers.answer(Commanded(origin=origin, command=command, argument=argument))


def said(decision: Decision) -> str:
    return "\n".join(telegram_html.parse(part).text for part in decision.parts)

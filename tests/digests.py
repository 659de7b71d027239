"""Digests as the tests of whoever shows them need them: made of what they are given, and of nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from bot.flows.asking import Wanted
from bot.flows.digest_words import as_of, left_out, to_settings, topics_of
from bot.flows.evidence import of_topics
from bot.flows.schedule import wake_at
from storage.domain.annotations import Category
from storage.domain.changes import Unheard, Wished
from storage.domain.dialogue import Citation, Sentence
from storage.domain.digests import Because, Digest, DigestItem, DigestSettings, ReasonKind, Slot, Timetable
from storage.domain.evidence import EvidenceKind
from storage.domain.kinds import ArticleKind
from storage.domain.news import ArticleId, Headline
from storage.domain.people import ReaderId
from storage.domain.stories import StoryId
from storage.domain.summaries import Gist
from storage.errors import TidingsError

MORNING = datetime(2026, 11, 30, 6, 30, tzinfo=UTC)
SLOT = Slot(name="2026-11-30T07:30", at=MORNING)
ASKED = Because(kind=ReasonKind.INTEREST, what="Who builds ferries?", act=EvidenceKind.ASKED, share=0.8)


def item(number: int = 1, title: str = "Ferries ordered", *because: Because, **given: object) -> DigestItem:
    """A story told in one line of one outlet."""
    article = ArticleId(f"a{number}")
    url = f"https://news.example/{number}"
    citation = Citation(n=1, article_id=article, title=title, quote="Six.", url=url, source="The Harbour Post")
    made = DigestItem(
        story=StoryId(100 + number),
        title=title,
        gist=Gist(
            lines=(Sentence(text=f"Line {number} says six.", citations=(1,)),), citations=(citation,), engine="none"
        ),
        because=because or (ASKED,),
        outlets=1,
        category=Category.BUSINESS,
        kind=ArticleKind.NEWS,
        lead=Headline(id=article, title=title, first_seen=MORNING, group=article, url=url, source="The Harbour Post"),
        articles=(article,),
        texts=(article,),
        features={"mean": 0.5},
    )
    return replace(made, **given)  # type: ignore[arg-type]  # the test's own fields


def digest(*items: DigestItem, reader: str = "telegram:7", language: str = "en", slot: Slot | None = None) -> Digest:
    return Digest(reader=ReaderId(reader), at=MORNING, items=items, language=language, slot=slot)


@dataclass(slots=True)
class FixedDigests:
    """Recommends the same to everybody, and remembers what was shown and wished."""

    items: tuple[DigestItem, ...] = ()
    due: list[Digest] = field(default_factory=list)
    asked: list[tuple[ArticleKind, ...]] = field(default_factory=list)
    shown: list[Digest] = field(default_factory=list)
    held: dict[ReaderId, DigestSettings] = field(default_factory=dict)
    failing: TidingsError | None = None
    zone: str = "UTC"
    near: tuple[str, ...] | None = None
    """Names like those of the sources that are wished for, none of which is known; `None` where all are."""

    async def now(self, reader: ReaderId | None, language: str, *, kinds: tuple[ArticleKind, ...] = ()) -> Digest:
        if self.failing is not None:
            raise self.failing
        self.asked.append(kinds)
        return Digest(reader=reader, at=MORNING, items=self.items, language=language)

    async def show(self, digest: Digest) -> None:
        self.shown.append(digest)

    async def due_for(self, reader: ReaderId) -> Digest | None:
        del reader
        return self.due.pop() if self.due else None

    async def settings(self, reader: ReaderId, language: str) -> DigestSettings:
        timetable = Timetable(zone=self.zone)
        return self.held.get(reader) or DigestSettings(
            reader=reader, since=MORNING, timetable=timetable, language=language
        )

    async def to_wish(self, reader: ReaderId, text: str, language: str) -> Wished:
        held = await self.settings(reader, language)
        wanted = to_settings(held, text, MORNING)
        evidence = of_topics(reader, topics_of(text), MORNING)
        unheard = [] if self.near is None else [Unheard(name=each, near=self.near) for each in wanted.tastes.sources]
        wake = wake_at(wanted, MORNING)
        gone = left_out(held, wanted)
        return Wished(
            settings=wanted, at=MORNING, wake_at=wake, evidence=evidence, unheard=tuple(unheard), left_out=gone
        )

    def to_change(self, held: DigestSettings, wanted: DigestSettings) -> Wished:
        wanted = as_of(held, wanted, MORNING)
        return Wished(settings=wanted, at=MORNING, wake_at=wake_at(wanted, MORNING))

    async def wish(self, reader: ReaderId, text: str, language: str) -> Wished:
        wished = await self.to_wish(reader, text, language)
        self.held[reader] = wished.settings
        return wished


@dataclass(slots=True)
class FixedAlerts:
    """What breaks, each once, for whoever asks first."""

    due: list[Digest] = field(default_factory=list)

    async def due_for(self, reader: ReaderId) -> Digest | None:
        del reader
        return self.due.pop() if self.due else None


@dataclass(frozen=True, slots=True, kw_only=True)
class FixedRecommend:
    """Makes digests of the same items for everybody, who get no more of them than they want."""

    items: tuple[DigestItem, ...]

    async def digests(self, wanted: Sequence[Wanted], now: datetime) -> Sequence[Digest]:
        return [
            Digest(reader=one.reader, at=now, items=self.items[: one.length], language=one.language, slot=one.slot)
            for one in wanted
        ]

"""Stories whose articles say something: told, rewritten by another outlet, and moved on. Held in memory."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from bot.flows.fresh import Fresh
from bot.flows.hot import Hot
from generation.storytelling import ExtractiveStoryteller
from generation.unheard import unheard
from retrieval.topics.heat import against
from storage.domain.annotations import Annotation
from storage.domain.news import ArticleId, Filters, Headline, Hit, Passage, PassageId, SearchRequest, SearchResult
from storage.domain.people import ReaderId
from storage.domain.stories import Report, Story, StoryId
from tests.hot import OneView

NOON = datetime(2026, 11, 12, 12, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)

TOLD = "The council of Kell approved a bridge over the Sanne on Tuesday. It will cost 30 million euros and carry trams."
REWRITE = "Kell's council on Tuesday approved the Sanne bridge, which carries trams and will cost 30 million euros."
TURN = "A judge halted work on the Sanne bridge on Friday because the city skipped an environmental study."
TURN_AGAIN = "Work on the Sanne bridge must stop: a judge found on Friday that an environmental study was skipped."
NEXT_TURN = "The builder Norhav withdrew from Kell on Monday and demanded 2.4 million euros in damages for delays."


@dataclass(slots=True)
class Newsroom:
    """Stories that grow; what search finds is all of them, the newest first."""

    told: dict[StoryId, list[Report]] = field(default_factory=dict)
    texts: dict[ArticleId, str] = field(default_factory=dict)
    merged: dict[StoryId, StoryId] = field(default_factory=dict)
    hidden: set[ArticleId] = field(default_factory=set)
    moved: set[ArticleId] = field(default_factory=set)
    read: int = 0
    requests: list[SearchRequest] = field(default_factory=list)

    def tell(
        self,
        number: int,
        text: str,
        at: datetime,
        *,
        source: str | None = "Courier",
        group: str | None = None,
        novelty: float = 0.4,
        language: str = "en",
        published: datetime | None = None,
        title: str = "",
    ) -> ArticleId:
        """An article comes in at a time."""
        id_ = ArticleId(f"a{len(self.texts)}")
        headline = Headline(
            id=id_,
            title=title or text.split(".", maxsplit=1)[0],
            first_seen=at,
            published=published or at,
            group=ArticleId(group or id_),
            url=f"https://news.example/{id_}",
            source=source,
            language=language,
        )
        self.texts[id_] = text
        self.told.setdefault(StoryId(number), []).append(Report(headline=headline, novelty=novelty))
        return id_

    def take(self, id_: ArticleId, story: int) -> None:
        """An article goes over into another story."""
        (old,) = (number for number, reports in self.told.items() if any(each.headline.id == id_ for each in reports))
        (report,) = (each for each in self.told[old] if each.headline.id == id_)
        self.told[old].remove(report)
        self.told[StoryId(story)].append(report)
        self.moved.add(id_)

    def held(self, number: int) -> Story:
        reports = sorted(self.told[StoryId(number)], key=lambda report: report.at)
        own = [each.headline.first_seen for each in reports if each.headline.id not in self.moved]
        return Story(id=StoryId(number), reports=tuple(reports), begun=min(own, default=None))

    # what flows ask for

    async def story(self, id_: StoryId, reader: ReaderId | None) -> Story | None:
        del reader
        kept = self.merged.get(id_, id_)
        if kept not in self.told:
            return None
        held = self.held(kept)
        reports = tuple(each for each in held.reports if each.headline.id not in self.hidden)
        return replace(held, reports=reports) if reports else None

    async def known(self, ids: Sequence[ArticleId]) -> dict[ArticleId, StoryId]:
        return {
            report.headline.id: number
            for number, reports in self.told.items()
            for report in reports
            if report.headline.id in ids
        }

    async def recent(self, since: datetime, filters: Filters, reader: ReaderId | None) -> Sequence[Story]:
        raise NotImplementedError

    async def published(self, since: datetime, until: datetime, limit: int) -> Sequence[tuple[str, datetime]]:
        return ()

    async def openings(self, ids: Sequence[ArticleId], per_article: int, reader: ReaderId | None) -> Sequence[Passage]:
        self.read += len(ids)
        headlines = {each.headline.id: each.headline for reports in self.told.values() for each in reports}
        return [
            Passage(id=PassageId(n), position=0, text=self.texts[id_], headline=headlines[id_])
            for n, id_ in enumerate(ids)
        ]

    async def of(self, ids: Sequence[ArticleId]) -> dict[ArticleId, Annotation]:
        return {}

    async def search(self, request: SearchRequest) -> SearchResult:
        self.requests.append(request)
        since, until = request.filters.since, request.filters.until
        late = [
            report.headline.id
            for reports in self.told.values()
            for report in reports
            if (since is None or report.at >= since) and (until is None or report.at < until)
        ]
        found = await self.openings(late[::-1], 1, request.reader)
        hits = tuple(Hit(passage=passage, score=1.0) for passage in found)
        return SearchResult(hits=hits, took=timedelta(0))


def hot(room: Newsroom, now: datetime = NOON) -> Hot:
    return Hot(
        shelf=room,
        texts=room,
        notes=room,
        teller=ExtractiveStoryteller(),
        views=OneView(),
        against=against,
        clock=lambda: now,
    )


def fresh(room: Newsroom) -> Fresh:
    return Fresh(stories=hot(room), teller=ExtractiveStoryteller(), unheard=unheard)


def late(report: Report, by: timedelta) -> Report:
    """The report as it is where it came in so long after it was published."""
    return replace(report, headline=replace(report.headline, first_seen=report.at + by))

"""A story that is hot, for the tests of those that show it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from storage.domain.dialogue import Answer, Citation, Question, Sentence
from storage.domain.news import ArticleId, Filters, Headline
from storage.domain.people import ReaderId
from storage.domain.progress import Progress
from storage.domain.stories import Brief, Difference, Heat, HotStory, Moment, Page, Report, Story, StoryId, Trend
from storage.domain.summaries import Gist

NOON = datetime(2026, 11, 12, 12, tzinfo=UTC)


def report(name: str, *, hours: float = 0, source: str | None = "Courier", group: str | None = None) -> Report:
    at = NOON + timedelta(hours=hours)
    return Report(
        headline=Headline(
            id=ArticleId(name),
            title=f"Title of {name}",
            first_seen=at,
            published=at,
            group=ArticleId(group or name),
            url=f"https://news.example/{name}",
            source=source,
            language="en",
        ),
        novelty=0.5,
    )


def hot_story(number: int = 128, title: str = "Ferries ordered", line: str = "Six ferries were ordered.") -> HotStory:
    reports = (report("first"), report("second", hours=3, source="Wire"))
    quoted = Citation(
        n=1,
        article_id=ArticleId("second"),
        title="Title of second",
        quote=line,
        url="https://news.example/second",
        source="Wire",
        published=reports[1].at,
    )
    return HotStory(
        story=Story(id=StoryId(number), reports=reports),
        title=title,
        gist=Gist(lines=(Sentence(text=line, citations=(1,)),), citations=(quoted,), engine="extractive"),
        heat=Heat(value=3.0, breadth=2, speed=1, persistence=1, novelty=0.5, outlets=2, trend=Trend.RISING),
    )


async def nothing_hot(question: Question, filters: Filters, reader: ReaderId | None) -> Answer:
    """What is hot where nothing is."""
    del filters, reader
    return Answer(question=question, engine="none")


@dataclass(slots=True)
class HotList:
    """Lists the same stories whoever asks."""

    stories: Sequence[HotStory] = ()
    asked: list[tuple[ReaderId | None, str]] = field(default_factory=list)

    async def list(self, *, reader: ReaderId | None, language: str) -> Sequence[HotStory]:
        self.asked.append((reader, language))
        return self.stories


def page() -> Page:
    """A story with something in every part."""
    opened = hot_story()
    source = opened.gist.citations[0]

    def said(text: str) -> Sentence:
        return Sentence(text=text, citations=(1,))

    brief = Brief(
        title=opened.title,
        background=(said("Ferries have crossed since 1911."),),
        timeline=(Moment(day=NOON.date(), sentence=said("Six were ordered.")),),
        agreed=(said("They are electric."),),
        differs=(Difference(accounts=(said("48 million."), said("52 million."))),),
        citations=(source,),
        others=(report("other").headline,),
    )
    return Page(brief=brief, opened=opened)


@dataclass(slots=True)
class OnePage:
    """Tells the same story whatever is asked for."""

    told: Page = field(default_factory=page)
    asked: list[tuple[str, ReaderId | None, str]] = field(default_factory=list)

    async def about(self, topic: str, *, reader: ReaderId | None, language: str) -> Page:
        self.asked.append((topic, reader, language))
        return self.told


@dataclass(slots=True)
class Following:
    """Puts nothing into stories, and counts how often it should."""

    times: int = 0

    async def follow(self, progress: Progress) -> int:
        del progress
        self.times += 1
        return 0

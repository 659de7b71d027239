"""A story that is hot, for the tests of those that show it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from bot.flows.evidence import of_words
from storage.domain.annotations import Category
from storage.domain.changes import Followed, Looked
from storage.domain.dialogue import Answer, Citation, Question, Sentence
from storage.domain.evidence import EvidenceKind
from storage.domain.follows import Follow, FollowId, News, Update
from storage.domain.news import ArticleId, Filters, Headline
from storage.domain.people import ReaderId
from storage.domain.progress import Progress
from storage.domain.stories import (
    Brief,
    Difference,
    Heat,
    HotStories,
    HotStory,
    Moment,
    Page,
    Report,
    Story,
    StoryId,
    Trend,
)
from storage.domain.summaries import Gist
from storage.errors import InputError

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


async def nothing_hot(
    question: Question, filters: Filters, reader: ReaderId | None, shown: Collection[ArticleId]
) -> Answer:
    """What is hot where nothing is."""
    del filters, reader, shown
    return Answer(question=question, engine="none")


@dataclass(slots=True)
class HotList:
    """Lists the same stories whoever asks."""

    stories: Sequence[HotStory] = ()
    asked: list[tuple[ReaderId | None, str]] = field(default_factory=list)
    subjects: list[Category | None] = field(default_factory=list)

    async def list(
        self, *, reader: ReaderId | None, language: str, category: Category | None = None, k: int = 10
    ) -> HotStories:
        self.asked.append((reader, language))
        self.subjects.append(category)
        lately = timedelta(days=1 if self.stories else 30)
        return HotStories(stories=tuple(self.stories[:k]), lately=lately, category=category)

    async def of(self, articles: Sequence[ArticleId]) -> dict[ArticleId, StoryId]:
        known = {report.headline.id: each.story.id for each in self.stories for report in each.story.reports}
        return {id_: known[id_] for id_ in articles if id_ in known}


class OneView:
    """Everyone sees the same."""

    async def views(self, readers: Sequence[ReaderId]) -> dict[ReaderId, str]:
        return dict.fromkeys(readers, "")


def page() -> Page:
    """A story with something in every part."""
    opened = hot_story()
    source = opened.gist.citations[0]

    def said(text: str) -> Sentence:
        return Sentence(text=text, citations=(1,))

    brief = Brief(
        title=opened.title,
        background=(said("Ferries have crossed since 1911."),),
        timeline=(Moment(at=NOON, sentence=said("Six were ordered.")),),
        agreed=(said("They are electric."),),
        differs=(Difference(accounts=(said("48 million."), said("52 million."))),),
        unsettled=(said("It is not known when."),),
        citations=(source,),
        others=(report("other").headline,),
    )
    return Page(brief=brief, opened=opened)


def long_page() -> Page:
    """The same, told often enough for a picture of when."""
    told = page()
    assert told.opened is not None
    reports = tuple(report(f"n{at}", hours=3 * at, source=("Courier", "Wire")[at % 2]) for at in range(5))
    return replace(told, opened=replace(told.opened, story=replace(told.opened.story, reports=reports)))


@dataclass(slots=True)
class OnePage:
    """Tells the same story whatever is asked for."""

    told: Page = field(default_factory=page)
    asked: list[tuple[str, ReaderId | None, str]] = field(default_factory=list)
    seen: list[ReaderId] = field(default_factory=list)

    async def about(self, topic: str, *, reader: ReaderId | None, language: str) -> Page:
        self.asked.append((topic, reader, language))
        return self.told

    def looked(self, reader: ReaderId, page: Page) -> tuple[Looked, ...]:
        return (Looked(reader=reader, story=page.opened.story.id, at=NOON),) if page.opened else ()

    async def look(self, reader: ReaderId, page: Page) -> None:
        self.seen += [each.reader for each in self.looked(reader, page)]


@dataclass(slots=True)
class Following:
    """Puts nothing into stories, and counts how often it should."""

    times: int = 0

    async def follow(self, progress: Progress) -> int:
        del progress
        self.times += 1
        return 0

    async def behind(self) -> int:
        return 2


def followed(number: int = 3, **given: object) -> Follow:
    values = {
        "reader": ReaderId("telegram:7"),
        "story": StoryId(128),
        "words": "Ferries ordered",
        "language": "en",
        "since": NOON,
        "told_at": NOON,
    }
    return Follow(id=FollowId(number + 40), number=number, **{**values, **given})  # type: ignore[arg-type]  # the test's own fields


def update_of(follow: Follow, line: str = "A court halted the order.", *, at: datetime = NOON) -> Update:
    """One new line of the story of `hot_story`."""
    hot = hot_story(line=line)
    news = News(
        story=hot.story.id, title=hot.title, gist=hot.gist, outlets=2, texts=(ArticleId("second"), ArticleId("third"))
    )
    return Update(follow=follow, at=at, news=(news,))


@dataclass(slots=True)
class Follows:
    """What readers follow, in memory; whatever number they name is a story, and what is new is what it is given."""

    held: list[Follow] = field(default_factory=list)
    new: list[Update] = field(default_factory=list)

    async def list(self, reader: ReaderId) -> Sequence[Follow]:
        return [each for each in self.held if each.reader == reader]

    async def to_follow(self, reader: ReaderId, wanted: str, language: str) -> Followed:
        if wanted == "999":
            raise InputError(wanted, "is no story", key="follow_no_story", number=wanted)
        number = wanted.removeprefix("#")
        story = StoryId(int(number)) if number.isdecimal() and len(number) < 10 else None
        words = "Ferries ordered" if story else wanted
        evidence = (of_words(reader, EvidenceKind.FOLLOWED, words, NOON),)
        return Followed(reader=reader, story=story, words=words, language=language, at=NOON, evidence=evidence)

    async def to_unfollow(self, reader: ReaderId, wanted: str) -> Sequence[Follow]:
        if meant := [each for each in await self.list(reader) if wanted in {str(each.number), "all"}]:
            return meant
        raise InputError(wanted, "is not followed", key="follow_unknown", wanted=wanted)

    async def follow(self, reader: ReaderId, wanted: str, language: str) -> Followed:
        wish = await self.to_follow(reader, wanted, language)
        self.held.append(followed(len(self.held) + 1, reader=reader, story=wish.story, words=wish.words))
        return wish

    async def unfollow(self, reader: ReaderId, wanted: str) -> Sequence[Follow]:
        meant = await self.to_unfollow(reader, wanted)
        self.held = [each for each in self.held if each not in meant]
        return meant

    async def updates(self, reader: ReaderId) -> Sequence[Update]:
        told = [each for each in self.new if each.follow.reader == reader]
        self.new = [each for each in self.new if each not in told]
        return told

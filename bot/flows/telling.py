"""Stories named and told: what each is called, what it comes to in a few lines, and what it is about."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from storage.domain.annotations import Annotation, Category
from storage.domain.news import ArticleId, Hit, Passage
from storage.domain.people import ReaderId
from storage.domain.stories import Heat, HotStory, Story, StoryId
from storage.domain.summaries import Gist, StoryHeadline

# How many articles of a story are read, the newest, and how much of each: what it opens with.
_READ_ARTICLES, READ_PASSAGES = 24, 2


class Openings(Protocol):
    """The texts of articles."""

    async def openings(self, ids: Sequence[ArticleId], per_article: int, reader: ReaderId | None) -> Sequence[Passage]:
        """The first passages of these articles, those that `reader` may see, in the order of `ids`."""
        ...


class Notes(Protocol):
    """What is noted of articles."""

    async def of(self, ids: Sequence[ArticleId]) -> dict[ArticleId, Annotation]:
        """Those that anything is noted of."""
        ...


class Storyteller(Protocol):
    """Names and tells stories."""

    async def headline(self, hits: Sequence[Hit], language: str | None = None) -> StoryHeadline: ...

    async def gist(self, hits: Sequence[Hit], lines: int = ..., language: str | None = None) -> Gist: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """Names and tells stories."""

    texts: Openings
    notes: Notes
    teller: Storyteller

    async def hits(self, story: Story, reader: ReaderId | None, passages: int = READ_PASSAGES) -> Sequence[Hit]:
        """How the newest articles of a story open, one of each text, the newest first."""
        read = await self.texts.openings(_to_read(story), passages, reader)
        return [Hit(passage=each, score=0.0) for each in read]

    async def subjects(self, stories: Sequence[Story]) -> dict[StoryId, Category]:
        """What each story is about: the subject that most of its articles are likely about, if that is any."""
        noted = await self.notes.of([report.headline.id for story in stories for report in story.reports])
        return {story.id: subject(story, noted) for story in stories}

    async def told(
        self, measured: Sequence[tuple[Heat, Story]], language: str | None, reader: ReaderId | None, lines: int
    ) -> Sequence[HotStory]:
        """Stories named and told, each with how hot it is; the texts of all are read at once.

        Args:
            measured: How hot each is, and the story with the reports that `reader` may see.
            language: That they are told in where an article is in it; each in its own where `None`.
            reader: Whose sources count.
            lines: In how many lines.
        """
        chosen = [story for _, story in measured]
        ids = [_to_read(story) for story in chosen]
        openings: dict[ArticleId, list[Hit]] = {}
        for each in await self.texts.openings([id_ for some in ids for id_ in some], READ_PASSAGES, reader):
            openings.setdefault(each.headline.id, []).append(Hit(passage=each, score=0.0))
        subjects = await self.subjects(chosen)
        found = []
        for (heat, story), some in zip(measured, ids, strict=True):
            hits = [hit for id_ in some for hit in openings.get(id_, ())]
            spoken = language or story.language
            title = await self.teller.headline(hits, spoken)
            gist = await self.teller.gist(hits, lines, spoken)
            newest = story.reports[-1].headline
            found.append(
                HotStory(
                    story=story,
                    # Of what no title and no line can be shown, who tells of it.
                    title=title.text or newest.source or f"#{story.id}",
                    gist=gist,
                    heat=heat,
                    category=subjects[story.id],
                )
            )
        return found


def subject(story: Story, noted: Mapping[ArticleId, Annotation]) -> Category:
    """The subject that most of its articles are likely about, if that is any."""
    sure: dict[Category, float] = {}
    for report in story.reports:
        if (note := noted.get(report.headline.id)) is not None and note.category is not Category.OTHER:
            sure[note.category] = sure.get(note.category, 0.0) + note.category_confidence
    return max(sure, key=sure.__getitem__, default=Category.OTHER)


def _to_read(story: Story) -> list[ArticleId]:
    """The newest articles of a story, one of each text, the newest first."""
    newest: dict[ArticleId, ArticleId] = {}
    for report in reversed(story.reports):
        newest.setdefault(report.headline.group, report.headline.id)
    return list(newest.values())[:_READ_ARTICLES]

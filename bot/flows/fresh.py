"""What is really new of a story: told independently, lately, and by nobody before; rules first, then their reading.

A rewrite of what was told is like an article before it, or opens with little that those before had not. Both bounds
were chosen on nine invented stories in English and Chinese, each first told, rewritten by other outlets, and moved on:
17 rewrites and 13 turns, each once alone and once with what went before repeated below. Of the words that articles
opened with, 0.40 at most were unheard of rewrites and 0.50 at least of turns; on six more stories, written once that
was settled, 11 rewrites and 8 turns were all told apart. By likeness the two overlap, so `NOVEL` only spares reading
what is next to a copy: rewrites were 0.03 to 0.25 novel, turns 0.06 and more.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Protocol

from bot.flows.telling import Storyteller
from storage.domain.dialogue import Sentence
from storage.domain.follows import News
from storage.domain.news import ArticleId, Hit
from storage.domain.people import ReaderId
from storage.domain.sentences import sentences
from storage.domain.stories import Report, Story
from storage.domain.summaries import Gist

NOVEL = 0.05
"""Where every report that came is less novel than this, nothing is new."""
UNHEARD = 0.45
"""Of what an article opens with, and of a line's words, this share must have been said by none before to be new."""
OPENING_SENTENCES = 2
"""What an article opens with beside its title; what stands below may be what went before."""
LATE = timedelta(days=1)
"""What comes in longer than this after it was published, or nobody knows how long, is from an archive and no news."""
LINES = 3
"""Of how many lines on what came those that are new are chosen."""

Unheard = Callable[[Sequence[str], Sequence[str]], list[float]]
"""Of each text, the share of its words, 0 to 1, that stand in none of others."""


class Stories(Protocol):
    """Reads stories."""

    async def hits(self, story: Story, reader: ReaderId | None) -> Sequence[Hit]:
        """How the newest articles of a story open, the newest first."""
        ...


def readable(reports: Sequence[Report], language: str | None) -> tuple[Report, ...]:
    """Those in the reader's language where there are any; all of them else."""
    mine = tuple(report for report in reports if report.headline.language == language)
    return mine or tuple(reports)


def independent(reports: Sequence[Report]) -> tuple[Report, ...]:
    """The first of each text that came in, in that order."""
    first: dict[ArticleId, Report] = {}
    for report in sorted(reports, key=lambda each: each.headline.first_seen):
        first.setdefault(report.headline.group, report)
    return tuple(first.values())


def came(reports: Sequence[Report], since: datetime, heard: Container[ArticleId]) -> tuple[Report, ...]:
    """The first of each text that came in after `since` and that was not heard of, but for what is late."""
    return tuple(
        report
        for report in independent(reports)
        if report.headline.first_seen > since
        and report.headline.group not in heard
        and report.timed
        and report.headline.first_seen - report.at <= LATE
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Fresh:
    """Finds what is new of stories.

    Args:
        stories: Reads how articles open.
        teller: Tells what is new.
        unheard: Compares words.
    """

    stories: Stories
    teller: Storyteller
    unheard: Unheard

    async def of(
        self,
        story: Story,
        *,
        since: datetime,
        reader: ReaderId | None,
        language: str | None,
        heard: Container[ArticleId] = (),
        beside: Sequence[Hit] = (),
        lines: int = 1,
    ) -> News | None:
        """What is new of a story since then, in so many lines or fewer; `None` where nothing is.

        Args:
            story: With the reports that `reader` may see.
            since: What came in later counts.
            reader: Whose sources count.
            language: That is read and told in where any report is in it.
            heard: Texts that they were told of.
            beside: What was told before besides the story, in any language.
            lines: How many at most.
        """
        reports = readable(story.reports, language)
        fresh = came(reports, since, heard)
        if all(report.novelty < NOVEL for report in fresh):
            return None
        texts = {report.headline.group for report in fresh}
        before = tuple(report for report in reports if report.headline.group not in texts)
        said = [_text(hit) for hit in (*await self._read(story, before, reader), *beside)]
        opened = _by_article(await self._read(story, fresh, reader))
        shares = self.unheard([_opening(hits[0]) for hits in opened.values()], said)
        new = [hits for hits, share in zip(opened.values(), shares, strict=True) if share >= UNHEARD]
        gist = await self.teller.gist([hit for hits in new for hit in hits], LINES, language)
        if not gist.lines:
            return None
        telling = {hits[0].passage.headline.id for hits in new}
        told = [report.headline for report in fresh if report.headline.id in telling]
        sources = (report.headline.source or report.headline.group for report in independent(story.reports))
        title = await self.teller.headline(await self.stories.hits(story, reader), language)
        return News(
            story=story.id,
            title=title.text or story.reports[-1].headline.title,
            gist=self._new(gist, said, lines),
            outlets=len(set(sources)),
            texts=tuple(each.group for each in told),
        )

    async def _read(self, story: Story, reports: tuple[Report, ...], reader: ReaderId | None) -> Sequence[Hit]:
        return await self.stories.hits(replace(story, reports=reports), reader) if reports else ()

    def _new(self, gist: Gist, said: Sequence[str], lines: int) -> Gist:
        """The lines that say something new, the one that says most of it where none says much."""
        shares = self.unheard([line.text for line in gist.lines], said)
        new = [line for line, share in zip(gist.lines, shares, strict=True) if share >= UNHEARD]
        return renumbered(gist, new[:lines] or [gist.lines[shares.index(max(shares))]])


def renumbered(gist: Gist, lines: Sequence[Sentence]) -> Gist:
    """A gist of no more than these of its lines, and of what they cite, numbered from 1."""
    numbers = list(dict.fromkeys(n for line in lines for n in line.citations))
    cited = {citation.n: citation for citation in gist.citations}
    return replace(
        gist,
        lines=tuple(
            Sentence(text=line.text, citations=tuple(numbers.index(n) + 1 for n in line.citations)) for line in lines
        ),
        citations=tuple(replace(cited[old], n=new) for new, old in enumerate(numbers, start=1)),
    )


def _by_article(hits: Sequence[Hit]) -> dict[ArticleId, list[Hit]]:
    found: dict[ArticleId, list[Hit]] = {}
    for hit in hits:
        found.setdefault(hit.passage.headline.id, []).append(hit)
    return found


def _opening(hit: Hit) -> str:
    """The title and the first sentences of the passage that an article begins with."""
    text = hit.passage.text
    ends = [end for _, end in sentences(text)[:OPENING_SENTENCES]]
    return f"{hit.passage.headline.title}\n{text[: ends[-1]] if ends else text}"


def _text(hit: Hit) -> str:
    """What a passage says; the title with the first."""
    passage = hit.passage
    return f"{passage.headline.title}\n{passage.text}" if passage.position == 0 else passage.text

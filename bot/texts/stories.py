"""What is said of a story, wherever it is listed or told."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from datetime import datetime, tzinfo

from bot.texts import over_hot, say, window
from storage.domain.dialogue import Sentence
from storage.domain.stories import Brief, Heat, HotStories, NewSince, Story

_MOST_NAMED = 4

Said = tuple[str, Sentence]
"""A sentence, and what stands before it: a day, who says so, or nothing."""


def hot_title(found: HotStories, language: str | None, zone: tzinfo | None = None) -> str:
    """The sentence that stands over what is hot, or says that nothing is: of which time, and of which subject."""
    looked_at = window(found.lately, found.until, language, zone)
    subject = "" if found.category is None else say(language, f"category_{found.category}")
    if found.stories:
        return over_hot(looked_at, subject, language)
    if subject:
        return say(language, "hot_none_of", window=looked_at, subject=subject)
    return say(language, "hot_none", window=looked_at)


def facts(story: Story, heat: Heat, language: str | None, zone: tzinfo | None = None) -> str:
    """How many outlets tell of it in how many articles, where it goes, and from when till when; days of `zone`."""
    known = [each.headline.published for each in story.reports if each.headline.published is not None]
    return say(
        language,
        "hot_facts",
        outlets=heat.outlets,
        articles=len(story.reports),
        trend=say(language, f"trend_{heat.trend}"),
        times=_times(known, zone) if known else say(language, "undated"),
    )


def _times(known: Sequence[datetime], zone: tzinfo | None) -> str:
    """From when till when; what is too far from any clock as it is, in UTC."""
    first, last = min(known), max(known)
    with contextlib.suppress(OverflowError):
        first, last = first.astimezone(zone), last.astimezone(zone)
    return f"{first:%Y-%m-%d %H:%M}" if first == last else f"{first:%Y-%m-%d %H:%M} – {_later(last, first)}"


def _later(last: datetime, first: datetime) -> str:
    """A time without what it has in common with an earlier one that stands before it."""
    if last.date() == first.date():
        return f"{last:%H:%M}"
    return f"{last:%m-%d %H:%M}" if last.year == first.year else f"{last:%Y-%m-%d %H:%M}"


def told_by(story: Story, language: str | None) -> str:
    """The names of those that tell of it, the first few and how many more; empty where none has a name."""
    named = list(story.sources[:_MOST_NAMED])
    more = len(story.sources) - len(named)
    joined = say(language, "hot_between").join(named)
    return say(language, "hot_and_more", sources=joined, more=more) if more else joined


def news_heading(news: NewSince, language: str | None, zone: tzinfo | None = None) -> str:
    """What stands over what is new since its reader last looked, at a time of `zone`; that nothing is, where it is."""
    key = "new_since" if news.gist.lines else "nothing_since"
    return say(language, key, time=f"{news.at.astimezone(zone):%Y-%m-%d %H:%M}")


def sections(brief: Brief, language: str | None) -> Iterator[tuple[str, list[Said]]]:
    """The parts of a brief that have anything in them, each under its heading."""
    cited = {citation.n: citation for citation in brief.citations}

    def by_outlet(sentence: Sentence, mark: str) -> Said:
        source = cited[sentence.citations[0]]
        known = [each for each in (source.source, f"{source.published:%Y-%m-%d}" if source.published else None) if each]
        return f"{mark}{', '.join(known)}: " if known else mark, sentence

    parts: tuple[tuple[str, list[Said]], ...] = (
        ("brief_background", [("", each) for each in brief.background]),
        ("brief_timeline", [(f"{each.day}: ", each.sentence) for each in brief.timeline]),
        ("brief_agreed", [("", each) for each in brief.agreed]),
        (
            "brief_differs",
            # The first account of each difference has a mark of its own, and those after it another.
            [by_outlet(each, "– " if i else "· ") for one in brief.differs for i, each in enumerate(one.accounts)],
        ),
    )
    yield from ((say(language, key), said) for key, said in parts if said)

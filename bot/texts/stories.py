"""What is said of a story, wherever it is listed or told."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import tzinfo

from bot.texts import over_hot, say, window
from bot.texts.times import day, minute, span
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
    if not known:
        return say(language, "hot_facts_undated", outlets=heat.outlets, articles=len(story.reports))
    return say(
        language,
        "hot_facts",
        outlets=heat.outlets,
        articles=len(story.reports),
        trend=say(language, f"trend_{heat.trend}"),
        times=span(min(known), max(known), language, zone),
    )


def told_by(story: Story, language: str | None) -> str:
    """The names of those that tell of it, the first few and how many more; empty where none has a name."""
    named = list(story.sources[:_MOST_NAMED])
    more = len(story.sources) - len(named)
    joined = say(language, "hot_between").join(named)
    return say(language, "hot_and_more", sources=joined, more=more) if more else joined


def news_heading(news: NewSince, language: str | None, zone: tzinfo | None = None) -> str:
    """What stands over what is new since its reader last looked, at a time of `zone`; that nothing is, where it is."""
    key = "new_since" if news.gist.lines else "nothing_since"
    return say(language, key, time=minute(news.at, language, zone))


def sections(brief: Brief, language: str | None, zone: tzinfo | None = None) -> Iterator[tuple[str, list[Said]]]:
    """The parts of a brief that have anything in them, each under its heading; days of publication are of `zone`."""
    cited = {citation.n: citation for citation in brief.citations}

    def by_outlet(sentence: Sentence, mark: str) -> Said:
        source = cited[sentence.citations[0]]
        published = day(source.published, language, zone) if source.published else None
        known = [each for each in (source.source, published) if each]
        return f"{mark}{', '.join(known)}: " if known else mark, sentence

    parts: tuple[tuple[str, list[Said]], ...] = (
        ("brief_background", [("", each) for each in brief.background]),
        ("brief_timeline", [(f"{day(each.at, language, zone)}: ", each.sentence) for each in brief.timeline]),
        ("brief_agreed", [("", each) for each in brief.agreed]),
        (
            "brief_differs",
            # The first account of each difference has a mark of its own, and those after it another.
            [by_outlet(each, "– " if i else "· ") for one in brief.differs for i, each in enumerate(one.accounts)],
        ),
        ("brief_unsettled", [("", each) for each in brief.unsettled]),
    )
    yield from ((say(language, key), said) for key, said in parts if said)

"""Cited sentences and their sources, as commands print them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot.console import print_line
from storage.domain.dialogue import Citation
from storage.domain.news import ArticleId, Headline


def print_citations(citations: Sequence[Citation]) -> None:
    """Each article once, under all its numbers, with its address."""
    cited: dict[ArticleId, list[Citation]] = {}
    for citation in citations:
        cited.setdefault(citation.article_id, []).append(citation)
    for citation, *others in cited.values():
        marks = "".join(f"[{each.n}]" for each in (citation, *others))
        print_line(f"{marks} {citation.title}{origin(citation.source, citation.published)}")
        if citation.url:
            print_line(f"    {citation.url}")


def print_headlines(over: str, headlines: Sequence[Headline]) -> None:
    """The stories under a line of their own; nothing where there are none."""
    if headlines:
        print_line(over)
    for headline in headlines:
        print_line(f"  · {headline.title}{origin(headline.source, headline.published)}")


def origin(source: str | None, published: datetime | None) -> str:
    """What is known of where a story comes from, to follow its title."""
    known = [each for each in (source, f"{published:%Y-%m-%d}" if published else None) if each]
    return f" — {', '.join(known)}" if known else ""

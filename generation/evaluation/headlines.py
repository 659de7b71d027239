"""How near a headline that is made of an article's text comes to the one that people gave it.

By the words, or characters of Chinese, that both have (F1), beside the first sentence and as much of it as a headline
may have. Titles that name no event are left out: nobody could make them of the text.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from generation.evaluation.summaries import lead, rouge
from generation.headlines import names_an_event
from generation.openings import opening_of
from generation.prompts import HEADLINE_HAN, HEADLINE_WORDS
from generation.reading.terms import is_chinese
from storage.domain.progress import Progress


@dataclass(frozen=True, slots=True, kw_only=True)
class TitledText:
    """An article, and its title without what its outlet puts around it."""

    text: str
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HeadlinesReport:
    """What the evaluation found.

    Args:
        scores: F1 of each article by what stood for its headline: `""` that of ours, `lead1` the first sentence,
            `short_lead1` its beginning.
        none: How many articles none was made of.
        left_out: How many titles name no event.
    """

    scores: Mapping[str, Sequence[float]]
    none: int
    left_out: int


def evaluate_headlines(articles: Sequence[TitledText], progress: Progress) -> HeadlinesReport:
    """Make a headline of the text of each and compare."""
    judged = [each for each in articles if each.text.strip() and names_an_event(each.title)]
    scores: dict[str, list[float]] = {"": [], "lead1": [], "short_lead1": []}
    none = 0
    for done, each in enumerate(judged, start=1):
        first = lead(each.text, 1)
        made = {"": opening_of(each.text), "lead1": first, "short_lead1": _short(first)}
        for name, text in made.items():
            scores[name].append(rouge(text, each.title)[0])
        none += not made[""]
        progress("articles", done, len(judged))
    return HeadlinesReport(scores=scores, none=none, left_out=len(articles) - len(judged))


def _short(text: str) -> str:
    return text[:HEADLINE_HAN] if is_chinese(text) else " ".join(text.split()[:HEADLINE_WORDS])

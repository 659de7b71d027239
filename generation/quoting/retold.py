"""Which articles tell in the other language what an article tells: its counterparts; and which counted last.

By meaning, and by what is told alike everywhere: figures, well-known names, and those that are written by their sound.
Where meaning alone must tell, it takes more.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from generation.quoting import select
from generation.quoting.across import published
from generation.quoting.conflict import counts_asked
from generation.quoting.recency import asks_figure
from generation.reading import inquiry
from generation.reading.counts import counts
from generation.reading.exonyms import named
from generation.reading.fates import fates
from generation.reading.figures import Figure, figures
from generation.reading.sounds import sounding
from generation.reading.terms import background, is_chinese, terms
from storage.domain.dialogue import Question
from storage.domain.news import Article, ArticleId, Hit

# What the cosine to the title must come to with the facts that both give, each of which counts so much.
# Chosen on four invented events told in both languages, among 13,849 articles.
_SAME, _A_FACT, _MOST_FACTS = 0.5, 0.1, 3
_OPENING_CHARACTERS = 2_000
# Smaller figures stand everywhere, and so do years.
_SMALL, _PLAIN, _YEARS = 10, 100, range(1900, 2100)


def retold(article: Article, hits: Sequence[Hit]) -> list[Hit]:
    """Those passages that are of its counterparts, as they came.

    Args:
        article: In one language.
        hits: Found by its title, whose cosine to that is their similarity.
    """
    of_article: dict[ArticleId, list[Hit]] = defaultdict(list)
    for hit in hits:
        if is_chinese(hit.passage.text) != is_chinese(article.text):
            of_article[hit.passage.headline.id].append(hit)
    told = f"{article.headline.title}\n{article.text[:_OPENING_CHARACTERS]}"
    same = {id_ for id_, held in of_article.items() if _same(told, held)}
    return [hit for hit in hits if hit.passage.headline.id in same]


def newer_figure(question: Question, hits: Sequence[Hit], quotes: Sequence[tuple[str, Hit]]) -> tuple[str, Hit] | None:
    """Where one asks on in the other language: the figure for what is asked that the turn before rested on, if newer.

    Args:
        question: What is asked.
        hits: All that was read.
        quotes: What is quoted in answer, each with where it stands.
    """
    follows, asked = question.follows, inquiry.read(question.text)
    if follows is None or not quotes or not asks_figure(asked):
        return None
    (foremost, of), *_ = quotes
    newest, known = published(of), _figures_asked(asked, foremost)
    newer = sorted(
        (hit for hit in hits if hit.passage.headline.id in follows.cited and published(hit) > newest),
        key=published,
        reverse=True,
    )
    reading = select.read_hits(asked, newer, question.asked_at)
    for i, hit in enumerate(newer):
        if is_chinese(hit.passage.text) == asked.chinese:
            continue
        for candidate in select.candidates(reading):
            told = _figures_asked(asked, candidate.text) if candidate.hit == i else frozenset()
            if told:
                return None if told & known else (candidate.text, hit)
    return None


def _figures_asked(asked: inquiry.Inquiry, text: str) -> frozenset[float]:
    """The figures for what is asked; what "had risen to 57" counts is told by what befell those before it."""
    befell = fates(asked.text)
    return frozenset(
        count.figure.value
        for count in counts(text)
        if counts_asked(asked, count)
        or (count.figure.unit is None and not count.counted.kind and not befell.isdisjoint(count.fates))
    )


def _same(told: str, hits: Sequence[Hit]) -> bool:
    nearest = max((hit.similarity or 0.0 for hit in hits), default=0.0)
    text = "\n".join([hits[0].passage.headline.title, *(hit.passage.text for hit in hits)])
    english, chinese = (text, told) if is_chinese(told) else (told, text)
    alike = len(_facts(english) & _facts(chinese)) + len(sounding(english, chinese))
    return nearest + _A_FACT * min(alike, _MOST_FACTS) >= _SAME


def _facts(text: str) -> frozenset[object]:
    """What a text names or counts that is written, or known, alike in both languages."""
    counted = {(each.unit, each.value) for each in figures(text) if _telling(each)}
    latin = (term for term in terms(text) if term.isascii() and term.isalpha() and background(term) >= 1)
    return frozenset([*counted, *named(text), *latin])


def _telling(figure: Figure) -> bool:
    if figure.unit is not None:
        return figure.value >= _SMALL
    return figure.value >= _PLAIN and figure.value not in _YEARS

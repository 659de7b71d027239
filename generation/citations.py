"""Citations checked by code: each exists, was among the hits, quotes its passage word for word, and is used.

Every engine's answer passes through `check` before anyone sees it, whoever wrote it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from generation.reading.orders import shown_title
from storage.domain.dialogue import Answer, Citation, Sentence
from storage.domain.news import ArticleId, Hit


class Violation(StrEnum):
    """What an answer may not do."""

    NUMBER_UNKNOWN = "a sentence names a number that no citation has"
    NUMBERS_NOT_IN_ORDER = "the numbers are not 1, 2, 3 … in the order of the citations"
    ARTICLE_NOT_FOUND = "a citation names an article that was not among the hits"
    QUOTE_NOT_VERBATIM = "a quote does not stand in the article's passages"
    SENTENCE_UNCITED = "a sentence rests on nothing"
    CITATION_UNUSED = "no sentence rests on a citation"
    AS_OF_WRONG = "the answer is dated otherwise than its newest source"


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """An answer without what may not stand in it, and what was wrong before."""

    answer: Answer
    violations: tuple[Violation, ...]


class Citations:
    """Citations as they are needed, numbered from 1; the same quote of the same article keeps its number."""

    def __init__(self) -> None:
        self._found: dict[tuple[ArticleId, str], Citation] = {}

    def number(self, quote: str, hit: Hit) -> int:
        """The number of a quote, which must stand verbatim in its hit's passage."""
        headline = hit.passage.headline
        citation = Citation(
            n=len(self._found) + 1,
            article_id=headline.id,
            title=shown_title(headline),
            quote=quote,
            url=headline.url,
            source=headline.source,
            published=headline.published,
        )
        return self._found.setdefault((headline.id, quote), citation).n

    def all(self) -> tuple[Citation, ...]:
        """Those there are, in order."""
        return tuple(self._found.values())


def cite(quotes: Iterable[tuple[str, Hit]]) -> tuple[tuple[Sentence, ...], tuple[Citation, ...]]:
    """Sentences that are quotes, each with its citation, numbered from 1; what repeats is said once.

    Each quote must stand verbatim in its hit's passage.
    """
    citations = Citations()
    for quote, hit in quotes:
        citations.number(quote, hit)
    found = citations.all()
    return tuple(Sentence(text=each.quote, citations=(each.n,)) for each in found), found


def dated(answer: Answer) -> Answer:
    """The answer with `as_of` set to the newest published time among its citations."""
    times = [citation.published for citation in answer.citations if citation.published]
    return replace(answer, as_of=max(times, default=None))


def violations(answer: Answer, hits: Sequence[Hit]) -> tuple[Violation, ...]:
    """What is wrong with an answer written from `hits`, each kind once; nothing for a sound one."""
    numbers = [citation.n for citation in answer.citations]
    known = set(numbers)
    used = {n for sentence in answer.sentences for n in sentence.citations}
    texts = _texts(hits)
    wrong = {
        Violation.NUMBER_UNKNOWN: not used <= known,
        Violation.NUMBERS_NOT_IN_ORDER: numbers != list(range(1, len(numbers) + 1)),
        Violation.ARTICLE_NOT_FOUND: any(citation.article_id not in texts for citation in answer.citations),
        Violation.QUOTE_NOT_VERBATIM: any(not _verbatim(citation, texts) for citation in answer.citations),
        Violation.SENTENCE_UNCITED: any(not sentence.citations for sentence in answer.sentences),
        Violation.CITATION_UNUSED: not known <= used,
        Violation.AS_OF_WRONG: dated(answer).as_of != answer.as_of,
    }
    return tuple(violation for violation, found in wrong.items() if found)


def check(answer: Answer, hits: Sequence[Hit]) -> Checked:
    """Take out what may not stand: unsound citations, what rests on them alone, and gaps in the numbers.

    What is left has no violations; with no sentence left it is a refusal.
    """
    wrong = violations(answer, hits)
    if not wrong:
        return Checked(answer=answer, violations=())
    texts = _texts(hits)
    sound: dict[int, Citation] = {}
    for citation in answer.citations:
        if _verbatim(citation, texts):
            sound.setdefault(citation.n, citation)
    kept = [
        replace(sentence, citations=tuple(n for n in dict.fromkeys(sentence.citations) if n in sound))
        for sentence in answer.sentences
    ]
    kept = [sentence for sentence in kept if sentence.citations]
    used = {n for sentence in kept for n in sentence.citations}
    numbers = {old: i + 1 for i, old in enumerate(n for n in sound if n in used)}
    return Checked(
        answer=dated(
            replace(
                answer,
                sentences=tuple(replace(s, citations=tuple(numbers[n] for n in s.citations)) for s in kept),
                citations=tuple(replace(sound[old], n=n) for old, n in numbers.items()),
            )
        ),
        violations=wrong,
    )


def _texts(hits: Sequence[Hit]) -> dict[ArticleId, list[str]]:
    texts: dict[ArticleId, list[str]] = {}
    for hit in hits:
        texts.setdefault(hit.passage.headline.id, []).append(hit.passage.text)
    return texts


def _verbatim(citation: Citation, texts: dict[ArticleId, list[str]]) -> bool:
    quote = citation.quote
    return bool(quote.strip()) and any(quote in text for text in texts.get(citation.article_id, ()))

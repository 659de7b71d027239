"""Summaries without a model: what a document says, in sentences of its own, word for word.

A long document is read part by part, and what is quoted of the parts is what the summary of the whole is chosen from.
Every quote is a span of the document's text, so that nothing can be invented.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from generation.reading.terms import is_chinese
from generation.summing.clauses import Statement, heading, statements, word_count
from generation.summing.coverage import choose, runs, wholes
from generation.summing.salience import worths
from storage.domain.dialogue import Sentence
from storage.domain.sentences import sentences
from storage.domain.summaries import FEWEST_WORDS, WORDS, Document, Quote, Section, Summary

NAME = "extractive"

# The share of a short text that its summary may be.
_MOST_OF_TEXT = 0.5
# In words: from where on a document is read in parts, how long these are, and what is quoted of each, mostly.
_LONG, _PART, _PART_WORDS = 2_000, 1_000, 60
_MOST_PARTS = 30
# A part is told in half of what the whole is, at most; together they are told in this much more than it.
_PART_OF_WHOLE, _TO_CHOOSE_FROM = 0.5, 1.5

_END_MARKS = frozenset(".!?。！？…；;")
_CLOSERS = "\"'”’»」』）)】》〉]"


class ExtractiveSummarizer:
    """Summarizes by quoting: within milliseconds an article, within seconds a book, in a thread beside other tasks."""

    name = NAME

    async def summarize(self, document: Document, *, words: int | None = None) -> Summary:
        """As `summarize` does; where a length is asked for, all parts together are told in no more."""
        summary = await asyncio.to_thread(summarize, document, words=words)
        return summary if words is None else parts_within(summary, words)


def summarize(document: Document, *, words: int | None = None) -> Summary:
    """What `document` says, in at most `words`, at least `FEWEST_WORDS`; `WORDS` or half of its own where `None`.

    Without sentences where it tells nothing.
    """
    text = document.text
    told = statements(text)
    size = sum(statement.words for statement in told)
    # No clause is longer than the least that is allowed, so that something always fits.
    limit = max(FEWEST_WORDS, min(WORDS, _MOST_OF_TEXT * size) if words is None else words)
    if size <= _LONG:
        quoted = _quoted(text, told, document.title, limit)
        return _summary(text, quoted, quoted, ())
    parts = list(_parts(text, told, most=max(_PART, size / _MOST_PARTS)))
    each = _part_words(limit, len(parts))
    picked = [_quoted(text, part.told, part.title or document.title, each) for part in parts]
    quoted = [statement for of_part in picked for statement in of_part]
    whole = choose(quoted, worths(text, quoted, document.title), wholes(quoted), limit)
    titles = [part.title for part in parts]
    return _summary(text, quoted, whole, tuple(zip(titles, picked, strict=True)))


def parts_within(summary: Summary, words: int) -> Summary:
    """A summary whose parts are told in so many words together: each in its share, and what those before it left."""
    sections: list[Section] = []
    left = 0.0
    for section in summary.sections:
        left += words / len(summary.sections)
        shown: list[Sentence] = []
        for sentence in section.sentences:
            length = word_count(sentence.text, chinese=is_chinese(sentence.text))
            if length <= left:
                shown.append(sentence)
                left -= length
        sections.append(replace(section, sentences=tuple(shown)))
    return _renumbered(replace(summary, sections=tuple(sections)))


def _renumbered(summary: Summary) -> Summary:
    """With the quotes alone that are used, numbered anew."""
    said = [*summary.sentences, *(each for section in summary.sections for each in section.sentences)]
    used = {n for sentence in said for n in sentence.citations}
    kept = [quote for quote in summary.quotes if quote.n in used]
    numbers = {quote.n: n for n, quote in enumerate(kept, start=1)}

    def cited(sentences: Sequence[Sentence]) -> tuple[Sentence, ...]:
        return tuple(replace(each, citations=tuple(numbers[n] for n in each.citations)) for each in sentences)

    return replace(
        summary,
        sentences=cited(summary.sentences),
        quotes=tuple(replace(quote, n=numbers[quote.n]) for quote in kept),
        sections=tuple(replace(section, sentences=cited(section.sentences)) for section in summary.sections),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Part:
    """A stretch of a document: statements that follow one another, and the heading over them."""

    title: str | None
    told: Sequence[Statement]


def _quoted(text: str, told: Sequence[Statement], title: str | None, words: float) -> list[Statement]:
    return choose(told, worths(text, told, title), runs(text, told, words), words)


def _part_words(words: float, parts: int) -> float:
    """How long the summary of each part may be, where that of the whole may have `words`."""
    enough = max(_PART_WORDS, _TO_CHOOSE_FROM * words / parts)
    return max(FEWEST_WORDS, min(enough, _PART_OF_WHOLE * words))


def _parts(text: str, told: Sequence[Statement], *, most: float) -> Iterator[_Part]:
    """Parts of about `most` words, that begin under headings where there are any."""
    by_sentence = {statement.sentence: statement for statement in told}
    title: str | None = None
    held: list[Statement] = []
    size = 0.0
    for index, (start, end) in enumerate(sentences(text)):
        statement = by_sentence.get(index)
        found = heading(text[start:end]) if statement is None else None
        if size >= most * 1.5 or (found and size >= most / 2):
            yield _Part(title=title, told=held)
            title, held, size = found, [], 0.0
        elif found and not held:
            title = title or found
        if statement is not None:
            held.append(statement)
            size += statement.words
    if held:
        yield _Part(title=title, told=held)


def _summary(
    text: str,
    quoted: Sequence[Statement],
    whole: Sequence[Statement],
    sections: Sequence[tuple[str | None, Sequence[Statement]]],
) -> Summary:
    """The value: `quoted` are all quotes in order, of which `whole` and the sections are made."""
    quotes = {statement.sentence: _quote(n, text, statement) for n, statement in enumerate(quoted, start=1)}

    def cited(chosen: Sequence[Statement]) -> tuple[Sentence, ...]:
        found = [quotes[statement.sentence] for statement in chosen]
        return tuple(Sentence(text=quote.text, citations=(quote.n,)) for quote in found)

    told = cited(whole)
    return Summary(
        text=paragraph([sentence.text for sentence in told]),
        sentences=told,
        quotes=tuple(quotes.values()),
        sections=tuple(Section(title=title, sentences=cited(picked)) for title, picked in sections),
        engine=NAME,
    )


def _quote(n: int, text: str, statement: Statement) -> Quote:
    start, end = statement.clauses[0].start, statement.clauses[-1].end
    end = start + len(text[start:end].rstrip())
    return Quote(n=n, text=text[start:end], start=start, end=end, sentence=statement.sentence)


def paragraph(quotes: Sequence[str]) -> str:
    """Quotes after one another, on one line, those that stop before their sentence does marked by an ellipsis."""
    pieces: list[str] = []
    for quote in quotes:
        bare = " ".join(quote.split())
        bare = bare if bare.rstrip(_CLOSERS)[-1:] in _END_MARKS else bare.rstrip(" ,，:：、") + "…"
        pieces.append(bare if not pieces or is_chinese(pieces[-1]) else " " + bare)
    return "".join(pieces)

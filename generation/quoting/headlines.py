"""The newest stories with a sentence each, word for word: for readers who ask what there is, not about it.

The sentence is the one that a story of that article alone would be told by. Of a topic, only what holds it counts, and
the sentence is the one that says most of it. Knows nothing of where the passages come from.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from generation.citations import check, cite, dated
from generation.gist import LINES_OF_OPENING, lines_of, told_of
from generation.quoting.candidates import MOST_LINES_PER_PASSAGE, Candidate, parts
from generation.quoting.select import Reading, read_hits
from generation.reading import inquiry
from storage.domain.dialogue import Answer, Question
from storage.domain.news import ArticleId, Hit

NAME = "extractive"
# A topic is a few words, so half of what they tell is the least that makes a passage one of its own.
_HOLDS_TOPIC = 0.5
# The share of the longest reply that one of several stories may take.
_MOST_COST = 0.6
# What joins a clause to the next one.
_JOINS = " ,，:：、"
_LONG_AGO = datetime.min.replace(tzinfo=UTC)


def headlines(question: Question, hits: Sequence[Hit], topic: str, n: int) -> Answer:
    """Up to `n` stories, the newest first and undated ones last; a refusal where there is none.

    Those in another language than it was asked in come after all others.

    Args:
        question: What was said, for the reply to be framed by.
        hits: Passages of the stories, at any place in them.
        topic: What the stories must be about; empty where anything will do.
        n: How many at most.
    """
    read = read_hits(inquiry.read(topic), hits, question.asked_at)
    found: dict[ArticleId, tuple[str, Hit]] = {}
    for i in _of_topic(read) if topic else range(len(read.hits)):
        hit = read.hits[i]
        quote = _opening(read, i)
        if quote:
            found.setdefault(hit.passage.headline.group, (quote, hit))
    newest = sorted(found.values(), key=lambda each: each[1].passage.headline.published or _LONG_AGO, reverse=True)
    newest.sort(key=lambda each: each[1].passage.headline.language not in {None, question.language})
    sentences, citations = cite(newest[:n])
    answer = dated(Answer(question=question, sentences=sentences, citations=citations, listing=True, engine=NAME))
    return check(answer, hits).answer


def _of_topic(reading: Reading) -> Sequence[int]:
    """Those that hold the topic: in its own words where any do, for what is only akin is mostly of something else."""
    held = [i for i, found in enumerate(reading.passages) if reading.share(found) >= _HOLDS_TOPIC]
    return [i for i in held if reading.itself[i]] or held


def _opening(reading: Reading, hit: int) -> str | None:
    """Of what says most of what was asked for in a passage, the line that tells most.

    Of what has no such line, the first sentence that can be quoted.
    """
    asked = frozenset(reading.inquiry.terms)
    lines = told_of(lines_of([reading.hits[hit]], most=MOST_LINES_PER_PASSAGE if asked else LINES_OF_OPENING))
    told = [(reading.share(asked & line.terms), 1, line.worth, line.quote.rstrip(_JOINS)) for line in lines]
    told += [
        (reading.share(reading.own[i]), 0, -line.place, quote)
        for i, line in enumerate(reading.lines)
        if line.hit == hit and (quote := _quotable(list(parts(i, line))))
    ]
    return max(told, default=(0.0, 0, 0.0, None))[-1]


def _quotable(of_line: Sequence[Candidate]) -> str | None:
    fitting = (part for part in of_line if part.cost <= _MOST_COST and not part.boilerplate)
    return next((part.text for part in fitting), None)

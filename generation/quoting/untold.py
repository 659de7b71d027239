"""Whether nothing is told, where it is quoted, of what a question asks of those whom it names.

A question on a true name with a false premise finds that name everywhere. In English the words that tell what is asked
are held against what stands around each quote. Chinese does not part words from names, nor a word from the next: there
an article must have something of all that is asked.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from generation.quoting.candidates import Candidate
from generation.quoting.select import Reading
from generation.reading.runs import asks, missing, runs, without
from storage.domain.news import ArticleId

# With more words than that a question tells its story in words of its own.
_MOST_ASKED = 6
# So many sentences tell what an article is about.
_HEAD_LINES = 2
# In characters: a shorter one stands in too many words.
_SHORTEST = 2
# Who asks at length says some of it in words of his own.
_GOOD_PART = 0.2
# In the units of the scores.
_LACKS = -4.0


def untold(reading: Reading, chosen: Sequence[Candidate]) -> bool:
    """Whether what tells what is asked of whom it names stands nowhere where is quoted."""
    if reading.inquiry.chinese:
        question = reading.inquiry.text
        return asks(question) and all(
            _lacks(told, runs(question)) for told in _articles(reading, {each.hit for each in chosen}).values()
        )
    asked = reading.inquiry.pointed
    return 0 < len(asked) <= _MOST_ASKED and not any(asked & held for held in _surroundings(reading, chosen))


def bonuses(reading: Reading, found: Sequence[Candidate]) -> list[float]:
    """What each candidate's score loses because its article lacks something of a Chinese question that another has."""
    question = reading.inquiry.text
    if not reading.inquiry.chinese or not asks(question):
        return [0.0] * len(found)
    asked = runs(question)
    told = _articles(reading, {candidate.hit for candidate in found})
    lacking = {article: _lacks(text, asked) for article, text in told.items()}
    if all(lacking.values()):
        return [0.0] * len(found)
    return [_LACKS * lacking[reading.hits[candidate.hit].passage.headline.id] for candidate in found]


def _surroundings(reading: Reading, chosen: Sequence[Candidate]) -> Iterator[frozenset[str]]:
    """The question's terms where each is quoted: beside it, in the title, and in how the article begins."""
    articles = {reading.hits[candidate.hit].passage.headline.id for candidate in chosen}
    for candidate in chosen:
        yield reading.near[candidate.line] | reading.titles[candidate.hit]
    for line, own in zip(reading.lines, reading.own, strict=True):
        passage = reading.hits[line.hit].passage
        if passage.position == 0 and line.place < _HEAD_LINES and passage.headline.id in articles:
            yield own


def _articles(reading: Reading, hits: Collection[int]) -> dict[ArticleId, str]:
    """What was read of the articles of some hits, without spaces."""
    wanted = {reading.hits[hit].passage.headline.id for hit in hits}
    told: dict[ArticleId, str] = {}
    for hit in reading.hits:
        if (article := hit.passage.headline.id) in wanted:
            told[article] = told.get(article, "") + "".join(
                f"{hit.passage.headline.title}。{hit.passage.text}。".split()
            )
    return told


def _lacks(told: str, asked: Sequence[str]) -> bool:
    """Whether a text tells nothing of a good part of a Chinese question, in these words or in kindred ones."""
    parts = [part for run in asked for part in missing(run, told) if len(part) >= _SHORTEST]
    untold = sum(len(part) for part in parts if without(part, told))
    return untold > _GOOD_PART * sum(len(run) for run in asked)

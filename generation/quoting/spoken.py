"""Which sentence gives the words that a question asks for, as "What did the mayor of Dornick say?" does.

Who is quoted on the same matter is somebody else. Where nobody who may be meant is quoted, nothing answers.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from generation.quoting.candidates import Candidate
from generation.quoting.select import Reading
from generation.reading.speakers import Speaker, aliases, attributes, gives_words_of, speaker
from generation.reading.terms import terms
from storage.domain.news import ArticleId

# In the units of the scores: enough to bring the words that are asked for before all else that is told of the matter.
_SPEAKS = (5.0, 7.0)
# What somebody says goes on in the next sentence.
_GOES_ON = 0.4
# Who speaks, without a word of what: 马国栋说。
_WHO_ALONE = -5.0


def bonuses(reading: Reading, found: Sequence[Candidate]) -> list[float]:
    """What each candidate's score gains by giving the words that are asked for, or by going on with them."""
    given = _given(reading, found)
    worth = _SPEAKS[reading.inquiry.chinese]
    lines = {candidate.line for candidate, gives in zip(found, given, strict=True) if gives}
    return [
        _WHO_ALONE
        if attributes(candidate.text)
        else worth
        if gives
        else worth * _GOES_ON
        if candidate.line - 1 in lines and _quotes(candidate.text)
        else 0.0
        for candidate, gives in zip(found, given, strict=True)
    ]


def unheard(reading: Reading, chosen: Sequence[Candidate]) -> bool:
    """Whether the words of somebody who can be told are asked for, and none of the chosen sentences gives them."""
    asked = speaker(reading.inquiry.text)
    return asked is not None and asked.known and not _is_outlet(asked, reading) and not any(_given(reading, chosen))


def _given(reading: Reading, found: Sequence[Candidate]) -> list[bool]:
    """Whether each gives the words of the speaker who is asked for."""
    asked = speaker(reading.inquiry.text)
    if asked is None or not found:
        return [False] * len(found)
    texts: dict[ArticleId, list[str]] = defaultdict(list)
    for line in reading.lines:
        texts[_article(reading, line.hit)].append(line.text)
    titles = {_article(reading, i): hit.passage.headline.title for i, hit in enumerate(reading.hits)}
    called = {
        article: aliases(asked, sentences)
        for article, sentences in texts.items()
        if _of_whom(asked, f"{titles[article]} {' '.join(sentences)}")
    }
    given: list[bool] = []
    for candidate in found:
        article = _article(reading, candidate.hit)
        said = [candidate.text, *_attribution(reading, candidate)]
        given.append(article in called and any(gives_words_of(asked, called[article], text) for text in said))
    return given


def _attribution(reading: Reading, candidate: Candidate) -> list[str]:
    """The sentence behind one, where that only says who said so: a Chinese quotation is a sentence of its own."""
    behind = candidate.line + 1
    if behind == len(reading.lines) or reading.lines[behind].hit != candidate.hit:
        return []
    text = reading.lines[behind].text
    return [text] if attributes(text) and _quotes(candidate.text) else []


def _of_whom(asked: Speaker, text: str) -> bool:
    """Whether an article names what a role is of, or the name that is asked for."""
    if asked.role is None:
        return all(name in text for name in asked.names[-1:])
    held = set(terms(text))
    return all(held.issuperset(terms(name)) or name in text for name in asked.names)


def _article(reading: Reading, hit: int) -> ArticleId:
    return reading.hits[hit].passage.headline.id


def _is_outlet(asked: Speaker, reading: Reading) -> bool:
    sources = {(hit.passage.headline.source or "").casefold() for hit in reading.hits}
    return any(asked.who.casefold().removeprefix("the ") in source for source in sources if source)


def _quotes(text: str) -> bool:
    return any(mark in text for mark in '“”"')

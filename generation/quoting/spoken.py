"""Which sentence gives the words that a question asks for, as "What did the mayor of Dornick say?" does.

Who is quoted on the same matter is somebody else. Where nobody who may be meant is quoted, nothing answers.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from generation.quoting.candidates import Candidate
from generation.quoting.select import Reading
from generation.reading.speakers import Speaker, aliases, attributes, gives_words_of, speaker
from generation.reading.stand_ins import Said, Whose, attributions
from generation.reading.terms import is_chinese, terms
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
    """Whether the words of somebody who can be told are asked for, and those that are given are all of others.

    Or nobody there is what is asked for: no mayor is named where a mayor's words are asked for.
    """
    asked = speaker(reading.inquiry.text)
    if asked is None or not asked.known or _is_outlet(asked, reading) or any(_given(reading, chosen)):
        return False
    called = _called(reading, asked)
    if asked.role is not None and not any(
        asked.role in line.text.lower() for line in reading.lines if _article(reading, line.hit) in called
    ):
        return True
    read = {_article(reading, candidate.hit) for candidate in chosen} | called.keys()
    whose = {
        # What does not name them does not give their words.
        said.whose if article in called else Whose.OTHER
        for line, each in _said(reading, asked, called).items()
        if (article := _article(reading, reading.lines[line].hit)) in read
        for said in each
    }
    return whose == {Whose.OTHER}


def _given(reading: Reading, found: Sequence[Candidate]) -> list[bool]:
    """Whether each gives the words of the speaker who is asked for."""
    asked = speaker(reading.inquiry.text)
    if asked is None or not found:
        return [False] * len(found)
    called = _called(reading, asked)
    stands = {
        line: [said.text for said in each if said.whose is Whose.ASKED]
        for line, each in _said(reading, asked, called).items()
    }
    given: list[bool] = []
    for candidate in found:
        article = _article(reading, candidate.hit)
        said = [(candidate.line, candidate.text), *_attribution(reading, candidate)]
        given.append(
            article in called
            and any(
                gives_words_of(asked, called[article], text) or any(stand in text for stand in stands.get(line, ()))
                for line, text in said
            )
        )
    return given


def _called(reading: Reading, asked: Speaker) -> dict[ArticleId, frozenset[str]]:
    """What the speaker is called in each article that names them."""
    texts: dict[ArticleId, list[str]] = defaultdict(list)
    for line in reading.lines:
        texts[_article(reading, line.hit)].append(line.text)
    titles = {_article(reading, i): hit.passage.headline.title for i, hit in enumerate(reading.hits)}
    return {
        article: aliases(asked, sentences)
        for article, sentences in texts.items()
        if _of_whom(asked, f"{titles[article]} {' '.join(sentences)}")
    }


def _said(reading: Reading, asked: Speaker, called: Mapping[ArticleId, frozenset[str]]) -> dict[int, list[Said]]:
    """What each line attributes to whom without naming who is asked for: in front of a passage stands its title."""
    places: dict[int, list[int]] = defaultdict(list)
    for i, line in enumerate(reading.lines):
        places[line.hit].append(i)
    said: dict[int, list[Said]] = {}
    for hit, found in places.items():
        texts = [reading.hits[hit].passage.headline.title, *(reading.lines[i].text for i in found)]
        if is_chinese(texts[-1]) == is_chinese(asked.who):
            names = called.get(_article(reading, hit), frozenset())
            said.update(zip(found, attributions(asked, names, texts)[1:], strict=True))
    return said


def _attribution(reading: Reading, candidate: Candidate) -> list[tuple[int, str]]:
    """The sentence behind one, where that only says who said so: a Chinese quotation is a sentence of its own."""
    behind = candidate.line + 1
    if behind == len(reading.lines) or reading.lines[behind].hit != candidate.hit:
        return []
    text = reading.lines[behind].text
    return [(behind, text)] if attributes(text) and _quotes(candidate.text) else []


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

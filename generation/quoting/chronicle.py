"""How something went: what each day brought of a story, in the order of time, for questions that ask so.

An article is of the course that is asked for where it names whom the question names, holds nearly as much of it as the
one that holds most, and was published no long while after another one of it or before.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo

from generation.briefing.lines import Line, lines
from generation.briefing.stories import Story
from generation.citations import cite
from generation.leads import of_one_event
from generation.quoting.agreement import ASKED_OF_NONE, agreeing
from generation.quoting.select import Reading, read_hits
from generation.reading import inquiry
from generation.reading.several import over_time
from generation.reading.terms import background, is_chinese, terms
from storage.domain.dialogue import Citation, Question, Sentence
from storage.domain.news import ArticleId, Hit

MOST_MOMENTS = 10

_FEWEST_DAYS = 2
_A_DAY = 2
# The share of the subject, by weight, that an article of it holds at least, and of what the one holds that holds most.
_HELD, _AS_MUCH = 0.45, 0.55
_LULL = timedelta(days=180)
"""What was published longer before or after all else is of another story by the same name."""
# A line of whose telling words a line before it had more than this tells the same again, unless it counts otherwise.
_TOLD = 0.5
# A name is set apart in one text and not in another.
_SET_APART = re.compile('[“”《》「」『』"]')


@dataclass(frozen=True, slots=True, kw_only=True)
class _Article:
    """The hits of one, by index, and when it was published."""

    hits: tuple[int, ...]
    published: datetime


def chronicle(question: Question, hits: Sequence[Hit]) -> tuple[tuple[Sentence, ...], tuple[Citation, ...]] | None:
    """Dated lines, each cited; `None` where no course is asked for, or the sources tell of one day alone.

    The day is that on which it was published by the clock of who asks, which a quote does not say.
    """
    subject = over_time(question.text)
    if subject is None:
        return None
    reading = read_hits(inquiry.read(subject), hits, question.asked_at)
    told = _told(reading, _together(_on_subject(reading)), question.zone)
    if len({day for day, _ in told}) < _FEWEST_DAYS:
        return None
    quoted, citations = cite((line.text, line.hit) for _, line in told)
    colon = "：" if is_chinese(question.text) else ": "
    sentences = tuple(
        Sentence(text=f"{day}{colon}{quote.text}", citations=quote.citations, apart=True)
        for (day, _), quote in zip(told, quoted, strict=True)
    )
    return sentences, citations


def _on_subject(reading: Reading) -> list[_Article]:
    """The dated articles that tell of the subject, the best of them first."""
    named = agreeing(reading)
    single = {hit.passage.headline.id for hit in of_one_event([reading.hits[i] for i in sorted(named)])}
    of_group: dict[ArticleId, list[int]] = defaultdict(list)
    for i, hit in enumerate(reading.hits):
        if i in named and hit.passage.headline.id in single:
            of_group[hit.passage.headline.group].append(i)
    held = {group: _held(reading, found) for group, found in of_group.items()}
    shares = {group: reading.story_share(terms) for group, terms in held.items()}
    least = max(_HELD, _AS_MUCH * max(shares.values(), default=0.0))
    opening = _opening(reading)
    return [
        _Article(hits=tuple(found), published=published)
        for group, found in of_group.items()
        if shares[group] >= least
        and opening <= held[group]
        and (published := reading.hits[found[0]].passage.headline.published) is not None
    ]


def _held(reading: Reading, hits: Sequence[int]) -> frozenset[str]:
    """The subject's terms that passages of an article hold, however its names are set apart."""
    passages = [reading.hits[i].passage for i in hits]
    text = "\n".join([passages[0].headline.title, *(passage.text for passage in passages)])
    bare = terms(_SET_APART.sub("", text)) if reading.inquiry.chinese else ()
    return frozenset(reading.inquiry.terms).intersection(bare).union(*(reading.passages[i] for i in hits))


def _opening(reading: Reading) -> frozenset[str]:
    """What a Chinese subject opens with, whose name it mostly is; English names are told by their capitals."""
    telling = [term for term in reading.inquiry.terms if background(term) >= 1]
    return frozenset(telling[:1] if reading.inquiry.chinese else ())


def _together(articles: Sequence[_Article]) -> list[_Article]:
    """Those that follow each other with no long lull between, the best one among them, in the order of time."""
    if not articles:
        return []
    best = articles[0]
    runs: list[list[_Article]] = []
    for article in sorted(articles, key=lambda each: each.published):
        if runs and article.published - runs[-1][-1].published <= _LULL:
            runs[-1].append(article)
        else:
            runs.append([article])
    return next(run for run in runs if best in run)


def _told(reading: Reading, articles: Sequence[_Article], zone: tzinfo | None) -> list[tuple[str, Line]]:
    """A line of each article that tells what none before it told, with its day."""
    subject = frozenset(reading.inquiry.terms)
    found: list[tuple[str, Line]] = []
    for article in articles:
        day = _day(article.published, zone)
        line = next(_lines(reading, article), None)
        if line is None or sum(day == other for other, _ in found) == _A_DAY:
            continue
        if all(_new(line, other, subject) for _, other in found):
            found.append((day, line))
    best = sorted(range(len(found)), key=lambda i: -found[i][1].about)[:MOST_MOMENTS]
    return [found[i] for i in sorted(best)]


def _day(at: datetime, zone: tzinfo | None) -> str:
    with suppress(OverflowError):
        at = at.astimezone(zone)
    return at.date().isoformat()


def _new(line: Line, other: Line, subject: frozenset[str]) -> bool:
    """Whether a line tells what another does not: in words beside the subject, or by what it counts."""
    told = line.terms - subject - ASKED_OF_NONE
    counted, before = ({count.figure.value for count in each.account.counts} for each in (line, other))
    return 0 < len(told - other.terms) >= (1 - _TOLD) * len(told) or bool(
        counted and before and counted.isdisjoint(before)
    )


def _lines(reading: Reading, article: _Article) -> Iterator[Line]:
    """The whole sentences of an article that name the subject: its lead first, then those that say most of it.

    The lead of one that is called after the subject may do without.
    """
    subject = reading.inquiry.names or frozenset(reading.inquiry.terms)
    titled = any(subject & reading.titles[hit] for hit in article.hits)
    naming = [
        line
        for line in lines(reading, Story(hits=article.hits, about=1.0))
        if line.whole and (subject & line.terms or (line.lead and titled))
    ]
    return iter(sorted(naming, key=lambda line: (not line.lead, -line.about)))

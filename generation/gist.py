"""A story in a line or three, and the one line that touches what a reader follows: its articles' own words.

Chosen from how all outlets open: what several of them tell, what is told first, and what is newest. No two lines say
the same, and of two that give other figures the newer one stands.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from generation.citations import Citations
from generation.leads import begins, leads, stands_alone
from generation.openings import leads_on
from generation.quoting.candidates import (
    MOST_CHARACTERS_PER_PASSAGE,
    MOST_HITS,
    MOST_LINES_PER_PASSAGE,
)
from generation.quoting.furniture import furniture, of_writer
from generation.quoting.outlets import independent
from generation.reading.counts import Count, counts, differing, same
from generation.reading.terms import background, is_chinese, terms
from generation.summarize import paragraph
from generation.summing.clauses import Statement, statements, word_count
from generation.summing.coverage import runs
from generation.summing.salience import worths
from storage.domain.dialogue import Sentence
from storage.domain.news import Hit
from storage.domain.summaries import Gist

NAME = "extractive"
LINES = 3

# In words: a line is read at a glance, and a shorter one tells nothing.
_LONGEST, _SHORTEST = 40, 6
LINES_OF_OPENING = 8
"""How many statements of an article are read."""
# How many outlets are read.
_MOST_OUTLETS = 12
# What a statement gains where all others tell it too, and where it is the newest: in deviations of the clauses' worth.
_WIDELY_TOLD, _FRESH = 2.0, 0.8
_HALF_AS_FRESH = timedelta(days=1)
# How much longer a line is counted than it is, so that scraps do not win.
_PER_LINE = 7.5
# Two that have this much of the lesser one in common say the same; with other figures, this much of one thing.
_SAME, _ACCOUNT = 0.55, 0.4
# What is left of a line's worth where all of it is known.
_KNOWN_COSTS = 1.5
# Of what a reader follows, by weight, a line must have this much to be about it.
_HOLDS_INTEREST = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """What an article says in a sentence, or in the beginning of one: `quote` stands in the passage of `hit`."""

    quote: str
    hit: Hit
    terms: frozenset[str]
    worth: float
    words: float
    counts: tuple[Count, ...]

    @property
    def published(self) -> datetime | None:
        return self.hit.passage.headline.published


def gist(hits: Sequence[Hit], lines: int = LINES, language: str | None = None) -> Gist:
    """What the story that `hits` are of comes to, in so many lines or fewer.

    Args:
        hits: Passages of its articles; the first one of each is read.
        lines: How many at most.
        language: The reader's; articles in others are read only where there is none in it.
    """
    offered = told_of(lines_of(leads(hits, language)[:_MOST_OUTLETS]))
    chosen: list[Line] = []
    known: set[str] = set()
    left = [line for line in offered if not any(_overtaken(line, other) for other in offered)] or offered
    left = [line for line in left if not _outvoted(line, left)] or left
    while len(chosen) < lines and left:
        best = max(left, key=lambda line: _gain(line, offered, known))
        chosen.append(best)
        known |= best.terms
        left = [line for line in left if line is not best and _shared(line.terms, best.terms) < _SAME]
    return quoted(chosen)


def angle(interest: str, hits: Sequence[Hit], language: str | None = None) -> Gist | None:
    """The line of the story that says most of what a reader follows; `None` where none says half of it.

    Args:
        interest: What they follow, in any words.
        hits: Passages of the story; all of them are read.
        language: The reader's, as of `gist`.
    """
    wanted = _telling(interest)
    articles = {hit.passage.headline.id for hit in leads(hits, language)}
    read = [hit for hit in hits if hit.passage.headline.id in articles][:MOST_HITS]
    found = [line for line in lines_of(read, most=MOST_LINES_PER_PASSAGE) if about(interest, line.quote)]
    best = max(found, key=lambda line: (_weight(line.terms & wanted), line.worth), default=None)
    return None if best is None else quoted([best])


def lines_of(hits: Sequence[Hit], most: int = LINES_OF_OPENING) -> Iterator[Line]:
    """What could be a line, of up to `most` statements of each passage in its order."""
    newest = max((at for hit in hits if (at := hit.passage.headline.published)), default=None)
    for hit in hits:
        text = hit.passage.text[:MOST_CHARACTERS_PER_PASSAGE]
        told = statements(text)[:most]
        left = iter(worths(text, told, hit.passage.headline.title))
        for statement in told:
            worth = [next(left) for _ in statement.clauses]
            run = next((run for run in runs(text, [statement], _LONGEST) if run.start == 0), None)
            end = 0 if run is None else _end(text, statement, run.end)
            line = _line(hit, statement, end, worth[:end], newest) if end else None
            if line is not None:
                yield line


def told_of(lines: Iterable[Line]) -> list[Line]:
    """Those in which whoever writes does not speak of themselves or to whoever reads, where there are any."""
    found = list(lines)
    return [line for line in found if not of_writer(line.quote)] or found


def _end(text: str, statement: Statement, end: int) -> int:
    """Behind which clause of the first so many a line may end: whole, or where something was told."""
    if end < len(statement.clauses) and is_chinese(text):
        while end and leads_on(text[statement.clauses[end - 1].start : statement.clauses[end - 1].end]):
            end -= 1
    return end


def _line(hit: Hit, statement: Statement, end: int, worth: Sequence[float], newest: datetime | None) -> Line | None:
    clauses = statement.clauses[:end]
    quote = hit.passage.text[clauses[0].start : clauses[-1].end].strip()
    quote = quote[begins(quote) :]
    words = sum(clause.words for clause in clauses)
    if (
        words < _SHORTEST
        or word_count(quote, chinese=is_chinese(quote)) < _SHORTEST
        or "\n" in quote
        or not stands_alone(quote)
        or quote[0].islower()
        or furniture(quote)
        or furniture(hit.passage.text[statement.clauses[0].start : statement.clauses[-1].end])
    ):
        return None
    per_word = sum(clause.words * each for clause, each in zip(clauses, worth, strict=True)) / (words + _PER_LINE)
    published = hit.passage.headline.published
    fresh = 0.5 ** ((newest - published) / _HALF_AS_FRESH) if newest and published else 0.0
    return Line(
        quote=quote,
        hit=hit,
        terms=_telling(quote),
        worth=per_word + _FRESH * fresh,
        words=words,
        counts=tuple(counts(quote)),
    )


def repeats(text: str, said: Sequence[str]) -> bool:
    """Whether a line says what one of those that were said says."""
    return any(_shared(_telling(text), _telling(other)) >= _SAME for other in said)


def about(interest: str, text: str) -> bool:
    """Whether `text` says at least half of what a reader follows."""
    wanted = _telling(interest)
    return bool(wanted) and _weight(wanted & _telling(text)) >= _HOLDS_INTEREST * _weight(wanted)


def fits(text: str) -> bool:
    """Whether a line is as short as a line has to be."""
    return word_count(text, chinese=is_chinese(text)) <= _LONGEST


def quoted(lines: Sequence[Line]) -> Gist:
    """The value: each line as it is quoted, marked by an ellipsis where its sentence goes on."""
    return told([(paragraph([line.quote]), line.quote, line.hit) for line in lines], NAME)


def told(lines: Sequence[tuple[str, str, Hit]], engine: str) -> Gist:
    """The value of lines that rest on a quote of a hit each."""
    citations = Citations()
    said = tuple(Sentence(text=text, citations=(citations.number(quote, hit),)) for text, quote, hit in lines)
    return Gist(lines=said, citations=citations.all(), engine=engine)


def _gain(line: Line, offered: Sequence[Line], known: set[str]) -> float:
    """What a line adds: its worth, how many other outlets tell it, less what is known of it."""
    by_outlet: dict[str, float] = {}
    for other in offered:
        if independent(line.hit, other.hit):
            of = other.hit.passage.headline.id
            by_outlet[of] = max(by_outlet.get(of, 0.0), _weight(line.terms & other.terms))
    own = _weight(line.terms)
    told = sum(by_outlet.values()) / (len(by_outlet) * own) if by_outlet and own else 0.0
    repeated = _weight(line.terms & known) / own if own else 0.0
    return line.worth + _WIDELY_TOLD * told - _KNOWN_COSTS * repeated


def _overtaken(line: Line, other: Line) -> bool:
    """Whether a newer article gives other figures of what a line tells."""
    newer = line.published is not None and other.published is not None and other.published > line.published
    updated = any(one.grows or update.grows for one, update in differing(line.counts, other.counts))
    return newer and updated and _shared(line.terms, other.terms) >= _ACCOUNT


def _outvoted(line: Line, others: Sequence[Line]) -> bool:
    """Whether more outlets give another figure of what a line tells than give the same."""
    apart = [other for other in others if independent(line.hit, other.hit) and line.counts and other.counts]
    otherwise = {_outlet(other) for other in apart if any(differing(line.counts, other.counts))}
    alike = {_outlet(other) for other in apart if same(line.counts, other.counts)} - otherwise
    return len(otherwise) > 1 + len(alike)


def _outlet(line: Line) -> str:
    return line.hit.passage.headline.source or line.hit.passage.headline.group


def _telling(text: str) -> frozenset[str]:
    return frozenset(term for term in terms(text) if background(term) > 0)


def _shared(one: frozenset[str], other: frozenset[str]) -> float:
    least = min(_weight(one), _weight(other))
    return _weight(one & other) / least if least else 0.0


def _weight(of: Iterable[str]) -> float:
    return sum(map(background, of))

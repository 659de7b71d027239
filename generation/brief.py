"""A story at a glance: what went before, what became known when, what sources agree on, and where they differ.

Every line is a sentence of a source, word for word. Two sentences say the same where most of the lesser one's telling
words, the rarer ones above all, stand in the other; that a word was turned round in between, this does not see.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from generation.citations import Citations
from generation.quoting.agreement import agreeing
from generation.quoting.candidates import Candidate, parts, telling
from generation.quoting.outlets import independent, measured, together
from generation.quoting.select import Reading, read_hits
from generation.reading import inquiry
from generation.reading.figures import Figure, alike, contradict
from generation.reading.polarity import denial_differs, opposed
from generation.reading.terms import background
from storage.domain.dialogue import Sentence
from storage.domain.news import Hit
from storage.domain.stories import Brief, Difference, Moment

MOST_BACKGROUND, MOST_MOMENTS, MOST_AGREED, MOST_DIFFERENCES = 3, 10, 5, 4

# A passage that holds less of the topic than this, compared with the one that holds most, is of another story.
_SAME_STORY = 0.6
# A sentence may take this much of the longest reply: a line of a brief is read at a glance.
_MOST_COST = 0.75
_FEWEST_TERMS = _FEWEST_COMMON = 3
# What says this much of the same is the same; what says this much, with another figure, is another account of it.
_SAME, _ACCOUNT = 0.6, 0.4
# A line of the timeline must say at least this much that no line before it said.
_NEW = 0.5
_A_DAY = 2
_BEFORE = re.compile(
    r"\b(?:since|for (?:years|decades|months)|last (?:year|month)|previously|earlier this|had been|has been|used to|"
    r"founded|began in|dates? back|years? ago|months? ago|history|in (?:19|20)\d\d)\b"
    r"|此前|以来|去年|曾经?|早在|历史|多年|自\d{4}年|(?:19|20)\d\d年",
    re.IGNORECASE,
)

_LEANS = re.compile(
    r"(?:he|she|they|it|his|her|their|its|this|that|these|those|such|but|and|so|or|yet|then|also|however|still|even|because|"
    r"unfortunately|meanwhile|instead|another|others|both|there|here)\b|[“\"'‘「(（]"
    r"|[他她它这那此]|但|而且|并且|不过|因此|所以|此外|另外|同时|然而|对此|其中",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Line:
    """A sentence that can be quoted, and what tells it apart."""

    text: str
    hit: Hit
    terms: frozenset[str]
    about: float
    lead: bool
    values: tuple[Figure, ...]

    @property
    def published(self) -> datetime | None:
        return self.hit.passage.headline.published


class _Story:
    """The lines of a story, and how much each of its terms tells apart: what nearly all say tells little.

    Args:
        lines: All of them.
    """

    def __init__(self, lines: Sequence[_Line]) -> None:
        self.lines = lines
        held = Counter(term for line in lines for term in line.terms)
        self._weights = {term: math.log((1 + len(lines)) / n) for term, n in held.items()}

    def shared(self, one: _Line, other: _Line) -> float:
        """How much of the lesser one's terms, by weight, both have: 0 to 1; 0 where that is only what it is about."""
        common = one.terms & other.terms
        if len(common) < _FEWEST_COMMON:
            return 0.0
        least = min(self._weight(one.terms), self._weight(other.terms))
        return self._weight(common) / least if least else 0.0

    def _weight(self, terms: frozenset[str]) -> float:
        return sum(self._weights[term] for term in terms)


def brief(topic: str, hits: Sequence[Hit], now: datetime) -> Brief:
    """What `hits` tell of a topic.

    Args:
        topic: In any words.
        hits: Passages, best first, several of each article.
        now: When it is asked for.
    """
    reading = read_hits(inquiry.read(topic), hits, now)
    lines = list(_lines(reading))
    if not lines:
        return Brief(title=topic)
    story = _Story(lines)
    cited = Citations()

    def said(line: _Line, *others: _Line) -> Sentence:
        numbers = dict.fromkeys(cited.number(each.text, each.hit) for each in (line, *others))
        return Sentence(text=line.text, citations=tuple(numbers))

    groups = _agreeing(story)
    timeline = _timeline(lines)
    shown = {line.text for line in timeline} | {group[0].text for group in groups}
    return Brief(
        background=tuple(said(line) for line in _background(story, shown)),
        timeline=tuple(
            Moment(day=line.published.date(), sentence=said(line)) for line in timeline if line.published is not None
        ),
        agreed=tuple(said(*group) for group in groups),
        differs=tuple(Difference(accounts=tuple(map(said, accounts))) for accounts in _differing(story)),
        citations=cited.all(),
        title=_title(lines),
    )


def _lines(reading: Reading) -> Iterator[_Line]:
    """The whole sentences of passages on the story that can be read alone, best passage first."""
    named = agreeing(reading)
    stories = [reading.story_share(held) for held in reading.passages]
    least = _SAME_STORY * max(stories, default=0.0)
    for i, line in enumerate(reading.lines):
        if line.hit not in named or stories[line.hit] < least or not stories[line.hit]:
            continue
        part = next((each for each in parts(i, line) if _readable(each)), None)
        if part is not None:
            yield _Line(
                text=part.text,
                hit=reading.hits[line.hit],
                terms=frozenset(term for term in telling(part) if background(term) >= 1 and not term[0].isdigit()),
                about=reading.share(reading.near[i] | reading.titles[line.hit]),
                lead=line.place == 0 and reading.hits[line.hit].passage.position == 0,
                values=tuple(measured(part.text)),
            )


def _readable(part: Candidate) -> bool:
    """Whether it can be read without what stood before it."""
    if _LEANS.match(part.text):
        return False
    return part.whole and not part.boilerplate and part.cost <= _MOST_COST and len(telling(part)) >= _FEWEST_TERMS


def _agreeing(story: _Story) -> list[list[_Line]]:
    """Groups of lines of different outlets that say the same, the most widely said first; the best of each in front."""
    lines = story.lines
    groups: list[list[_Line]] = []
    taken: set[int] = set()
    for i in sorted(range(len(lines)), key=lambda i: -lines[i].about):
        if i in taken:
            continue
        group = [lines[i]]
        for j, other in enumerate(lines):
            apart = all(independent(other.hit, each.hit) for each in group)
            if j not in taken and apart and story.shared(lines[i], other) >= _SAME and not _opposed(lines[i], other):
                group.append(other)
                taken.add(j)
        if len(group) > 1:
            taken.add(i)
            groups.append(group)
    groups.sort(key=lambda group: (-len(group), -group[0].about))
    return groups[:MOST_AGREED]


def _opposed(one: _Line, other: _Line) -> bool:
    """Whether one denies or turns round what the other says, or gives a number that the other has not."""
    turned = denial_differs(one.text, other.text) or opposed(one.text, other.text)
    fewer, more = sorted((one.values, other.values), key=len)
    return turned or not all(any(alike(each, held) for held in more) for each in fewer)


def _differing(story: _Story) -> list[list[_Line]]:
    """Pairs of accounts of the same thing with other figures, those first that have most in common."""
    lines = story.lines
    pairs = [
        (story.shared(one, other), i, j)
        for i, one in enumerate(lines)
        for j, other in enumerate(lines[:i])
        if independent(one.hit, other.hit) and contradict(one.values, other.values) and together(one.hit, other.hit)
    ]
    found: list[list[_Line]] = []
    used: set[int] = set()
    for share, i, j in sorted(pairs, reverse=True):
        if share >= _ACCOUNT and not used & {i, j}:
            used |= {i, j}
            found.append(sorted((lines[i], lines[j]), key=_newness, reverse=True))
    return found[:MOST_DIFFERENCES]


def _newness(line: _Line) -> float:
    return line.published.timestamp() if line.published else 0.0


def _timeline(lines: Sequence[_Line]) -> list[_Line]:
    """What each day brought that no day before had, in the order of time."""
    dated = sorted(
        (line for line in lines if line.published is not None),
        key=lambda line: (line.hit.passage.headline.published, not line.lead, -line.about),
    )
    found: list[_Line] = []
    known: set[str] = set()
    days: dict[date, int] = {}
    for line in dated:
        day = line.published.date() if line.published else date.min
        new = len(line.terms - known) / max(1, len(line.terms))
        of_article = any(line.hit.passage.headline.id == other.hit.passage.headline.id for other in found)
        if new >= _NEW and not of_article and days.get(day, 0) < _A_DAY:
            found.append(line)
            days[day] = days.get(day, 0) + 1
            known |= line.terms
    if len(found) <= MOST_MOMENTS:
        return found
    best = sorted(sorted(range(len(found)), key=lambda i: -found[i].about)[:MOST_MOMENTS])
    return [found[i] for i in best]


def _background(story: _Story, shown: set[str]) -> list[_Line]:
    """What looks back, and is about the topic most; no two that say the same."""
    found: list[_Line] = []
    back = [line for line in story.lines if line.text not in shown and _BEFORE.search(line.text)]
    for line in sorted(back, key=lambda line: -line.about):
        if len(found) < MOST_BACKGROUND and all(story.shared(line, other) < _SAME for other in found):
            found.append(line)
    return found


def _title(lines: Sequence[_Line]) -> str:
    """The title that has most in common with the others: nobody's angle, as far as titles go."""
    titles = {line.hit.passage.headline.id: line.hit.passage.headline.title for line in lines}
    known = [title for title in dict.fromkeys(titles.values()) if title.strip()]
    held = {title: frozenset(inquiry.read(title).terms) for title in known}
    return max(known, key=lambda title: sum(len(held[title] & held[other]) for other in known), default="")

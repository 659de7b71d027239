"""The lines of a story that can be quoted in a brief, and how much of the same two of them say.

Two lines say the same where most of the lesser one's telling words, the rarer ones above all, stand in the other; that
a word was turned round in between, this does not see.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from generation.briefing.stories import Story
from generation.leads import begins, of_one_event, points_back
from generation.quoting.candidates import Candidate, parts, telling
from generation.quoting.furniture import cries, furniture, of_writer
from generation.quoting.outlets import Account, account
from generation.quoting.select import Reading
from generation.reading.terms import background, is_chinese
from generation.summing.clauses import breaks_quotation, word_count
from storage.domain.news import Hit

# A sentence may take this much of the longest reply: a line of a brief is read at a glance.
_MOST_COST = 0.75
_FEWEST_TERMS = _FEWEST_COMMON = 3
# In words: what is shorter, a heading or a cut caption, tells nothing.
_SHORTEST = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """What can be quoted of a sentence, and what tells it apart; `whole` unless it is a part of a long one.

    How much of the topic it names, `own`, and it or its neighbours or its title name, `about`, is in [0, 1].
    """

    text: str
    hit: Hit
    terms: frozenset[str]
    own: float
    about: float
    lead: bool
    whole: bool
    account: Account

    @property
    def published(self) -> datetime | None:
        return self.hit.passage.headline.published


class Lines:
    """The lines of a story, and how much each of its terms tells apart: what nearly all say tells little.

    Args:
        lines: All of them.
    """

    def __init__(self, lines: Sequence[Line]) -> None:
        self.whole = [line for line in lines if line.whole]
        self.counting = [line for line in lines if line.account.counts]
        held = Counter(term for line in lines for term in line.terms)
        self._weights = {term: math.log((1 + len(lines)) / n) for term, n in held.items()}

    def shared(self, one: Line, other: Line) -> float:
        """How much of the lesser one's terms, by weight, both have: 0 to 1; 0 where that is only what it is about."""
        common = one.terms & other.terms
        if len(common) < _FEWEST_COMMON:
            return 0.0
        least = min(self._weight(one.terms), self._weight(other.terms))
        return self._weight(common) / least if least else 0.0

    def _weight(self, terms: frozenset[str]) -> float:
        return sum(self._weights[term] for term in terms)


def lines(reading: Reading, story: Story) -> Iterator[Line]:
    """The sentences of a story that can be read alone, best passage first; of those too long to quote, parts."""
    told = {hit.passage.headline.id for hit in of_one_event([reading.hits[at] for at in story.hits])}
    for i, line in enumerate(reading.lines):
        if line.hit not in story.hits or reading.hits[line.hit].passage.headline.id not in told:
            continue
        readable = [part for part in map(_begun, parts(i, line)) if _readable(part)]
        whole = [part for part in readable if part.whole]
        for part in whole[:1] or readable:
            yield Line(
                text=part.text,
                hit=reading.hits[line.hit],
                terms=frozenset(term for term in telling(part) if background(term) >= 1 and not term[0].isdigit()),
                own=reading.share(reading.own[i]),
                about=reading.share(reading.near[i] | reading.titles[line.hit]),
                lead=line.place == 0 and reading.hits[line.hit].passage.position == 0,
                whole=part.whole,
                account=account(part.text, reading.hits[line.hit]),
            )


def _begun(part: Candidate) -> Candidate:
    """Without what only says when it was put up and where it was filed."""
    return replace(part, text=part.text[begins(part.text) :])


def _readable(part: Candidate) -> bool:
    """Whether it is news that can be read without what stood before it."""
    told = part.text
    if points_back(told) or told[:1].islower() or breaks_quotation(told):
        return False
    if furniture(told) or cries(told) or of_writer(told):
        return False
    if word_count(told, chinese=is_chinese(told)) < _SHORTEST or part.cost > _MOST_COST:
        return False
    return not part.boilerplate and len(telling(part)) >= _FEWEST_TERMS

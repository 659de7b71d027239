"""Which sentences answer: every candidate gets features, the features a score, and the best few that fit are taken.

The weights are fitted (see `_FITTED`); everything else is plain counting. Knows nothing of citations or refusals.
"""

from __future__ import annotations

import heapq
import math
from collections import Counter
from collections.abc import Collection, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime
from itertools import combinations, pairwise

from generation.quoting.candidates import Candidate, Line, lines, parts, telling
from generation.quoting.furniture import furniture
from generation.reading.asked_times import AskedTime, asked_times
from generation.reading.holding import Holding, holding
from generation.reading.inquiry import Inquiry
from generation.reading.kinds import Kind, things
from generation.reading.spelling import spelled
from generation.reading.terms import background, is_chinese, terms
from storage.domain.news import Hit

MOST_LINES = 40
# What a sentence gains by naming the story a follow-up leans on, beside what it gains by naming what it asks.
_CONTEXT = 0.25


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What was read for a question: its terms weighed, the lines, and which of the terms stand where.

    Args:
        weights: What each term of the question tells among these lines.
        own: The question's terms in each line.
        near: Those in each line and its neighbours.
        titles: Those in each hit's title.
        passages: Those in each hit's title and passage.
        total: The sum of `weights`.
        story_weights: Like `weights`, with what only says which story is meant at its full weight.
        holding: Which of the question's terms a text holds.
        itself: The question's terms that stand word for word in each hit's title and passage.
        times: The years and months that the question names.
    """

    inquiry: Inquiry
    hits: tuple[Hit, ...]
    asked_at: datetime
    lines: tuple[Line, ...]
    weights: dict[str, float]
    own: tuple[frozenset[str], ...]
    near: tuple[frozenset[str], ...]
    titles: tuple[frozenset[str], ...]
    passages: tuple[frozenset[str], ...]
    total: float
    story_weights: dict[str, float]
    holding: Holding
    itself: tuple[frozenset[str], ...]
    times: tuple[AskedTime, ...] = ()

    def of_asked_time(self, hit: int) -> bool:
        """Whether what a hit is of was published in a time that the question names."""
        published = self.hits[hit].passage.headline.published
        return published is not None and any(time.holds(published) for time in self.times)

    def share(self, found: AbstractSet[str]) -> float:
        """How much of the question, by weight, `found` holds: 0 to 1."""
        if not found or not self.total:
            return 0.0
        weights = self.weights
        return sum([weights[term] for term in found]) / self.total

    def held(self, candidate: Candidate) -> frozenset[str]:
        """The question's terms in what could be quoted."""
        if candidate.text == self.lines[candidate.line].text:
            return self.own[candidate.line]
        return self.holding.of(candidate.text, candidate.terms, self.itself[candidate.hit])

    def story_share(self, found: AbstractSet[str]) -> float:
        """The same of a whole passage, which must be of the story that is meant: 0 to 1."""
        weights = self.story_weights
        total = sum(weights.values())
        return sum([weights[term] for term in found]) / total if total else 0.0


def read_hits(inquiry: Inquiry, hits: Sequence[Hit], asked_at: datetime) -> Reading:
    """Read the passages of `hits` for a question."""
    found = lines(hits)
    titled = [terms(hit.passage.headline.title) for hit in hits]
    inquiry = spelled(inquiry, [*titled, *(line.terms for line in found)])
    holds = holding(inquiry)
    asked = holds.asked
    times = tuple(asked_times(inquiry.text, asked_at))
    # What was published in the time that is asked about need not name it.
    titles = tuple(
        asked.intersection(title) | _dated(hit, times, asked) for title, hit in zip(titled, hits, strict=True)
    )
    itself = list(titles)
    for line in found:
        itself[line.hit] |= asked.intersection(line.terms)
    own = [holds.of(line.text, line.terms, itself[line.hit]) for line in found]
    near: list[frozenset[str]] = []
    passages = list(titles)
    for i, line in enumerate(found):
        neighbours = [own[j] for j in (i - 1, i + 1) if 0 <= j < len(found) and found[j].hit == line.hit]
        near.append(own[i].union(*neighbours))
        passages[line.hit] |= own[i]
    story_weights = _weights(inquiry, own)
    weights = {term: weight * (_CONTEXT if term in inquiry.context else 1.0) for term, weight in story_weights.items()}
    return Reading(
        inquiry=inquiry,
        hits=tuple(hits),
        asked_at=asked_at,
        lines=tuple(found),
        weights=weights,
        total=sum(weights.values()),
        story_weights=story_weights,
        own=tuple(own),
        near=tuple(near),
        titles=titles,
        passages=tuple(passages),
        holding=holds,
        itself=tuple(itself),
        times=times,
    )


def _dated(hit: Hit, times: Sequence[AskedTime], asked: AbstractSet[str]) -> frozenset[str]:
    """The terms by which a question names the time that a hit was published in."""
    published = hit.passage.headline.published
    named = (time.text for time in times if published is not None and time.holds(published))
    return frozenset(term for text in named for term in terms(text) if term in asked)


def _weights(inquiry: Inquiry, own: Sequence[frozenset[str]]) -> dict[str, float]:
    """What is rare among the lines tells more, names and numbers most; between 0 and 2."""
    frequency = Counter(term for found in own for term in found)
    most = math.log1p(max(len(own), 2))
    weights: dict[str, float] = {}
    for term in inquiry.terms:
        rarity = math.log1p(len(own) / (1 + frequency[term])) / most
        exact = 1.5 if term in inquiry.names or term in inquiry.numbers else 1.0
        weights[term] = background(term) * exact * (0.3 + rarity)
    return weights


def candidates(reading: Reading) -> list[Candidate]:
    """What could be quoted of the lines that meet the question best, themselves or by what stands around them.

    Nothing of the page, in English: in Chinese its shapes are too often those of news to leave out what may answer.
    """
    passages = [reading.story_share(held) for held in reading.passages]
    promise = [
        reading.share(own) + reading.share(near) + passages[line.hit]
        for line, own, near in zip(reading.lines, reading.own, reading.near, strict=True)
    ]
    best = heapq.nlargest(MOST_LINES, range(len(promise)), key=promise.__getitem__)
    found = (part for i in sorted(best) for part in parts(i, reading.lines[i]))
    return [part for part in found if is_chinese(part.text) or not furniture(part.text)]


# What each feature adds to the score of a candidate, for questions in English and in Chinese. Fitted as a softmax over
# the candidates of each question whose answer some candidate holds. Two rows are set: boilerplate, which the data
# could not tell from ledes, and recency in Chinese, which is taken from English because the Chinese texts had no dates.
_FITTED: dict[str, tuple[float, float]] = {
    "own": (0.69, 2.02),
    "near": (1.29, 2.33),
    "title": (0.77, 2.02),
    "passage": (1.01, 2.22),
    "pairs": (1.24, -0.04),
    "names": (-0.32, 0.19),
    "names_context": (0.85, 0.03),
    "numbers": (0.39, -0.44),
    "rank": (0, 1.07),
    "kind": (1.2, 0.07),
    "kind_near": (1.2, 1.86),
    "focus": (0.04, 2.21),
    "votes": (0.98, 0.96),
    "central": (0.84, 0.37),
    "novelty": (-0.28, 0.12),
    "short": (-0.81, -0.06),
    "cost": (-0.37, -0.4),
    "boilerplate": (-1.5, -1.5),
    "whole": (1.76, 1.22),
    "lead": (1.13, 0.88),
    "recent": (2.19, 2.19),
    "recent_now": (1.35, 1.35),
}
FEATURES = tuple(_FITTED)

_ENOUGH_NEW_TERMS = 12
_SHORT_COST = 0.12


def features(reading: Reading, found: Sequence[Candidate]) -> list[list[float]]:
    """One row a candidate, one column a name in `FEATURES`; nearly all between 0 and 1."""
    inquiry = reading.inquiry
    asked = frozenset(inquiry.terms)
    named = [things(inquiry.kind, candidate.text, asked) for candidate in found]
    fresh = [_fresh(candidate, asked) for candidate in found]
    own = [reading.held(candidate) for candidate in found]
    shares = [reading.share(held) for held in own]
    passages = [reading.story_share(held) for held in reading.passages]
    strength = [share * passages[candidate.hit] for share, candidate in zip(shares, found, strict=True)]
    votes = _votes(found, named, strength)
    central = _votes(found, fresh, strength)
    return [
        [
            shares[i],
            reading.share(reading.near[candidate.line]),
            reading.share(own[i] | reading.titles[candidate.hit]),
            passages[candidate.hit],
            _pairs(inquiry, candidate.terms),
            _held(inquiry.names, candidate.terms),
            _held(inquiry.names, reading.passages[candidate.hit]),
            _held(inquiry.numbers, candidate.terms),
            1 / (1 + candidate.hit),
            1.0 if named[i] else 0.0,
            _beside(inquiry, candidate, named[i]),
            _held(inquiry.focus, candidate.terms),
            max((votes.get(thing, 0.0) for thing in named[i]), default=0.0),
            _mean_of_best([central.get(term, 0.0) for term in fresh[i]]),
            min(len(fresh[i]), _ENOUGH_NEW_TERMS) / _ENOUGH_NEW_TERMS,
            1.0 if candidate.cost < _SHORT_COST else 0.0,
            candidate.cost,
            float(candidate.boilerplate),
            float(candidate.whole),
            _lead(reading, candidate),
            *_recency(reading, candidate),
        ]
        for i, candidate in enumerate(found)
    ]


def _fresh(candidate: Candidate, asked: frozenset[str]) -> frozenset[str]:
    return frozenset(term for term in candidate.terms if term not in asked and background(term) >= 1)


def _held(wanted: frozenset[str], found: Collection[str]) -> float:
    return len(wanted.intersection(found)) / len(wanted) if wanted else 0.0


def _pairs(inquiry: Inquiry, shown: Sequence[str]) -> float:
    return len(inquiry.pairs.intersection(pairwise(shown))) / len(inquiry.pairs) if inquiry.pairs else 0.0


def _beside(inquiry: Inquiry, candidate: Candidate, named: frozenset[str]) -> float:
    """Whether the measured noun follows a number directly: 173家, five subscribers."""
    if inquiry.kind is not Kind.NUMBER or not inquiry.focus or not named:
        return 0.0
    shown = candidate.terms
    for i, term in enumerate(shown):
        if term[0].isdigit() and inquiry.focus.intersection(shown[i + 1 : i + 4]):
            return 1.0
    return float(any(thing.endswith(unit) for thing in named for unit in inquiry.focus))


def _lead(reading: Reading, candidate: Candidate) -> float:
    """How near the candidate stands to the beginning of its article; 0 beyond the first passage."""
    if reading.hits[candidate.hit].passage.position:
        return 0.0
    return 1 / (1 + reading.lines[candidate.line].place)


_HALF_LIFE_DAYS = 7


def _recency(reading: Reading, candidate: Candidate) -> tuple[float, float]:
    """1 for news of the hour, half after a week, 0 for what has no date; and the same where the question says now.

    Where it names a year or a month, 1 for news of that.
    """
    published = reading.hits[candidate.hit].passage.headline.published
    if published is None:
        return 0.0, 0.0
    if reading.times:
        return float(reading.of_asked_time(candidate.hit)), 0.0
    days = max((reading.asked_at - published).total_seconds(), 0.0) / 86_400
    recent = 1 / (1 + days / _HALF_LIFE_DAYS)
    return recent, recent if reading.inquiry.current else 0.0


def _votes(found: Sequence[Candidate], named: Sequence[frozenset[str]], strength: Sequence[float]) -> dict[str, float]:
    """What several well-matching passages name is likely the answer: each passage votes once, with its best match."""
    by_thing: dict[str, dict[int, float]] = {}
    for candidate, names, strong in zip(found, named, strength, strict=True):
        if strong <= 0:
            continue
        for thing in names:
            by_hit = by_thing.setdefault(thing, {})
            if strong > by_hit.get(candidate.hit, 0.0):
                by_hit[candidate.hit] = strong
    totals = {thing: sum(by_hit.values()) for thing, by_hit in by_thing.items()}
    most = max(totals.values(), default=0.0) or 1.0
    return {thing: total / most for thing, total in totals.items()}


def _mean_of_best(values: list[float]) -> float:
    best = sorted(values)[-3:]
    return sum(best) / len(best) if best else 0.0


def score(rows: Sequence[Sequence[float]], *, chinese: bool) -> list[float]:
    """The rows' scores; only their differences mean something."""
    weights = [fitted[chinese] for fitted in _FITTED.values()]
    return [sum(w * x for w, x in zip(weights, row, strict=True)) for row in rows]


MOST_SENTENCES = 3
_CONSIDERED = 14
_SAME = 0.6
# The scores are surer of themselves than they are right: what is likely is flattened to what is found to hold.
_SURENESS = 0.7
# A sentence this far below the best is some sixteen times less likely to answer: it would only fill the reply.
WORTH_SAYING = 4.0


def choose(found: Sequence[Candidate], scores: Sequence[float]) -> list[Candidate]:
    """The few that are most likely to hold the answer and fit in one reply, best first, no two alike.

    Likelihoods are a softmax of the scores; the set with the greatest sum under the bounds is exact among the best.
    """
    top = max(scores, default=0.0)
    considered = _distinct(found, scores)
    likely = {i: math.exp(_SURENESS * (scores[i] - top)) for i in considered}
    sets = (s for size in range(1, MOST_SENTENCES + 1) for s in combinations(considered, size))
    fitting = (s for s in sets if sum(found[i].cost for i in s) <= 1 and _apart(found, s))
    chosen = max(fitting, key=lambda s: sum(likely[i] for i in s), default=())
    return [found[i] for i in sorted(chosen, key=lambda i: -scores[i])]


def _distinct(found: Sequence[Candidate], scores: Sequence[float]) -> list[int]:
    """The best candidates, without those that say what a better one of another line says, with the same figures."""
    kept: list[int] = []
    seen: list[tuple[int, frozenset[str]]] = []
    least = max(scores, default=0.0) - WORTH_SAYING
    for i in sorted((i for i in range(len(found)) if scores[i] >= least), key=lambda i: -scores[i]):
        mine = telling(found[i])
        if any(line != found[i].line and not _differ(mine, other) and _alike(mine, other) for line, other in seen):
            continue
        kept.append(i)
        seen.append((found[i].line, mine))
        if len(kept) == _CONSIDERED:
            break
    return kept


def _alike(mine: frozenset[str], other: frozenset[str]) -> bool:
    return len(mine & other) >= _SAME * max(1, min(len(mine), len(other)))


def _differ(mine: frozenset[str], other: frozenset[str]) -> bool:
    """Whether both give figures, and neither any of the other's."""
    figures = frozenset(term for term in mine if term[0].isdigit())
    others = frozenset(term for term in other if term[0].isdigit())
    return bool(figures and others) and figures.isdisjoint(others)


def _apart(found: Sequence[Candidate], chosen: Sequence[int]) -> bool:
    return len({found[i].line for i in chosen}) == len(chosen)

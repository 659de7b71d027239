"""Choosing what to quote of a text: runs of clauses that are worth most together, within a length.

What is known from one quote is worth less in the next, so that the choice covers the text (greedy maximisation of a
submodular worth under a budget: Lin and Bilmes, "A class of submodular functions for document summarization", 2011).
A quote begins where its sentence does, or later where the rest can be read alone, and ends where the sentence ends.
"""

from __future__ import annotations

import bisect
import functools
import itertools
import operator
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace

from generation.reading.terms import background, is_chinese
from generation.summing.clauses import Clause, Statement

_REPEATING = 1.5
"""What a clause loses whose terms are all known, in standard deviations of the worth of clauses."""
_PER_QUOTE = 7.5
"""Words by which each quote is counted longer than it is, so that few long quotes go before many scraps."""
_SHORTEST = 8.0
"""Words; what is shorter is not quoted where there is anything longer. Captions are such, and scraps of sentences."""

_ALREADY_SAID = 0.8
"""What has a larger share of known terms is not quoted at all."""

# Clauses that a sentence can do without: how the reporter came to know, and what ties it to the sentence before.
_DISPENSABLE = re.compile(
    r"^(?:据|记者)[^，]{0,30}[，：:,]\s*$|(?:获悉|了解到|据悉|数据显示)[，：:,]\s*$"
    r"|^(?:近日|日前|目前|此外|同时|另外|当日|当天|随后|其中|对此|不过|但是|然而|因此|所以|于是|活动现场|会上|现场|仪式上)"
    r"[，,]\s*$"
)
# Who says so is never left out: an opinion would turn into a fact.
_ATTRIBUTION = re.compile(r"(?:表示|指出|称|认为|强调|说|道|问|透露|介绍|建议|呼吁|提醒)[，：:,]\s*$")
# How a clause begins that cannot be read without the one before it.
_DEPENDENT = re.compile(
    r"[而但并且也还以则就才却使让其或及和与等又再因为是由在这该此它他她被把向对将已均都共占比较后前时中上下“]"
    r"|从而|进而|同时"
)
# Characters by which a subject is recognised.
_SUBJECT = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """Clauses `start` to `end` (half-open, counted over all statements) of one statement, told by its index."""

    statement: int
    start: int
    end: int


def runs(text: str, told: Sequence[Statement], words: float) -> list[Run]:
    """What can be quoted of each statement within `words`; of one that is longer, as much from each beginning as fits.

    Empty where no first clause is that short.
    """
    subjects = _subjects(text, told) if is_chinese(text) else None
    lengths = _lengths(told)
    found: list[Run] = []
    first = 0
    for index, statement in enumerate(told):
        for start in (0, *_later_beginnings(text, statement.clauses, subjects)):
            reached = bisect.bisect_right(lengths, lengths[first + start] + words) - 1
            end = min(reached, first + len(statement.clauses))
            if end > first + start:
                found.append(Run(statement=index, start=first + start, end=end))
        first += len(statement.clauses)
    long_enough = [run for run in found if lengths[run.end] - lengths[run.start] >= _SHORTEST]
    return long_enough or found


def wholes(told: Sequence[Statement]) -> list[Run]:
    """Each statement from its first clause to its last."""
    ends = list(itertools.accumulate(len(statement.clauses) for statement in told))
    return [
        Run(statement=index, start=end - len(statement.clauses), end=end)
        for index, (statement, end) in enumerate(zip(told, ends, strict=True))
    ]


def choose(told: Sequence[Statement], worths: Sequence[float], offered: Sequence[Run], words: float) -> list[Statement]:
    """What to quote of the statements, in order, together of at most `words`; one run of each at most.

    Args:
        told: What the runs are of.
        worths: What a word of each clause of `told` is worth, in order.
        offered: The runs to choose from.
        words: The most that they may have together.
    """
    clauses = list(itertools.chain.from_iterable(statement.clauses for statement in told))
    telling = [{term: background(term) for term in clause.terms} for clause in clauses]
    lengths = _lengths(told)
    known: set[str] = set()
    chosen: list[Run] = []
    left = words
    while True:
        shares = [_known_share(weights, known) for weights in telling]
        repeated = _sums(map(operator.mul, shares, (clause.words for clause in clauses)))
        gains = _sums(
            clause.words * (worth - _REPEATING * share)
            for clause, worth, share in zip(clauses, worths, shares, strict=True)
        )
        offered = [
            run
            for run in offered
            if (length := lengths[run.end] - lengths[run.start]) <= left
            and repeated[run.end] - repeated[run.start] <= _ALREADY_SAID * length
        ]
        if not offered:
            return [
                replace(told[run.statement], clauses=tuple(clauses[run.start : run.end]))
                for run in sorted(chosen, key=lambda run: run.start)
            ]
        best = max(offered, key=functools.partial(_density, gains=gains, lengths=lengths))
        chosen.append(best)
        left -= lengths[best.end] - lengths[best.start]
        known.update(*telling[best.start : best.end])
        offered = [run for run in offered if run.statement != best.statement]


def _subjects(text: str, told: Sequence[Statement]) -> frozenset[str]:
    """How statements begin: mostly with whom or what they are about."""
    starts = (statement.clauses[0].start for statement in told)
    return frozenset(text[start : start + _SUBJECT] for start in starts)


def _later_beginnings(text: str, clauses: Sequence[Clause], subjects: AbstractSet[str] | None) -> Iterator[int]:
    """The clauses but the first at which a quote of a statement may begin: none where the subjects are not known.

    Either nothing but dispensable clauses stands before, or the clause has a subject of its own.
    """
    if subjects is None:
        return
    dispensable = True
    for index, (before, clause) in enumerate(itertools.pairwise(clauses), start=1):
        passed = text[before.start : before.end]
        if _ATTRIBUTION.search(passed):
            return
        dispensable = dispensable and bool(_DISPENSABLE.search(passed))
        if _DEPENDENT.match(text, clause.start) is None and (
            dispensable or text[clause.start : clause.start + _SUBJECT] in subjects
        ):
            yield index


def _known_share(weights: Mapping[str, float], known: AbstractSet[str]) -> float:
    total = sum(weights.values())
    return sum(weight for term, weight in weights.items() if term in known) / total if total else 0.0


def _lengths(told: Sequence[Statement]) -> list[float]:
    """The words before each clause, and before what follows the last."""
    return _sums(clause.words for statement in told for clause in statement.clauses)


def _sums(values: Iterable[float]) -> list[float]:
    """The sums of the first 0, 1, 2 … values."""
    return [0.0, *itertools.accumulate(values)]


def _density(run: Run, *, gains: Sequence[float], lengths: Sequence[float]) -> float:
    """What a run adds, a word of it. Both are sums over the clauses before each."""
    return (gains[run.end] - gains[run.start]) / (lengths[run.end] - lengths[run.start] + _PER_QUOTE)

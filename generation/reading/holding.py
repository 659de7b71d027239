"""Which terms of a question a text holds: as they are, in kindred words, or by a figure that stands for them.

Who says "48 million crowns" speaks of what something costs, and who counts 43 killed of how many people died.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from generation.reading.counts import counts
from generation.reading.fates import fates
from generation.reading.inquiry import Inquiry
from generation.reading.kindred import kin, stood_for
from generation.reading.measures import MEASURING_TERMS, gives
from generation.reading.terms import stem

_OF_PEOPLE = frozenset([stem("people"), "人数"])


@dataclass(frozen=True, slots=True, kw_only=True)
class Holding:
    """What to look for in texts.

    Args:
        inquiry: The question.
        asked: Its terms.
        kindred: Of those that have any, the terms that may stand for each.
        measuring: Those by which it asks for a measure.
        befell: What it asks of, where that befalls those who are counted.
    """

    inquiry: Inquiry
    asked: frozenset[str]
    kindred: Mapping[str, frozenset[str]]
    measuring: frozenset[str]
    befell: frozenset[str]

    def of(self, text: str, terms: Collection[str], around: AbstractSet[str]) -> frozenset[str]:
        """The question's terms that a text of such terms holds.

        Where `around`, what it stands in, has a term itself, nothing else stands for it. In Chinese nothing does: a
        question there tells which story it means by its words rather than by names.
        """
        if self.inquiry.chinese:
            return self.asked.intersection(terms)
        return self.asked.intersection(terms) | (stood_for(self.kindred, terms) - around) | self.implied(text)

    def implied(self, text: str) -> frozenset[str]:
        """Those that a figure stands for, in whatever words it is given: a sum for cost, a toll for killed."""
        measure = self.inquiry.measure
        if measure is not None:
            return self.measuring if self.measuring and gives(text, measure) else frozenset()
        if not self.counts_befallen(text):
            return frozenset()
        return frozenset(term for term in self.asked if term in _OF_PEOPLE or fates(term))

    def counts_befallen(self, text: str) -> bool:
        """Whether a number counts those whom what is asked befell, and not for how long it did."""
        return bool(self.befell) and any(
            self.befell & count.fates and count.counted.kind != "time" for count in counts(text)
        )


def holding(inquiry: Inquiry) -> Holding:
    """What to look for, for a question in English or Chinese; kindred words are known of English alone."""
    return Holding(
        inquiry=inquiry,
        asked=frozenset(inquiry.terms),
        kindred={} if inquiry.chinese else kin(set(inquiry.terms) - inquiry.names, inquiry.text),
        measuring=MEASURING_TERMS.intersection(inquiry.terms) if inquiry.measure else frozenset(),
        befell=fates(inquiry.text),
    )

"""How well the checker of claims tells what a text says from what it does not.

True claims are what people wrote of a text: the sentences of its summary, or its title. Each is then falsified in ways
that models err in, by rule and by chance from a seed: a number or its unit changed, a name exchanged, a denial put in
or taken out, turned into its opposite, or held against another text about like things.
"""

from __future__ import annotations

import random
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from generation.grounding.support import Source, support
from generation.reading.figures import figures
from generation.reading.inquiry import names
from generation.reading.terms import is_chinese, terms
from storage.domain.news import ArticleId, Headline, Hit, Passage, PassageId
from storage.domain.progress import Progress
from storage.domain.sentences import sentences

TRUE = "true"
"""The kind of a claim as people wrote it."""

_LONG_AGO = datetime.min.replace(tzinfo=UTC)
_SHORTEST = {False: 30, True: 12}
_MOST_CLAIMS = 3
_OTHERS = 40
_DENIALS = (
    (" is ", " is not "), (" are ", " are not "), (" was ", " was not "), (" were ", " were not "),
    (" will ", " will not "), (" has ", " has not "), (" have ", " have not "), ("已", "未"), ("将", "不会"),
    ("表示", "否认"), ("是", "不是"), ("有", "没有"),
)  # fmt: skip
_AFFIRMATIONS = (
    (" not ", " "), (" no longer ", " "), ("n't ", " "), ("没有", "有"), ("未能", "已"), ("拒绝", "同意"),
    ("否认", "承认"),
)  # fmt: skip
_UNITS = (
    ("percent", "percentage points"), ("dollars", "euros"), ("$", "€"), ("million", "billion"), ("miles", "kilometres"),
    ("%", "个百分点"), ("万", "亿"), ("公里", "米"),
)  # fmt: skip
_OPPOSITES = (
    ("rise", "fall"), ("increase", "decrease"), ("win", "lose"), ("more", "fewer"), ("after", "before"),
    ("reject", "approve"), ("up", "down"), ("增长", "下降"), ("上涨", "下跌"), ("支持", "反对"), ("提高", "降低"),
    ("增加", "减少"), ("超过", "低于"), ("开始", "结束"),
)  # fmt: skip

_TURNS = (("denial", _DENIALS), ("affirmed", _AFFIRMATIONS), ("unit", _UNITS), ("opposite", _OPPOSITES))


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A text and what people wrote of it."""

    text: str
    claim: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GroundingReport:
    """What was found.

    Args:
        believed: For each kind of claim, `TRUE` and those that were falsified, 1 for each that was believed, else 0.
    """

    believed: Mapping[str, tuple[float, ...]]

    @property
    def precision(self) -> float:
        """Of what is believed, the share that is true, were there one false claim, of any kind, for each true one."""
        right = _mean(self.believed[TRUE])
        wrong = [_mean(scores) for kind, scores in self.believed.items() if kind != TRUE]
        return right / (right + _mean(wrong)) if right else 0.0


def claims(text: str) -> list[str]:
    """The first sentences of what was written of a text that are long enough to say something."""
    found = [text[start:end] for start, end in sentences(text)]
    return [each for each in found if len(each) >= _SHORTEST[is_chinese(each)]][:_MOST_CLAIMS]


def evaluate_grounding(told: Sequence[Told], progress: Progress, seed: int = 0) -> GroundingReport:
    """Hold every claim, as it is and falsified, against its text."""
    chance = random.Random(seed)  # noqa: S311 # nothing is kept secret by it
    sources = [_source(each.text) for each in told]
    all_names = [name for each in told for name in _names(each.claim)]
    believed: dict[str, list[float]] = defaultdict(list)
    for i, each in enumerate(told):
        for kind, claim in [(TRUE, each.claim), *_falsified(each.claim, all_names, chance)]:
            believed[kind].append(float(not support(claim, sources[i]).faults))
        other = _like(each, i, told, sources, chance)
        if other is not None:
            believed["other"].append(float(not support(each.claim, other).faults))
        progress("claims", i + 1, len(told))
    return GroundingReport(believed={kind: tuple(scores) for kind, scores in believed.items()})


def _falsified(claim: str, others: Sequence[str], chance: random.Random) -> Iterator[tuple[str, str]]:
    counted = figures(claim)
    if counted:
        figure = chance.choice(counted)
        changed = str(int(figure.value) + chance.choice((1, 2, 3, 10)))
        yield "number", f"{claim[: figure.start]}{changed}{claim[figure.end :]}"
    own = _names(claim)
    if own and others:
        name, other = chance.choice(own), chance.choice(others)
        if other not in claim:
            yield "name", claim.replace(name, other, 1)
    for kind, pairs in _TURNS:
        turned = next((false for said, meant in pairs if (false := _exchanged(claim, said, meant)) != claim), None)
        if turned is not None:
            yield kind, turned


def _exchanged(claim: str, said: str, meant: str) -> str:
    """One word for the other, as a whole word where words are set apart."""
    if said.isascii() and said.isalpha():
        return re.sub(rf"\b{said}\b", meant, claim, count=1)
    return claim.replace(said, meant, 1)


def _names(claim: str) -> list[str]:
    return [] if is_chinese(claim) else names(claim)


def _like(
    each: Told, place: int, told: Sequence[Told], sources: Sequence[Source], chance: random.Random
) -> Source | None:
    """Of some other texts of the same language, drawn by chance, the one that shares most words with the claim."""
    drawn = chance.sample(range(len(told)), min(_OTHERS, len(told)))
    others = [j for j in drawn if j != place and told[j].text != each.text]
    same = [sources[j] for j in others if is_chinese(told[j].claim) == is_chinese(each.claim)]
    wanted = frozenset(terms(each.claim))
    return max(same, key=lambda source: len(wanted & source.terms), default=None)


def _source(text: str) -> Source:
    headline = Headline(id=ArticleId("text"), title="", first_seen=_LONG_AGO, group=ArticleId("text"))
    return Source(Hit(passage=Passage(id=PassageId(0), position=0, text=text, headline=headline), score=1.0))


def _mean(scores: Sequence[float]) -> float:
    return sum(scores) / len(scores) if scores else 0.0

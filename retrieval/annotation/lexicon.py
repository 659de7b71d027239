"""Words that tell the tone of a text, in English and Chinese: a list of our own, counted with what turns them round.

The words lie beside this module in `tone_words.json`; we chose them ourselves. They are few (about 1,150 English and
510 Chinese), of the language of news, and say whether good or bad things are told, not what the writer feels.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import resources

from storage.domain.scripts import CJK

_WEIGHTS = {"strongly good": 2.0, "good": 1.0, "bad": -1.0, "strongly bad": -2.0}
# What a word counts after a negation, as a share of what it counts alone: "not good" is less than "bad".
_TURNED = -0.7
_RAISED = 1.4
# So many words before a word may negate it.
_REACH = 3
# So many Chinese characters take the place of a word.
_CHARACTERS_A_WORD = 1.7
# How strong, in words that count 1, the wish to call a text neutral is, for each so many words of it.
_NEUTRAL = 1.5
_SENTENCE = 20

_RUN = re.compile(rf"[{CJK}]+|[^\W{CJK}\d_]+(?:['’-][^\W{CJK}\d_]+)*")
_IS_CJK = re.compile(f"[{CJK}]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """What was counted in a text: the weight of its good and of its bad words, at least 0, and its length in words."""

    good: float = 0.0
    bad: float = 0.0
    words: float = 0.0

    @property
    def tone(self) -> float:
        """In (-1, 1): below 0 where the bad prevails; near 0 where there is little of either for the length."""
        neutral = _NEUTRAL * max(1.0, self.words / _SENTENCE)
        return (self.good - self.bad) / (self.good + self.bad + neutral)


@dataclass(frozen=True, slots=True)
class _Words:
    weights: dict[str, float]
    negations: frozenset[str]
    intensifiers: frozenset[str]
    beginnings: frozenset[str]
    longest: int


def tally(text: str) -> Tally:
    """Count the words of `text` that tell its tone, in whichever of the two languages each stretch of it is written."""
    good = bad = words = 0.0
    latin: list[str] = []
    for match in _RUN.finditer(text):
        run = match.group()
        if _IS_CJK.match(run):
            words += len(run) / _CHARACTERS_A_WORD
            for weight in _chinese(run):
                good, bad = good + max(weight, 0.0), bad - min(weight, 0.0)
        else:
            latin.append(run.lower().replace("’", "'"))
    for weight in _english(latin):
        good, bad = good + max(weight, 0.0), bad - min(weight, 0.0)
    return Tally(good=good, bad=bad, words=words + len(latin))


def _english(tokens: list[str]) -> Iterator[float]:
    known = _listed()["en"]
    for at, token in enumerate(tokens):
        weight = known.weights.get(token)
        if weight is None:
            continue
        before = tokens[max(0, at - _REACH) : at]
        if not known.negations.isdisjoint(before):
            weight *= _TURNED
        elif before and before[-1] in known.intensifiers:
            weight *= _RAISED
        yield weight


def _chinese(run: str) -> Iterator[float]:
    """The weights of the listed words in a run without spaces; the longest from each place, none inside another."""
    known = _listed()["zh"]
    at = turned_until = raised_until = 0
    while at < len(run):
        if run[at] not in known.beginnings:
            at += 1
            continue
        for length in range(min(known.longest, len(run) - at), 0, -1):
            word = run[at : at + length]
            weight = known.weights.get(word)
            if weight is not None:
                yield weight * (_TURNED if at < turned_until else _RAISED if at < raised_until else 1.0)
                at += length
                break
            if word in known.negations:
                at += length
                turned_until = at + _REACH
                break
            if word in known.intensifiers:
                at += length
                raised_until = at + _REACH
                break
        else:
            at += 1


@cache
def _listed() -> dict[str, _Words]:
    lists = json.loads(resources.files(__package__).joinpath("tone_words.json").read_text(encoding="utf-8"))
    found = {}
    for language, groups in lists.items():
        weights = {word: weight for name, weight in _WEIGHTS.items() for word in groups[name].split()}
        negations, intensifiers = (frozenset(groups[name].split()) for name in ("negations", "intensifiers"))
        every = {*weights, *negations, *intensifiers}
        found[language] = _Words(
            weights, negations, intensifiers, frozenset(word[0] for word in every), max(map(len, every))
        )
    return found

"""What tells how well passages that were found answer a question, as numbers. Pure, and quick enough for every search.

Everything is measured against the other passages that were found, so that a figure means the same in a small corpus as
in a large one: how rare a term is among them, how close to the best of them a score comes. Of names of sources, of ids
and of the order in which articles came nothing is known here.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from retrieval.ports import Candidate
from retrieval.search.asked import Asked, Kind

Matrix = NDArray[np.float32]

NAMES = (
    "fused", "article_fused", "words", "words_amount", "article_words", "meaning", "meaning_place", "article_meaning",
    "held", "held_title", "held_anywhere", "close", "near", "run", "pairs", "numbers", "names",
    "near_numbers", "near_names", "digits", "capitals", "asks_number", "asks_person", "asks_place",
    "asks_which", "position", "length", "opens", "siblings", "freshness", "recent", "around", "source", "phrases",
)  # fmt: skip
"""What each column is, in the order of the columns."""

# Of what is looked at around the place that holds most of the question, in characters: of English, and of Chinese,
# which says as much in a third of them.
_CLOSE = (160, 50)
_NEAR = (420, 140)
_FULL_LENGTH = (1200.0, 400.0)
_MOST_PLACES = 12
_LEAST_RARITY = 0.05
_FAR = 3.0
# The logarithm of a large BM25.
_MUCH = 5.0
# English words take up to so many letters as an ending; shorter ones than this only an s.
_ENDING = 4
_SHORT = 4
_SHORTEST_RUN = 6
# So many numbers or names near by are as good as more, and so many digits or capital letters in all.
_ENOUGH = 3
_PLENTY = 80

_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
# What beside a number, or a name, makes it part of a longer one; what it stands in place of is a digit and a letter.
_HERE = "\x00"
_PART_OF_A_NUMBER = re.compile(r"\d[.,]?\x00|\x00[.,]?\d")
_PART_OF_A_WORD = re.compile(r"[^\W_]\x00|\x00[^\W_]")
# What is taken out of a text so that only its digits, or its capital letters, are left.
_NO_DIGITS = bytes(range(ord("0"))) + bytes(range(ord("9") + 1, 256))
_NO_CAPITALS = bytes(range(ord("A"))) + bytes(range(ord("Z") + 1, 256))
_COUNTING = frozenset("0123456789$€£")
_SPELLED = frozenset(("two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"))
_CLOSING = ".,;:!?)’'”\"%"


@dataclass(slots=True)
class _Seen:
    """One passage as it was looked through: where in it each term stands, and whether its title holds it."""

    text: str
    title: str
    places: list[list[int]]
    in_title: list[bool]
    window: tuple[int, int] = (0, 0)
    close: float = 0.0
    near: float = 0.0


def features(asked: Asked, candidates: Sequence[Candidate]) -> Matrix:
    """A row a candidate, (len(candidates), len(NAMES)), columns as `NAMES` says; nearly all in [0, 1]."""
    if not candidates:
        return np.zeros((0, len(NAMES)), dtype=np.float32)
    seen = [_look(asked, candidate) for candidate in candidates]
    rarity = _rarity(asked, seen)
    for each in seen:
        places = sorted((place, at) for at, found in enumerate(each.places) for place in found)
        each.close, each.window = _best_window(places, rarity, _CLOSE[asked.chinese])
        each.near, _ = _best_window(places, rarity, _NEAR[asked.chinese])
    columns = (
        _found(candidates)
        | _covering(asked, seen, rarity)
        | _offering(asked, seen, candidates)
        | _standing(candidates)
        | _signals(candidates)
    )
    return np.stack([np.asarray(columns[name], dtype=np.float32) for name in NAMES], axis=1)


def _look(asked: Asked, candidate: Candidate) -> _Seen:
    title, body = candidate.passage.headline.title.lower(), candidate.passage.text.lower()
    whole, begins = f"{title}\n{body}", len(title) + 1
    places: list[list[int]] = []
    in_title: list[bool] = []
    for term in asked.terms:
        found = _places(whole, term.text, latin=term.latin)
        in_title.append(bool(found) and found[0] < begins)
        places.append([place - begins for place in found if place >= begins])
    return _Seen(text=body, title=title, places=places, in_title=in_title)


def _places(text: str, term: str, *, latin: bool) -> list[int]:
    """Where `term` begins in `text`, at most so many times; English as whole words, endings aside."""
    found: list[int] = []
    length = len(term)
    at = text.find(term)
    while at >= 0 and len(found) < _MOST_PLACES:
        end = at + length
        if not latin or (not text[at - 1 : at].isalnum() and _ends_soon(text, end, length)):
            found.append(at)
        at = text.find(term, end)
    return found


def _ends_soon(text: str, end: int, length: int) -> bool:
    """Whether a word that goes on at `end` is the term with an ending."""
    if not text[end : end + 1].isalpha():
        return True
    if length < _SHORT:
        return text[end] == "s" and not text[end + 1 : end + 2].isalpha()
    return not text[end : end + _ENDING + 1].isalpha() or len(text) - end <= _ENDING


def _rarity(asked: Asked, seen: Sequence[_Seen]) -> list[float]:
    """How telling each term is among what was found; what nothing holds tells nothing."""
    n = len(seen)
    weights: list[float] = []
    for at in range(len(asked.terms)):
        holding = sum(1 for each in seen if each.places[at] or each.in_title[at])
        rarity = math.log(1 + (n - holding + 0.5) / (holding + 0.5)) if holding else 0.0
        weights.append(max(_LEAST_RARITY, rarity) if holding else 0.0)
    return weights


def _best_window(
    places: Sequence[tuple[int, int]], rarity: Sequence[float], width: int
) -> tuple[float, tuple[int, int]]:
    """The most that terms within so many characters weigh together, each counted once, and where they stand."""
    counts = [0] * len(rarity)
    weight, best, window, first = 0.0, 0.0, (0, 0), 0
    for place, term in places:
        if not counts[term]:
            weight += rarity[term]
        counts[term] += 1
        while place - places[first][0] > width:
            left = places[first][1]
            counts[left] -= 1
            if not counts[left]:
                weight -= rarity[left]
            first += 1
        if weight > best + 1e-9:
            best, window = weight, (places[first][0], place)
    return best, window


Columns = dict[str, Sequence[float] | NDArray[np.float32]]


def _found(candidates: Sequence[Candidate]) -> Columns:
    """What both sides said of each, and of its article."""
    fused = _shares([candidate.score for candidate in candidates])
    words = np.asarray([candidate.bm25 or 0.0 for candidate in candidates], dtype=np.float32)
    meaning = _spread([candidate.similarity for candidate in candidates])
    articles = [candidate.passage.headline.id for candidate in candidates]
    return {
        "fused": fused,
        "article_fused": _best_of(articles, fused),
        "words": _shares(words),
        "words_amount": np.asarray(np.log1p(words) / _MUCH, dtype=np.float32),
        "article_words": _best_of(articles, _shares(words)),
        "meaning": meaning,
        "meaning_place": _place(meaning),
        "article_meaning": _best_of(articles, meaning),
    }


def _spread(cosines: Sequence[float | None]) -> NDArray[np.float32]:
    """How far each lies from the mean, in deviations: encoders differ in what they call close. 0 where unknown."""
    known = np.asarray([cosine for cosine in cosines if cosine is not None], dtype=np.float32)
    if not len(known) or not float(known.std()):
        return np.zeros(len(cosines), dtype=np.float32)
    values = np.asarray([known.mean() if cosine is None else cosine for cosine in cosines], dtype=np.float32)
    return np.asarray(np.clip((values - known.mean()) / known.std(), -_FAR, _FAR) / _FAR, dtype=np.float32)


def _place(values: NDArray[np.float32]) -> NDArray[np.float32]:
    """One over the rank from 1, best first; 0 where all are the same."""
    if not float(np.ptp(values)):
        return np.zeros_like(values)
    ranks = np.empty(len(values), dtype=np.float32)
    ranks[np.argsort(-values, kind="stable")] = np.arange(1, len(values) + 1)
    return np.asarray(1 / ranks, dtype=np.float32)


def _shares(scores: Sequence[float] | NDArray[np.float32]) -> NDArray[np.float32]:
    values = np.asarray(scores, dtype=np.float32)
    best = float(values.max())
    return values / best if best > 0 else np.zeros_like(values)


def _best_of(articles: Sequence[str], values: NDArray[np.float32]) -> NDArray[np.float32]:
    """For each, the most that a passage of its article has."""
    best: dict[str, float] = {}
    for article, value in zip(articles, values.tolist(), strict=True):
        best[article] = max(best.get(article, value), value)
    return np.asarray([best[article] for article in articles], dtype=np.float32)


def _covering(asked: Asked, seen: Sequence[_Seen], rarity: Sequence[float]) -> Columns:
    """How much of the question each holds, and how close together."""
    weights = np.asarray(rarity, dtype=np.float32)
    whole = float(weights.sum()) or 1.0
    held = np.asarray([[bool(places) for places in each.places] for each in seen], dtype=np.float32)
    title = np.asarray([each.in_title for each in seen], dtype=np.float32)
    return {
        "held": held @ weights / whole,
        "held_title": title @ weights / whole,
        "held_anywhere": np.maximum(held, title) @ weights / whole,
        "close": [each.close / whole for each in seen],
        "near": [each.near / whole for each in seen],
        "run": [_longest_run(asked.run, each.text) for each in seen],
        "pairs": _pairs(asked, seen),
        "numbers": [_share_of(asked.numbers, each.text) for each in seen],
        "names": [_share_of(asked.names, f"{each.title}\n{each.text}") for each in seen],
    }


def _longest_run(asked: str, text: str) -> float:
    """The longest stretch of the question that stands in the text as it is, as a share of the question."""
    best, end = 0, 0
    for start in range(len(asked)):
        end = max(end, start + best)
        while end < len(asked) and asked[start : end + 1] in text:
            end += 1
        best = max(best, end - start)
    return best / max(_SHORTEST_RUN, len(asked))


def _pairs(asked: Asked, seen: Sequence[_Seen]) -> NDArray[np.float32]:
    """The share of the question's pairs of characters that each holds, by how rare they are among all."""
    if not asked.pairs:
        return np.zeros(len(seen), dtype=np.float32)
    held = np.asarray([[pair in each.text for pair in asked.pairs] for each in seen], dtype=np.float32)
    holding = held.sum(axis=0)
    weights = np.where(holding > 0, np.log1p((len(seen) - holding + 0.5) / (holding + 0.5)), 0.0)
    return np.asarray(held @ weights / (weights.sum() or 1.0), dtype=np.float32)


def _share_of(wanted: Sequence[str], text: str) -> float:
    return sum(_holds_whole(text, each) for each in wanted) / len(wanted) if wanted else 0.0


def _holds_whole(text: str, wanted: str) -> bool:
    """Whether a number, or a name, stands in the text and is no part of another: 5 is none of 2015, nor of 1.5."""
    part = _PART_OF_A_NUMBER if wanted[0].isdigit() else _PART_OF_A_WORD
    at = text.find(wanted)
    while at >= 0:
        end = at + len(wanted)
        if not part.search(text[max(0, at - 2) : at] + _HERE) and not part.search(_HERE + text[end : end + 2]):
            return True
        at = text.find(wanted, at + 1)
    return False


def _offering(asked: Asked, seen: Sequence[_Seen], candidates: Sequence[Candidate]) -> Columns:
    """What could be the answer, in each passage and near what it holds of the question, by what is asked for."""
    offers = np.asarray(
        [_offers(asked, each, candidate.passage.text) for each, candidate in zip(seen, candidates, strict=True)],
        dtype=np.float32,
    )
    near_numbers, near_names = offers[:, 0], offers[:, 1]
    return {
        "near_numbers": near_numbers,
        "near_names": near_names,
        "digits": offers[:, 2],
        "capitals": offers[:, 3],
        "asks_number": near_numbers * (Kind.NUMBER in asked.kinds),
        "asks_person": near_names * (Kind.PERSON in asked.kinds),
        "asks_place": near_names * (Kind.PLACE in asked.kinds),
        "asks_which": near_names * (Kind.WHICH in asked.kinds),
    }


def _offers(asked: Asked, seen: _Seen, text: str) -> tuple[float, float, float, float]:
    """Numbers and names that the question does not hold near by, and digits and capital letters in all."""
    around = _CLOSE[asked.chinese] // 2
    start, end = max(0, seen.window[0] - around), seen.window[1] + around
    if asked.chinese:
        numbers, names = sum(found not in asked.numbers for found in _NUMBER.findall(seen.text, start, end)), 0
    else:
        numbers, names = _counted(asked, text[start:end])
    plain = text.encode("ascii", "ignore")
    return (
        min(_ENOUGH, numbers) / _ENOUGH,
        min(_ENOUGH, names) / _ENOUGH,
        min(_PLENTY, len(plain.translate(None, _NO_DIGITS))) / _PLENTY,
        min(_PLENTY, len(plain.translate(None, _NO_CAPITALS))) / _PLENTY,
    )


def _counted(asked: Asked, text: str) -> tuple[int, int]:
    """How many numbers and names the text holds that the question does not; what is spaced apart is a word."""
    numbers, names = 0, 0
    for word in set(text.split()):
        begins = word[0]
        if begins.isupper():
            names += word.rstrip(_CLOSING).lower() not in asked.known
        elif begins in _COUNTING:
            numbers += word.strip(_CLOSING) not in asked.known
        elif word in _SPELLED:
            numbers += word not in asked.known
    return numbers, names


def _standing(candidates: Sequence[Candidate]) -> Columns:
    """Where in its article each stands, how long it is, and how many of the same article were found."""
    articles = Counter(candidate.passage.headline.id for candidate in candidates)
    return {
        "position": [math.log1p(candidate.passage.position) / 3 for candidate in candidates],
        "length": [
            min(1.5, len(candidate.passage.text) / _FULL_LENGTH[candidate.passage.headline.language == "zh"])
            for candidate in candidates
        ],
        "opens": [float(candidate.passage.position == 0) for candidate in candidates],
        "siblings": [math.log1p(articles[candidate.passage.headline.id]) / 2 for candidate in candidates],
    }


def _signals(candidates: Sequence[Candidate]) -> Columns:
    return {
        "freshness": [candidate.signals.freshness for candidate in candidates],
        "recent": [candidate.signals.recent for candidate in candidates],
        "around": [candidate.signals.around for candidate in candidates],
        "source": [candidate.signals.source for candidate in candidates],
        "phrases": [candidate.signals.phrases for candidate in candidates],
    }

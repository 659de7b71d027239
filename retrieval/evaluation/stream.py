"""How well news is ranked as time goes on: MIND's impressions in the order of their times.

What is known of how readers took a story is known from earlier impressions alone. The first of them are only learned
from; the later are scored, each before it is learned from.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from retrieval.annotation.prototypes import SUBJECTS, Prototypes
from retrieval.evaluation.estimates import Estimate
from retrieval.evaluation.impressions import Impression, Item
from retrieval.evaluation.orderings import worth
from retrieval.evaluation.ranking import Vectors, estimated, gains, listed, plain, replayed
from retrieval.interests.features import features
from retrieval.interests.learned import Learned, Shown, learn
from retrieval.interests.ranking import Weights, shipped
from retrieval.interests.readers import Matrix, gathered
from retrieval.interests.responses import Responses
from retrieval.interests.stories import Stories, freshness
from storage.domain.progress import Progress

LEARNED_FROM = 0.6
"""The share of the impressions, the earliest, that are only learned from."""

_HOUR = 3600.0
_STEP = 50
# As in the baseline that this is held against: clicks and shows are believed after ten.
_CTR_DOUBT = 10.0
_LANGUAGE = "zh"


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamReport:
    """What the evaluation found: by metric, with intervals over the impressions that were scored.

    Args:
        n: So many were scored.
        learned_from: So many came before.
        rankings: By the name of the ranking. `ours`: with the shipped weights; `plain`: by the mean cosine; `ctr`: by
            clicks per show alone; `listed`: as they come, shuffled; `learned`: with the weights that an instance would
            use that learned from the earlier ones; `titled`: `ours`, among the candidates that have titles.
        gains: Of `ours` over `plain` and over `ctr`, of `learned` over `ours`.
        learned: What was learned from the earlier ones.
    """

    n: int
    learned_from: int
    rankings: Mapping[str, Mapping[str, Estimate]]
    gains: Mapping[str, Mapping[str, Estimate]]
    learned: Learned


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Seen:
    """An impression as it was seen when it came: (m, len(NAMES)) features, and clicks per show as logarithms."""

    impression: Impression
    rows: Matrix
    ctr: list[float]


def evaluate_stream(
    impressions: Sequence[Impression], vectors: Vectors, prototypes: Prototypes, progress: Progress
) -> StreamReport:
    """Rank what each reader was shown, in the order of the times; `impressions` have them, and ten or more are telling.

    Args:
        impressions: In the order of their times.
        vectors: Of their titles.
        prototypes: What titles are compared with to tell their subjects.
        progress: Told how far it is.
    """
    seen = witnessed(impressions, vectors, prototypes, progress)
    start = math.ceil(len(seen) * LEARNED_FROM)
    scored = [each for each in seen[start:] if each.impression.telling]
    ours, usual = shipped(), usual_vector(vectors)
    learned = learn([_as_shown(each) for each in seen[:start] if each.impression.telling], ours)
    by_name = {
        "ours": _worth(scored, lambda each: ours.scores(each.rows).tolist()),
        "plain": _worth(scored, lambda each: plain(each.impression, vectors, usual)),
        "ctr": _worth(scored, lambda each: each.ctr),
        "listed": _worth(scored, lambda each: listed(each.impression)),
        "learned": _worth(scored, lambda each: learned.weights.scores(each.rows).tolist()),
    }
    titled = _titled(scored, vectors, ours)
    return StreamReport(
        n=len(scored),
        learned_from=start,
        rankings={name: estimated(each) for name, each in (*by_name.items(), ("titled", titled)) if each},
        gains={
            "ours over plain": gains(by_name["ours"], by_name["plain"]),
            "ours over ctr": gains(by_name["ours"], by_name["ctr"]),
            "learned over ours": gains(by_name["learned"], by_name["ours"]),
        },
        learned=learned,
    )


def witnessed(
    impressions: Sequence[Impression], vectors: Vectors, prototypes: Prototypes, progress: Progress
) -> list[Seen]:
    """Each impression as it was seen when it came, in their order."""
    told = _with_subjects(impressions, vectors, prototypes)
    encoder, width = prototypes.encoder, prototypes.vectors.shape[1]
    crowd = _Crowd(width, vectors)
    found: list[Seen] = []
    for at, each in enumerate(told, start=1):
        now = each.at
        assert now is not None  # noqa: S101 # the caller's duty
        profile = replayed(each, vectors, encoder)[-1]
        stories = crowd.stories(each, now)
        readers = gathered([profile], width, stories.subject_shares, {})
        found.append(Seen(impression=each, rows=features(readers, stories)[0], ctr=crowd.ctr(each)))
        crowd.note(each, now, readers.means[0])
        if not at % _STEP or at == len(told):
            progress("impressions", at, len(told))
    return found


def usual_vector(vectors: Vectors) -> NDArray[np.float32]:
    """(d,): what stands for an article without a title: the mean of those with one, which favours nobody."""
    return np.asarray(np.mean(list(vectors.values()), axis=0), dtype=np.float32)


class _Crowd:
    """All that is known from the impressions so far."""

    def __init__(self, width: int, vectors: Vectors) -> None:
        self._vectors = vectors
        self._responses = Responses(width=width)
        self._first: dict[str, datetime] = {}
        self._subjects = Counter({subject.value: 1.0 for subject in SUBJECTS})
        self._clicks: Counter[str] = Counter()
        self._shows: Counter[str] = Counter()
        self._usual = usual_vector(vectors)

    def stories(self, impression: Impression, now: datetime) -> Stories:
        keys = [item.key for item in impression.candidates]
        whole = self._subjects.total()
        ages = np.asarray([(now - self._first.get(key, now)).total_seconds() / _HOUR for key in keys])
        return Stories(
            vectors=np.stack([self._vectors.get(key, self._usual) for key in keys]),
            subjects=tuple(item.subject for item in impression.candidates),
            subject_shares={name: count / whole for name, count in self._subjects.items()},
            freshness=freshness(ages),
            audience=self._responses.audience(keys, now),
        )

    def ctr(self, impression: Impression) -> list[float]:
        usual = (self._clicks.total() + 1) / (self._shows.total() + 1)
        return [
            math.log((self._clicks[item.key] + _CTR_DOUBT * usual) / (self._shows[item.key] + _CTR_DOUBT))
            for item in impression.candidates
        ]

    def note(self, impression: Impression, now: datetime, mean: NDArray[np.float32]) -> None:
        keys = [item.key for item in impression.candidates]
        clicked = {key for key, each in zip(keys, impression.clicked, strict=True) if each}
        self._responses.note(now, mean, keys, clicked)
        self._shows.update(keys)
        self._clicks.update(clicked)
        self._subjects.update(item.subject for item in impression.history if item.subject)
        for key in keys:
            self._first.setdefault(key, now)


def _with_subjects(impressions: Sequence[Impression], vectors: Vectors, prototypes: Prototypes) -> list[Impression]:
    """The same, where the subjects of titles are told by their examples; they are in Chinese."""
    keys = list(vectors)
    odds = prototypes.log_odds(np.stack([vectors[key] for key in keys]), _LANGUAGE)
    subjects = {key: SUBJECTS[at].value for key, at in zip(keys, odds.argmax(axis=1).tolist(), strict=True)}

    def told(items: tuple[Item, ...]) -> tuple[Item, ...]:
        return tuple(replace(item, subject=subjects.get(item.key)) for item in items)

    return [replace(each, history=told(each.history), candidates=told(each.candidates)) for each in impressions]


def _as_shown(seen: Seen) -> Shown:
    return Shown(rows=seen.rows, turned_to=np.asarray(seen.impression.clicked))


def _worth(seen: Sequence[Seen], scores: Callable[[Seen], list[float]]) -> list[tuple[float, ...]]:
    return [worth(scores(each), each.impression.clicked, each.impression.id) for each in seen]


def _titled(seen: Sequence[Seen], vectors: Vectors, weights: Weights) -> list[tuple[float, ...]]:
    """What the ranking is worth among the candidates that have titles."""
    found = []
    for each in seen:
        titled = [at for at, item in enumerate(each.impression.candidates) if item.key in vectors]
        clicked = [each.impression.clicked[at] for at in titled]
        if any(clicked) and not all(clicked):
            found.append(worth(weights.scores(each.rows[titled]).tolist(), clicked, each.impression.id))
    return found

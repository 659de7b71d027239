"""How varied digests are, and what that costs: MIND's readers, each given the best of everything in the data.

No reader was shown these together: only how varied they are can be told, and how the impressions' own few candidates
are ranked once they are chosen with variety.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from retrieval.evaluation.estimates import Estimate, mean
from retrieval.evaluation.impressions import Impression, Item
from retrieval.evaluation.orderings import worth
from retrieval.evaluation.ranking import Vectors, estimated, replayed, shown, stories_of, subject_shares
from retrieval.interests.diversify import Chooser, Variety
from retrieval.interests.profile import Profile
from retrieval.interests.ranking import Ranker
from retrieval.interests.readers import Readers, gathered
from retrieval.interests.stories import Stories

LENGTH = 10
"""How many stories a digest has."""

_POOL = 64
# Of the digest's own shares and of all readers', so that a subject it lacks is not infinitely far.
_SMOOTH = 0.01
_PLAIN = Variety(breadth=0.0, calibration=0.0, alike=2.0, outlet_share=1.0, least_novelty=0.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class VarietyReport:
    """How varied digests are, by how they were chosen: `ours`, or `plain`, the best without regard to each other.

    Args:
        distance: One less the mean cosine of two of a digest's stories.
        divergence: Kullback-Leibler, of the digest's subjects from those the reader had clicked; 0 for the same mix.
        coverage: The share of all stories that are in any digest.
        kept: What is left of the ranking of each impression's own candidates.
    """

    distance: Mapping[str, Estimate]
    divergence: Mapping[str, Estimate]
    coverage: Mapping[str, float]
    kept: Mapping[str, Mapping[str, Estimate]]


def evaluate_variety(impressions: Sequence[Impression], vectors: Vectors, encoder: str) -> VarietyReport:
    """Choose digests for the readers who had clicked something; at least one had."""
    shares = subject_shares(impressions)
    known = [each for each in impressions if any(item.key in vectors for item in each.history)]
    profiles = [replayed(each, vectors, encoder)[-1] for each in known]
    pool = _pool(known)
    stories = stories_of(pool, vectors, shares)
    readers = _matrices(profiles, stories)
    ranked = Ranker(stories, shortlist=min(_POOL, len(stories))).rank(readers)
    report: dict[str, tuple[list[float], list[float], float, list[tuple[float, ...]]]] = {}
    for name, variety in (("ours", Variety()), ("plain", _PLAIN)):
        chosen = Chooser(stories, variety).choose(ranked, readers.subjects, np.full(len(readers), LENGTH))
        digests = [ranked.stories[row, places[places >= 0]] for row, places in enumerate(chosen)]
        report[name] = (
            [_distance(stories.vectors[digest]) for digest in digests if len(digest) > 1],
            [
                _divergence(each, [pool[at].subject for at in digest], shares)
                for each, digest in zip(known, digests, strict=True)
            ],
            len(set(np.concatenate(digests).tolist())) / len(pool),
            [
                worth(_varied(profile, shown(each, vectors, shares), variety), each.clicked, each.id)
                for profile, each in zip(profiles, known, strict=True)
            ],
        )
    return VarietyReport(
        distance={name: mean(each[0]) for name, each in report.items()},
        divergence={name: mean(each[1]) for name, each in report.items()},
        coverage={name: each[2] for name, each in report.items()},
        kept={name: estimated(each[3]) for name, each in report.items()},
    )


def _pool(impressions: Sequence[Impression]) -> list[Item]:
    return list({item.key: item for each in impressions for item in each.candidates}.values())


def _matrices(profiles: Sequence[Profile], stories: Stories) -> Readers:
    return gathered(profiles, stories.vectors.shape[1], stories.subject_shares, stories.source_shares)


def _varied(profile: Profile, stories: Stories, variety: Variety) -> list[float]:
    """A score for each story, in their order: what is chosen earlier has more; what is not, the least."""
    readers = _matrices([profile], stories)
    ranked = Ranker(stories, shortlist=len(stories)).rank(readers)
    places = Chooser(stories, variety).choose(ranked, readers.subjects, np.asarray([len(stories)]))[0]
    scores = np.zeros(len(stories))
    chosen = ranked.stories[0, places[places >= 0]]
    scores[chosen] = np.arange(len(chosen), 0, -1)
    return [float(score) for score in scores]


def _distance(vectors: NDArray[np.float32]) -> float:
    n = len(vectors)
    cosines = vectors @ vectors.T
    return float(1 - (cosines.sum() - np.trace(cosines)) / (n * (n - 1)))


def _divergence(impression: Impression, digest: Sequence[str | None], shares: Mapping[str, float]) -> float:
    clicked = Counter(item.subject for item in impression.history if item.subject)
    own = Counter(subject for subject in digest if subject)
    total = 0.0
    for name, count in clicked.items():
        wanted = count / clicked.total()
        found = (1 - _SMOOTH) * own[name] / max(1, own.total()) + _SMOOTH * shares[name]
        total += wanted * float(np.log(wanted / found))
    return total

"""How well news is ranked for readers of whom some clicks are known: MIND's impressions, replayed click by click.

Every profile is made by the updater that serves readers, from what was clicked before the impression it is scored on.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from retrieval.evaluation.estimates import Estimate, mean
from retrieval.evaluation.impressions import Impression, Item
from retrieval.evaluation.orderings import METRICS, seed, worth
from retrieval.interests.profile import Profile, took
from retrieval.interests.ranking import Ranker, Weights
from retrieval.interests.readers import gathered
from retrieval.interests.stories import Stories
from retrieval.ports import Encoder
from storage.domain.evidence import Evidence, EvidenceKind
from storage.domain.people import ReaderId
from storage.domain.progress import Progress

CLICKS = (0, 1, 3, 5)
"""After how many clicks rankings are measured, beside after all of them."""

_STEP = 64
_TAPS = 3
_OTHERS = ("plain", "listed", "tapped")
_START = datetime(2019, 11, 1, tzinfo=UTC)
# MIND does not say when its histories were clicked.
_BETWEEN = timedelta(hours=1)

Vectors = Mapping[str, NDArray[np.float32]]
"""By the key of an item; of those that have a title."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListsReport:
    """What the evaluation found: by metric, with intervals over impressions.

    Args:
        n: Impressions.
        ours: With all clicks.
        plain: By the mean cosine to all that was clicked.
        gains: Of ours over plain, impression by impression.
        listed: By the order in which the data lists them, which was shuffled like any other.
        curve: The same as `ours`, after so many clicks.
        tapped: The same with no clicks, had they picked their commonest subjects from a list: simulated.
    """

    n: int
    ours: Mapping[str, Estimate]
    plain: Mapping[str, Estimate]
    gains: Mapping[str, Estimate]
    listed: Mapping[str, Estimate]
    curve: Mapping[int, Mapping[str, Estimate]]
    tapped: Mapping[str, Estimate]


async def encoded(encoder: Encoder, impressions: Sequence[Impression], progress: Progress) -> Vectors:
    """The vectors of all titles.

    Raises:
        EncoderUnavailable: The model cannot be loaded.
    """
    items = (item for each in impressions for item in (*each.history, *each.candidates))
    titles = {item.key: item.title for item in items if item.title}
    keys, texts = list(titles), list(titles.values())
    found: dict[str, NDArray[np.float32]] = {}
    for start in range(0, len(keys), _STEP):
        part = await encoder.encode_documents(texts[start : start + _STEP])
        found.update(zip(keys[start : start + _STEP], part, strict=True))
        progress("titles", len(found), len(keys))
    return found


def evaluate_lists(
    impressions: Sequence[Impression], vectors: Vectors, encoder: str, weights: Weights | None = None
) -> ListsReport:
    """Rank what each reader was shown, after more and more of their clicks; `impressions` are telling, at least one."""
    shares = subject_shares(impressions)
    scored: dict[str, list[tuple[float, ...]]] = {name: [] for name in (*map(str, CLICKS), "all", *_OTHERS)}
    for each in impressions:
        profiles = replayed(each, vectors, encoder)
        stories = shown(each, vectors, shares)
        for name, clicks in (*((str(n), n) for n in CLICKS), ("all", len(profiles) - 1)):
            scores = ranked(profiles[min(clicks, len(profiles) - 1)], stories, weights)
            scored[name].append(worth(scores, each.clicked, each.id))
        tapped = ranked(tapping(each, encoder), stories, weights)
        scored["tapped"].append(worth(tapped, each.clicked, each.id))
        scored["plain"].append(worth(plain(each, vectors), each.clicked, each.id))
        scored["listed"].append(worth(listed(each), each.clicked, each.id))
    ours, simple = scored["all"], scored["plain"]
    return ListsReport(
        n=len(impressions),
        ours=estimated(ours),
        plain=estimated(simple),
        gains=gains(ours, simple),
        listed=estimated(scored["listed"]),
        curve={n: estimated(scored[str(n)]) for n in CLICKS},
        tapped=estimated(scored["tapped"]),
    )


def replayed(impression: Impression, vectors: Vectors, encoder: str) -> list[Profile]:
    """The reader's profile after none, one, two … and all of their clicks."""
    profiles = [Profile(encoder=encoder)]
    for at, item in enumerate(impression.history):
        click = Evidence(
            reader=ReaderId(impression.id),
            kind=EvidenceKind.OPENED,
            at=_START + at * _BETWEEN,
            key=item.key,
            category=item.subject,
        )
        profiles.append(took(profiles[-1], click, vectors.get(item.key)))
    return profiles


def tapping(impression: Impression, encoder: str) -> Profile:
    """The profile of a reader who clicked nothing yet, but picked the subjects they will click most, a few of them."""
    profile = Profile(encoder=encoder)
    commonest = Counter(item.subject for item in impression.history if item.subject).most_common(_TAPS)
    for subject, _ in commonest:
        tap = Evidence(
            reader=ReaderId(impression.id),
            kind=EvidenceKind.TOLD,
            at=_START,
            key=subject,
            text=subject,
            category=subject,
        )
        # The vector of a bare name tells nothing more: with it they are ranked for at AUC 0.577, without at 0.587.
        profile = took(profile, tap, None)
    return profile


def shown(impression: Impression, vectors: Vectors, shares: Mapping[str, float]) -> Stories:
    """What the reader was shown."""
    return stories_of(impression.candidates, vectors, shares)


def stories_of(items: Sequence[Item], vectors: Vectors, shares: Mapping[str, float]) -> Stories:
    """These articles, each a story of its own; all of them have titles."""
    return Stories(
        vectors=np.stack([vectors[item.key] for item in items]),
        subjects=tuple(item.subject for item in items),
        subject_shares=shares,
    )


def subject_shares(impressions: Sequence[Impression]) -> dict[str, float]:
    """How often readers had clicked each subject, of all they had, counting each once more than they did."""
    clicks = Counter(item.subject for each in impressions for item in each.history if item.subject)
    names = dict.fromkeys(item.subject for each in impressions for item in each.candidates if item.subject)
    clicks.update(dict.fromkeys((*clicks, *names), 1))
    whole = clicks.total()
    return {name: count / whole for name, count in sorted(clicks.items())}


def ranked(profile: Profile, stories: Stories, weights: Weights | None) -> list[float]:
    """A score for each story, in their order."""
    readers = gathered([profile], stories.vectors.shape[1], stories.subject_shares, stories.source_shares)
    found = Ranker(stories, weights, shortlist=len(stories)).rank(readers)
    scores = np.empty(len(stories))
    scores[found.stories[0]] = found.scores[0]
    return scores.tolist()


def plain(impression: Impression, vectors: Vectors, usual: NDArray[np.float32] | None = None) -> list[float]:
    """The mean cosine of each candidate to all that was clicked, 0 where nothing was; `usual` stands for no title."""
    clicked = [vectors[item.key] for item in impression.history if item.key in vectors]
    if not clicked:
        return [0.0] * len(impression.candidates)
    centre = np.mean(clicked, axis=0)
    found = (vectors.get(item.key, usual) for item in impression.candidates)
    return [0.0 if vector is None else float(vector @ centre) for vector in found]


def listed(impression: Impression) -> list[float]:
    """The order in which the candidates come, once they are shuffled: what a ranking gains that only keeps to it."""
    shuffled = np.random.default_rng(seed(impression.id)).permutation(len(impression.candidates))
    return [float(at) for at in shuffled]


def estimated(scores: Sequence[tuple[float, ...]]) -> dict[str, Estimate]:
    """The means by metric, of the metrics of each impression."""
    return {name: mean(column) for name, column in zip(METRICS, zip(*scores, strict=True), strict=True)}


def gains(ours: Sequence[tuple[float, ...]], theirs: Sequence[tuple[float, ...]]) -> dict[str, Estimate]:
    """The means by metric of what one ranking has over another, impression by impression."""
    return estimated(
        [tuple(a - b for a, b in zip(one, other, strict=True)) for one, other in zip(ours, theirs, strict=True)]
    )

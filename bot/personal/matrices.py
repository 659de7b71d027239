"""The stories of a digest as the matrices that they are ranked by, and the planning of who is shown which."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from bot.flows.asking import Asking
from retrieval.interests.diversify import Variety
from retrieval.interests.explain import Reason, reasons
from retrieval.interests.planning import Planner, Plans, Wishes
from retrieval.interests.profile import Profile
from retrieval.interests.ranking import Weights
from retrieval.interests.readers import gathered
from retrieval.interests.stories import Stories, freshness
from retrieval.ports import Corpus, Vector
from storage.domain.annotations import Category
from storage.domain.digests import ReasonKind
from storage.domain.news import ArticleId
from storage.domain.stories import Report, Weighed

# So many of a story's reports say what it is about; the newest of each text.
_READ = 3
# Of the stories that are chosen from, each subject and each outlet counts as if so many more were its.
_SMOOTH = 1.0
# From so many outlets on many tell of a story, rather than one.
_SEVERAL = 2
# So many times its even share may come from one outlet where there are only a few.
_OF_FEW = 1.5
# The vectors of so many articles are kept: 30 MB of them.
_MOST_KNOWN = 20_000
_TINY = 1e-12

Places = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Planned:
    """Who is shown which stories, and why.

    Args:
        stories: Those that were chosen from.
        matrix: The same, as they were ranked.
        profiles: Of those who asked, in their order, as they were ranked for.
        plans: What each is shown.
        weights: How much each feature counted.
    """

    stories: Sequence[Weighed]
    matrix: Stories
    profiles: Sequence[Profile]
    plans: Plans
    weights: Weights

    def count(self, at: int) -> int:
        """How many stories one is shown."""
        return int((self.plans.stories[at] >= 0).sum())

    def story(self, at: int, step: int) -> Weighed:
        """The story at a place of a digest."""
        return self.stories[int(self.plans.stories[at, step])]

    def vector(self, at: int, step: int) -> Vector:
        """(d,), the same as it was ranked."""
        vector: Vector = self.matrix.vectors[int(self.plans.stories[at, step])]
        return vector

    def language(self, at: int, step: int) -> str | None:
        """What the story at a place of a digest is told in (ISO 639-1), as far as it is known."""
        return _language(self.story(at, step))

    def reasons(self, at: int, step: int) -> tuple[Reason, ...]:
        """What counts for the story at a place of a digest, at least one reason."""
        if step == self.plans.explored[at]:
            return (Reason(kind=ReasonKind.EXPLORING, share=1.0),)
        which = int(self.plans.stories[at, step])
        told = reasons(
            self.profiles[at],
            self.matrix.vectors[which],
            self.plans.rows[at, step],
            self.plans.usual[at],
            self.weights,
            subject=self.matrix.subjects[which],
            source=self.matrix.sources[which],
            language=self.language(at, step),
        )
        # What one outlet tells is news, and not what many talk about.
        alone = self.stories[which].heat.outlets < _SEVERAL
        found = tuple(reason for reason in told if not (alone and reason.kind is ReasonKind.HOT))
        return found or (Reason(kind=ReasonKind.OTHER, share=0.0),)


def planned(
    stories: Sequence[Weighed],
    matrix: Stories,
    profiles: Sequence[Profile],
    asking: Sequence[Asking],
    weights: Weights,
    silent: Sequence[Places],
) -> Planned:
    """Plan for all who ask; `silent` are the stories that each has muted, beside those that are excluded.

    Of profiles, and not of their bytes as a `retrieval.interests.bulk.Shelf` is: what readers told in words has been
    moved to where it lies in the news, and reasons are told by the evidence. That takes a third of a millisecond a
    reader, and sending them a digest takes several.
    """
    readers = gathered(profiles, matrix.vectors.shape[1], matrix.subject_shares, matrix.source_shares)
    allowed = np.ones((len(asking), len(stories)), dtype=np.bool_)
    novelty = np.ones((len(asking), len(stories)), dtype=np.float32)
    for at, one in enumerate(asking):
        allowed[at, list(one.excluded)] = False
        allowed[at, silent[at]] = False
        novelty[at, list(one.novelty)] = list(one.novelty.values())
    earlier = frozenset[int]().union(*(one.earlier for one in asking))
    seeds = [int.from_bytes(hashlib.blake2b(one.seed.encode(), digest_size=8).digest()) for one in asking]
    wishes = Wishes(
        lengths=np.asarray([one.length for one in asking], dtype=np.int64),
        spare=max((one.spare for one in asking), default=0),
        filled=np.asarray([one.length + one.spare if one.filled is None else one.filled for one in asking]),
        seeds=np.asarray(seeds, dtype=np.uint64),
        novelty=novelty,
        allowed=allowed,
        if_near=np.isin(np.arange(len(stories)), list(earlier)) if earlier else None,
    )
    plans = Planner(matrix, weights, _variety(matrix)).plan(readers, wishes)
    return Planned(stories=stories, matrix=matrix, profiles=profiles, plans=plans, weights=weights)


def matrix_of(stories: Sequence[Weighed], vectors: NDArray[np.float32], now: datetime) -> Stories:
    """The stories as they are ranked; `vectors` are (n, d) unit rows."""
    heats = np.asarray([each.heat.value for each in stories], dtype=np.float32)
    hours = np.asarray([(now - each.story.last_seen).total_seconds() / 3600 for each in stories])
    subjects = tuple(None if each.category is Category.OTHER else each.category.value for each in stories)
    sources = tuple(next(iter(each.story.sources), None) for each in stories)
    return Stories(
        vectors=vectors,
        subjects=subjects,
        sources=sources,
        subject_shares=_shares(subjects),
        source_shares=_shares(sources),
        freshness=freshness(hours),
        # Heat is a sum of logarithms: halves of it mean about the same wherever they are.
        heat=heats / max(float(heats.max()), _TINY),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryVectors:
    """Where stories lie, by the vectors of their newest texts; those of articles are read once."""

    corpus: Corpus
    _known: dict[tuple[str, ArticleId], Vector] = field(default_factory=dict)

    async def of(self, encoder: str, stories: Sequence[Weighed]) -> dict[int, Vector]:
        """(d,) by place: the direction in which a story's newest texts lie together; none of what has no vectors."""
        read = {place: _newest(each.story.reports) for place, each in enumerate(stories)}
        articles = dict.fromkeys(id_ for ids in read.values() for id_ in ids)
        await self._read(encoder, [id_ for id_ in articles if (encoder, id_) not in self._known])
        found: dict[int, Vector] = {}
        for place, ids in read.items():
            mine = [self._known[encoder, id_] for id_ in ids if (encoder, id_) in self._known]
            if mine:
                mean = np.mean(mine, axis=0, dtype=np.float32)
                found[place] = np.asarray(mean / max(float(np.linalg.norm(mean)), _TINY), dtype=np.float32)
        for old in list(self._known)[: max(0, len(self._known) - _MOST_KNOWN)]:
            del self._known[old]
        return found

    async def _read(self, encoder: str, articles: Sequence[ArticleId]) -> None:
        openings = await self.corpus.openings(articles, 1, None)
        stored = await self.corpus.vectors(encoder, [each.id for each in openings])
        self._known.update({(encoder, each.headline.id): stored[each.id] for each in openings if each.id in stored})


def _newest(reports: Sequence[Report]) -> list[ArticleId]:
    """The newest of a story's texts."""
    newest = {report.headline.group: report.headline.id for report in reports}
    return list(newest.values())[-_READ:]


def _shares(names: Sequence[str | None]) -> dict[str, float]:
    """How much there is of each: what a reader would turn to who has no preference."""
    counts = Counter(name for name in names if name is not None)
    whole = counts.total() + _SMOOTH * len(counts)
    return {name: (count + _SMOOTH) / whole for name, count in sorted(counts.items())}


def _variety(stories: Stories) -> Variety:
    """As usual; where there are only a few outlets, each may have more of a digest."""
    usual = Variety()
    share = max(usual.outlet_share, _OF_FEW / len(set(stories.sources)))
    return replace(usual, outlet_share=min(1.0, share))


def _language(story: Weighed) -> str | None:
    """That of most of its articles, as far as it is known."""
    known = Counter(each.headline.language for each in story.story.reports if each.headline.language)
    return known.most_common(1)[0][0] if known else None

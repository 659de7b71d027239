"""What digests are measured against: the hottest stories for all, and those most like what was read, on average.

They take the place of the ranking in the same flow, of the same stories, with the same left out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from bot.flows.asking import Asking
from bot.flows.recommend import Pick
from bot.personal.matrices import StoryVectors
from bot.personal.ranks import Profiles
from retrieval.interests.profile import Profile
from retrieval.ports import Corpus, Spaces
from storage.domain.digests import Because, ReasonKind
from storage.domain.stories import Weighed


@dataclass(frozen=True, slots=True, kw_only=True)
class HotRanks:
    """The hottest first, whoever reads them."""

    async def rank(
        self, stories: Sequence[Weighed], asking: Sequence[Asking], _now: datetime
    ) -> Sequence[Sequence[Pick]]:
        heats = [each.heat.value for each in stories]
        return [_best(range(len(stories)), heats, one, ReasonKind.HOT) for one in asking]


@dataclass(frozen=True, slots=True, kw_only=True)
class MeanRanks:
    """By the mean cosine to all that a reader turned to and told, by what each weighs; the hottest where there is none.

    Without regard to anything else.
    """

    profiles: Profiles
    corpus: Corpus
    spaces: Spaces

    async def rank(
        self, stories: Sequence[Weighed], asking: Sequence[Asking], now: datetime
    ) -> Sequence[Sequence[Pick]]:
        encoder = (await self.spaces.current()).encoder
        vectors = await StoryVectors(corpus=self.corpus).of(encoder.name, stories)
        if not vectors:
            return [() for _ in asking]
        held = await self.profiles.of([one.reader for one in asking if one.reader is not None], now)
        matrix = np.stack(list(vectors.values()))
        found = []
        for one in asking:
            mean = None if one.reader is None else _mean(held[one.reader])
            worth = matrix @ mean if mean is not None else [stories[place].heat.value for place in vectors]
            found.append(_best(list(vectors), [float(each) for each in worth], one, ReasonKind.INTEREST))
        return found


def _mean(profile: Profile) -> NDArray[np.float32] | None:
    """(d,) float32; `None` where nothing is known."""
    if not profile.wanted:
        return None
    masses = np.asarray([each.mass for each in profile.wanted], dtype=np.float32)
    centres = np.stack([each.centre for each in profile.wanted])
    return np.asarray(masses @ centres / masses.sum(), dtype=np.float32)


def _best(places: Sequence[int], worth: Sequence[float], one: Asking, kind: ReasonKind) -> list[Pick]:
    order = sorted(range(len(places)), key=lambda at: -worth[at])
    because = (Because(kind=kind, share=1.0),)
    allowed = [places[at] for at in order if places[at] not in one.excluded]
    return [Pick(place=place, because=because, features={}) for place in allowed[: one.length + one.spare]]

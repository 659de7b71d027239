"""Stories chosen for readers by what is known of them, each with why, in words that its reader knows."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

import numpy as np

from bot.flows.asking import Asking
from bot.flows.recommend import Pick
from bot.personal.matrices import Planned, StoryVectors, matrix_of, planned
from bot.personal.words import Own, Phrases, moved, phrases_of
from retrieval.interests.explain import Reason, evidenced, grounded
from retrieval.interests.features import NAMES
from retrieval.interests.interest import Trace
from retrieval.interests.profile import Profile
from retrieval.interests.ranking import Weights
from retrieval.ports import Corpus, Spaces, Vector
from storage.domain.digests import Because, ReasonKind
from storage.domain.evidence import OWN_WORDS, EvidenceKind
from storage.domain.news import ArticleId
from storage.domain.people import ReaderId
from storage.domain.stories import Weighed

_IN_WORDS = frozenset((EvidenceKind.ASKED, EvidenceKind.FOLLOWED_UP))
"""What is named by the words in which it was done; the rest by the title of what it was about."""


_OTHER = (Reason(kind=ReasonKind.OTHER, share=0.0),)


class Profiles(Protocol):
    """What is known of readers."""

    async def of(self, readers: Sequence[ReaderId], now: datetime) -> Mapping[ReaderId, Profile]:
        """Of every one of these readers."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedRanks:
    """Implements `bot.flows.recommend.Ranks`; `weights` are how much each feature counts."""

    profiles: Profiles
    phrases: Phrases
    vectors: StoryVectors
    corpus: Corpus
    spaces: Spaces
    weights: Weights

    async def rank(
        self, stories: Sequence[Weighed], asking: Sequence[Asking], now: datetime
    ) -> Sequence[Sequence[Pick]]:
        """For each of those who ask, the best first.

        Raises:
            EncoderUnavailable: The model cannot be loaded.
        """
        encoder = (await self.spaces.current()).encoder
        held = await self.profiles.of([one.reader for one in asking if one.reader is not None], now)
        vectors = await self.vectors.of(encoder.name, stories)
        if not vectors:
            return [() for _ in asking]
        # What cannot be searched yet cannot be ranked either.
        places = list(vectors)
        chosen = [stories[place] for place in places]
        own = await self.phrases.own(held)
        since = min(each.story.first_seen for each in chosen)
        found = await self.phrases.found(encoder, own, since, asking[0], now)
        known = [held[one.reader] if one.reader is not None else Profile(encoder=encoder.name) for one in asking]
        muted = [phrases_of(one.reader, each.muted, own) for one, each in zip(asking, known, strict=True)]
        plan = await asyncio.to_thread(
            planned,
            chosen,
            matrix_of(chosen, np.stack([vectors[place] for place in places]), now),
            [moved(one.reader, each, own, found) for one, each in zip(asking, known, strict=True)],
            _among(asking, places),
            self.weights,
            await asyncio.to_thread(self.phrases.silent, muted, chosen),
        )
        return await self._picked(plan, asking, places, known, own, encoder.name)

    async def _picked(
        self,
        plan: Planned,
        asking: Sequence[Asking],
        places: Sequence[int],
        known: Sequence[Profile],
        own: Own,
        encoder: str,
    ) -> Sequence[Sequence[Pick]]:
        found = await asyncio.to_thread(
            lambda: [
                [self._reasons(plan, at, step, one.reader, known[at], own) for step in range(plan.count(at))]
                for at, one in enumerate(asking)
            ]
        )
        articles = await self._articles(found, encoder)
        told = [
            [_evidenced(plan, at, step, why, articles) for step, why in enumerate(items)]
            for at, items in enumerate(found)
        ]
        names = await self._names(asking, told)
        return [
            [
                Pick(
                    place=places[int(plan.plans.stories[at, step])],
                    because=tuple(_because(reason, one.reader, names) for reason in why),
                    features=dict(zip(NAMES, map(float, plan.plans.rows[at, step]), strict=True)),
                    far=bool(plan.plans.far[at, step]),
                )
                for step, why in enumerate(told[at])
            ]
            for at, one in enumerate(asking)
        ]

    def _reasons(
        self, plan: Planned, at: int, step: int, reader: ReaderId | None, known: Profile, own: Own
    ) -> tuple[Reason, ...]:
        """What counts for a story, but for words of a reader's that it is not about; `known` is before these moved."""
        story = plan.story(at, step)
        said = self.phrases.said(story)
        found: list[Reason] = []
        for reason in plan.reasons(at, step):
            if reason.interest is None or reader is None:
                found.append(reason)
                continue
            before = known.wanted[reason.interest]
            spoken = {trace.key: own[reader, trace.key] for trace in before.traces if (reader, trace.key) in own}
            holds = grounded(
                reason,
                before,
                spoken,
                lambda phrase: self.phrases.named(phrase, said),
                plan.vector(at, step),
            )
            found += [] if holds is None else [holds]
        return tuple(found) or _OTHER

    async def _articles(self, told: Sequence[Sequence[Sequence[Reason]]], encoder: str) -> Mapping[str, Vector]:
        """(d,): the vectors of the articles that reasons point to, by their keys, as far as they are there."""
        keys = {trace.key for items in told for why in items for reason in why for trace in reason.traces}
        keys = {key for key in keys if not key.startswith(OWN_WORDS)}
        if not keys:
            return {}
        openings = await self.corpus.openings([ArticleId(key) for key in keys], 1, None)
        vectors = await self.corpus.vectors(encoder, [each.id for each in openings])
        return {str(each.headline.id): vectors[each.id] for each in openings if each.id in vectors}

    async def _names(self, asking: Sequence[Asking], told: Sequence[Sequence[Sequence[Reason]]]) -> Own:
        """What to call the evidence that reasons point to: what a reader asked or wrote by that, else the title."""
        traces = {
            one.reader: {trace.key: trace for why in items for reason in why for trace in reason.traces}
            for one, items in zip(asking, told, strict=True)
            if one.reader is not None
        }
        every: Collection[str] = {key for held in traces.values() for key in held}
        if not every:
            return {}
        words = await self.phrases.words.words(list(traces), every)
        openings = await self.corpus.openings([ArticleId(key) for key in every], 1, None)
        titles = {str(each.headline.id): each.headline.title for each in openings}
        names: dict[tuple[ReaderId, str], str] = {}
        for reader, held in traces.items():
            for key, trace in held.items():
                said = words.get((reader, key)) if trace.kind in _IN_WORDS or key.startswith(OWN_WORDS) else None
                if name := said or titles.get(key):
                    names[reader, key] = name
        return names


def _evidenced(
    plan: Planned, at: int, step: int, why: Sequence[Reason], articles: Mapping[str, Vector]
) -> tuple[Reason, ...]:
    """Reasons by what their reader did told by what of it the story is like; what was told in words is grounded."""
    found: list[Reason] = []
    for reason in why:
        if any(trace.key.startswith(OWN_WORDS) for trace in reason.traces):
            found.append(reason)
        elif (shown := evidenced(reason, plan.vector(at, step), articles, plan.language(at, step))) is not None:
            found.append(shown)
    return tuple(found) or _OTHER


def _among(asking: Sequence[Asking], places: Sequence[int]) -> list[Asking]:
    """The same of some of the stories only, by their places among these."""
    row = {place: at for at, place in enumerate(places)}
    return [
        replace(
            one,
            excluded=frozenset(row[place] for place in one.excluded if place in row),
            novelty={row[place]: new for place, new in one.novelty.items() if place in row},
            earlier=frozenset(row[place] for place in one.earlier if place in row),
        )
        for one in asking
    ]


def _because(reason: Reason, reader: ReaderId | None, names: Own) -> Because:
    shown = _shown(reason.traces, reader, names)
    return Because(
        kind=reason.kind,
        what=shown[0] if shown else reason.name,
        act=shown[1] if shown else None,
        share=reason.share,
    )


def _shown(traces: Sequence[Trace], reader: ReaderId | None, names: Own) -> tuple[str, EvidenceKind] | None:
    """The latest evidence that has a name."""
    for trace in traces:
        if reader is not None and (reader, trace.key) in names:
            return names[reader, trace.key], trace.kind
    return None

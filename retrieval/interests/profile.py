"""What is known of a reader's interests: learned piece by piece from evidence, fading, and joined with another's. Pure.

What they like, what they told and what they turned down are kept apart, each as a few interests; beside them where they
turned lately, and how often to which subjects and sources. All weights are as of the latest evidence: what comes late
counts as faded as it would be had it come in time. A profile is what `took` makes of the evidence one by one, so that
making it again from the same evidence in the same order gives the same, bit by bit; with vectors of another encoder, it
gives what that one would have learned.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from retrieval.interests.interest import Bounds, Interest, Trace, blended, directions, few, placed
from retrieval.interests.tally import Tally, counted, merged
from retrieval.ports import Vector
from storage.domain.evidence import Evidence, EvidenceKind

_MOST_SUBJECTS, _MOST_SOURCES = 24, 48


@dataclass(frozen=True, slots=True, kw_only=True)
class HalfLives:
    """After how long half of what evidence weighs is gone.

    By judgement: MIND does not say when its readers clicked, and weighing late clicks more than early ones gained
    nothing there.

    Args:
        long: Of lasting interests, liked and disliked.
        recent: Of what a reader turns to at the moment.
        told: Of what they wrote about themselves.
    """

    long: timedelta = timedelta(days=60)
    recent: timedelta = timedelta(days=5)
    told: timedelta = timedelta(days=365)


SAID = frozenset((EvidenceKind.TOLD, EvidenceKind.FOLLOWED, EvidenceKind.MORE, EvidenceKind.BOOSTED))
"""By what a reader says that they care, so that what was muted before is not any longer."""

HALF_LIVES = HalfLives()
BOUNDS = Bounds()


def least_to_mute(kind: EvidenceKind, bounds: Bounds = BOUNDS) -> float:
    """The least cosine to what is muted of what is about the same, by how it came.

    Names of two things lie nearer to each other than to what is told of either: handball is not muted with football,
    nor is football wanted again by who cares about handball.
    """
    return bounds.same if kind is EvidenceKind.TOLD else bounds.alike


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Profile:
    """A reader's interests in the space of one encoder.

    Args:
        encoder: Its name.
        as_of: When the latest evidence is from; `None` where there is none.
        since: When the first is from.
        liked: What they turn to.
        told: What they wrote about themselves.
        disliked: What they turned down.
        muted: What they want to hear no more of, until they say that they care again. It does not fade: whoever mutes
            something does not mean for two months.
        lately: (d,) float32, the mean of what they turned to by what each weighs by now, fading fast; `None` where they
            turned to nothing.
        lately_mass: What all that weighs.
        subjects: How often they turned to each subject.
        sources: How often to each source.
    """

    encoder: str
    as_of: datetime | None = None
    since: datetime | None = None
    liked: tuple[Interest, ...] = ()
    told: tuple[Interest, ...] = ()
    disliked: tuple[Interest, ...] = ()
    muted: tuple[Interest, ...] = ()
    lately: NDArray[np.float32] | None = None
    lately_mass: float = 0.0
    subjects: Mapping[str, Tally] = field(default_factory=dict)
    sources: Mapping[str, Tally] = field(default_factory=dict)

    @property
    def wanted(self) -> tuple[Interest, ...]:
        """What they turn to and what they told, in this order."""
        return (*self.liked, *self.told)


def took(profile: Profile, evidence: Evidence, vector: Vector | None, bounds: Bounds = BOUNDS) -> Profile:
    """The profile once it has taken one more piece of evidence.

    Args:
        profile: As it was.
        evidence: What the reader did; about the same thing or not, before or after what they did before.
        vector: (d,), unit length, of what it was about, from the profile's encoder; `None` where there is none, and
            only its subject and its source count.
        bounds: How finely interests are told apart.

    Raises:
        ValueError: The vector is of another width than the profile's.
    """
    if vector is not None:
        _check(profile, vector)
    now = evidence.at if profile.as_of is None else max(profile.as_of, evidence.at)
    profile = faded(profile, now)
    if profile.since is None or evidence.at < profile.since:
        profile = replace(profile, since=evidence.at)
    long, recent, told = _left(now - evidence.at)
    weight = abs(evidence.worth)
    against = evidence.worth < 0
    if not weight:
        return profile
    kept = told if evidence.kind is EvidenceKind.TOLD and not against else long
    if vector is not None:
        profile = _placed(profile, evidence, vector, weight * kept, weight * recent, bounds)
    new = Tally(disliked=weight * long) if against else Tally(liked=weight * long, recent=weight * recent)
    return replace(
        profile,
        subjects=counted(profile.subjects, evidence.category, new, _MOST_SUBJECTS)
        if evidence.category
        else profile.subjects,
        sources=counted(profile.sources, evidence.source, new, _MOST_SOURCES) if evidence.source else profile.sources,
    )


def rebuilt(
    encoder: str, evidence: Iterable[Evidence], vectors: Mapping[str, Vector], bounds: Bounds = BOUNDS
) -> Profile:
    """The profile that all this evidence makes, in the order it was taken; `vectors` by key, missing where none is."""
    profile = Profile(encoder=encoder)
    for each in evidence:
        profile = took(profile, each, vectors.get(each.key), bounds)
    return profile


def faded(profile: Profile, now: datetime) -> Profile:
    """The profile as of `now`, where that is later than its latest evidence; else as it is."""
    if profile.as_of is None:
        return replace(profile, as_of=now)
    if now <= profile.as_of:
        return profile
    long, recent, told = _left(now - profile.as_of)
    return replace(
        profile,
        as_of=now,
        liked=tuple(each.faded(long, recent) for each in profile.liked),
        told=tuple(each.faded(told, recent) for each in profile.told),
        disliked=tuple(each.faded(long, recent) for each in profile.disliked),
        lately_mass=profile.lately_mass * recent,
        subjects={name: each.faded(long, recent) for name, each in profile.subjects.items()},
        sources={name: each.faded(long, recent) for name, each in profile.sources.items()},
    )


def merge(profile: Profile, other: Profile, bounds: Bounds = BOUNDS) -> Profile:
    """Both as one, as of the later of them: somebody known from two places.

    Raises:
        ValueError: They are of two encoders.
    """
    if profile.encoder != other.encoder:
        raise ValueError(f"profiles of {profile.encoder} and {other.encoder} cannot be merged")
    if profile.as_of is None or other.as_of is None:
        return other if profile.as_of is None else profile
    now = max(profile.as_of, other.as_of)
    a, b = faded(profile, now), faded(other, now)
    return Profile(
        encoder=a.encoder,
        as_of=a.as_of,
        since=min(each.since for each in (a, b) if each.since is not None),
        liked=_together(a.liked, b.liked, bounds.liked, bounds),
        told=_together(a.told, b.told, bounds.told, bounds, bounds.same),
        disliked=_together(a.disliked, b.disliked, bounds.disliked, bounds),
        muted=_together(a.muted, b.muted, bounds.muted, bounds, bounds.same),
        lately=_lately(a, b.lately, b.lately_mass),
        lately_mass=a.lately_mass + b.lately_mass,
        subjects=merged(a.subjects, b.subjects, _MOST_SUBJECTS),
        sources=merged(a.sources, b.sources, _MOST_SOURCES),
    )


def _placed(
    profile: Profile, evidence: Evidence, vector: Vector, mass: float, recent: float, bounds: Bounds
) -> Profile:
    new = Interest(
        centre=np.asarray(vector, dtype=np.float32),
        mass=mass,
        recent=recent,
        traces=(Trace(kind=evidence.kind, key=evidence.key, at=evidence.at),),
    )
    if evidence.worth < 0:
        disliked = placed(profile.disliked, new, bounds.disliked, bounds)
        profile = replace(profile, disliked=disliked)
        return _muted(profile, new, bounds) if evidence.kind is EvidenceKind.MUTED else profile
    muted = _besides(profile.muted, new.centre, least_to_mute(evidence.kind, bounds))
    if evidence.kind in SAID:
        profile = replace(profile, muted=muted)
    elif len(muted) < len(profile.muted):
        # Whoever opens an article of what they muted does not say that they care again.
        return profile
    lately = _lately(profile, new.centre, recent)
    profile = replace(profile, lately=lately, lately_mass=profile.lately_mass + recent)
    if evidence.kind is EvidenceKind.TOLD:
        return replace(profile, told=placed(profile.told, new, bounds.told, bounds, bounds.same))
    return replace(profile, liked=placed(profile.liked, new, bounds.liked, bounds))


def _together(
    interests: tuple[Interest, ...],
    others: tuple[Interest, ...],
    most: int,
    bounds: Bounds,
    alike: float | None = None,
) -> tuple[Interest, ...]:
    for each in others:
        interests = placed(interests, each, most, bounds, alike)
    return few(interests, most, bounds)


def _muted(profile: Profile, new: Interest, bounds: Bounds) -> Profile:
    """With one more thing muted, which is what they said and no more; what they wanted of the same is wanted no longer.

    Of several things they did, it is what these are on average: that they have all news in common makes them no nearer.
    """
    mean = least_to_mute(EvidenceKind.OPENED, bounds)
    return replace(
        profile,
        liked=tuple(each for each in profile.liked if float(each.centre @ new.centre) < mean),
        told=_besides(profile.told, new.centre, least_to_mute(EvidenceKind.TOLD, bounds)),
        muted=placed(profile.muted, new, bounds.muted, bounds, bounds.same),
    )


def _besides(interests: tuple[Interest, ...], vector: Vector, least: float) -> tuple[Interest, ...]:
    """Those that are about something else: less like it than that."""
    if not interests:
        return ()
    likeness = directions(interests) @ vector
    return tuple(each for each, cosine in zip(interests, likeness, strict=True) if cosine < least)


def _lately(profile: Profile, vector: NDArray[np.float32] | None, mass: float) -> NDArray[np.float32] | None:
    if profile.lately is None or vector is None:
        return vector if profile.lately is None else profile.lately
    return blended(profile.lately, profile.lately_mass, vector, mass)


def _left(passed: timedelta) -> tuple[float, float, float]:
    """What is left after so long of lasting interests, of recent ones, and of what was told."""
    lives = (HALF_LIVES.long, HALF_LIVES.recent, HALF_LIVES.told)
    long, recent, told = (0.5 ** (passed / each) for each in lives)
    return long, recent, told


def _check(profile: Profile, vector: Vector) -> None:
    held = next(iter((*profile.liked, *profile.told, *profile.disliked, *profile.muted)), None)
    if held is not None and held.centre.shape != vector.shape:
        raise ValueError(f"a vector of {vector.shape} is of another encoder than the profile, {held.centre.shape}")

"""What a reader's evidence is about, by the vectors of the encoder that searches use at the moment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from retrieval.interests.drift import drift
from retrieval.interests.interest import Interest, directions
from retrieval.interests.profile import BOUNDS, SAID, faded, rebuilt
from retrieval.ports import Corpus, Encoder, Spaces, Vector
from storage.domain.evidence import Evidence, EvidenceId, EvidenceKind
from storage.domain.interests import Bundle
from storage.domain.news import ArticleId
from storage.domain.people import ReaderId


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceBundles:
    """Implements `bot.flows.learn.Bundles`."""

    corpus: Corpus
    spaces: Spaces

    async def of(self, reader: ReaderId, evidence: Mapping[EvidenceId, Evidence], now: datetime) -> tuple[Bundle, ...]:
        """Evidence about the same together, the strongest first, and what is muted last, the latest first.

        Raises:
            EncoderUnavailable: The model cannot be loaded.
        """
        encoder = (await self.spaces.current()).encoder
        vectors = await vectors_of(self.corpus, encoder, reader, list(evidence.values()))
        return bundled(encoder.name, evidence, vectors, now)


async def vectors_of(
    corpus: Corpus, encoder: Encoder, reader: ReaderId | None, evidence: Sequence[Evidence]
) -> dict[str, Vector]:
    """What one reader's evidence is about, by key: of an article what it opens with, else of their own words.

    Args:
        corpus: Where articles are.
        encoder: Whose vectors are wanted.
        reader: Of the articles, those that they may see; `None` sees all.
        evidence: All of one reader.

    Raises:
        EncoderUnavailable: The model cannot be loaded.
    """
    found = await article_vectors(corpus, encoder, reader, evidence)
    texts = {each.key: each.text for each in evidence if each.text is not None and each.key not in found}
    if texts:
        encoded = await encoder.encode_documents(list(texts.values()))
        found.update(zip(texts, encoded, strict=True))
    return found


async def article_vectors(
    corpus: Corpus, encoder: Encoder, reader: ReaderId | None, evidence: Sequence[Evidence]
) -> dict[str, Vector]:
    """What the articles open with that evidence is about, by key, of those that `reader` may see."""
    ids = list(dict.fromkeys(ArticleId(each.key) for each in evidence))
    openings = await corpus.openings(ids, 1, reader)
    stored = await corpus.vectors(encoder.name, [each.id for each in openings])
    return {str(each.headline.id): stored[each.id] for each in openings if each.id in stored}


def bundled(
    encoder: str, evidence: Mapping[EvidenceId, Evidence], vectors: Mapping[str, Vector], now: datetime
) -> tuple[Bundle, ...]:
    """Evidence about the same together; see `EvidenceBundles.of`.

    What somebody did and what they told is one where it is about the same. What they cared about before they muted it
    is part of what is muted, until they say that they care again. What has no vector is in none.
    """
    # As it would be had they muted nothing: what is muted is shown with all that led to it.
    said = (each for each in evidence.values() if each.kind is not EvidenceKind.MUTED)
    profile = faded(rebuilt(encoder, said, vectors), now)
    trends = drift(profile, now).trends
    muting = {id_: each for id_, each in evidence.items() if each.kind is EvidenceKind.MUTED and each.worth < 0}
    muted, silenced = _muted(muting, vectors)
    told = {id_: each for id_, each in evidence.items() if each.worth > 0 and each.kind is EvidenceKind.TOLD}
    did = {id_: each for id_, each in evidence.items() if each.worth > 0 and each.kind is not EvidenceKind.TOLD}
    held = [*_members(profile.liked, did, vectors), *_members(profile.told, told, vectors)]
    found: list[Bundle] = []
    taken: set[int] = set()
    for at, interest in enumerate(profile.wanted):
        if at in taken:
            continue
        alike = {at, *(other for other in _alike(interest, profile.told, len(profile.liked)) if other not in taken)}
        taken |= alike
        ids = [id_ for each in alike for id_ in held[each]]
        silent = next(iter(_alike(interest, muted)), None)
        if silent is not None and not _taken_back(ids, silenced[silent], evidence):
            silenced[silent] += ids
            continue
        if silent is not None:
            ids += silenced[silent]
            silenced[silent].clear()
        if ids:
            weight = sum(profile.wanted[each].mass for each in alike)
            found.append(Bundle(evidence=_newest_first(ids), weight=weight, trend=trends[at]))
    found.sort(key=lambda each: -each.weight)
    quiet = [
        Bundle(evidence=_newest_first(ids), weight=interest.mass, muted=True)
        for interest, ids in zip(muted, silenced, strict=True)
        if ids
    ]
    return (*found, *sorted(quiet, key=lambda each: -each.evidence[0]))


def _members(
    interests: Sequence[Interest], evidence: Mapping[EvidenceId, Evidence], vectors: Mapping[str, Vector]
) -> list[tuple[EvidenceId, ...]]:
    """The evidence of each interest, which is what is most like it, the newest first."""
    found: list[list[EvidenceId]] = [[] for _ in interests]
    if not interests:
        return []
    towards = directions(interests)
    for id_, each in evidence.items():
        if each.key in vectors:
            found[int((towards @ vectors[each.key]).argmax())].append(id_)
    return [_newest_first(ids) for ids in found]


def _muted(
    muting: Mapping[EvidenceId, Evidence], vectors: Mapping[str, Vector]
) -> tuple[list[Interest], list[list[EvidenceId]]]:
    """What is muted, and by what: what is muted at once is one, and so is what is about the same."""
    acts: dict[datetime, list[EvidenceId]] = {}
    for id_, each in muting.items():
        if each.key in vectors:
            acts.setdefault(each.at, []).append(id_)
    muted: list[Interest] = []
    silenced: list[list[EvidenceId]] = []
    for ids in acts.values():
        centre = np.stack([vectors[muting[id_].key] for id_ in ids]).mean(axis=0, dtype=np.float32)
        act = Interest(centre=centre, mass=-sum(muting[id_].worth for id_ in ids), recent=0.0, traces=())
        if alike := _alike(act, muted):
            muted[alike[0]] = muted[alike[0]].joined(act, 0)
            silenced[alike[0]] += ids
        else:
            muted.append(act)
            silenced.append(ids)
    return muted, silenced


def _taken_back(
    ids: Sequence[EvidenceId], muting: Sequence[EvidenceId], evidence: Mapping[EvidenceId, Evidence]
) -> bool:
    """Whether a reader said that they care after they had muted it, or there is nothing left that does."""
    said = [id_ for id_ in ids if evidence[id_].kind in SAID]
    return not muting or (bool(said) and max(said) > max(muting))


def _newest_first(ids: Sequence[EvidenceId]) -> tuple[EvidenceId, ...]:
    return tuple(sorted(ids, reverse=True))


def _alike(interest: Interest, others: Sequence[Interest], first: int = 0) -> list[int]:
    """Which of the others, numbered from `first`, are about the same, the most alike first."""
    if not others:
        return []
    likeness = directions(others) @ directions([interest])[0]
    return [first + int(at) for at in np.argsort(-likeness) if likeness[at] >= BOUNDS.alike]

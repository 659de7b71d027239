"""What a reader's evidence is about, by the vectors of the encoder that searches use at the moment."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import numpy as np

from retrieval.interests.drift import drift
from retrieval.interests.interest import Interest, directions
from retrieval.interests.profile import BOUNDS, SAID, faded, least_to_mute, rebuilt
from retrieval.ports import Corpus, Encoder, Spaces, Vector
from storage.domain.evidence import AGAINST, OWN_WORDS, Evidence, EvidenceId, EvidenceKind, overruled, thing_of
from storage.domain.interests import Bundle
from storage.domain.news import ArticleId
from storage.domain.people import ReaderId

_TURNED_DOWN = AGAINST - {EvidenceKind.MUTED}


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceBundles:
    """Implements `bot.flows.learn.Bundles`."""

    corpus: Corpus
    spaces: Spaces

    async def of(self, reader: ReaderId, evidence: Mapping[EvidenceId, Evidence], now: datetime) -> tuple[Bundle, ...]:
        """Evidence about the same together, the strongest first; what is turned down after it, and what is muted last.

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
    """Evidence about the same together; see `EvidenceBundles.of`: what they turned down before what is muted.

    What somebody did and what they told is one where it is about the same. A mute is what they muted, with what they
    had done about that before; what they do about it later tells nothing until they say that they care again, and what
    they do about anything else is no part of it. What has no vector is in none. What was said otherwise since stands
    with what holds; that something is let in again stands with what there is of the same, or by itself, last of all.
    """
    over = overruled(evidence)
    holding = {id_: each for id_, each in evidence.items() if id_ not in over}
    found = _with_allowed(_bundled(encoder, holding, vectors, now), holding, vectors)
    return tuple(
        replace(
            each, evidence=_newest_first([*each.evidence, *(id_ for id_, by in over.items() if by in each.evidence)])
        )
        for each in found
    )


def _with_allowed(
    found: Iterable[Bundle], evidence: Mapping[EvidenceId, Evidence], vectors: Mapping[str, Vector]
) -> list[Bundle]:
    """The same with what was let in again."""
    alone = {id_: each for id_, each in evidence.items() if each.kind is EvidenceKind.ALLOWED and each.key in vectors}
    held: list[Bundle] = []
    for bundle in found:
        things = {thing_of(evidence[id_]) for id_ in bundle.evidence}
        with_it = [id_ for id_, each in alone.items() if thing_of(each) in things]
        held.append(replace(bundle, evidence=_newest_first([*bundle.evidence, *with_it])))
        alone = {id_: each for id_, each in alone.items() if id_ not in with_it}
    return held + [
        Bundle(evidence=_newest_first(ids), weight=0.0, allowed=True) for ids in reversed(_acts(alone, vectors))
    ]


def _bundled(
    encoder: str, evidence: Mapping[EvidenceId, Evidence], vectors: Mapping[str, Vector], now: datetime
) -> tuple[Bundle, ...]:
    """The same of what holds."""
    ended = _ended(evidence, vectors)
    muting = {
        id_: each
        for id_, each in evidence.items()
        if each.kind is EvidenceKind.MUTED and each.worth < 0 and id_ not in ended and each.key in vectors
    }
    silenced = _silenced(muting, evidence, vectors)
    # What is muted is out before anything is put together, piece by piece: what lies together with it may be wanted.
    heard = {id_: each for id_, each in evidence.items() if each.kind is not EvidenceKind.MUTED and id_ not in silenced}
    profile = faded(rebuilt(encoder, heard.values(), vectors), now)
    trends = drift(profile, now).trends
    told = {id_: each for id_, each in heard.items() if each.worth > 0 and each.kind is EvidenceKind.TOLD}
    did = {id_: each for id_, each in heard.items() if each.worth > 0 and each.kind is not EvidenceKind.TOLD}
    held = [*_members(profile.liked, did, vectors), *_members(profile.told, told, vectors)]
    found: list[Bundle] = []
    taken: set[int] = set()
    for at, interest in enumerate(profile.wanted):
        if at in taken:
            continue
        alike = {at, *(other for other in _alike(interest, profile.told, len(profile.liked)) if other not in taken)}
        taken |= alike
        if ids := [id_ for each in alike for id_ in held[each]]:
            ids += [mute for mute, by in ended.items() if by in ids]
            weight = sum(profile.wanted[each].mass for each in alike)
            found.append(Bundle(evidence=_newest_first(ids), weight=weight, trend=trends[at]))
    found.sort(key=lambda each: -each.weight)
    found += _turned_down(heard, muting, profile.disliked, vectors)
    quiet = [_mute(act, muting, silenced) for act in _acts(muting, vectors)]
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


def _ended(evidence: Mapping[EvidenceId, Evidence], vectors: Mapping[str, Vector]) -> dict[EvidenceId, EvidenceId]:
    """What was muted and is not any longer, each by what its reader said after it that ended that."""
    said = [(id_, each) for id_, each in evidence.items() if each.kind in SAID and each.key in vectors]
    found: dict[EvidenceId, EvidenceId] = {}
    for mute, muted in evidence.items():
        if muted.kind is EvidenceKind.MUTED and muted.key in vectors:
            later = (
                id_
                for id_, each in said
                if id_ > mute and vectors[each.key] @ vectors[muted.key] >= least_to_mute(each.kind)
            )
            if (by := next(later, None)) is not None:
                found[mute] = by
    return found


def _silenced(
    muting: Mapping[EvidenceId, Evidence], evidence: Mapping[EvidenceId, Evidence], vectors: Mapping[str, Vector]
) -> dict[EvidenceId, EvidenceId]:
    """What is about the same as something muted, each with that which it is most like."""
    found: dict[EvidenceId, EvidenceId] = {}
    for id_, each in evidence.items():
        if each.kind is EvidenceKind.MUTED or each.worth <= 0 or each.key not in vectors:
            continue
        likeness = {mute: float(vectors[each.key] @ vectors[of.key]) for mute, of in muting.items()}
        nearest = max(likeness, key=likeness.__getitem__, default=None)
        if nearest is not None and likeness[nearest] >= least_to_mute(each.kind):
            found[id_] = nearest
    return found


def _acts(muting: Mapping[EvidenceId, Evidence], vectors: Mapping[str, Vector]) -> list[list[EvidenceId]]:
    """What is muted at once is one, and so is what says the same."""
    acts: list[list[EvidenceId]] = []
    for id_, each in muting.items():
        vector = vectors[each.key]
        for act in acts:
            if any(muting[one].at == each.at or vector @ vectors[muting[one].key] >= BOUNDS.same for one in act):
                act.append(id_)
                break
        else:
            acts.append([id_])
    return acts


def _turned_down(
    heard: Mapping[EvidenceId, Evidence],
    muting: Mapping[EvidenceId, Evidence],
    disliked: Sequence[Interest],
    vectors: Mapping[str, Vector],
) -> list[Bundle]:
    """What they turned down or want less of, the strongest first, but for what is muted besides.

    What they said so in words of their own stands by itself: it has a name.
    """
    against = {
        id_: each
        for id_, each in heard.items()
        if each.kind in _TURNED_DOWN and each.key in vectors and not _near(each, muting.values(), vectors)
    }
    named = {id_: each for id_, each in against.items() if each.key.startswith(OWN_WORDS)}
    shown = {id_: each for id_, each in against.items() if id_ not in named}
    alike = [*_acts(named, vectors), *filter(None, _members(disliked, shown, vectors))]
    found = [
        Bundle(evidence=_newest_first(ids), weight=-sum(against[id_].worth for id_ in ids), less=True) for ids in alike
    ]
    return sorted(found, key=lambda each: -each.weight)


def _near(each: Evidence, muting: Iterable[Evidence], vectors: Mapping[str, Vector]) -> bool:
    # Football is no longer wanted, and of sport less: names of two things lie near each other.
    least = BOUNDS.same if each.key.startswith(OWN_WORDS) else least_to_mute(each.kind)
    return any(float(vectors[each.key] @ vectors[mute.key]) >= least for mute in muting)


def _mute(
    act: Sequence[EvidenceId], muting: Mapping[EvidenceId, Evidence], silenced: Mapping[EvidenceId, EvidenceId]
) -> Bundle:
    """What is muted, and what led to it: what came later did not."""
    before = [id_ for id_, mute in silenced.items() if mute in act and id_ < max(act)]
    weight = -sum(muting[id_].worth for id_ in act)
    return Bundle(evidence=_newest_first([*act, *before]), weight=weight, muted=True)


def _newest_first(ids: Sequence[EvidenceId]) -> tuple[EvidenceId, ...]:
    return tuple(sorted(ids, reverse=True))


def _alike(interest: Interest, others: Sequence[Interest], first: int = 0) -> list[int]:
    """Which of the others, numbered from `first`, are about the same, the most alike first."""
    if not others:
        return []
    likeness = directions(others) @ directions([interest])[0]
    return [first + int(at) for at in np.argsort(-likeness) if likeness[at] >= BOUNDS.alike]

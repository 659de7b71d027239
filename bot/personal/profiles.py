"""Readers' profiles by the encoder that searches use: learned on from what is new of their evidence, and kept."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from bot.personal.bundles import article_vectors
from retrieval.interests.packing import packed, unpacked
from retrieval.interests.profile import Profile, faded, took
from retrieval.ports import Corpus, Encoder, Spaces, Vector
from storage.domain.evidence import Evidence, EvidenceId, overruled
from storage.domain.people import ReaderId
from storage.profiles import KeptProfile, LearnedProfile

# What came in a moment ago may have no vector yet; what has none after so long never gets one.
_ENCODED_WITHIN = timedelta(hours=1)


class ProfileShelf(Protocol):
    """Keeps what evidence comes to."""

    async def kept(
        self, readers: Sequence[ReaderId], encoder: str
    ) -> tuple[dict[ReaderId, KeptProfile], dict[ReaderId, dict[EvidenceId, Evidence]]]:
        """The profiles of readers, and by reader the evidence that is not part of them yet."""
        ...

    async def keep(self, encoder: str, learned: Mapping[ReaderId, LearnedProfile]) -> int: ...

    async def forget(self, readers: Sequence[ReaderId]) -> None:
        """Drop what is kept of these readers' profiles; their evidence makes them anew."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class ReaderProfiles:
    """Gives readers' profiles as they are by now."""

    shelf: ProfileShelf
    corpus: Corpus
    spaces: Spaces

    async def of(self, readers: Sequence[ReaderId], now: datetime) -> dict[ReaderId, Profile]:
        """Of every one of these readers; one who did nothing has an empty one.

        Raises:
            EncoderUnavailable: The model cannot be loaded.
        """
        encoder = (await self.spaces.current()).encoder
        kept, new = await self._kept(encoder.name, readers)
        vectors = await self._vectors(encoder, new)
        learned, found = await asyncio.to_thread(_learned, encoder.name, readers, kept, new, vectors, now)
        if learned:
            await self.shelf.keep(encoder.name, learned)
        return found

    async def _kept(
        self, encoder: str, readers: Sequence[ReaderId]
    ) -> tuple[dict[ReaderId, tuple[EvidenceId, Profile]], dict[ReaderId, dict[EvidenceId, Evidence]]]:
        """The profiles that are kept, each with the last piece that is part of it, and the evidence that is not yet."""
        kept, new = await self.shelf.kept(readers, encoder)
        read = {reader: (each.upto, unpacked(each.data, encoder)) for reader, each in kept.items()}
        # What another version wrote is made anew, of all that there is.
        if stale := [reader for reader, (_, profile) in read.items() if profile is None]:
            await self.shelf.forget(stale)
            new |= (await self.shelf.kept(stale, encoder))[1]
        return {reader: (upto, profile) for reader, (upto, profile) in read.items() if profile is not None}, new

    async def _vectors(
        self, encoder: Encoder, new: Mapping[ReaderId, Mapping[EvidenceId, Evidence]]
    ) -> dict[tuple[ReaderId, str], Vector]:
        """Of all that is new, by reader and key: nobody's words stand in for what another's evidence is about.

        Whoever did something about an article saw it, whether or not they would now.
        """
        every = [each for held in new.values() for each in held.values()]
        articles = await article_vectors(self.corpus, encoder, None, every)
        texts = {
            (each.reader, each.key): each.text for each in every if each.text is not None and each.key not in articles
        }
        spoken = list(dict.fromkeys(texts.values()))
        encoded = dict(zip(spoken, await encoder.encode_documents(spoken), strict=True)) if spoken else {}
        found = {of: encoded[text] for of, text in texts.items()}
        found.update({(each.reader, each.key): articles[each.key] for each in every if each.key in articles})
        return found


def _learned(
    encoder: str,
    readers: Sequence[ReaderId],
    kept: Mapping[ReaderId, tuple[EvidenceId, Profile]],
    new: Mapping[ReaderId, Mapping[EvidenceId, Evidence]],
    vectors: Mapping[tuple[ReaderId, str], Vector],
    now: datetime,
) -> tuple[dict[ReaderId, LearnedProfile], dict[ReaderId, Profile]]:
    """What is to be kept of those that learned something, and all profiles as they are by now."""
    found: dict[ReaderId, Profile] = {}
    learned: dict[ReaderId, LearnedProfile] = {}
    for reader in readers:
        before, profile = kept.get(reader, (None, Profile(encoder=encoder)))
        profile, taken = _on(profile, new.get(reader, {}), vectors, now)
        if taken:
            now_kept = KeptProfile(upto=taken[-1], data=packed(profile))
            learned[reader] = LearnedProfile(before=before, new=len(taken), kept=now_kept)
        found[reader] = faded(profile, now)
    return learned, found


def _on(
    profile: Profile, new: Mapping[EvidenceId, Evidence], vectors: Mapping[tuple[ReaderId, str], Vector], now: datetime
) -> tuple[Profile, list[EvidenceId]]:
    """The profile with what is new, and which pieces those are: up to the first whose vector is still to come."""
    taken: list[EvidenceId] = []
    over = overruled(new)
    for id_, each in new.items():
        vector = vectors.get((each.reader, each.key))
        if vector is None and now - each.at < _ENCODED_WITHIN:
            break
        profile = profile if id_ in over else took(profile, each, vector)
        taken.append(id_)
    return profile, taken

"""What readers told and muted in words of their own, found among the news; see `retrieval.interests.telling`."""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from bot.flows.asking import Asking
from bot.flows.ports import Search
from retrieval.interests.interest import Interest
from retrieval.interests.profile import Profile
from retrieval.interests.telling import MOST_NAMED, names, names_wholly, stems, towards
from retrieval.ports import Corpus, Encoder
from storage.domain.annotations import Category
from storage.domain.evidence import OWN_WORDS
from storage.domain.news import Filters, PassageId, SearchRequest
from storage.domain.people import ReaderId
from storage.domain.stories import Weighed

# So many different phrases are searched for, at most, for readers whose digests are made together.
_MOST_PHRASES = 512
_SEARCHED = 24
# What was found for a phrase is the same for the readers of the next batch, and for so long; of so many it is kept.
_SAME_FOR = timedelta(minutes=15)
_MOST_KNOWN = 4_096
_NOTHING = np.empty((0, 0), dtype=np.float32)

Own = Mapping[tuple[ReaderId, str], str]
"""The words of a reader's own by the key of the evidence."""


class Words(Protocol):
    """What readers wrote and asked."""

    async def words(self, readers: Collection[ReaderId], keys: Collection[str]) -> Own:
        """By the reader and the key of the evidence."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrases:
    """Finds what readers' words are about.

    Args:
        cut: Cuts a text into words.
        called: What each subject is called, in every language.
    """

    words: Words
    search: Search
    corpus: Corpus
    cut: Callable[[str], Sequence[str]]
    called: Mapping[Category, Sequence[str]]
    _known: dict[Hashable, tuple[datetime, NDArray[np.float32]]] = field(default_factory=dict)

    async def own(self, profiles: Mapping[ReaderId, Profile]) -> Own:
        """The words that interests were told in, and muted in."""
        keys = {
            reader: held
            for reader, profile in profiles.items()
            if (held := {key for each in (*profile.wanted, *profile.muted) for key in _own(each)})
        }
        if not keys:
            return {}
        found = await self.words.words(list(keys), {key for held in keys.values() for key in held})
        return {(reader, key): text for (reader, key), text in found.items() if key in keys[reader]}

    async def found(
        self, encoder: Encoder, own: Own, since: datetime, asking: Asking, now: datetime
    ) -> Mapping[str, NDArray[np.float32]]:
        """By phrase the vectors, (m, d), of passages that a search finds for it and that have its words.

        Args:
            encoder: Whose vectors are wanted.
            own: The words of those who see the same articles.
            since: Of articles that were published since then.
            asking: One of them.
            now: What was found a while ago is looked for anew.
        """
        of = {phrase: (encoder.name, asking.view, since, phrase) for phrase in own.values()}
        new = [
            phrase for phrase, key in of.items() if key not in self._known or abs(now - self._known[key][0]) > _SAME_FOR
        ]
        found = await self._looked_up(encoder, new[:_MOST_PHRASES], since, asking.reader)
        # What is found anew stands last: what was found first is let go of first.
        for phrase, vectors in found.items():
            self._known.pop(of[phrase], None)
            self._known[of[phrase]] = now, vectors
        held = {phrase: self._known[key][1] for phrase, key in of.items() if key in self._known}
        for old in list(self._known)[: max(0, len(self._known) - _MOST_KNOWN)]:
            del self._known[old]
        return held

    async def _looked_up(
        self, encoder: Encoder, phrases: Sequence[str], since: datetime, reader: ReaderId | None
    ) -> Mapping[str, NDArray[np.float32]]:
        found: dict[str, list[PassageId]] = {}
        filters = Filters(since=since, undated=True)
        for phrase in phrases:
            wanted = stems(self.cut(phrase))
            request = SearchRequest(text=phrase, k=_SEARCHED, per_article=1, filters=filters, reader=reader)
            passages = (hit.passage for hit in (await self.search.search(request)).hits)
            named = [each.id for each in passages if names(wanted, stems(self.cut(each.text)))]
            found[phrase] = named[:MOST_NAMED]
        stored = await self.corpus.vectors(encoder.name, [id_ for ids in found.values() for id_ in ids])
        return {
            phrase: np.stack(held) if (held := [stored[id_] for id_ in ids if id_ in stored]) else _NOTHING
            for phrase, ids in found.items()
        }

    def silent(self, phrases: Sequence[Collection[str]], stories: Sequence[Weighed]) -> list[NDArray[np.int64]]:
        """The stories that have all words of any phrase in their titles, keywords, names or subject, for each reader.

        Args:
            phrases: What each reader muted.
            stories: By their places.
        """
        every = {phrase for some in phrases for phrase in some}
        if not every:
            return [np.empty(0, dtype=np.int64) for _ in phrases]
        texts = [self.said(each) for each in stories]
        wanted = {phrase: stems(self.cut(phrase)) for phrase in every}
        named = {
            phrase: {at for at, text in enumerate(texts) if names_wholly(words, text)}
            for phrase, words in wanted.items()
        }
        return [np.asarray(sorted(set().union(*(named[each] for each in some))), dtype=np.int64) for some in phrases]

    def named(self, phrase: str, said: Collection[str]) -> bool:
        """Whether a story names what a phrase does; see `said`."""
        return names(stems(self.cut(phrase)), said)

    def said(self, weighed: Weighed) -> frozenset[str]:
        """The words of a story's titles, keywords, names and subject, as `stems`."""
        titles = {report.headline.title for report in weighed.story.reports}
        texts = (*titles, *weighed.terms, *self.called[weighed.category])
        return stems(word for text in texts for word in self.cut(text))


def phrases_of(reader: ReaderId | None, interests: Sequence[Interest], own: Own) -> list[str]:
    """What a reader wrote that these were told by."""
    if reader is None:
        return []
    return [own[reader, key] for each in interests for key in _own(each) if (reader, key) in own]


def moved(reader: ReaderId | None, profile: Profile, own: Own, found: Mapping[str, NDArray[np.float32]]) -> Profile:
    """The profile with the interests that were told or muted in words where what these find lies."""

    def each_moved(interests: Sequence[Interest]) -> tuple[Interest, ...]:
        named = ([found.get(phrase, _NOTHING) for phrase in phrases_of(reader, [each], own)] for each in interests)
        return tuple(
            towards(each, np.stack(held)) if (held := [some.mean(axis=0) for some in vectors if len(some)]) else each
            for each, vectors in zip(interests, named, strict=True)
        )

    return replace(
        profile, liked=each_moved(profile.liked), told=each_moved(profile.told), muted=each_moved(profile.muted)
    )


def _own(interest: Interest) -> Iterator[str]:
    """The keys of what it was told by in words."""
    return (trace.key for trace in interest.traces if trace.key.startswith(OWN_WORDS))

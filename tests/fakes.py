"""Small exact stand-ins for the ports. Each passes the same contract suite as the real adapter."""

from __future__ import annotations

import asyncio
import hashlib
import math
import re
from collections import Counter
from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from urllib.parse import urlsplit

import numpy as np
from numpy.typing import NDArray

from generation.messages import Prompt
from retrieval.ports import Match, Vectors
from retrieval.search.spelling import faults_between
from storage.domain.encoders import EncoderModel, EncoderRole, KeptEncoder
from storage.domain.news import ArticleId, Changes, Filters, Headline, Passage, PassageId
from storage.domain.people import ReaderId
from storage.errors import DimensionMismatch

EPOCH = datetime(2026, 1, 1, tzinfo=UTC)
_TERMS = re.compile(r"[\u4e00-\u9fff]|[^\W\u4e00-\u9fff]+")


def terms(text: str) -> list[str]:
    """Lower-case words, and Chinese characters one by one."""
    return [term.casefold() for term in _TERMS.findall(text)]


def make_passage(
    id_: int,
    text: str,
    *,
    article: str | None = None,
    group: str | None = None,
    title: str = "",
    language: str | None = "en",
    published: datetime | None = None,
    source: str | None = None,
    url: str | None = None,
) -> Passage:
    """A passage with everything that does not matter filled in."""
    article = article or f"a{id_}"
    headline = Headline(
        id=ArticleId(article),
        title=title,
        first_seen=EPOCH,
        group=ArticleId(group or article),
        url=url,
        source=source,
        published=published,
        language=language,
    )
    return Passage(id=PassageId(id_), position=0, text=text, headline=headline)


def meets(headline: Headline, filters: Filters) -> bool:
    """What `Filters` says, word by word."""
    if filters.language and headline.language != filters.language:
        return False
    if filters.sources:
        host = (urlsplit(headline.url or "").hostname or "").removeprefix("www.")
        names = {(headline.source or "").casefold(), host}
        if names.isdisjoint(source.casefold() for source in filters.sources):
            return False
    if filters.since is None and filters.until is None:
        return True
    if headline.published is None:
        return filters.undated
    after = filters.since is None or headline.published >= filters.since
    return after and (filters.until is None or headline.published < filters.until)


class HashingEncoder:
    """Texts with words in common have vectors that are near. Counts what it was asked to encode."""

    def __init__(self, dimensions: int = 64, name: str = "hashing") -> None:
        self.name = name
        self.dimensions = dimensions
        self.encoded: list[str] = []

    async def encode_documents(self, texts: Sequence[str]) -> Vectors:
        self.encoded.extend(texts)
        return np.stack([self._vector(text) for text in texts]) if texts else np.zeros((0, self.dimensions), np.float32)

    async def encode_query(self, text: str) -> NDArray[np.float32]:
        return self._vector(text)

    def _vector(self, text: str) -> NDArray[np.float32]:
        vector = np.full(self.dimensions, 1e-3, dtype=np.float32)
        for term in terms(text):
            digest = hashlib.blake2b(term.encode(), digest_size=4).digest()
            vector[int.from_bytes(digest[:3], "big") % self.dimensions] += 1 if digest[3] & 1 else -1
        return (vector / np.linalg.norm(vector)).astype(np.float32)


class InMemoryDense:
    """Exact nearest neighbours."""

    def __init__(self) -> None:
        self._revision = 0
        self._held: dict[PassageId, tuple[Headline, NDArray[np.float32]]] = {}

    async def revision(self) -> int:
        return self._revision

    async def apply(self, changes: Changes, vectors: Vectors) -> None:
        if vectors.shape[0] != len(changes.added):
            raise ValueError("one vector for each passage")
        for _, held in self._held.values():
            if changes.added and vectors.shape[1] != held.shape[0]:
                raise DimensionMismatch("dense", expected=held.shape[0], actual=vectors.shape[1])
        for id_ in changes.removed:
            self._held.pop(id_, None)
        for passage, vector in zip(changes.added, vectors, strict=True):
            self._held[passage.id] = (passage.headline, vector)
        self._revision = changes.revision

    async def nearest(self, vector: NDArray[np.float32], k: int, filters: Filters) -> Sequence[Match]:
        for _, held in self._held.values():
            if vector.shape != held.shape:
                raise DimensionMismatch("dense", expected=held.shape[0], actual=vector.shape[0])
        matches = [
            Match(id=id_, score=float(held @ vector))
            for id_, (headline, held) in self._held.items()
            if meets(headline, filters)
        ]
        return sorted(matches, key=lambda match: -match.score)[:k]

    async def count(self) -> int:
        return len(self._held)

    async def clear(self) -> None:
        self._held.clear()
        self._revision = 0


class InMemoryLexical:
    """BM25 over `terms`, title and text as one."""

    def __init__(self) -> None:
        self._revision = 0
        self._held: dict[PassageId, tuple[Headline, Counter[str]]] = {}

    async def revision(self) -> int:
        return self._revision

    async def apply(self, changes: Changes) -> None:
        for id_ in changes.removed:
            self._held.pop(id_, None)
        for passage in changes.added:
            counted = Counter(terms(f"{passage.headline.title} {passage.text}"))
            self._held[passage.id] = (passage.headline, counted)
        self._revision = changes.revision

    async def search(self, text: str, k: int, filters: Filters) -> Sequence[Match]:
        wanted = set(terms(text))
        matches = [
            Match(id=id_, score=score)
            for id_, (headline, counted) in self._held.items()
            if meets(headline, filters) and (score := self._score(wanted, counted)) > 0
        ]
        return sorted(matches, key=lambda match: -match.score)[:k]

    async def like(self, word: str, faults: int, k: int) -> Sequence[PassageId]:
        wanted = terms(word)
        held = {id_: counted for id_, (_, counted) in self._held.items()}
        if len(wanted) != 1:
            return []
        near = (
            id_ for id_, counted in held.items() if any(faults_between(wanted[0], each) <= faults for each in counted)
        )
        return list(near)[:k]

    async def count(self) -> int:
        return len(self._held)

    async def clear(self) -> None:
        self._held.clear()
        self._revision = 0

    def _score(self, wanted: set[str], counted: Counter[str]) -> float:
        average = sum(held.total() for _, held in self._held.values()) / len(self._held)
        score = 0.0
        for term in wanted & counted.keys():
            holding = sum(term in held for _, held in self._held.values())
            idf = math.log(1 + (len(self._held) - holding + 0.5) / (holding + 0.5))
            length = 0.25 + 0.75 * counted.total() / average
            score += idf * counted[term] * 2.2 / (counted[term] + 1.2 * length)
        return score


class InMemoryCorpus:
    """The database as the indexes see it: passages with the revision that brought them, and vectors.

    `hidden` are articles that only the operator may see.
    """

    def __init__(self, passages: Sequence[Passage] = ()) -> None:
        self.revision = 0
        self.hidden: set[ArticleId] = set()
        self.reads = 0
        self._held: dict[PassageId, tuple[int, Passage]] = {}
        self._gone: dict[PassageId, int] = {}
        self._vectors: dict[tuple[str, PassageId], NDArray[np.float32]] = {}
        self._pruned = 0
        self.save(*passages)

    def save(self, *passages: Passage) -> None:
        """Each passage is a change of its own."""
        for passage in passages:
            self.revision += 1
            self._held[passage.id] = (self.revision, passage)

    def remove(self, *ids: int) -> None:
        for id_ in ids:
            self.revision += 1
            del self._held[PassageId(id_)]
            self._gone[PassageId(id_)] = self.revision

    def encoders(self) -> set[str]:
        """Those that there are vectors of."""
        return {encoder for encoder, _ in self._vectors}

    def retitle(self, id_: int, title: str) -> None:
        _, passage = self._held[PassageId(id_)]
        self.save(replace(passage, headline=replace(passage.headline, title=title)))

    async def passages(
        self, ids: Sequence[PassageId], *, filters: Filters, reader: ReaderId | None
    ) -> dict[PassageId, Passage]:
        self.reads += 1
        found = {id_: self._held[id_][1] for id_ in ids if id_ in self._held}
        return {
            id_: passage
            for id_, passage in found.items()
            if meets(passage.headline, filters) and (reader is None or passage.headline.id not in self.hidden)
        }

    async def tells_in(self, language: str) -> bool:
        return any(passage.headline.language == language for _, passage in self._held.values())

    async def openings(self, ids: Sequence[ArticleId], per_article: int, reader: ReaderId | None) -> Sequence[Passage]:
        found: dict[ArticleId, list[Passage]] = {}
        for _, passage in self._held.values():
            if reader is None or passage.headline.id not in self.hidden:
                found.setdefault(passage.headline.id, []).append(passage)
        return [each for id_ in dict.fromkeys(ids) for each in found.get(id_, ())[:per_article]]

    async def changes(self, after: int, limit: int) -> Changes:
        events = sorted(
            [(revision, id_, passage) for id_, (revision, passage) in self._held.items() if revision > after]
            + [(revision, id_, None) for id_, revision in self._gone.items() if revision > after],
            key=lambda event: event[0],
        )[:limit]
        return Changes(
            revision=events[-1][0] if events else min(after, self.revision),
            added=tuple(passage for _, _, passage in events if passage),
            removed=tuple(id_ for _, id_, passage in events if not passage),
            pruned=self._pruned,
        )

    async def ahead(self, revision: int) -> int:
        return len({held.headline.id for since, held in self._held.values() if since > revision})

    async def passage_count(self) -> int:
        return len(self._held)

    async def sample(self, n: int) -> Sequence[PassageId]:
        ids = sorted(self._held)
        return ids[:: max(1, len(ids) // n)][:n] if n else []

    async def unencoded(self, encoder: str, limit: int) -> Sequence[Passage]:
        return [passage for id_, (_, passage) in self._held.items() if (encoder, id_) not in self._vectors][:limit]

    async def store_vectors(self, encoder: str, ids: Sequence[PassageId], vectors: Vectors) -> None:
        for id_, vector in zip(ids, vectors, strict=True):
            if id_ in self._held:
                self._vectors[encoder, id_] = vector

    async def vectors(self, encoder: str, ids: Sequence[PassageId]) -> dict[PassageId, NDArray[np.float32]]:
        return {id_: self._vectors[encoder, id_] for id_ in ids if (encoder, id_) in self._vectors}

    async def forget_vectors(self, encoder: str, *, after: int = -1) -> int | None:
        ids = sorted(id_ for name, id_ in self._vectors if name == encoder and id_ > after)[:10]
        for id_ in ids:
            del self._vectors[encoder, id_]
        return ids[-1] if ids else None

    async def prune(self, upto: int, *, kept: int = 2) -> None:
        going = sorted(self._gone.items(), key=lambda removal: removal[1])[: -kept or None]
        for id_, revision in going:
            if revision <= upto:
                del self._gone[id_]
                self._pruned = revision


class InMemoryEncoders:
    """The record of encoders; which of them have vectors is asked of the corpus."""

    def __init__(self, corpus: InMemoryCorpus) -> None:
        self._corpus = corpus
        self._kept: dict[str, KeptEncoder] = {}

    async def kept(self) -> Sequence[KeptEncoder]:
        encoders = self._corpus.encoders()
        return [replace(each, has_vectors=each.model.name in encoders) for each in self._kept.values()]

    async def begin(self, model: EncoderModel, now: datetime) -> None:
        if self._role(model.name) in {None, EncoderRole.RETIRED}:
            self._put(model, EncoderRole.COMING, now)

    async def serve(self, model: EncoderModel, now: datetime) -> None:
        for each in list(self._kept.values()):
            if each.role is EncoderRole.SERVING and each.model.name != model.name:
                self._put(each.model, EncoderRole.RETIRED, now)
        self._put(model, EncoderRole.SERVING, now)

    async def retire(self, name: str, now: datetime) -> None:
        if self._role(name) is EncoderRole.COMING:
            self._put(self._kept[name].model, EncoderRole.RETIRED, now)

    async def forget(self, name: str) -> None:
        if self._role(name) is EncoderRole.RETIRED:
            del self._kept[name]

    def _role(self, name: str) -> EncoderRole | None:
        return self._kept[name].role if name in self._kept else None

    def _put(self, model: EncoderModel, role: EncoderRole, now: datetime) -> None:
        self._kept[model.name] = KeptEncoder(model=model, role=role, since=now)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounded:
    """A text, and the bounds read from it."""

    text: str
    filters: Filters


def unbounded(text: str, filters: Filters, _now: datetime) -> Bounded:
    """Reads no bounds out of any text."""
    return Bounded(text=text, filters=filters)


class ScriptedModel:
    """A chat model that writes what it is told to, whatever it is asked.

    Args:
        script: Pieces of text, pauses in seconds, and errors to end with.
        context: In words; a word is a token.
    """

    name = "scripted"

    def __init__(self, *script: str | float | Exception, context: int = 4_000) -> None:
        self.script = script
        self.context = context
        self.prompts: list[Prompt] = []
        self.closed = 0

    def count(self, text: str) -> int:
        return len(text.split())

    async def write(self, prompt: Prompt) -> AsyncGenerator[str, None]:
        self.prompts.append(prompt)
        try:
            for each in self.script:
                if isinstance(each, Exception):
                    raise each
                if isinstance(each, str):
                    yield each
                else:
                    await asyncio.sleep(each)
        finally:
            self.closed += 1

    async def load(self) -> None:
        """There is nothing to load."""

    async def close(self) -> None:
        """There is nothing to let go of."""

"""The peer of the benchmarks: a plain pipeline, as a first news bot is written.

feedparser over the feed, trafilatura over each page, 200-word passages, sentence-transformers in float32, one Chroma
`add` per article; to search, encode and query. It has no limits, no checks and no memory, and that is what it is for:
the heavy libraries are imported here a second time so that nothing of Tidings stands between them and the clock.
"""

from __future__ import annotations

import urllib.request
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

PASSAGE_WORDS, STEP_WORDS = 200, 160


@dataclass(frozen=True, slots=True, kw_only=True)
class PlainPage:
    """What the plain pipeline kept of a page."""

    url: str
    text: str


class PlainPipeline:
    """Reads feeds into one Chroma collection and searches it.

    Args:
        folder: Where Chroma keeps its files.
        model: Folder of a sentence-transformers model.
    """

    def __init__(self, folder: Path, model: Path) -> None:
        import chromadb
        from chromadb.config import Settings
        from sentence_transformers import SentenceTransformer

        client = chromadb.PersistentClient(path=str(folder), settings=Settings(anonymized_telemetry=False))
        self._collection = client.create_collection("plain", metadata={"hnsw:space": "cosine"})
        self._model = SentenceTransformer(str(model), device="cpu")

    def ingest(self, feed_url: str) -> list[PlainPage]:
        """Read one feed and every page it names; returns what was indexed."""
        import feedparser
        import trafilatura

        pages = []
        for entry in feedparser.parse(_get(feed_url)).entries:
            text = trafilatura.extract(_get(entry.link).decode("utf-8", errors="replace")) or ""
            if not text:
                continue
            passages = plain_passages(text)
            vectors = self._model.encode(passages, normalize_embeddings=True, show_progress_bar=False)
            self._collection.add(
                ids=[f"{entry.link}#{n}" for n in range(len(passages))], documents=passages, embeddings=vectors
            )
            pages.append(PlainPage(url=entry.link, text=text))
        return pages

    def add_vectors(self, ids: Sequence[str], passages: Sequence[str], vectors: NDArray[np.float32]) -> None:
        """Put passages with ready vectors in, for measuring the search alone."""
        self._collection.add(ids=list(ids), documents=list(passages), embeddings=vectors)

    def search(self, question: str, k: int) -> list[str]:
        """The k nearest passages."""
        vector: Any = self._model.encode([question], normalize_embeddings=True, show_progress_bar=False)
        found = self._collection.query(query_embeddings=vector, n_results=k)
        documents = found["documents"]
        return list(documents[0]) if documents else []


def plain_passages(text: str) -> list[str]:
    """Windows of 200 words, 160 apart."""
    words = text.split()
    return [
        " ".join(words[at : at + PASSAGE_WORDS]) for at in range(0, max(len(words) - STEP_WORDS // 4, 1), STEP_WORDS)
    ]


def _get(url: str) -> bytes:
    with urllib.request.urlopen(url, timeout=20) as answer:  # noqa: S310 - the benchmark's own loopback server
        body: bytes = answer.read()
    return body

"""Which group of nearly the same text a new one belongs to, among those that share a band with it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from retrieval.ingest.dedupe import COPY_THRESHOLD, similarity
from storage.domain.news import ArticleId, Fingerprint


class Copies:
    """Groups by the bands of their members.

    Args:
        known: Groups, each with the fingerprint of a member; a group may come several times.
    """

    def __init__(self, known: Iterable[tuple[ArticleId, Fingerprint]]) -> None:
        self._by_band: dict[int, list[tuple[ArticleId, Fingerprint]]] = defaultdict(list)
        for group, member in known:
            self.add(group, member)

    def add(self, group: ArticleId, member: Fingerprint) -> None:
        """Count a text with this fingerprint in."""
        for band in member.bands:
            self._by_band[band].append((group, member))

    def group_of(self, text: Fingerprint) -> ArticleId | None:
        """The group most like `text`, `None` where none is like it enough to be a copy."""
        best: ArticleId | None = None
        highest = COPY_THRESHOLD
        seen: set[bytes] = set()
        for band in text.bands:
            for group, member in self._by_band.get(band, ()):
                if member.signature in seen:
                    continue
                seen.add(member.signature)
                likeness = similarity(text, member)
                if likeness > highest or (likeness == highest and best is None):
                    best, highest = group, likeness
        return best

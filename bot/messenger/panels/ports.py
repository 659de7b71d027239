"""What panels ask of the flows."""

from __future__ import annotations

from typing import Protocol

from storage.domain.annotations import Category
from storage.domain.changes import Learned, Unlearned, Wished
from storage.domain.digests import DigestSettings
from storage.domain.people import ReaderId


class Wishes(Protocol):
    """How readers want their digests."""

    @property
    def zone(self) -> str:
        """The IANA name of the time zone of those who named none."""
        ...

    async def settings(self, reader: ReaderId, language: str) -> DigestSettings:
        """How they want their digests."""
        ...

    def to_change(self, held: DigestSettings, wanted: DigestSettings) -> Wished:
        """What it changes that they choose how they want them."""
        ...


class Picks(Protocol):
    """Subjects that readers pick."""

    async def picked(self, reader: ReaderId) -> frozenset[Category]: ...

    async def to_pick(
        self, reader: ReaderId, subject: Category, words: str, *, wanted: bool
    ) -> tuple[Learned | Unlearned, ...]:
        """What it changes that they pick one, called so in their language, or take it back."""
        ...

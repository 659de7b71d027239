"""What the chat and Telegram ask of the flows alike."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from storage.domain.changes import Forgotten, Learned, Numbered, Unlearned
from storage.domain.interests import Interest, InterestNote, Interests, Portrait, Steered, Undone
from storage.domain.people import ReaderId


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A file for a reader; `name` tells its kind by its ending."""

    name: str
    content: bytes


class Steers(Protocol):
    """Shows what is known of a reader's interests, and tells what steering them changes."""

    async def show(self, reader: ReaderId) -> Interests: ...

    def shown(self, reader: ReaderId, known: Interests) -> Numbered:
        """That a reader was shown this: its numbers mean it from then on."""
        ...

    async def portray(self, notes: Sequence[InterestNote], language: str) -> Portrait:
        """Interests, as a reader is shown them, in plain words; a model's, where there is one that says the same."""
        ...

    def to_tell(self, reader: ReaderId, text: str) -> Learned:
        """What it changes that a reader writes what they care about, or do not.

        Raises:
            InputError: It names nothing, or too much.
        """
        ...

    async def to_undo(self, reader: ReaderId) -> Undone:
        """What taking back changes that they said something last; nothing where that is long ago."""
        ...

    async def unmuted_by(self, reader: ReaderId, told: Learned) -> tuple[Interest, ...]:
        """What they had muted and is not any longer, once they have told that."""
        ...

    async def to_boost(self, reader: ReaderId, wanted: str) -> Steered:
        """What wanting more of an interest changes, by its number or its words; of what is muted, that it is not.

        Raises:
            InputError: There is no such interest.
        """
        ...

    async def to_mute(self, reader: ReaderId, wanted: str) -> Steered:
        """What wanting to hear no more of it changes.

        Raises:
            InputError: There is no such interest, or it is muted already.
        """
        ...

    async def to_forget(self, reader: ReaderId, wanted: str) -> Steered:
        """What forgetting it changes, or one line of its evidence.

        Raises:
            InputError: There is no such interest or line.
        """
        ...

    def to_reset(self, reader: ReaderId) -> Unlearned:
        """What starting over changes."""
        ...


class OwnData(Protocol):
    """Gives readers what is kept of them, and tells what forgetting them changes.

    Attributes:
        talk_days: For how many days what they ask and are answered is kept; 0 is for good.
    """

    @property
    def talk_days(self) -> int: ...

    async def documents(self, reader: ReaderId, language: str | None) -> tuple[Document, ...]:
        """All that is kept of a reader, as files."""
        ...

    def to_forget(self, reader: ReaderId) -> Forgotten: ...

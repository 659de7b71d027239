"""What this package gives: an engine that answers from passages. Later engines bring a `ChatModel` port."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from typing import Protocol

from storage.domain.dialogue import Answer, Question, Sentence
from storage.domain.news import Hit


class Engine(Protocol):
    """Writes an answer from what was found, and from nothing else."""

    @property
    def name(self) -> str: ...

    def answer(self, question: Question, hits: Sequence[Hit]) -> AsyncIterator[Sentence | Answer]:
        """Sentences as they are ready, then the whole answer, which repeats them. Always ends with an `Answer`.

        Raises:
            GenerationError: The engine failed.
        """
        ...

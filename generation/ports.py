"""What this package gives, an engine that answers from passages, and what it needs from outside.

A chat model, if there is one, and something that tells how near two texts are in meaning, if there is any.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from typing import Protocol, runtime_checkable

from generation.messages import Prompt, Usage
from storage.domain.dialogue import Answer, Question, Sentence
from storage.domain.news import Hit


class Engine(Protocol):
    """Writes an answer from what was found, and from nothing else."""

    @property
    def name(self) -> str: ...

    def answer(self, question: Question, hits: Sequence[Hit]) -> AsyncGenerator[Sentence | Answer, None]:
        """Sentences as they are ready, then the whole answer, which repeats them. Always ends with an `Answer`.

        Raises:
            GenerationError: The engine failed.
        """
        ...


class Likeness(Protocol):
    """How near texts are to a question in meaning, whatever language either is in."""

    async def __call__(self, question: str, texts: Sequence[str]) -> Sequence[float]:
        """The cosine of each text and the question, in the order of `texts`.

        Raises:
            EncoderUnavailable: It cannot be told.
        """
        ...


class ChatModel(Protocol):
    """A language model that continues a chat. It has no power: what it writes is text, and is checked before use."""

    @property
    def name(self) -> str:
        """What readers are told wrote the answer, such as the model's name."""
        ...

    @property
    def context(self) -> int:
        """How many tokens a prompt and what is written may have together."""
        ...

    def count(self, text: str) -> int:
        """How many tokens a text has; rather too many than too few where only an estimate can be had."""
        ...

    def write(self, prompt: Prompt) -> AsyncGenerator[str, None]:
        """Pieces of text as they are written.

        Closing the iterator ends the writing and frees the device at once. How long to wait is the caller's to decide.

        Raises:
            ModelBusy: Too many are waiting; nothing was written.
            GenerationError: The model failed; what was written before stands.
        """
        ...

    async def load(self) -> None:
        """Make ready, so that no reader waits for it.

        Raises:
            GenerationError: The model cannot be used.
        """
        ...

    async def close(self) -> None:
        """Let go of the device or the connections."""
        ...


@runtime_checkable
class Counting(Protocol):
    """A chat model that is told how much it read and wrote."""

    def counted(self, prompt: Prompt) -> AsyncGenerator[str | Usage, None]:
        """The same as `ChatModel.write`, and what that came to, wherever in it; not where it is not told."""
        ...

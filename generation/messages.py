"""What is said to a chat model, as values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """Who speaks, as chat templates and servers name them."""

    SYSTEM = "system"
    USER = "user"
    ASSISTANT = "assistant"


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One message of a chat."""

    role: Role
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Prompt:
    """All that a chat model is given for one piece of writing.

    Args:
        name: Of the prompt and its version, such as "answer/1": figures are recorded under it.
        messages: In order; the first ones are the same for every reader, so that a model may keep what it read of them.
        tokens: How much may be written at most.
    """

    name: str
    messages: Sequence[Message]
    tokens: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """How much was read and written for one prompt, as whoever runs the model says; in tokens, thoughts included."""

    tokens: int

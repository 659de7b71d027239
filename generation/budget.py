"""How much of what was found a model can be given: whole passages, best first, as long as there is room."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from generation.messages import Prompt
from generation.ports import ChatModel
from generation.reading.orders import without_orders
from storage.domain.news import Hit
from storage.domain.sentences import sentences
from storage.errors import GenerationError

FEWEST_CHARACTERS = 80
"""A passage that would have to be cut to less than this is left out."""
# What marks a passage and names its source, in tokens.
_MARKS = 24
# What a chat template puts around messages, in tokens.
_TEMPLATE = 64

Count = Callable[[str], int]
"""How many tokens a text has."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Excerpt:
    """What a model is shown of a hit: its passage without orders, or the beginning of that."""

    hit: Hit
    text: str


def shown(model: ChatModel, bare: Prompt, hits: Sequence[Hit]) -> list[Excerpt]:
    """The best of `hits`, as many as a model has room for beside a prompt that holds none yet and its reply.

    Raises:
        GenerationError: It has room for none.
    """
    taken = sum(model.count(message.text) for message in bare.messages)
    found = fitted(hits, model.context - bare.tokens - taken - _TEMPLATE, model.count)
    if not found:
        raise GenerationError(model.name, f"its context of {model.context} tokens has no room for a passage")
    return found


def fitted(hits: Sequence[Hit], room: int, count: Count) -> list[Excerpt]:
    """The best of `hits`, as many as have room; only the last one is cut, at a sentence's end.

    Args:
        hits: Best first.
        room: Tokens for all of them together, with their titles.
        count: Counts them.
    """
    found: list[Excerpt] = []
    for hit in hits:
        text = without_orders(hit.passage.text)
        if not text.strip():
            continue
        room -= _MARKS + count(hit.passage.headline.title)
        taken = count(text)
        if taken > room:
            short = _cut(text, room, count)
            return [*found, Excerpt(hit=hit, text=short)] if len(short) >= FEWEST_CHARACTERS else found
        room -= taken
        found.append(Excerpt(hit=hit, text=text))
    return found


def _cut(text: str, room: int, count: Count) -> str:
    """As many whole sentences as have room, from the beginning."""
    ends = [end for _, end in sentences(text)]
    low, high = 0, len(ends)
    while low < high:
        middle = (low + high + 1) // 2
        if count(text[: ends[middle - 1]]) <= room:
            low = middle
        else:
            high = middle - 1
    return text[: ends[low - 1]] if low else ""

"""How much of what a text says was not said before: by its telling words, whoever put them in whichever order."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from generation.reading.terms import background, terms


def unheard(texts: Sequence[str], said: Sequence[str]) -> list[float]:
    """Of each text, the share of its telling words, by weight, that stand in none of `said`.

    Args:
        texts: In the language of `said`.
        said: What was said before; where that is nothing, all of each text is unheard.

    Returns:
        One share a text, 0 to 1; 0 where it has no telling words.
    """
    known = frozenset[str]().union(*map(_telling, said))
    return [_weight(own - known) / (_weight(own) or 1.0) for own in map(_telling, texts)]


def _telling(text: str) -> frozenset[str]:
    return frozenset(term for term in terms(text) if background(term) > 0)


def _weight(of: Iterable[str]) -> float:
    return sum(map(background, of))

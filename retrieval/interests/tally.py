"""How often a reader turned to each subject or source, fading. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """Weights of evidence about one thing.

    Args:
        liked: For it, faded by the long half-life.
        recent: For it, faded by the short one.
        disliked: Against it, faded by the long one.
    """

    liked: float = 0.0
    recent: float = 0.0
    disliked: float = 0.0

    def faded(self, long: float, short: float) -> Tally:
        return Tally(liked=self.liked * long, recent=self.recent * short, disliked=self.disliked * long)

    def joined(self, other: Tally) -> Tally:
        return Tally(
            liked=self.liked + other.liked,
            recent=self.recent + other.recent,
            disliked=self.disliked + other.disliked,
        )


Tallies = Mapping[str, Tally]


def counted(tallies: Tallies, name: str, new: Tally, most: int) -> dict[str, Tally]:
    """With what is new of one name; of more than `most` names, the one with the least weight goes."""
    found = {**tallies, name: tallies.get(name, Tally()).joined(new)}
    if len(found) > most:
        del found[min(found, key=lambda each: (_weight(found[each]), each))]
    return found


def merged(tallies: Tallies, others: Tallies, most: int) -> dict[str, Tally]:
    """Both together, the `most` names of the greatest weight."""
    names = dict.fromkeys((*tallies, *others))
    both = {name: tallies.get(name, Tally()).joined(others.get(name, Tally())) for name in names}
    kept = sorted(both, key=lambda name: (-_weight(both[name]), name))[:most]
    return {name: both[name] for name in names if name in set(kept)}


def totals(tallies: Iterable[Tally]) -> tuple[float, float]:
    """All that speaks for anything, and all that speaks against."""
    liked = disliked = 0.0
    for each in tallies:
        liked += each.liked
        disliked += each.disliked
    return liked, disliked


def _weight(tally: Tally) -> float:
    return tally.liked + tally.disliked

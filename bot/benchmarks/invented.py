"""Invented news for measuring: any number of articles, each with facts of its own that can be asked about.

The same seed gives the same news. The words are few, so texts are more alike than real ones are, which makes finding
the right one harder, not easier; the vectors are drawn around topic centres, as those of real passages lie.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np
from numpy.typing import NDArray

_PLACES = "Alder Brook Cairn Dunmore Eskdale Fallow Garrow Hollin Inver Jarrow Kestrel Lorne Marrow Nairn Orrin".split()
_KINDS = "Bridge Council Foundry Harbour Institute Laboratory Market Observatory Port Quarry Railway School".split()
_PEOPLE = "Ada Bruno Carmen Dmitri Elena Farid Greta Hugo Ines Jonas Keiko Leila Marco Nadia Oskar Priya".split()
_NAMES = "Abend Bright Castell Dorne Ekman Falk Grady Holm Ivers Jansen Kolar Lund Moreau Novak Okoye Price".split()
_THINGS = "turbines vaccines tickets satellites trams books wells batteries seedlings sensors looms barges".split()
_VERBS = "ordered delivered recalled approved tested cancelled repaired auctioned".split()
_WHYS = "after a cold spring,before the vote,despite the strike,with a state loan,as prices fell".split(",")
_NEWEST = datetime(2026, 11, 22, tzinfo=UTC)
_TOPICS = 64
_SPREAD = 0.9


@dataclass(frozen=True, slots=True, kw_only=True)
class InventedArticle:
    """A made-up article with one question its text answers."""

    id: str
    title: str
    text: str
    published: datetime
    question: str
    answer: str


def invented_articles(
    n: int, *, seed: int = 0, newest: datetime = datetime(2026, 11, 22, tzinfo=UTC)
) -> Iterator[InventedArticle]:
    """`n` articles, the newest last, some minutes apart."""
    random = np.random.default_rng(seed)

    def pick(words: list[str]) -> str:
        return words[int(random.integers(len(words)))]

    for number in range(n):
        house = f"{pick(_PLACES)} {pick(_KINDS)} {number % 9973}"
        person = f"{pick(_PEOPLE)} {pick(_NAMES)}"
        verb, thing, why = pick(_VERBS), pick(_THINGS), pick(_WHYS)
        count, cost = int(random.integers(2, 9_000)), int(random.integers(1, 900))
        town = pick(_PLACES)
        yield InventedArticle(
            id=f"invented-{number}",
            title=f"{house} {verb} {count} {thing}",
            text=(
                f"The {house} {verb} {count} {thing} on Monday {why}, its director {person} said. "
                f"The {thing} will cost {cost} million crowns, paid over {count % 9 + 2} years. "
                f"Residents of {town} had asked for the {thing} since the flood. "
                f'"We waited too long," {person} told reporters in {town}. '
                f"A rival offer from {pick(_PLACES)} {pick(_KINDS)} was turned down {pick(_WHYS)}. "
                f"The council of {pick(_PLACES)} meets again next week to discuss the {pick(_THINGS)}."
            ),
            published=newest - timedelta(minutes=7 * (n - number)),
            question=f"How many {thing} did the {house} {verb.removesuffix('ed')}?",
            answer=str(count),
        )


def invented_vectors(n: int, dimensions: int, *, seed: int = 0) -> NDArray[np.float32]:
    """(n, dimensions) float32 unit rows, scattered around topic centres."""
    random = np.random.default_rng(seed)
    centres = random.standard_normal((_TOPICS, dimensions), dtype=np.float32)
    rows = centres[random.integers(_TOPICS, size=n)]
    rows = rows + _SPREAD * random.standard_normal((n, dimensions), dtype=np.float32)
    unit: NDArray[np.float32] = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    return unit

"""Three invented readers: what they say of themselves, what their field is, and what they do about what they are shown.

Nobody reads like this. They are rules, written down here, to see whether digests follow what somebody does; figures of
them are of a simulation, and say nothing about people. The field of an article is told by what its data or its address
says it is about, or by words of its title; nothing that Tidings finds out itself has a part in it.
"""

from __future__ import annotations

import random
import re
from dataclasses import dataclass

from storage.domain.annotations import Category
from storage.domain.evidence import EvidenceKind

# By judgement: most readers pass over some of what is of their field, and seldom say that they liked it.
_OPENED, _LIKED_OF_OPENED, _LESS_OF_FAR = 0.8, 0.35, 0.25


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """What somebody reads.

    Args:
        categories: All that is about these.
        words: And what has one of these in its title, as a regular expression of whole words.
    """

    categories: frozenset[Category]
    words: str

    def holds(self, title: str, category: Category | None) -> bool:
        """Whether an article of that title and subject is of it."""
        return category in self.categories or re.search(rf"\b(?:{self.words})\b", title, re.IGNORECASE) is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class InventedReader:
    """Somebody made up.

    Args:
        name: What they are.
        says: What they write of themselves on the first day.
        zone: Where they live, an IANA name.
        field: What they read.
        far: What they ask for less of, where it is not of their field.
        turns_to: What they read in the second half of the month in its place; nothing else where it is not given.
    """

    name: str
    says: str
    zone: str
    field: Field
    far: frozenset[Category]
    turns_to: Field | None = None

    def reads(self, *, turned: bool) -> Field:
        """What they read, before they turned to something else or after."""
        return self.turns_to if turned and self.turns_to is not None else self.field

    def does(self, article: str, title: str, category: Category | None, *, turned: bool, seed: int) -> _Acts:
        """What they do about an article: the same about the same one, by whatever it was chosen."""
        chance = random.Random(f"{seed} {self.name} {article}")  # noqa: S311 # nothing is kept secret by it
        opens, likes, minds = chance.random(), chance.random(), chance.random()
        if self.reads(turned=turned).holds(title, category):
            if opens >= _OPENED:
                return ()
            return (EvidenceKind.OPENED, EvidenceKind.LIKED) if likes < _LIKED_OF_OPENED else (EvidenceKind.OPENED,)
        return (EvidenceKind.LESS,) if category in self.far and minds < _LESS_OF_FAR else ()


_Acts = tuple[EvidenceKind, ...]

_POLICY = Field(
    categories=frozenset((Category.POLITICS,)),
    words=(
        r"polic(?:y|ies)|regulat\w+|antitrust|courts?|trials?|laws?|legislation|elections?|vot(?:e|es|ers)|congress"
        r"|senate|parliament|governments?|minister|president|white house|biden|nato|eu|sanctions|tax(?:es)?"
    ),
)
_CHIPS = Field(
    categories=frozenset((Category.TECHNOLOGY,)),
    words=r"chips?|chipmakers?|semiconductors?|processors?|gpus?|nvidia|tsmc|ai|artificial intelligence",
)
_FOOTBALL = Field(
    categories=frozenset((Category.SPORT,)),
    words=r"football|soccer|nfl|premier league|champions league|super bowl|world cup|quarterbacks?|strikers?",
)

READERS = (
    InventedReader(
        name="policy analyst",
        says="I'm a policy analyst, I follow regulation, courts and elections.",
        zone="Europe/Brussels",
        field=_POLICY,
        far=frozenset((Category.SPORT, Category.ENTERTAINMENT)),
    ),
    InventedReader(
        name="chip engineer",
        says="I'm a chip engineer, I follow semiconductors and artificial intelligence.",
        zone="America/Los_Angeles",
        field=_CHIPS,
        far=frozenset((Category.ENTERTAINMENT, Category.LIFESTYLE)),
        turns_to=_FOOTBALL,
    ),
    InventedReader(
        name="football fan",
        says="I'm a football fan, I follow the Premier League and the NFL.",
        zone="Europe/London",
        field=_FOOTBALL,
        far=frozenset((Category.POLITICS, Category.BUSINESS)),
    ),
)

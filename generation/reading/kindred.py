"""Words of news that say the same thing: what one outlet buys, another acquires, and who is hurt was injured.

A short list of the commonest, in English alone. That two words stand in one row does not make them the same in every
sentence, so that this only widens what a text is taken to speak of, never what is said.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping

from generation.reading.terms import stem

_ROWS = (
    "buy purchase acquire acquisition takeover",
    "hurt injure injury wound",
    "worker employee employ staff job workforce",
    "house home",
    "president presidential presidency",
    "earthquake quake tremor",
    "movie film",
    "begin start launch open",
    "end finish close expire",
    "resign quit resignation",
    "kill die fatal",
    "deliver delivery due arrive arrival",
    "ship boat vessel ferry",
    "car vehicle automobile",
    "doctor physician",
    "child kid",
    "arrest detain custody",
    "ban prohibit forbid outlaw",
    "rise increase raise grow jump climb soar gain hike",
    "fall drop decline decrease cut slump sink lower reduce",
    "factory plant",
    "attendance spectator crowd audience attend watch",
    "fire blaze wildfire",
    "damage destroy ruin",
    "resume restart reopen",
    "leader lead head chief",
    "goal score scorer",
    "beat defeat win",
    "discover find discovery",
    "inauguration inaugurate sworn",
    "contributor contribute",
    "attack strike assault",
    "shoot shooting gunman gunfire",
    "author write writer",
    "create invent creator",
    "build construct construction",
    "pay salary wage earn",
    "lose loss",
    "marry wedding marriage spouse",
    "divorce split",
    "leave exit depart quit departure",
    "award prize trophy",
    "approve approval",
    "plan propose proposal intend",
    "release publish unveil debut",
    "flee escape",
    "steal theft thief robbery",
    "crash collide collision",
    "flood flooding inundate",
    "sick ill illness disease",
    "drug medicine medication",
    "percentage percent share",
    "city town",
)


def _kin() -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for row in _ROWS:
        stems = frozenset(map(stem, row.split()))
        for each in stems:
            found[each] |= stems
    return {each: frozenset(of) for each, of in found.items()}


_KIN = _kin()


def kin(terms: Iterable[str]) -> dict[str, frozenset[str]]:
    """Of those of `terms` that are listed, the terms that may stand for each, itself among them."""
    return {term: _KIN[term] for term in terms if term in _KIN}


def stood_for(asked: Mapping[str, frozenset[str]], held: Collection[str]) -> frozenset[str]:
    """Those of `asked`, as `kin` gives them, for which something in `held` stands."""
    return frozenset(term for term, of in asked.items() if not of.isdisjoint(held))

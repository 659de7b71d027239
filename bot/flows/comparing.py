"""What is read for a question that holds two against each other: as much of the one as of the other.

Two outlets are each asked what they bring; of two things that the news tell of, each is looked for by itself, since
what tells most of the one leaves no room for the other.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import chain, zip_longest
from typing import Protocol

from bot.flows.ports import Search
from storage.domain.news import Hit, Part, PassageId, SearchRequest, SearchResult
from storage.domain.people import ReaderId
from storage.domain.sources import called, fold, shortly_called


class Compared(Protocol):
    """Two that are held against each other, in the reader's words; `on` is what in, empty where that is open."""

    @property
    def one(self) -> str: ...
    @property
    def other(self) -> str: ...
    @property
    def on(self) -> str: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparing:
    """Finds what is to be compared.

    Args:
        names: The names of sources, and the hosts, that hold a word in any letter case, of those a reader sees.
        compared: What a question compares; `None` for other questions.
    """

    search: Search
    names: Callable[[str, ReaderId | None], Awaitable[Sequence[str]]]
    compared: Callable[[str], Compared | None]

    async def find(self, asked: str, request: SearchRequest) -> SearchResult | None:
        """The best of either side in turn, up to `k` of the request; `None` where nothing is compared."""
        sides = self.compared(asked)
        if sides is None:
            return None
        found = [
            await self._of(side, outlets, sides.on, request)
            for side, outlets in zip((sides.one, sides.other), await self._brought(sides, request), strict=True)
        ]
        hits = (hit for hit in chain.from_iterable(zip_longest(*(side.hits for side in found))) if hit is not None)
        first: dict[PassageId, Hit] = {}
        for hit in hits:
            first.setdefault(hit.passage.id, hit)
        return SearchResult(
            hits=tuple(first.values())[: request.k],
            took=sum((side.took for side in found), timedelta(0)),
            without=frozenset[Part]().union(*(side.without for side in found)),
        )

    async def _of(self, side: str, outlets: tuple[str, ...], on: str, request: SearchRequest) -> SearchResult:
        """What is found of a side: of an outlet what it brings, where the bounds of the request name none."""
        if outlets:
            request = replace(request, text=on, filters=replace(request.filters, sources=outlets))
        else:
            request = replace(request, text=f"{side} {on}".strip())
        return await self.search.search(request)

    async def _brought(self, sides: Compared, request: SearchRequest) -> list[tuple[str, ...]]:
        """Of either side the outlet it is, if it is one; by a short name only where the other is an outlet too."""
        if request.filters.sources or not sides.on:
            return [(), ()]
        full = [await self._outlets(side, request.reader, called) for side in (sides.one, sides.other)]
        if all(full):
            return full
        short = [
            outlets or await self._outlets(side, request.reader, shortly_called)
            for side, outlets in zip((sides.one, sides.other), full, strict=True)
        ]
        return short if all(short) else full

    async def _outlets(
        self, side: str, reader: ReaderId | None, known: Callable[[str, Sequence[str]], tuple[str, ...]]
    ) -> tuple[str, ...]:
        """The names by which an outlet is known that is called so; hosts are written without spaces."""
        bare = fold(side).removeprefix("the ")
        for name in dict.fromkeys((bare, bare.replace(" ", ""))):
            if found := known(name, await self.names(name, reader)):
                return found
        return ()

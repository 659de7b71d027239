"""A topic in, a brief of it out: what the sources tell, at a glance."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.flows.converse import as_of, clean_question
from bot.flows.ports import Search
from storage.domain.news import Filters, Hit, SearchRequest
from storage.domain.people import ReaderId
from storage.domain.stories import Brief
from storage.domain.times import Clock

PASSAGES, PER_ARTICLE = 24, 2
"""How much is read for a brief: a dozen articles and more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Briefs:
    """Writes briefs.

    Args:
        write: Makes one of a topic, passages and the time it is.
    """

    search: Search
    write: Callable[[str, Sequence[Hit], datetime], Brief]
    clock: Clock

    async def about(self, topic: str, *, reader: ReaderId | None = None, filters: Filters | None = None) -> Brief:
        """The brief of a topic, in any words; an empty one where the sources say nothing of it.

        Args:
            topic: In any language; sources in it are found first.
            reader: Whose sources to look in; `None` is the operator.
            filters: Bounds on the sources.

        Raises:
            InputError: The topic has no words, or too many.
        """
        now = self.clock()
        wanted = clean_question(topic)
        request = SearchRequest(
            text=wanted, k=PASSAGES, per_article=PER_ARTICLE, filters=as_of(filters or Filters(), now), reader=reader
        )
        return self.write(wanted, (await self.search.search(request)).hits, now)

"""The news of this instance as the chat sees it: rounds of reading, what is in, and the sample edition before that.

The sample edition is for the first minute and for places without a network: it is laid out where nothing is in yet
and cleared away by the first real article.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from bot.flows.ingest import Ingest
from bot.flows.ports import Shelf
from bot.flows.retention import Retention
from storage.domain.news import ArticleId, Feed, Filters, IngestReport
from storage.domain.people import ReaderId
from storage.domain.progress import Progress
from storage.errors import IndexUnavailable

SAMPLE_PREFIX = "sample-"
"""What the ids of the sample edition's articles begin with. Others may, too: only those in the edition are its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewsCounts:
    """What can be asked about. `newest` is the newest published time; `sample` that there is nothing else yet."""

    articles: int
    sources: int
    newest: datetime | None
    sample: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """Gathering with a sample edition for where there is nothing to gather from.

    Args:
        sample: The sample edition, in the format of `ingest --jsonl`.
    """

    ingest: Ingest
    shelf: Shelf
    sample: Path
    retention: Retention

    async def open(self, progress: Progress) -> None:
        """Lay the sample edition out where nothing is in yet; the indexes follow with the next round."""
        if not (await self.shelf.counts()).articles:
            await self.ingest.gather.jsonl(self.sample, progress)

    async def round(self, progress: Progress) -> IngestReport:
        """Read every feed that is due; all of them, while there is nothing but the sample edition."""
        if (await self.counts()).sample:
            report = await self.ingest.visit(await self.ingest.feeds.list(), progress)
        else:
            report = await self.ingest.round(progress)
        await self.clear_away(progress)
        await self.let_go(progress)
        return report

    async def visit(self, feeds: Sequence[Feed], progress: Progress) -> IngestReport:
        """Read these feeds now."""
        report = await self.ingest.visit(feeds, progress)
        await self.clear_away(progress)
        return report

    async def counts(self, reader: ReaderId | None = None) -> NewsCounts:
        """What `reader` can ask about at the moment, `None` being the operator, who sees all."""
        counts = await self.shelf.counts(reader)
        newest = await self.shelf.latest(1, Filters(), reader)
        return NewsCounts(
            articles=counts.articles,
            sources=counts.sources,
            newest=newest[0].published if newest else None,
            sample=counts.articles > 0 and counts.articles == len(await self._samples()),
        )

    async def empty(self, reader: ReaderId | None = None) -> bool:
        """Whether there is nothing at all that `reader` could ask about; far quicker than counting."""
        return not await self.shelf.latest(1, Filters(), reader)

    async def waiting(self) -> int:
        """How many articles are stored and cannot be found yet, for they were not taken over.

        Where they are in stories they were: then an index lost them, or cannot be used.
        """
        try:
            return min(await self.ingest.stories.behind(), await self.ingest.index.behind())
        except IndexUnavailable:
            return 0

    async def clear_away(self, progress: Progress) -> int:
        """Take the sample edition out once there is anything else; how many articles that were."""
        samples = await self._samples()
        if not samples or (await self.shelf.counts()).articles <= len(samples):
            return 0
        await self.shelf.remove(samples)
        await self.ingest.index.sync(progress)
        return len(samples)

    async def let_go(self, progress: Progress) -> int:
        """Take out what came in longer ago than it is to be kept, of indexes and stories too; how many that were.

        Raises:
            IndexUnavailable: An index cannot be used now, and takes it over later.
        """
        gone = 0
        while some := await self.retention.drop_articles():
            gone += some
            await self.ingest.level(progress)
        return gone

    async def _samples(self) -> Sequence[ArticleId]:
        """The articles of the sample edition that are in."""
        candidates = await self.shelf.with_prefix(SAMPLE_PREFIX)
        if not candidates:
            return ()
        lines = self.sample.read_text(encoding="utf-8").splitlines()
        edition = {json.loads(line)["id"] for line in lines}
        return [id_ for id_ in candidates if id_ in edition]

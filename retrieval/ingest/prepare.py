"""What was gathered of an article into what is stored: everything missing is derived, or stays unknown.

Knows neither where articles come from nor how they are stored; it asks the store only for texts like these.
"""

from __future__ import annotations

import asyncio
import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from retrieval.index.chunk import chunk
from retrieval.ingest.cleaning import clean_line, clean_text
from retrieval.ingest.copies import Copies
from retrieval.ingest.dedupe import fingerprint
from retrieval.ingest.language import detect
from retrieval.ingest.urls import canonical_url
from retrieval.owner import OwnerThread
from retrieval.ports import ArticleStore
from storage.domain.news import Article, ArticleId, Fingerprint, Headline, PreparedArticle, SaveReport
from storage.domain.sentences import sentences
from storage.domain.sources import host_of
from storage.domain.times import Clock

MAX_TEXT_CHARS = 200_000
"""A text beyond this is cut: a long novella, several times the longest articles."""

_MAX_TITLE = 120
# Of a given title, author or source; far longer ones are texts in the wrong place.
_MAX_LINE = 500
_ID_DIGITS = 16
# From here on a text's own words say more about its language than a feed's label, which is often a default.
_ENOUGH_TO_JUDGE = 100
# Articles whose copies are looked for in one question to the store, which bounds its answers.
_ASKED_TOGETHER = 10
_SENTENCE_END = re.compile(r"[。！？!?](?=.)|[.](?=\s)|\n")


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathered:
    """An article as it came, from a feed, a page or a file. Only `text` is needed, and it must not be blank.

    `language` is binding; `language_hint` is used where the text is too short to judge. `live`: see `Article`.
    """

    text: str
    id: str | None = None
    url: str | None = None
    title: str | None = None
    author: str | None = None
    source: str | None = None
    published: datetime | None = None
    language: str | None = None
    language_hint: str | None = None
    feed_url: str | None = None
    live: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """Articles as they were handed to the store, in the order they came, and what became of them."""

    articles: tuple[PreparedArticle, ...]
    report: SaveReport


class Preparing:
    """Makes articles ready and stores them. The work is done on a thread of its own; close it when done.

    Args:
        store: Where they go; asked before for texts that are nearly the same.
        clock: Tells when an article is first seen.
    """

    def __init__(self, store: ArticleStore, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._owner = OwnerThread("prepare")
        # Two batches that looked for copies before either was stored would not find each other.
        self._turn = asyncio.Lock()

    async def store(self, batch: Sequence[Gathered], audience: str | None = None) -> Stored:
        """Store `batch` in one transaction, each article in the group of the first with nearly the same text.

        That first one may be in the store, where the audience may see it, or earlier in the batch.

        Args:
            batch: Articles; blank texts must have been left out.
            audience: The feed whose readers alone may see them; `None` makes them everyone's.

        Raises:
            StorageError: The database cannot be used; nothing of the batch is in.
        """
        drafts = await self._owner.run(_derive_all, batch, audience, self._clock())
        async with self._turn:
            near: list[tuple[ArticleId, Fingerprint]] = []
            for start in range(0, len(drafts), _ASKED_TOGETHER):
                asked = drafts[start : start + _ASKED_TOGETHER]
                bands = [band for draft in asked for band in draft.fingerprint.bands]
                near += await self._store.near(bands, audience)
            articles = await self._owner.run(_group, drafts, Copies(near))
            return Stored(articles=articles, report=await self._store.save(articles))

    def close(self) -> None:
        """End the thread."""
        self._owner.close()


def article_id(text: str, canonical: str | None, audience: str | None = None) -> ArticleId:
    """A name that comes out the same each time: of the canonical URL where there is one, of the text otherwise.

    Each audience has names of its own, so that what one is given never takes the place of what another is.
    """
    name = canonical or text if audience is None else f"{audience}\n{canonical or text}"
    return ArticleId(hashlib.sha256(name.encode()).hexdigest()[:_ID_DIGITS])


def article_text(text: str) -> str:
    """`text` as it is stored: clean, and at most `MAX_TEXT_CHARS`, cut at the end of a sentence where there is one."""
    clean = clean_text(text)
    if len(clean) <= MAX_TEXT_CHARS:
        return clean
    head = clean[:MAX_TEXT_CHARS]
    # The last one may be cut.
    *_, end = (0, *(end for _, end in sentences(head)[:-1]))
    return head[:end] if 2 * end > MAX_TEXT_CHARS else head.rstrip()


def article_line(text: str | None) -> str | None:
    """A title, an author or a source as it is stored: one clean line of bounded length, `None` where it is empty."""
    line = clean_line(text)
    return line if line is None or len(line) <= _MAX_LINE else f"{line[: _MAX_LINE - 1]}…"


def first_sentence(text: str) -> str:
    """The first sentence of a clean text, without its full stop, cut at a word where it is longer than a title is."""
    end = _SENTENCE_END.search(text)
    sentence = text[: end.end()].rstrip("\n .。") if end else text.rstrip(".。")
    if len(sentence) <= _MAX_TITLE:
        return sentence or text[:_MAX_TITLE]
    cut = sentence[: _MAX_TITLE - 1]
    at_word = cut.rpartition(" ")[0]
    return f"{at_word if 2 * len(at_word) > len(cut) else cut}…"


def _derive_all(batch: Sequence[Gathered], audience: str | None, now: datetime) -> list[PreparedArticle]:
    return [_derive(gathered, audience, now) for gathered in batch]


def _derive(gathered: Gathered, audience: str | None, now: datetime) -> PreparedArticle:
    text = article_text(gathered.text)
    canonical = canonical_url(gathered.url) if gathered.url else None
    identity = ArticleId(gathered.id) if gathered.id else article_id(text, canonical, audience)
    language = _language(gathered, text)
    headline = Headline(
        id=identity,
        title=article_line(gathered.title) or first_sentence(text),
        first_seen=now,
        # As everyone's, so that the same article is one group for those who come to have it twice.
        group=identity if audience is None else article_id(text, canonical),
        url=gathered.url if canonical else None,
        source=article_line(gathered.source) or host_of(canonical),
        author=article_line(gathered.author),
        published=gathered.published,
        language=language,
    )
    return PreparedArticle(
        article=Article(
            headline=headline,
            text=text,
            canonical_url=canonical,
            feed_url=gathered.feed_url,
            audience=audience,
            live=gathered.live,
        ),
        passages=chunk(text, language),
        fingerprint=fingerprint(text),
    )


def _language(gathered: Gathered, text: str) -> str | None:
    if gathered.language:
        return gathered.language
    if len(text) < _ENOUGH_TO_JUDGE and gathered.language_hint:
        return gathered.language_hint
    return detect(text) or gathered.language_hint


def _group(drafts: Sequence[PreparedArticle], copies: Copies) -> tuple[PreparedArticle, ...]:
    return tuple(_grouped(draft, copies) for draft in drafts)


def _grouped(draft: PreparedArticle, copies: Copies) -> PreparedArticle:
    headline = draft.article.headline
    group = copies.group_of(draft.fingerprint) or headline.group
    copies.add(group, draft.fingerprint)
    return replace(draft, article=replace(draft.article, headline=replace(headline, group=group)))

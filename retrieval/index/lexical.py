"""Passages by their words: a persistent, incremental BM25 index. The only module that imports tantivy.

A cache of what the database holds. Words and Chinese character pairs are counted in fields of their own, so that each
has its own statistics and the two scores add up. So do passages and whole articles, in an index each: a passage counts
for what it says and, half as much, for what its article says. Questions are never parsed: a query is built from their
terms.
"""

from __future__ import annotations

import heapq
import shutil
import threading
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import ParamSpec, TypeVar

import tantivy

from retrieval.index.facets import facets, microseconds
from retrieval.index.faults import unavailable
from retrieval.index.watermark import Watermark
from retrieval.index.words import WordCutter, character_pairs
from retrieval.owner import OwnerThread
from retrieval.ports import Match
from storage.domain.news import ArticleId, Changes, Filters, Passage, PassageId
from storage.domain.sources import fold
from storage.errors import IndexUnavailable

P = ParamSpec("P")
R = TypeVar("R")

_NAME = "lexical"
# Raise it whenever terms or fields change: indexes of another layout are rebuilt.
_LAYOUT = 2

# What the library needs for one writing thread, with room for a batch; larger gains nothing at a few hundred passages.
_WRITER_HEAP_BYTES = 50_000_000
_LONGEST_TERM_BYTES = 64

# Found on whole sets, about 70 variants: what a passage's article says beside what the passage says, how often a title
# counts in its article, and words beside pairs of characters. The right article came first for .731 of 594 Chinese
# questions (.714 by passages and titles alone); one of the first five held the answer to .523 of 304 English ones,
# where it did to .516.
ARTICLE_WEIGHT = 0.5
_TITLE_TIMES = 3
_WORD_WEIGHT = 1.5

# A question's most telling terms say all there is to say; more only cost time.
_MAX_TERMS = 64
_MAX_QUERY_CHARACTERS = 20_000
# Terms that more than every fifth text holds are left out where others remain, unless the index is small.
_COMMON_SHARE = 0.2
_COMMON_AT_LEAST = 1000

_FIELDS = (("words", _WORD_WEIGHT), ("pairs", 1.0))


class _Shelf:
    """One index of the library's, of passages or of articles, opened when first used. Guarded by its owner's lock."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._index: tantivy.Index | None = None
        self._writer: tantivy.IndexWriter | None = None

    def opened(self) -> tantivy.Index:
        if self._index is None:
            self._folder.mkdir(parents=True, exist_ok=True)
            index = tantivy.Index(_schema(), path=str(self._folder))
            index.register_tokenizer("stemmed", _stemming())
            # Readers look for new commits themselves; the library would poll from a thread of its own.
            index.config_reader("manual")
            self._index = index
        return self._index

    def searcher(self) -> tantivy.Searcher:
        index = self.opened()
        index.reload()
        return index.searcher()

    def write(self, stale: Sequence[PassageId], documents: Iterable[tantivy.Document]) -> None:
        """Replace what holds a passage of `stale` by `documents`, at once."""
        # Its own, whatever a failing search makes the owner forget meanwhile.
        writer = self._writer = self._writer or self.opened().writer(_WRITER_HEAP_BYTES, 1)
        try:
            if stale:
                writer.delete_documents_by_query(tantivy.Query.term_set_query(_schema(), "passages", list(stale)))
            for document in documents:
                writer.add_document(document)
            writer.commit()
        except BaseException:
            # Half a batch must not ride along with the next commit.
            self._writer = None
            raise

    def forget(self) -> None:
        self._writer = None
        self._index = None


class TantivyIndex:
    """The lexical index in a folder of its own, implementing `retrieval.ports.LexicalIndex`.

    Searching and writing have a thread each, so that a search never waits for a batch. Any number of processes may
    search; one may write at a time, which the library's own lock enforces.

    Args:
        folder: Where it lives; made when first used.
        cutter: Turns texts into terms, the same for passages and questions.
        article_weight: What a passage's article says beside what the passage says; 0 is BM25 of passages alone.
    """

    def __init__(self, folder: Path, cutter: WordCutter, article_weight: float = ARTICLE_WEIGHT) -> None:
        self._article_weight = article_weight
        self._passages = _Shelf(folder / "passages")
        self._articles = _Shelf(folder / "articles")
        self._watermark = Watermark(folder / "watermark.json", index=_NAME, layout=_LAYOUT)
        self._folder = folder
        self._cutter = cutter
        self._reading = OwnerThread("lexical-search")
        self._writing = OwnerThread("lexical-write")
        self._opening = threading.Lock()
        self._analyzer = _stemming()

    async def revision(self) -> int:
        """The revision of the corpus it stands at."""
        return await self._reading.run(self._watermark.read)

    async def apply(self, changes: Changes) -> None:
        """Take `changes` over: what was there under an id is replaced."""
        await self._writing.run(self._guarded, self._apply, changes)

    async def search(self, text: str, k: int, filters: Filters) -> Sequence[Match]:
        """Up to k passages that hold terms of `text`, or whose article does, and meet `filters`, best first.

        Scores are BM25 of the passage and a share of that of its article.
        """
        return await self._reading.run(self._guarded, self._search, text, k, filters)

    async def like(self, word: str, faults: int, k: int) -> Sequence[PassageId]:
        """Passages that hold a word with at most so many faults (0 to 2), or whose title does; stems are compared.

        Up to k by their own words, then as many by those of their article.
        """
        return await self._reading.run(self._guarded, self._like, word, faults, k)

    async def count(self) -> int:
        """How many passages it holds."""
        return await self._reading.run(self._guarded, self._count)

    async def clear(self) -> None:
        """Forget everything, whatever state the files are in."""
        await self._writing.run(self._clear)

    async def warm(self) -> None:
        """Open the files now rather than with the first search."""
        await self._reading.run(self._guarded, self._open)

    def close(self) -> None:
        """Finish what is under way and let go of the files."""
        self._reading.close()
        self._writing.close()
        self._forget_files()

    def _guarded(self, function: Callable[P, R], /, *args: P.args, **kwargs: P.kwargs) -> R:
        try:
            with unavailable(_NAME):
                return function(*args, **kwargs)
        except IndexUnavailable:
            # Another process may have rebuilt the files since; the next call opens them anew.
            self._forget_files()
            raise

    def _open(self) -> None:
        # One of another layout is not searched: what is missing from it would pass for not being there.
        self._watermark.read()
        with self._opening:
            self._passages.opened()
            self._articles.opened()

    def _count(self) -> int:
        self._watermark.read()
        return self._searcher(self._passages).num_docs

    def _searcher(self, shelf: _Shelf) -> tantivy.Searcher:
        with self._opening:
            return shelf.searcher()

    def _apply(self, changes: Changes) -> None:
        self._open()
        stale = [*changes.removed, *(passage.id for passage in changes.added)]
        articles: dict[ArticleId, list[Passage]] = {}
        for passage in changes.added:
            articles.setdefault(passage.headline.id, []).append(passage)
        whole = list(articles.values())
        self._articles.write(stale, map(self._article, whole))
        self._passages.write(stale, (self._passage(each, held[0].id) for held in whole for each in held))
        self._watermark.write(changes.revision)

    def _passage(self, passage: Passage, article: PassageId) -> tantivy.Document:
        return self._document([passage], article, passage.text)

    def _article(self, passages: Sequence[Passage]) -> tantivy.Document:
        headline = passages[0].headline
        texts = [headline.title] * _TITLE_TIMES + [headline.source or ""] + [passage.text for passage in passages]
        return self._document(passages, passages[0].id, "\n".join(texts))

    def _document(self, passages: Sequence[Passage], article: PassageId, text: str) -> tantivy.Document:
        """A passage, or the passages of an article; an article goes by the name of its first passage."""
        facet = facets(passages[0].headline)
        document = tantivy.Document()
        for passage in passages:
            document.add_integer("passages", passage.id)
        document.add_integer("id", passages[0].id)
        document.add_integer("article", article)
        document.add_text("words", " ".join(self._cutter.words(text)))
        document.add_text("pairs", " ".join(character_pairs(text)))
        document.add_text("language", facet.language)
        for source in facet.sources:
            document.add_text("source", source)
        document.add_boolean("undated", facet.published is None)
        if facet.published is not None:
            document.add_integer("published", facet.published)
        return document

    def _search(self, text: str, k: int, filters: Filters) -> list[Match]:
        self._watermark.read()
        words, pairs = self._cutter.asked(text[:_MAX_QUERY_CHARACTERS])
        terms = (self._analyzer.analyze(" ".join(words)), pairs)
        articles: dict[int, float] = {}
        if self._article_weight:
            articles = {id_: score for id_, _, score in self._best(self._articles, terms, k, filters)}
        scores: dict[int, float] = {}
        for id_, article, score in self._best(self._passages, terms, k, filters):
            scores[id_] = score + self._article_weight * articles.get(article, 0.0)
        for article, score in articles.items():
            scores.setdefault(article, self._article_weight * score)
        best = heapq.nlargest(k, scores.items(), key=lambda scored: scored[1])
        return [Match(id=PassageId(id_), score=score) for id_, score in best]

    def _like(self, word: str, faults: int, k: int) -> list[PassageId]:
        self._watermark.read()
        terms = self._analyzer.analyze(" ".join(self._cutter.words(word)))
        if len(terms) != 1:
            return []
        found: dict[int, None] = {}
        query = tantivy.Query.fuzzy_term_query(_schema(), "words", terms[0], distance=faults)
        for shelf in (self._passages, self._articles):
            searcher = self._searcher(shelf)
            addresses = [address for _, address in searcher.search(query, k, count=False).hits]
            found.update(
                dict.fromkeys(id_ for id_ in searcher.fast_field_values("id", addresses) if isinstance(id_, int))
            )
        return [PassageId(id_) for id_ in found]

    def _best(
        self, shelf: _Shelf, terms: Sequence[Sequence[str]], k: int, filters: Filters
    ) -> list[tuple[int, int, float]]:
        """What matches best: its id, its article's name, and its score."""
        searcher = self._searcher(shelf)
        query = _query(searcher, terms)
        if query is None:
            return []
        found = searcher.search(_filtered(query, filters), k, count=False).hits
        addresses = [address for _, address in found]
        ids, articles = (searcher.fast_field_values(field, addresses) for field in ("id", "article"))
        return [
            (id_, article, float(score))
            for id_, article, (score, _) in zip(ids, articles, found, strict=True)
            if isinstance(id_, int) and isinstance(article, int)
        ]

    def _clear(self) -> None:
        self._forget_files()
        with unavailable(_NAME):
            if self._folder.is_dir():
                shutil.rmtree(self._folder)
            else:
                self._folder.unlink(missing_ok=True)

    def _forget_files(self) -> None:
        with self._opening:
            self._passages.forget()
            self._articles.forget()


def _query(searcher: tantivy.Searcher, terms: Sequence[Sequence[str]]) -> tantivy.Query | None:
    """The terms of each field that the index knows, any of which may match; `None` where it knows none."""
    known: dict[tuple[str, str, float], int] = {}
    for (field, weight), named in zip(_FIELDS, terms, strict=True):
        for term in dict.fromkeys(named):
            if holding := searcher.doc_freq(field, term):
                known[field, term, weight] = holding
    common = max(_COMMON_AT_LEAST, searcher.num_docs * _COMMON_SHARE)
    telling = [key for key, holding in sorted(known.items(), key=lambda entry: entry[1]) if holding <= common]
    clauses = [
        (
            tantivy.Occur.Should,
            tantivy.Query.boost_query(tantivy.Query.term_query(_schema(), field, term, index_option="freq"), weight),
        )
        for field, term, weight in (telling or list(known))[:_MAX_TERMS]
    ]
    return tantivy.Query.boolean_query(clauses) if clauses else None


def _filtered(query: tantivy.Query, filters: Filters) -> tantivy.Query:
    """`query` where `filters` hold; they add nothing to the score."""
    schema = _schema()
    bounds: list[tantivy.Query] = []
    if filters.language:
        bounds.append(tantivy.Query.term_query(schema, "language", filters.language, index_option="basic"))
    if filters.sources:
        names = [fold(source) for source in filters.sources]
        bounds.append(tantivy.Query.term_set_query(schema, "source", names))
    if filters.since or filters.until:
        bounds.append(_published(filters))
    if not bounds:
        return query
    must = tantivy.Occur.Must
    return tantivy.Query.boolean_query(
        [(must, query), *((must, tantivy.Query.const_score_query(bound, 0.0)) for bound in bounds)]
    )


def _published(filters: Filters) -> tantivy.Query:
    schema = _schema()
    within = tantivy.Query.range_query(
        schema,
        "published",
        tantivy.FieldType.Integer,
        lower_bound=microseconds(filters.since) if filters.since else None,
        upper_bound=microseconds(filters.until) - 1 if filters.until else None,
    )
    if not filters.undated:
        return within
    undated = tantivy.Query.term_query(schema, "undated", field_value=True)
    return tantivy.Query.boolean_query([(tantivy.Occur.Should, within), (tantivy.Occur.Should, undated)])


@cache
def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    # Signed on purpose: deleting by an unsigned field's term silently deletes nothing in tantivy 0.27.
    builder.add_integer_field("passages", indexed=True)
    for field in ("id", "article"):
        builder.add_integer_field(field, fast=True)
    for field in ("words", "pairs"):
        builder.add_text_field(field, tokenizer_name="stemmed", index_option="freq")
    for field in ("language", "source"):
        builder.add_text_field(field, tokenizer_name="raw", index_option="basic")
    builder.add_integer_field("published", fast=True)
    builder.add_boolean_field("undated", indexed=True)
    return builder.build()


def _stemming() -> tantivy.TextAnalyzer:
    """Splits at the spaces our own cutter put and stems English; words of other scripts stay as they are."""
    return (
        tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace())
        .filter(tantivy.Filter.remove_long(_LONGEST_TERM_BYTES))
        .filter(tantivy.Filter.stemmer("english"))
        .build()
    )

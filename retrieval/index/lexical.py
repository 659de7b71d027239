"""Passages by their words: a persistent, incremental BM25 index. The only module that imports tantivy.

A cache of what the database holds. Words and Chinese character pairs are counted in fields of their own, so that each
has its own statistics and the two scores add up. Questions are never parsed: a query is built from their terms.
"""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable, Sequence
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
from storage.domain.news import Changes, Filters, Passage, PassageId
from storage.domain.sources import fold
from storage.errors import IndexUnavailable

P = ParamSpec("P")
R = TypeVar("R")

_NAME = "lexical"
# Raise it whenever terms or fields change: indexes of another layout are rebuilt.
_LAYOUT = 1

# What the library needs for one writing thread, with room for a batch; larger gains nothing at a few hundred passages.
_WRITER_HEAP_BYTES = 50_000_000
_LONGEST_TERM_BYTES = 64

# A title is short, so each of its words already counts for much. Of 0, 0.15, 0.3, 0.5, 1 and 1.5 the best on English
# questions (a passage of 15,751 holds the answer at 1: .344 .364 .372 .356 .332 .328, n = 250), and no loss on Chinese.
_TITLE_BOOST = 0.3
# A question's most telling terms say all there is to say; more only cost time.
_MAX_TERMS = 64
_MAX_QUERY_CHARACTERS = 20_000
# Terms that more than every fifth passage holds are left out where others remain, unless the index is small.
_COMMON_SHARE = 0.2
_COMMON_AT_LEAST = 1000

_WORD_FIELDS = (("words", 1.0), ("title_words", _TITLE_BOOST))
_PAIR_FIELDS = (("pairs", 1.0), ("title_pairs", _TITLE_BOOST))


class TantivyIndex:
    """The lexical index in a folder of its own, implementing `retrieval.ports.LexicalIndex`.

    Searching and writing have a thread each, so that a search never waits for a batch. Any number of processes may
    search; one may write at a time, which the library's own lock enforces.

    Args:
        folder: Where it lives; made when first used.
        cutter: Turns texts into terms, the same for passages and questions.
    """

    def __init__(self, folder: Path, cutter: WordCutter) -> None:
        self._files = folder / "index"
        self._watermark = Watermark(folder / "watermark.json", index=_NAME, layout=_LAYOUT)
        self._folder = folder
        self._cutter = cutter
        self._reading = OwnerThread("lexical-search")
        self._writing = OwnerThread("lexical-write")
        self._opening = threading.Lock()
        self._index: tantivy.Index | None = None
        self._writer: tantivy.IndexWriter | None = None
        self._analyzer: tantivy.TextAnalyzer | None = None

    async def revision(self) -> int:
        """The revision of the corpus it stands at."""
        return await self._reading.run(self._watermark.read)

    async def apply(self, changes: Changes) -> None:
        """Take `changes` over: what was there under an id is replaced."""
        await self._writing.run(self._guarded, self._apply, changes)

    async def search(self, text: str, k: int, filters: Filters) -> Sequence[Match]:
        """Up to k passages that hold terms of `text` and meet `filters`, best first; scores are BM25."""
        return await self._reading.run(self._guarded, self._search, text, k, filters)

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

    def _open(self) -> tantivy.Index:
        with self._opening:
            if self._index is None:
                self._files.mkdir(parents=True, exist_ok=True)
                index = tantivy.Index(_schema(), path=str(self._files))
                self._analyzer = _stemming()
                index.register_tokenizer("stemmed", self._analyzer)
                # Readers look for new commits themselves; the library would poll from a thread of its own.
                index.config_reader("manual")
                self._index = index
            return self._index

    def _count(self) -> int:
        return self._searcher().num_docs

    def _searcher(self) -> tantivy.Searcher:
        index = self._open()
        index.reload()
        return index.searcher()

    def _apply(self, changes: Changes) -> None:
        index = self._open()
        if self._writer is None:
            self._writer = index.writer(_WRITER_HEAP_BYTES, 1)
        stale = [*changes.removed, *(passage.id for passage in changes.added)]
        try:
            if stale:
                self._writer.delete_documents_by_query(tantivy.Query.term_set_query(_schema(), "id", stale))
            for passage in changes.added:
                self._writer.add_document(self._document(passage))
            self._writer.commit()
        except BaseException:
            # Half a batch must not ride along with the next commit.
            self._writer = None
            raise
        self._watermark.write(changes.revision)

    def _document(self, passage: Passage) -> tantivy.Document:
        facet = facets(passage.headline)
        document = tantivy.Document()
        document.add_integer("id", passage.id)
        for prefix, text in (("", passage.text), ("title_", passage.headline.title)):
            document.add_text(f"{prefix}words", " ".join(self._cutter.words(text)))
            document.add_text(f"{prefix}pairs", " ".join(character_pairs(text)))
        document.add_text("language", facet.language)
        for source in facet.sources:
            document.add_text("source", source)
        document.add_boolean("undated", facet.published is None)
        if facet.published is not None:
            document.add_integer("published", facet.published)
        return document

    def _search(self, text: str, k: int, filters: Filters) -> list[Match]:
        searcher = self._searcher()
        query = self._query(searcher, text[:_MAX_QUERY_CHARACTERS])
        if query is None:
            return []
        found = searcher.search(_filtered(query, filters), k, count=False).hits
        ids = searcher.fast_field_values("id", [address for _, address in found])
        return [
            Match(id=PassageId(id_), score=float(score))
            for id_, (score, _) in zip(ids, found, strict=True)
            if isinstance(id_, int)
        ]

    def _query(self, searcher: tantivy.Searcher, text: str) -> tantivy.Query | None:
        """The terms of `text` that the index knows, any of which may match; `None` where it knows none."""
        if self._analyzer is None:
            return None
        words = self._analyzer.analyze(" ".join(self._cutter.words(text)))
        known: dict[tuple[str, tuple[tuple[str, float], ...]], int] = {}
        for fields, terms in ((_WORD_FIELDS, words), (_PAIR_FIELDS, character_pairs(text))):
            for term in dict.fromkeys(terms):
                holding = max(searcher.doc_freq(field, term) for field, _ in fields)
                if holding:
                    known[term, fields] = holding
        common = max(_COMMON_AT_LEAST, searcher.num_docs * _COMMON_SHARE)
        telling = [key for key, holding in sorted(known.items(), key=lambda entry: entry[1]) if holding <= common]
        schema = _schema()
        clauses = [
            (tantivy.Occur.Should, _weighed(tantivy.Query.term_query(schema, field, term, index_option="freq"), boost))
            for term, fields in (telling or list(known))[:_MAX_TERMS]
            for field, boost in fields
        ]
        return tantivy.Query.boolean_query(clauses) if clauses else None

    def _clear(self) -> None:
        self._forget_files()
        with unavailable(_NAME):
            if self._folder.is_dir():
                shutil.rmtree(self._folder)
            else:
                self._folder.unlink(missing_ok=True)

    def _forget_files(self) -> None:
        with self._opening:
            self._writer = None
            self._index = None


def _weighed(query: tantivy.Query, boost: float) -> tantivy.Query:
    return query if boost == 1.0 else tantivy.Query.boost_query(query, boost)


def _filtered(query: tantivy.Query, filters: Filters) -> tantivy.Query:
    """`query` where `filters` hold; they add nothing to the score."""
    schema = _schema()
    bounds: list[tantivy.Query] = []
    if filters.language:
        bounds.append(tantivy.Query.term_query(schema, "language", filters.language, index_option="basic"))
    if filters.source:
        bounds.append(tantivy.Query.term_query(schema, "source", fold(filters.source), index_option="basic"))
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
    builder.add_integer_field("id", indexed=True, fast=True)
    for field in ("words", "pairs", "title_words", "title_pairs"):
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

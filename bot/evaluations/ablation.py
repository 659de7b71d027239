"""What each part of the search adds: the same questions, asked of plainer searches first."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from contextlib import closing
from dataclasses import replace

from bot.app import App
from retrieval.evaluation.collection import JudgedQuestion
from retrieval.evaluation.finding import FindingReport, evaluate_finding
from retrieval.index.lexical import TantivyIndex
from retrieval.ports import LexicalIndex, Reranker, Space
from retrieval.search.ranking import Ranking
from retrieval.search.searcher import Searcher
from storage.domain.news import SearchRequest, SearchResult
from storage.domain.progress import Progress

BREADTH = 0.3
"""What saying something new counts in the last row."""

Search = Callable[[SearchRequest], Awaitable[SearchResult]]


async def ablation(
    app: App, questions: tuple[JudgedQuestion, ...], reranker: Reranker | None, progress: Progress
) -> dict[str, FindingReport]:
    """A report a row, the plainest first.

    `words` is BM25 of passages by words and pairs of characters, and `dense` the cosine, each alone as a peer would
    have it. `fused` are both; `fields` adds titles, sources and whole articles, `freshness` the times and the sources
    that a question speaks of, `rerank` the second look, and `breadth` what was not said yet.
    """
    with closing(TantivyIndex(app.settings.home / "lexical", app.cutter, article_weight=0.0)) as plain:
        return {
            name: await evaluate_finding(search, questions, progress) for name, search in _rows(app, plain, reranker)
        }


def _rows(app: App, plain: LexicalIndex, reranker: Reranker | None) -> Iterator[tuple[str, Search]]:
    space = Space(encoder=app.encoder, dense=app.dense)
    ours, bare = Ranking(), Ranking(freshness=0.0, around=0.0, source=0.0, phrases=0.0)
    yield "words", Searcher(app.articles, space, plain, replace(bare, meaning=0.0)).search
    yield "dense", Searcher(app.articles, space, plain, replace(bare, words=0.0)).search
    yield "fused", Searcher(app.articles, space, plain, bare).search
    yield "+ fields", Searcher(app.articles, space, app.lexical, bare).search
    yield "+ freshness", Searcher(app.articles, space, app.lexical, ours).search
    if reranker is not None:
        whole = Searcher(app.articles, space, app.lexical, ours, reranker)
        yield "+ rerank", whole.search
        yield "+ breadth", lambda request: whole.search(replace(request, breadth=BREADTH))

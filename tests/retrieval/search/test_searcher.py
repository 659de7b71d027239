from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta, timezone

import numpy as np
import pytest
from numpy.typing import NDArray

from retrieval.ports import Candidate, Match, Reranker, Space
from retrieval.search.ranking import Ranking
from retrieval.search.searcher import AT_ONCE, RERANKED, Searcher
from storage.domain.news import ArticleId, Filters, Part, Passage, SearchRequest
from storage.domain.people import ReaderId
from storage.errors import EncoderUnavailable, IndexUnavailable
from tests.fakes import HashingEncoder, InMemoryCorpus, InMemoryDense, InMemoryLexical, make_passage

MAY = datetime(2026, 5, 1, tzinfo=UTC)


class Broken(InMemoryDense, InMemoryLexical):
    """An index in a state in which nothing can be read."""

    async def nearest(self, vector: NDArray[np.float32], k: int, filters: Filters) -> Sequence[Match]:
        raise IndexUnavailable("dense", "wedged")

    async def search(self, text: str, k: int, filters: Filters) -> Sequence[Match]:
        raise IndexUnavailable("lexical", "wedged")


class Counting(InMemoryDense):
    """Remembers how it was asked."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[tuple[int, bool]] = []

    async def nearest(self, vector: NDArray[np.float32], k: int, filters: Filters) -> Sequence[Match]:
        self.asked.append((k, filters.any))
        return await super().nearest(vector, k, filters)


class Silent(InMemoryLexical):
    """Finds nothing by words."""

    async def search(self, text: str, k: int, filters: Filters) -> Sequence[Match]:
        return ()


class Crowded(InMemoryLexical):
    """Remembers how many looked for words at once."""

    at_once = most = 0

    async def search(self, text: str, k: int, filters: Filters) -> Sequence[Match]:
        self.at_once += 1
        self.most = max(self.most, self.at_once)
        await asyncio.sleep(0)
        self.at_once -= 1
        return await super().search(text, k, filters)


class Room:
    """A searcher over passages that both indexes hold."""

    def __init__(
        self, *passages: Passage, dense: InMemoryDense | None = None, lexical: InMemoryLexical | None = None
    ) -> None:
        self.corpus = InMemoryCorpus(passages)
        self.encoder = HashingEncoder()
        self.dense = dense or InMemoryDense()
        self.lexical = lexical or InMemoryLexical()
        self.searcher = Searcher(self.corpus, Space(encoder=self.encoder, dense=self.dense), self.lexical)

    async def index(self) -> Room:
        changes = await self.corpus.changes(0, 100_000)
        vectors = await self.encoder.encode_documents([passage.text for passage in changes.added])
        await self.corpus.store_vectors(self.encoder.name, [passage.id for passage in changes.added], vectors)
        await self.dense.apply(changes, vectors)
        await self.lexical.apply(changes)
        return self

    async def ids(self, text: str, **wanted: object) -> list[int]:
        result = await self.searcher.search(SearchRequest(text=text, **wanted))  # type: ignore[arg-type] # any field
        return [hit.passage.id for hit in result.hits]


async def test_the_passage_that_answers_comes_first() -> None:
    room = await Room(
        make_passage(1, "the river flood closed roads"),
        make_passage(2, "markets rose again"),
        make_passage(3, "洪水淹没道路", language="zh"),
    ).index()

    assert (await room.ids("which roads did the flood close"))[0] == 1
    assert (await room.ids("洪水"))[0] == 3


async def test_hits_carry_what_both_sides_know() -> None:
    room = await Room(make_passage(1, "flood roads"), make_passage(2, "markets")).index()

    (first, *_) = (await room.searcher.search(SearchRequest(text="flood roads"))).hits

    assert first.similarity == pytest.approx(1.0, abs=1e-3)
    assert first.bm25 is not None
    assert first.bm25 > 0
    ranking = Ranking()
    assert first.score == pytest.approx(ranking.words + ranking.meaning, abs=1e-3)


async def test_similarity_is_known_even_where_only_words_found_a_passage() -> None:
    room = await Room(make_passage(1, "flood roads")).index()
    room.dense = InMemoryDense()
    room.searcher = Searcher(room.corpus, Space(encoder=room.encoder, dense=room.dense), room.lexical)

    (hit,) = (await room.searcher.search(SearchRequest(text="flood"))).hits

    assert hit.similarity == pytest.approx(0.707, abs=0.01)


async def test_where_nothing_is_in_the_language_that_is_asked_for_neither_side_is_asked() -> None:
    lexical = Crowded()
    room = await Room(make_passage(1, "flood roads"), lexical=lexical).index()

    assert await room.ids("flood", filters=Filters(language="zh")) == []
    assert lexical.most == 0
    assert await room.ids("flood", filters=Filters(language="en")) == [1]


async def test_only_so_many_searches_go_on_at_once_and_all_are_answered() -> None:
    lexical = Crowded()
    room = await Room(make_passage(1, "flood roads"), lexical=lexical).index()

    found = await asyncio.gather(*(room.ids("flood") for _ in range(3 * AT_ONCE)))

    assert found == [[1]] * (3 * AT_ONCE)
    assert lexical.most == AT_ONCE


async def test_an_empty_index_has_no_hits() -> None:
    assert await (await Room().index()).ids("anything") == []


@pytest.mark.parametrize("text", ["", "   ", "\n"])
async def test_an_empty_question_has_no_hits(text: str) -> None:
    assert await (await Room(make_passage(1, "flood")).index()).ids(text) == []


async def test_no_more_than_k_hits_come_back_from_one_reading_of_the_database() -> None:
    room = await Room(*(make_passage(n, f"flood number {n}") for n in range(40))).index()

    assert len(await room.ids("flood", k=7)) == 7
    assert room.corpus.reads == 1


async def test_an_article_is_found_by_its_best_passage_unless_more_are_wanted() -> None:
    room = await Room(
        make_passage(1, "flood", article="a"),
        make_passage(2, "flood roads", article="a"),
        make_passage(3, "flood roads and the rest of the news", article="b"),
    ).index()

    assert await room.ids("flood roads") == [2, 3]
    assert sorted(await room.ids("flood roads", per_article=2)) == [1, 2, 3]


async def test_near_copies_count_as_one_article() -> None:
    room = await Room(
        make_passage(1, "flood roads", article="a", group="a"),
        make_passage(2, "flood roads", article="copy", group="a"),
        make_passage(3, "flood elsewhere entirely", article="b"),
    ).index()

    assert await room.ids("flood roads") == [1, 3]
    assert await room.ids("flood roads", per_article=3) == [1, 3]


async def test_what_the_database_no_longer_holds_is_no_hit() -> None:
    room = await Room(make_passage(1, "flood"), make_passage(2, "flood again")).index()
    room.corpus.remove(1)

    assert await room.ids("flood") == [2]


async def test_a_reader_sees_only_their_sources() -> None:
    room = await Room(make_passage(1, "flood", article="private"), make_passage(2, "flood again")).index()
    room.corpus.hidden.add(ArticleId("private"))

    assert await room.ids("flood", reader=ReaderId("eve")) == [2]
    assert sorted(await room.ids("flood")) == [1, 2]


@pytest.mark.parametrize("side", ["dense", "lexical", "lexical without an encoder"])
async def test_other_readers_sources_do_not_crowd_out_what_a_reader_may_see(side: str) -> None:
    others = [make_passage(n, "flood") for n in range(900)]
    seen = [make_passage(n, f"flood and more news of day {n}") for n in range(10_000, 10_003)]
    lexical = Silent() if side == "dense" else None
    room = await Room(*others, *seen, lexical=lexical).index()
    room.corpus.hidden.update(passage.headline.id for passage in others)
    if side == "lexical":
        room.searcher = Searcher(room.corpus, Space(encoder=room.encoder, dense=InMemoryDense()), room.lexical)
    if side == "lexical without an encoder":
        room.searcher = Searcher(room.corpus, Space(encoder=Unloadable(), dense=room.dense), room.lexical)

    found = await room.ids("flood", reader=ReaderId("eve"), k=3)

    assert sorted(found) == [10_000, 10_001, 10_002]


async def test_yesterday_is_the_day_before_in_the_zone_that_is_meant() -> None:
    # Half past seven in the morning of the 2nd in Beijing.
    now, beijing = datetime(2026, 5, 1, 23, 30, tzinfo=UTC), timezone(timedelta(hours=8))
    room = await Room(
        make_passage(1, "洪水", published=datetime(2026, 4, 30, 12, tzinfo=UTC)),
        make_passage(2, "洪水", published=datetime(2026, 5, 1, 12, tzinfo=UTC)),
    ).index()
    parts = (room.corpus, Space(encoder=room.encoder, dense=room.dense), room.lexical)

    room.searcher = Searcher(*parts, clock=lambda: now)
    assert await room.ids("昨天的洪水新闻") == [1]
    room.searcher = Searcher(*parts, clock=lambda: now, zoned=lambda moment: moment.astimezone(beijing))
    assert await room.ids("昨天的洪水新闻") == [2]


async def test_every_hit_meets_the_filters() -> None:
    room = await Room(
        make_passage(1, "flood", language="en", published=MAY, source="A"),
        make_passage(2, "flood", language="zh", published=MAY, source="A"),
        make_passage(3, "flood", language="en", source="A"),
        make_passage(4, "flood", language="en", published=MAY, source="B"),
    ).index()

    assert await room.ids("flood", filters=Filters(language="en", since=MAY, sources=("a",))) == [1]
    assert sorted(await room.ids("flood", filters=Filters(since=MAY, undated=True, language="en"))) == [1, 3, 4]


async def test_the_dense_side_is_asked_once_and_by_the_filters() -> None:
    dense = Counting()
    room = await Room(*(make_passage(n, f"flood {n}") for n in range(100)), dense=dense).index()

    await room.ids("flood", filters=Filters(language="en"))

    assert dense.asked == [(60, True)]


async def test_what_filters_leave_is_found_however_little_it_is() -> None:
    dense = Counting()
    many = [make_passage(n, f"flood {n}") for n in range(1500)]
    rare = [make_passage(n, f"something else entirely {n}", language="zh") for n in range(2000, 2003)]
    room = await Room(*many, *rare, dense=dense, lexical=Silent()).index()

    found = await room.ids("flood", filters=Filters(language="zh"), k=3)

    assert sorted(found) == [2000, 2001, 2002]
    assert dense.asked == [(60, True)]


@pytest.mark.parametrize("side", ["dense", "encoder"])
async def test_words_answer_alone_where_meaning_cannot(side: str, caplog: pytest.LogCaptureFixture) -> None:
    room = await Room(make_passage(1, "flood roads"), make_passage(2, "the flood of all floods")).index()
    if side == "dense":
        room.searcher = Searcher(room.corpus, Space(encoder=room.encoder, dense=Broken()), room.lexical)
    else:
        room.searcher = Searcher(room.corpus, Space(encoder=Unloadable(), dense=room.dense), room.lexical)

    with caplog.at_level(logging.WARNING):
        assert await room.ids("flood roads") == [1, 2]
        again = await room.searcher.search(SearchRequest(text="flood roads"))

    assert again.without == {Part.MEANING}
    assert [record.message for record in caplog.records] == ["search_degraded"]


async def test_what_words_found_is_ordered_by_meaning_where_only_the_dense_index_is_lost() -> None:
    room = await Room(make_passage(1, "flood " + "x " * 40), make_passage(2, "flood flood y")).index()
    room.searcher = Searcher(room.corpus, Space(encoder=room.encoder, dense=Broken()), room.lexical)

    result = await room.searcher.search(SearchRequest(text="flood"))

    assert [hit.passage.id for hit in result.hits] == [2, 1]
    assert all(hit.similarity is not None for hit in result.hits)


async def test_meaning_answers_alone_where_words_cannot() -> None:
    room = await Room(make_passage(1, "flood roads"), make_passage(2, "markets")).index()
    room.searcher = Searcher(room.corpus, Space(encoder=room.encoder, dense=room.dense), Broken())

    assert await room.ids("flood roads") == [1, 2]


async def test_nothing_can_be_found_where_both_are_lost() -> None:
    room = await Room(make_passage(1, "flood roads")).index()
    room.searcher = Searcher(room.corpus, Space(encoder=room.encoder, dense=Broken()), Broken())

    with pytest.raises(IndexUnavailable):
        await room.ids("flood roads")


class Unloadable(HashingEncoder):
    async def encode_query(self, text: str) -> NDArray[np.float32]:
        raise EncoderUnavailable(self.name, "is not there")


async def test_news_from_yesterday_are_from_yesterday() -> None:
    room = await Room(
        make_passage(1, "flood news", published=MAY),
        make_passage(2, "flood roads news", published=MAY - timedelta(days=1)),
        make_passage(3, "flood"),
    ).index()
    room.searcher = Searcher(
        room.corpus, Space(encoder=room.encoder, dense=room.dense), room.lexical, clock=lambda: MAY + timedelta(hours=9)
    )

    assert await room.ids("news from yesterday about the flood") == [2]
    assert await room.ids("昨天的新闻 flood") == [2]


async def test_days_are_counted_from_when_a_question_of_the_past_was_asked() -> None:
    room = await Room(
        make_passage(1, "flood news", published=MAY),
        make_passage(2, "flood roads news", published=MAY - timedelta(days=1)),
    ).index()

    assert await room.ids("flood news from yesterday", filters=Filters(until=MAY + timedelta(hours=1))) == [2]


async def test_a_day_that_ends_at_midnight_is_today() -> None:
    room = await Room(
        make_passage(1, "flood news", published=MAY + timedelta(hours=9)),
        make_passage(2, "flood roads news", published=MAY - timedelta(hours=9)),
    ).index()
    day = Filters(until=MAY + timedelta(days=1))

    assert await room.ids("flood news from today", filters=day) == [1]
    assert await room.ids("flood news from yesterday", filters=day) == [2]


@pytest.mark.parametrize("text", ["flood news from last week", "flood news in Chinese"])
async def test_bounds_that_only_the_question_names_give_way_where_nothing_meets_them(text: str) -> None:
    room = await Room(make_passage(1, "flood news", published=MAY, language="en")).index()
    room.searcher = Searcher(
        room.corpus, Space(encoder=room.encoder, dense=room.dense), room.lexical, clock=lambda: MAY
    )

    assert await room.ids(text) == [1]
    assert await room.ids(text, filters=Filters(language="zh", since=MAY)) == []


async def test_of_two_that_match_as_well_the_newer_comes_first() -> None:
    room = await Room(
        make_passage(1, "flood roads", published=MAY - timedelta(days=300)),
        make_passage(2, "flood roads", published=MAY),
    ).index()
    room.searcher = Searcher(
        room.corpus, Space(encoder=room.encoder, dense=room.dense), room.lexical, clock=lambda: MAY
    )

    assert await room.ids("flood roads") == [2, 1]


async def test_at_no_weight_meaning_is_not_asked() -> None:
    dense = Counting()
    room = await Room(make_passage(1, "flood roads"), dense=dense).index()
    room.searcher = Searcher(room.corpus, Space(encoder=Unloadable(), dense=dense), room.lexical, Ranking(meaning=0))

    assert await room.ids("flood") == [1]
    assert dense.asked == []


class Lengths:
    """Prefers long passages, and can be made to fail."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, int]] = []
        self.failing = False

    async def scores(self, question: str, candidates: Sequence[Candidate]) -> Sequence[float]:
        if self.failing:
            raise EncoderUnavailable("some/cross-encoder", "is no model")
        self.asked.append((question, len(candidates)))
        return [float(len(candidate.passage.text)) for candidate in candidates]


def reranked(room: Room, reranker: Reranker) -> Searcher:
    return Searcher(room.corpus, Space(encoder=room.encoder, dense=room.dense), room.lexical, reranker=reranker)


async def test_a_reranker_has_the_last_word_on_the_order() -> None:
    room = await Room(make_passage(1, "flood"), make_passage(2, "flood and a lot more besides")).index()
    room.searcher = reranked(room, Lengths())

    assert await room.ids("flood") == [2, 1]


async def test_of_years_old_passages_that_fit_equally_the_newer_comes_first_unless_the_older_time_is_meant() -> None:
    years = [MAY - timedelta(days=365 * ago) for ago in (9, 4)]
    room = await Room(*(make_passage(n, "flood roads", published=each) for n, each in enumerate(years, 1))).index()
    room.searcher = reranked(room, Lengths())

    assert await room.ids("flood roads") == [2, 1]
    assert (await room.ids(f"flood roads in {years[0].year}"))[0] == 1


async def test_a_reranker_that_cannot_be_loaded_leaves_the_search_as_it_was(caplog: pytest.LogCaptureFixture) -> None:
    room = await Room(make_passage(1, "flood"), make_passage(2, "flood and a lot more besides")).index()
    lengths = Lengths()
    room.searcher = reranked(room, lengths)
    lengths.failing = True

    with caplog.at_level(logging.WARNING):
        assert [await room.ids("flood") for _ in range(2)] == [[1, 2], [1, 2]]

    assert (await room.searcher.search(SearchRequest(text="flood"))).without == {Part.RERANKER}
    lengths.failing = False
    assert not (await room.searcher.search(SearchRequest(text="flood"))).without
    assert [record.message for record in caplog.records] == ["search_degraded"]


async def test_only_the_best_are_looked_at_again_and_the_others_stay_below_them() -> None:
    room = await Room(*(make_passage(n, f"flood {'x ' * n}") for n in range(1, RERANKED + 21))).index()
    lengths = Lengths()
    room.searcher = reranked(room, lengths)

    result = await room.searcher.search(SearchRequest(text="flood", k=RERANKED + 20))

    assert lengths.asked == [("flood", RERANKED)]
    scores = [hit.score for hit in result.hits]
    assert len(scores) == RERANKED + 20
    assert scores == sorted(scores, reverse=True)
    assert min(scores[:RERANKED]) > max(scores[RERANKED:])


async def test_breadth_leaves_out_what_says_the_same_where_there_is_something_else() -> None:
    same = "flood water closed the northern roads yesterday evening"
    room = await Room(
        make_passage(1, same), make_passage(2, f"{same} again"), make_passage(3, "flood insurance shares collapse")
    ).index()

    assert set(await room.ids("flood water closed roads", k=2)) == {1, 2}
    assert set(await room.ids("flood water closed roads", k=2, breadth=0.7)) == {1, 3}

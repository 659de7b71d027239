from __future__ import annotations

from datetime import UTC, datetime

import pytest

from retrieval.ports import LexicalIndex
from storage.domain.news import Changes, Filters, Passage, PassageId
from tests.fakes import make_passage

NONE = Filters()
MAY = datetime(2026, 5, 1, tzinfo=UTC)
JUNE = datetime(2026, 6, 1, tzinfo=UTC)


def changes(revision: int, *added: Passage, removed: tuple[int, ...] = ()) -> Changes:
    return Changes(revision=revision, added=added, removed=tuple(PassageId(id_) for id_ in removed))


async def fill(index: LexicalIndex) -> None:
    await index.apply(
        changes(
            4,
            make_passage(
                1, "The river flood closed roads", published=MAY, source="The Daily", url="https://daily.example/1"
            ),
            make_passage(2, "洪水淹没了道路", language="zh", published=JUNE, url="https://www.news.example/2"),
            make_passage(3, "Markets rose on hopes of a rate cut", title="Flood of money"),
            make_passage(4, "The parliament voted on the budget", published=JUNE),
        )
    )


async def found(index: LexicalIndex, text: str, filters: Filters = NONE, k: int = 10) -> list[int]:
    return [match.id for match in await index.search(text, k, filters)]


async def test_an_empty_index_stands_at_nought_and_finds_nothing(lexical: LexicalIndex) -> None:
    assert await lexical.revision() == 0
    assert await lexical.count() == 0
    assert await found(lexical, "flood") == []


async def test_passages_are_found_by_their_words_and_their_titles(lexical: LexicalIndex) -> None:
    await fill(lexical)

    assert await found(lexical, "river roads") == [1]
    assert set(await found(lexical, "flood")) == {1, 3}
    assert await found(lexical, "parliament?") == [4]


async def test_chinese_is_found_by_chinese(lexical: LexicalIndex) -> None:
    await fill(lexical)

    assert await found(lexical, "哪里的道路被洪水淹没") == [2]


async def test_scores_fall_and_are_positive(lexical: LexicalIndex) -> None:
    await fill(lexical)

    scores = [match.score for match in await lexical.search("flood river the", 10, NONE)]

    assert scores == sorted(scores, reverse=True)
    assert all(score > 0 for score in scores)


async def test_no_more_than_k_are_found(lexical: LexicalIndex) -> None:
    await fill(lexical)

    assert len(await found(lexical, "flood the", k=1)) == 1


async def test_applying_moves_the_revision_and_applying_twice_changes_nothing(lexical: LexicalIndex) -> None:
    await fill(lexical)
    await fill(lexical)

    assert await lexical.revision() == 4
    assert await lexical.count() == 4
    assert await found(lexical, "river") == [1]


async def test_removed_and_replaced_passages_are_found_no_more(lexical: LexicalIndex) -> None:
    await fill(lexical)

    await lexical.apply(changes(6, make_passage(4, "The senate slept"), removed=(1, 99)))

    assert await found(lexical, "river parliament") == []
    assert await found(lexical, "senate") == [4]
    assert (await lexical.count(), await lexical.revision()) == (3, 6)


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        (Filters(language="en"), {1, 3, 4}),
        (Filters(language="fr"), set()),
        (Filters(since=MAY), {1, 2, 4}),
        (Filters(since=JUNE), {2, 4}),
        (Filters(until=JUNE), {1}),
        (Filters(until=JUNE, undated=True), {1, 3}),
        (Filters(since=JUNE, until=JUNE), set()),
        (Filters(sources=("the daily",)), {1}),
        (Filters(sources=("DAILY.example",)), {1}),
        (Filters(sources=("news.example",)), {2}),
        (Filters(sources=("nobody",)), set()),
        (Filters(sources=("nobody", "DAILY.example", "news.example")), {1, 2}),
    ],
)
async def test_every_match_meets_the_filters(lexical: LexicalIndex, filters: Filters, expected: set[int]) -> None:
    await fill(lexical)

    assert set(await found(lexical, "flood 洪水 budget", filters)) == expected


async def test_filters_do_not_change_the_scores(lexical: LexicalIndex) -> None:
    await fill(lexical)

    (bounded,) = await lexical.search("river", 5, Filters(language="en", since=MAY))
    (free,) = await lexical.search("river", 5, NONE)

    assert bounded.score == pytest.approx(free.score)


@pytest.mark.parametrize("text", ["", " ", "🙂🙂", '"', "+-&&||!(){}[]^~*?:\\/", "body:", "\x00\x07", "，。"])
async def test_a_question_without_words_finds_nothing(lexical: LexicalIndex, text: str) -> None:
    await fill(lexical)

    assert await found(lexical, text) == []


async def test_query_syntax_is_only_text(lexical: LexicalIndex) -> None:
    await fill(lexical)

    assert await found(lexical, 'NOT river AND "', NONE) == [1]


async def test_a_question_of_stop_words_still_finds(lexical: LexicalIndex) -> None:
    await fill(lexical)

    assert set(await found(lexical, "the on of")) == {1, 3, 4}


async def test_scripts_mix_and_emoji_do_no_harm(lexical: LexicalIndex) -> None:
    await fill(lexical)

    assert set(await found(lexical, "🙂river洪水🙂")) == {1, 2}


async def test_a_very_long_question_is_answered(lexical: LexicalIndex) -> None:
    await fill(lexical)

    assert (await found(lexical, "river " + "nothing else worth it 没有别的 " * 5000))[0] == 1


async def test_a_cleared_index_is_as_new(lexical: LexicalIndex) -> None:
    await fill(lexical)

    await lexical.clear()

    assert (await lexical.revision(), await lexical.count(), await found(lexical, "river")) == (0, 0, [])
    await lexical.apply(changes(1, make_passage(9, "river")))
    assert await found(lexical, "river") == [9]


@pytest.mark.parametrize(
    ("word", "faults", "ids"),
    [
        ("parlament", 1, [4]),
        ("Markests", 1, [3]),
        ("bugdet", 1, [4]),
        ("parlamend", 1, []),
        ("parlamend", 2, [4]),
        ("river", 0, [1]),
        ("river", 1, [1]),
        ("rover", 0, []),
        ("of money", 1, []),
    ],
)
async def test_a_word_finds_those_nearly_like_it(word: str, faults: int, ids: list[int], lexical: LexicalIndex) -> None:
    await fill(lexical)

    assert await lexical.like(word, faults, 5) == ids


async def test_an_empty_index_holds_no_word_nearly_like_another(lexical: LexicalIndex) -> None:
    assert await lexical.like("parlament", 1, 5) == []

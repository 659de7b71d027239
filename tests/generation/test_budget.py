from __future__ import annotations

from collections.abc import Callable

import pytest

from generation.budget import FEWEST_CHARACTERS, fitted
from storage.domain.news import Hit

SENTENCE = "The harbour bridge of Halverton opened to all traffic on Monday morning. "


def words(text: str) -> int:
    return len(text.split())


@pytest.fixture
def hits(hit: Callable[..., Hit]) -> list[Hit]:
    return [hit((SENTENCE * 5).strip(), article=str(i), title="Bridge", rank=i) for i in range(4)]


def test_all_is_shown_where_there_is_room(hits: list[Hit]) -> None:
    assert [each.text for each in fitted(hits, 10_000, words)] == [hit.passage.text for hit in hits]


def test_the_last_one_is_cut_at_the_end_of_a_sentence(hits: list[Hit]) -> None:
    shown = fitted(hits, 225, words)

    assert [each.hit for each in shown] == hits[: len(shown)]
    assert all(each.text == hits[0].passage.text for each in shown[:-1])
    assert len(shown[-1].text) < len(hits[0].passage.text)
    assert hits[0].passage.text.startswith(shown[-1].text)
    assert shown[-1].text.endswith("morning.")


@pytest.mark.parametrize("room", range(0, 400, 7))
def test_it_never_takes_more_than_there_is(hits: list[Hit], room: int) -> None:
    shown = fitted(hits, room, words)

    assert sum(words(each.text) for each in shown) <= room
    assert all(len(each.text) >= FEWEST_CHARACTERS for each in shown)


def test_one_endless_sentence_is_left_out(hit: Callable[..., Hit]) -> None:
    assert fitted([hit("word " * 9_000)], 500, words) == []

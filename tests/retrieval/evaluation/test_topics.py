from __future__ import annotations

import json
from pathlib import Path

import pytest

from retrieval.evaluation.topics import ORDERS, agreement, evaluate_topics, read_grouped
from retrieval.index.words import WordCutter
from storage.errors import InputError
from tests.fakes import HashingEncoder

ROWS = [
    {"id": "a", "text": "The Kestrel dam in Norvale burst on Monday.", "cluster": 1, "split": "x"},
    {"id": "b", "text": "In Norvale the Kestrel dam burst on Monday, officials said.", "cluster": 1, "split": "x"},
    {
        "id": "c",
        "text": "Ferries on Lake Oster stop for a week.",
        "cluster": 2,
        "split": "y",
        "published": "2026-03-01",
    },
]


def unwatched(_what: str, _done: int, _of: int | None) -> None:
    """Progress nobody watches."""


def folder(path: Path, rows: list[dict[str, object]]) -> Path:
    (path / "anything").write_text("\n".join(map(json.dumps, rows)))
    return path


async def test_stories_are_compared_with_those_that_people_see(tmp_path: Path) -> None:
    articles = read_grouped(folder(tmp_path, ROWS))

    report = await evaluate_topics(HashingEncoder(), WordCutter(tmp_path / "words"), articles, unwatched)

    assert (report.n, report.stories, len(report.orders)) == (3, 2, ORDERS)
    assert set(report.parts) == {"x", "y"}
    assert report.f1.low <= report.f1.value <= report.f1.high
    assert report.agreement.f1 == report.f1.value


def test_the_same_grouping_agrees_wholly_and_none_with_one_by_chance() -> None:
    same = agreement(["x", "x", "y"], ["1", "1", "2"])
    apart = agreement(["x", "y", "z", "w"], ["1", "1", "2", "2"])
    together = agreement(["x"] * 4, ["1", "1", "2", "2"])

    assert (same.precision, same.recall, same.f1, same.ari) == (1, 1, 1, 1)
    assert (apart.precision, apart.recall, apart.ari) == (1, 0.5, 0)
    assert (together.precision, together.recall, together.ari) == (0.5, 1, 0)
    assert together.f1 == pytest.approx(2 / 3)


def test_the_adjusted_rand_index_is_the_published_one() -> None:
    # Hubert and Arabie: sums of pairs 2 of 7 and 6 over 15.
    found = agreement(["a", "a", "a", "b", "b", "b"], ["1", "1", "2", "2", "3", "3"])

    assert found.ari == pytest.approx((2 - 6 * 3 / 15) / (4.5 - 6 * 3 / 15))


def test_one_article_agrees_with_itself() -> None:
    assert agreement(["x"], ["1"]).ari == 1


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([{"text": "no cluster"}], "no grouped articles"),
        ([ROWS[0], {"text": "no cluster"}], "needs a text and a cluster"),
        ([ROWS[0], ROWS[0]], "several articles of one id"),
    ],
)
def test_a_folder_without_grouped_articles_is_named(tmp_path: Path, rows: list[dict[str, object]], said: str) -> None:
    with pytest.raises(InputError, match=said):
        read_grouped(folder(tmp_path, rows))

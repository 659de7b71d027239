from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from retrieval.annotation.prototypes import EncodedPrototypes
from retrieval.evaluation.impressions import read_lists, read_stream
from retrieval.evaluation.orderings import METRICS
from retrieval.evaluation.ranking import CLICKS, encoded, evaluate_lists, plain, replayed, subject_shares, tapping
from retrieval.evaluation.stream import evaluate_stream, witnessed
from retrieval.evaluation.variety import evaluate_variety
from retrieval.interests.features import NAMES
from tests.fakes import HashingEncoder
from tests.retrieval.evaluation.mind import CHIPS, CUP, NEW_READER, stream, table


def unwatched(_what: str, _done: int, _of: int | None) -> None:
    """Progress nobody watches."""


async def test_what_is_like_the_clicks_before_is_ranked_first(tmp_path: Path) -> None:
    table(tmp_path / "a.csv.gz", CHIPS, CUP)
    impressions = read_lists(tmp_path)
    encoder = HashingEncoder()

    vectors = await encoded(encoder, impressions, unwatched)
    report = evaluate_lists(impressions, vectors, encoder.name)

    assert report.n == 2
    assert report.ours["auc"].value == report.plain["auc"].value == 1.0
    assert report.gains["auc"].value == 0.0
    assert report.curve.keys() == set(CLICKS)
    assert report.curve[0]["auc"].value == 0.5
    assert report.tapped["auc"].value == 1.0
    assert set(report.listed) == set(METRICS)


async def test_a_new_reader_is_ranked_for_by_chance(tmp_path: Path) -> None:
    table(tmp_path / "a.csv.gz", NEW_READER)
    (impression,) = read_lists(tmp_path)
    encoder = HashingEncoder()

    vectors = await encoded(encoder, [impression], unwatched)

    assert plain(impression, vectors) == [0.0, 0.0]
    assert evaluate_lists([impression], vectors, encoder.name).ours["auc"].value == 0.5


async def test_a_profile_knows_no_more_than_the_clicks_so_far(tmp_path: Path) -> None:
    table(tmp_path / "a.csv.gz", CHIPS)
    (impression,) = read_lists(tmp_path)
    vectors = await encoded(HashingEncoder(), [impression], unwatched)

    profiles = replayed(impression, vectors, "any")

    assert [round(each.subjects["technology"].liked) if each.subjects else 0 for each in profiles] == [0, 1, 2]
    assert tapping(impression, "any").subjects.keys() == {"technology"}


def test_shares_are_of_what_was_clicked_before(tmp_path: Path) -> None:
    table(tmp_path / "a.csv.gz", CHIPS, CUP)

    assert subject_shares(read_lists(tmp_path)) == pytest.approx(
        {"culture": 1 / 6, "sport": 2 / 6, "technology": 3 / 6}
    )


async def test_digests_are_more_varied_than_the_best_alone(tmp_path: Path) -> None:
    table(tmp_path / "a.csv.gz", CHIPS, CUP)
    impressions = read_lists(tmp_path)
    encoder = HashingEncoder()

    report = evaluate_variety(impressions, await encoded(encoder, impressions, unwatched), encoder.name)

    assert report.distance["ours"].value >= report.distance["plain"].value
    assert 0 < report.coverage["ours"] <= 1
    assert report.divergence["ours"].value >= 0
    assert report.kept["ours"]["auc"].value == 1.0


async def test_later_impressions_are_ranked_by_what_earlier_ones_taught(tmp_path: Path) -> None:
    stream(tmp_path)
    impressions = read_stream(tmp_path)
    encoder = HashingEncoder()
    vectors = await encoded(encoder, impressions, unwatched)
    prototypes = await EncodedPrototypes().of(encoder)

    report = evaluate_stream(impressions, vectors, prototypes, unwatched)

    assert (report.n, report.learned_from) == (12, 18)
    assert report.rankings["ours"]["auc"].value == 1.0
    assert report.rankings["ctr"]["auc"].value < 0.8
    assert report.rankings["titled"]["auc"].value == 1.0
    assert report.gains["ours over ctr"]["auc"].value > 0
    assert not report.learned.better


async def test_no_impression_is_seen_with_what_it_teaches_itself(tmp_path: Path) -> None:
    stream(tmp_path)
    impressions = read_stream(tmp_path)
    encoder = HashingEncoder()
    vectors = await encoded(encoder, impressions, unwatched)
    prototypes = await EncodedPrototypes().of(encoder)

    short, whole = (witnessed(each, vectors, prototypes, unwatched) for each in (impressions[:5], impressions))

    assert not short[0].rows[:, NAMES.index("popularity")].any()
    assert not short[0].rows[:, NAMES.index("audience")].any()
    for before, after in zip(short, whole, strict=False):
        np.testing.assert_array_equal(before.rows, after.rows)
        assert before.ctr == after.ctr

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from retrieval.evaluation.extraction import PageScore, combine, evaluate_extraction, score_page
from retrieval.ingest.reading import Reading
from retrieval.ingest.sandbox import Sandbox
from storage.errors import InputError


def test_equal_texts_are_all_right() -> None:
    assert score_page("a b c d e", ["A-free? no", "a b c d e"][1]) == PageScore(right=1, wrong=0, missed=0)


def test_shingles_of_four_tokens_are_counted_with_their_repetitions() -> None:
    score = score_page("a b c d a b c d", "a b c d e")

    # wanted: abcd bcda cdab dabc abcd; found: abcd bcde
    assert score == PageScore(right=1 / 6, wrong=1 / 6, missed=4 / 6)


def test_a_text_shorter_than_a_shingle_is_one_shingle() -> None:
    assert score_page("one two", "one two") == PageScore(right=1, wrong=0, missed=0)


def test_precision_and_recall_are_averaged_over_pages_where_they_are_defined() -> None:
    f1, precision, recall = combine([score_page("a b c d", "a b c d"), score_page("a b c d", "")])

    assert (precision, recall) == (1.0, 0.5)
    assert f1 == pytest.approx(2 / 3)


async def test_a_folder_of_pages_is_evaluated(tmp_path: Path) -> None:
    text = "The bridge was opened on Sunday by the mayor, two years later than had been planned by the council. " * 4
    (tmp_path / "html").mkdir()
    page = f"<html><body><nav>Home</nav><article><p>{text}</p></article></body></html>".encode()
    (tmp_path / "html" / "one.html.gz").write_bytes(gzip.compress(page))
    (tmp_path / "html" / "two.html").write_bytes(b"\x00")
    truth = {"one": {"articleBody": text, "url": "https://example.org/1"}, "two": {"articleBody": text}}
    (tmp_path / "ground-truth.json").write_text(json.dumps(truth))
    steps: list[tuple[str, int, int | None]] = []

    async with Sandbox() as sandbox:
        report = await evaluate_extraction(tmp_path, Reading(sandbox), lambda *step: steps.append(step))

    assert (report.n, report.unreadable) == (2, 1)
    assert (report.precision.value, report.recall.value) == (1.0, 0.5)
    assert report.f1.low <= report.f1.value <= report.f1.high
    assert steps[-1] == ("extraction", 2, 2)


async def test_a_folder_without_the_data_is_refused_by_name(tmp_path: Path) -> None:
    async with Sandbox() as sandbox:
        with pytest.raises(InputError, match="ground-truth"):
            await evaluate_extraction(tmp_path, Reading(sandbox), lambda *_: None)


async def test_extraction_meets_its_target_on_real_pages(shared: Path) -> None:
    async with Sandbox() as sandbox:
        report = await evaluate_extraction(shared / "extraction", Reading(sandbox), lambda *_: None)

    assert report.n >= 90
    assert report.unreadable == 0
    assert report.f1.value >= 0.95

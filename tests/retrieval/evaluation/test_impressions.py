from __future__ import annotations

import json
from pathlib import Path

import pytest

from retrieval.evaluation.impressions import read_lists, read_stream
from storage.errors import InputError
from tests.retrieval.evaluation.mind import CHIPS, CUP, NEW_READER, NOTHING_CLICKED, stream, table


def test_tables_are_read_whatever_they_are_called(tmp_path: Path) -> None:
    table(tmp_path / "anything.csv.gz", CHIPS, NOTHING_CLICKED)
    table(tmp_path / "more.csv.gz", CUP, NEW_READER)
    (tmp_path / "other.csv").write_text("a,b\n1,2\n")
    (tmp_path / "notes.txt").write_text("nothing")

    found = read_lists(tmp_path)

    assert [(each.id, each.clicked) for each in found] == [
        ("1", (False, True, False)),
        ("2", (True, False, True)),
        ("4", (True, False)),
    ]
    assert [(item.title, item.subject) for item in found[0].history] == [
        ("New chips from Norvale", "technology"),
        ("Chips are scarce", "technology"),
    ]
    assert found[2].history == ()


@pytest.mark.parametrize("label", ["C9", "C0"])
def test_a_label_that_names_no_candidate_is_refused(tmp_path: Path, label: str) -> None:
    table(tmp_path / "a.csv.gz", (CHIPS[0], label, *CHIPS[2:]))

    with pytest.raises(InputError, match="a label that is none of them"):
        read_lists(tmp_path)


def test_categories_that_cannot_be_told_apart_are_left_out(tmp_path: Path) -> None:
    table(tmp_path / "a.csv.gz", (*CHIPS[:3], "technology", *CHIPS[4:]))

    (found,) = read_lists(tmp_path)

    assert [item.subject for item in found.history] == [None, None]
    assert found.candidates[0].subject == "culture"


def test_a_table_that_breaks_off_is_named(tmp_path: Path) -> None:
    path = table(tmp_path / "a.csv.gz", *[CHIPS] * 50)
    path.write_bytes(path.read_bytes()[:-20])

    with pytest.raises(InputError, match=r"a\.csv\.gz"):
        read_lists(tmp_path)


def test_impressions_with_times_come_in_their_order(tmp_path: Path) -> None:
    stream(tmp_path, n=12)

    found = read_stream(tmp_path)

    assert [each.id for each in found] == [str(at) for at in range(12)]
    assert found[0].candidates[0].title == "芯片提速"
    assert found[0].candidates[2].title is None
    assert found[0].at is not None
    assert found[0].at.tzinfo is not None
    assert read_lists(tmp_path) == []


@pytest.mark.parametrize("broken", [{"time": "yesterday"}, {"candidates": [{"id": "c0"}]}, {"history": None}])
def test_a_line_that_is_no_impression_is_named(tmp_path: Path, broken: dict[str, object]) -> None:
    good = {"id": "1", "time": "2019-11-09T10:00:00", "history": [], "candidates": [{"id": "c0", "clicked": True}]}
    (tmp_path / "a.jsonl").write_text("\n".join(map(json.dumps, [good, {**good, **broken}])))

    with pytest.raises(InputError, match=r"a\.jsonl:2.*no impression"):
        read_stream(tmp_path)

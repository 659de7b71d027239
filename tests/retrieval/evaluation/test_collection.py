from __future__ import annotations

import gzip
import json
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from retrieval.evaluation.collection import read_collection
from storage.errors import InputError


def write(path: Path, *rows: object) -> None:
    text = "\n".join(row if isinstance(row, str) else json.dumps(row) for row in rows) + "\n"
    path.write_bytes(gzip.compress(text.encode()) if path.suffix == ".gz" else text.encode())


def test_files_are_told_by_their_lines_whatever_they_are_called(tmp_path: Path) -> None:
    write(tmp_path / "held-out-b.jsonl.gz", {"id": "1", "question": "Who?", "relevant": ["x", "x", "y"]})
    write(tmp_path / "held-out-a.txt", {"id": "2", "question": "What?", "answers": ["that"]})
    write(tmp_path / "corpus-7.gz", {"id": "x", "text": "News."})
    write(tmp_path / "more", {"text": "More news."})
    write(tmp_path / "some.jsonl", {"id": "2019-1", "a": "One", "b": "Two", "score": 2.5})

    collection = read_collection(tmp_path)

    assert [path.name for path in collection.articles] == ["corpus-7.gz", "more"]
    assert [(question.id, question.relevant) for question in collection.questions] == [("2", ()), ("1", ("x", "y"))]
    assert [(pair.group, pair.score) for pair in collection.pairs] == [("2019", 2.5)]


def test_what_is_no_data_is_passed_over(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text("# Notes\n")
    (tmp_path / "picture.gz").write_bytes(b"\x1f\x8bnot really")
    (tmp_path / "list.json").write_text("[1, 2]")
    (tmp_path / "empty").write_text("")
    (tmp_path / "folder").mkdir()

    collection = read_collection(tmp_path)

    assert (collection.articles, collection.questions, collection.pairs) == ((), (), ())


def test_a_question_asked_on_a_day_sees_that_whole_day(tmp_path: Path) -> None:
    write(
        tmp_path / "q",
        {"question": "One?", "asked_at": "2026-03-01"},
        "",
        {"question": "Two?", "asked_at": "2026-03-01T09:30:00Z"},
        {"question": "Three?"},
    )

    asked = [question.asked_until for question in read_collection(tmp_path).questions]

    assert asked == [datetime(2026, 3, 2, tzinfo=UTC), datetime(2026, 3, 1, 9, 30, tzinfo=UTC), None]


def test_an_unanswerable_question_has_no_answers(tmp_path: Path) -> None:
    write(tmp_path / "q", {"question": "One?", "answers": ["Insufficient information."], "unanswerable": True})

    (question,) = read_collection(tmp_path).questions

    assert question.answers == ()


def test_a_course_and_sides_are_read(tmp_path: Path) -> None:
    moment = {"day": "2026-03-01", "holds": ["began", "begun"]}
    write(
        tmp_path / "q", {"question": "How did it go?", "course": [moment]}, {"question": "?", "sides": [["a"], ["b"]]}
    )

    course, compared = read_collection(tmp_path).questions

    assert [(each.day, each.holds) for each in course.course] == [(date(2026, 3, 1), ("began", "begun"))]
    assert compared.sides == (("a",), ("b",))


def test_pairs_nobody_scored_are_left_out(tmp_path: Path) -> None:
    write(
        tmp_path / "p",
        {"a": "x", "b": "y", "score": ""},
        {"a": "x", "b": "y", "score": None},
        {"a": "x", "b": "y", "score": "3"},
    )

    (pair,) = read_collection(tmp_path).pairs

    assert (pair.score, pair.group) == (3.0, "")


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("not JSON", "cannot be read"),
        ("[]", "not a JSON object"),
        ('{"question": "  "}', "has no question"),
        ('{"question": "x", "asked_at": "soon"}', "asked_at"),
        ('{"question": "x", "relevant": "x"}', "relevant is not a list"),
        ('{"question": "x", "course": [{"day": "soon"}]}', "course has a moment"),
        ('{"question": "x", "sides": ["a", "b"]}', "sides is not a list"),
    ],
)
def test_a_bad_line_is_named(tmp_path: Path, line: str, reason: str) -> None:
    write(tmp_path / "q.jsonl", {"question": "Who?"}, line)

    with pytest.raises(InputError, match=rf"q\.jsonl:2.*{reason}"):
        read_collection(tmp_path)

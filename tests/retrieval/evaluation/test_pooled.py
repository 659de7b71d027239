from __future__ import annotations

import json
from pathlib import Path

import pytest

from retrieval.evaluation.collection import read_collection
from retrieval.evaluation.pooled import read_pool, write_articles
from storage.errors import InputError


def folder(tmp_path: Path, *rows: object) -> Path:
    (tmp_path / "noise").write_text("\n".join(json.dumps(row) for row in rows))
    return tmp_path


def test_the_passages_of_all_questions_are_pooled_each_once(tmp_path: Path) -> None:
    pool = read_pool(
        folder(
            tmp_path,
            {"query": "Where?", "positive": ["Davos."], "negative": ["Bern.", "Basel."]},
            {"query": "Where else?", "positive": [["Bern."], ["Chur."]], "negative": []},
        )
    )

    assert sorted(pool.passages.values()) == ["Basel.", "Bern.", "Chur.", "Davos."]
    assert [[pool.passages[id_] for id_ in each.relevant] for each in pool.questions] == [
        ["Davos."],
        ["Bern.", "Chur."],
    ]


def test_a_pool_is_written_as_articles_that_are_read_again(tmp_path: Path) -> None:
    pool = read_pool(folder(tmp_path, {"query": "谁？", "positive": ["他。"], "negative": ["她。"]}))
    kept = tmp_path / "kept"
    kept.mkdir()

    write_articles(pool, kept / "articles.jsonl")

    assert read_collection(kept).articles == (kept / "articles.jsonl",)


def test_other_data_holds_no_pool(tmp_path: Path) -> None:
    assert read_pool(folder(tmp_path, {"question": "Where?"})).questions == ()


@pytest.mark.parametrize("broken", [{"query": 3, "positive": ["x"], "negative": []}, {"query": "Where?"}])
def test_a_line_unlike_the_first_is_named(tmp_path: Path, broken: object) -> None:
    data = folder(tmp_path, {"query": "Where?", "positive": ["Davos."], "negative": []}, broken)

    with pytest.raises(InputError, match="noise:2"):
        read_pool(data)

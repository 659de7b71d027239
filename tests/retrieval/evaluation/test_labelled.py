from __future__ import annotations

import csv
import gzip
import io
import json
from pathlib import Path

import pytest

from retrieval.evaluation.labelled import mind_subjects, read_labelled
from storage.domain.annotations import Category
from storage.errors import InputError


def lines(path: Path, *rows: object) -> None:
    path.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")


def test_each_kind_of_line_is_read_whatever_its_file_is_called(tmp_path: Path) -> None:
    lines(
        tmp_path / "a",
        {"title": "Late goal", "category": "sport"},
        {"title": "Vote", "category": ["politics", "world"]},
    )
    lines(tmp_path / "b", {"text": "Awful.", "sentiment": "negative"}, {"text": "Fine.", "sentiment": 0.25})
    lines(tmp_path / "c", {"title": "Ferries stop", "text": "No ferries."}, {"reference": "摘要", "text": "正文"})
    (tmp_path / "LICENCE").write_text("not data")

    found = read_labelled(tmp_path)

    assert [article.accepted for article in found.articles] == [
        (Category.SPORT,),
        (Category.POLITICS, Category.WORLD),
    ]
    assert [text.rating for text in found.rated] == [-0.5, 0.25]
    assert [text.title for text in found.titled] == ["Ferries stop", "摘要"]


def test_tables_of_mind_give_each_article_once_with_our_subjects(tmp_path: Path) -> None:
    columns = ["title", "category", "subvert", "abstract"]
    cells = {
        "title": "Rovers win the cup\nMayor wins a vote\nFive odd things seen",
        "category": "sports\nnews\nnews",
        "subvert": "soccer\nnewspolitics\nnewsus",
        "abstract": "They won.\nHe won.\nOdd.",
    }
    row = {f"{side}_{name}": cells[name] for side in ("history", "candidate") for name in columns}
    table = io.StringIO()
    writer = csv.DictWriter(table, row)
    writer.writeheader()
    writer.writerows([row, row])
    (tmp_path / "unseen.csv.gz").write_bytes(gzip.compress(table.getvalue().encode()))

    found = read_labelled(tmp_path)

    assert [(article.title, article.accepted) for article in found.articles] == [
        ("Rovers win the cup", (Category.SPORT,)),
        ("Mayor wins a vote", (Category.POLITICS,)),
    ]
    assert found.articles[0].text == "They won."


def test_what_names_no_subject_is_left_out() -> None:
    assert mind_subjects("news", "newsus") == ()
    assert mind_subjects("lifestyle", "lifestylebuzz") == ()
    assert mind_subjects("news", "newscrime") == (Category.CRIME,)
    assert mind_subjects("sports", "never-seen") == (Category.SPORT,)


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({"title": "a", "category": "gossip"}, "category that there is not"),
        ({"title": "a", "category": []}, "no category"),
        ({"title": " ", "category": "sport"}, "no title"),
        ({"text": "a", "sentiment": "furious"}, "sentiment"),
        ({"text": "a", "sentiment": 3}, "sentiment"),
    ],
)
def test_a_line_that_cannot_be_used_is_named(row: object, said: str, tmp_path: Path) -> None:
    lines(tmp_path / "data", row)

    with pytest.raises(InputError, match=said):
        read_labelled(tmp_path)


def test_a_broken_table_is_named(tmp_path: Path) -> None:
    (tmp_path / "mind.csv.gz").write_bytes(gzip.compress(b"candidate_category\nsports")[:-9])

    with pytest.raises(InputError, match="cannot be read as a table"):
        read_labelled(tmp_path)

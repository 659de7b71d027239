"""Questions that carry their own passages, as the RGB benchmark gives them, as a collection to search in.

All passages of all questions are pooled: those of the others are what each has to be found among.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from retrieval.evaluation.collection import JudgedQuestion, rows
from storage.domain.news import ArticleId
from storage.errors import InputError

_NAME_LENGTH = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Pool:
    """Passages by the id they get as articles, and the questions that some of them answer."""

    passages: Mapping[ArticleId, str]
    questions: tuple[JudgedQuestion, ...]


def read_pool(folder: Path) -> Pool:
    """Every question in `folder` whose line holds passages that answer and passages that do not.

    Raises:
        InputError: A line of such a file is not built as its first.
    """
    passages: dict[ArticleId, str] = {}
    questions: list[JudgedQuestion] = []
    for path in sorted(path for path in folder.iterdir() if path.is_file()):
        for at, row in rows(path, _has_passages):
            text, right = row.get("query"), tuple(_texts(row.get("positive")))
            if not isinstance(text, str) or not right:
                raise InputError(at, "is no question with passages that answer it")
            named = {_name(each): each for each in (*right, *_texts(row.get("negative")))}
            passages |= named
            questions.append(JudgedQuestion(id=at, text=text, relevant=tuple(dict.fromkeys(map(_name, right)))))
    return Pool(passages=passages, questions=tuple(questions))


def write_articles(pool: Pool, path: Path) -> None:
    """The passages of a pool as a file to ingest, an article each."""
    with path.open("w", encoding="utf-8") as file:
        for id_, text in pool.passages.items():
            file.write(json.dumps({"id": id_, "text": text}, ensure_ascii=False) + "\n")


def _has_passages(row: Mapping[str, Any]) -> bool:
    return {"query", "positive", "negative"} <= row.keys()


def _texts(value: object) -> Iterator[str]:
    """The texts in a list, or in lists of it where an answer has several parts."""
    for item in value if isinstance(value, list) else []:
        if isinstance(item, str):
            yield item
        else:
            yield from _texts(item)


def _name(text: str) -> ArticleId:
    return ArticleId(hashlib.sha256(text.encode()).hexdigest()[:_NAME_LENGTH])

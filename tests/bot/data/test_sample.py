from __future__ import annotations

import json
from collections import Counter
from datetime import datetime
from importlib import resources
from typing import Any

import pytest

LINES = resources.files("bot").joinpath("data/sample.jsonl").read_text(encoding="utf-8").splitlines()
ARTICLES: list[dict[str, Any]] = [json.loads(line) for line in LINES]


def test_there_is_something_to_ask_about_in_both_languages() -> None:
    assert Counter(article["language"] for article in ARTICLES) == {"en": 14, "zh": 10}


def test_ids_tell_a_sample_from_news_and_are_unique() -> None:
    ids = [article["id"] for article in ARTICLES]

    assert all(each.startswith("sample-") for each in ids)
    assert len(set(ids)) == len(ids)


@pytest.mark.parametrize("article", ARTICLES, ids=lambda article: article["id"])
def test_each_says_that_it_is_a_sample_and_leads_nowhere(article: dict[str, Any]) -> None:
    assert article["source"].startswith("Tidings sample edition · ")
    assert article.get("url") is None


@pytest.mark.parametrize("article", ARTICLES, ids=lambda article: article["id"])
def test_each_is_a_short_dated_article(article: dict[str, Any]) -> None:
    length = len(article["text"].split()) if article["language"] == "en" else len(article["text"])

    assert datetime.fromisoformat(article["published"]).tzinfo is not None
    assert article["title"]
    assert (120 <= length <= 250) if article["language"] == "en" else (200 <= length <= 400)

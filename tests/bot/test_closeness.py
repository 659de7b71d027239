from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.closeness import LEAST_SIMILARITY, close
from storage.domain.news import ArticleId, Headline, Hit, Passage, PassageId

NOW = datetime(2026, 11, 22, tzinfo=UTC)


def hit(text: str, similarity: float | None, title: str = "Untitled") -> Hit:
    headline = Headline(id=ArticleId("a"), title=title, first_seen=NOW, group=ArticleId("a"))
    return Hit(
        passage=Passage(id=PassageId(1), position=0, text=text, headline=headline), score=1, similarity=similarity
    )


FAR = LEAST_SIMILARITY - 0.01


@pytest.mark.parametrize(
    ("query", "found", "kept"),
    [
        ("how to prune roses in winter", hit("The dam is to be rebuilt in the spring.", FAR), False),
        ("how to prune roses in winter", hit("The dam is to be rebuilt.", LEAST_SIMILARITY), True),
        ("when will the dams be rebuilt", hit("A dam of stone.", FAR), True),
        ("dam", hit("It will be rebuilt.", FAR, title="The dam"), True),
        ("dam", hit("It will be rebuilt.", None), False),
        ("大桥什么时候完工", hit("投资重建东门大桥。", None), True),
        ("玫瑰怎么修剪", hit("投资重建东门大桥。", FAR), False),
    ],
)
def test_a_hit_is_close_by_a_telling_word_or_by_meaning(query: str, found: Hit, kept: bool) -> None:
    assert close(query, (found,), NOW) == ((found,) if kept else ())


@pytest.mark.parametrize(
    "query",
    ["news from yesterday", "headlines", "latest updates this week", "news in Chinese", "昨天有什么新闻", "上周的头条"],
)
def test_whoever_asks_for_the_news_of_a_time_gets_what_is_of_it(query: str) -> None:
    found = (hit("The dam is to be rebuilt.", FAR), hit("Ferries stop.", None))

    assert close(query, found, NOW) == found


@pytest.mark.parametrize("query", ["news about roses from yesterday", "昨天的玫瑰新闻", "Black Friday news"])
def test_a_time_beside_a_subject_makes_nothing_close(query: str) -> None:
    assert close(query, (hit("The dam was rebuilt yesterday.", FAR), hit("投资重建大桥。", None)), NOW) == ()

from __future__ import annotations

from datetime import time

import pytest

from bot.flows.digest_words import topics_of
from storage.domain.annotations import Category
from tests.flows.digest_wishes import changed, refusal, wishes

TOPICS: dict[str, tuple[str, ...]] = {
    "chip news | send me chip news | chip stories | the chip news please | 7:30, chip news": ("chip",),
    "news about chips | headlines about chips | send me the news about the chips | articles on chips, daily": (
        "chips",
    ),
    "芯片新闻 | 给我发芯片新闻 | 关于芯片的新闻 | 芯片的最新消息 | 每天8点发关于芯片的新闻": ("芯片",),
    "NVIDIA news | news about NVIDIA in English | 给我发NVIDIA新闻": ("NVIDIA",),
    "EU energy policy news | news about EU energy policy at 7": ("EU energy policy",),
    "US politics news | send me US politics news": ("US politics",),
    "world cup news": ("world cup",),
    "国际空间站新闻": ("国际空间站",),
    "chip and space news | news about chip and space at 8": ("chip", "space"),
    "芯片和航天新闻 | 芯片新闻和航天新闻": ("芯片", "航天"),
    "巴以和平新闻": ("巴以和平",),
}


@pytest.mark.parametrize(
    ("topics", "text"), [(topics, wish) for text, topics in TOPICS.items() for wish in wishes(text)]
)
def test_a_topic_that_is_bound_to_the_news_is_read_as_it_is_written(topics: tuple[str, ...], text: str) -> None:
    assert topics_of(text) == topics
    assert "categories" not in changed(text)


@pytest.mark.parametrize(
    ("text", "fields"),
    [
        (
            "send me chip news at 7:30, not on weekends",
            {"times": (time(7, 30),), "days": frozenset({1, 2, 3, 4, 5})},
        ),
        ("Could you send me chip news every day at 9?", {"times": (time(9),)}),
        ("工作日早上7点半给我发芯片新闻", {"times": (time(7, 30),), "days": frozenset({1, 2, 3, 4, 5})}),
        ("能不能每天早上9点给我发芯片新闻？", {"times": (time(9),)}),
        ("chip and tech news at 9", {"times": (time(9),), "categories": (Category.TECHNOLOGY,)}),
    ],
)
def test_what_else_is_wished_for_is_read_beside_a_topic(text: str, fields: dict[str, object]) -> None:
    assert topics_of(text) in {("chip",), ("芯片",)}
    assert changed(text) == fields


@pytest.mark.parametrize(
    "text",
    wishes(
        "text me sports headlines at 18:00 every Friday | tech news | only politics, technology news | world news | "
        "体育新闻 | 只看政治和科技新闻 | 体育除外的新闻 | from Reuters, Sky News | daily news at 7 | 10条新闻 | "
        "8 headlines at 7:30 | weekdays Berlin headlines | papers and news"
    ),
)
def test_subjects_sources_and_the_like_are_no_topics(text: str) -> None:
    assert topics_of(text) == ()


@pytest.mark.parametrize(
    "text",
    wishes(
        "chip | chip, 7:30 | chips at 7:30 | send us news | stop chip news | no chip news | more science news | "
        "top stories at 7 | central bank news | Berlin chip news | Who sent news to the minister at 7:30? | "
        "zone Nowhere news | one two red blue green grey news | 芯片 | 不看芯片新闻 | 别发芯片新闻 | 咕噜，5条新闻 | "
        "告诉我芯片新闻 | 发布会新闻"
    ),
)
def test_what_is_not_bound_to_the_news_or_not_wanted_is_refused(text: str) -> None:
    assert refusal(text).key in {"digest_not_understood", "digest_zone_unknown"}

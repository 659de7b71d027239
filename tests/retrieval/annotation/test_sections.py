from __future__ import annotations

import pytest

from retrieval.annotation.sections import section
from storage.domain.annotations import Category


@pytest.mark.parametrize(
    ("url", "category"),
    [
        ("https://www.example.com/sport/football/2026/nov/29/late-goal", Category.SPORT),
        ("https://www.example.com/news/world/sport/late-goal.html", Category.SPORT),
        ("https://www.example.com/Business/prices-rise", Category.BUSINESS),
        ("https://sports.example.com.cn/china/2026-11-29/doc-1.shtml", Category.SPORT),
        ("https://tech.example.com/a/1", Category.TECHNOLOGY),
        ("https://example.cn/%E8%B4%A2%E7%BB%8F/1.html", Category.BUSINESS),
        ("https://example.com/world/europe/a-vote", Category.WORLD),
    ],
)
def test_an_address_names_its_section(url: str, category: Category) -> None:
    hint = section(url)

    assert hint is not None
    assert hint.category is category


@pytest.mark.parametrize(
    "url",
    [
        None,
        "",
        "https://example.com/2026/11/29/sport",
        "https://sport.com/a",
        "https://example.com/news/sporty/a",
        "http://[broken/sport/a",
    ],
)
def test_the_name_of_an_article_or_a_site_is_no_section(url: str | None) -> None:
    assert section(url) is None


@pytest.mark.parametrize(
    ("filed", "category"),
    [
        ("Sport", Category.SPORT),
        ("Arts & Culture", Category.CULTURE),
        ("体育新闻", Category.SPORT),
        ("财经", Category.BUSINESS),
        ("Climate change", Category.ENVIRONMENT),
    ],
)
def test_a_feed_is_filed_under_a_subject(filed: str, category: Category) -> None:
    hint = section(feed_category=filed)

    assert hint is not None
    assert hint.category is category


def test_a_feed_is_known_by_its_address() -> None:
    hint = section("https://example.com/a-1", feed_url="https://feeds.example.com/news/technology/rss.xml")

    assert hint is not None
    assert hint.category is Category.TECHNOLOGY


def test_the_article_knows_better_than_its_feed() -> None:
    hint = section("https://example.com/health/a", feed_category="Politics", feed_url="https://example.com/sport.xml")

    assert hint is not None
    assert hint.category is Category.HEALTH


def test_a_section_for_a_place_says_less_than_one_for_a_subject() -> None:
    place, subject = section("https://example.com/world/a"), section("https://example.com/sport/a")

    assert place is not None
    assert subject is not None
    assert place.sureness < subject.sureness

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from retrieval.ingest.extract import extract_page
from retrieval.ingest.guards import Refused
from retrieval.ingest.parsed import ExtractedPage

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
URL = "https://example.org/2026/bridge.html"
PARAGRAPHS = (
    "The new bridge over the river was opened on Sunday morning by the mayor, two years later than planned.",
    "Thousands of people walked across in the first hour, many of them with children and dogs, said the police.",
    "The builders had to stop twice when the water rose, and the price went up by a third to ninety million.",
)


def page(head: str = "", body: str = "") -> bytes:
    text = "".join(f"<p>{paragraph}</p>" for paragraph in PARAGRAPHS)
    return f"""<!DOCTYPE html><html lang="en-GB"><head><title>Bridge opens | Example</title>{head}</head>
    <body><nav><a href="/">Home</a><a href="/sport">Sport</a></nav>{body}
    <article><h1>Bridge opens</h1>{text}</article><footer>Copyright Example</footer></body></html>""".encode()


def extract(body: bytes, content_type: str | None = "text/html; charset=utf-8") -> ExtractedPage:
    return extract_page(body, url=URL, content_type=content_type, now=NOW)


def test_the_article_comes_out_in_paragraphs_without_its_title_and_the_pages_furniture() -> None:
    found = extract(page())

    assert found.text == "\n".join(PARAGRAPHS)
    assert found.title == "Bridge opens"
    assert found.language == "en"


@pytest.mark.parametrize(
    "head",
    [
        '<script type="application/ld+json">{"@graph": [{"datePublished": "2026-03-01T08:00:00+01:00"}]}</script>',
        '<meta property="article:published_time" content="2026-03-01T07:00:00Z">',
        '<meta name="date" content="2026-03-01 07:00:00">',
    ],
)
def test_the_time_the_page_states_is_read_to_the_minute(head: str) -> None:
    assert extract(page(head)).published == datetime(2026, 3, 1, 7, tzinfo=UTC)


@pytest.mark.parametrize(
    "head",
    ["", '<meta property="article:published_time" content="2031-03-01T07:00:00Z">', '<meta name="date" content="now">'],
)
def test_a_time_is_never_guessed(head: str) -> None:
    assert extract(page(head, "<aside>Weather for 2026-02-27</aside>")).published is None


def test_an_address_that_names_the_day_states_it() -> None:
    found = extract_page(page(), url="https://example.org/2026/02/28/bridge", content_type=None, now=NOW)

    assert found.published == datetime(2026, 2, 28, tzinfo=UTC)


def test_what_the_page_says_about_itself_is_kept() -> None:
    found = extract(
        page('<meta name="author" content="Ann Writer"><meta property="og:site_name" content="The Example">')
    )

    assert (found.author, found.site) == ("Ann Writer", "The Example")


def test_the_feeds_a_page_names_come_out_absolute_those_of_comments_last() -> None:
    found = extract(
        page(
            '<base href="https://cdn.example.org/x/">'
            '<link rel="alternate" type="application/rss+xml" title="Comments" href="/comments/feed">'
            '<link rel="alternate" type="application/atom+xml" href="news.atom">'
            '<link rel="alternate" type="application/rss+xml" href="javascript:alert(1)">'
            '<link rel="alternate" hreflang="fr" href="/fr">'
        )
    )

    assert found.feeds == ("https://cdn.example.org/x/news.atom", "https://cdn.example.org/comments/feed")


def test_a_page_in_a_chinese_encoding_is_read() -> None:
    text = "大桥今日上午正式通车，市长出席了通车仪式，数千名市民步行通过大桥，现场气氛热烈。" * 5
    body = f"<html><head><meta charset='gb2312'></head><body><article><p>{text}</p></article></body></html>"

    assert extract(body.encode("gbk"), "text/html").text == text


def test_plain_text_is_an_article_as_it_is() -> None:
    assert extract(b"One.\r\n\r\nTwo.\x00", "text/plain").text == "One.\nTwo."


def test_a_page_without_an_article_has_no_text() -> None:
    assert extract(b"<html><body></body></html>").text == ""


@pytest.mark.parametrize(
    ("body", "content_type", "reason"),
    [
        (b"%PDF-1.7", "application/pdf", "not a page but application/pdf"),
        (b"", "text/html", "not a page"),
        (b"\x00\x01\x02" * 100, None, "not a page"),
    ],
)
def test_what_is_no_page_is_refused(body: bytes, content_type: str | None, reason: str) -> None:
    with pytest.raises(Refused, match=reason):
        extract(body, content_type)

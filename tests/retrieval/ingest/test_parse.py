from __future__ import annotations

from datetime import UTC, datetime

import pytest

from retrieval.ingest.guards import Refused
from retrieval.ingest.parse import read_feed
from retrieval.ingest.parsed import Entry, ParsedFeed, feed_from_plain, plain

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
URL = "https://example.org/news/feed.xml"

RSS = """<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN" "http://my.netscape.com/rss-0.91.dtd">
<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel>
<title>The &lt;b&gt;Daily&lt;/b&gt; &amp; Sunday</title><language>en-GB</language>
<item><title>Bridge opens</title><link>/2026/bridge</link><dc:creator>A. Writer</dc:creator>
<pubDate>Sun, 01 Mar 2026 10:30:00 +0100</pubDate>
<description>&lt;p&gt;It is open.&lt;/p&gt;&lt;p&gt;At last&lt;script&gt;x()&lt;/script&gt;.&lt;/p&gt;</description>
</item>
</channel></rss>"""

ATOM = """<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="zh-CN"><title>每日新闻</title>
<entry><title type="text">&lt;script&gt;大桥&lt;/script&gt;通车</title><link href="https://example.org/a"/>
<author><name>李四</name></author><published>2026-02-28T01:00:00Z</published><updated>2026-03-01T02:00:00Z</updated>
<content type="html">&lt;p&gt;大桥今日通车。&lt;/p&gt;</content><summary>大桥</summary></entry></feed>"""

RDF = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
 xmlns:dc="http://purl.org/dc/elements/1.1/"><channel rdf:about="x"><title>Old news</title></channel>
<item rdf:about="https://example.org/r"><title>Item</title><link>https://example.org/r</link>
<dc:date>2025-12-24T18:00:00Z</dc:date></item></rdf:RDF>"""

JSON = """{"version": "https://jsonfeed.org/version/1.1", "title": "Notes", "language": "en",
"items": [{"id": "1", "url": "https://example.org/j", "title": "Note", "content_html": "<p>One.</p><p>Two.</p>",
"date_published": "2026-01-02T03:04:05-05:00", "authors": [{"name": "B. Writer"}]},
{"id": "2", "title": "without link or text"}, "nonsense"]}"""


def read(document: str | bytes, content_type: str | None = None) -> ParsedFeed:
    body = document.encode() if isinstance(document, str) else document
    return read_feed(body, url=URL, content_type=content_type, now=NOW)


def test_rss_gives_clean_texts_an_absolute_link_and_utc() -> None:
    feed = read(RSS)

    assert feed.title == "The Daily & Sunday"
    assert feed.entries == (
        Entry(
            url="https://example.org/2026/bridge",
            title="Bridge opens",
            text="It is open.\nAt last.",
            author="A. Writer",
            published=datetime(2026, 3, 1, 9, 30, tzinfo=UTC),
            language="en",
        ),
    )


def test_atom_keeps_the_longest_text_and_when_it_changed() -> None:
    feed = read(ATOM)

    (entry,) = feed.entries
    assert (feed.title, entry.title, entry.text) == ("每日新闻", "大桥 通车", "大桥今日通车。")
    assert (entry.author, entry.language) == ("李四", "zh")
    assert entry.published == datetime(2026, 2, 28, 1, tzinfo=UTC)
    assert entry.updated == datetime(2026, 3, 1, 2, tzinfo=UTC)


def test_rdf_is_a_feed() -> None:
    (entry,) = read(RDF).entries

    assert (entry.url, entry.title) == ("https://example.org/r", "Item")
    assert entry.published == datetime(2025, 12, 24, 18, tzinfo=UTC)


def test_json_feed_is_a_feed() -> None:
    feed = read(JSON)

    assert feed.title == "Notes"
    assert feed.entries == (
        Entry(
            url="https://example.org/j",
            title="Note",
            text="One.\nTwo.",
            author="B. Writer",
            published=datetime(2026, 1, 2, 8, 4, 5, tzinfo=UTC),
            language="en",
        ),
    )


def item(inner: str) -> Entry:
    (entry,) = read(f"<rss version='2.0'><channel><title>T</title><item>{inner}</item></channel></rss>").entries
    return entry


@pytest.mark.parametrize(
    "date",
    [
        "",
        "<pubDate>soon</pubDate>",
        "<pubDate>Thu, 01 Jan 1970 00:00:00 GMT</pubDate>",
        "<pubDate>2031-01-01</pubDate>",
    ],
)
def test_a_date_that_is_missing_or_cannot_be_stays_unknown(date: str) -> None:
    assert item(f"<link>https://example.org/a</link>{date}").published is None


def test_a_time_a_little_ahead_of_our_clock_is_believed() -> None:
    entry = item("<link>https://example.org/a</link><pubDate>Sun, 01 Mar 2026 20:00:00 GMT</pubDate>")

    assert entry.published == datetime(2026, 3, 1, 20, tzinfo=UTC)


@pytest.mark.parametrize("link", ["javascript:alert(1)", "file:///etc/passwd", "data:text/html,x", "http://", ""])
def test_a_link_that_is_not_a_web_address_is_dropped(link: str) -> None:
    assert item(f"<link>{link}</link><description>text</description>").url is None


def test_an_entry_with_neither_link_nor_text_is_passed_over() -> None:
    feed = read("<rss version='2.0'><channel><title>T</title><item><title>only</title></item></channel></rss>")

    assert feed.entries == ()


@pytest.mark.parametrize("encoding", ["gb2312", "big5", "gb18030", "utf-16", "utf-8-sig"])
def test_chinese_in_any_encoding_comes_out_right(encoding: str) -> None:
    declared = {"utf-8-sig": "utf-8"}.get(encoding, encoding)
    title = "中文新闻" if encoding == "gb2312" else "中文新聞"
    document = f"<?xml version='1.0' encoding='{declared}'?><rss><channel><title>{title}</title></channel></rss>"

    assert read(document.encode(encoding)).title == title


def test_the_encoding_the_server_names_wins_over_the_documents() -> None:
    document = "<?xml version='1.0' encoding='utf-8'?><rss version='2.0'><channel><title>新闻</title></channel></rss>"

    assert read(document.encode("gbk"), "text/xml; charset=GBK").title == "新闻"


@pytest.mark.parametrize("encoding", ["zip", "idna", "utf-7", "unicode_escape", "no-such"])
def test_an_encoding_that_is_no_character_set_is_ignored(encoding: str) -> None:
    document = (
        f"<?xml version='1.0' encoding='{encoding}'?><rss version='2.0'><channel><title>news</title></channel></rss>"
    )

    assert read(document).title == "news"


@pytest.mark.parametrize(
    ("document", "reason"),
    [
        ("", "is not a feed"),
        ("<html><body>Hello</body></html>", "is not a feed"),
        ("just text", "is not a feed"),
        ("{}", "not a JSON Feed"),
        ('{"version": "https://jsonfeed.org/version/1", "items": ' + "[" * 100_000, "not JSON"),
        ('{"version": 1' + "9" * 10_000 + "}", "not JSON"),
    ],
)
def test_what_is_no_feed_is_refused_with_a_reason(document: str, reason: str) -> None:
    with pytest.raises(Refused, match=reason):
        read(document)


def test_a_feed_survives_the_trip_through_json() -> None:
    import json

    for document in (RSS, ATOM, JSON):
        feed = read(document)

        assert feed_from_plain(json.loads(json.dumps(plain(feed)))) == feed

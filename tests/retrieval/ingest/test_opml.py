from __future__ import annotations

from importlib import resources
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.ingest.opml import MAX_OPML_BYTES, read_opml, write_opml
from storage.domain.news import Feed, SourceFailure


def opml(body: str, declaration: str = '<?xml version="1.0" encoding="UTF-8"?>') -> bytes:
    return f'{declaration}<opml version="2.0"><head><title>x</title></head><body>{body}</body></opml>'.encode()


def test_feeds_come_in_order_with_their_groups_as_category() -> None:
    data = opml(
        """
        <outline text="Loose" xmlUrl="https://a.example/feed"/>
        <outline text="World">
          <!-- a comment -->
          <outline text="short" title="Long title" type="rss" xmlUrl="https://b.example/feed" language="en-GB"/>
          <outline text="Asia"><outline text="中文" xmlUrl="https://c.example/feed" language="zh"/></outline>
        </outline>
        <outline text="Last" xmlURL=" https://d.example/feed " category="/Tech/Linux,/Other" language="unknown"/>
        """
    )

    feeds, failures = read_opml(data, "list.opml")

    assert feeds == (
        Feed(url="https://a.example/feed", title="Loose"),
        Feed(url="https://b.example/feed", title="Long title", category="World", language="en"),
        Feed(url="https://c.example/feed", title="中文", category="World / Asia", language="zh"),
        Feed(url="https://d.example/feed", title="Last", category="Tech / Linux"),
    )
    assert failures == ()


def test_a_feed_listed_twice_comes_once() -> None:
    data = opml('<outline text="1" xmlUrl="https://a.example/f"/><outline text="2" xmlUrl="https://A.example:443/f"/>')

    feeds, failures = read_opml(data, "list.opml")

    assert [feed.title for feed in feeds] == ["1"]
    assert failures == ()


def test_what_is_no_web_feed_is_reported_and_the_rest_is_read() -> None:
    data = opml(
        """
        <outline text="local" xmlUrl="file:///etc/passwd"/>
        <outline text="empty" xmlUrl=""/>
        <outline text="secret" xmlUrl="https://user:hunter2@example.com/feed"/>
        <outline text="good" xmlUrl="https://example.com/feed"/>
        <outline text="a link, not a feed" type="link" url="https://example.com/"/>
        """
    )

    feeds, failures = read_opml(data, "list.opml")

    assert [feed.url for feed in feeds] == ["https://example.com/feed"]
    assert [failure.url for failure in failures] == ["file:///etc/passwd", "", "https://example.com/feed"]
    assert "only http:// and https://" in failures[0].error
    assert "hunter2" not in str(failures)


@pytest.mark.parametrize(
    ("data", "error"),
    [
        (b"", "not well-formed"),
        (b"plain text", "not well-formed"),
        (b"\x00\xff\x00binary", "not well-formed"),
        (b"<rss><channel/></rss>", "not an OPML file"),
        (opml(""), "there is no feed in this list"),
        (b"<opml>" + b" " * MAX_OPML_BYTES, "larger than 5 MiB"),
    ],
)
def test_a_file_that_is_no_list_is_one_clear_line(data: bytes, error: str) -> None:
    feeds, failures = read_opml(data, "list.opml")

    assert feeds == ()
    assert len(failures) == 1
    assert failures[0].url == "list.opml"
    assert error in failures[0].error
    assert "\n" not in failures[0].error


BOMB = """<?xml version="1.0"?><!DOCTYPE opml [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>
<opml><body><outline text="&b;" xmlUrl="https://example.com/feed"/></body></opml>"""
EXTERNAL = """<?xml version="1.0"?><!DOCTYPE opml SYSTEM "file:///etc/passwd">
<opml><body><outline text="x" xmlUrl="https://example.com/feed"/></body></opml>"""


@pytest.mark.parametrize("text", [BOMB, EXTERNAL, EXTERNAL.replace("DOCTYPE", "doctype")])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-16-be", "utf-32"])
def test_declarations_are_refused_in_every_encoding(text: str, encoding: str) -> None:
    feeds, failures = read_opml(text.encode(encoding), "list.opml")

    assert feeds == ()
    assert failures == (SourceFailure(url="list.opml", error="document type and entity declarations are not read"),)


def test_a_list_with_bare_ampersands_is_read_and_reported() -> None:
    data = opml('<outline text="Q&A" xmlUrl="https://example.com/feed?a=1&b=2"/><outline xmlUrl="https://b.example/"/>')

    feeds, failures = read_opml(data, "list.opml")

    assert [feed.url for feed in feeds][-1] == "https://b.example/"
    assert len(feeds) == 2
    assert [failure.url for failure in failures] == ["list.opml"]
    assert "not well-formed" in failures[0].error


@pytest.mark.parametrize("encoding", ["utf-16", "gb18030", "big5"])
def test_other_encodings_are_read(encoding: str) -> None:
    text = opml('<outline text="中文" xmlUrl="https://example.com/"/>', "").decode()
    data = f'<?xml version="1.0" encoding="{encoding}"?>{text}'.encode(encoding)

    feeds, failures = read_opml(data, "list.opml")

    assert [feed.title for feed in feeds] == ["中文"]
    assert failures == ()


def test_a_thousand_groups_in_one_another_are_survived() -> None:
    data = opml('<outline text="g">' * 1000 + '<outline xmlUrl="https://example.com/"/>' + "</outline>" * 1000)

    _, failures = read_opml(data, "list.opml")

    assert [failure.url for failure in failures] == ["list.opml"]


def test_what_is_written_can_be_read_again() -> None:
    feeds = (
        Feed(url="https://a.example/feed?x=1&y=2", title='A & "B" <c>', category="World / Asia", language="en"),
        Feed(url="https://b.example/feed", title="中文", category="科技", language="zh"),
        Feed(url="https://c.example/feed", title="Loose"),
    )

    assert read_opml(write_opml(feeds), "list.opml") == (feeds, ())


def test_a_feed_without_title_is_written_under_its_address() -> None:
    written = write_opml([Feed(url="https://a.example/feed")]).decode()

    assert 'type="rss" text="https://a.example/feed"' in written


def test_groups_are_written_once_each() -> None:
    feeds = [Feed(url=f"https://{n}.example/", title=str(n), category="AB"[n % 2]) for n in range(6)]

    written = write_opml(feeds).decode()

    assert written.count('text="A"') == written.count('text="B"') == 1
    assert [feed.url for feed in read_opml(written.encode(), "x")[0]] == [feeds[n].url for n in (0, 2, 4, 1, 3, 5)]


@given(st.text(), st.text())
def test_any_title_and_category_can_be_written(title: str, category: str) -> None:
    feed = Feed(url="https://example.com/", title=title, category=category)

    read, failures = read_opml(write_opml([feed]), "list.opml")

    assert [feed.url for feed in read] == ["https://example.com/"]
    assert failures == ()


# The list that ships with Tidings


def test_the_shipped_list_is_whole_and_written_as_tidings_writes() -> None:
    data = resources.files("bot").joinpath("data", "feeds.opml").read_bytes()

    feeds, failures = read_opml(data, "feeds.opml")

    assert failures == ()
    assert 20 <= len(feeds) <= 30
    assert all(feed.title and feed.category and feed.language for feed in feeds)
    assert all(feed.url.startswith("https://") for feed in feeds)
    assert write_opml(feeds) == data


def test_the_shipped_list_has_both_languages_and_several_kinds() -> None:
    data = resources.files("bot").joinpath("data", "feeds.opml").read_bytes()

    feeds, _ = read_opml(data, "feeds.opml")

    hosts = {urlsplit(feed.url).hostname for feed in feeds}
    assert sum(feed.language == "en" for feed in feeds) >= 10
    assert sum(feed.language == "zh" for feed in feeds) >= 10
    assert {"World", "Business", "Science", "Technology", "Research"} <= {feed.category for feed in feeds}
    assert {"rss.arxiv.org", "news.ycombinator.com", "github.com"} <= hosts

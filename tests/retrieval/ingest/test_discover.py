from __future__ import annotations

import pytest

from retrieval.ingest.discover import Discovery
from retrieval.ingest.reading import Reading
from storage.domain.news import Feed
from storage.errors import FeedError, FetchError, ParseError
from tests.retrieval.ingest.web import InlineSandbox, Web, rss

PAGE = "https://example.org/"
FEED = "https://example.org/feed.xml"


def page(*links: str) -> str:
    named = "".join(f"<link rel='alternate' type='application/rss+xml' href='{link}'>" for link in links)
    return f"<html><head><title>Example</title>{named}</head><body><p>Hello.</p></body></html>"


def discovery(web: Web) -> Discovery:
    return Discovery(web, Reading(InlineSandbox()))


async def test_the_address_of_a_feed_is_that_feed() -> None:
    web = Web()
    web.put(FEED, rss().replace("<channel>", "<channel><language>en-us</language>"))

    assert await discovery(web).find(f" {FEED}\n") == Feed(url=FEED, title="The Example", language="en")


async def test_an_address_without_a_scheme_is_tried_securely() -> None:
    web = Web()
    web.put("https://example.org/feed.xml", rss())

    assert (await discovery(web).find("example.org/feed.xml")).url == FEED


async def test_the_first_feed_of_a_page_that_can_be_read_is_found() -> None:
    web = Web()
    web.put(PAGE, page("/gone.xml", "/broken.xml", "/feed.xml"))
    web.put("https://example.org/broken.xml", "<html></html>")
    web.put(FEED, rss())

    assert (await discovery(web).find(PAGE)).url == FEED


async def test_links_are_made_absolute_against_where_the_redirects_ended() -> None:
    web = Web()
    web.put(PAGE, page("feed.xml"))
    web.answers["https://example.com"] = web.answers[PAGE]
    web.put(FEED, rss())

    assert (await discovery(web).find("https://example.com")).url == FEED


async def test_a_page_that_names_no_feed_is_an_error_that_says_so() -> None:
    web = Web()
    web.put(PAGE, page())

    with pytest.raises(ParseError, match="is a page that names no feed"):
        await discovery(web).find(PAGE)


async def test_a_page_whose_feeds_are_all_broken_says_what_is_wrong_with_one() -> None:
    web = Web()
    web.put(PAGE, page("/gone.xml"))

    with pytest.raises(FeedError, match=r"the feed it names cannot be read: https://example.org/gone.xml: there is"):
        await discovery(web).find(PAGE)


async def test_something_else_is_an_error_that_says_what_was_expected() -> None:
    web = Web()
    web.put(PAGE, b"\x89PNG\r\n", content_type="image/png")

    with pytest.raises(ParseError, match="is not a feed"):
        await discovery(web).find(PAGE)


async def test_an_address_that_cannot_be_fetched_keeps_its_reason() -> None:
    with pytest.raises(FetchError, match="404"):
        await discovery(Web()).find(PAGE)

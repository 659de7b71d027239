from __future__ import annotations

import pytest

from retrieval.ingest.sites import same_site


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("https://example.org/a", "http://example.org:8080/feed", True),
        ("https://feeds.example.co.uk/rss", "https://www.example.co.uk/a", True),
        ("https://one.co.uk/rss", "https://two.co.uk/a", False),
        ("https://rss.co.uk/rss", "https://two.co.uk/a", False),
        ("https://alice.blogspot.com/rss", "https://bob.blogspot.com/a", False),
        ("http://127.0.0.1:1/rss", "http://127.0.0.1:2/a", True),
        ("http://127.0.0.1/rss", "http://127.0.0.2/a", False),
        ("http://news.local/rss", "http://www.local/a", False),
        ("https://b\u00fccher.example.de/", "https://example.de/", True),
        ("https://[::1]/rss", "https://[::1]/a", True),
        ("https://[broken/", "https://[broken/", False),
    ],
)
def test_addresses_are_one_sites_by_their_registered_name(one: str, other: str, same: bool) -> None:
    assert same_site(one, other) is same

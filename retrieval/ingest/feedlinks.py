"""The feeds a page names in its head, best first. Runs in a child process."""

from __future__ import annotations

from typing import Any

from retrieval.ingest.parsed import web_link

_TYPES = ("application/atom+xml", "application/rss+xml", "application/feed+json", "application/rdf+xml")
# `application/json` and the XML types name other things too; they count only where nothing better is named.
_DOUBTFUL = ("application/json", "application/xml", "text/xml")
_MOST = 10


def feed_links(tree: Any, base: str) -> tuple[str, ...]:
    """Absolute links of the feeds that `tree`, an lxml HTML document, names.

    The page's own order is kept, but a feed of comments comes behind the others.
    """
    # A <base> says where the page's relative links lead.
    declared = tree.xpath("string(//base/@href)")
    base = web_link(declared, base) or base
    certain: list[str] = []
    comments: list[str] = []
    doubtful: list[str] = []
    for link in tree.iter("link"):
        kind = (link.get("type") or "").split(";")[0].strip().lower()
        if "alternate" not in (link.get("rel") or "").lower().split():
            continue
        target = web_link(link.get("href"), base)
        if target is None:
            continue
        if kind in _DOUBTFUL:
            doubtful.append(target)
        elif kind in _TYPES:
            about_comments = "comment" in f"{link.get('title') or ''} {target}".lower()
            (comments if about_comments else certain).append(target)
    named = certain + comments
    return tuple(dict.fromkeys(named or doubtful))[:_MOST]

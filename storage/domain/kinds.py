"""What an article is, beside news: a paper, a post, a release of software. Pure; told by where it can be opened."""

from __future__ import annotations

import re
from enum import StrEnum
from urllib.parse import urlsplit


class ArticleKind(StrEnum):
    """What an article is. The value is what is stored and filtered by."""

    NEWS = "news"
    """Of an outlet, or anything that is none of the others."""
    PAPER = "paper"
    """Of research, published or as a preprint."""
    POST = "post"
    """In a blog or a forum."""
    RELEASE = "release"
    """Of software."""


_PAPERS = re.compile(
    r"(?:^|\.)(?:arxiv\.org|biorxiv\.org|medrxiv\.org|ssrn\.com|chinaxiv\.org|openreview\.net|aclanthology\.org|doi\.org"
    r"|pubmed\.ncbi\.nlm\.nih\.gov|journals\.plos\.org|dl\.acm\.org|ieeexplore\.ieee\.org|nber\.org)$"
)
_POSTS = re.compile(
    r"(?:^|\.)(?:news\.ycombinator\.com|lobste\.rs|reddit\.com|medium\.com|substack\.com|dev\.to|github\.io|wordpress\.com"
    r"|blogspot\.com|hashnode\.dev|zhihu\.com|juejin\.cn|v2ex\.com|sspai\.com|cnblogs\.com|jianshu\.com|mastodon\.social)$"
)
_BLOG = re.compile(r"^blogs?\.|\.blog$")
_BLOG_PATH = re.compile(r"/blogs?(?:/|$)", re.IGNORECASE)
_RELEASE_HOSTS = re.compile(r"(?:^|\.)(?:github\.com|gitlab\.com|codeberg\.org|gitee\.com)$")
_RELEASE_PATH = re.compile(r"/(?:-/)?(?:releases|tags)(?:/|\.|$)", re.IGNORECASE)
_PACKAGES = re.compile(r"(?:^|\.)(?:pypi\.org|npmjs\.com|crates\.io)$")


def kind_of(url: str | None) -> ArticleKind:
    """What can be opened there. Hosts and paths that are commonly used for one thing count; the rest is news."""
    if not url:
        return ArticleKind.NEWS
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").lower()
    except ValueError:
        return ArticleKind.NEWS
    if _PAPERS.search(host):
        return ArticleKind.PAPER
    if _PACKAGES.search(host) or (_RELEASE_HOSTS.search(host) and _RELEASE_PATH.search(parts.path)):
        return ArticleKind.RELEASE
    if _POSTS.search(host) or _BLOG.search(host) or _BLOG_PATH.search(parts.path):
        return ArticleKind.POST
    return ArticleKind.NEWS

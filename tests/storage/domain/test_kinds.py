from __future__ import annotations

import pytest

from storage.domain.kinds import ArticleKind, kind_of


@pytest.mark.parametrize(
    ("url", "kind"),
    [
        ("https://arxiv.org/abs/2611.01234", ArticleKind.PAPER),
        ("https://export.arxiv.org/abs/2611.01234", ArticleKind.PAPER),
        ("https://notarxiv.org/abs/1", ArticleKind.NEWS),
        ("https://github.com/chroma-core/chroma/releases/tag/1.5.0", ArticleKind.RELEASE),
        ("https://github.com/chroma-core/chroma/issues/1", ArticleKind.NEWS),
        ("https://gitlab.com/a/b/-/tags/v1", ArticleKind.RELEASE),
        ("https://pypi.org/project/tidings/1.0/", ArticleKind.RELEASE),
        ("https://news.ycombinator.com/item?id=1", ArticleKind.POST),
        ("https://someone.substack.com/p/on-ferries", ArticleKind.POST),
        ("https://blog.example.org/ferries", ArticleKind.POST),
        ("https://example.org/blog/ferries", ArticleKind.POST),
        ("https://example.org/blogger-arrested", ArticleKind.NEWS),
        ("https://www.zhihu.com/question/1", ArticleKind.POST),
        ("https://example.org/news/1", ArticleKind.NEWS),
        ("http://[broken", ArticleKind.NEWS),
        (None, ArticleKind.NEWS),
    ],
)
def test_where_it_can_be_opened_tells_what_an_article_is(url: str | None, kind: ArticleKind) -> None:
    assert kind_of(url) is kind

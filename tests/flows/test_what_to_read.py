from __future__ import annotations

import pytest

from bot.flows.what_to_read import what_to_read
from storage.domain.kinds import ArticleKind


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("What should I read?", ()),
        ("what should i read today", ()),
        ("Hi, what can I read next?", ()),
        ("What's worth reading?", ()),
        ("anything for me?", ()),
        ("What's new for me?", ()),
        ("What do you recommend?", ()),
        ("Recommend me something to read", ()),
        ("Surprise me!", ()),
        ("What papers should I read?", (ArticleKind.PAPER,)),
        ("Recommend some new papers", (ArticleKind.PAPER,)),
        ("suggest me a few blog posts", (ArticleKind.POST,)),
        ("find me some releases", (ArticleKind.RELEASE,)),
        ("我该看什么？", ()),
        ("今天我应该读点什么", ()),
        ("有什么值得看的", ()),
        ("推荐一下", ()),
        ("给我推荐几篇论文吧", (ArticleKind.PAPER,)),
        ("推荐一些博客", (ArticleKind.POST,)),
        ("推荐新闻", (ArticleKind.NEWS,)),
        ("我的简报", ()),
    ],
)
def test_what_asks_for_something_to_read(text: str, kinds: tuple[ArticleKind, ...]) -> None:
    assert what_to_read(text) == kinds


@pytest.mark.parametrize(
    "text",
    [
        "",
        "What should I read about the ferries on Lake Oster?",
        "Who recommended the merger?",
        "What papers did the minister sign?",
        "What does the committee recommend?",
        "What's new?",
        "该公司推荐什么？",
        "谁推荐了新校长？",
        "我该怎么办？",
        "recommend " * 40,
    ],
)
def test_what_asks_for_something_else(text: str) -> None:
    assert what_to_read(text) is None

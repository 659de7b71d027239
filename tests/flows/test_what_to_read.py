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
        ("what papers and releases should I read?", (ArticleKind.PAPER, ArticleKind.RELEASE)),
        (
            "Which releases, blog posts and papers should I read this week?",
            (ArticleKind.RELEASE, ArticleKind.POST, ArticleKind.PAPER),
        ),
        ("recommend some new papers or blog posts", (ArticleKind.PAPER, ArticleKind.POST)),
        ("what new papers are worth reading?", (ArticleKind.PAPER,)),
        ("any papers for me?", (ArticleKind.PAPER,)),
        ("are there any studies and news worth reading?", (ArticleKind.PAPER, ArticleKind.NEWS)),
        ("What software releases should I look at?", (ArticleKind.RELEASE,)),
        ("推荐几篇论文和博客", (ArticleKind.PAPER, ArticleKind.POST)),
        ("有什么值得看的论文、博文？", (ArticleKind.PAPER, ArticleKind.POST)),
        ("我该看什么论文和新版本", (ArticleKind.PAPER, ArticleKind.RELEASE)),
        ("论文和版本发布该看什么", (ArticleKind.PAPER, ArticleKind.RELEASE)),
        ("有什么论文值得读", (ArticleKind.PAPER,)),
        ("有什么好看的新闻吗", (ArticleKind.NEWS,)),
        ("我该看什么？", ()),
        ("今天我应该读点什么", ()),
        ("有什么值得看的", ()),
        ("推荐一下", ()),
        ("给我推荐几篇论文吧", (ArticleKind.PAPER,)),
        ("推荐一些博客", (ArticleKind.POST,)),
        ("推荐新闻", (ArticleKind.NEWS,)),
        ("我的简报", ()),
        ("Any new papers and releases?", (ArticleKind.PAPER, ArticleKind.RELEASE)),
        ("What are the latest papers?", (ArticleKind.PAPER,)),
        ("what papers and blog posts came out this week?", (ArticleKind.PAPER, ArticleKind.POST)),
        ("最新的论文和版本发布", (ArticleKind.PAPER, ArticleKind.RELEASE)),
        ("有什么新论文和新版本吗？", (ArticleKind.PAPER, ArticleKind.RELEASE)),
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
        "What's the latest news?",
        "any new posts and news?",
        "papers",
        "最新的新闻",
        "What studies did he read?",
        "Which papers reported the release?",
        "论文造假的是谁",
        "新版本有什么",
        "该公司推荐什么？",
        "谁推荐了新校长？",
        "我该怎么办？",
        "recommend " * 40,
    ],
)
def test_what_asks_for_something_else(text: str) -> None:
    assert what_to_read(text) is None

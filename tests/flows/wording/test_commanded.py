"""Commands said in plain words, beside questions that look like them."""

from __future__ import annotations

import pytest

from bot.flows.wording.commanded import commanded

SAID = {
    ("cancel", ""): "cancel | Cancel please. | never mind | 取消 | 算了吧",
    (
        "sources",
        "",
    ): "show my sources | which sources do you read? | where do you get your news? | 你看哪些来源？ | 我的来源",
    (
        "settings",
        "",
    ): "show my settings | when does my digest come? | when is my next digest? | 设置 | 简报什么时候发给我？"
    " | what time is my digest? | 我的下一份简报什么时候来？",
    ("brief", "Norvale"): "brief me on Norvale | Summarise the news on Norvale",
    ("brief", "storm"): "sum up the storm | give me a summary of the storm | please recap the storm",
    ("brief", "芯片出口"): "总结一下芯片出口的新闻 | 帮我梳理芯片出口的来龙去脉",
    ("boost", "3"): "boost 3 | Boost number 3",
    ("mute", "2"): "mute #2",
    ("drop", "2.1"): "drop 2.1",
    ("drop", "golf"): "forget what you know about golf | forget my interest in golf | 忘掉我对golf的兴趣",
    (
        "privacy",
        "",
    ): "privacy policy | how do you handle my data? | what do you store, and for how long? | 你怎么保护我的隐私？",
    ("remove", "3"): "remove source 3 | delete the third source | 删除第3个来源 | 去掉第三个来源",
    (
        "add",
        "https://news.example/rss",
    ): "add https://news.example/rss to my sources | 添加来源 https://news.example/rss"
    " | please add this feed: https://news.example/rss | 把 https://news.example/rss 加到我的来源",
}


@pytest.mark.parametrize(
    ("command", "text"), [(command, text) for command, texts in SAID.items() for text in texts.split(" | ")]
)
def test_a_command_is_understood_without_its_slash(command: tuple[str, str], text: str) -> None:
    assert commanded(text) == command


@pytest.mark.parametrize(
    "text",
    [
        "Cancel culture debate",
        "summarise this",
        "summarise the second one",
        "summarize https://news.example/rss",
        "sum up the day",
        "give me a short summary",
        "总结一下今天的新闻",
        "概括一下第二条",
        "总结这篇文章",
        "cancelled flights",
        "never mind the price, who bought the club?",
        "What sources does the government cite?",
        "Which sources of energy grow fastest?",
        "Settings of the climate talks",
        "Privacy policy of Meta fined",
        "Remove source of infection, experts say",
        "取消航班",
        "算了笔账 地铁亏多少",
        "来源不明的资金",
        "隐私政策被罚的公司",
        "谁的隐私被泄露",
        "what will you do with my data, and who won the election?",
        "read v2.0",
        "read U.S.",
        "add 3.5",
        "Forget what you know about sleep, study says",
        "忘掉过去，展望未来",
        "forget about it",
    ],
)
def test_a_question_is_none(text: str) -> None:
    assert commanded(text) is None

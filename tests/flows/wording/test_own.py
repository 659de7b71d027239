from __future__ import annotations

import pytest

from bot.flows.statements import said_to_do
from bot.flows.wording.own import of_oneself


@pytest.mark.parametrize(
    ("command", "text"),
    [
        (command, text)
        for command, texts in {
            "follows": "What do I follow? | what am I following | show my follows"
            " | 我关注了什么 | 我现在关注哪些话题？",
            "profile": "what do you know about me? | What am I interested in? | show me my profile | 我对什么感兴趣"
            " | 我喜欢什么？ | 你知道我什么",
            "export": "export my data | Download all my data please | 导出我的数据 | 请下载我的所有数据",
            "forget": "delete all my data | forget everything | forget me | 删除我的所有数据 | 忘记我"
            " | 忘记我的一切 | 忘记全部",
        }.items()
        for text in texts.split(" | ")
    ],
)
def test_what_is_asked_of_oneself_is_the_command_that_answers_it(command: str, text: str) -> None:
    assert said_to_do(text) == (command, "")


@pytest.mark.parametrize(
    "text",
    [
        "What do I follow to get to the lake?",
        "What do you know about the mayor?",
        "Did the company delete all my data?",
        "export chips",
        "删除我的数据的公司被罚",
        "忘记一切的老人",
        "我关注芯片",
        "你知道我国的芯片产量吗",
        "forget everything you know about chips, the dam is the story",
    ],
)
def test_what_is_asked_of_something_else_is_none(text: str) -> None:
    assert of_oneself(text) is None


def test_what_asks_is_no_interest_though_it_lacks_its_mark() -> None:
    assert said_to_do("我关注的是什么") is None
    assert said_to_do("我喜欢看谁的新闻") is None
    assert said_to_do("我关注芯片") == ("interests", "我关注芯片")

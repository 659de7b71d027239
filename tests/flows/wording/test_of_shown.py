"""What is said of what was shown, beside questions and headlines that look like it."""

from __future__ import annotations

import pytest

from bot.flows.wording.of_shown import of_shown, to_brief
from bot.flows.wording.said import LAST, Said

SAID = {
    Said(
        act="less"
    ): "less of that | fewer stories like this, please | no more like this | 以后少看这类 | 别老给我看这种",
    Said(
        act="less", number=2
    ): "less like number 2 | 第二条这样的少一点 | mute the second one | 屏蔽第二条 | 把第二条屏蔽掉",
    Said(act="more"): "more like this | I want more of that | similar stories to this | 多来点这样的 | 多推送这类新闻",
    Said(act="more", number=1): "more like number 1 | show me more like the first one | 多来点第一条那样的",
    Said(
        act="dislike"
    ): "not interested in this | this is boring | bad answer | I couldn't care less about this | I've had enough of it"
    " | 不感兴趣 | 这条没意思 | 回答得不好",
    Said(act="dislike", number=2): "I don't like the second one | not interested in number 2 | 第二条不喜欢",
    Said(act="wrong"): "that's wrong | this is not correct | wrong answer | 说错了 | 你答错了",
    Said(act="like"): "great answer | nice one, I like it | that's a great summary | that was helpful | this is great"
    " | 回答得很好 | 有意思",
    Said(act="like", number=3): "the third one is great | I like number 3 | 第三条不错 | 我喜欢第三条",
    Said(act="undo"): "undo | take that back | oops, undo that | 撤销 | 撤回刚才的",
    Said(act="next"): "next | more | show me more | anything else? | 下一页 | 还有吗？ | 再来几条",
    Said(act="brief", number=3): "Tell me more about the third one | number 3 | 第三条详细说说 | 说说第三条",
    Said(act="brief", number=LAST): "tell me more about the last one | 最后一条详细说说",
    Said(act="open", number=2): "open the second source | open number 2 | 打开第二条 | 点开第二条看看 | 第二条的原文",
    Said(
        act="why", number=2
    ): "why did you show me number 2? | how come you showed me number 2? | 为什么给我看第二条？",
    Said(act="more", number=4): "more like article 4 | more like no. 4 | 多来点第四条那样的",
    Said(act="open", number=5): "open article 5 | open no 5 | 打开5号",
    Said(act="brief", number=4): "tell me about article number 4 | brief me on the fourth one | 第四条是什么",
    Said(act="follow", number=2): "follow the second one | 关注第二条 | 第二条帮我关注一下",
}


@pytest.mark.parametrize(
    ("said", "text"), [(said, text) for said, texts in SAID.items() for text in texts.split(" | ")]
)
def test_what_is_said_of_what_was_shown_names_which_of_it(said: Said, text: str) -> None:
    assert of_shown(text) == said


@pytest.mark.parametrize(
    "text",
    [
        "That's wrong, says minister of reports on cuts",
        "Is that wrong?",
        "More like a siege than a strike, says union",
        "more about the third runway",
        "tell me about the second dam",
        "The first one to land on the moon",
        "Number 10 denies plan to raise taxes",
        "Open letter from 200 scientists",
        "Why is the first railway line closed?",
        "any more casualties in the quake?",
        "what's next for the talks?",
        "Boring Company wins contract",
        "I like football",
        # So people say that they have heard, of whatever news.
        "That's great",
        "ok, that's nice, thanks",
        "it's perfect",
        "第二条地铁线什么时候开通？",
        "打开国门后游客增加了多少？",
        "还有人被困吗？",
        "更多城市放开限购",
        "没意思？年轻人为何不看春晚",
        "为什么推荐这条路线的专家辞职？",
        "撤销判决",
        "宪法第一条说的是什么",
        "我喜欢足球",
    ],
)
def test_a_question_is_none(text: str) -> None:
    assert of_shown(text) is None


NUMBERED = (
    "What is Article 5 about? | Explain Article 3 | Follow Article 23 | No 10? | No one | No. 10 is wrong | 5号 | 10号"
    " | 说说5号 | explain no 2 | Article 9 | 2号怎么回事 | 说说5条新闻"
)
"""Things in the news have numbers, too, and days."""
OF_NEWS = (
    "那好吧 | 那太好了 | 那不行 | 不要这样 | Great news | That's terrible | bad news | good story | 这太好了 | 那就好"
    " | 别这样"
)
"""What is said of the news, or of nothing, is no praise or blame of an answer."""
OF_SOURCES = "不要第2个来源 | 不要2号来源 | 删除第三个来源"
"""A source has its number in another list."""


@pytest.mark.parametrize("text", [text for texts in (NUMBERED, OF_NEWS, OF_SOURCES) for text in texts.split(" | ")])
def test_what_has_a_number_of_its_own_or_praises_no_answer_is_none(text: str) -> None:
    assert of_shown(text) is None


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("brief the tunnel", "the tunnel"),
        ("Please brief me on chip exports.", "chip exports"),
        ("can you brief me about the ferry strike", "the ferry strike"),
        ("Brief encounter on the moor", None),
        ("brief outage hits the city", None),
        ("brief me on the news", None),
        ("Did they brief the minister?", None),
    ],
)
def test_a_page_is_asked_for_as_by_the_command(text: str, topic: str | None) -> None:
    assert to_brief(text) == topic

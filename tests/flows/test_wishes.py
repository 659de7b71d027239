from __future__ import annotations

import time

import pytest

from bot.flows.wishes import about, wish
from bot.flows.wording.wished import Newest, Word
from storage.domain.dialogue import Remark

NEWS = """
What's the news? | any news today? | what's happening | latest headlines | news | headlines | What is new?
the latest
what's new today | Whats happening in the world? | Hi, what's the news? | Hello! Any news? | tell me the news
show me the latest news please | can you give me today's headlines | top stories | breaking news
What happened today?
what did I miss | catch me up | any updates? | what's going on | What’s going on right now? | is there any news
Give me the top headlines this morning | what are the latest headlines | is there any breaking news today?
news please
anything new? | today's news | What is in the news today? | so, what's new? | recent news | NEWS!!! | 📰 news?
有什么新闻 | 今天有什么新闻 | 最新消息 | 今天有什么新闻？ | 最近有什么新闻吗 | 新闻 | 头条 | 今日头条 | 最新新闻
有新闻吗
有没有什么新消息 | 今天发生了什么事 | 最近发生了什么大事？ | 给我看看最新的新闻 | 请告诉我今天的新闻
你好，今天有什么新闻？
说说今天的要闻 | 有什么新鲜事 | 现在有什么热点 | 来点新闻 | 帮我看看有什么新消息 | 今天有啥新闻 | 都有哪些新闻
世界上发生了什么
"""
TOPICS = """
any news about chips? > chips | news about the rail strike > rail strike | latest on Sarenia > Sarenia
What's the latest on the ferries? > ferries | what's happening in Norvale > Norvale | chip news > chip
What's new with Brightwater? > Brightwater | sports news today > sports | any news from Tanholm > Tanholm
latest news on the central bank > central bank | Show me news about batteries > batteries
updates on Heron > Heron
tell me the latest about the typhoon > typhoon | technology headlines > technology | any news on AI today > AI
芯片方面有什么新闻 > 芯片 | 芯片新闻 > 芯片 | 有什么芯片方面的新闻 > 芯片 | 有关于地铁的新闻吗 > 地铁
体育新闻 > 体育
关于台风的最新消息 > 台风 | 台风最新消息 > 台风 | 澜州最近有什么新闻 > 澜州 | 今天的科技新闻有哪些 > 科技
青禾机器人最新动态 > 青禾机器人 | 地铁4号线有什么最新进展 > 地铁4号线 | 最近有什么关于彗星的消息 > 彗星
国际新闻 > 国际
给我看看霖屿的新闻 > 霖屿 | 有没有人工智能的新闻 > 人工智能
"""
WORDS = {
    Remark.GREETING: """
hi | Hello | hey there | good morning | Hello! | How are you? | hi, how are you | what's up | 你好 | 您好！
你好呀 | 早上好 | 在吗
""",
    Remark.THANKS: """
thanks | thank you! | Thanks a lot | ok thanks | great, thanks | Thank you for your help | ok | 谢谢 | 谢谢你！
好的，谢谢 | 多谢
""",
    Remark.FAREWELL: "bye | good night | See you later | thanks, bye | 谢谢，再见 | 再见 | 拜拜 | 晚安",
    Remark.ABOUT: """
who are you | Who are you? | what can you do | help | what do you do? | how does this work? | are you a bot
what can I ask you
who made you? | 你是谁 | 你能做什么？ | 你会什么 | 你有什么功能 | 你叫什么名字 | 你可以帮我做什么 | 怎么用
帮助 | 你是机器人吗 | 我可以问什么
""",
}
QUESTIONS = """
Who builds the ferries for Lake Oster? | What did the news agency say? | Who broke the news about the strike?
What happened in Kestrel Bay? | What was the latest inflation figure? | When was the latest version released?
What is the latest version of Heron? | Thanks, and who paid for it? | Hello, who won the Lakes Cup? | Who is he
What's new in version 4.0? | How many news outlets covered it? | Which newspaper reported the story? | why
What is Fox News accused of? | Who is the CEO of News Corp? | Can you tell me who won?
What did the mayor do today?
Is the news that Varga won true? | How do vaccines work? | What can the snail do? | What happened next
what happened
What are the headlines of the report by the bank? | tell me more | and what was the magnitude?
ok and the price?
Who made the announcement? | What's the price? | How is the crown doing? | What's happening to mortgage rates?
is there a vaccine | what is the news conference about | What can Heron do? | the strike | Who are the authors?
新闻发布会在哪里举行？ | 谁发布了这条消息 | 地铁4号线的最新票价是多少 | 这条新闻是谁写的
最新消息显示死亡人数是多少 | 票价多少？
台风造成多少人受伤？ | 你知道谁赢了吗 | 什么时候开通 | 为什么 | 还有谁 | 发生了什么变化 | 地震发生了什么影响
消息是谁透露的
4号线有多少座车站 | 谢谢，那票价呢 | 你好，地铁什么时候开通 | 最新的版本是什么 | 他是谁 | 竹简有什么功能
小满能做什么
谁开发了竹简 | 好的那票价呢 | 有什么影响 | 新闻联播几点开始 | 有没有人员伤亡 | 哪家公司有什么新产品
"""


def phrasings(table: str) -> list[str]:
    return [text.strip() for line in table.strip().splitlines() for text in line.split("|")]


@pytest.mark.parametrize("text", phrasings(NEWS))
def test_who_asks_for_the_news_wants_the_newest_of_all(text: str) -> None:
    wished = wish(text)

    assert isinstance(wished, Newest)
    assert wished.topic == ""
    assert wished.language == ("en" if text.isascii() or "’" in text or "📰" in text else "zh")


@pytest.mark.parametrize(
    ("text", "hottest"),
    [
        ("what's going on?", True),
        ("What's hot?", True),
        ("top stories", True),
        ("what did I miss", True),
        ("what's new?", False),
        ("any news?", False),
        ("现在有什么热点", True),
        ("最近发生了什么大事？", True),
        ("有什么新闻", False),
        ("最新消息", False),
    ],
)
def test_who_asks_what_is_going_on_wants_what_most_tell_of(text: str, hottest: bool) -> None:
    wished = wish(text)

    assert isinstance(wished, Newest)
    assert wished.hottest is hottest


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("What is hot in science?", "science"),
        ("what's hot right now in health", "health"),
        ("Hot news in sport, please", "sport"),
        ("Top science stories", "science"),
        ("What's going on in technology?", "technology"),
        ("What happened in sport this week?", "sport"),
        ("what has been going on in the world of science lately", "science"),
        ("体育有什么热点？", "体育"),
        ("有什么体育热点？", "体育"),
        ("有没有科技方面的热点", "科技"),
        ("今天的科技热点", "科技"),
        ("财经方面有什么热门新闻吗", "财经"),
    ],
)
def test_who_asks_what_is_hot_in_a_subject_wants_what_most_tell_of_in_it(text: str, topic: str) -> None:
    assert wish(text) == Newest(topic=topic, language="en" if text.isascii() else "zh", hottest=True)


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("What should I read about chips?", "chips"),
        ("what can I read on the Lake Oster ferries", "Lake Oster ferries"),
        ("关于芯片出口我该读什么？", "芯片出口"),
        ("我该看哪些关于芯片出口的文章", "芯片出口"),
    ],
)
def test_who_asks_what_to_read_about_something_wants_the_newest_of_that(text: str, topic: str) -> None:
    assert wish(text) == Newest(topic=topic, language="en" if text.isascii() else "zh")


@pytest.mark.parametrize("text", ["What is hot in a volcano?", "Why is the hot tub in the news?", "热水器为什么爆炸"])
def test_what_is_no_subject_is_not_taken_for_one(text: str) -> None:
    assert not isinstance(wish(text), Newest)


@pytest.mark.parametrize(("text", "topic"), [text.split(" > ") for text in phrasings(TOPICS)])
def test_who_asks_for_news_of_something_wants_the_newest_of_that(text: str, topic: str) -> None:
    wished = wish(text)

    assert isinstance(wished, Newest)
    assert wished.topic == topic


@pytest.mark.parametrize(
    ("text", "remark"), [(text, each) for each, table in WORDS.items() for text in phrasings(table)]
)
def test_who_speaks_to_the_bot_is_told_from_who_asks(text: str, remark: Remark) -> None:
    wished = wish(text)

    assert isinstance(wished, Word)
    assert wished.remark is remark


@pytest.mark.parametrize("text", [*phrasings(QUESTIONS), "", "?!", "1", "news " * 40])
def test_a_question_is_no_wish(text: str) -> None:
    assert wish(text) is None


@pytest.mark.parametrize(
    "unit", ["有什么", "news about ", "the latest ", "最新的", "请看看", "hi ", "最近有什么新的", "a "]
)
def test_a_repetitive_text_is_read_quickly(unit: str) -> None:
    start = time.process_time()

    wish((unit * 120)[:120])

    assert time.process_time() - start < 10


@pytest.mark.parametrize(
    ("text", "left", "topic"),
    [
        ("what happened yesterday?", "what happened ?", ""),
        ("yesterday's news", "'s news", ""),
        ("what was in the news on Friday?", "what was in the news ?", ""),
        ("news in Chinese", "news in", ""),
        ("latest news about chips in Chinese", "latest news about chips in", "chips"),
        ("AI news from last week", "AI news", "AI"),
        ("中文新闻", "新闻", ""),
        ("最近两三天的新闻", "的新闻", ""),
        ("昨天的科技新闻", "的科技新闻", "科技"),
        ("来自清河社的新闻", None, "清河社"),
    ],
)
def test_what_bounds_the_news_is_no_part_of_their_topic(text: str, left: str | None, topic: str) -> None:
    wished = wish(text, left)

    assert isinstance(wished, Newest)
    assert wished.topic == topic


@pytest.mark.parametrize("left", ["What happened in Kestrel Bay?", "happened", "who won?"])
def test_a_time_makes_no_wish_of_a_question(left: str) -> None:
    assert wish(f"{left} yesterday", left) is None


def test_a_topic_is_put_as_a_wish_that_is_of_it() -> None:
    assert wish(about("new chips")) == Newest(topic="new chips", language="en")
    assert wish(about("芯片")) == Newest(topic="芯片", language="zh")


def test_a_time_said_over_and_over_is_read_to_its_end() -> None:
    # In all the ways that it may be taken apart that would not be before the test's time is over.
    assert wish("今天的" * 400) is None

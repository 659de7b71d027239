"""Wishes for the newest stories, and words with the bot itself, in Chinese. Pure."""

from __future__ import annotations

import re

from bot.flows.wording.vocabulary import SUBJECTS, any_of
from bot.flows.wording.wished import Newest, Wish, Word
from storage.domain.dialogue import Remark

_MOST_TOPIC_CHARACTERS = 14
# Commas and the like within a wish separate its parts and say nothing.
_WITHIN_ZH = re.compile(r"[，、,；;！!？?。.…~～\s]+")

_HELLO_ZH = "(?:你好|您好|嗨|哈喽|哈啰|喂|早上好|早安|上午好|中午好|下午好|晚上好|大家好|hi|hello)[呀啊哦吗]?"
_PLEASE_ZH = (
    "(?:请问?|麻烦你?|那么?|能不能|能否|可以|可否|能|帮我?|给我?|为我|替我|跟我|和我|我想(?:要)?|我要|想|"
    "(?:看一?看|看|知道|了解(?:一下)?|听听|听|查一?查|查(?:一下)?|搜(?:一下)?|找(?:一下)?|告诉我?|说一?说|讲一?讲|"
    "介绍(?:一下)?|"
    "播报(?:一下)?|推送?|来(?:点|一?些|几条|(?!自))|汇报(?:一下)?|总结(?:一下)?|列出|一下))"
)
_TIME_ZH = (
    "(?:今天|今日|今早|今晚|昨天|昨日|现在|当前|目前|刚刚|刚才|最近|近期|近来|近日|这几天|这两天|这些天|本周|这周|"
    "这一周|这个月|"
    "本月|过去一周|过去24小时|早上|晚上)的?"
)
_NEWEST_ZH = (
    "(?:最新|最近|新|最?重要|最?重大|重点|最?热门?|热点|最?火|最受关注|大|头条|今天|今日|当天|其他|别的|更多|几条"
    "|一些|好玩|有趣|值得关注)的?"
)
_NEWS_ZH = (
    "(?:新闻|消息|要闻|头条|资讯|快讯|动态|进展|报道|时事|新鲜事|大事|事情|事儿?|情况|热点|热搜|头条新闻|新闻头条|"
    "新闻摘要)"
)
_PLAIN_NEWS_ZH = "(?:新闻|消息|要闻|资讯|快讯|动态|进展|报道|头条)"
_HAS_ZH = "(?:都|又|还)?(?:有没有|有无|有|出了|发生了|发生过|发生)"
_WHAT_ZH = "(?:什么样的?|什么|啥|哪些|哪几条|任何|些什么|些|多少)"
_END_ZH = "(?:吗|么|呢|啊|呀|吧|没有|没|了|给我|看看|一下)*"
_WORLD_ZH = "(?:世界上?|全球|外面|新闻里|新闻上)?"

_LATEST_ZH = re.compile(
    f"{_WORLD_ZH}(?:{_TIME_ZH})*{_WORLD_ZH}(?:"
    f"{_HAS_ZH}(?:{_WHAT_ZH})?(?:{_NEWEST_ZH})*{_NEWS_ZH}"
    f"|(?:{_WHAT_ZH})?(?:{_NEWEST_ZH})*{_PLAIN_NEWS_ZH}(?:有哪些|是什么|都有什么|如何|怎么样)?"
    "|(?:都)?(?:发生|出)了?(?:些)?(?:什么|啥)(?:新鲜|大)?(?:事情|事儿|事)?|(?:有|都有)(?:什么|啥)(?:新鲜|新|"
    "大)?(?:事情|事儿|事|的)"
    "|(?:今日|最新|当前|最近)?的?(?:热点|热搜|要闻)(?:有哪些|是什么|有什么)?|(?:世界|全球)(?:怎么样|发生了什么)|我错过了什么|最?(?:热门?|火)的?(?:话题)?(?:都)?(?:是|有)(?:什么|啥"
    f"|哪些)){_END_ZH}"
)
_HOTTEST_ZH = re.compile("热|火|受关注|大事|头条|要闻|重[大要点]|发生|错过|怎么样")
# Of times and the like nobody names more than three; where any number may come, all ways to part them are tried.
_OF_KIND_ZH = re.compile(
    f"(?:{_TIME_ZH}){{0,3}}(?:关于|有关|就|来自)?(?P<topic>.+?)(?:方面|领域|那边|这边|圈|界|行业|相关"
    f"|有关)?的?(?:{_TIME_ZH}){{0,3}}"
    f"(?:(?:{_HAS_ZH})(?:{_WHAT_ZH})?(?:{_NEWEST_ZH}){{0,3}}{_PLAIN_NEWS_ZH}"
    f"|(?:{_NEWEST_ZH}){{1,3}}{_PLAIN_NEWS_ZH}|新闻|要闻|"
    f"资讯)"
    f"(?:有哪些|是什么|都有什么)?{_END_ZH}"
)
_HAVE_OF_ZH = re.compile(
    f"(?:{_TIME_ZH}){{0,3}}{_HAS_ZH}(?:{_WHAT_ZH})?(?:{_NEWEST_ZH}){{0,3}}(?:关于|有关|和|与|跟|涉及"
    "|来自)?(?P<topic>.+?)"
    f"(?:方面|领域|相关|有关)?的?(?:{_NEWEST_ZH}){{0,3}}{_PLAIN_NEWS_ZH}{_END_ZH}"
)
_READ_ZH = "我?(?:该|应该|可以|能)(?:看|读)(?:点|些)?"
_TO_READ_ZH = re.compile(
    f"(?:关于|有关)(?P<topic>.+?)(?:方面|领域)?的?{_READ_ZH}(?:什么|啥|哪些)(?:文章|内容)?{_END_ZH}"
)
_READ_OF_ZH = re.compile(
    f"{_READ_ZH}(?:什么|啥|哪些)?(?:关于|有关)(?P<topic>.+?)(?:方面|领域)?的?(?:新闻|文章|内容)?{_END_ZH}"
)
_HOT_SUBJECT_ZH = re.compile(
    f"(?:{_TIME_ZH})*(?:{_HAS_ZH}(?:{_WHAT_ZH})?)?(?:关于|有关)?"
    f"(?P<topic>{any_of(word for word in SUBJECTS if not word.isascii())})"
    f"(?:方面|领域|圈|界|类|新闻)?的?(?:{_TIME_ZH})*(?:{_HAS_ZH}(?:{_WHAT_ZH})?)?最?热?门?的?"
    f"(?:热点|热门|热搜|热的|火的|要闻|头条|大事)的?(?:{_NEWS_ZH})?(?:有哪些|是什么|都有什么)?{_END_ZH}"
)
_NO_TOPIC_ZH = re.compile(
    "谁|多少|哪|何|几|怎|为什么|什么|吗|呢|是|说|称|发布|举行|这条|那条|这个|那个|这则|这些|它|他|她|记者|通讯|假|"
    "虚假|第一|"
    "有没有|不|没|了|新闻|消息|报道|据|显示|表示|指出|看|读|写|吧|[，。]"
)

_WORDS_ZH: tuple[tuple[Remark, re.Pattern[str]], ...] = (
    (
        Remark.GREETING,
        re.compile(f"(?:{_HELLO_ZH})+(?:机器人|小助手)?|在吗|在不在|你好吗|最近好吗|很高兴认识你|有人吗|测试"),
    ),
    (
        Remark.THANKS,
        re.compile(
            "(?:好的|好|太好了|非常|十分|太|真是)?(?:谢谢|感谢|多谢|谢啦|谢了|辛苦了|辛苦|谢)(?:你|您|啦|了|你的帮助|"
            "你的回答|哦|啊)*"
            "|(?:那就?|那么)?(?:好的?|好吧|太好了|行)吧?|知道了|明白了?|了解了?|收到|不错|很好|真棒|太好了|可以|行|嗯+|哦+|原来如此"
        ),
    ),
    (
        Remark.FAREWELL,
        re.compile(
            "(?:好的?|(?:谢谢|多谢|感谢)[你您了啦]?|嗯)*(?:再见|拜拜|拜|晚安|回头见|下次见|明天见|走了|先这样)(?:了|啦|吧)?"
        ),
    ),
    (
        Remark.ABOUT,
        re.compile(
            "(?:请问)?(?:你|您)(?:到底)?(?:是谁|是什么|是干什么的|是做什么的|叫什么(?:名字)?|是(?:一个)?(?:机器人|"
            "真人|人|人工智能|AI|ai)吗?|"
            "(?:能|可以|会|都会|都能)(?:帮我?|为我|替我)?(?:做|干|回答|告诉我|提供)?(?:些|点)?(?:什么|啥|"
            "哪些)(?:事情?|问题|忙|功能|服务)?|"
            "有(?:什么|哪些|啥)(?:功能|用|本事|能力)|的?功能(?:是什么|有哪些)?|怎么(?:用|使用|工作)|"
            "是怎么工作的)[呢啊呀]?"
            "|(?:请)?(?:自我介绍|介绍一下你自己|介绍你自己|做个自我介绍)(?:一下)?|(?:这个)?(?:机器人)?(?:怎么用|"
            "如何使用|怎么使用|使用说明|有什么用)"
            "|我(?:能|可以|该|应该)(?:问|问你|做)(?:些|点)?(?:什么|啥|哪些问题)|(?:使用)?帮助|帮帮我|帮我|帮忙|"
            "谁(?:开发|制作|做|创造)了?(?:的)?你的?"
            "|(?:你的)?(?:新闻|消息|信息)(?:是)?(?:从)?哪里?来的"
        ),
    ),
)


def wish_zh(bare: str) -> Wish | None:
    """The wish that a text is, without what stands at its edges; `None` where it is a question."""
    said = _WITHIN_ZH.sub("", bare)
    for remark, pattern in _WORDS_ZH:
        if pattern.fullmatch(said):
            return Word(remark=remark, language="zh")
    for text in _openings_zh(said):
        if _LATEST_ZH.fullmatch(text):
            return Newest(topic="", language="zh", hottest=bool(_HOTTEST_ZH.search(text)))
        if found := _HOT_SUBJECT_ZH.fullmatch(text):
            return Newest(topic=found["topic"], language="zh", hottest=True)
    for text in reversed(list(_openings_zh(said))):
        for pattern in (_TO_READ_ZH, _READ_OF_ZH, _HAVE_OF_ZH, _OF_KIND_ZH):
            found = pattern.fullmatch(text)
            if found and _is_topic_zh(topic := found["topic"].removesuffix("的")):
                return Newest(topic=topic, language="zh")
    return None


_OPENING_ZH = re.compile(f"{_HELLO_ZH}|{_PLEASE_ZH}")


def _openings_zh(said: str) -> list[str]:
    """The text as it is, then without one word of politeness in front after the other."""
    texts = [said]
    while opening := _OPENING_ZH.match(texts[-1]):
        texts.append(texts[-1][opening.end() :])
    return texts


def _is_topic_zh(topic: str) -> bool:
    return 1 < len(topic) <= _MOST_TOPIC_CHARACTERS and not _NO_TOPIC_ZH.search(topic)

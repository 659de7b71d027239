"""What is wished for where no question is asked: the newest stories, or a word with the bot itself.

By rules over the whole text, in English and Chinese: a text that holds anything else besides is a question and is left
to the search. Pure; knows nothing of how a wish is met.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Literal

from bot.flows.wording.vocabulary import SUBJECTS, any_of, subject_named
from storage.domain.dialogue import Remark
from storage.domain.scripts import CJK

_LONGEST = 120
"""Characters. No wish takes more, so no pattern is tried on more."""
_MOST_TOPIC_WORDS = 6
_MOST_TOPIC_CHARACTERS = 14


@dataclass(frozen=True, slots=True, kw_only=True)
class Newest:
    """The newest stories, of `topic` where it is not empty; the `hottest` before the newest, where that is meant.

    Of a topic, only where it is one of the subjects that news are sorted by.
    """

    topic: str
    language: Literal["en", "zh"]
    hottest: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """Something said to the bot rather than asked of the news."""

    remark: Remark
    language: Literal["en", "zh"]


Wish = Newest | Word

_HAN = re.compile(f"[{CJK}]")
_EDGES = re.compile(r"^[\W_]+|[\W_]+$")
_SPACES = re.compile(r"\s+")
_APOSTROPHE = re.compile("[’`´]")
# Commas and the like within a wish separate its parts and say nothing.
_WITHIN_EN = re.compile(r"[,;:!?.…]+(?=\s|$)|\s[–—-]+\s")
_WITHIN_ZH = re.compile(r"[，、,；;！!？?。.…~～\s]+")
# What related a time or a language to the news and stays behind when it is taken out.
_DANGLING_EN = re.compile(
    r"^['’]s\b\s*|(?:\s+(?:in|from|on|of|for|about|during|the)){1,4}(?=(?:\s+please)?\W*$)", re.IGNORECASE
)
_DANGLING_ZH = re.compile("^[的，, ]+")
_HAPPENED_EN = re.compile(
    r"(?:(?:so|and) )?what(?:'s|’s| else| has| all| was| is){0,2} (?:happen(?:ed|ing|s)|(?:been )?going on|new|"
    r"(?:been )?(?:in|on) the news)(?: (?:in|around) the world)?"
)


def wish(text: str, left: str | None = None) -> Wish | None:
    """The wish that all of `text` is, or `None` where it is a question.

    Args:
        text: What the reader wrote.
        left: `text` without the times and languages that were read from it, which say nothing of the topic; `None`
            where none were. "What happened" asks for the news where it had one.
    """
    if len(text) > _LONGEST:
        return None
    asked = _wish(text)
    if left is None or isinstance(asked, Word):
        return asked
    rest = _DANGLING_ZH.sub("", _DANGLING_EN.sub("", left)).strip()
    of_rest = _wish(rest)
    if isinstance(of_rest, Newest):
        return of_rest
    if _HAPPENED_EN.fullmatch(_EDGES.sub("", rest).lower()):
        return Newest(topic="", language=_language(text), hottest=True)
    if isinstance(asked, Newest) and asked.topic not in left:
        return replace(asked, topic="")
    return asked


def about(topic: str) -> str:
    """A topic put as a wish for its news."""
    return f"{topic}的新闻" if _language(topic) == "zh" else f"news about {topic}"


def _wish(text: str) -> Wish | None:
    bare = _EDGES.sub("", text)
    return _wish_zh(bare) if _language(bare) == "zh" else _wish_en(bare)


def _language(text: str) -> Literal["en", "zh"]:
    return "zh" if _HAN.search(text) else "en"


# English

_HELLO = (
    r"(?:hi|hiya|hello|hey|howdy|greetings|good (?:morning|afternoon|evening|day)|dear)(?: there| bot| tidings| all)?"
)
_PLEASE = (
    r"(?:please |so |ok(?:ay)? |now |well |and |(?:can|could|would|will) you (?:please )?|(?:just )?(?:tell|show|"
    r"give|send|"
    r"bring|get|read) me (?:about |up on )?|let me (?:see|hear|know) (?:about )?|i(?:'d| would) (?:like|love) "
    r"(?:to (?:see|hear|know|read) )?|i (?:want|need) (?:to (?:see|hear|know|read) )?|do you (?:have|know)(?: of)? |"
    r"have you(?: got)? |got |what about |how about |update me on )"
)
_TIME_EN = (
    r"(?:right now|at the moment|these days|nowadays|so far(?: today)?|lately|recently|currently|for me|for today|"
    r"please|"
    r"out there|around (?:here|the world)|in the (?:world|news)|today|tonight|now|this (?:morning|afternoon|evening|"
    r"week)|"
    r"(?:in |over |from )?the (?:last|past) (?:few )?(?:hours?|days?|week|24 hours))"
)
_NEWEST_EN = r"(?:latest|newest|most recent|recent|current|new|top|main|big|biggest|breaking|today's|this week's|fresh)"
_HOT_EN = r"(?:hot|hottest|trending|top|main|biggest|big|most important)"
_NEWS_EN = r"(?:news|headlines?|stories|updates?|news (?:stories|items|updates|headlines)|developments)"
_SOME_EN = r"(?:any(?: of)?|some|the|all(?: of)? the|your|a few|more|any more|a|an|any other|other)"
_A_LOT_OF_NEWS = (
    rf"(?:(?:is|are) there |there(?:'s| is) )?(?:{_SOME_EN} )?(?:{_NEWEST_EN} ){{0,3}}{_NEWS_EN}|"
    "the (?:latest|newest)|latest"
)
_WHATS = r"(?:what'?s|what is|what are|whats|what has been)"
_ABOUT_EN = r"(?:about|on|regarding|concerning|from|in|for|around|with|relating to|related to)"

_LATEST_EN = re.compile(
    rf"(?:{_A_LOT_OF_NEWS}|{_WHATS} (?:{_A_LOT_OF_NEWS}|new|happening|going on|up in the world|on the news|"
    rf"in the news|hot|"
    r"trending)|what(?:'s| has) (?:been )?(?:happened|happening|going on)|what happened"
    r"(?= today| this| lately| recently| in the world)|what did i miss|what have i missed|anything (?:new|happening|"
    r"interesting|going on)"
    rf"|catch me up|fill me in|bring me up to date|news please|headlines)(?: {_TIME_EN})*"
)
# What most tell of is meant, rather than what came last.
_HOTTEST_EN = re.compile(
    r"\b(?:hot|trending|going on|happen(?:ing|ed)|top|main|big|biggest|headlines?|up in the world|miss(?:ed)?|catch me|"
    r"fill me|bring me)\b"
)
_TOPICAL_EN = re.compile(
    rf"(?:(?:{_WHATS} )?(?:{_A_LOT_OF_NEWS})(?: {_TIME_EN})? {_ABOUT_EN}|{_WHATS} (?:new|happening|going on) "
    rf"(?:with|about|on|in|at|around)|anything (?:new|happening|going on) (?:with|about|on|in|at)|catch me up on|"
    rf"what (?:should|can|could|shall) i read (?:about|on)|"
    rf"(?:is |are )?(?:there )?anything (?:new )?(?:in the news )?about) (?P<topic>.+?)(?: {_TIME_EN})*"
)
_HOT_SUBJECT_EN = re.compile(
    rf"(?:{_WHATS} |(?:is |are )?there )?(?:{_SOME_EN} )?{_HOT_EN}(?: {_TIME_EN})?(?: {_NEWS_EN}| topics)?"
    rf"(?: {_TIME_EN})? (?:{_ABOUT_EN} )?(?:the )?(?P<topic>[a-z]+)(?: {_NEWS_EN}| topics)?(?: {_TIME_EN})*"
)
_OF_KIND_EN = re.compile(
    rf"(?:{_WHATS} )?(?:(?:is|"
    rf"are) there )?(?:{_SOME_EN} )?(?:{_NEWEST_EN} )?(?P<topic>[\w'&/-]+(?: [\w'&/-]+){{0,2}}) "
    rf"(?:news|headlines)(?: {_TIME_EN})*"
)
_NO_TOPIC_EN = re.compile(
    r"\b(?:who|whom|whose|what|when|where|why|which|how|whether|if|is|are|was|were|does|did|do|has|have|will|would|"
    r"said|"
    r"says?|it|that|this|they|he|she|him|her|them|broke|reads?|writes?|watch|fake|good|bad|the|a)\b"
)
# "What's new in version 4.0?" asks what the story says.
_VERSION_EN = re.compile(r"\bversion\b|\d\.\d")
_TIME_ONLY_EN = re.compile(rf"(?:the )?{_TIME_EN}|(?:the )?(?:world|news)|yesterday|me")
_ARTICLE_EN = re.compile(r"^(?:the|a|an|all|any|some) ")

_WORDS_EN: tuple[tuple[Remark, re.Pattern[str]], ...] = (
    (
        Remark.GREETING,
        re.compile(
            rf"(?:{_HELLO} ?)+(?:how are you(?: doing)?(?: today)?|how(?:'s| is) it going|what'?s up|"
            rf"nice to meet you)?|"
            r"how are you(?: doing)?(?: today)?|how(?:'s| is) it going|(?:nice|pleased) to meet you|what'?s up|sup|yo|"
            r"(?:are you|anybody|anyone) (?:there|awake|home)|test(?:ing)?|/?start"
        ),
    ),
    (
        Remark.THANKS,
        re.compile(
            r"(?:ok(?:ay)? |great |cool |perfect |nice |good |ah |oh |wow |no )?(?:many |a lot of )?"
            r"(?:thanks|thank you|thx|ty|cheers|much appreciated|thank u)"
            r"(?: (?:a lot|so much|very much|a million|again|bot|tidings|for (?:your|the) (?:help|answer|information)|"
            r"for that|that(?:'s| is) (?:all|helpful)|that helps|for helping))*"
            r"|ok(?:ay)?|great|cool|nice|perfect|awesome|got it|i see|understood|good (?:bot|job|answer|to know)|"
            r"well done|"
            r"interesting|very good|all right|alright"
        ),
    ),
    (
        Remark.FAREWELL,
        re.compile(
            r"(?:ok(?:ay)? )?(?:good ?bye|bye(?: bye)?|see (?:you|ya)(?: later| soon)?|good ?night|farewell|take care|"
            r"until (?:tomorrow|later)|cya)(?: bot| tidings| then)?"
        ),
    ),
    (
        Remark.ABOUT,
        re.compile(
            r"(?:so )?(?:who|what) (?:exactly )?(?:are|r) (?:you|u)|what(?:'s| is) (?:your name|tidings|"
            r"this(?: bot)?)|"
            r"what do you do|introduce yourself|tell me about (?:yourself|you)|who (?:made|built|created|wrote|"
            r"runs) you|"
            r"are you (?:a |an )?(?:bot|robot|human|person|real|real person|ai|machine|chatgpt|gpt|an llm|llm)|"
            r"what (?:all )?can (?:you|u|this bot|i) (?:do|answer|tell me|help(?: me)? with|"
            r"ask(?: you)?)(?: (?:for me|here|about))?|"
            r"what are you (?:for|able to do|capable of)|what should i ask(?: you)?|what can i (?:ask|say|do)|"
            r"how (?:do|does|can) (?:you|this|it|i use you|this bot|tidings)(?: bot)?(?: work| help(?: me)?)?|"
            r"how (?:do|can) i use (?:you|this|this bot|it)|(?:can|could) you help(?: me)?|help(?: me)?(?: please)?|"
            r"where do(?:es)? you(?:r news|r answers|r information)? (?:get your news|come)(?: from)?|i need help"
        ),
    ),
)


def _wish_en(bare: str) -> Wish | None:
    said = _SPACES.sub(" ", _WITHIN_EN.sub(" ", _APOSTROPHE.sub("'", bare))).strip()
    lowered = said.lower()
    for remark, pattern in _WORDS_EN:
        if pattern.fullmatch(lowered):
            return Word(remark=remark, language="en")
    said = _without_opening(said)
    lowered = said.lower()
    if _LATEST_EN.fullmatch(lowered):
        return Newest(topic="", language="en", hottest=bool(_HOTTEST_EN.search(lowered)))
    if (found := _HOT_SUBJECT_EN.fullmatch(lowered)) and subject_named(found["topic"]):
        return Newest(topic=said[slice(*found.span("topic"))], language="en", hottest=True)
    for pattern in (_TOPICAL_EN, _OF_KIND_EN):
        found = pattern.fullmatch(lowered)
        if found:
            topic = _ARTICLE_EN.sub("", said[slice(*found.span("topic"))])
            if _TIME_ONLY_EN.fullmatch(topic.lower()):
                return Newest(topic="", language="en")
            if _is_topic_en(topic.lower()):
                hottest = bool(_HOTTEST_EN.search(lowered)) and subject_named(topic) is not None
                return Newest(topic=topic, language="en", hottest=hottest)
    return None


_OPENING_EN = re.compile(rf"{_HELLO} |{_PLEASE}", re.IGNORECASE)


def _without_opening(said: str) -> str:
    """Without the greeting and the words of politeness in front."""
    while opening := _OPENING_EN.match(said):
        said = said[opening.end() :]
    return said


def _is_topic_en(topic: str) -> bool:
    if _VERSION_EN.search(topic):
        return False
    return len(topic.split()) <= _MOST_TOPIC_WORDS and not _NO_TOPIC_EN.search(topic.partition(" the ")[0])


# Chinese

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
    "(?:最新|最近|新|重要|重大|重点|热门|热点|大|头条|今天|今日|当天|其他|别的|更多|一些|好玩|有趣|值得关注)的?"
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
    f"|(?:世界|全球)(?:怎么样|发生了什么)|我错过了什么){_END_ZH}"
)
_HOTTEST_ZH = re.compile("热|大事|头条|要闻|重[大要点]|发生|错过|怎么样")
_OF_KIND_ZH = re.compile(
    f"(?:{_TIME_ZH})*(?:关于|有关|就|来自)?(?P<topic>.+?)(?:方面|领域|那边|这边|圈|界|行业|相关|有关)?的?(?:{_TIME_ZH})*"
    f"(?:(?:{_HAS_ZH})(?:{_WHAT_ZH})?(?:{_NEWEST_ZH})*{_PLAIN_NEWS_ZH}|(?:{_NEWEST_ZH})+{_PLAIN_NEWS_ZH}|新闻|要闻|"
    f"资讯)"
    f"(?:有哪些|是什么|都有什么)?{_END_ZH}"
)
_HAVE_OF_ZH = re.compile(
    f"(?:{_TIME_ZH})*{_HAS_ZH}(?:{_WHAT_ZH})?(?:{_NEWEST_ZH})*(?:关于|有关|和|与|跟|涉及|来自)?(?P<topic>.+?)"
    f"(?:方面|领域|相关|有关)?的?(?:{_NEWEST_ZH})*{_PLAIN_NEWS_ZH}{_END_ZH}"
)
_READ_ZH = "我?(?:该|应该|可以|能)(?:看|读)(?:点|些)?"
_TO_READ_ZH = re.compile(
    f"(?:关于|有关)(?P<topic>.+?)(?:方面|领域)?的?{_READ_ZH}(?:什么|啥|哪些)(?:文章|内容)?{_END_ZH}"
)
_READ_OF_ZH = re.compile(
    f"{_READ_ZH}(?:什么|啥|哪些)?(?:关于|有关)(?P<topic>.+?)(?:方面|领域)?的?(?:新闻|文章|内容)?{_END_ZH}"
)
_HOT_SUBJECT_ZH = re.compile(
    f"(?:{_TIME_ZH})*(?:关于|有关)?(?P<topic>{any_of(word for word in SUBJECTS if not word.isascii())})"
    f"(?:方面|领域|圈|界|类|新闻)?的?(?:{_TIME_ZH})*(?:{_HAS_ZH}(?:{_WHAT_ZH})?)?最?热?门?的?"
    f"(?:热点|热门|热搜|热的|要闻|头条|大事)的?(?:{_NEWS_ZH})?(?:有哪些|是什么|都有什么)?{_END_ZH}"
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
            "|好的?|好吧|知道了|明白了?|了解了?|收到|不错|很好|真棒|太好了|可以|行|嗯+|哦+|原来如此"
        ),
    ),
    (
        Remark.FAREWELL,
        re.compile("(?:好的?)?(?:再见|拜拜|拜|晚安|回头见|下次见|明天见|走了|先这样)(?:了|啦|吧)?"),
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


def _wish_zh(bare: str) -> Wish | None:
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

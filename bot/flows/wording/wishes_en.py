"""Wishes for the newest stories, and words with the bot itself, in English. Pure."""

from __future__ import annotations

import re

from bot.flows.wording.vocabulary import subject_named
from bot.flows.wording.wished import Newest, Wish, Word
from storage.domain.dialogue import Remark

_MOST_TOPIC_WORDS = 6
_SPACES = re.compile(r"\s+")
_APOSTROPHE = re.compile("[’`´]")
# Commas and the like within a wish separate its parts and say nothing.
_WITHIN_EN = re.compile(r"[,;:!?.…]+(?=\s|$)|\s[–—-]+\s")

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
_NEWEST_EN = (
    r"(?:latest|newest|most recent|recent|current|new|top|main|big|biggest|hot|hottest|most important|breaking|today's|"
    r"this week's|fresh)"
)
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
    r"interesting|going on)|what(?:'s| is) (?:everybody|everyone) talking about"
    rf"|catch me up|fill me in|bring me up to date|news please|headlines)(?: {_TIME_EN})*"
)
# What most tell of is meant, rather than what came last.
_HOTTEST_EN = re.compile(
    r"\b(?:hot|hottest|talking about|trending|most important|going on|happen(?:ing|ed)|top|main|big|biggest"
    "|headlines?|up in the world|miss(?:ed)?|catch me|"
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
_HAPPENED_IN_EN = re.compile(
    rf"{_WHATS.removesuffix(')')}|what|what else)(?: has| all)? (?:been )?(?:happened|happening|happens|going on) "
    rf"(?:{_TIME_EN} )?in (?:the )?(?:world of )?(?P<topic>[a-z]+)(?: {_TIME_EN})*"
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
            r"|(?:ok(?:ay)? |oh |ah |wow )?(?:that|it)(?:'s| is| sounds) (?:so |very |really |just |all |pretty )*"
            r"(?:great|good|nice|cool|awesome|perfect|wonderful|amazing|fantastic|brilliant|excellent|fine|ok(?:ay)?)"
            r"(?: (?:thanks|thank you|thx|cheers|then|though))*"
            r"|ok(?:ay)?|great|cool|nice|perfect|awesome|got it|i see|understood|good (?:bot|job|answer|to know)|"
            r"well done|"
            r"interesting|very good|all right|alright"
        ),
    ),
    (
        Remark.FAREWELL,
        re.compile(
            r"(?:ok(?:ay)? |great |perfect )?(?:(?:many )?(?:thanks|thank you|thx|cheers)(?: and| a lot| so much)* )?"
            r"(?:good ?bye|bye(?: bye)?|see (?:you|ya)(?: later| soon)?|good ?night|farewell|take care|"
            r"until (?:tomorrow|later)|cya)(?:(?: and)? (?:thanks|thank you))?(?: bot| tidings| then)?"
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


def wish_en(bare: str) -> Wish | None:
    """The wish that a text is, without what stands at its edges; `None` where it is a question."""
    said = _SPACES.sub(" ", _WITHIN_EN.sub(" ", _APOSTROPHE.sub("'", bare))).strip()
    lowered = said.lower()
    for remark, pattern in _WORDS_EN:
        if pattern.fullmatch(lowered):
            return Word(remark=remark, language="en")
    said = _without_opening(said)
    lowered = said.lower()
    if _LATEST_EN.fullmatch(lowered):
        return Newest(topic="", language="en", hottest=bool(_HOTTEST_EN.search(lowered)))
    for pattern in (_HOT_SUBJECT_EN, _HAPPENED_IN_EN):
        if (found := pattern.fullmatch(lowered)) and subject_named(found["topic"]):
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

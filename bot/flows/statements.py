"""Whether somebody says what they care about, follow or mute, or how they want their digests and their answers.

By rules, cautiously: only what opens like that and is no question is taken for it. Pure.
"""

from __future__ import annotations

import re

from bot.flows.wording.following import to_follow
from bot.flows.wording.own import of_oneself
from bot.flows.wording.vocabulary import LANGUAGES

_LONGEST = 160
"""Characters. What is longer says more than that."""

_CARING = re.compile(
    r"(?:(?:hi|hey|hello|ok|well|actually|please)[, ]+)*(?:"
    r"i(?:'m| am) (?:really |very |also |mostly |not )?(?:interested in|into|keen on|a fan of) "
    r"|i (?:really |also |mostly )?(?:care about|follow|like to read about|want to read about|want to hear about) "
    r"|i (?:do not|don't|no longer) (?:really )?"
    r"(?:care about|follow|like|want to (?:hear|read|know)(?: anything| more)? about) "
    # Of a thing, in a few words: what is said to the bot, or of what it said, is no interest.
    r"|i (?:(?:really|also|mostly|just) )?(?:like|love|enjoy) "
    r"(?!(?:it|this|that|these|those|them|you|your|the (?:way|idea|bot)"
    r"|to|how|what|when|him|her|his|their|my|a lot)\b)[\w'&,+ -]{2,60}[.!]?$"
    r"|我(?:也|很|最|更|真的|非常)?(?:喜欢|爱)(?!你|您|它|他|她|这|那|看你|问|用)[^?？。，]{2,20}[。！!]?$"
    r"|no (?!(?:more )?digests?\b)(?:more )?(?:(?:news|stories) (?:about|on) )?[^?？]{2,40},? please$"
    r"|no more (?:news|stories) (?:about|on) "
    r"|我(?:也|很|最|又|重新|主要|平时)?(?:关注|关心|喜欢看|爱看|想看|不想看|不要看|不关心|不关注|不想再看)"
    r"|我对.{1,30}(?:感兴趣|没兴趣|不感兴趣)$"
    r")",
    re.IGNORECASE,
)
# Asked without its mark.
_ASKS = re.compile(r"\bwhat[.! ]*$|什么|啥|哪[些个]|谁|多少|[吗呢][。！! ]*$", re.IGNORECASE)
_SCHEDULE = (
    r"\b(?:(?:every|each) ?(?:day|morning|afternoon|evening|night|week|mon|tue|wed|thu|fri|sat|sun)"
    r"|daily|weekdays?|weekends?|at \d|"
    r"at (?:noon|half past|one|two|three|four|five|six|seven|eight|nine|ten)\b)"
)
_DAYS_ZH = "(?:每天|每日|每周|工作日|周末|每个?早上|每个?晚上)"
_HOUR_ZH = r"(?:早上|上午|中午|下午|晚上)? ?[\d一二两三四五六七八九十]{1,3} ?[点點:：]"
_TO_ME_ZH = "(?:给我发|发给我|给我推送|推送给我)"
_CAN_YOU_ZH = "[你您]?(?:能不能|可不可以|能否|可否|可以|能)"
_ASKED_TO = re.compile(
    rf"(?:(?:hi|hey|hello|ok|please)[,! ]+)*(?:can|could|will|would) you |{_CAN_YOU_ZH}",
    re.IGNORECASE,
)
_WISHING = re.compile(
    r"(?:(?:hi|hey|hello|ok|please|(?:can|could|will|would) you)[,! ]+)*(?:"
    r"(?:(?:send|give|bring|text) me|i(?:'d| would) like|i (?:want|need)) (?:[\w'&+-]+ ){0,6}?"
    rf"(?:digests?|briefings?|news|summary|summaries|headlines|stories|articles)\b.*{_SCHEDULE}"
    r"|(?:stop|end|pause|cancel|turn off|no more) (?:sending )?(?:me )?(?:the |my )?digests?\b"
    rf"|(?:{_CAN_YOU_ZH})?请?(?:{_DAYS_ZH}.{{0,20}}(?:发(?![生现布表射明展])|推送|给我)"
    rf"|我(?:想要?|要|希望){_DAYS_ZH}.{{0,16}}(?:看|读|收到).{{0,16}}(?:新闻|消息|简报|日报)"
    rf"|{_HOUR_ZH}.{{0,12}}{_TO_ME_ZH}|{_TO_ME_ZH}.{{0,16}}(?:新闻|消息|简报|日报).{{0,10}}(?:{_DAYS_ZH}|{_HOUR_ZH}))"
    r"|(?:(?:set|change|switch) )?my time ?zone (?:is|to|should be) \w"
    r"|(?:请)?(?:把)?我?的?时区(?:是|为|改[成为到]|设[成为置]+)"
    r"|(?:请)?(?:停止|取消|关闭|别再|不要再)(?:发送?|推送)?(?:简报|新闻简报|digest)"
    r"|(?:请)?(?:不要|别|不用|不必)再(?:给我)?(?:发送?|推送?)(?:新闻|消息)?了[。！!]?$"
    # Said alone, it is what people write to whatever sends them something.
    r"|(?:stop|cancel|unsubscribe)(?: (?:it|please|now))*[.!]*$|请?(?:停止?|取消|退订)吧?[。！!]*$"
    r")",
    re.IGNORECASE,
)

_SPEAKING = re.compile(
    r"(?:(?:hi|hey|hello|ok|please|(?:can|could|will|would) you)[,! ]+)*"
    r"(?:(?:please )?(?:speak|talk|answer|reply|write|respond)(?: to me)?(?: in)?"
    r"|(?:switch|change)(?: the language)? to|in)"
    r" (?P<en>english|chinese|mandarin)(?:,? please|,? from now on)*[.!]*"
    r"|(?:请|麻烦)?(?:你|您)?(?:能不能|可以|能)?(?:改用|换成|切换到|用|说|讲|使用)(?P<zh>中文|汉语|英文|英语)"
    r"(?:来?(?:回答|回复|说|交流|聊))?(?:我)?吧?[。！!]*",
    re.IGNORECASE,
)


def said_to_do(text: str) -> tuple[str, str] | None:
    """The command that does what is said, and its argument; `None` where it may be a question."""
    if (own := of_oneself(text)) is not None:
        return own, ""
    if tells_of_interests(text):
        return "interests", text
    if wishes_for_digests(text):
        return "digest", text
    if (language := language_wished(text)) is not None:
        return "lang", language
    return to_follow(text)


def language_wished(text: str) -> str | None:
    """The code of the language that the bot is told to speak; `None` where it is told nothing of it."""
    said = re.sub(r"\s+", " ", text).strip()
    said = said.rstrip("?？ ") if _ASKED_TO.match(said) else said
    found = _SPEAKING.fullmatch(said) if len(said) <= _LONGEST else None
    return None if found is None else LANGUAGES[(found["en"] or found["zh"]).lower()][0]


def tells_of_interests(text: str) -> bool:
    """Whether it says what its writer cares about, or does not."""
    return _opens_with(_CARING, text) and _ASKS.search(text) is None


def wishes_for_digests(text: str) -> bool:
    """Whether it says when or how its writer wants digests, or that they want none.

    What asks the bot to send them is a wish, though it has the form of a question.
    """
    return _opens_with(_WISHING, text.rstrip("?？ \n") if _ASKED_TO.match(text.strip()) else text)


def _opens_with(pattern: re.Pattern[str], text: str) -> bool:
    said = re.sub(r"\s+", " ", text.replace("’", "'")).strip()
    return len(said) <= _LONGEST and not said.endswith(("?", "？")) and pattern.match(said) is not None

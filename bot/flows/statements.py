"""Whether somebody says what they care about, follow or mute, or how they want their digests and their answers.

By rules, cautiously: only what opens like that and is no question is taken for it. Pure.
"""

from __future__ import annotations

import re

from bot.flows.evidence import words_told
from bot.flows.wording.commanded import commanded
from bot.flows.wording.draft import Draft
from bot.flows.wording.following import of_nothing, tells, to_follow
from bot.flows.wording.introducing import introduced
from bot.flows.wording.of_shown_en import FORMS_EN
from bot.flows.wording.of_shown_zh import FORMS_ZH
from bot.flows.wording.own import of_oneself
from bot.flows.wording.pausing import pausing
from bot.flows.wording.reading import PIECES, read
from bot.flows.wording.vocabulary import LANGUAGES, SUBJECTS, WITHIN_SUBJECTS
from storage.errors import InputError

_LONGEST = 160
"""Characters. What is longer says more than that."""
_LONGEST_WISH, _LONGEST_CHANGE = 300, 80
"""The same of wishes for digests, and of what is to be otherwise with them."""

# What is less known, and less than something, is no less of a thing.
_LESS = (
    r"(?:less|fewer) (?!(?:digests?|is|are|was|of|than|or|and|known|seen|heard|common|likely"
    r"|\w+(?:ed|ive|able|ible))\b)"
)
_CARING = re.compile(
    r"(?:(?:hi|hey|hello|ok|well|actually|please)[, ]+)*(?:"
    r"i(?:'m| am) (?:(?:really|very|also|mostly|not|no longer) )*(?:interested in|into|keen on|a fan of) "
    r"|i (?:really |also |mostly )?(?:care about|follow|like to read about|want to read about|want to hear about) "
    r"|i (?:do not|don't|no longer) (?:really )?"
    r"(?:care about|follow|like|want to (?:hear|read|know)(?: anything| more)? about) "
    # Of a thing, in a few words: what is said to the bot, or of what it said, is no interest.
    r"|i (?:(?:really|also|mostly|just) )?(?:like|love|enjoy) "
    r"(?!(?:it|this|that|these|those|them|you|your|the (?:way|idea|bot)"
    r"|to|how|what|when|him|her|his|their|my|a lot)\b)[\w'&,+ -]{2,60}[.!]?$"
    r"|我(?:也|很|最|更|真的|非常)?(?:喜欢|爱)(?!你|您|它|他|她|这|那|看你|问|用)[^?？。，]{2,20}[。！!]?$"
    r"|(?:i(?:'d| would) like|i want|i need) to (?:see|read|hear|get|have) (?:a lot )?more (?:(?:news|stories) )?"
    r"(?:about|of|on|from) "
    r"|i want more (?:(?:news|stories) (?:about|on) |(?=[\w' -]{2,40} news[.! ]*$))"
    r"|(?:(?:show|send|give) me )?more (?:(?:news|stories) )?(?:about|on) [^?？]{2,40} from now on$"
    r"|more [\w' -]{2,30}? from now on(?:,? please)?$"
    r"|(?:show|send|give) me more [\w' -]{2,30}? (?:news|stories) (?:from now on|in (?:the )?future)$"
    r"|not (?:really |very )?interested in [\w' -]{2,30}[.!]?$"
    rf"|(?:i want |i(?:'d| would) like |(?:show|send|give) me |(?:can|could) i (?:have|get|see) )"
    rf"(?:to see )?{_LESS}[^?？]{{2,40}}$"
    rf"|{_LESS}[^?？]{{2,40}}(?:,? please|(?<=,) thanks?)$"
    r"|(?:no (?!(?:more )?digests?\b)(?:more )?)(?:(?:news|stories) (?:about|on) )?[^?？]{2,40},? please$"
    r"|no more (?:news|stories) (?:about|on) "
    r"|我(?:也|很|最|又|重新|主要|平时)?(?:关注|关心|喜欢看|爱看|想看(?!(?:今[天日早晚]|昨[天日晚]|最新|最近|[本这]?周[一二三四五六日末]?|早上|晚上)*的?(?:新闻|消息|头条)[吧了。！!]*$)|不想看|不要看|不关心|不关注|不想再看)"
    r"|我对.{1,30}(?:感兴趣|没兴趣|不感兴趣)$|对[^，。？?]{1,12}(?:没(?:有)?兴趣|不(?:太)?感兴趣)了?$"
    r"|我(?:也|还|以后)?想(?:要)?多(?:看|了解|读|听|关注)"
    "|(?:请|以后|今后|下次|麻烦|可以|能不能|你)*(?:再)?[多少]给?我?(?:推送?|推荐|来|发|看)(?:一?[点些]"
    "|几条)?[^?？。，]{2,20}"
    r"(?:新闻|消息|内容|资讯|报道)[吧了。！!]*$"
    r"|[^?？。，]{2,20}(?:新闻|消息|内容|资讯|报道)(?:请|以后)?[多少](?:推送?|推荐|来|发|看)?一?[点些][吧了。！!]*$"
    r")",
    re.IGNORECASE,
)
# Said in so few words, it has to name a subject.
_OF_SUBJECT = re.compile(
    r"(?:(?:less|fewer|(?:(?:i(?:'m| am) )?(?:really )?not (?:really |that |very )?interested in)"
    r"|i (?:(?:really|just) )*(?:hate|dislike)) (?P<en>[a-z1 ]{2,30}?)(?: news| stories)?(?: any ?more)?"
    "|(?:(?:请|以后|今后)*[多少](?:来|看|发|推送?)一?[点些]?|我(?:真|很|最)?讨厌看?)"
    "(?P<zh>[\u4e00-\u9fff]{2,5}?)(?:新闻)?[吧了]?)[.!。！]*",
    re.IGNORECASE,
)
_OF_DIGESTS = re.compile(r"\b(?:my|your|the|a) digests?$|^(?:stories|items|articles) in ", re.IGNORECASE)
# Asked without its mark.
_ASKS = re.compile(
    r"\bwhat[.! ]*$|\b(?:about|on|of|from) (?:what|whom?|whose|why|how|when|where|which|whether)\b"
    "|什么|啥|哪[些个]|谁|多少|[吗呢][。！! ]*$",
    re.IGNORECASE,
)
_SCHEDULE = (
    r"\b(?:(?:every|each) ?(?!day li(?:fe|ves))(?:day|morning|afternoon|evening|night|week|mon|tue|wed|thu|fri|sat|sun)"
    r"|daily(?! (?:[a-z]+s?['’]|mail|mirror|life|lives))|weekdays|weekends|at \d|"
    r"at (?:noon|half past|one|two|three|four|five|six|seven|eight|nine|ten)\b)"
)
# The news of a weekend, or of 8 o'clock, are those that came then.
_DAYS_ZH = "(?:每天|每日|每周|工作日|周末(?!的|发[的布生])|每个?早上|每个?晚上)"
_HOUR_ZH = (
    r"(?:早上|上午|中午|下午|晚上)? ?[\d一二两三四五六七八九十]{1,3} ?[点點:：]"
    r"(?!\d{0,2}[半钟整分]*(?:的(?!简报|日报)|发[的布生]))"
)
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
    r"|(?:start|resume|restart|turn on|unpause) (?:sending )?(?:me )?(?:the |my )?digests?(?: again)?[.!]*$"
    r"|(?:重新?|恢复|继续|再)(?:开始|发送?|推送)+(?:我的)?(?:简报|日报)[吧了。！!]*$"
    rf"|(?:{_CAN_YOU_ZH})?请?(?:{_DAYS_ZH}(?:(?![不别]).){{0,20}}(?:发(?![生现布表射明展车售出])|推送|给我)"
    rf"|我(?:想要?|要|希望){_DAYS_ZH}.{{0,16}}(?:看|读|收到).{{0,16}}(?:新闻|消息|简报|日报)"
    rf"|{_HOUR_ZH}.{{0,12}}{_TO_ME_ZH}|{_TO_ME_ZH}.{{0,16}}(?:新闻|消息|简报|日报).{{0,10}}(?:{_DAYS_ZH}|{_HOUR_ZH}))"
    r"|(?:(?:set|change|switch) )?my time ?zone (?:is|to|should be) \w"
    r"|(?:请)?(?:把)?我?的?时区(?:是|为|改[成为到]|设[成为置]+)"
    r"|(?:请)?(?:停止|取消|关闭|别再|不要再)(?:发送?|推送)?(?:简报|新闻简报|digest)"
    r"|(?:请)?(?:不要|别|不用|不必)再(?:给我)?(?:发送?|推送?)(?:新闻|消息)?了[。！!]?$"
    # Said alone, it is what people write to whatever sends them something.
    r"|(?:stop|unsubscribe)(?: (?:it|please|now))*[.!]*$|请?(?:停止?(?:推送|发送)?|退订)吧?[。！!]*$"
    r"|(?:请)?(?:别|不要|不用)再(?:给我)?(?:发|推)(?:送|给我)?了[。！!]*$"
    r")",
    re.IGNORECASE,
)

# What does so every day is told of: 每天早上八点推送警报的城市. What comes to 我 is none such, nor what names news.
_OF_SUCH_ZH = re.compile(
    "^[^我]*的(?!.{0,6}(?:新闻|消息|简报|日报|早报|晚报|头条|资讯|内容|文章|报道|要闻|摘要|动态|进展|时区|推送"
    "|[要热重]点|话题|大事|情况|[几\\d一二三四五六七八九十]+[条则篇]"
    f"|{'|'.join(word for word in SUBJECTS if not word.isascii())}))"
    "[\u4e00-\u9fff]{1,8}[。！!]?$"
)

_SEND = re.compile(
    r"\b(?:send|give|bring|text|deliver|get|push)\b.*\b(?:me|to me)\b|\bi(?:'d| would) like\b|\bi (?:want|need)\b"
    r"|\bcan i (?:get|have)\b"
    "|发|推|送|给我|收到|来一?份",
    re.IGNORECASE,
)
_DIGEST = re.compile(r"\b(?:digests?|briefings?|newsletters?)\b|简报|日报", re.IGNORECASE)
# That it comes again and again, or by the clock; the news of Monday and the 8 o'clock news come once.
_RECURS = re.compile(
    r"\b(?:(?:every|each)(?! ?day li(?:fe|ves))|daily|weekdays|weekends|(?:mon|tues|wednes|thurs|fri|satur|sun)days)\b"
    r"|\b(?:mornings|afternoons|evenings)\b|每|工作日",
    re.IGNORECASE,
)
_ONCE = re.compile(
    r"(?:\bthe|['’]s) (?:\d|noon|midday|midnight|half past)"
    r"|(?:\d|o'?\s?clock|[ap]\.?m\.?|noon|midday|midnight)\s*(?:news|headlines|summary|stories|update|edition)\b"
    r"|(?:[点點时時]|:\d\d)\d{0,2}[半钟整分]*(?:的(?!简报|日报)|发[的布生])",
    re.IGNORECASE,
)
_NEWS = re.compile(
    r"\b(?:digests?|briefings?|news|newsletter|summary|summaries|headlines|stories|articles|overview|update)\b"
    "|新闻|消息|简报|日报|资讯|早报|晚报|头条",
    re.IGNORECASE,
)
_BOUNDING = re.compile(r"\b(?:only|just)\b|只|仅", re.IGNORECASE)
# Without such a word, what is said alone may be about anything: three stories, noon, 9:11, 5条.
_CHANGING = re.compile(
    r"\b(?:also|too|as well|plus|add|another|one more|an extra|not|don't|do not|no longer|no more|never|skip|drop"
    r"|remove|without|except"
    r"|only|just|instead|rather|change|move|shift|make|set|put|at most|up to|max(?:imum)?)\b"
    "|最多|至多|也|别|不|除|只|仅|改|换|挪|调|推迟|提前|增加|添加|加上|再加|再来一|另外|取消|去掉|停|休息",
    re.IGNORECASE,
)
_IF_EMPTY = re.compile(r"\b(?:silent|silence|nothing|empty)\b|没有|空", re.IGNORECASE)
# What is only named may be asked for.
_OF_ALERTS = re.compile(
    r"\b(?:on|off|at once|immediately|right away|instantly)(?: please)?$"
    r"|^(?:please )?(?:turn|switch|no|no more|stop|end|alert me|without|enable|disable)\b"
    "|打开|开启|启用|关闭|关掉|停止|不[要用需]|取消|[开关]$",
    re.IGNORECASE,
)
# Hours that are quiet are those of nothing else here.
_QUIET = re.compile(r"(?:quiet|do not disturb|dnd)\b|免打扰", re.IGNORECASE)
# An hour that does not exist is refused as that: there is nothing else of which it would be said.
_TO_AN_HOUR = re.compile(
    r"(?:move|change|shift|make|set) (?:it |them |the |my |from )*(?:\d{1,2}(?:[:.]\d{2})? )?(?:to )?\d{1,2}[:.]\d{2}"
    "|改[成为到] ?\\d{1,2}[点:：](?:\\d{2})?",
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
    if (command := commanded(text)) is not None:
        return command
    if (told := _told(text)) is not None:
        return "interests", told
    if wishes_for_digests(text) or ((paused := pausing(text)) is not None and paused.named):
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


def _told(text: str) -> str | None:
    """What its writer says that they care about, or do not; `None` where they say nothing of that."""
    if tells_of_interests(text):
        # No breaking news, please: that is none.
        return None if _wishes_for_alerts(text) else text
    return introduced(text) if _ASKS.search(text) is None else None


def tells_of_interests(text: str) -> bool:
    """Whether it opens like that."""
    told = (_opens_with(_CARING, text) and _ASKS.search(text) is None) or _tells_of_a_subject(text)
    words = words_told(text) if told else ()
    # A headline opens so, too: not interested in a deal, says the minister.
    headline = text[:4].lower() == "not " and any(map(tells, words))
    return told and not headline and not any(map(_of_nothing, words))


def _of_nothing(words: str) -> bool:
    """Whether it is no interest, though it is said like one: less stories per day, not interested in digests."""
    return of_nothing(words) or _OF_DIGESTS.search(words) is not None


def _tells_of_a_subject(text: str) -> bool:
    found = _OF_SUBJECT.fullmatch(text.strip().replace("’", "'")) if len(text) <= _LONGEST else None
    named = (found["en"] or found["zh"]).lower() if found else ""
    return named in SUBJECTS or named in WITHIN_SUBJECTS


def wishes_for_digests(text: str) -> bool:
    """Whether it says when or how its writer wants digests or breaking news, or that they want none.

    What asks the bot to send them is a wish, though it has the form of a question; and what asks for news to be sent
    again and again or by the clock, or for a digest, and is understood from its beginning to its end to say when.
    """
    said = text.rstrip("?？ \n") if _ASKED_TO.match(text.strip()) else text
    if _OF_SUCH_ZH.search(said):
        return False
    if _opens_with(_WISHING, said, _LONGEST_WISH) or _wishes_for_alerts(text):
        return True
    return _asks_to_send(said) and _says_when(said)


def _wishes_for_alerts(text: str) -> bool:
    """Whether it says, alone, that breaking news is to be sent at once, or not: alerts on, no breaking news please."""
    said = text.strip().rstrip(".!。！")
    if len(said) > _LONGEST_CHANGE or not _OF_ALERTS.search(said) or said.endswith(("?", "？")):
        return False
    return (draft := _understood(said)) is not None and draft.alerts is not None and not draft.topics


def changes_digests(text: str) -> bool:
    """Whether it says, alone, how digests are to be otherwise: also at 9pm, not on fridays, quiet 22-7, 改到8点.

    Said to nobody who gets digests it may be anything. News names a day, too: of days alone it has to say that they are
    to be left out, or come besides, or be the only ones; of subjects, that they are the only ones.
    """
    said = text.strip().rstrip(".!。！")
    if len(said) > _LONGEST_CHANGE or said.endswith(("?", "？")):
        return False
    if _TO_AN_HOUR.fullmatch(said):
        return True
    quiet = _QUIET.match(said)
    changing = quiet or _CHANGING.search(said) or _DIGEST.search(said) or _IF_EMPTY.search(said)
    if not changing or (draft := _understood(said)) is None:
        return False
    if quiet or draft.topics or draft.news or draft.zone:
        return quiet is not None and draft.quiet is not None
    bounding = _BOUNDING.search(said) is not None
    if draft.categories.said or draft.sources or draft.style or draft.languages.said:
        return bounding and not draft.categories.unwanted
    days = draft.days.unwanted or draft.days.added or (draft.days.wanted and bounding)
    return bool(days or draft.times.said or draft.length or draft.when_empty)


def names_digests(text: str) -> bool:
    """Whether it names digests, and not only what may be one."""
    return _DIGEST.search(text) is not None


def make_ready() -> None:
    """Make now what is made when it is first looked for, which takes so long that somebody would notice."""
    for each in PIECES:
        # Kept from then on.
        _ = each.pattern
    for forms in (FORMS_EN, FORMS_ZH):
        _ = forms.patterns
    introduced("")


def _asks_to_send(text: str) -> bool:
    return _SEND.search(text) is not None and _NEWS.search(text) is not None and not text.endswith(("?", "？"))


def _says_when(text: str) -> bool:
    draft = _understood(text) if len(text) <= _LONGEST_WISH else None
    if draft is None:
        return False
    if _DIGEST.search(text) or _RECURS.search(text):
        return draft.times.said or draft.days.said
    return draft.times.said and _ONCE.search(text) is None


def _understood(text: str) -> Draft | None:
    """What it says of digests, where all of it is understood."""
    try:
        return read(text)
    except InputError:
        return None


def _opens_with(pattern: re.Pattern[str], text: str, longest: int = _LONGEST) -> bool:
    said = re.sub(r"\s+", " ", text.replace("’", "'")).strip()
    return len(said) <= longest and not said.endswith(("?", "？")) and pattern.match(said) is not None

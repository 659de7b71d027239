"""Commands that are said in plain words: my settings, which sources do you read, 算了, remove source 3. Pure."""

from __future__ import annotations

import re

_LONGEST = 200
"""Characters; an address may be long."""
_POLITE = r"(?:(?:ok(?:ay)?|please|hey|hi|hello|so|and|(?:can|could|would|will) you)[, ]+)*"
_SEE = r"(?:(?:show|list|open|see|change|edit|give|let me see|tell|go to)(?: me)? |(?:where|what) (?:are|is) )?"
_MY = r"(?:(?:all|the|my|your|of) )*"
_SEE_ZH = "(?:请|我想|帮我|给我)*(?:看看?|显示|列出|打开|查看|修改|更改|进入)?"
_NUMBER = r"(?:source |feed )?(?:number |no\.? ?|# ?)?"
# The name of a host ends with letters: v2.0 and U.S. are none.
_ADDRESS = r"(?P<url>https?://[^\s/，。]+\.[^\s，。]+|[^\s/，。:]+\.[^\W\d_]{2,}(?:[/:?#][^\s，。]*)?)"
_TO_SOURCES = r"(?: (?:to|as) (?:my |the |a )?(?:sources?|feeds?|list)| as well| too)?"
_NTHS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
_DIGITS_ZH = "一二三四五六七八九十"
_SOURCE_ZH = "(?:来源|新闻源|订阅源|信息源)"

# Nothing that is sent by itself ends by it: it may be said of whatever is under way.
_CANCEL = (
    r"(?:cancel|never ?mind|forget (?:it|that)|abort)(?: (?:that|it|this|please|now))*"
    "|(?:取消|算了|不用了|作罢){1,3}(?:吧|了|啦)?"
)
_SOURCES = (
    rf"{_SEE}{_MY}(?:(?:news )?sources|feeds)"
    r"|(?:which|what) (?:news )?(?:sources|feeds|outlets|papers) (?:do|are) (?:you|i)"
    r"(?: (?:read|use|have|follow|get|reading|using|subscribed to))*"
    r"|where do you (?:get|take|read|have) (?:your |the )?(?:news|information)(?: from)?"
    f"|{_SEE_ZH}(?:我|你)?的?(?:所有|全部)?(?:新闻)?{_SOURCE_ZH}(?:有哪些|是什么|列表)?"
    f"|(?:你|我)(?:都|在)*(?:看|读|用|订阅|有)了?(?:些)?(?:哪些|什么|哪几个)(?:新闻)?(?:{_SOURCE_ZH}|媒体)"
    "|你的新闻(?:都|是)*从哪里?来的?"
)
_SETTINGS = (
    rf"{_SEE}{_MY}(?:digest )?(?:settings|preferences)"
    "|how (?:is|are) my digests? set up|(?:when|what time)(?: i|')s (?:my|the) (?:next )?digest(?: due| coming)?"
    r"|(?:when|what time|how often|on (?:which|what) days) (?:do|does|will) (?:i "
    "|my |the |you )*"
    r"(?:get|receive|send(?: me)?)? ?(?:my |the |next )*digests?(?: (?:come|arrive|get here|sent))?"
    f"|{_SEE_ZH}(?:我|简报)?的?设置(?:是什么|一下)?"
    "|(?:我的)?(?:简报|日报)(?:是)?怎么设置的|(?:我的)?(?:下一?[份次个]的?)?(?:简报|日报)(?:什么时候|几点|哪天|多久)(?:会)?(?:来|发"
    "|推送?|发给我|收到|到)(?:一次)?"
)
_PRIVACY = (
    rf"{_SEE}(?:the |your )?privacy(?: (?:policy|statement|notice))?"
    r"|how do you (?:handle|treat|protect|use|store) my (?:privacy|data)|is my data (?:safe|private)"
    r"|what (?:do|will) you (?:do with|store|keep|save)(?: (?:of|about) me)?(?: my data)?"
    r"(?:,? and (?:(?:for )?how long|why|where|what for|who (?:sees|reads|gets|has) it)"
    r"(?: (?:do|will) you keep (?:it|them))?)?"
    f"|{_SEE_ZH}(?:你的?|我的?)?隐私(?:政策|声明|说明|怎么办|条款)?"
    "|(?:你|我的(?:隐私|数据))(?:怎么|如何)(?:保护|处理|使用)(?:我的)?(?:隐私|数据)?(?:的)?"
)
_ADD = (
    "(?:add|subscribe(?: me)? to|include) (?:(?:this|the|a|new|source|feed|site|link)(?:: ?"
    f"| ))*{_ADDRESS}{_TO_SOURCES}"
    rf"|(?:请|帮我)*(?:添加|加入?|订阅)(?:一个)?(?:新的?)?(?:{_SOURCE_ZH})?[:： ]*{_ADDRESS.replace('url', 'url2')}"
    f"|(?:请|帮我)*把 ?{_ADDRESS.replace('url', 'url3')} ?(?:加到|加入|添加到?|加进)(?:我的)?{_SOURCE_ZH}(?:里"
    "|中)?"
)
_REMOVE = (
    "(?:remove|delete|drop|unsubscribe (?:me )?from) (?:the )?(?:source"
    rf"|feed) {_NUMBER.replace('source |feed ', '')}(?P<n>\d{{1,4}})"
    rf"|(?:remove|delete|drop) (?:the )?(?P<nth>{'|'.join(_NTHS)}) (?:source|feed)"
    rf"|(?:请|帮我)*(?:删除|删掉|去掉|移除|不要)第? ?(?P<m>\d{{1,4}}|[{_DIGITS_ZH}]) ?[个条号]{_SOURCE_ZH}"
)
_DROP = (
    "forget (?:about )?(?:what you know (?:about|of)|(?:my|that i have an?) interest in|that i (?:like|care about|"
    r"follow)) (?P<liked>(?!(?:me|it|this|that|them|us|all|everything)$)[^\s,;:][^,;:]{0,40})"
    "|(?:请)?(?:忘记|忘掉|删除|删掉|清除)(?:我)?对(?P<liked2>[^，。？?]{1,20}?)的?(?:兴趣|关注|喜好)"
    r"|drop (?:number )?#?(?P<known>\d{1,3}(?:\.\d{1,3})?)"
)
# Of a topic: what was shown or given, and the news of a day, are summed up otherwise.
_NO_TOPIC = (
    r"(?!(?:the )?(?:this|that|it|them|these|those|me|my|your|what|how|number|first|second|third|fourth|last|latest"
    r"|today|yesterday|day|week|news|article|page|document|link|text|file|above|following|conversation|https?)\b"
    r"|(?:the )?[#\d\[])"
)
_BRIEF = (
    r"(?:brief me on|bring me up to (?:speed|date) on"
    r"|give me (?:the |an? )?(?:(?:quick|short) )?(?:summary|overview|recap|rundown|briefing|background)(?: of| on)"
    r"|(?:summari[sz]e|sum up|recap(?: of)?)(?: for me)?)"
    rf"(?: (?:the |all )?(?:latest )?(?:news|stor(?:y|ies)|events|situation)(?: (?:on|of|about|around|with|in)))? "
    rf"{_NO_TOPIC}(?:the )?(?P<topic>[^?!]{{2,60}}?)"
    "|(?:请|帮我|给我)*(?:总结|概括|概述|梳理)(?!(?:一下)?[这那它他她第刚上你您今昨])(?:一下)?"
    "(?:关于|有关)?(?P<topic2>[^，。？?]{2,20}?)"
    "的?(?:新闻|情况|事件|始末|来龙去脉|消息|进展)?"
)
_OF_PROFILE = r"(?:number )?#?(?P<n>\d{1,3})"
_PATTERNS: tuple[tuple[str, str], ...] = (
    ("cancel", _CANCEL),
    ("sources", _SOURCES),
    ("settings", _SETTINGS),
    ("privacy", _PRIVACY),
    ("add", _ADD),
    ("remove", _REMOVE),
    ("drop", _DROP),
    ("brief", _BRIEF),
    ("boost", f"boost {_OF_PROFILE}"),
    ("mute", f"mute {_OF_PROFILE}"),
)
_COMPILED = tuple(
    (command, re.compile(f"{_POLITE}(?:{pattern})(?: (?:please|now|again|from))*", re.IGNORECASE))
    for command, pattern in _PATTERNS
)
_END = " .!?。！？"


def commanded(text: str) -> tuple[str, str] | None:
    """The command that is said, and its argument; `None` where it may be a question."""
    said = re.sub(r"\s+", " ", text.replace("’", "'")).rstrip(_END).lstrip()
    if len(said) > _LONGEST:
        return None
    for command, pattern in _COMPILED:
        if found := pattern.fullmatch(said):
            named = next((each for each in found.groups() if each is not None), "")
            return command, _number(named)
    return None


def _number(named: str) -> str:
    """What is named, a number in words as one in digits."""
    if named.lower() in _NTHS:
        return str(_NTHS.index(named.lower()) + 1)
    return str(_DIGITS_ZH.index(named) + 1) if named and named in _DIGITS_ZH else named

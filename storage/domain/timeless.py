"""Articles that tell of no event, but of how to do something, what something is, or what is best: right on any day.

By the shape of their titles, in English and Chinese. Of 2,083 web articles 90 have it, nearly all of them such pieces.
"""

from __future__ import annotations

import re

_TIMELESS_EN = re.compile(
    r"^(?:how (?:to|do|does|can|long|much|many|often)\b|where (?:to|can you|is my)\b|when (?:is|to|can)\b"
    r"|(?:what|who)(?:['’]s| is| are| was| were)\b(?!.*\b(?:said|says)\b)|(?:can|do|should) you\b|did you know\b"
    r"|remember when\b|(?:a |the )?(?:brief |short )?(?:history of|guide to)\b|quiz\b|recipes?\b"
    r"|(?:your )?horoscopes?\b|(?:the )?\d{1,3} (?:best|fun|great|easy|quick|ways|tips|things to do|places"
    r"|movies|films|books|songs|shows|gifts?|recipes|facts|reasons|family|free|must)\b"
    r"|(?:the )?best (?!(?:actor|actress|picture|director|western|buy)\b)|things to do\b)"
    r"|\b(?:rise and fall of|everything you need|buying guide|guide to (?:the|your|buying)|things to do|tips for"
    r"|fun facts|facts about|on this day|through the years|of all time|here['’]s how to|gift (?:guide|ideas)"
    r"|best deals?|how to (?:watch|get|make|find|see|use|request|apply|choose|cook)|deals? (?:to|you) (?:shop|buy))\b",
    re.IGNORECASE,
)
_TIMELESS_ZH = re.compile(
    r"^(?:如何|怎样|怎么|什么是|为什么)|教你|一文(?:看懂|读懂)|\d+种(?:方法|食物|习惯)"
    r"|(?:攻略|指南|小贴士|小知识|冷知识|科普|食谱|菜谱|做法|星座|运势|养生|大全|排行榜|历史上的今天|怎么办|是什么|有哪些"
    r"|必看|必读|必备|值得(?:一看|收藏))[?？!！]?$"
)


def is_timeless(title: str) -> bool:
    """Whether an article of that title tells of no event."""
    told = title.strip()
    return bool(_TIMELESS_EN.search(told) or _TIMELESS_ZH.search(told))

"""Articles that tell of no event, but of how to do something, what something is, or what is best: right on any day.

By the shape of their titles, in English and Chinese. A title that only begins as such a piece does ("3 family members
found dead", "Who is the new pope? Cardinals elect …") is news: what is asked for is the whole shape.
"""

from __future__ import annotations

import re

_NUMBER = r"(?:the )?\d{1,3} "
# What is cooked, played or made, of which a number is a list.
_EASY = (
    r"(?:recipes|meals|dinners|suppers|breakfasts|lunches|snacks|desserts|dishes|ideas|ways|tips|projects|crafts|games"
    r"|exercises|hikes|trips|getaways)"
)
_TIMELESS_EN = re.compile(
    r"^(?:where to\b|where (?:can you|is my)\b|when (?:to|can you)\b|how (?:do|can) (?:you|I)\b"
    r"|how (?:much|many|often|long)\b.{0,80}\b(?:should|can|do) (?:you|I)\b|how (?:do|does) .{1,80} work\?$"
    r"|what (?:is|are|was|were) (?!(?:in|on|at|the|this|that|next|behind|going|happening|wrong|new|known|left)\b)"
    r"(?:[\w'’-]+ ){0,2}[\w'’-]+\?$|(?:can|do|should) you\b[^?:]*\?(?: our guide\b.*)?$|did you know\b|remember when\b"
    r"|(?:a |the )?(?:brief|short) history of\b|(?:(?:a|the|our|your) )?guide to\b|quiz:|recipes?:"
    r"|recipes? for (?!disaster|trouble|chaos|failure|success|war|conflict)|things to do\b"
    r"|(?:your )?(?:daily |weekly )?horoscopes?(?: (?:for|today)\b|:|$)"
    rf"|{_NUMBER}(?:of the )?best (?!friends?|m[ae]n|known|selling)"
    rf"|{_NUMBER}(?:\w+ )?(?:ways to|tips (?:for|to|on)|things (?:to|you)|ideas (?:for|to)|gifts? (?:for|under|that|to)"
    r"|facts about|reasons (?:to|why|you)|recipes (?:for|to|with|that|you))\b"
    rf"|{_NUMBER}(?:easy|quick|fun|simple|cheap|healthy) (?:[\w-]+ )?{_EASY}\b"
    r"|(?:the )?best (?!(?:friends?|m[ae]n|known|selling|western|actor|actress|picture|director|buy)\b)"
    r"(?:[\w-]+ ){0,2}[\w-]+s (?:for|of|to|in|on|under|you)\b)"
    r"|\b(?:rise and fall of|everything you need|buying guide|guide to (?:the|your|buying)|things to do|tips for"
    r"|fun facts|on this day in (?:history|\d{4})|through the years|gift (?:guide|ideas)|best (?:\w+ )?deals on"
    r"|deals (?:to shop|you can))\b"
    r"|(?:^|[:,–—|?] ?|\band |\bhere['’]s )how to\b",
    re.IGNORECASE,
)
_TIMELESS_ZH = re.compile(
    r"^(?:如何|怎样|怎么)(?!看待|评价|回事|了)[^，。：？?]*[?？]?$|^什么是[^，。：？?]{1,16}[?？]?$|教你|一文(?:看懂|读懂)"
    r"|\d+种(?:方法|习惯)|这\d+种食物"
    r"|(?:攻略|指南|小贴士|小知识|冷知识|科普|食谱|菜谱|做法|星座|运势|养生|大全|排行榜|历史上的今天|怎么办"
    r"|必看|必读|必备|值得(?:一看|收藏))[?？!！]?$"
)
# What befell somebody, or was decided, is news however its title begins.
_EVENT = re.compile(
    r"\b(?:kill(?:s|ed)|dies|died|dead|arrest(?:s|ed)|charged|sentenced|resign(?:s|ed)|quits|elect(?:s|ed)|injured)\b"
    r"|发布|印发|出台|公布|通报|宣布|回应|起火|身亡|遇难|死亡|被查|被捕",
    re.IGNORECASE,
)


def is_timeless(title: str) -> bool:
    """Whether an article of that title tells of no event."""
    told = title.strip()
    if _EVENT.search(told):
        return False
    return bool(_TIMELESS_EN.search(told) or _TIMELESS_ZH.search(told))

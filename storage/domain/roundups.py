"""Round-ups: articles that tell of many events that have nothing to do with each other, such as a morning's briefing.

By what they call themselves, in the title or in the address, and how they greet. How they are built says little: of 76
numbered lists in two sets of news, the items of round-ups shared no fewer words with each other than those of one
subject did. Knows no stories.
"""

from __future__ import annotations

import re

from storage.domain.news import Headline

# In characters: what greets stands here.
_GREETING = 700

_DAY = r"(?:today|this (?:morning|week|weekend)|(?:mon|tues|wednes|thurs|fri|satur|sun)day)"
_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sept?|oct|nov|dec)[a-z]*\.?"
_WHEN = rf"(?:{_DAY}|{_MONTH}|tonight|(?:the |this |last )?(?:day|week|month|year)|\d{{1,4}}(?:st|nd|rd|th)?)"
_WHENS = rf"(?:,? (?:(?:for|on|of|from|in|and|to) )?(?:the )?{_WHEN})*"
# The whole of a part of a title: "Morning briefing on the airlift cancelled" is called by its event.
_CALLED_EN = re.compile(
    rf"(?:(?:the|your|our|today['’]s|{_DAY}['’]s|(?:mon|tues|wednes|thurs|fri|satur|sun)day|\d{{4}}) ){{0,2}}(?:"
    r"(?:\d{1,2}|three|five|seven|ten) (?:things|stories|headlines) (?:(?:you|we) (?:need|should) )?(?:to )?know"
    r"|(?:morning|evening|daily|weekly|nightly|news) (?:briefings?|briefs?|round-?up|rundown|digest|quiz)"
    rf"|(?:top|biggest|main) (?:stories|headlines|news)|it['’]s {_DAY}['’]s news"
    rf"|what (?:you need )?to know (?:for |on )?{_DAY}"
    r"|news in brief|news from around [^:]{1,40}|(?:week|day|month|year) in (?:review|news|pictures|photos)"
    r"|(?:best |top )?(?:photos|pictures|images) (?:of |from )?(?:the |this |last )(?:day|week|weekend|month|year)"
    rf"){_WHENS}(?: ?(?:\.\.\.|…))?[.!]?",
    re.IGNORECASE,
)
# What sets a part of a title off.
_SETS_OFF = re.compile(r"\s*[:：|｜–—]\s*|\s+-\s+|(?<=[.!?…])\s+|,? (?:and|plus) (?=(?:\d{1,2}|five|ten) things)")
# An address has the title's words but the smallest ones, also where the title was cut.
_ADDRESSED = re.compile(
    rf"[/-](?:\d{{1,2}}|five|ten)-things-(?:you-need-)?(?:to-)?(?:know-)?(?:for-)?(?:podcast|{_DAY}|{_MONTH}-\d)"
    rf"|-its-{_DAY}s-new|/(?:morning|evening|daily|weekly)-briefing(?:[/.?#]|-\d|$)",
    re.IGNORECASE,
)
_CALLED_ZH = re.compile(
    r"(?:^|[｜丨|：:\s】])(?:新闻|财经|科技|体育|国际)?(?:早|午|晚|周)(?:报|餐|班车|读|安)(?:[｜丨|：:\s】，,]|$)"
    r"|早知道(?:[｜丨|：:\s】]|$)|[早晚]新闻(?:[｜丨|：:\s】]|$)|(?:^|[｜丨|：:\s】])简讯"
    r"|(?:^|[｜丨|：:\s】])(?:盘前必读|新闻简报)(?:[｜丨|：:\s】，,]|$)"
    r"|(?:要闻|新闻|资讯|热点|快讯)(?:速览|速递|汇总|集锦|盘点|一览|精选)(?:[｜丨|：:\s】，,（(]|$)"
    r"|(?:今日|昨日|一周|本周|每日|隔夜|早间|晚间)(?:要闻|热点新闻|大事)(?:回顾)?(?:[｜丨|：:\s】，,（(]|$)"
)
_GREETS = re.compile(
    r"up to speed on the latest|get up to speed and on with your day"
    r"|on today['’]s episode of\b[^.]{0,60}podcast"
    r"|in (?:today['’]s|this morning['’]s) (?:newsletter|briefing|headlines)"
    r"|(?:今日|今天|昨日|一周|本周|早间|晚间)(?:的)?(?:主要)?(?:要闻|新闻|热点|资讯)(?:有|如下|速览|汇总|[：:])",
    re.IGNORECASE,
)

# What opens a text, or a sentence at its head, and goes on with no event: "here's what you need to know today about the
# storm" tells of one.
_HEAD = 240
_NEED_TO_KNOW = re.compile(
    r"(?:^|(?<=[.!?:\n]))\s*(?:and )?"
    r"(?:(?:here(?:['’]s| is| are)|these are|(?:it['’]s [\w. ]{2,30} here )?with|catch up on) )?"
    r"(?:the )?(?:(?:\d{1,2}|three|five|seven|ten) )?"
    r"(?:what|(?:things|stories|headlines|news)(?: that)?) you need to know (?:for |on |this )?"
    r"(?:today|morning|\w+day)(?!['’\w]|,? (?:about|on|as|is|to|regarding|for|in|if|before)\b)",
    re.IGNORECASE,
)


def is_roundup(shown: Headline, text: str = "") -> bool:
    """Whether an article tells of many unrelated events.

    Args:
        shown: Its title and address.
        text: How it opens, where that is at hand: some greet though they are called by one event.
    """
    parts = _SETS_OFF.split(shown.title)
    called = any(_CALLED_EN.fullmatch(part.strip()) for part in parts) or _CALLED_ZH.search(shown.title)
    greets = _GREETS.search(text, 0, _GREETING) or _NEED_TO_KNOW.search(text, 0, _HEAD)
    return bool(called or _ADDRESSED.search(shown.url or "") or greets)

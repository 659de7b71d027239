"""Instalments of a series: what comes out every day by the same pattern, and tells of no event that others tell of too.

What a share closed at, what a company must file, what a fund is worth, which numbers were drawn, tomorrow's weather, a
puzzle's solution, a chapter. Their wording is the same day after day, so that they would be taken for one story that
never ends. By the shape of their titles, in English and Chinese: news of such a thing ("Powerball jackpot climbs to $1
billion") is none.
"""

from __future__ import annotations

import re

_DAY = r"(?:today|tonight|tomorrow|(?:mon|tues|wednes|thurs|fri|satur|sun)day|\w{3,9}\.? \d{1,2})"
_INSTALMENT_EN = re.compile(
    rf"\b(?:winning|lottery|lotto|powerball|mega millions)\b[^.:]{{0,30}}\bnumbers\b.{{0,30}}\b{_DAY}"
    r"|^(?:today['’]s )?(?:nyt )?(?:wordle|connections|strands|quordle|(?:mini )?crossword)\b.{0,30}"
    r"\b(?:hints?|clues?|answers?|solutions?)\b"
    rf"|^(?:[\w ]{{0,30}}\b)?weather forecast(?:$| for\b)|^(?:{_DAY}['’]s (?:weather|forecast))(?:[:,]|$)"
    r"|\b(?:shares?|stocks?|market)\b[\w ]{0,20}\b(?:at the (?:close|open)|closing prices?|market wrap)(?:$|:)"
    r"|^(?:ASX|FTSE|Dow|Nikkei|Sensex) (?:is )?(?:set|poised|tipped) (?:to|for)\b"
    r"|[:–—|(-] ?(?:chapter (?!(?:7|11|13)\b)|instalment |installment )(?:\d{1,3}|[ivxl]{1,6})\)?$",
    re.IGNORECASE,
)
_BEFORE, _AFTER = r"(?:^|[｜丨|：:\s】《，])", r"(?:[｜丨|：:\s】》（(，,!！]|$)"
_INSTALMENT_ZH = re.compile(
    r"股票行情快报|主力资金(?:合计)?净(?:买入|卖出|流入|流出)[\d.]+[万亿]"
    r"|基金净值[：:]|(?:单位净值|最新净值)[为：:]?\s*\d"
    r"|[）)]\s*\d{1,2}月\d{1,2}日(?:收盘|盘中|开盘)?(?:涨|跌|平盘|报收|报\d)"
    r"|(?:双色球|大乐透|福彩|体彩|3D|快乐8|七乐彩|七星彩|排列[三五35])\s*第?\s*\d{5,}期"
    r"|(?:双色球|大乐透|福彩3D|快乐8|七星彩|排列[三五35]).{0,8}(?:开奖结果|开奖号码|开奖回顾|推荐|预测)"
    rf"|天气预报{_AFTER}|{_BEFORE}(?:今日|明日|今明两天|未来[一二三两\d]天|本周|周末)天气{_AFTER}"
    r"|[（(【》：:｜丨|\s—](?:小说)?连载(?:[（(】：:｜丨|\s]|\d|[一二三四五六七八九十]|$)|^连载[：:｜丨|（(]"
    r"|[（(](?:连载|第)[\d一二三四五六七八九十百]{1,4}[回章讲][）)]"
    r"|每(?:日|周)(?:专栏|一歌|一诗|一题|一词|菜价|油价|金价|行情)|星座(?:运势|运程)|(?:今日|每日)(?:黄历|运势|金价|油价)"
)
# Whatever the shape of its title, what has such a word tells of something that happened.
_EVENT = re.compile(
    r"\b(?:dead|deaths?|die[sd]?|kill\w*|injur\w*|arrest\w*|wars?|attack\w*|hurricane|typhoon|tornado\w*|flood\w*"
    r"|earthquake|wildfires?|bankrupt\w*|records?|worst|best|biggest|largest|crash\w*|plung\w*|soar\w*|halt\w*|won"
    r"|historic|evacuat\w*)\b"
    r"|死|亡|遇难|受伤|失踪|被捕|被抓|逮捕|涉嫌|贪污|刑|台风|暴雨|洪水|地震|爆炸|战争|破产|起诉|新高|新低|纪录|突破|最大|最高|最低|历史(?:[新最]|性)",
    re.IGNORECASE,
)

# What a company must make known, in the words that the law has for it.
_FILING = re.compile(
    r"重要内容提示[：:]|本公司(?:及)?董事会(?:及|全体)|证券代码[：:]\s*\d{6}"
    r"|(?:股份|集团)有限公司\s*(?:\d{4}年)?\S{0,6}(?:关于|股东大会)\S{0,60}(?:公告|决议)"
)


def is_instalment(title: str) -> bool:
    """Whether what is called so is one of many by the same pattern."""
    if _EVENT.search(title):
        return False
    return bool(_INSTALMENT_EN.search(title) or _INSTALMENT_ZH.search(title) or _FILING.search(title))

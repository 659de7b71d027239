"""What a question measures, and whether a text gives such a measure: an age, a price, a length of way or of time.

By shape alone: a number with a unit of the kind. A question that measures nothing of these has no measure.
"""

from __future__ import annotations

import re
from enum import StrEnum

from generation.reading.terms import stem


class Measure(StrEnum):
    """What can be told from its unit."""

    AGE = "age"
    MONEY = "money"
    SHARE = "share"
    LENGTH = "length"
    WAY = "way"
    EXTENT = "extent"
    TIME = "time"
    WEIGHT = "weight"
    WARMTH = "warmth"
    SPEED = "speed"


_WORD_NUMBER = (
    "(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty|thirty|forty|fifty|sixty|seventy|"
    "eighty|ninety|hundred|several|half an?)"
)
# Longer runs are no numbers, and looked at whole from each digit they take time with the square of their length.
_DIGITS = r"(?<![\d.,])\d[\d,.]{0,31}"
_NUMBER = rf"(?:{_DIGITS}|{_WORD_NUMBER})[\s-]?(?:hundred|thousand|million|billion|trillion|[mbk]n?\b)?[\s-]?"
_HAN_NUMBER = "[\\d.一二三四五六七八九十百千两半几]{1,16}(?:余|多)?[万亿]?(?:余|多)?"

# What has a length by nature.
_LIES = (
    "(?:tunnel|bridge|road|wall|fence|river|canal|dam|runway|motorway|highway|railway|pipeline|cable|pier|beach|border"
    "|coastline|route|trail|path|ship|ferry|boat|train|snake|whale)"
)
_CURRENCY = (
    "(?:crowns?|kron(?:e|er|or|a|ur)|korunas?|dollars?|euros?|pounds?|pence|yuan|yen|rupees?|francs?|marks?|won|cents?"
    "|pesos?|reais|rand|roubles?|rubles?|hryvnias?|zlotys?|forints?|lir[ae]s?|dinars?|dirhams?|riyals?|shekels?|baht"
    "|ringgit|rupiah|naira|shillings?|guilders?|talers?|lei|USD|EUR|GBP|CHF|JPY)"
)
_ASKED = {
    Measure.AGE: (
        r"\bhow old\b|^age$|\bwhat age\b|\bage of\b|几岁|多少岁|年龄|多大(?:年纪|岁数)"
        "|(?:今年|现年|现在)有?多大|[他她]多大"
    ),
    Measure.MONEY: (
        r"\bhow (?:expensive|costly|dear|pricey)\b|"
        r"\bhow many (?:dollars|euros|pounds|crowns|yuan|yen|rupees|francs)\b|"
        r"\b(?:what|which) (?:\w+ ){0,2}(?:sum|price|fare|fee|fine|salary|wage)\b|\bworth\?*$|"
        r"\bhow much (?:(?:\w+ )?money|compensation\b|funding\b|damage\b|"
        r"(?:do|does|did|will|would|is|was|are|were|has|have|had|can|could|should|must)\b.{0,160}\b"
        r"(?:cost|costing|pay|paid|paying|worth|spend|spent|spending|earn|charge|charged|raise|raised|owe|sold|sell|fined))\b|"
        r"\bhow much (?:is|are|was|were) (?:\w+ ){0,4}(?:tickets?|fares?|doses?|seats?|rent|subscriptions?|fines?|fees?"
        r"|penalt(?:y|ies)|loans?|ransom|bail|subsid(?:y|ies)|grants?|budget|prize|reward|bonus(?:es)?|toll|debts?)\b|"
        r"\bwhat (?:is|was|are|were|did|does|do|will)\b.{0,160}\b(?:price|cost|costs|fare|salary)\b|"
        r"\b(?:price|cost|fare|salary)s?\?*$|"
        r"\bwhat (?:do|does|did|will|would|must) \b.{1,120}\b(?:cost|pay|earn|charge|owe)\b(?! (?:attention|tribute))|"
        r"\bwhat(?:['’]s| is| was| are| were| will) .{0,80}\b(?:fee|fine|budget|rent|wage|ticket price|bonus)s?\b|"
        r"\btolls? for (?:an? |the )?(?:cars?|lorr|truck|vans?\b|bus|motor|drivers?|vehicle|cross)|"
        r"\b(?:damage|repair|energy|heating|clean-?up|total|final) bill\b|\bbill for the (?:damage|repair|clean|work)|"
        r"^(?:is|are|was|were)\b.{1,80}\b(?:expensive|cheap|costly|pricey)\?*$|"
        r"多少钱|多少债|欠[了下]?(?:别人|银行)?多少|多贵|贵不贵|贵吗"
        "|(?:罚款?|工资|起薪|薪水|月薪|年薪|薪酬|票价|造价|损失|费用?|花费|开[支销]|成本|预算|总价|租金|奖金|赎金|赔款"
        "|[赔补]偿金?|补贴)(?:是|有|为|达)?多[少大高]|耗资多少|花了?多少(?![年月天时人])|多少[万亿]?元|什么价"
        "|[票售定房油]?价格?(?:是|有)?(?:多少|呢|如何|怎么样|多高)"
    ),
    Measure.SHARE: r"\b(?:what|which) (?:percentage|percent|share|proportion)\b|百分之几|百分之多少|占比",
    # What lies or moves has a length of way alone.
    Measure.WAY: (
        rf"\bhow long (?:is|are|was|were|will) (?:[\w’'-]+ ){{0,5}}?{_LIES}s?\b"
        r"(?!.{0,40}\b(?:closed|shut|blocked|delayed)\b)|"
        r"\bhow (?:far|tall|high|deep|wide)\b|多(?:[高远深宽]|长(?!时|久))|多少(?:公里|米|千米)"
        r"|\b(?:height|depth|width)\?*$|[高宽深长]度是多少"
    ),
    # A tunnel is so many miles long, and a sentence so many years.
    Measure.LENGTH: (
        r"^length$|"
        r"\bhow long (?:is|are|was|were|will (?:the|its|this) .{1,80} be\b)"
        r"(?!.{0,80}\b(?:strike|sentence|trial|term|wait|delay|closed|closure|prison|jail|war|outage|ban|contract|career)\b)"
    ),
    Measure.TIME: (
        r"\bhow (?:long (?:did|will|do|does|was|is|has|have|were)|many (?:years|months|weeks|days|hours|minutes))\b|"
        r"\bfor longer\b|多久|多长时间|多少(?:年|个月|天|小时|分钟)"
    ),
    Measure.EXTENT: "多大[了呢？?]*$",
    Measure.WEIGHT: (
        r"\bhow heavy\b|\b(?:how much|what) (?:do|does|did) .{1,80}\bweigh\b|多重|多少(?:吨|公斤|千克|克)(?!朗)"
        r"|\bweight\?*$|重量是多少"
    ),
    Measure.WARMTH: r"\bhow (?:hot|cold|warm)\b|\bwhat temperature\b|多少度|多热|多冷",
    # What grows or spreads fast does so by a share, and who answers fast within a time.
    Measure.SPEED: (
        r"\bhow fast\b"
        r"(?!.{0,80}\b(?:grow|rise|rising|fall|spread|sell|sold|shrink|increas|declin|respon|react|repl|get)\w*)"
        r"|\b(?:what|which|at what) (?:top |maximum |average )?speed\b|\bspeed of\b|时速(?:是)?多少|多快|速度是?多少"
    ),
}
_ASKED_BY = tuple((found, re.compile(pattern, re.IGNORECASE)) for found, pattern in _ASKED.items())
_WAY = (
    rf"\b{_NUMBER}(?:km|kilomet\w+|met(?:re|er)s?|miles?|feet|foot|ft|inch\w*|cm|centimet\w+|m)\b|"
    rf"{_HAN_NUMBER}(?:公里|千米|米|厘米|海里|里)"
)
_TIME = (
    rf"\b{_NUMBER}(?:years?|months?|weeks?|days?|hours?|minutes?|seconds?|decades?)\b|"
    rf"{_HAN_NUMBER}(?:年|个月|周|天|小时|分钟|秒|日)"
)
_GIVEN: dict[Measure, re.Pattern[str]] = {
    Measure.AGE: re.compile(
        rf"\b{_NUMBER}years?[\s-]old\b|\baged? (?:from |of )?\d|, \d{{1,3}},|\b(?:m[ae]n|wom[ae]n|boy|girl) of \d|"
        rf"\bat \d\d(?=[,.]|$| (?:after|and|for|in|on|to)\b)|{_HAN_NUMBER}岁",
        re.IGNORECASE,
    ),
    Measure.MONEY: re.compile(
        rf"[$€£¥₹]\s?\d|\b{_NUMBER}{_CURRENCY}\b|"
        rf"{_DIGITS} (?:million|billion|trillion)\b|"
        rf"\bcosts? (?:about |around |some |only |up to )?\d|{_HAN_NUMBER}(?:人民币|美|欧|日|港|澳|加|韩|新台)?[元币]|"
        rf"{_HAN_NUMBER}(?:英镑|卢比|卢布|克朗|法郎|里拉|比索|雷亚尔|兹罗提|泰铢)|免费|free of charge|for free",
        re.IGNORECASE,
    ),
    Measure.SHARE: re.compile(
        rf"\b{_NUMBER}(?:%|percent|per cent)|\b(?:half|third|quarter|tenths?)\b|百分之|%|％|{_HAN_NUMBER}成",
        re.IGNORECASE,
    ),
    Measure.WAY: re.compile(_WAY, re.IGNORECASE),
    Measure.EXTENT: re.compile(f"{_WAY}|{_HAN_NUMBER}(?:岁|公顷|亩|英寸|平方|立方|元|倍|吨)", re.IGNORECASE),
    Measure.TIME: re.compile(_TIME, re.IGNORECASE),
    Measure.LENGTH: re.compile(f"{_WAY}|{_TIME}", re.IGNORECASE),
    Measure.WEIGHT: re.compile(
        rf"\b{_NUMBER}(?:kg|kilos?|kilogram\w*|tons?|tonnes?|pounds?|grams?|ounces?)\b|{_HAN_NUMBER}(?:吨|公斤|千克|克|斤)",
        re.IGNORECASE,
    ),
    Measure.SPEED: re.compile(
        rf"\b{_NUMBER}(?:km/h|kph|kmh|mph|knots|Mach|m/s|(?:kilomet|met)(?:re|er)s? (?:an|per|a) (?:hour|second)|"
        r"miles (?:an|per) hour)|\bMach \d|时速|每[小时秒]{1,2}[^，。]{0,8}[里米]|[里米](?:/|每)(?:小?时|秒)",
        re.IGNORECASE,
    ),
    Measure.WARMTH: re.compile(rf"\b{_NUMBER}(?:degrees?|°)|\d\s?°|{_HAN_NUMBER}(?:摄氏)?度|℃", re.IGNORECASE),
}
_MEASURING = (
    "old age much cost price pay paid worth spend spent sum expensive costly dear money long far tall high deep wide "
    "heavy hot cold warm weight weigh height depth width length bill fast speed"
)
_MEASURING_ZH = "多少 多大 年龄 价格 多久 多长 多重 长时 时间 岁数 重量 多快 时速 速度"
MEASURING_TERMS = frozenset([*map(stem, _MEASURING.split()), *_MEASURING_ZH.split()])
"""Words by which a measure is asked for; a text that gives one need not hold them."""


def measure(question: str) -> Measure | None:
    """What `question` measures."""
    return next((found for found, asked in _ASKED_BY if asked.search(question)), None)


def gives(text: str, wanted: Measure) -> bool:
    """Whether `text` gives such a measure of anything."""
    return bool(_GIVEN[wanted].search(text))

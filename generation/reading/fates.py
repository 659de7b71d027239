"""What a text says befell those whom its numbers count: they died, were aboard, went on strike, lost their power.

By lists of words in English and Chinese. What is written in words of no list befell nobody.
"""

from __future__ import annotations

import re

_STRIKERS = r"\w*(?:workers?|dockers|nurses|staff|drivers|miners|teachers|doctors|pilots|employees|members|crews?)"
_AREA = r"(?:hectares|acres|square (?:kilomet|miles|km)\w*)"
_BURNS = r"(?:burn(?:ed|t|ing)?|scorched|charred|blackened|consumed|destroy(?:ed|s)?|devastated|ravaged|up in flames)"
_FATES = {
    "dead": r"\b(?:kill|die[ds]?\b|dying|dead|death|fatal|perish|toll\b)|死|遇难|丧生|身亡|罹难",
    "hurt": r"\b(?:injur|wound|hurt|hospitali|to (?:the )?hospital)|伤|送医|入院|送往医院",
    # Not all who were hurt, nor all of those at the same hour.
    "in hospital": r"\bin (?:the )?hospital|住院|留院",
    "missing": r"\b(?:missing|unaccounted)|失踪|失联",
    "moved": r"\b(?:evacu|displac|relocat|homeless|fled\b|flee|leave their homes)|转移|疏散|撤离",
    "ill": r"\b(?:infect|sicken|fell ill|poison|cases? of)|感染|病例|确诊|中毒|不适",
    "held": r"\b(?:arrest|detain|in custody|held\b)|被捕|逮捕|拘留|拘捕|抓获|羁押|扣押",
    "freed": r"\b(?:freed|freeing|releas)|获释|释放",
    "saved": r"\b(?:rescu|saved\b|pulled\b)|获救|救起|救出|营救",
    "dismissed": (
        r"\b(?:lay(?:ing)? off|laid off|layoffs?|dismiss|redundan|(?:cut|cuts|cutting|shed|axe)\s+(?:jobs|posts|staff)"
        r"|lose their jobs|jobs? (?:cuts|losses)|jobs\b[^.,]{0,40}\b(?:cut|shed|axed|lost)\b)|裁员|裁减|解雇|下岗"
    ),
    "striking": (
        rf"\b(?:walk(?:ed|ing|s)? out|on strike|down(?:ed|ing)? tools|stopped work|joined the strike"
        rf"|{_STRIKERS} struck)\b|罢工|停工|停止工作"
    ),
    "destroyed": r"\b(?:destroy|gutt|razed|burn(?:ed|t) down|flatten|collaps)|烧毁|毁坏|摧毁|被毁|倒塌",
    # Of land alone: a house that burns is destroyed.
    "burnt": (
        rf"\b{_BURNS}\b[^.;,]{{0,40}}\b{_AREA}|\b{_AREA}\b[^.;,]{{0,40}}\b{_BURNS}\b"
        r"|过火|烧[毁掉过光][^，。；]{0,12}[公顷亩]|[公顷亩][^，。；]{0,12}(?:烧|被焚)"
    ),
    "damaged": r"\b(?:damag)|受损|损坏",
    "powerless": r"\b(?:(?:without|lost|losing) (?:power|electricity)|blackout)|停电|断电",
    "restored": r"\b(?:restor|back (?:on|for)\b|reconnect)|恢复",
    "recalled": r"\brecall|召回",
    "cancelled": r"\b(?:cancel|scrap|called off)|取消",
}
# What is said of people besides: the dead were aboard too, and those who were arrested marched.
_BESIDES = {
    "aboard": r"\b(?:aboard|on board|carrying|passengers?)\b|船上|机上|车上|载有|搭载|乘客|旅客",
    "marching": r"\b(?:march|rall(?:y|ied)\b|demonstrat|protest)|took to the streets|游行|集会|示威|抗议",
    "there": r"\b(?:attend|visitors?\b|spectators?\b|drew\b|audience|came to)|观众|游客|到场|出席|参加|乐迷",
    "hired": r"\b(?:employ|jobs\b|hire|hiring)|就业|招聘|工作机会|员工|岗位",
}
# In small letters, in which a letter that begins none of the words is passed at once.
_FATE = {name: re.compile(words) for name, words in _FATES.items()}
_OTHER = {name: re.compile(words) for name, words in _BESIDES.items()}
_COUNTED_ON = frozenset(
    [
        *("dead", "hurt", "in hospital", "missing", "moved", "ill", "held", "saved"),
        *("destroyed", "burnt", "damaged", "powerless"),
    ]
)


def fates(text: str) -> frozenset[str]:
    """What a text says befell whom it counts, in names of ours; nothing, mostly.

    What only says where they were is told where nothing else is.
    """
    small = text.lower()
    found = frozenset(name for name, words in _FATE.items() if words.search(small))
    return found or frozenset(name for name, words in _OTHER.items() if words.search(small))


def grow(befell: frozenset[str]) -> bool:
    """Whether those whom that befell are counted on from hour to hour."""
    return not _COUNTED_ON.isdisjoint(befell)


def last_told(text: str, end: int) -> frozenset[str]:
    """What befell those of whom is told last before `end`; nothing where none are told of."""
    small = text[:end].lower()
    before = [(found.start(), name) for name, words in _FATE.items() for found in words.finditer(small)]
    return frozenset([max(before)[1]]) if before else frozenset()

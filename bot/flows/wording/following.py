"""That something is to be followed, followed no longer, or muted: follow the ferries, 取消关注渡轮. Pure."""

from __future__ import annotations

import re
from typing import Literal

from storage.domain.scripts import CJK

Following = Literal["follow", "unfollow", "mute", "boost"]
"""The commands that do it; a boost of what is muted ends that."""

_LONGEST = 80
"""Characters. What is longer says more than that."""
_MOST_WORDS = 8
_MOST_CHARACTERS_ZH = 24

_HAN = re.compile(f"[{CJK}]")
_END = re.compile(r"[.!。！\s]+$")
_BLANKS = re.compile(r"\s+")

# English

_POLITE = (
    r"(?:(?:hi|hey|hello|ok|okay|please|now|and|also|just)[, ]+)*(?:(?:can|could|will|would) you (?:please )?)?"
    r"(?:please )?(?:i(?:'d| would) like (?:you )?to |i want (?:you )?to |i wish to )?"
)
_ABOUT = r"(?:(?:any |all |more )?(?:the )?(?:news|updates?|stories|story|articles?|topic) (?:about|on|of|regarding) )?"
_THE = r"(?:(?:the|a|an|any|all(?! of (?:it|them|this|that|these|those)\b)|my|more) )?"
_THING = rf"{_ABOUT}{_THE}(?:(?:story|topic|subject) (?:of|about) (?:the )?)?(?P<what>.+?)"
_AFTER = r"(?: (?:news|stories|story|updates))?(?:,? (?:for me|please|from now on|any ?more|any longer|again|now|too))*"
_FOLLOW_EN = re.compile(
    rf"{_POLITE}(?:follow(?! ?-?ups?\b)|start following|keep (?:me (?:posted|updated|informed|up to date)|track)"
    r"(?: (?:about|on|of|with))?"
    r"|(?:notify|tell) me (?:when|whenever|if) there(?:'s| is) (?:any(?:thing)? |something )?news? "
    r"(?:about|on|of)"
    rf"|notify me (?:about|of)) {_THING}{_AFTER}",
    re.IGNORECASE,
)
_UNFOLLOW_EN = re.compile(
    rf"{_POLITE}(?:unfollow|(?:stop|end|quit) following|(?:don't|do not|no longer) follow"
    rf"|stop (?:telling|notifying|updating) me (?:about|of|on)) {_THING}{_AFTER}",
    re.IGNORECASE,
)
_MUTE_EN = re.compile(
    # What somebody is tired of doing is no news.
    rf"{_POLITE}(?:mute|i(?:'ve| have) had (?:quite )?enough (?:of|about)(?! (?:(?:it|this|that|these|those|them)$|"
    r"(?:wait|hear|read|be|hav|gett|try|talk|listen|see|watch|deal|liv|do|go|say|ask|work|sitt|wonder|worry)ing\b))"
    r"|(?:stop|quit) showing me"
    r"|(?:don't|do not|never) show me"
    r"|hide(?! and seek)(?=.* (?:news|stories)\b))"
    rf" {_THING}{_AFTER}",
    re.IGNORECASE,
)
_UNMUTE_EN = re.compile(rf"{_POLITE}(?:unmute|stop muting) {_THING}{_AFTER}", re.IGNORECASE)
# What asks the bot to do it has the form of a question.
_ASKED_TO = re.compile(
    r"(?:(?:hi|hey|hello|ok|please)[, ]+)*(?:can|could|will|would) you |[请你您]*(?:能不能|可以|能|可否)", re.IGNORECASE
)
# What asks, or goes on to say something of it.
_ASKS_EN = re.compile(
    r"\b(?:who|whom|whose|what|when|where|why|which|how|whether|did|does|was|were|will|happens?|happened|and then)\b",
    re.IGNORECASE,
)
# What is meant is not named.
_POINTS_EN = re.compile(r"(?:it|this|that|these|those|them)(?: (?:one|story|topic|news|event))?", re.IGNORECASE)
_NOBODY = re.compile(
    r"(?:(?:me|you|us|him|her)\b.*|suit|instructions|orders|up\b.*|through\b.*|all|everything|anything|\w"
    r"|(?:this|that|the|your) (?:bot|app|chat|service|thing|channel|group)"
    r"|(?:stories|items|articles|messages|updates|posts|news)(?: (?:than|per|an?|each|every|at|in|here|like)\b.*)?"
    r"|(?:per|an?|each|every) (?:day|week|time|hour)"
    r"|all of (?:it|them|this|that|these|those)|none of .*|everyone|everybody)",
    re.IGNORECASE,
)
# What goes on as a sentence tells of something: mute swans found dead, track record shows.
_TELLS_EN = re.compile(
    r"[:;] "
    r"| (?:is|are|has|have|had|be|been|being|says?|said|died|dies|killed|found|finds|showed|shown|seen|shot|held|lost|"
    r"loses|gets|got|goes|went|gone|comes|came|takes|took|taken|given|gives|gave|told|tells|becomes|became|begins|"
    r"began|brings|brought|caught|meets|met|pays|raises|rose|fell|sees|sold|sues|spent|drew|stolen|thrown|urges|"
    r"warns|spotted|arrives|reveals|amid|because|despite|(?:may|might|must|should|wins|won|made|makes|after|before"
    r"|as|if|while)(?= \w)"
    r"|returns to|(?:urge|say|warn)$"
    # Past participles, but for what ends like one: Manchester United.
    r"|(?!united\b|limited\b|hundred\b|unmanned\b|\w*h[ao]mm?ed\b|ahmed\b|alfred\b|jared\b|sacred\b)[a-z]{3,}(?<!e)ed"
    r"(?= (?:by|in|at|on|to|for|from|with|near|over|dead|as)\b|$))\b"
)

# Chinese

_POLITE_ZH = "(?:请|麻烦|帮我|给我|替我|我想要?|我要|你?能不能|可以|能|持续|继续|一直|开始)*"
_THING_ZH = "(?:一下|关于|有关)*(?P<what>[^，。,?？!！：:；;]+?)"
_AFTER_ZH = "(?:的?(?:新闻|消息|动态|进展|最新进展|报道|话题|内容|推送))?(?:吧|了|好吗|吗)?"
_FOLLOW_ZH = re.compile(
    f"{_POLITE_ZH}(?:关注|[跟追]踪(?!狂|器|案|系统|定位|设备|算法|软件|报道)|跟进|留意|订阅)"
    f"(?!的|度|者|点|人|率|量|调查){_THING_ZH}{_AFTER_ZH}"
)
_UNFOLLOW_ZH = re.compile(
    f"{_POLITE_ZH}(?:(?:取消(?:对)?|不再|别再?|不要再?|停止|不用再?)(?:关注|跟踪|追踪|跟进|订阅)(?!的|度|者)|取关)"
    f"{_THING_ZH}{_AFTER_ZH}"
)
_MUTE_ZH = re.compile(
    f"{_POLITE_ZH}(?:屏蔽(?!器)|静音|拉黑|(?:别|不要|不用)再?(?:给我)(?:看|推送?|发)|(?:别|不要)再推荐)(?:掉|所有)*{_THING_ZH}{_AFTER_ZH}"
)
_UNMUTE_ZH = re.compile(f"{_POLITE_ZH}(?:取消|解除|不再)屏蔽{_THING_ZH}{_AFTER_ZH}")
_ASKS_ZH = re.compile("谁|什么|哪|何|几[个条]|怎|多少|为什么|吗|呢|是不是|有没有|如何|的(?:是|设备|人|焦点|原因)")
_POINTS_ZH = re.compile("(?:这|那)(?:个|条|件|些|则)?(?:事情?|新闻|故事|话题)?|它们?")
_NOBODY_ZH = re.compile("[我你您他她它]们?|.|一下|全部|所有|大家|自己|查收|到.*|(?:这|那)个?(?:机器人|软件|群)|机器人")
# What goes on as a sentence tells of something: 跟踪狂被捕, 追踪到嫌疑人了.
_TELLS_ZH = re.compile(
    "被|了(?!解).|已经?|仍|将(?!来|军).|正在|遭|导致|引发|宣布|表示|"
    "(?:下降|上升|上涨|下跌|增加|减少|大增|大减|激增|翻倍|突破.*|超过?.{1,8}|达到?.{1,8}|失败|成功|"
    "落网|获刑|死亡|身亡|受伤|曝光|上线|下线|推出.*|落幕|停摆|收官|破裂|发现.*)$"
)
# Of digests it is said otherwise.
_DIGESTS = re.compile(r"(?:digests?|alerts?|简报|日报|推送|提醒|早报|晚报|每天|每日)", re.IGNORECASE)


def to_follow(text: str) -> tuple[Following, str] | None:
    """The command, and what it is about, empty where that is only pointed at; `None` where it may be a question."""
    if len(text) > _LONGEST:
        return None
    said = _BLANKS.sub(" ", text.replace("’", "'")).strip()
    if _ASKED_TO.match(said):
        said = said.rstrip("?？ ")
    if said.endswith(("?", "？")):
        return None
    said = _END.sub("", said)
    chinese = _HAN.search(said) is not None
    patterns = _PATTERNS_ZH if chinese else _PATTERNS_EN
    asks, points = (_ASKS_ZH, _POINTS_ZH) if chinese else (_ASKS_EN, _POINTS_EN)
    for command, pattern in patterns:
        found = pattern.fullmatch(said)
        if found is None:
            continue
        what = found["what"].strip(" \"'“”‘’《》")
        if points.fullmatch(what):
            return command, ""
        long = len(what) > _MOST_CHARACTERS_ZH if chinese else len(what.split()) > _MOST_WORDS
        if not what or long or asks.search(what) or _DIGESTS.search(what) or _names_nothing(what, chinese):
            return None
        return command, what
    return None


def of_nothing(what: str) -> bool:
    """Whether words that are to name an interest only point, name nobody's news, or are of digests."""
    chinese = _HAN.search(what) is not None
    points, nobody = (_POINTS_ZH, _NOBODY_ZH) if chinese else (_POINTS_EN, _NOBODY)
    return any(each.fullmatch(what) for each in (points, nobody, _DIGESTS))


def tells(text: str) -> bool:
    """Whether it goes on as a sentence does."""
    return (_TELLS_ZH.search(text) or _TELLS_EN.search(f" {text.lower()}")) is not None


def _names_nothing(what: str, chinese: bool) -> bool:
    """Whether it is nobody and nothing that may be followed, or goes on as a sentence does."""
    if chinese:
        return _NOBODY_ZH.fullmatch(what) is not None or _TELLS_ZH.search(what) is not None
    return _NOBODY.fullmatch(what) is not None or _TELLS_EN.search(f" {what.lower()}") is not None


_PATTERNS_EN: tuple[tuple[Following, re.Pattern[str]], ...] = (
    ("unfollow", _UNFOLLOW_EN),
    ("boost", _UNMUTE_EN),
    ("mute", _MUTE_EN),
    ("follow", _FOLLOW_EN),
)
_PATTERNS_ZH: tuple[tuple[Following, re.Pattern[str]], ...] = (
    ("unfollow", _UNFOLLOW_ZH),
    ("boost", _UNMUTE_ZH),
    ("mute", _MUTE_ZH),
    ("follow", _FOLLOW_ZH),
)

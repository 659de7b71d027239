"""Questions that one sentence of one source cannot answer: how two differ, and how something went over time.

By the words that ask so, in English and Chinese. Knows nothing of what was found.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

# Nobody names a side, or what they are compared in, at more length.
_SIDE, _ON = r"[^?？,，;；:]{2,80}?", r"[^?？]{2,120}?"
_ONE_EN, _OTHER_EN = rf"(?:the )?(?P<one>{_SIDE})", rf"(?:the )?(?P<other>{_SIDE})"
_BOTH_EN = rf"{_ONE_EN},? and (?P<other>{_SIDE})"
_ON_EN = (
    r"(?:(?:,? (?:on|in|over|about|regarding|of|when it comes to|as to|in terms of)|:) "
    rf"(?:the question of )?(?P<on>{_ON}))?"
)
_END = r"\s*[?？.。!！]*$"
_VIEW_EN = "(?:accounts?|versions?|coverage|report(?:s|ing)?|stor(?:y|ies)|views?|stances?|positions?|takes?)"
_TELL_EN = (
    "(?:cover(?:ing)?|report(?:ing)?(?: on)?|describ(?:e|ing)|see(?:ing)?|view(?:ing)?|treat(?:ing)?|explain(?:ing)?"
    "|tell(?:ing)?(?: of)?|handl(?:e|ing)|deal(?:ing)? with|cop(?:e|ing) with|respond(?:ing)? to|react(?:ing)? to)"
)
# In what two things are held against each other by a word.
_COMPARATIVES = {
    **dict.fromkeys(("cheaper", "more expensive", "dearer", "costlier", "pricier", "more", "less"), "price"),
    **dict.fromkeys(("faster", "slower"), "speed"),
    **dict.fromkeys(("lighter", "heavier"), "weight"),
    **dict.fromkeys(("longer", "shorter"), "length"),
    **dict.fromkeys(("higher", "taller"), "height"),
    "deeper": "depth",
    **dict.fromkeys(("older", "younger"), "age"),
    **dict.fromkeys(("贵", "便宜"), "价格"),
    **dict.fromkeys(("轻", "重"), "重量"),
    **dict.fromkeys(("快", "慢"), "速度"),
    "好": "",
}
_COMPARED_EN = tuple(
    re.compile(pattern + _END, re.IGNORECASE)
    for pattern in (
        (
            rf"^how (?:do|does|did|are|is|were|was) {_BOTH_EN} (?:differ|compare|different)"
            rf"(?:,? in (?:how|the way) they {_TELL_EN} (?P<how>{_ON})|{_ON_EN})"
        ),
        (
            rf"^how (?:does|do|did) {_ONE_EN}['’]s? {_VIEW_EN} (?:of|on|about) (?P<on>{_ON}) "
            rf"(?:differ from|compare (?:to|with)) {_OTHER_EN}(?:['’]s?)?"
        ),
        (
            rf"^how (?:does|do|did|is|are) {_ONE_EN} (?:differ(?:ent)? from|compare (?:to|with)) (?P<other>{_SIDE})"
            f"{_ON_EN}"
        ),
        (
            r"^what(?:'s|’s| is| are| were| was) the (?:main )?differences? between "
            rf"(?:how|the way) {_BOTH_EN} {_TELL_EN} (?P<on>{_ON})"
        ),
        (
            r"^what(?:'s|’s| is| are| were| was) the (?:main )?differences? between "
            rf"(?P<one>{_SIDE}) and (?P<other>{_SIDE}){_ON_EN}"
        ),
        (
            rf"^compare (?:what|how|the way) {_BOTH_EN} "
            rf"(?:say|report|write|tell|think|{_TELL_EN})(?:,? (?:about|on|of|over))? (?P<on>{_ON})"
        ),
        rf"^(?:please )?compare (?P<one>{_SIDE}) (?:and|with|to|against) (?P<other>{_SIDE}){_ON_EN}",
        (
            rf"^what (?:do|did|does) {_BOTH_EN} (?:each )?(?:say|think|propose|plan|want|offer|report|write|tell us)"
            f"{_ON_EN}"
        ),
        (
            rf"^how (?:is|are|was|were) (?:the )?(?P<on>{_ON}) "
            rf"(?:reported|covered|described|seen|told|treated|handled) by {_BOTH_EN}"
        ),
        rf"^how (?:are|were|do|did) {_BOTH_EN} {_TELL_EN} (?P<on>{_ON})",
        rf"^do(?:es)? {_BOTH_EN} (?:agree|disagree|differ){_ON_EN}",
        (
            rf"^(?:which|who) (?:\w+ )?(?:is|are|costs?|weighs?) (?:the )?(?P<more>{'|'.join(_COMPARATIVES)})[,:]? "
            rf"{_ONE_EN} or (?P<other>{_SIDE})"
        ),
        (rf"^(?:is|are) {_ONE_EN} (?P<more>{'|'.join(_COMPARATIVES)}) than (?P<other>{_SIDE})"),
        (
            rf"^which (?:\w+ )?(?:has|have|gets?|offers?|needs?|takes?|lasts?) (?P<on>[^?,]{{2,40}}?)[,:] {_ONE_EN} or "
            rf"(?P<other>{_SIDE})"
        ),
        (
            rf"^(?P<on>(?:what|how much|how many) [^?]{{2,80}}?) (?:at|in|for|by|of) {_ONE_EN},? "
            rf"(?:compared|in comparison) (?:with|to) (?:at |in |for |by |of )?(?P<other>{_SIDE})"
        ),
        rf"^(?P<one>{_SIDE}) (?:vs\.?|versus) (?P<other>{_SIDE}){_ON_EN}",
    )
)
_SIDE_ZH, _ON_ZH = "[^？?，,。、和与跟同]{1,30}?", "[^？?，,。]{1,40}?"
# Who is for something and who against is not told by those words.
_ONE_ZH, _AND_ZH = f"(?P<one>(?!支持|赞成|反对){_SIDE_ZH})", f"[、和与跟同](?P<other>{_SIDE_ZH})"
_VIEW_ZH = "(?:立场|看法|态度|说法|报道|观点|评价|意见|描述|口径|解释|做法)"
_DIFFER_ZH = (
    "(?:各?有(?:什么|何|哪些|啥)?|的)?(?:主要)?(?:不同|不一样|区别|差异|差别|差距|分歧|出入)"
    "(?:之处|在哪里?|是什么|大?吗)?"
)
_MORE_ZH = "贵|便宜|轻|重|快|慢|好|高|低|大|小|多|少|长|短|远|近|早|晚|强|省|赚钱|划算"
_SAY_ZH = "(?:是)?(?:怎么|怎样|如何)(?:看待?|说|报道|评价|描述|解释|应对|讲|写)的?"
_TOPIC_ZH = f"(?:在|对于?|关于|就|针对)(?P<on>{_ON_ZH})(?:(?:这个|这一)?问题)?(?:上|方面|中)?"
_COMPARED_ZH = tuple(
    re.compile(pattern + _END)
    for pattern in (
        rf"^{_TOPIC_ZH}[，,]{_ONE_ZH}{_AND_ZH}(?:的{_VIEW_ZH})?{_DIFFER_ZH}",
        rf"^{_ONE_ZH}(?:的{_VIEW_ZH})?{_AND_ZH}(?:的{_VIEW_ZH})?{_DIFFER_ZH}[，,]{_TOPIC_ZH}",
        rf"^{_ONE_ZH}{_AND_ZH}{_TOPIC_ZH}(?:的{_VIEW_ZH})?{_DIFFER_ZH}",
        rf"^{_ONE_ZH}{_AND_ZH}(?:的(?P<on>{_ON_ZH}))?(?:上|方面)?{_DIFFER_ZH}",
        rf"^{_ONE_ZH}{_AND_ZH}(?:的(?P<on>{_ON_ZH}))?(?:相差|差了?|差距(?:是|有)?)(?:多少|多大|几\w{{0,2}})",
        (
            rf"^{_ONE_ZH}{_AND_ZH}[，,]?(?:(?:相比|比起来)[，,]?)?(?:(?:这|那)?两\w)?(?:哪一?\w|谁(?!是))(?:的)?"
            rf"(?P<on>{_ON_ZH})?(?:要|会)?(?:更|比较|最)?(?P<more>{_MORE_ZH})(?:一?些|一?点)?"
        ),
        rf"^{_ONE_ZH}{_AND_ZH}(?:哪一?\w|谁)\w{{1,6}}(?:哪一?\w|谁)\w{{1,6}}",
        rf"^{_ONE_ZH}{_AND_ZH}(?:这|那)?两[地家队者国个款人](?:的)?(?P<on>{_ON_ZH})(?:是|有)?(?:多少|什么|谁|怎样|如何|从)?",
        rf"^{_ONE_ZH}{_AND_ZH}(?:的(?P<on>{_ON_ZH}))?(?:分别|各自?)(?:是|为|有|从)?(?:多少|什么|谁|怎样|如何|几\w?)\w{{0,6}}",
        rf"^{_ONE_ZH}{_AND_ZH}(?:相?比(?:较|起来)?)[，,](?P<on>{_ON_ZH})哪一?\w{{1,8}}",
        (
            rf"^(?:买|选|用)?{_ONE_ZH}(?:更?(?:{_MORE_ZH}))?(?:些|点)?[，,]?还是(?P<other>{_SIDE_ZH})"
            rf"(?:更?(?P<more>{_MORE_ZH})(?:些|点)?)?"
        ),
        rf"^{_ONE_ZH}比(?!去|前|昨|上|今|以|之|往|过|同|预|原|平)(?P<other>{_SIDE_ZH})(?P<more>{_MORE_ZH})(?:了|出)?(?:多少|几\w{{0,2}})",
        rf"^{_TOPIC_ZH}[，,]{_ONE_ZH}{_AND_ZH}(?:分别|各自?|都)?{_SAY_ZH}",
        rf"^{_ONE_ZH}{_SAY_ZH}(?P<on>{_ON_ZH})[，,；;](?P<other>{_SIDE_ZH})(?:呢|又?{_SAY_ZH})",
        rf"^(?:请)?(?:比较|对比)(?:一下)?{_ONE_ZH}{_AND_ZH}{_TOPIC_ZH}(?:的{_VIEW_ZH})?",
        rf"^(?:请)?(?:比较|对比)(?:一下)?{_ONE_ZH}{_AND_ZH}(?:的(?P<on>{_ON_ZH})(?:上|方面)?)?",
        rf"^{_ONE_ZH}{_AND_ZH}相比[，,]?(?P<on>(?!哪){_ON_ZH})?(?:怎么样|如何)?",
        (
            rf"^{_ONE_ZH}{_AND_ZH}(?:分别|各自|都)?(?:是)?(?:怎么|怎样|如何)"
            rf"(?:看待?|说|报道|评价|描述|解释|应对)(?:的)?(?P<on>{_ON_ZH})?(?:的)?"
        ),
    )
)
_OVER_TIME_EN = tuple(
    re.compile(pattern + _END, re.IGNORECASE)
    for pattern in (
        (
            r"^(?:(?:give|show|tell) me |what(?:'s|’s| is) )?(?:a |the )?(?:time ?line|chronology) "
            rf"(?:of|for|on) (?:the )?(?P<of>{_ON})"
        ),
        (
            rf"^what (?:has )?happened (?:with|to|in|around|about) (?:the )?(?P<of>{_ON}) "
            r"(?:over time|step by step|day by day|so far|from (?:the )?(?:start|beginning)(?: to (?:the )?end)?)"
        ),
        (
            rf"^how (?:did|has|have) (?:the )?(?P<of>{_ON}) "
            r"(?:develop(?:ed)?|unfold(?:ed)?|evolved?|changed? over time|progress(?:ed)?|c[ao]me about)"
            "(?: over time| so far)?"
        ),
        rf"^(?P<of>{_ON}):? (?:time ?line|over time|step by step)",
    )
)
_OVER_TIME_ZH = tuple(
    re.compile(pattern + _END)
    for pattern in (
        (
            rf"^(?:请)?(?:给我|列出|梳理|整理)?(?:一下)?(?P<of>{_ON_ZH})的?"
            "(?:时间线|时间轴|来龙去脉|始末|前因后果|大事记|发展(?:过程|经过|历程)|全过程|整个过程)(?:是(?:什么|怎样的))?"
        ),
        rf"^(?P<of>{_ON_ZH})(?:是)?(?:如何|怎么|怎样)(?:一步步|逐步)?(?:发展|演变|演化)(?:到今天|至今|的|过来的)*",
    )
)
# "The cars of Helio and Kell" are those of either; "the mayor of Tarn and Kell" are not.
_OF_BOTH = re.compile(r"^(?:the )?(?P<what>.{2,60}[^s\W]s) of (?P<one>(?:the )?[A-Z].*)$")
# What they are compared in, and not that each has a view of it.
_OF_THEIRS = re.compile(
    rf"^(?:their |its |the )?{_VIEW_EN} (?:of|on|about|over) (?:the )?|(?:的)?{_VIEW_ZH}$|(?<=.)的$", re.IGNORECASE
)
# How it is asked, and not in what.
_OF_NO_MATTER = re.compile("(?:从|是|有)?(?:什么时候|何时|多少|怎么样|如何|几[^上下]).*$|(?:更|比较|要|会)+$")
_CHINESE = re.compile("[\u4e00-\u9fff]")
# What a question opens with, and none of it is what is meant.
_LEADS = re.compile(r"^(?:please|can you|could you|tell me)[, ]+|^(?:请问|我想知道)[，,]?", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """Two that are held against each other, in the reader's words; `on` is what in, empty where that is open."""

    one: str
    other: str
    on: str


def compared(question: str) -> Compared | None:
    """What a question compares; `None` for other questions."""
    text = _bare(question)
    for pattern in (*_COMPARED_EN, *_COMPARED_ZH):
        if found := pattern.match(text):
            named = found.groupdict()
            one, other = found["one"].strip(), found["other"].strip()
            on = _OF_THEIRS.sub("", (named.get("on") or named.get("how") or "").strip())
            other, on = _parted(one, other, on)
            # 哪个屏幕更大 names in what; 哪个更贵 says it by the word alone.
            on = _OF_NO_MATTER.sub("", on) or _COMPARATIVES.get((named.get("more") or "").lower(), "")
            if (both := _OF_BOTH.match(one)) and other.removeprefix("the ")[0].isupper():
                one, on = both["one"], f"{both['what']} {on}".strip()
            return Compared(one=one, other=other, on=on)
    return None


def _parted(one: str, other: str, on: str) -> tuple[str, str]:
    """The second side up to where it ends as the first does, with what follows: 远山电池 and 三季度业绩."""
    if not _CHINESE.search(one + other):
        return other, on
    ends = re.search(r"[A-Za-z]*\d+[A-Za-z]*$", one)
    if ends:
        found = re.match(r"[^A-Za-z\d]*[A-Za-z]*\d+[A-Za-z]*", other)
        at = found.end() if found else len(other)
    elif "的" in other and "的" not in one:
        at = other.index("的")
    else:
        at = next((i + n for n in (2, 1) if (i := other.find(one[-n:])) > 0 and len(one) > n), len(other))
    return other[:at], f"{other[at:].removeprefix('的')}{on}"


def over_time(question: str) -> str | None:
    """What a question asks the course of; `None` for other questions."""
    text = _bare(question)
    found = (pattern.match(text) for pattern in (*_OVER_TIME_EN, *_OVER_TIME_ZH))
    return next((match["of"].strip() for match in found if match), None)


def _bare(question: str) -> str:
    return _LEADS.sub("", " ".join(question.split()))

"""Questions that one sentence of one source cannot answer: how two differ, and how something went over time.

By the words that ask so, in English and Chinese. Knows nothing of what was found.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

# Nobody names a side, or what they are compared in, at more length.
_SIDE, _ON = r"[^?？,，;；]{2,80}?", r"[^?？]{2,120}?"
_ON_EN = rf"(?:,? (?:on|in|over|about|regarding|when it comes to|as to|in terms of) (?P<on>{_ON}))?"
_END = r"\s*[?？.。!！]*$"
_COMPARED_EN = tuple(
    re.compile(pattern + _ON_EN + _END, re.IGNORECASE)
    for pattern in (
        (
            rf"^how (?:do|does|did|are|is|were|was) (?:the )?(?P<one>{_SIDE}),? and (?P<other>{_SIDE}) "
            "(?:differ|compare|different)"
        ),
        rf"^how (?:does|do|did|is|are) (?P<one>{_SIDE}) (?:differ(?:ent)? from|compare (?:to|with)) (?P<other>{_SIDE})",
        (
            r"^what(?:'s|’s| is| are| were| was) the (?:main )?differences? between "
            rf"(?P<one>{_SIDE}) and (?P<other>{_SIDE})"
        ),
        rf"^(?:please )?compare (?P<one>{_SIDE}) (?:and|with|to) (?P<other>{_SIDE})",
        rf"^what (?:do|did) (?P<one>{_SIDE}) and (?P<other>{_SIDE}) (?:each )?(?:say|think|propose|plan|want|offer)",
        rf"^(?P<one>{_SIDE}) (?:vs\.?|versus) (?P<other>{_SIDE})",
    )
)
_SIDE_ZH, _ON_ZH = "[^？?，,。和与跟同]{1,30}?", "[^？?，,。]{1,40}?"
_DIFFER_ZH = r"(?:有(?:什么|何|哪些|啥)?|的)?(?:主要)?(?:不同|不一样|区别|差异|差别|分歧)(?:之处|在哪里?|是什么|吗)?"
_COMPARED_ZH = tuple(
    re.compile(pattern + _END)
    for pattern in (
        (
            rf"^(?P<one>{_SIDE_ZH})[和与跟同](?P<other>{_SIDE_ZH})(?:在|对于?|关于|就)(?P<on>{_ON_ZH})"
            rf"(?:问题)?(?:上|方面)?(?:的(?:立场|看法|态度|说法))?{_DIFFER_ZH}"
        ),
        rf"^(?P<one>{_SIDE_ZH})[和与跟同](?P<other>{_SIDE_ZH})(?:的(?P<on>{_ON_ZH}))?{_DIFFER_ZH}",
        (
            rf"^(?:请)?(?:比较|对比)(?:一下)?(?P<one>{_SIDE_ZH})[和与跟同](?P<other>{_SIDE_ZH})"
            rf"(?:(?:在|的)(?P<on>{_ON_ZH})(?:上|方面)?)?"
        ),
        rf"^(?P<one>{_SIDE_ZH})[和与跟同](?P<other>{_SIDE_ZH})相比[，,]?(?P<on>{_ON_ZH})?(?:怎么样|如何)?",
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
_OF_BOTH = re.compile(r"^(?:the )?(?P<what>.{2,60}[^s\W]s) of (?P<one>[A-Z].*)$")
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
            one, other, on = found["one"].strip(), found["other"].strip(), (found["on"] or "").strip()
            if (both := _OF_BOTH.match(one)) and other[0].isupper():
                one, on = both["one"], f"{both['what']} {on}".strip()
            return Compared(one=one, other=other, on=on)
    return None


def over_time(question: str) -> str | None:
    """What a question asks the course of; `None` for other questions."""
    text = _bare(question)
    found = (pattern.match(text) for pattern in (*_OVER_TIME_EN, *_OVER_TIME_ZH))
    return next((match["of"].strip() for match in found if match), None)


def _bare(question: str) -> str:
    return _LEADS.sub("", " ".join(question.split()))

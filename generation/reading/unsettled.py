"""Whether a sentence says that something is not known yet, not decided, or kept back.

That somebody did not answer a newspaper is no open question of what it tells of.
"""

from __future__ import annotations

import re

_ENGLISH = re.compile(
    r"\b(?:"
    r"unclear|(?:is|are|was|were|remain(?:s|ed)?) (?:still )?(?:unknown|unresolved|undecided)"
    r"|not (?:yet |immediately |been )*(?:known|clear|confirmed|determined|identified|decided|disclosed|established"
    r"|released|verified|said (?:how|what|when|whether|who|why|where|which))"
    r"|(?:has|have|had) yet to (?:\w+ ){0,3}(?:announce|approve|confirm|decide|determine|disclose|explain|identif|name"
    r"|releas|say|set|rule|find)\w*"
    r"|remains? to be (?:seen|decided|determined)|questions? remain|(?:is|are|was|were) (?:still )?under investigation"
    r"|(?:is|are|was|were|still) (?:being )?investigat(?:ed|ing)"
    r"|declin(?:es?|ed|ing) to (?:confirm|disclose|give|identify|name|say|specify)"
    r"|(?:did|does|do) not (?:immediately )?(?:disclose|specify|say (?:how|what|when|whether|who|why))"
    r"|no (?:cause|motive|suspects?|arrests?|date|decision|timetable|details) (?:has|have|had|was|were)(?: yet)? been"
    r"|too (?:early|soon) to (?:say|tell|know)"
    r")\b",
    re.IGNORECASE,
)
_CHINESE = re.compile(
    r"尚(?:不清楚|不明|不得而知|不确定|待|无定论|无法确[定认]|未(?:有?公布|确[定认]|查明|披露|知|定论|得到证实|透露|表态|说明|决定|明确))"
    r"|(?:还|仍)(?:不(?:清楚|明确?|确定)|在(?:进一步)?(?:调查|核实|侦办|确认)|有待|是(?:个)?未知数|未(?:查明|公布|确定|明确|披露|得到证实))"
    r"|有待(?:进一步)?(?:查明|调查|确认|核实|公布|证实)|正在(?:进一步)?(?:调查|核实|侦办)(?:之?中|[，。；]|$)"
    r"|(?:暂未|并未|没有)(?:透露|披露|公布)|拒绝透露|未有定论|不得而知"
)


def unsettled(text: str) -> bool:
    """Whether a sentence, English or Chinese, tells of what is open."""
    return bool(_ENGLISH.search(text) or _CHINESE.search(text))

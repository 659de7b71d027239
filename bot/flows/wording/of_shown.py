"""Whether a text says something of what was shown: more like number 1, 第二条不喜欢, open the third one, next.

By rules over the whole text: what holds anything else besides is a question. Pure.
"""

from __future__ import annotations

import re

from bot.flows.wording.commanded import commanded
from bot.flows.wording.of_shown_en import FORMS_EN, number_en
from bot.flows.wording.of_shown_zh import FORMS_ZH, number_zh
from bot.flows.wording.said import Said
from storage.domain.scripts import CJK

_LONGEST = 80
"""Characters. What is longer says more than that."""
_HAN = re.compile(f"[{CJK}]")
_BLANKS = re.compile(r"\s+")
_COMMAS_EN = re.compile(r"\s*[,;:!.…]+(?=\s|$)|\s+[–—-]+(?=\s)")
_COMMAS_ZH = re.compile(r"[，、,；;！!。.…~～\s]+")
_EDGES = re.compile(r"^[\s\"'“”‘’「」(（.…]+|[\s\"'“”‘’「」)）.!。！…~～]+$")

_TO_BRIEF = re.compile(
    r"(?:please |(?:can|could|would|will) you (?:please )?)?brief (?:"
    r"(?:me (?:on|about) )?(?P<topic>the (?!news\b)\S.{1,60})|me (?:on|about) "
    r"(?P<other>(?!(?:th(?:e|is|at|ese|ose)|it|what|today|everything|all|news|number)\b)\S.{1,60}))",
    re.IGNORECASE,
)


def to_brief(text: str) -> str | None:
    """What a page is wanted of, where that is said as by the command: brief the tunnel; else `None`."""
    found = _TO_BRIEF.fullmatch(text.strip().rstrip(" .!"))
    return None if found is None or text.strip().endswith("?") else found["topic"] or found["other"]


def of_shown(text: str) -> Said | None:
    """What it says; `None` where it may be a question, or a wish of another kind."""
    if len(text) > _LONGEST or commanded(text) is not None:
        return None
    said = _EDGES.sub("", _BLANKS.sub(" ", text.replace("’", "'"))).lower()
    chinese = _HAN.search(said) is not None
    asked = said.endswith(("?", "？"))
    said = (_COMMAS_ZH.sub("", said) if chinese else _COMMAS_EN.sub("", said)).rstrip("?？ ")
    for act, pattern, may_ask in (FORMS_ZH if chinese else FORMS_EN).patterns:
        found = pattern.fullmatch(said) if may_ask or not asked else None
        if found is not None:
            groups = found.groupdict()
            words = next((groups[name] for name in groups if groups[name] is not None), None)
            return Said(act=act, number=None if words is None else (number_zh if chinese else number_en)(words))
    return None

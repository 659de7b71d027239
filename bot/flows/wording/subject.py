"""What a question is of, in its own words without those that only ask: the Brackwater tunnel collapse. Pure."""

from __future__ import annotations

import re

_LONGEST = 120
"""Characters. Of a longer question all is kept."""
# What ends a question says of what it is asked of; what begins it only asks.
_OPENS_EN = re.compile(
    r"(?:and|so|but|please|tell me|do you know|who|whom|whose|what|when|where|why|which|how(?: (?:many|much|long|far"
    r"|old|often|big))?|is|are|was|were|did|does|do|has|have|had|will|would|can|could|should|there|the|an?|any|about)\b\s*",
    re.IGNORECASE,
)
_ASKS_ZH = re.compile(
    "请问|告诉我|什么时候|什么时间|为什么|是什么|什么样的?|什么|怎么样?|如何|是谁|谁|哪里|哪儿|哪些?个?|多少|多久|几(?=[个条人次家])"
    "|有没有|是不是|是否|[吗呢吧啊]+$"
)
_EDGES = " \t?？!！.。,，:："


def asked_of(question: str) -> str:
    """What it is of; the question itself where nothing else is left of it."""
    said = question.strip(_EDGES)
    if len(said) > _LONGEST:
        return said
    left = _ASKS_ZH.sub("", said).strip(_EDGES)
    while opened := _OPENS_EN.match(left):
        left = left[opened.end() :]
    return left or question.strip()

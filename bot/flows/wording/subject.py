"""What a question is of, in its own words without those that only ask: the Brackwater tunnel collapse. Pure."""

from __future__ import annotations

import re

_LONGEST = 120
"""Characters. Of a longer question all is kept."""
_AUXILIARY = r"(?:is|are|was|were|did|does|do|has|have|had|will|would|can|could|should|may|might|must)(?:n['’]t)?"
_ASKING = r"(?:who|whom|whose|what|when|where|why|which|how(?: (?:many|much|long|far|old|often|big))?)"
# What ends a question says of what it is asked of; what begins it only asks.
_OPENS_EN = re.compile(
    rf"(?:and|so|but|please|tell me|do you know|{_ASKING}(?:['’]s)?|{_AUXILIARY}|there|the|an?|any|about)(?![\w-])\s*",
    re.IGNORECASE,
)
# Without its mark it is a question by how it opens: who is missing, but not The Who tour.
_ASKS_EN = re.compile(
    rf"(?:(?:and|so|but|please),? )*(?:tell me|do you know|how (?:many|much|long|far|old|often|big)\b"
    rf"|{_ASKING}(?: {_AUXILIARY}\b|['’]s )|{_AUXILIARY} (?:the|an?|there|any)\b)",
    re.IGNORECASE,
)
# Before a name these are one with it: Will Smith, The Who; and so is what has a capital letter further on.
_NAMES = re.compile(r"(?:Will|May|Do|The) (?=[A-Z])")
_NAMED_LATER = re.compile(r"[A-Z]\w* (?=[A-Z])")
_ASKS_ZH = re.compile(
    "请问|告诉我|什么时候|什么时间|为什么|(?:究竟|到底)?是(?:什么样的?|什么|谁|多少|哪[里儿]|哪些?个?)"
    "|(?:什么|谁|哪里|哪儿|哪些?个?)是|什么样的?|什么|怎么样?|如何|谁|哪里|哪儿|哪些?个?|多少钱?|多久|几(?=[个条人次家])"
    "|有没有|是不是|是否|[吗呢吧啊]+$"
)
_EDGES = " \t?？!！.。,，:："


def asked_of(question: str) -> str:
    """What it is of; the question itself where nothing else is left of it, and where it asks nothing."""
    said = question.strip(_EDGES)
    if len(said) > _LONGEST:
        return said
    left = _ASKS_ZH.sub("", said).strip(_EDGES)
    marked = question.rstrip().endswith(("?", "？"))
    if not marked and _ASKS_EN.match(left) is None:
        return left or question.strip()
    named = _NAMES
    while (opened := _OPENS_EN.match(left)) and not named.match(left):
        left, named = left[opened.end() :], _NAMED_LATER
    return left or question.strip()

"""Which of the bot's languages a message is written in, as far as it tells. Pure."""

from __future__ import annotations

import re
from typing import Literal

from storage.domain.scripts import CJK

_HAN = re.compile(f"[{CJK}]")
# Those that stand in what is said in English, and hardly in names: iPhone 17, Bayern München.
_ENGLISH = re.compile(
    r"\b(?:the|a|an|of|to|in|on|at|for|from|with|about|and|or|not|no|yes|is|are|was|were|be|do|does|did|can|could|will|"
    r"would|should|has|have|had|what|what's|who|when|where|why|how|which|i|i'm|me|my|you|your|it|its|he|she|they|we|us|"
    r"this|that|these|those|there|please|thanks|thank|hello|hi|hey|show|tell|open|give|send|more|less|next|stop|cancel|"
    r"undo|news|latest|hottest|great|good|bad|like|dislike|interested|first|second|third|one|number|follow|today)\b",
    re.IGNORECASE,
)
_ENOUGH = 2


def spoken(text: str) -> Literal["en", "zh"] | None:
    """The language; `None` where it may be either, as names and numbers alone may."""
    english = len(_ENGLISH.findall(text.replace("’", "'")))
    if _HAN.search(text):
        return "en" if english >= _ENOUGH else "zh"
    return "en" if english else None

"""Two things asked at once, each as a question of its own: as in "Who won, and by how much?", who, and how much.

By shape, in English and Chinese: 谁赢了，比分多少. Either half is a question of its own; the second may leave to the
first what it is of.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from generation.reading.inquiry import ASKING_EN, ASKING_ZH
from generation.reading.terms import HAN

_ASKS = (
    r"(?:how (?:many|much|long|old|far|tall|high|big|large|often|fast|deep|heavy)|who|whom|whose|when|where|why|which|"
    r"what|how)"
)
_WORDS = rf"(?:(?:what|which) (?:time|day|year)|{_ASKS})"
_BIDDING = re.compile(r"^\W*(?:(?:can|could) you )?(?:please )?tell (?:me|us) ", re.IGNORECASE)
_TWO_WORDS = re.compile(rf"^(?P<one>{_WORDS}),? (?:and|or) (?P<other>{_WORDS}) (?P<rest>\S.*)$", re.IGNORECASE)
_TWO_CLAUSES = re.compile(
    rf"^(?P<one>.+?)(?:[,?]? (?:and|but)|\?) (?P<other>(?:(?:by|at|to|in|for|from|with|of|on) )?{_ASKS}\b.*)$",
    re.IGNORECASE,
)
# What a half asks in one word or two, "by how much" and "why", is asked of all that the other says.
_BARE = re.compile(rf"^(?:(?:by|at|to|in|for|from|with|of|on) )?{_ASKS}(?: for| exactly)?$", re.IGNORECASE)
_AFTER_ASKING = re.compile(rf"^\W*{_ASKS}\b ?", re.IGNORECASE)
# A longer half tells a story of its own, whose words may well ask too.
_MOST_WORDS = 14
_FEWEST_WORDS = 2
_REPORTED = re.compile(
    rf"\b(?:about|of|on|over) {_ASKS}\b",
    re.IGNORECASE,
)

_WORD_ZH = ASKING_ZH.pattern.replace("|是否|吗|呢", "")
_WORD_ZH = re.sub(r"\?P<\w+>", "?:", _WORD_ZH)
_TWO_WORDS_ZH = re.compile(
    f"^(?P<before>[^，,？?]*?)(?P<one>(?:在)?(?:{_WORD_ZH}))(?:、|和|以及|还有|又)(?P<other>(?:在)?(?:{_WORD_ZH}))(?P<rest>[^，,？?]*)[？?]*$"
)
_TWO_CLAUSES_ZH = re.compile(
    "^(?P<one>[^，,；;？?]{2,40})[，,；;？?]\\s*(?:和|以及|还有|又|并且|而且|另外)?(?P<other>[^，,；;？?]{2,24})[？?。]*$"
)
_ASKS_ZH = re.compile(_WORD_ZH)


@dataclass(frozen=True, slots=True, kw_only=True)
class Half:
    """What half of a question asks.

    Args:
        text: It as a question, in the reader's words.
        about: What of the other half says which story it is of; empty where it says so itself.
    """

    text: str
    about: str = ""


def halves(question: str) -> tuple[Half, Half] | None:
    """Both halves of a question; `None` for one that asks one thing, or more."""
    bare = " ".join(question.split())
    return _halves_zh(bare) if re.search(f"[{HAN}]", bare) else _halves_en(_BIDDING.sub("", bare).rstrip("?.! "))


def _halves_en(bare: str) -> tuple[Half, Half] | None:
    if two := _TWO_WORDS.match(bare):
        return Half(text=f"{two['one']} {two['rest']}"), Half(text=f"{two['other'].capitalize()} {two['rest']}")
    two = _TWO_CLAUSES.match(bare)
    if two is None or not (_AFTER_ASKING.match(two["one"]) and _asks_once(two["one"])):
        return None
    about = _AFTER_ASKING.sub("", two["one"])
    if _BARE.match(two["other"]):
        return Half(text=two["one"]), Half(text=f"{two['other']} {about}")
    return (Half(text=two["one"]), Half(text=two["other"], about=about)) if _asks_once(two["other"]) else None


def _asks_once(half: str) -> bool:
    return (
        len(ASKING_EN.findall(half)) == 1
        and not _REPORTED.search(half)
        and _FEWEST_WORDS <= len(half.split()) <= _MOST_WORDS
    )


def _halves_zh(bare: str) -> tuple[Half, Half] | None:
    if two := _TWO_WORDS_ZH.match(bare):
        return (
            Half(text=f"{two['before']}{two['one']}{two['rest']}"),
            Half(text=f"{two['before']}{two['other']}{two['rest']}"),
        )
    two = _TWO_CLAUSES_ZH.match(bare)
    if two is None or not (_ASKS_ZH.search(two["one"]) and _ASKS_ZH.search(two["other"])):
        return None
    return Half(text=two["one"]), Half(text=two["other"], about=_ASKS_ZH.sub("", two["one"]))

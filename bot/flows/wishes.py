"""What is wished for where no question is asked: the newest stories, or a word with the bot itself.

By rules over the whole text, in English and Chinese: a text that holds anything else besides is a question and is left
to the search. Pure; knows nothing of how a wish is met.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Literal

from bot.flows.wording.wished import Newest, Wish, Word
from bot.flows.wording.wishes_en import wish_en
from bot.flows.wording.wishes_zh import wish_zh
from storage.domain.scripts import CJK

_LONGEST = 120
"""Characters. No wish takes more, so no pattern is tried on more."""


_HAN = re.compile(f"[{CJK}]")
_EDGES = re.compile(r"^[\W_]+|[\W_]+$")
# What related a time or a language to the news and stays behind when it is taken out.
_DANGLING_EN = re.compile(
    r"^['’]s\b\s*|(?:\s+(?:in|from|on|of|for|about|during|the)){1,4}(?=(?:\s+please)?\W*$)", re.IGNORECASE
)
_DANGLING_ZH = re.compile("^[的，, ]+")
_HAPPENED_EN = re.compile(
    r"(?:(?:so|and) )?what(?:'s|’s| else| has| all| was| is){0,2} (?:happen(?:ed|ing|s)|(?:been )?going on|new|"
    r"(?:been )?(?:in|on) the news)(?: (?:in|around) the world)?"
)


def wish(text: str, left: str | None = None) -> Wish | None:
    """The wish that all of `text` is, or `None` where it is a question.

    Args:
        text: What the reader wrote.
        left: `text` without the times and languages that were read from it, which say nothing of the topic; `None`
            where none were. "What happened" asks for the news where it had one.
    """
    if len(text) > _LONGEST:
        return None
    asked = _wish(text)
    if left is None or isinstance(asked, Word):
        return asked
    rest = _DANGLING_ZH.sub("", _DANGLING_EN.sub("", left)).strip()
    of_rest = _wish(rest)
    if isinstance(of_rest, Newest):
        return of_rest
    if _HAPPENED_EN.fullmatch(_EDGES.sub("", rest).lower()):
        return Newest(topic="", language=_language(text), hottest=True)
    if isinstance(asked, Newest) and asked.topic not in left:
        return replace(asked, topic="")
    return asked


def about(topic: str) -> str:
    """A topic put as a wish for its news."""
    return f"{topic}的新闻" if _language(topic) == "zh" else f"news about {topic}"


def hottest_of(subject: str, language: str) -> str:
    """What is hot put as a wish, of a subject as it is called in that language, or of everything where it is empty."""
    if language == "zh":
        return f"{subject}热点" if subject else "最热的新闻"
    return f"what's hot in {subject}" if subject else "what's hot"


def _wish(text: str) -> Wish | None:
    bare = _EDGES.sub("", text)
    return wish_zh(bare) if _language(bare) == "zh" else wish_en(bare)


def _language(text: str) -> Literal["en", "zh"]:
    return "zh" if _HAN.search(text) else "en"

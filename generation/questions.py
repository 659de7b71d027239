"""Questions that a chat model writes of a passage, for a search to be trained on: what readers ask, and it answers.

They are read line by line, and one is taken only where the passage bears it out: its names and numbers stand there, it
says what it is about, and it is no order. Where there is no model there are none: a sentence turned into a question by
rule teaches a search nothing that the sentence does not.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence
from contextlib import aclosing
from dataclasses import dataclass, field

from generation.budget import shown
from generation.grounding.draft import Draft
from generation.grounding.listening import Patience, claims
from generation.grounding.support import Fault, Source, support
from generation.messages import Prompt
from generation.ports import ChatModel
from generation.prompts import asking
from generation.reading import inquiry
from generation.reading.inquiry import ASKING_EN, ASKING_ZH
from generation.reading.terms import background, is_chinese, terms
from storage.domain.dialogue import Lapse
from storage.domain.news import Hit

# In words; in characters of Chinese.
_LENGTHS = {False: range(4, 31), True: range(7, 61)}
_ASKING_FIRST = re.compile(
    r"(?:is|are|was|were|do|does|did|has|have|had|will|would|can|could|should|may|might)\b", re.IGNORECASE
)
_ASKING_LAST_ZH = re.compile("(?:吗|呢)[？?]$|是否|有没有")
_ENDS = re.compile(r"[?？]$")
# Of the page rather than of the news: whoever asks has not seen it.
_OF_THE_PAGE = re.compile(
    r"\b(?:passages?|articles?|texts?|authors?|paragraphs?|headlines?|mentioned|described|quoted|above|below)\b"
    r"|本文|文章|文中|原文|段落|作者|上述|上文|该报道|材料|标题",
    re.IGNORECASE,
)
_LEANING = re.compile(
    r"\b(?:he|she|they|it|his|her|him|them|their|its|this|these|those)\b|[他她它]们?|该(?!死)|[此这那]", re.IGNORECASE
)
# What a question in other words than the passage's, or on what it denies, may have; a claim may not.
_MAY_HAVE = frozenset({Fault.WORDS, Fault.DENIAL, Fault.DIRECTION, Fault.HEDGE})
# What a question asks for of anything at all, and tells nothing by.
_OF_ANYTHING = frozenset(
    terms("status purpose history plan difference role impact significance project situation effect current")
)
# Telling words that a question must have: with a name or a number among them, without, and in pairs of characters.
_FEWEST_NAMED, _FEWEST, _FEWEST_ZH = 2, 3, 4
# Of so many of them one may be in other words than the passage's.
_WORDS_FOR_ONE_OTHER = 4
# A question that comes back to the same words is babble.
_DISTINCT = 0.8
# Of the words of the lesser of two texts that say the same.
_COPIED = 0.8


@dataclass(frozen=True, slots=True, kw_only=True)
class Questions:
    """What was written of a passage; `lapse` says that the model failed, or wrote nothing that could be taken."""

    texts: tuple[str, ...] = ()
    lapse: Lapse | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionWriter:
    """Writes questions.

    Args:
        model: Writes them.
    """

    model: ChatModel
    patience: Patience = field(default_factory=Patience)

    async def write(self, hit: Hit, n: int) -> Questions:
        """Up to `n` questions that the passage of `hit` answers, in the language it is written in."""
        draft, written = Draft([hit]), list[str]()
        with draft.lapses(self.model.name):
            # Counting may read a tokenizer first.
            counting = asyncio.to_thread(self._prompt, hit, n)
            prompt = await asyncio.wait_for(counting, self.patience.first.total_seconds())
            async with aclosing(claims(self.model, prompt, self.patience)) as sentences:
                async for sentence in sentences:
                    written.append(sentence.text)
        found = sound(written, hit)[:n]
        return Questions(texts=tuple(found), lapse=draft.lapse or (None if found else Lapse.UNSOUND))

    def _prompt(self, hit: Hit, n: int) -> Prompt:
        code = "zh" if is_chinese(hit.passage.text) else hit.passage.headline.language or ""
        return asking(shown(self.model, asking([], code, n), [hit]), code, n)


def sound(written: Sequence[str], hit: Hit) -> list[str]:
    """Those sentences of a model's that are questions on the passage, none that says the same as one before it."""
    source = Source(hit)
    found: list[str] = []
    for text in written:
        if _fits(text, source) and not any(_alike(text, other) for other in found):
            found.append(text)
    return found


def _fits(text: str, source: Source) -> bool:
    chinese = is_chinese(text)
    length = len("".join(text.split())) if chinese else len(text.split())
    if chinese != is_chinese(source.all) or length not in _LENGTHS[chinese] or not _asks(text, chinese=chinese):
        return False
    bare = _ENDS.sub("", text)
    if _OF_THE_PAGE.search(bare) or (_LEANING.search(bare) and not inquiry.read(text).names):
        return False
    return (
        _is_about(bare, source, chinese=chinese)
        and support(bare, source).faults <= _MAY_HAVE
        and not _alike(bare, source.title)
    )


def _is_about(bare: str, source: Source, *, chinese: bool) -> bool:
    """Whether a question says what it is about, in words that are mostly the passage's."""
    found = [term for term in terms(bare) if background(term) >= 1]
    asked = inquiry.read(bare)
    # Without the words of asking, which in Chinese stand amid the others.
    telling = {term for term in asked.terms if background(term) >= 1} - _OF_ANYTHING
    absent = len(telling - source.terms)
    fewest = _FEWEST_ZH if chinese else _FEWEST_NAMED if asked.names or asked.numbers else _FEWEST
    own_words = absent * _WORDS_FOR_ONE_OTHER <= len(telling)
    return len(telling) - absent >= fewest and own_words and len(set(found)) >= _DISTINCT * len(found)


def _asks(text: str, *, chinese: bool) -> bool:
    """Whether it asks for one thing, as far as that can be told of its language."""
    if not _ENDS.search(text) or len(re.findall(r"[?？]", text)) > 1:
        return False
    if chinese:
        return bool(ASKING_ZH.search(text) or _ASKING_LAST_ZH.search(text))
    # Words of asking are known of English alone; of what else is written in Latin letters, the mark is believed.
    return not text.isascii() or bool(ASKING_EN.search(text) or _ASKING_FIRST.match(text))


def _alike(one: str, other: str) -> bool:
    """Whether nearly all the telling words of either are the other's."""
    ours, theirs = ({term for term in terms(text) if background(term) > 0} for text in (one, other))
    return bool(ours and theirs) and len(ours & theirs) >= _COPIED * max(len(ours), len(theirs))

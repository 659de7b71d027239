"""Texts as the terms the lexical index counts: words, and pairs of neighbouring characters for Chinese.

Chinese is cut twice, into dictionary words and into overlapping pairs: words are precise, pairs find what the
dictionary does not know. The only module that imports jieba, and only once a text holds Chinese.
"""

from __future__ import annotations

import logging
import re
import threading
import unicodedata
from pathlib import Path
from typing import Any

from storage.domain.scripts import CJK

# Either a run of characters without spaces between words, or a word; numbers keep their decimals: 3.5, 1,000.
_TERM = re.compile(rf"(?P<cjk>[{CJK}]+)|(?:\d+(?:[.,]\d+)+|[^\W{CJK}_]+)(?:'(?=[^\W\d_])[^\W{CJK}_]+)*")
_DOTTED = re.compile(r"\b(?:[A-Za-z]\.){2,}")
_MARKS = re.compile(r"[\u0300-\u036f]+")
# What makes a question of a Chinese sentence, and its commonest particles: they tell nothing of what is asked about.
_ASKING = frozenset({
    "什么", "多少", "哪些", "哪个", "哪位", "哪里", "哪家", "哪种", "哪项", "哪两", "哪三", "哪几", "哪", "谁",
    "如何", "怎么", "怎么样", "怎样", "为什么", "为何", "何时", "何地", "几", "几个", "几名", "是否", "请问",
    "是", "的", "了", "在", "有", "吗", "呢",
})  # fmt: skip


class WordCutter:
    """Cuts texts into terms. Safe to use from several threads.

    Args:
        cache: Folder for the compiled Chinese dictionary, which only this instance may be able to write.
    """

    def __init__(self, cache: Path) -> None:
        self._cache = cache
        self._lock = threading.Lock()
        self._jieba: Any = None
        self._kinds: dict[str, str] | None = None

    def words(self, text: str) -> list[str]:
        """Words in the order of `text`, lower case, without accents; not stemmed."""
        words: list[str] = []
        for match in _TERM.finditer(normalised(text)):
            if match["cjk"]:
                words.extend(self._cut(match["cjk"]))
            else:
                words.append(_plain(match.group()))
        return words

    def asked(self, text: str) -> tuple[list[str], list[str]]:
        """The words of a question and its pairs of characters, without what only makes it a question.

        No pair reaches across what is left out. A text of nothing else keeps all of it.
        """
        telling = " ".join(
            "".join(" " if word in _ASKING else word for word in self._cut(match["cjk"]))
            if match["cjk"]
            else match.group()
            for match in _TERM.finditer(normalised(text))
        )
        kept = telling if telling.strip() else text
        return self.words(kept), character_pairs(kept)

    def known(self, text: str) -> list[tuple[str, bool]]:
        """The words of a Chinese `text`, each with whether the dictionary has it."""
        words = self._cut(text)
        return [(word, bool(self._jieba.FREQ.get(word))) for word in words]

    def tagged(self, text: str) -> list[tuple[str, str]]:
        """The words of a Chinese `text`, each with the dictionary's letters for what it mostly is: nr for a person.

        Words that the dictionary does not know have none. The first call takes a second, to read the letters.
        """
        words = self._cut(text)
        with self._lock:
            if self._kinds is None:
                self._kinds = _load_kinds(self._jieba)
        return [(word, self._kinds.get(word, "")) for word in words]

    def warm(self) -> None:
        """Load the Chinese dictionary now, which takes most of a second, rather than with the first Chinese text."""
        self._cut("新闻")

    def _cut(self, text: str) -> list[str]:
        with self._lock:
            if self._jieba is None:
                self._jieba = _load_jieba(self._cache)
        words: list[str] = self._jieba.lcut(text)
        return words


def character_pairs(text: str) -> list[str]:
    """Overlapping pairs of neighbouring characters of each run of Chinese; a run of one character is itself."""
    pairs: list[str] = []
    for match in _TERM.finditer(normalised(text)):
        run = match["cjk"]
        if run:
            pairs.extend(run[at : at + 2] for at in range(max(1, len(run) - 1)))
    return pairs


def normalised(text: str) -> str:
    """`text` in one spelling: full-width letters made plain, lower case, U.S. as us, typographic apostrophes plain."""
    plain = unicodedata.normalize("NFKC", text).replace("’", "'")
    return _DOTTED.sub(lambda match: match.group().replace(".", ""), plain).casefold()


def _plain(word: str) -> str:
    if word[0].isdigit():
        return word.replace(",", "")
    return word if word.isascii() else _MARKS.sub("", unicodedata.normalize("NFKD", word))


def _load_jieba(cache: Path) -> Any:
    import jieba

    jieba.setLogLevel(logging.WARNING)
    tokenizer = jieba.Tokenizer()
    # The library's default is the machine's temporary folder, where others could leave a dictionary for it to load.
    cache.mkdir(parents=True, exist_ok=True)
    tokenizer.tmp_dir = str(cache)
    tokenizer.initialize()
    return tokenizer


def _load_kinds(tokenizer: Any) -> dict[str, str]:
    from jieba.posseg import POSTokenizer

    kinds: dict[str, str] = POSTokenizer(tokenizer).word_tag_tab
    return kinds

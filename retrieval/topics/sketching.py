"""Makes the sketch of an article: its telling words, which of them are names or numbers, and its pairs of words.

Only the title and the beginning are read, for news say first what they are about, and articles of all lengths become
comparable. Words come cut from outside, Chinese ones by dictionary.
"""

from __future__ import annotations

import re
import zlib
from collections import Counter
from datetime import datetime
from functools import lru_cache
from itertools import accumulate, pairwise

import numpy as np
from numpy.typing import NDArray

from retrieval.annotation.names import names
from retrieval.index.words import WordCutter
from retrieval.topics.sketch import Sketch
from storage.domain.scripts import CJK

# As many characters are read: of Chinese, which says as much in a third of them, a third.
_READ = 1_200
_READ_CHINESE = 400
_MOST_TERMS = 160
_MOST_TIMES = 255
_NUMBERS = {
    word: str(value)
    for value, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "  # noqa: SIM905
        "seventeen eighteen nineteen twenty".split()
    )
    if value != 1
}
# Words that hold sentences together. What is merely common is kept: its frequency says how little it tells.
_PLAIN = frozenset(
    "a about after again against all also although am among an and any are as at be because been before "  # noqa: SIM905
    "being between both but by can could did do does doing done down during each either else even ever "
    "every few for from further get got had has have having he her here hers him his how however i if in "
    "into is it its itself just let like may me might more most much must my neither no nor not of off on "
    "once only or other our out over own per same she should since so some still such than that the their "
    "them then there these they this those though through to too under until up upon us very was we were "
    "what when where whether which while who whom whose why will with within without would yet you your "
    "的 了 在 是 和 与 及 或 也 都 就 而 但 并 且 等 被 把 将 对 向 从 到 由 于 以 为 中 上 下 个 名 位 有 这 "
    "那 其 之 他 她 它 我 你 们 还 又 再 更 最 已 不 没 会 能 可 要 说 称 年 月 日 时".split()
)
_ENDINGS = ("ations", "ation", "ments", "ment", "ings", "ions", "ing", "ion", "ers", "ies", "ied", "ed", "er", "es", "ly", "s", "e", "y")  # fmt: skip # noqa: E501
_LONGEST = 64
"""A longer run of letters is told by how it begins: no word is so long, and what is remembered of words has a bound."""
_SHORTEST_STEM = 3
# Days of the week, in Chinese 周 or 星期 and a number; short forms only with what shows them to be such.
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
# What Chinese puts between marks is called so: works, storms, programmes.
_MARKED = re.compile(rf"[“「《]([{CJK}·]{{2,8}})[”」》]")
# Who wrote it, in brackets, tells of no event; a correspondent writes on many.
_BYLINE = re.compile(rf"[（(][^（）()]{{0,16}}(?:记者|通讯员|实习生|编辑)[{CJK}\s·、,，/：:]{{0,48}}[）)]")
# What Chinese news open with before they tell anything: who files it from where and when, whom it was taken from, an
# advertisement. All articles of an agency share it, and no event does.
_FILED = re.compile(
    rf"^\s*原标题[：:]|本文转自【[^】]{{0,20}}】；?|^广告 [^×]{{0,60}}×|（www\.[^）]+）"
    rf"|[{CJK}·A-Za-z-]{{0,16}}\s*(?:\d{{4}}\s*年\s*)?\d{{1,2}}\s*月\s*\d{{1,2}}\s*日\s*(?:电|讯|消息|报道)[，,：:]?"
    rf"|(?:^|(?<=[\n 】]))[{CJK}（）()]{{1,16}}讯(?=[\s（(，])|【[^】]{{0,24}}(?:报道|记者|特约)[^】]{{0,24}}】"
)
# Chinese news give the date of nearly everything they tell: a number that all articles of a day share.
_DATED = re.compile(r"(?:\d{4}\s*年|\d{1,2}\s*月|\d{1,2}\s*[日时])(?![间前报])")
# What the first so many letters of Chinese say counts as said so many times more: they tell what it is about.
_LEAD, _LEADING = 40, 2
_DAYS_CHINESE = "一二三四五六日"
_DAY = re.compile(
    r"\b(?P<day>(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\b|(?:Mon|Tues?|Wed|Thu(?:rs)?|Fri|Sat|Sun)(?=[.,]))"
    r"|(?:周|星期)(?P<chinese>[一二三四五六日天])"
)


def opening(title: str | None, text: str) -> str:
    """What of an article is compared: its title, unless the text begins with it, and the beginning of its text."""
    chinese = sum("\u3400" <= letter <= "\u9fff" for letter in text[:_READ_CHINESE]) * 3 > min(len(text), _READ_CHINESE)
    begun = text[: _READ_CHINESE if chinese else _READ]
    return begun if not title or text.startswith(title) else f"{title}\n{begun}"


def sketch(
    beginning: str,
    vector: NDArray[np.float32],
    cutter: WordCutter,
    *,
    published: datetime | None = None,
    language: str | None = None,
    group: str | None = None,
) -> Sketch:
    """The sketch of an article.

    Args:
        beginning: As `opening` gives it.
        vector: (d,) what the encoder makes of it, unit length.
        cutter: Cuts texts into words.
        published: When it was, if known.
        language: ISO 639-1, if known.
        group: The same for articles with nearly the same text.
    """
    days = _days(beginning)
    for untold in (_BYLINE, _FILED, _DATED):
        beginning = untold.sub(" ", beginning)
    words = cutter.words(beginning)
    said = Counter(stem for word in words if word not in _PLAIN and (stem := _stem(word)))
    if language == "zh":
        said.update({term: _LEADING for term in map(_stem, _lead(words)) if term in said})
    kept = [term for term, _ in zip(said, range(_MOST_TERMS), strict=False)]
    named = [*(name.text for name in names(beginning, language, cutter.tagged)), *_MARKED.findall(beginning)]
    naming = {_stem(word) for name in named for word in cutter.words(name)}
    hashed = np.asarray([_hash(term) for term in kept], dtype=np.uint32)
    terms, first = np.unique(hashed, return_index=True)
    chosen = [kept[at] for at in first]
    return Sketch(
        vector=np.ascontiguousarray(vector, dtype=np.float32),
        terms=terms,
        counts=np.asarray([min(_MOST_TIMES, said[term]) for term in chosen], dtype=np.uint8),
        named=np.asarray([term in naming for term in chosen], dtype=np.bool_),
        numbers=np.asarray([term[0].isdigit() for term in chosen], dtype=np.bool_),
        pairs=_pairs(words),
        days=days,
        published=published,
        language=language,
        group=group,
    )


def _lead(words: list[str]) -> list[str]:
    """The words that a text begins with."""
    lengths = accumulate(map(len, words))
    return [word for word, length in zip(words, lengths, strict=True) if length <= _LEAD]


def _pairs(words: list[str]) -> NDArray[np.uint32]:
    pairs = (f"{_stem(a)} {_stem(b)}" for a, b in pairwise(words) if not (a in _PLAIN and b in _PLAIN))
    return np.unique(np.asarray([_hash(pair) for pair, _ in zip(pairs, range(_MOST_TERMS), strict=False)], np.uint32))


def _days(text: str) -> int:
    """A bit for each day of the week that is named."""
    days = 0
    for found in _DAY.finditer(text):
        if found["day"]:
            days |= 1 << _DAYS.index(found["day"][:3].lower())
        else:
            days |= 1 << _DAYS_CHINESE.index(found["chinese"].replace("天", "日"))
    return days


def _hash(term: str) -> int:
    return zlib.crc32(term.encode("utf-8", "replace"))


def _stem(word: str) -> str:
    """What the forms of an English word share, and numbers in figures; other words are as they are."""
    return _known_stem(word[:_LONGEST])


@lru_cache(maxsize=65_536)
def _known_stem(word: str) -> str:
    if word in _NUMBERS:
        return _NUMBERS[word]
    plain = word.removesuffix("'s")
    if not plain.isascii():
        return plain
    for ending in _ENDINGS:
        if plain.endswith(ending) and len(plain) - len(ending) >= _SHORTEST_STEM:
            cut = plain[: -len(ending)]
            return cut[:-1] if len(cut) > _SHORTEST_STEM and cut[-1] == cut[-2] else cut
    return plain

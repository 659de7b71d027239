"""The names in a text, in English and Chinese: people, places, organisations, works.

English tells names by their capitals, but not where everything has one: at the opening of a sentence, and in headlines
that give each word a capital. There a word counts as a name only where the same text shows it to be one. Chinese comes
with its parts of speech from outside. Needs no model and no training; what kind of thing a name stands for is not told.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from importlib import resources

from storage.domain.annotations import Name
from storage.domain.scripts import CJK

Tag = Callable[[str], Sequence[tuple[str, str]]]
"""Cuts a run of Chinese characters into words with their parts of speech, in jieba's letters."""

# jieba's letters for names of people, places, organisations, other names, and foreign words.
_NAMING = ("nr", "ns", "nt", "nz", "nrt", "nrfg")
# Capitals are a matter of style where all of so many telling words have one, and where this share of more words do.
_FEWEST_STYLED, _MORE_STYLED = 4, 6
_STYLED = 0.75
_LONGEST_RUN = 6
# Words that the dictionary does not know are names of people where they begin with one of the commonest surnames.
_SURNAMES = frozenset(
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林郑谢罗梁宋唐许韩冯邓曹彭曾萧肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈钟姜崔谭陆汪范廖石金韦贾夏付方邹熊白孟秦邱侯江尹薛闫"
    "段雷龙黎史陶贺毛郝顾龚邵万覃武钱戴莫孔向汤"
)
_GIVEN = (2, 3)
# What may stand in small letters inside a name, but neither begins nor ends one.
_INSIDE = frozenset("of de del della der van von da dos du la le el al bin ibn y den ter".split())  # noqa: SIM905
_OPENING = frozenset(
    "the a an this that these those it its he she they we i you his her their our my in on at by for with from and as "  # noqa: SIM905
    "but or if when while after before".split()
)
_TITLES = frozenset("mr mrs ms dr prof gen col lt sgt capt sen rep gov".split())  # noqa: SIM905
_DATES = frozenset(
    "monday tuesday wednesday thursday friday saturday sunday january february march april may june july august "  # noqa: SIM905
    "september october november december mon tue tues wed thu thur thurs fri sat sun jan feb mar apr jun jul aug sep "
    "sept oct nov dec am pm a.m p.m gmt est edt utc".split()
)
_SENTENCE = re.compile(r"(?<=[.!?])[\"'”’)\]]*\s+(?=[\"'“‘(\[]*[A-Z0-9])|\n+|[。！？]")
# A full stop after one of these, or after a single letter, ends no sentence.
_SHORTENED = re.compile(
    r"(?:\b(?:Mr|Mrs|Ms|Dr|Prof|Gen|Col|Lt|Sgt|Capt|Sen|Rep|Gov|St|Jr|Sr|Inc|Corp|Co|Ltd|vs|No|U\.S|U\.N|U\.K)|\b[A-Z])\.\s*$"
)
_WORD = re.compile(rf"[^\W\d_{CJK}]+(?:[.'’-][^\W\d_{CJK}]+)*|[^\s\w]")
_RUN = re.compile(f"[{CJK}·]+")
# Marks after which a sentence goes on; a full stop that ends one is where texts are parted.
_WITHIN = ".,-'’&/"
_POSSESSIVE = re.compile(r"['’]s?$")


def names(text: str, language: str | None, tag: Tag) -> tuple[Name, ...]:
    """The names in `text`, in the order in which they are first said; spelling them in capitals makes no other name.

    Args:
        text: With a line, or a full stop, between what are separate sentences.
        language: Its ISO 639-1 code: capitals say nothing in German, where every noun has one.
        tag: Cuts the Chinese in it.
    """
    found: dict[str, Name] = {}
    each = [] if language == "de" else list(_latin(text))
    for written in [*each, *_chinese(text, tag)]:
        key = written.casefold()
        before = found.get(key)
        found[key] = Name(text=before.text if before else written, times=before.times + 1 if before else 1)
    return tuple(found.values())


def _latin(text: str) -> Iterator[str]:
    sentences = [_WORD.findall(sentence) for sentence in _sentences(text)]
    sure = {word.casefold() for words in sentences for word in _sure(words)}
    small = {word for words in sentences for word in words if word.islower()}
    for words in sentences:
        yield from _runs(words, sure, small, styled=_styled(words))


def _sentences(text: str) -> Iterator[str]:
    """The sentences of `text`, a shortened word ending none."""
    begun = ""
    for piece in _SENTENCE.split(text):
        begun = f"{begun} {piece}" if begun else piece
        if not _SHORTENED.search(begun):
            yield begun
            begun = ""
    if begun:
        yield begun


def _sure(words: Sequence[str]) -> Iterator[str]:
    """The words that their capital shows to be names, whatever else is said."""
    if _styled(words):
        return
    opening = True
    for word in words:
        if _has_capital(word) and not opening and not _tells_nothing(word):
            yield _POSSESSIVE.sub("", word)
        # After a quotation mark or a colon a sentence opens anew.
        opening = not word[0].isalpha() and word not in _WITHIN


def _styled(words: Sequence[str]) -> bool:
    """Whether capitals are a matter of style here."""
    telling = [word for word in words if word[0].isalpha() and word.casefold() not in common_words()]
    capitals = sum(map(_has_capital, telling))
    share = _STYLED if len(telling) >= _MORE_STYLED else 1.0
    return len(telling) >= _FEWEST_STYLED and capitals >= share * len(telling)


def _runs(words: Sequence[str], sure: set[str], small: set[str], *, styled: bool) -> Iterator[str]:
    """Names as runs of words, each as long as it can be."""
    run: list[str] = []
    held: list[str] = []
    opening = True
    for word in [*words, "."]:
        plain = _POSSESSIVE.sub("", word)
        if _is_name(plain, sure, small, opening=opening, styled=styled):
            run += [*held, plain]
            held = []
        elif plain == word and _may_belong(plain, small, begun=bool(run or held), styled=styled):
            held.append(plain)
        else:
            yield from [" ".join(run)] if run else []
            run, held = [], []
        if run and (plain != word or len(run) >= _LONGEST_RUN):
            yield " ".join(run)
            run, held = [], []
        opening = not word[0].isalpha() and word not in _WITHIN


def _may_belong(word: str, small: set[str], *, begun: bool, styled: bool) -> bool:
    """Whether a word that is no name by itself is part of one if another follows: New York, Bank of England."""
    if word in _INSIDE:
        return begun
    return _has_capital(word) and not styled and word.casefold() not in small | _DATES | _OPENING | _TITLES


def _is_name(word: str, sure: set[str], small: set[str], *, opening: bool, styled: bool) -> bool:
    if not _has_capital(word) or _tells_nothing(word):
        return False
    if word.casefold() in sure:
        return True
    if styled:
        return False
    return not opening or (word.casefold() not in small and sum(map(str.isupper, word)) > 1)


def _has_capital(word: str) -> bool:
    return word[:1].isupper() or (len(word) > 1 and word[1].isupper())


def _tells_nothing(word: str) -> bool:
    folded = word.casefold()
    # US and IT are names, us and it are not.
    written_large = word.isupper() and len(word) > 1
    return folded in _DATES | _TITLES or len(word) == 1 or (folded in common_words() and not written_large)


def _chinese(text: str, tag: Tag) -> Iterator[str]:
    for run in _RUN.findall(text):
        for word, kind in tag(run):
            naming = kind in _NAMING or (not kind and word[0] in _SURNAMES and len(word) in _GIVEN)
            if naming and len(word) > 1 and word not in common_words():
                yield word


@cache
def common_words() -> frozenset[str]:
    """What nearly every article says, in both languages."""
    lists = json.loads(resources.files(__package__).joinpath("common_words.json").read_text(encoding="utf-8"))
    return frozenset(word for each in lists.values() for word in each.split())

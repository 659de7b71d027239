"""Whether a passage supports a claim: its numbers, names and quotations stand there, and most of its words, together.

By rules, without a model: what cannot be seen in the passage is not believed. It errs towards doubt; a claim that is
doubted is replaced by the passage's own words or left out. That two names changed places, it cannot see.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from generation.candidates import ASKS, BOILERPLATE, MOST_CHARACTERS_PER_PASSAGE, UNQUOTABLE
from generation.figures import Figure, figures
from generation.orders import is_order
from generation.places import PLACES
from generation.terms import HAN, STOP_WORDS, background, is_chinese, terms
from storage.domain.news import Hit
from storage.domain.sentences import sentences


class Fault(StrEnum):
    """Why a claim is doubted."""

    FIGURE = "a number does not stand in the passage"
    NAME = "a name does not stand in the passage"
    QUOTATION = "a quotation is not the passage's"
    DENIAL = "it denies what the passage says, or the other way about"
    DIRECTION = "it says the opposite of what the passage says"
    WORDS = "too few of its words stand together in the passage"
    ORDER = "it speaks to whoever reads it, or of the page"
    UNQUOTABLE = "it holds a link or marks that no sentence has"


@dataclass(frozen=True, slots=True, kw_only=True)
class Support:
    """How a passage bears on a claim.

    Args:
        quote: What of the passage bears most on it, word for word; empty where the passage says nothing.
        share: How much of the claim, by weight, stands around that: 0 to 1.
        faults: Why the claim is doubted; none for one that is believed.
    """

    quote: str
    share: float
    faults: frozenset[Fault]


ENOUGH, ENOUGH_OF_FEW = 0.55, 0.8
"""How much of a claim must stand together; and of one of few words, of which one may change all that it says."""
_FEW = 4

# A line that gives the numbers bears on a claim as one that has so much more of its words.
_GIVEN = 0.5
# What a number counts is said this near to it, in characters.
_BESIDE = {False: 18, True: 4}
_QUOTED = re.compile(r"“([^“”]{2,300})”|\"([^\"]{2,300})\"|「([^「」]{2,300})」")
_FEWEST_QUOTED = 2
_TITLED_ZH = re.compile("《([^《》]{1,60})》")
# The commonest, without those that mostly are another word.
_SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗郑梁谢宋唐许韩冯邓曹彭曾萧董袁潘蒋蔡余杜叶程苏魏吕丁沈姚卢姜崔钟谭陆汪范廖贾夏"
    "韦付邹孟熊秦邱尹薛闫段雷侯陶黎贺顾毛郝龚邵覃武戴莫孔汤"
)
_SPEAKER_ZH = re.compile(f"[{_SURNAMES}][{HAN}]{{1,2}}(?=说|表示|称|指出|介绍|认为|透露|强调|告诉)")
_LATIN_ZH = re.compile(r"[A-Za-z][A-Za-z0-9.+-]*")
_PLACES_ZH = tuple(place for place in PLACES if re.match(f"[{HAN}]", place))
_NAME = re.compile(r"[A-ZÀ-Þ][\w’'.&-]*")
_OPENING = re.compile(r"^[\"“‘'(]*([A-Z][\w’'-]*)(?:\s+([A-Z0-9])?)?")
_DENIES_EN = re.compile(r"\b(?:not|no|never|none|nobody|nothing|neither|nor|without|cannot)\b|n[’']t\b", re.IGNORECASE)
_DENIES_ZH = re.compile("(?<![是能可会要])(?:不(?!仅|但|断|过|少|久|同|得不)|没|未(?!来)|并非|否认|无法)")
_OPPOSITES = tuple(
    (frozenset(terms(one)), frozenset(terms(other)))
    for one, other in (
        (
            "rise increase grow gain climb jump surge soar up",
            "fall decrease shrink lose drop decline plunge slump down cut",
        ),
        ("win", "lose defeat"),
        ("approve accept pass", "reject refuse block veto"),
        ("support back", "oppose"),
        ("open start begin launch", "close end finish cancel"),
        ("above more over", "below fewer less under"),
        ("before", "after"),
        ("guilty", "innocent acquit"),
        ("high", "low"),
        ("increase", "reduce"),
    )
)
_OPPOSITES_ZH = tuple(
    (tuple(one.split()), tuple(other.split()))
    for one, other in (
        (
            "上涨 增长 上升 增加 提高 上调 扩大 提升 攀升 走高 回升 增至 升至 涨幅 增幅",
            "下跌 下降 减少 降低 下调 回落 缩小 下滑 走低 缩减 收窄 降至 减至 跌幅 降幅",
        ),
        ("支持 赞成 同意 批准 通过", "反对 拒绝 否决 驳回"),
        ("超过 高于 多于 突破 逾", "低于 少于 不足"),
        ("战胜 击败 获胜 胜出", "负于 不敌 落败 失利"),
        ("开始 启动 开幕 开放 开启", "结束 停止 闭幕 关闭"),
        ("盈利", "亏损"),
        ("加入", "退出"),
    )
)


class Source:
    """A passage that claims are held against, sentence by sentence; orders in it are no evidence.

    Args:
        hit: The passage, its title with it.
    """

    def __init__(self, hit: Hit) -> None:
        self.hit = hit
        text = hit.passage.text[:MOST_CHARACTERS_PER_PASSAGE]
        self.lines = [line for start, end in sentences(text) if not is_order(line := text[start:end])]

    @cached_property
    def all(self) -> str:
        """Its title and its text."""
        return "\n".join([self.hit.passage.headline.title, *self.lines])

    @cached_property
    def plain(self) -> str:
        """The same with quotation marks and white space in one form, in lower case."""
        return _plain(self.all)

    @cached_property
    def terms(self) -> frozenset[str]:
        return frozenset(terms(self.all))

    @cached_property
    def figures(self) -> list[frozenset[float]]:
        """The numbers of each line, its neighbours and the title."""
        title = frozenset(each.value for each in figures(self.hit.passage.headline.title))
        return [title.union(*self.counts[max(0, i - 1) : i + 2]) for i in range(len(self.counts))]

    @cached_property
    def counts(self) -> list[frozenset[float]]:
        """The numbers of each line."""
        return [frozenset(each.value for each in figures(line)) for line in self.lines]

    @cached_property
    def year(self) -> float | None:
        """The year it was published in."""
        published = self.hit.passage.headline.published
        return float(published.year) if published else None

    @cached_property
    def day(self) -> tuple[str, ...]:
        """The day it was published on, which is known with it, as it may be written, the fullest first."""
        published = self.hit.passage.headline.published
        if published is None:
            return ()
        month, day = f"{published:%B}", published.day
        full = (f"{day} {month}", f"{month} {day}", f"{published.month}月{day}日")
        return (
            *full,
            f"{month} {published.year}",
            f"{published:%A}",
            f"{published.year}年{published.month}月",
            f"{day}日",
        )

    @cached_property
    def windows(self) -> list[frozenset[str]]:
        """For each line the terms of it, its neighbours and the title."""
        title = frozenset(terms(self.hit.passage.headline.title))
        own = [frozenset(terms(line)) for line in self.lines]
        return [title.union(*own[max(0, i - 1) : i + 2]) for i in range(len(own))]

    @cached_property
    def own(self) -> list[frozenset[str]]:
        """The terms of each line."""
        return [frozenset(terms(line)) for line in self.lines]


def support(claim: str, source: Source) -> Support:
    """Hold a claim against a passage."""
    chinese = is_chinese(claim)
    claim = _undated(claim, source)
    counted = figures(claim)
    weights = {term: weight for term in terms(_blanked(claim, counted)) if (weight := background(term)) > 0}
    if not weights or not source.lines:
        return Support(quote="", share=0.0, faults=frozenset({Fault.WORDS}))
    total = sum(weights.values())

    def share(found: frozenset[str]) -> float:
        return sum(weight for term, weight in weights.items() if term in found) / total

    def bearing(i: int) -> tuple[float, float, int]:
        given = sum(figure.value in source.counts[i] for figure in counted) / max(1, len(counted))
        return share(source.own[i]) + _GIVEN * given, share(source.windows[i]), -i

    best = max(range(len(source.lines)), key=bearing)
    together = share(source.windows[best])
    line = source.lines[best]
    found = {
        Fault.UNQUOTABLE: bool(UNQUOTABLE.search(claim)),
        Fault.ORDER: bool(BOILERPLATE.search(claim) or ASKS.search(claim)) or is_order(claim),
        Fault.FIGURE: not all(_counted(claim, each, source, chinese=chinese) for each in counted),
        Fault.NAME: not _named(claim, source, chinese=chinese),
        Fault.QUOTATION: not all(_plain(quoted) in source.plain for quoted in _quoted(claim)),
        Fault.DENIAL: _denies(claim, chinese=chinese) and not _denies(line, chinese=chinese),
        Fault.DIRECTION: _opposite(claim, line, chinese=chinese),
        Fault.WORDS: together < (ENOUGH if len(weights) > _FEW else ENOUGH_OF_FEW),
    }
    return Support(quote=line, share=together, faults=frozenset(fault for fault, there in found.items() if there))


def _blanked(claim: str, counted: Sequence[Figure]) -> str:
    """Without its numbers, which are held against the passage by their values."""
    for figure in counted:
        claim = claim[: figure.start] + " " * (figure.end - figure.start) + claim[figure.end :]
    return claim


def _undated(claim: str, source: Source) -> str:
    """Without the day that the passage is of."""
    for day in source.day:
        claim = claim.replace(day, " ")
    return claim


def _counted(claim: str, figure: Figure, source: Source, *, chinese: bool) -> bool:
    """Whether a number of a claim stands in the passage near a word that it stands beside in the claim."""
    if figure.value == source.year:
        return True
    reach = _BESIDE[chinese]
    beside = claim[max(0, figure.start - reach) : figure.start], claim[figure.end : figure.end + reach]
    words = {term for part in beside for term in terms(part) if background(term) > 0 and not term[0].isdigit()}
    return any(
        figure.value in held and (not words or not words.isdisjoint(window))
        for held, window in zip(source.figures, source.windows, strict=True)
    )


def _named(claim: str, source: Source, *, chinese: bool) -> bool:
    if chinese:
        places = (place for place in _PLACES_ZH if place in claim)
        names = (*_TITLED_ZH.findall(claim), *_SPEAKER_ZH.findall(claim), *places)
        latin = (term for run in _LATIN_ZH.findall(claim) for term in terms(run) if term not in STOP_WORDS)
        return all(_plain(name) in source.plain for name in names) and source.terms.issuperset(latin)
    return source.terms.issuperset(
        term for name in _names(claim) for term in terms(name) if background(term) > 0 and not term[0].isdigit()
    )


def _names(claim: str) -> list[str]:
    """The words written as names; the first word of a sentence only where another name goes on from it."""
    opening = _OPENING.match(claim)
    begin = opening.end(1) if opening and not opening[2] else 0
    return _NAME.findall(claim, begin)


def _quoted(claim: str) -> list[str]:
    found = ("".join(groups) for groups in _QUOTED.findall(claim))
    return [each for each in found if len(each.split()) >= _FEWEST_QUOTED or (is_chinese(each) and len(each) > 3)]  # noqa: PLR2004


def _plain(text: str) -> str:
    straight = text.translate(_STRAIGHT).lower()
    return " ".join(straight.split()) if not is_chinese(text) else "".join(straight.split())


_STRAIGHT = str.maketrans({"“": '"', "”": '"', "‘": "'", "’": "'", "—": "-", "–": "-", "，": ",", "！": "!", "？": "?"})


def _denies(text: str, *, chinese: bool) -> bool:
    return bool((_DENIES_ZH if chinese else _DENIES_EN).search(text))


def _opposite(claim: str, line: str, *, chinese: bool) -> bool:
    """Whether one of a pair of opposites stands in the claim and only the other in the line."""
    if chinese:
        return any(
            _any(one, claim) and _any(other, line) and not _any(one, line) and not _any(other, claim)
            for pair in _OPPOSITES_ZH
            for one, other in (pair, pair[::-1])
        )
    said, meant = frozenset(terms(claim)), frozenset(terms(line))
    return any(
        bool(one & said) and bool(other & meant) and not one & meant and not other & said
        for pair in _OPPOSITES
        for one, other in (pair, pair[::-1])
    )


def _any(words: Sequence[str], text: str) -> bool:
    return any(word in text for word in words)

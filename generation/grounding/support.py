"""Whether a passage supports a claim: its numbers, names and quotations stand there, and most of its words, together.

By rules, without a model: what cannot be seen in the passage is not believed. It errs towards doubt; a claim that is
doubted is replaced by the passage's own words or left out. That two names changed places, it cannot see, nor what is
turned round in words that are on no list.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from generation.quoting.boilerplate import is_boilerplate
from generation.quoting.candidates import ASKS, MOST_CHARACTERS_PER_PASSAGE, UNQUOTABLE
from generation.reading import surnames
from generation.reading.figures import Figure, alike, figures
from generation.reading.orders import is_order
from generation.reading.places import PLACES
from generation.reading.polarity import denial_differs, opposed, surer
from generation.reading.terms import HAN, STOP_WORDS, background, is_chinese, terms
from storage.domain.news import Hit
from storage.domain.sentences import sentences


class Fault(StrEnum):
    """Why a claim is doubted."""

    FIGURE = "a number does not stand in the passage"
    NAME = "a name does not stand in the passage"
    QUOTATION = "a quotation is not the passage's"
    DENIAL = "it denies what the passage says, or the other way about"
    DIRECTION = "it says the opposite of what the passage says"
    HEDGE = "it is surer than the passage"
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


# How much of a claim must stand together; and of one of few words, of which one may change all that it says.
_ENOUGH, _ENOUGH_OF_FEW = {False: 0.55, True: 0.6}, 0.8
_FEW = 4
# Of so many telling words of a claim in English one may be missing; in Chinese no run of characters longer than this.
_WORDS_FOR_ONE_MISSING = 6
_LONGEST_MISSING = 4
# A line that gives the numbers bears on a claim as one that has so much more of its words.
_GIVEN = 0.6
# What a number counts is said this near behind it, or in front where nothing follows, in characters.
_BESIDE = {False: 26, True: 4}
_YEARS = range(1900, 2100)
# What is counted does not stand behind the next number, or in another clause.
_NEXT = re.compile(r"[\d,;:.，。；：、]")
_FEWEST_QUOTED, _FEWEST_QUOTED_HAN = 2, 4
_QUOTED = re.compile(r"“([^“”]{2,300})”|\"([^\"]{2,300})\"|「([^「」]{2,300})」")
_TITLED_ZH = re.compile("《([^《》]{1,60})》")
_PERSON_ZH = re.compile(
    f"[{surnames.COMMONEST}][{HAN}]{{1,2}}(?=说|表示|称|指出|介绍|认为|透露|强调|告诉|被|在|将|已|任|当选|获|和|与|、|出席|宣布|辞)"
)
_RUN = re.compile(f"[{HAN}]+")
_LATIN_ZH = re.compile(r"[A-Za-z][A-Za-z0-9.+-]*")
_PLACES_ZH = tuple(place for place in PLACES if re.match(f"[{HAN}]", place))
_NAME = re.compile(r"[A-ZÀ-Þ][\w’'.&-]*")
# What a messenger makes a link of.
_LINKING = re.compile(
    r"@\w+|(?<![\w/])/[a-z]\w*|\b[\w-]+\.(?:com|org|net|io|co|info|biz|app|dev|me|xyz|ru|cn|uk)\b", re.IGNORECASE
)
# Small words that change how much is said.
_QUANTITIES = frozenset(
    terms(
        "dozens hundreds thousands millions billions half third quarter double triple twice thrice first second last "
        "all most majority every none only"
    )
)
_QUANTITIES_ZH = ("一半", "三分之", "翻倍", "翻番", "数十", "数百", "数千", "数万", "全部", "所有", "首次", "唯一")
_MONTH = "January|February|March|April|May|June|July|August|September|October|November|December"
_WEEKDAY = re.compile(r"\b(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\b|(?:星期|周)[一二三四五六日]")
_DATE = re.compile(rf"\b\d{{1,2}} (?:{_MONTH})\b|\b(?:{_MONTH}) \d{{1,4}}\b|\d{{1,2}}[月日]")
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """A number and what it counts, as terms."""

    figure: Figure
    what: frozenset[str]


class Source:
    """A passage that claims are held against, sentence by sentence; orders in it are no evidence.

    Args:
        hit: The passage, its title with it.
    """

    def __init__(self, hit: Hit) -> None:
        self.hit = hit
        text, title = hit.passage.text[:MOST_CHARACTERS_PER_PASSAGE], hit.passage.headline.title
        spans = sentences(text)
        rows = (
            row.strip() for start, end in spans if not is_order(text[start:end]) for row in text[start:end].split("\n")
        )
        self.lines = [row for row in rows if row]
        self.title = "" if is_order(title) else title

    @cached_property
    def all(self) -> str:
        """Its title and its text."""
        return "\n".join([self.title, *self.lines])

    @cached_property
    def plain(self) -> str:
        """The same with quotation marks and white space in one form, in lower case."""
        return _plain(self.all)

    @cached_property
    def terms(self) -> frozenset[str]:
        return frozenset(terms(self.all))

    @cached_property
    def counts(self) -> list[list[Counted]]:
        """The numbers of each line, and of the title last."""
        return [_counts(line) for line in (*self.lines, self.title)]

    @cached_property
    def known(self) -> tuple[str, ...]:
        """The day it was published on as it may be written, where the text names no other."""
        published = self.hit.passage.headline.published
        if published is None:
            return ()
        month, found = f"{published:%B}", []
        if not _DATE.search(self.all):
            year = rf"(?:,? {published.year})?"
            full = rf"\b{published.day} {month}{year}\b|\b{month} {published.day}\b(?!\d){year}"
            found.append(rf"{full}|(?<!\d){published.month}月{published.day}日|\b{month} {published.year}\b")
        if not _YEAR.search(self.all):
            found.append(rf"(?<!\d){published.year}年|\b(?:in|of|{month}|{month} {published.day},) {published.year}\b")
        if not _WEEKDAY.search(self.all):
            found.append(rf"\b{published:%A}\b")
        return tuple(found)

    @cached_property
    def windows(self) -> list[frozenset[str]]:
        """For each line the terms of it, its neighbours and the title; last those of the title alone."""
        title = frozenset(terms(self.title))
        around = [title.union(*self.own[max(0, i - 1) : i + 2]) for i in range(len(self.own))]
        return [*around, title]

    @cached_property
    def own(self) -> list[frozenset[str]]:
        """The terms of each line."""
        return [frozenset(terms(line)) for line in self.lines]


def support(claim: str, source: Source) -> Support:
    """Hold a claim against a passage."""
    chinese = is_chinese(claim)
    for known in source.known:
        claim = re.sub(known, " ", claim)
    counted = _counts(claim)
    words = _blanked(claim, counted)
    weights = {term: weight for term in terms(words) if (weight := background(term)) > 0}
    if not weights or not source.lines:
        return Support(quote="", share=0.0, faults=frozenset({Fault.WORDS}))
    total = sum(weights.values())

    def share(found: frozenset[str]) -> float:
        return sum(weight for term, weight in weights.items() if term in found) / total

    def bearing(i: int) -> tuple[float, float, int]:
        given = sum(any(alike(each.figure, one.figure) for one in source.counts[i]) for each in counted)
        return share(source.own[i]) + _GIVEN * given / max(1, len(counted)), share(source.windows[i]), -i

    best = max(range(len(source.lines)), key=bearing)
    line, window = source.lines[best], source.windows[best]
    together = share(window)
    enough = _ENOUGH[chinese] if len(weights) > _FEW else _ENOUGH_OF_FEW
    found = {
        Fault.UNQUOTABLE: bool(UNQUOTABLE.search(claim)) or not _linked(claim, source),
        Fault.ORDER: is_boilerplate(claim) or ASKS.search(claim) is not None or is_order(claim),
        Fault.FIGURE: not all(_given(each, source) for each in counted) or not _as_much(words, line, window),
        Fault.NAME: not _named(claim, source, chinese=chinese),
        Fault.QUOTATION: not all(_plain(quoted) in source.plain for quoted in _quoted(claim)),
        Fault.DENIAL: denial_differs(claim, line),
        Fault.DIRECTION: opposed(claim, line),
        Fault.HEDGE: surer(claim, line),
        Fault.WORDS: together < enough or (_gap(words, window) if chinese else _missing(weights, window)),
    }
    return Support(quote=line, share=together, faults=frozenset(fault for fault, there in found.items() if there))


def _counts(text: str) -> list[Counted]:
    chinese = is_chinese(text)
    return [Counted(figure=each, what=_what(text, each, chinese=chinese)) for each in figures(text)]


def _what(text: str, figure: Figure, *, chinese: bool) -> frozenset[str]:
    """What a number counts: the words behind it, or in front where none follows; of a year, and in Chinese, both."""
    reach = _BESIDE[chinese]
    behind = _telling(_NEXT.split(text[figure.end : figure.end + reach])[0])
    before = _telling(text[max(0, figure.start - reach) : figure.start])
    both = chinese or (figure.unit is None and figure.value in _YEARS)
    return frozenset([*behind[:2], *before[-3:]] if both else behind[:2] or before[-1:])


def _telling(text: str) -> list[str]:
    return [term for term in terms(text) if background(term) > 0 and not term[0].isdigit()]


def _blanked(claim: str, counted: Sequence[Counted]) -> str:
    """Without its numbers, which are held against the passage by their values."""
    for each in counted:
        start, end = each.figure.start, each.figure.end
        claim = claim[:start] + " " * (end - start) + claim[end:]
    return claim


def _given(wanted: Counted, source: Source) -> bool:
    """Whether the passage gives a number: of the same thing where a line gives several, near its word else."""
    for held, window in zip(source.counts, source.windows, strict=True):
        for each in held:
            if not alike(wanted.figure, each.figure):
                continue
            near = each.what if len(held) > 1 else window
            if not wanted.what or not wanted.what.isdisjoint(near):
                return True
    return False


def _as_much(claim: str, line: str, window: frozenset[str]) -> bool:
    """Whether the small words that say how much are the passage's."""
    held = all(word in line for word in _QUANTITIES_ZH if word in claim)
    return held and _QUANTITIES.intersection(terms(claim)) <= window


def _missing(weights: Mapping[str, float], window: frozenset[str]) -> bool:
    """Whether more of the telling words are missing than other words for the same explain."""
    telling = [term for term, weight in weights.items() if weight >= 1]
    absent = sum(term not in window for term in telling)
    return absent > (len(telling) + _WORDS_FOR_ONE_MISSING // 4) // _WORDS_FOR_ONE_MISSING


def _gap(words: str, window: frozenset[str]) -> bool:
    """Whether a run of characters is missing that is longer than a word."""
    for run in _RUN.findall(words):
        gap = 0
        for i in range(len(run)):
            held = any(run[k : k + 2] in window for k in (i - 1, i) if 0 <= k < len(run) - 1)
            gap = 0 if held else gap + 1
            if gap > _LONGEST_MISSING:
                return True
    return False


def _named(claim: str, source: Source, *, chinese: bool) -> bool:
    if chinese:
        places = (place for place in _PLACES_ZH if place in claim)
        names = (*_TITLED_ZH.findall(claim), *_PERSON_ZH.findall(claim), *places)
        latin = (term for run in _LATIN_ZH.findall(claim) for term in terms(run) if term not in STOP_WORDS)
        return all(_plain(name) in source.plain for name in names) and source.terms.issuperset(latin)
    # The word a claim opens with is written like a name whatever it is.
    named = [term for name in _NAME.findall(claim) for term in terms(name) if not term[0].isdigit()]
    return source.terms.issuperset(term for term in named if background(term) >= 1)


def _linked(claim: str, source: Source) -> bool:
    """Whether all that would become a link by itself is the passage's own."""
    return all(token.lower() in source.plain for token in _LINKING.findall(claim))


def _quoted(claim: str) -> list[str]:
    found = ("".join(groups) for groups in _QUOTED.findall(claim))
    return [each for each in found if len(each.split()) >= _FEWEST_QUOTED or _long_in_chinese(each)]


def _long_in_chinese(quoted: str) -> bool:
    return is_chinese(quoted) and len(quoted) >= _FEWEST_QUOTED_HAN


def _plain(text: str) -> str:
    straight = text.translate(_STRAIGHT).lower()
    return " ".join(straight.split()) if not is_chinese(text) else "".join(straight.split())


_STRAIGHT = str.maketrans({"“": '"', "”": '"', "‘": "'", "’": "'", "—": "-", "–": "-", "，": ",", "！": "!", "？": "?"})

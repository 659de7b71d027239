"""The headline of a story, neutral: of the titles of its articles the one nearest to all others, or a lead's own words.

A story that moved is called by what most of its outlets told last, not by what it began with.
Titles that tease, ask, argue or only say that something is followed live are passed over; what an outlet puts around
its titles, its own name and labels, is taken off. Word for word otherwise: nothing is invented.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from generation.leads import begins, leads
from generation.openings import fits, opening_of
from generation.quoting.boilerplate import is_boilerplate
from generation.quoting.candidates import ASKS, UNQUOTABLE
from generation.quoting.furniture import furniture
from generation.quoting.outlets import independent
from generation.reading.counts import Count, counts, differing, same
from generation.reading.orders import is_order
from generation.reading.terms import background, is_chinese, terms
from generation.summing.clauses import word_count
from storage.domain.news import ArticleId, Headline, Hit
from storage.domain.summaries import StoryHeadline

NAME = "extractive"

# A title keeps so much when what stands around it is taken off, or it is left as it is; in words.
_FEWEST_WORDS, _FEWEST_TELLING = 3, 2
_TIMES_TRIMMED = 3
# A first sentence that is no longer is a heading or the name of a picture.
_SCRAP = 4
_TAIL = re.compile(r"\s+[-–—·•]\s+([^|–—]{1,40})$|\s?[|_丨｜]\s?([^|_丨｜]{1,40})$|[-－—]+([^-－—\s]{2,12})$")
_KIND_BEHIND = re.compile(
    r"[-–—|]\s*(?:opinion|editorial|analysis|review|commentary|perspective|column)s?$", re.IGNORECASE
)
_OUTLET = re.compile(
    r"\b(?:BBC|CNN\w*|NBC|CBS|ABC|NPR|PBS|CNBC|AP|AFP|Fox|Reuters|Bloomberg|Politico|Axios|Vox|Variety|ESPN|Wired|Forbes|"
    r"Guardian|Al Jazeera|News(?:week)?|Times|Post|Journal|Herald|Tribune|Gazette|Telegraph|Magazine|Press|Daily|"
    r"Observer|Chronicle|Courier|Sun|Mirror|Independent|Globe|Wire)\b|\b[\w-]+\.(?:com|org|net|co|uk|cn|io)\b"
    r"|(?:网|报|社|新闻|频道|客户端|在线|资讯|电视台|财经|头条|央视|周刊|快讯|澎湃)$"
)
_LABEL = re.compile(
    r"(?:breaking(?: news)?|exclusive|just in|update[d]?|developing|urgent)\s*[:|–—-]\s*"
    r"|(?:快讯|突发|最新|独家|重磅|更新)[丨｜|：:]\s*|[【\[][^】\]]{1,16}[】\]]\s*",
    re.IGNORECASE,
)
_DOTTED = re.compile(r"\b[A-Z]\.$")
_CUT = re.compile(r"\s*(?:\.{2,}|…+)$")
# What is no headline of an event: of an opinion, of a list, of what is followed live, of what one would have to open.
_TEASES = re.compile(
    r"^(?:opinion|editorial|op-?ed|column|letters?|review|analysis|explainer|explained|quiz|watch|video|photos?|"
    r"in pictures|gallery|podcast|listen|live|fact[- ]check|perspective|commentary|sponsored)\b\s*[:|–—-]"
    r"|\b(?:live (?:updates?|blog|coverage|news)|as it happened|latest updates|briefing|newsletter|round-?up|recap|"
    r"(?:things|what|need) to know|what we know|all (?:you|we) |everything (?:you|we)|won['’]t believe|you should|"
    r"find out|here(?:['’]s| is| are)\b|this is (?:why|how|what)|the (?:real )?reason|takeaways?|explained|quiz|"
    r"horoscope|how to|a guide to|complete list)\b|\bupdates:"
    r"|^(?:the )?\d{1,2} (?:things|ways|reasons|tips|takeaways|facts|questions|photos|best|of the)\b"
    r"|^(?:why|how|what|who|when|where|which|is|are|was|were|do|does|did|can|could|will|would|should|meet|inside)\b"
    r"|\blive$|!$"
    r"|^(?:评论|社评|观点|时评|锐评|专栏|视频|图集|直播|组图|专题|晨报|早报|晚报|早知道)|直播|滚动更新|实时更新|盘点|揭秘|一文(?:看懂|读懂|了解)"
    r"|震惊|惊呆|竟然|居然|没想到|原来是|速看|必看|真相|怎么回事|为何|为什么|如何|怎么|意味着什么|[！!]$|[？?]",
    re.IGNORECASE,
)
# What takes sides by the choice of a word.
_LOADED = re.compile(
    r"\b(?:greedy|slash(?:es|ed|ing)?|axe[sd]?|shock(?:ing|s|ed)?|stunn?(?:ing|s|ed)|explosive|outrag\w+|bombshell|slams?|blasts?|destroys?|furious|epic|"
    r"incredible|disgrace\w*|shame\w*|humiliat\w+|chilling|brutal|insane|unhinged|heartbreaking|jaw-dropping)\b"
    r"|怒斥|痛批|狠批|炸锅|打脸|疯狂|无耻|丑陋|狂喜|力挺|刷屏|沸腾",
    re.IGNORECASE,
)
_OVERTAKEN_COSTS, _DISPUTED_COSTS = 0.3, 0.6
_LOADED_COSTS, _LONG_COSTS = 0.5, 0.8
_BY_LEADS = 0.5
# How many articles are read, the newest, and how many characters of each.
_MOST_OUTLETS, _OPENING = 24, 1_000
# Figures of an event stand in its first sentences.
_COUNTED = 400
# Outlets that tell the same do so within hours, as a rule.
_TOGETHER = timedelta(hours=3)
# In letters; shorter ones may well be initials.
_SHOUTED = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class _Title:
    text: str
    hit: Hit
    terms: frozenset[str]

    @property
    def outlet(self) -> str:
        held = self.hit.passage.headline
        return held.source or held.group


def headline(hits: Sequence[Hit], language: str | None = None) -> StoryHeadline:
    """What the story that `hits` are of is called, in the reader's `language` where any article of it is in that.

    The best title; where none would do, the opening of an article in as many words as a headline has.
    """
    opening = leads(hits, language)[:_MOST_OUTLETS]
    for titles in _offers(opening):
        if titles:
            told = {title.hit.passage.headline.id: _telling(title.hit.passage.text[:_OPENING]) for title in titles}
            best = max(titles, key=lambda title: _nearness(title, titles, opening, told))
            same = tuple(title.hit.passage.headline.id for title in titles if title.text == best.text)
            return StoryHeadline(text=best.text, articles=same, engine=NAME)
    return StoryHeadline(text="", articles=(), engine=NAME)


def _offers(opening: Sequence[Hit]) -> Iterator[list[_Title]]:
    """What there is to choose from, the best kind first; each is made when those before held nothing."""
    titled = [(plain(hit.passage.headline), hit) for hit in opening if not _is_its_beginning(hit)]
    yield _last_told(_titles(each for each in titled if names_an_event(each[0])))
    told = ((opening_of(hit.passage.text), hit) for hit in opening)
    yield _titles(each for each in told if _harmless(each[0]) and not furniture(each[0]))
    # Rather one that asks than none, as long as it is no order.
    yield _titles(each for each in titled if _harmless(each[0]))


def _titles(offered: Iterable[tuple[str, Hit]]) -> list[_Title]:
    titles = (_Title(text=text, hit=hit, terms=_telling(text)) for text, hit in offered)
    return [title for title in titles if title.terms]


def _last_told(titles: Sequence[_Title]) -> list[_Title]:
    """Of titles, the newest first, what most outlets told last: a turn, once most of them have it.

    The newest until most outlets are among them, and what was published shortly before these. What is undated comes
    last.
    """
    most = len({title.outlet for title in titles}) // 2 + 1
    heard: set[str] = set()
    for n, title in enumerate(titles, start=1):
        heard.add(title.outlet)
        if len(heard) == most:
            return [*titles[:n], *(each for each in titles[n:] if _together(each, title))]
    return []


def _together(one: _Title, later: _Title) -> bool:
    """Whether a title is of the time of a later one; of an unknown time it is of any other such."""
    mine, theirs = one.hit.passage.headline.published, later.hit.passage.headline.published
    return mine == theirs if mine is None or theirs is None else theirs - mine <= _TOGETHER


def _is_its_beginning(hit: Hit) -> bool:
    """Whether an article came without a title, so that its first sentence stands for one, cut, long or a scrap."""
    title, text = (" ".join(each.split()) for each in (hit.passage.headline.title, hit.passage.text))
    scrap = word_count(title, chinese=is_chinese(title)) <= _SCRAP
    return text.startswith(title.rstrip("…")) and (title.endswith("…") or scrap or not fits(title))


def plain(shown: Headline) -> str:
    """The title of an article without the outlet's name behind it, labels before it, and marks of being cut."""
    title = " ".join(shown.title.split())
    title = title[begins(title) :]
    for _ in range(_TIMES_TRIMMED):
        tail = _TAIL.search(title)
        if tail is None or not _is_outlet(tail, shown) or not _long_enough(title[: tail.start()]):
            break
        title = title[: tail.start()].rstrip()
    while (label := _LABEL.match(title)) and _long_enough(title[label.end() :]):
        title = title[label.end() :]
    title = _CUT.sub("…", title)
    return title if _DOTTED.search(title) else title.rstrip(".。 ")


def names_an_event(title: str) -> bool:
    """Whether a title, as `plain` gives it, tells what happened: fit to stand for a story, and to be shown."""
    refused = is_boilerplate(title) or any(bad.search(title) for bad in (_TEASES, _KIND_BEHIND, ASKS))
    return _harmless(title) and not refused and len(_telling(title)) >= _FEWEST_TELLING


def _harmless(title: str) -> bool:
    return bool(title) and not UNQUOTABLE.search(title) and not is_order(title)


def _is_outlet(tail: re.Match[str], shown: Headline) -> bool:
    """Whether what stands behind the last mark is a name of an outlet, of this one above all, rather than news."""
    spaced, barred, close = tail.groups()
    name = (spaced or barred or close).strip()
    if _KIND_BEHIND.search(tail.group()) or (close and not is_chinese(close)):
        return False
    if barred:
        return True
    known = _letters(f"{shown.source or ''} {shown.url or ''}")
    return bool(_OUTLET.search(name)) or (len(_letters(name)) > 1 and _letters(name) in known)


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text.lower()))


def _long_enough(title: str) -> bool:
    return word_count(title, chinese=is_chinese(title)) >= _FEWEST_WORDS


def _nearness(
    title: _Title, titles: Sequence[_Title], opening: Sequence[Hit], told: Mapping[ArticleId, frozenset[str]]
) -> float:
    """How much a title has in common with those of other articles, and how much of it their openings bear out."""
    others = [other for other in titles if other.hit is not title.hit]
    apart = [held for id_, held in told.items() if id_ != title.hit.passage.headline.id or len(told) == 1]
    common = _mean([len(title.terms & other.terms) / (len(title.terms) * len(other.terms)) ** 0.5 for other in others])
    borne_out = _mean([len(title.terms & held) / len(title.terms) for held in apart])
    loaded = _LOADED.search(title.text) or _shouts(title.text)
    cost = (_LOADED_COSTS if loaded else 1.0) * (1.0 if fits(title.text) else _LONG_COSTS)
    cost *= _LOADED_COSTS if title.text.endswith("…") else 1.0
    return (common + _BY_LEADS * borne_out) * cost * _contradicted(title, opening)


def _contradicted(title: _Title, opening: Sequence[Hit]) -> float:
    """What a title is still worth where a newer count, or more outlets, give another figure of the same."""
    given = counts(title.text)
    if not given:
        return 1.0
    mine = title.hit.passage.headline.published
    otherwise: set[str] = set()
    alike: set[str] = set()
    for hit in opening:
        if not independent(hit, title.hit):
            continue
        theirs = counts(hit.passage.text[:_COUNTED])
        rivals = list(differing(given, theirs))
        published = hit.passage.headline.published
        newer = mine is not None and published is not None and published > mine
        if newer and any(_updates(one, update) for one, update in same(given, theirs)):
            return _OVERTAKEN_COSTS
        if rivals:
            otherwise.add(hit.passage.headline.source or hit.passage.headline.group)
        elif same(given, theirs):
            alike.add(hit.passage.headline.source or hit.passage.headline.group)
    return _DISPUTED_COSTS if len(otherwise) > len(alike) else 1.0


def _updates(one: Count, later: Count) -> bool:
    """Whether a later count of what is counted on from hour to hour goes beyond an earlier one."""
    return (one.grows or later.grows) and later.room.least > one.room.least


def _shouts(title: str) -> bool:
    """Whether a title that is not in capitals has a word that is."""
    long = [word for word in title.split() if len(word) >= _SHOUTED]
    return not title.isupper() and any(word.isalpha() and word.isupper() for word in long)


def _telling(text: str) -> frozenset[str]:
    return frozenset(term for term in terms(text) if background(term) >= 1)


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else 0.0

"""What a question asks for besides its words: a time, a language, phrases to be kept whole. Pure.

Bounds are read only where they are meant of the news themselves ("news from yesterday", "in Chinese"); a time that says
when something happened, or where it is told, prefers and never excludes.
"""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from retrieval.search.times import Times, times
from storage.domain.news import Filters
from storage.domain.scripts import CJK

_MOST_READ = 500
"""Characters. A longer text is an article or a quotation rather than a question; what it says of time is its own."""

# A text of more words than this asks for more than the news of a time.
_MOST_WORDS = 14
_MOST_CHARACTERS = 28
# What is asked for are the news: they come early in the text, and no verb that asks whether or who comes before.
_EARLY_WORDS = 6
_NEWS_EN = frozenset(
    "news headline headlines stories articles reports coverage updates developments".split()  # noqa: SIM905
)
_OPENING = frozenset(
    "did does do has have had was were will can could between after before considering given".split()  # noqa: SIM905
)
# Words and what joins their parts never match the same character, so that no text takes long.
_WORD = re.compile(r"\w+(?:['’.&-]+\w+)*")
_PARTS = re.compile(r"\w+").findall
_NEWS_ZH = re.compile("新闻|消息|报道|要闻|头条|资讯|快讯|大事|动态|文章")
# With these a Chinese question asks for news without saying of what.
_ASKING_ZH = re.compile(rf"{_NEWS_ZH.pattern}|什么|哪些|发生|最新|最近|给我|看看|[有的了吗呢请]")
# A question of this kind asks for a fact, even where it names the news.
_OF_FACT = re.compile(
    r"\b(?:who|whom|whose|why|how|when|where|which|according to)\b|"
    r"谁|为什么|为何|怎么|怎样|如何|多少|哪(?!些)|几[个名次]|据",
    re.IGNORECASE,
)
# Of the words alone, each a space apart.
_WHATEVER = re.compile(
    r"(?:so )?(?:tell me )?"
    r"(?:what(?:['’]s| is| has| have| else)?|anything|everything)?(?: ?(?:been|that|else))?"
    r"(?: ?(?:happened|happening|new|going on|on))?(?: ?(?:in|around) the world"
    r"| ?in (?:the world of )?(?:sports?|business|politics|science|technology|tech|health|culture|finance))?"
    r"|(?:都|又)?(?:发生|出)了?(?:哪些|什么|啥)?(?:事情|事儿|事)?",
    re.IGNORECASE,
)
_LANGUAGES = {
    "english": "en",
    "chinese": "zh",
    "mandarin": "zh",
    "英文": "en",
    "英语": "en",
    "中文": "zh",
    "汉语": "zh",
    "华语": "zh",
}
_IN_LANGUAGE = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        (
            r"\b(?:news|headlines?|stories|articles?|reports?|coverage|sources?|press|media)\s+(?:written\s+)?in\s+"
            r"(?P<language>(?a:english|chinese|mandarin))\b(?!\s+(?:waters|markets?|cities|towns|territory|provinces?)\b)"
        ),
        r"\b(?P<language>(?a:english|chinese|mandarin))[-\s]language\b",
        r"(?:只看|仅看|仅限|用|的)?(?P<language>英文|英语|中文|汉语|华语)的?(?=新闻|报道|消息|来源|媒体|文章|资讯|头条|网站)",
        # What they are about may stand between: 英文的芯片新闻.
        (
            r"^(?:请|给我|我要|我想)?(?:看看?|找|搜)?(?P<language>英文|英语|中文|汉语|华语)的"
            rf"(?=[{CJK}\w]{{1,8}}(?:新闻|报道|消息|资讯|头条|文章))"
        ),
        r"(?:只看|仅看|仅限|只要)(?P<language>英文|英语|中文|汉语|华语)的?",
    )
)
# At the end of a text that asks for news, or set apart from what it asks.
_IN_LANGUAGE_LAST = re.compile(
    r"(?P<apart>,\s*(?:only\s+)?|\bonly\s+)?\bin\s+(?P<language>(?a:english|chinese|mandarin))"
    r"(?P<please>\s+(?:only|please))?\s*[.?!]*\s*$",
    re.IGNORECASE,
)
# What happened at a date before this is history, which later news tell of.
_RECENT = timedelta(days=730)
# These words say how something is called, and no language of the news.
_SAYING = re.compile(
    r"\b(?:say|said|called|mean|means|translate|translated|word|spell|speak|speaks|name)\b|怎么说|翻译|叫什么"
)
_PHRASES = re.compile(
    r"“([^”]{2,80})”|\"([^\"]{2,80})\"|《([^》]{2,80})》|「([^」]{2,80})」|(?<!\w)['‘]([^'’]{2,80})['’](?!\w)"
)
_HAN = re.compile(f"[{CJK}]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """A question as it is searched for.

    Args:
        text: The words to look for.
        filters: Bounds every hit meets: those that were set, and those the question names.
        around: Times that articles about what is asked were probably published in, or shortly after.
        phrases: What the question quotes.
        asked: The question as it was put, or the beginning of a long one.
    """

    text: str
    filters: Filters
    around: tuple[Times, ...] = ()
    phrases: tuple[str, ...] = ()
    asked: str = ""

    @property
    def bounded(self) -> bool:
        """Whether it is bounded when the news were published, so that newer need not be better."""
        return self.filters.since is not None


def understand(text: str, filters: Filters, now: datetime, *, binding: bool = True) -> Query:
    """Read `text` as asked at `now`; bounds in `filters` that were set stay as they are.

    Args:
        text: A question, in English or Chinese; another language is searched for as it stands.
        filters: The bounds that were set.
        now: The moment it is asked; days begin at midnight in its zone.
        binding: Whether what it names bounds the hits; otherwise it only prefers.
    """
    phrases = tuple(next(filter(None, found)) for found in _PHRASES.findall(text))
    if len(text) > _MOST_READ:
        return Query(text=text, filters=filters, phrases=phrases, asked=text[:_MOST_READ])
    # Runs of spaces say nothing, and would be what takes longest to read.
    text = " ".join(text.split())
    query = Query(text=text, filters=filters, phrases=phrases, asked=text)
    if binding:
        query = _in_language(query)
    said = times(query.text, now) if filters.since is None else ()
    if not binding or len(said) != 1 or not _means_the_news(query.text, said[0], now):
        return replace(query, around=said)
    bounds = replace(query.filters, since=said[0].since, until=_sooner(said[0], filters), undated=False)
    return replace(query, text=_without(query.text, *said[0].place), filters=bounds)


def subject(text: str) -> str:
    """What is left of the text of a query beside the words that ask for news."""
    return " ".join(word for word in _WORD.findall(_ASKING_ZH.sub(" ", text)) if word.lower() not in _NEWS_EN)


def _in_language(query: Query) -> Query:
    if query.filters.language is not None or _SAYING.search(query.text):
        return query
    found = next(filter(None, (pattern.search(query.text) for pattern in _IN_LANGUAGE)), None)
    if found is None and (last := _IN_LANGUAGE_LAST.search(query.text)) is not None:
        apart = (last["apart"] or last["please"]) and not _OF_FACT.search(query.text)
        found = last if apart or _asks_for_news(query.text) else None
    if found is None:
        return query
    language = _LANGUAGES[found["language"].lower()]
    text = _without(query.text, *found.span("language"))
    return replace(query, text=text, filters=replace(query.filters, language=language))


def _means_the_news(text: str, said: Times, now: datetime) -> bool:
    """Whether the time bounds the news that are asked for, rather than what they tell of."""
    start, end = said.place
    quoted = any(found.start() < end and start < found.end() for found in _PHRASES.finditer(text))
    if quoted or not said.sure:
        return False
    chinese = _HAN.search(text) is not None
    if _OF_FACT.search(text) or (len(text) > _MOST_CHARACTERS if chinese else len(text.split()) > _MOST_WORDS):
        return False
    if _NEWS_ZH.search(text) if chinese else _asks_for_news(text):
        return True
    recent = said.near or (said.since is not None and now - said.since <= _RECENT)
    return recent and _WHATEVER.fullmatch(" ".join(_WORD.findall(f"{text[:start]} {text[end:]}"))) is not None


def _asks_for_news(text: str) -> bool:
    words = [found[0].lower() for found in itertools.islice(_WORD.finditer(text), _EARLY_WORDS)]
    return bool(words) and words[0] not in _OPENING and any(not _NEWS_EN.isdisjoint(_PARTS(word)) for word in words)


def _sooner(said: Times, filters: Filters) -> datetime | None:
    if said.until is None or filters.until is None:
        return said.until or filters.until
    return min(said.until, filters.until)


def _without(text: str, start: int, end: int) -> str:
    """`text` without what stands there; all of it where no word would be left."""
    rest = " ".join(f"{text[:start]} {text[end:]}".split())
    return rest if any(character.isalnum() for character in rest) else text

"""Expressions of time in Chinese, as stretches of the calendar. Pure.

A year or a month that belongs to a name is not read as a time: 2008年金融危机, 2022年世界杯.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import datetime

from retrieval.search.dates_en import Named
from retrieval.search.spans import Span, Unit, ago, date, last_with, month, past, weekday, weekend, whole, year

Match = re.Match[str]
Read = Callable[[Match, datetime], Span | None]

_DIGITS = {digit: value for value, digit in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_WEEKDAYS = {day: number for number, day in enumerate("一二三四五六日")} | {"天": 6}
_FEW = 4
_HALF = "半"
# What half of a unit ago is, in whole ones.
_HALVES = {
    Unit.HOUR: (Unit.HOUR, 0), Unit.DAY: (Unit.HOUR, 12), Unit.MONTH: (Unit.WEEK, 2), Unit.YEAR: (Unit.MONTH, 6),
}  # fmt: skip
_UNITS = {
    "小时": Unit.HOUR, "钟头": Unit.HOUR, "天": Unit.DAY, "日": Unit.DAY, "周": Unit.WEEK, "星期": Unit.WEEK,
    "礼拜": Unit.WEEK, "月": Unit.MONTH, "年": Unit.YEAR,
}  # fmt: skip
_BACK = {"今": 0, "本": 0, "这": 0, "这个": 0, "去": 1, "上": 1, "上个": 1, "上一": 1, "前": 2, "上上": 2, "上上个": 2}

_NUMBER = r"(?:\d{1,4}|[一二两三四五六七八九十]{1,4}|几|半)"
_WEEK = r"(?:周|星期|礼拜)"
_FROM_DAY = r"(?P<from>\d{1,2}|[一二三四五六七八九十]{1,3})"
_DAY = r"(?P<day>\d{1,2}|[一二三四五六七八九十]{1,3})[日号]"
_MONTH_NUMBER = r"1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九]"
_MONTH = rf"(?P<month>{_MONTH_NUMBER})月(?:份)?"
_LAST_MONTH = rf"(?P<last>{_MONTH_NUMBER})月"
_TO = r"\s*(?:到|至|[-–—～~])\s*"
_YEAR = r"(?P<year>(?:19|20)\d\d|二[〇零][一二三四五六七八九〇零]{2})年"
# What stands after a time that is no part of a name: nothing, punctuation, or words that ask, tell or join.
_CLOSED = (
    r"(?=$|[\s，。？！、,.?!：:；;]|的?(?:新闻|消息|报道|要闻|头条|资讯|大事|事件|动态|文章|快讯)|以来|以后|之后|以前|之前|"
    r"至今|起|到|至|和|与|间|期间|初|底|末|中旬|上旬|下旬|[里内]|有|都|发生|出了|是|在|谁|哪|什么|多少|为什么|怎)"
)
_ENDED = re.compile(rf"{_CLOSED}|\s*(?:的|关于|有关|对于)")
# Days that have a name, papers and programmes that are called after one.
_NAME_BEFORE = re.compile(r"(?:黑色|血色|血腥|超级|网络|复活节|南方)$")
_NAME_AFTER = re.compile(r"画报|[^的\W]{0,5}(?:早报|晚报|日报|邮报|时报|电讯报)")
_NAME = re.compile(r"今日(?:头条|俄罗斯|美国|说法|关注|亚洲)")


def _count(written: str) -> int | None:
    """A number in digits or characters; `None` where the characters are none."""
    if written.isdigit():
        return int(written)
    if written == "几":
        return _FEW
    tens, ten, ones = written.rpartition("十")
    high = (_digit(tens) if tens else 1) if ten else 0
    low = _digit(ones) if ones else 0
    return None if high is None or low is None else high * 10 + low


def _digit(written: str) -> int | None:
    """One digit, or the larger of two in their order: 两三 is two or three."""
    values = [_DIGITS.get(character) for character in written]
    match values:
        case [int(value)]:
            return value
        case [int(less), int(more)] if less < more:
            return more
        case _:
            return None


def _year_number(match: Match, now: datetime) -> int | None:
    """The year the match names, by number or as this or last one; `None` where it names none."""
    if match["year"]:
        written = match["year"]
        return int(written) if written.isdigit() else int("".join(str(_DIGITS[digit]) for digit in written))
    return now.year - _BACK[match["back"]] if match["back"] else None


def _full_date(match: Match, now: datetime) -> Span | None:
    number, on, at = _count(match["month"]), _count(match["day"]), _year_number(match, now)
    if number is None or on is None:
        return None
    return last_with(number, now, on) if at is None else date(at, number, on, now)


def _days(match: Match, now: datetime) -> Span | None:
    number, last, at = _count(match["month"]), _count(match["last"] or match["month"]), _year_number(match, now)
    start, end = _count(match["from"]), _count(match["day"])
    if number is None or last is None or start is None or end is None:
        return None
    first = last_with(number, now, start) if at is None else date(at, number, start, now)
    return None if first is None else _joined(first, date(first.since.year + (last < number), last, end, now))


def _months(match: Match, now: datetime) -> Span | None:
    number, last, at = _count(match["month"]), _count(match["last"]), _year_number(match, now)
    if number is None or last is None or at is None:
        return None
    return _joined(month(at, number, now), month(at + (last < number), last, now))


def _joined(first: Span | None, last: Span | None) -> Span | None:
    return Span(since=first.since, until=last.until) if first and last and first.since < last.until else None


def _month(match: Match, now: datetime) -> Span | None:
    number, at = _count(match["month"]), _year_number(match, now)
    if number is None:
        return None
    return last_with(number, now) if at is None else month(at, number, now)


def _year(match: Match, now: datetime) -> Span | None:
    at = _year_number(match, now)
    return None if at is None else year(at, now)


def _rolling(match: Match, now: datetime) -> Span | None:
    n = 0.5 if match["n"] == _HALF else _count(match["n"])
    return None if n is None else past(_UNITS[match["unit"]], n, now)


def _ago(match: Match, now: datetime) -> Span | None:
    unit = _UNITS[match["unit"]]
    if match["n"] == _HALF:
        return ago(*_HALVES[unit], now) if unit in _HALVES else None
    n = _count(match["n"])
    return None if n is None else ago(unit, n, now)


def _weekday(match: Match, now: datetime) -> Span | None:
    back = match["back"]
    return weekday(_WEEKDAYS[match["weekday"]], now, weeks_back=_BACK[back] if back else None)


def _weekend(match: Match, now: datetime) -> Span | None:
    return weekend(now, weeks_back=_BACK[match["back"]] if match["back"] else None)


def _whole(match: Match, now: datetime) -> Span | None:
    return whole(_UNITS[match["unit"]], _BACK[match["back"]], now)


def _calendar(back: int) -> Read:
    return lambda _match, now: whole(Unit.DAY, back, now)


_COUNTED = r"(?P<unit>小时|钟头|天|日|周|星期|礼拜|月|年)"
_WHICH = r"(?P<back>本|这个|这|上上个|上上|上个|上一|上)"
_OF_YEAR = rf"(?:{_YEAR}|(?P<back>今|去|前)年)"
# In this order: what is found first takes its place in the text.
_PATTERNS: tuple[tuple[re.Pattern[str], Read, bool], ...] = tuple(
    (re.compile(pattern), read, near)
    for pattern, read, near in (
        (rf"(?:{_OF_YEAR}的?)?{_MONTH}{_FROM_DAY}[日号]?{_TO}(?:{_LAST_MONTH})?{_DAY}", _days, False),
        (rf"{_OF_YEAR}的?{_MONTH}{_TO}{_LAST_MONTH}(?!\d){_CLOSED}", _months, False),
        (rf"(?:{_OF_YEAR}的?)?{_MONTH}{_DAY}", _full_date, False),
        (r"(?P<year>(?:19|20)\d\d)[-/](?P<month>\d{1,2})[-/](?P<day>\d{1,2})(?!\d)(?P<back>)", _full_date, False),
        (rf"{_OF_YEAR}的?{_MONTH}{_CLOSED}", _month, False),
        (r"大前天", _calendar(3), True),
        (r"前[天日](?!性)", _calendar(2), True),
        (r"昨[天日晚早夜](?:上午|下午|晚上|早上|凌晨)?", _calendar(1), True),
        (r"今[天日晚早晨](?:上午|下午|晚上|早上|凌晨)?", _calendar(0), True),
        (rf"{_WHICH}?{_WEEK}末", _weekend, True),
        (rf"{_WHICH}?{_WEEK}(?P<weekday>[一二三四五六日天])", _weekday, True),
        (rf"{_WHICH}(?P<unit>{_WEEK}|月)(?!末|球|亮|季)", _whole, True),
        (r"(?P<back>今|去|前)(?P<unit>年)(?!来|轻)", _whole, True),
        (rf"(?:最近|过去|近|这)的?(?P<n>{_NUMBER})个?{_COUNTED}(?!级|代|薪|费)", _rolling, True),
        (rf"(?<![\d第百千万亿几多半个一二两三四五六七八九十])(?P<n>{_NUMBER})个?{_COUNTED}(?:之|以)?前", _ago, True),
        (rf"(?<![个\d年]){_MONTH}(?P<year>)(?P<back>){_CLOSED}", _month, False),
        (rf"(?<!\d){_YEAR}(?P<back>){_CLOSED}", _year, False),
    )
)  # fmt: skip


def named_times(text: str, now: datetime) -> Iterator[Named]:
    """The times `text` names, no two of them in the same place, in no order."""
    taken: list[tuple[int, int]] = []
    for pattern, read, near in _PATTERNS:
        for match in pattern.finditer(text):
            start, end = match.span()
            span = read(match, now)
            if span is not None and all(end <= before or start >= after for before, after in taken):
                taken.append((start, end))
                yield Named(start, end, span, near, _stands_alone(text, match, near=near))


def _stands_alone(text: str, match: Match, *, near: bool) -> bool:
    """Whether the time cannot be part of a name: 今日头条, 黑色星期五, 9月11日袭击."""
    start, end = match.span()
    if not near:
        return _ENDED.match(text, end) is not None
    if match[0][0] == "今":
        return _NAME.match(text, start) is None
    # No name before it is longer than this.
    return _NAME_BEFORE.search(text[max(0, start - 3) : start]) is None and _NAME_AFTER.match(text, end) is None

"""For how long something is to be otherwise, as people write it: for a week, until Monday, 到12月12日, 三天. Pure.

By the reader's own clock: days and times of day here are of no zone.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, time, timedelta

from bot.flows.wording.hours import HOUR, NUMBER_EN, NUMBER_ZH, hour_of, number_of
from storage.errors import InputError

Span = tuple[datetime, datetime]
"""From when, and until before when."""

_HOUR, _DAY, _WEEK, _MONTH, _YEAR = (timedelta(hours=hours) for hours in (1, 24, 7 * 24, 30 * 24, 365 * 24))
_UNITS = {
    "hour": _HOUR, "小时": _HOUR, "day": _DAY, "天": _DAY, "日": _DAY, "week": _WEEK,
    "周": _WEEK, "星期": _WEEK, "礼拜": _WEEK, "fortnight": 2 * _WEEK, "month": _MONTH, "月": _MONTH,
    "year": _YEAR, "年": _YEAR,
}  # fmt: skip
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_FEW = {"a": 1, "an": 1, "a couple of": 2, "couple of": 2, "a few": 3, "few": 3, "several": 4, "几": 3}
_HALF = "半"

_N = rf"(?P<n>\d{{1,3}}|{NUMBER_EN}|an?|(?:a )?(?:couple of|few)|several)"
_UNIT = r"(?P<unit>hour|day|week|fortnight|month|year)s?"
WEEKDAY = r"(?P<weekday>(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?)"
_DATE = (
    rf"(?:the )?(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?: (?:of )?(?P<month>(?:{'|'.join(_MONTHS)})[a-z]{{0,6}}))?"
    r"(?:,? (?P<year>20\d\d))?"
)
_DATE_US = rf"(?P<month>(?:{'|'.join(_MONTHS)})[a-z]{{0,6}}) (?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?:,? (?P<year>20\d\d))?"
_ISO = r"(?P<year>20\d\d)-(?P<month>\d\d)-(?P<day>\d\d)"
_N_ZH = rf"(?P<n>\d{{1,3}}|{NUMBER_ZH}|[几半])"
_DATE_ZH = rf"(?:(?P<month>\d{{1,2}}|{NUMBER_ZH})月)?(?P<day>\d{{1,2}}|{NUMBER_ZH})[日号]"
_WEEKDAY_ZH = "(?P<which>这个?|本|下个?)?(?:周|星期|礼拜|週)(?P<weekday>[一二三四五六日天])"
_WEEKEND = "(?:for |over |at |on )?(?:the|this) weekend|(?:这个?|本)?周末"
_TODAY = "today|tonight|this (?:morning|afternoon|evening)|今[天晚早日]"
_PART = re.compile("(?: in the)? ?(?P<part>morning|afternoon|evening|night)|的?(?P<zh>早上|上午|中午|下午|晚上|晚)")
_HOURS = {"morning": (0, 12), "afternoon": (12, 18), "evening": (17, 24), "night": (17, 24)} | {
    "早上": (0, 12), "上午": (0, 12), "中午": (11, 15), "下午": (12, 18), "晚上": (17, 24), "晚": (17, 24),
}  # fmt: skip
"""Of the day, from when to when its parts are."""

_At = Callable[[re.Match[str], datetime], datetime]


def _midnight(now: datetime, days: int = 0) -> datetime:
    return datetime.combine(now.date() + days * _DAY, time())


def _monday(now: datetime) -> datetime:
    """The next one."""
    return _midnight(now, 8 - now.isoweekday())


def _first(now: datetime, months: int) -> datetime:
    """The first day of a month after this one."""
    later = now.month - 1 + months
    return datetime(now.year + later // 12, later % 12 + 1, 1)  # noqa: DTZ001 - by the reader's own clock


def _weekday(said: re.Match[str], now: datetime) -> datetime:
    """The next such day; of the next week, where that is said."""
    named, which = said["weekday"], said["which"] or ""
    day = "一二三四五六日".index(named.replace("天", "日")) + 1 if named[:3] not in _WEEKDAYS else _number_of_day(named)
    if which.startswith(("next", "下")):
        return _monday(now) + (day - 1) * _DAY
    return _midnight(now, (day - now.isoweekday()) % 7 or 7)


def _number_of_day(named: str) -> int:
    return _WEEKDAYS.index(named[:3]) + 1


def _date(said: re.Match[str], now: datetime) -> datetime:
    """The next such day that is to come."""
    groups = said.groupdict()
    day, named, year = number_of(said["day"]), groups.get("month"), groups.get("year")
    if named is None:
        # The 31st is that of the next month that has one.
        found = (_real(now.year + (now.month - 1 + n) // 12, (now.month - 1 + n) % 12 + 1, day) for n in range(13))
    else:
        month = _MONTHS.index(named[:3]) + 1 if named[:3] in _MONTHS else number_of(named)
        found = (_real(n, month, day) for n in ((int(year),) if year else range(now.year, now.year + 9)))
    at = next((each for each in found if each is not None and each > now), None)
    if at is None:
        raise InputError(said[0], "is no day that is to come", key="digest_no_such_day", day=said[0].strip())
    return at


def _real(year: int, month: int, day: int) -> datetime | None:
    try:
        return datetime(year, month, day)  # noqa: DTZ001 - by the reader's own clock
    except ValueError:
        return None


def _hour(said: re.Match[str], now: datetime) -> datetime:
    at = hour_of(said["hour"].strip())
    if at is None:
        raise InputError(said[0], "is no time of day", key="digest_no_such_hour", time=said["hour"].strip())
    today = datetime.combine(now.date(), at)
    return today if today > now else today + _DAY


def _month(said: re.Match[str], now: datetime) -> datetime:
    return _first(now, (_MONTHS.index(said["month"][:3]) + 1 - now.month) % 12 or 12)


_DAYS: tuple[tuple[str, _At], ...] = (
    ("tomorrow|明[天早]?", lambda _said, now: _midnight(now, 1)),
    (r"(?:the )?day after tomorrow|后天", lambda _said, now: _midnight(now, 2)),
    ("大后天", lambda _said, now: _midnight(now, 3)),
    (rf"(?:on )?(?:(?P<which>this|next|coming) )?{WEEKDAY}", _weekday),
    (_WEEKDAY_ZH, _weekday),
    (_ISO, _date),
    (_DATE_US, _date),
    (_DATE, _date),
    (_DATE_ZH, _date),
)
_POINTS: tuple[tuple[str, _At], ...] = (
    *_DAYS,
    ("(?:the |this )?weekend|(?:这个?|本)?周末", lambda _said, now: _midnight(now, (6 - now.isoweekday()) % 7 or 7)),
    ("next week|(?:the )?end of (?:the|this) week|下个?(?:周|星期|礼拜)", lambda _said, now: _monday(now)),
    ("(?:the )?end of next week", lambda _said, now: _monday(now) + _WEEK),
    ("next month|(?:the )?end of (?:the|this) month|下个?月|(?:这个?|本)?月底", lambda _said, now: _first(now, 1)),
    ("(?:the )?end of next month|下个?月底", lambda _said, now: _first(now, 2)),
    (
        "(?:the )?(?:new year|next year|end of (?:the|this) year)|明年|年底|元旦",
        lambda _said, now: _first(now, 13 - now.month),
    ),
    (rf"(?P<month>(?:{'|'.join(_MONTHS)})[a-z]{{0,6}})", _month),
    (rf"(?P<hour>{HOUR})(?: today)?", _hour),
)


def _point(words: str, now: datetime) -> datetime | None:
    for pattern, at in _POINTS_READ:
        if found := pattern.fullmatch(words):
            return at(found, now)
    day, part = _parted(words)
    at_day = _point(day, now) if part else None
    return at_day + part[0] * _HOUR if at_day and part else None


def _parted(words: str) -> tuple[str, tuple[int, int] | None]:
    """A day without the part of it that is named, and from which to which hour that is; `None` where none is named."""
    for start in range(1, len(words)):
        if found := _PART.fullmatch(words, start):
            return words[:start], _HOURS[found["part"] or found["zh"]]
    return words, None


_Of = Callable[[re.Match[str], datetime], Span | None]


def _lasting(said: re.Match[str], now: datetime) -> Span | None:
    """From now on: who says it in the evening, for a day, is without the digest of the next morning."""
    named = said["n"] or "a"
    unit = _UNITS[said["unit"]]
    length = unit / 2 if named == _HALF else (_FEW[named] if named in _FEW else number_of(named)) * unit
    return (now, now + length) if length else None


def _until(said: re.Match[str], now: datetime) -> Span | None:
    at = _point(said["point"].strip(), now)
    return None if at is None else (now, at)


def _between(said: re.Match[str], now: datetime) -> Span | None:
    begins, ends = said["since"].strip(), said["until"].strip()
    since = _point(begins, now)
    first = None if since is None else _point(ends, now)
    if since is None or first is None:
        return None
    until = _later(ends, since)
    # The 3rd of December that comes after the 9th is a year away, and hardly meant.
    if until is None or (first < since and until - since > _YEAR / 2):
        raise InputError(ends, f"is before {begins}", key="digest_ends_before", since=begins, until=ends)
    # Whoever is away from the 3rd to the 9th is so on the 9th, too.
    return since, until + _DAY if until.time() == time() else until


def _later(words: str, than: datetime) -> datetime | None:
    """The time that these words name after that one; `None` where there is none, as of a day of a named year."""
    try:
        return _point(words, than)
    except InputError:
        return None


def _weekend(_said: re.Match[str], now: datetime) -> Span:
    return max(now, _monday(now) - 2 * _DAY), _monday(now)


_SPANS: tuple[tuple[str, _Of], ...] = (
    (rf"for (?:the )?(?:next |coming )?(?:{_N} )?{_UNIT}(?: or so)?", _lasting),
    (
        "for the rest of the (?P<point>day|week|month|year)",
        lambda said, now: (now, {
            "day": _midnight(now, 1), "week": _monday(now), "month": _first(now, 1), "year": _first(now, 13 - now.month)
        }[said["point"]]),
    ),
    (_WEEKEND, _weekend),
    ("(?:for )?this week|这个?(?:周|星期)|本周", lambda _said, now: (now, _monday(now))),
    ("(?:for |during )?next week|下个?(?:周|星期)", lambda _said, now: (_monday(now), _monday(now) + _WEEK)),
    ("(?:for )?today|今天", lambda _said, now: (now, _midnight(now, 1))),
    ("(?:for )?tomorrow|明天", lambda _said, now: (_midnight(now, 1), _midnight(now, 2))),
    (r"(?:until|till|'til|up to|through to) (?P<point>.+)", _until),
    (r"(?:from|between) (?P<since>.+?) (?:to|until|till|through|and) (?P<until>.+)", _between),
    (
        rf"(?:未来|接下来|今后|往后|这|先)?{_N_ZH}个?(?P<unit>小时|天|星期|礼拜|周|月|日|年)(?:之?[内里]|的?时间|左右)?",
        _lasting,
    ),
    ("(?:一直)?(?:直到|[到至])(?P<point>.+?)(?:为止|之?前|再[发说推恢复继续]*|才[发推恢复]*)?", _until),
    ("(?P<point>.+?)之?前", _until),
    ("从(?P<since>.+?)[到至](?P<until>.+?)(?:期间)?", _between),
)  # fmt: skip


def span(words: str, now: datetime) -> Span | None:
    """The time that the words name, as of `now`, a local time; `None` where they name none.

    Raises:
        InputError: There is no such day or time of day.
    """
    for pattern, of in _SPANS_READ:
        if (found := pattern.fullmatch(words)) and (named := of(found, now)) is not None:
            return named
    return None


def one_day(words: str, now: datetime) -> Span | None:
    """The same of a day, or of a weekend, that is named to be left out: tomorrow, this Friday, 明天.

    Raises:
        InputError: There is no such day.
    """
    if re.fullmatch(_TODAY, words):
        return now, _midnight(now, 1)
    if weekend := re.fullmatch(_WEEKEND, words):
        return _weekend(weekend, now)
    for pattern, at in _DAYS_READ:
        if found := pattern.fullmatch(words):
            day = at(found, now)
            return day, day + _DAY
    day_alone, part = _parted(words)
    named = one_day(day_alone, now) if part else None
    return (named[0] + part[0] * _HOUR, named[0] + part[1] * _HOUR) if named and part else None


_POINTS_READ = tuple((re.compile(pattern), at) for pattern, at in _POINTS)
_SPANS_READ = tuple((re.compile(pattern), of) for pattern, of in _SPANS)
_DAYS_READ = tuple((re.compile(rf"(?:on |for )?(?:{pattern})"), at) for pattern, at in _DAYS)

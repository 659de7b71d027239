"""What an article in the other language must name to be on what a question asks: numbers, dates, and known names."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from generation.quoting.agreement import ASKED_OF_NONE, first_word
from generation.reading import inquiry
from generation.reading.exonyms import Exonym, named, names_too, spellings
from generation.reading.figures import Figure, alike, figures
from generation.reading.terms import terms
from storage.domain.news import Hit

_MONTHS_EN = "jan feb mar apr may jun jul aug sep oct nov dec".split()  # noqa: SIM905
_MONTH_EN = (
    r"(?P<{0}>Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?|Oct(?:ober)?"
    r"|Nov(?:ember)?|Dec(?:ember)?)\b"
)
_DATE = re.compile(
    rf"\b{_MONTH_EN.format('before')}\.?(?: (?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?!\d))?"
    rf"|\b(?P<first>\d{{1,2}})(?:st|nd|rd|th)? (?:of )?{_MONTH_EN.format('behind')}"
    r"|(?<!\d)(?P<month>\d{1,2})月(?:(?P<han>\d{1,2})[日号])?"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What an article must name to be on what a text asks or says."""

    chinese: bool
    names: tuple[Exonym, ...]
    figures: tuple[Figure, ...]
    dates: tuple[tuple[int, int | None], ...]
    latin: frozenset[str]


def wanted(text: str) -> Wanted:
    """What a text names."""
    asked = inquiry.read(text)
    listed = frozenset(term for spelling in spellings(text) for term in terms(spelling))
    opening = frozenset() if asked.chinese else first_word(text)
    return Wanted(
        chinese=asked.chinese,
        names=tuple(named(text)),
        figures=tuple(figures(_DATE.sub(" ", text))),
        dates=tuple(dates(text)),
        latin=asked.names - listed - ASKED_OF_NONE - opening,
    )


def agrees(asked: Wanted, hits: Sequence[Hit]) -> bool:
    """Whether an article gives every number, date and known name that the question gives."""
    text = text_of(hits)
    held, given = spellings(text), figures(text)
    published = hits[0].passage.headline.published
    return (
        all(names_too(name, held, chinese=not asked.chinese) for name in asked.names)
        and all(_of_year(figure, published) or any(alike(figure, each) for each in given) for figure in asked.figures)
        and all(_dated(date, text, published) for date in asked.dates)
        # What a Chinese question writes in Latin letters is written so everywhere.
        and (not asked.chinese or asked.latin.issubset(terms(text)))
    )


def text_of(hits: Sequence[Hit]) -> str:
    """What is held of an article, with its title."""
    return "\n".join([hits[0].passage.headline.title, *(hit.passage.text for hit in hits)])


def _of_year(figure: Figure, published: datetime | None) -> bool:
    return published is not None and figure.unit is None and figure.value == published.year


def _dated(date: tuple[int, int | None], text: str, published: datetime | None) -> bool:
    month, day = date
    known = [*dates(text), *([] if published is None else [(published.month, published.day)])]
    return any(month == each and (day is None or day == of) for each, of in known)


def dates(text: str) -> Iterator[tuple[int, int | None]]:
    """The months that a text names, with the day of the month where it gives one."""
    for found in _DATE.finditer(text):
        parts: Mapping[str, str | None] = found.groupdict()
        name = parts["before"] or parts["behind"]
        day = parts["day"] or parts["first"] or parts["han"]
        month = _MONTHS_EN.index(name[:3].lower()) + 1 if name else int(parts["month"] or 0)
        yield month, int(day) if day else None

"""The articles that words find, as they are told: what is in them, word for word, where it was found. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import tzinfo

from bot.excerpts import cut, one_line, opened
from bot.flows.find import Finding, Found
from bot.messenger.paragraphs.markup import Paragraph, Piece, own, parts
from bot.messenger.paragraphs.render import amiss, provenance, titled
from bot.texts import say
from bot.texts.times import UNTOLD
from storage.domain.feedback import Thing

_EXCERPT = 300
"""Characters of a passage."""


def excerpt(found: Found) -> str:
    """As much of the passage as tells whether to open it."""
    return opened(cut(one_line(found.passage), _EXCERPT))


def things(found: Sequence[Found]) -> tuple[Thing, ...]:
    """Each of them."""
    return tuple(Thing(articles=(each.headline.id,), story=each.story) for each in found)


def listed(found: Finding, language: str, zone: tzinfo = UNTOLD) -> tuple[str, ...]:
    """The numbered list of them, or that there are none, and which parts of the search failed; days of `zone`."""
    nothing = [(own(say(language, "search_nothing")),)]
    lines = _lines(found.articles, language, zone) if found.articles else nothing
    return parts([*lines, *amiss(found.without, language)])


def _lines(found: Sequence[Found], language: str, zone: tzinfo) -> Iterator[Paragraph]:
    yield (own(say(language, "search_title"), "b"),)
    for number, each in enumerate(found, start=1):
        yield ()
        headline = each.headline
        yield (
            own(f"{number}. "),
            Piece(text=titled(headline.title), link=headline.url),
            own(provenance(headline, language, zone)),
        )
        brief = () if each.story is None else (own(f" /brief_{each.story}"),)
        yield (Piece(text=excerpt(each)), *brief)

"""What the bot says, as paragraphs: answers, lists of sources, sentences of its own. Pure.

Links come from the values that were stored with the articles, never from anything a text says.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from bot.messenger.markup import Paragraph, Piece, defused, own, parts
from bot.texts import notes, over_listing, say
from storage.domain.dialogue import Answer, Citation, Sentence
from storage.domain.news import ArticleId, Feed, FeedStatus, Headline
from storage.domain.why import Why

MAX_TITLE = 200
"""Characters of a title; a longer one is cut, since it is there to be recognised."""
_BLANK: Paragraph = ()


def answer(value: Answer) -> tuple[str, ...]:
    """The messages that give an answer, a refusal or a remark, framed in the question's language."""
    if value.remark is not None:
        return sentence(value.question.language, value.remark)
    if value.refused:
        return parts(_refusal(value))
    return parts(_listing(value) if value.listing else _answer(value))


def sentence(language: str, key: str, /, **fields: object) -> tuple[str, ...]:
    """The message that says one of the bot's own sentences; line breaks in it stay. Fields never become links."""
    safe = {name: defused(field) if isinstance(field, str) else field for name, field in fields.items()}
    return parts((own(line),) for line in say(language, key, **safe).splitlines())


def sources(feeds: Sequence[Feed], language: str) -> tuple[str, ...]:
    """The numbered list of a reader's feeds, with what is wrong with those that fail."""
    if not feeds:
        return sentence(language, "sources_none")
    lines: list[Paragraph] = [(own(say(language, "sources_title"), "b"),), _BLANK]
    lines += [_source(number, feed, language) for number, feed in enumerate(feeds, start=1)]
    lines += [_BLANK, *((own(line),) for line in say(language, "sources_hint").splitlines())]
    return parts(lines)


def _answer(value: Answer) -> Iterator[Paragraph]:
    language = value.question.language
    links = {citation.n: citation.url for citation in value.citations}
    for said in value.sentences:
        yield _cited(said, links)
    yield _BLANK
    told = [say(language, "as_of", date=date(value.as_of, language))] if value.as_of is not None else []
    for note in (*told, *notes(value)):
        yield (own(note, "i"),)
        yield _BLANK
    for numbers, citation in _by_article(value.citations):
        yield (
            own(f"{', '.join(map(str, numbers))}. "),
            Piece(text=_titled(citation.title), link=citation.url),
            own(_provenance(citation, language)),
        )


def _listing(value: Answer) -> Iterator[Paragraph]:
    """Each story by its title, with its sentence below."""
    language = value.question.language
    yield (own(say(language, over_listing(value)), "b"),)
    for said, citation in zip(value.sentences, value.citations, strict=True):
        yield _BLANK
        yield (
            own(f"{citation.n}. "),
            Piece(text=_titled(citation.title), link=citation.url),
            own(_provenance(citation, language)),
        )
        yield (Piece(text=said.text),)
    if value.as_of is not None:
        yield _BLANK
        yield (own(say(language, "as_of", date=date(value.as_of, language)), "i"),)


def _by_article(citations: Sequence[Citation]) -> Iterator[tuple[list[int], Citation]]:
    """Each article once, in the order of its first citation, with the numbers of all its citations."""
    numbers: dict[ArticleId, list[int]] = {}
    for citation in citations:
        numbers.setdefault(citation.article_id, []).append(citation.n)
    first = {citation.n: citation for citation in citations}
    for cited in numbers.values():
        yield cited, first[cited[0]]


def _refusal(value: Answer) -> Iterator[Paragraph]:
    language = value.question.language
    yield (own(say(language, "refused")),)
    for note in notes(value):
        yield (own(note, "i"),)
    if value.nearest:
        yield _BLANK
        yield (own(say(language, "nearest")),)
    for headline in value.nearest:
        yield (own("• "), Piece(text=_titled(headline.title), link=headline.url), own(_provenance(headline, language)))


def _cited(said: Sentence, links: dict[int, str | None]) -> Paragraph:
    marks = (piece for n in said.citations for piece in (own(" "), Piece(text=f"[{n}]", link=links.get(n))))
    return (Piece(text=said.text), *marks)


def _provenance(of: Citation | Headline, language: str) -> str:
    known = [defused(of.source)] if of.source else []
    known += [date(of.published, language)] if of.published else []
    return " — " + ", ".join(known) if known else ""


def _source(number: int, feed: Feed, language: str) -> Paragraph:
    title = Piece(text=_titled(feed.title or feed.url), link=feed.url)
    if feed.status is FeedStatus.FAILING:
        status = say(language, "source_failing", reason=say(language, feed.last_why or Why.UNREADABLE))
    elif feed.status is FeedStatus.NEW:
        status = say(language, "source_new")
    else:
        status = say(language, "source_ok_one" if feed.articles == 1 else "source_ok", articles=f"{feed.articles:,}")
    return (own(f"{number}. "), title, own(f" — {status}"))


def _titled(title: str) -> str:
    return title if len(title) <= MAX_TITLE else title[: MAX_TITLE - 1].rstrip() + "…"


def date(moment: datetime, language: str) -> str:
    """The day of `moment` (UTC) as `language` writes it."""
    return say(language, "date", year=moment.year, month=moment.month, day=moment.day)

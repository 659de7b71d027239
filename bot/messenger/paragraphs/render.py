"""What the bot says, as paragraphs: answers, lists of sources, sentences of its own. Pure.

Links come from the values that were stored with the articles, never from anything a text says.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import tzinfo
from itertools import zip_longest

from bot.excerpts import opened
from bot.messenger.paragraphs.markup import Paragraph, Piece, defused, own, parts, plain
from bot.texts import ahead, failed, notes, over_listing, say
from bot.texts.interests import SHOWN_LINES, because, heading, label
from bot.texts.stories import facts, hot_title, news_heading, sections, told_by
from bot.texts.times import UNTOLD, day
from storage.domain.dialogue import Answer, Citation, Sentence
from storage.domain.follows import Follow, Update
from storage.domain.interests import Interests
from storage.domain.news import ArticleId, Feed, FeedStatus, Headline, Part
from storage.domain.stories import HotStories, HotStory, Page
from storage.domain.summaries import Gist
from storage.domain.why import Why

MAX_TITLE = 200
"""Characters of a title; a longer one is cut, since it is there to be recognised."""
_BLANK: Paragraph = ()


def answer(value: Answer, zone: tzinfo = UNTOLD) -> tuple[str, ...]:
    """The messages that give an answer, a refusal or a remark, framed in the question's language; days of `zone`."""
    if value.remark is not None:
        return sentence(value.question.language, value.remark)
    if value.refused:
        return parts(_refusal(value, zone))
    return parts(_listing(value, zone) if value.listing else _answer(value, zone))


def sentence(language: str, key: str, /, **fields: object) -> tuple[str, ...]:
    """The message that says one of the bot's own sentences; line breaks in it stay. Fields never become links."""
    safe = {name: defused(field) if isinstance(field, str) else field for name, field in fields.items()}
    return parts((own(line),) for line in say(language, key, **safe).splitlines())


def lines(own_lines: Iterable[str]) -> tuple[str, ...]:
    """The message of several of the bot's own lines; an empty one stays empty."""
    return parts((own(line),) if line else _BLANK for line in own_lines)


def text(messages: Sequence[str]) -> str:
    """What messages show, as one plain text."""
    return "\n".join(map(plain, messages))


def sources(feeds: Sequence[Feed], language: str) -> tuple[str, ...]:
    """The numbered list of a reader's feeds, with what is wrong with those that fail."""
    if not feeds:
        return sentence(language, "sources_none")
    return parts(_read(feeds, language))


def removed(feed: Feed, renumbered: Sequence[Feed], language: str) -> tuple[str, ...]:
    """That a feed is no longer read, and the others by their numbers from now on, where those are others."""
    paragraphs: list[Paragraph] = [(own(say(language, "removed", title=defused(feed.title or feed.url))),)]
    if renumbered:
        paragraphs += [_BLANK, *_read(renumbered, language)]
    return parts(paragraphs)


def _read(feeds: Sequence[Feed], language: str) -> list[Paragraph]:
    lines: list[Paragraph] = [(own(say(language, "sources_title"), "b"),), _BLANK]
    lines += [_source(number, feed, language) for number, feed in enumerate(feeds, start=1)]
    return [*lines, _BLANK, *((own(line),) for line in say(language, "sources_hint").splitlines())]


def hot(found: HotStories, language: str, zone: tzinfo = UNTOLD) -> tuple[str, ...]:
    """The hottest stories, each named, told, and with who tells of it; of which time, by `zone`, over them."""
    title = hot_title(found, language, zone)
    if not found.stories:
        return parts(((own(title),),))
    return parts(_hot(found.stories, title, language, zone))


def page(told: Page, language: str, zone: tzinfo = UNTOLD) -> tuple[str, ...]:
    """A story's page: what it is called and comes to, who tells of it, and its brief; times of `zone`."""
    return parts(_refused(told, language, zone) if told.refused else _page(told, language, zone))


def amiss(without: Collection[Part], language: str) -> Iterator[Paragraph]:
    """Which parts of a search failed, below what it found."""
    for note in failed(without, language):
        yield _BLANK
        yield (own(note, "i"),)


def follows(held: Sequence[Follow], language: str, zone: tzinfo = UNTOLD) -> tuple[str, ...]:
    """What a reader follows, each with its number to end it by; days of `zone`."""
    if not held:
        return sentence(language, "follows_none")
    lines: list[Paragraph] = [(own(say(language, "follows_title"), "b"),)]
    for each in held:
        name = Piece(text=titled(each.words))
        lines += [_BLANK, (name,) if each.story is None else (name, own(f" /brief_{each.story}"))]
        lines.append(
            (own(f"{say(language, 'follow_since', date=day(each.since, language, zone))} /unfollow_{each.number}"),)
        )
    return parts(lines)


def profile(known: Interests, portrait: str, language: str) -> tuple[str, ...]:
    """What is known of a reader in plain words, and each interest with what it was seen by and how to change it."""
    if not known.listed:
        return sentence(language, "profile_none")
    return parts(_profile(known, portrait, language))


def update(told: Update) -> tuple[str, ...]:
    """What is new of what a reader follows, or that it ends, in the language they followed it in."""
    language, words = told.follow.language, told.follow.words
    if told.ends:
        return sentence(language, "follow_ended", what=words)
    return parts(_update(told, language))


def _profile(known: Interests, portrait: str, language: str) -> Iterator[Paragraph]:
    yield (Piece(text=portrait),)
    for number, each in enumerate(known.listed, start=1):
        if above := heading(known, each, language):
            yield _BLANK
            yield (own(above, "b"),)
        if each in known.muted:
            yield (own(f"{number}. "), Piece(text=label(each, language)), own(f" /boost_{number}"))
            continue
        if each in known.liked:
            yield _BLANK
        yield (own(f"{number}. "), Piece(text=label(each, language), style="b"))
        for at, line in enumerate(each.lines[:SHOWN_LINES], start=1):
            yield (own(f"{number}.{at} "), Piece(text=titled(because(line, language))))
        yield (own(f"/boost_{number} /mute_{number} /drop_{number}"),)
    yield _BLANK
    yield (own(say(language, "profile_hint")),)


def _update(told: Update, language: str) -> Iterator[Paragraph]:
    yield (own(say(language, "follow_news", what=defused(titled(told.follow.words)))),)
    for number, news in enumerate(told.news, start=1):
        yield _BLANK
        yield (*_numbered(number, of=len(told.news)), Piece(text=titled(news.title), style="b"))
        yield from quoted(news.gist)
        outlets = say(language, "follow_outlets_one" if news.outlets == 1 else "follow_outlets", outlets=news.outlets)
        yield (own(outlets, "i"), own(f" /brief_{news.story}"))
    yield _BLANK
    yield (own(f"/unfollow_{told.follow.number}"),)


def _numbered(number: int, *, of: int) -> Paragraph:
    """The number of one of several."""
    return (own(f"{number}. "),) if of > 1 else ()


def quoted(gist: Gist) -> Iterator[Paragraph]:
    """Each line with the names of its sources, which lead there."""
    cited = {citation.n: citation for citation in gist.citations}
    for line in gist.lines:
        sources = [cited[n] for n in line.citations]
        marks = (Piece(text=f"[{each.source or each.n}]", link=each.url) for each in sources)
        yield (Piece(text=line.text), *(piece for mark in marks for piece in (own(" "), mark)))


def _page(told: Page, language: str, zone: tzinfo) -> Iterator[Paragraph]:
    brief = told.brief
    links = {citation.n: citation.url for citation in brief.citations}
    yield (Piece(text=titled(brief.title), style="b"),)
    if told.news is not None:
        yield (own(news_heading(told.news, language, zone), "b"),)
        yield from quoted(told.news.gist)
        yield _BLANK
    if told.opened is not None:
        for line in told.opened.gist.lines:
            yield (Piece(text=line.text),)
        yield (own(_about(told.opened, language, zone), "i"),)
        yield (own(f"/follow_{told.opened.story.id}"),)
    for title, said in sections(brief, language, zone):
        yield _BLANK
        yield (own(title, "b"),)
        for before, line in said:
            yield (Piece(text=before), *_cited(line, links))
    yield _BLANK
    yield from _sources(told.citations, language, zone)
    yield from _headlines(say(language, "brief_others"), brief.others, language, zone)
    yield from amiss(told.without, language)


def _refused(told: Page, language: str, zone: tzinfo) -> Iterator[Paragraph]:
    yield (own(say(language, "refused")),)
    yield from amiss(told.without, language)
    yield from _headlines(say(language, "nearest"), told.brief.nearest, language, zone)


def _hot(found: Sequence[HotStory], title: str, language: str, zone: tzinfo) -> Iterator[Paragraph]:
    yield (own(title, "b"),)
    for number, each in enumerate(found, start=1):
        newest = each.story.reports[-1].headline
        yield _BLANK
        yield (own(f"{number}. "), Piece(text=titled(each.title), link=newest.url))
        links = {citation.n: citation.url for citation in each.gist.citations}
        for line in each.gist.lines:
            yield _cited(line, links)
        yield (own(_about(each, language, zone), "i"),)
        yield (own(f"/brief_{each.story.id} /follow_{each.story.id}"),)


def _about(hot: HotStory, language: str, zone: tzinfo) -> str:
    told = (defused(told_by(hot.story, language)), facts(hot.story, hot.heat, language, zone))
    return " · ".join(filter(None, told))


def _answer(value: Answer, zone: tzinfo) -> Iterator[Paragraph]:
    language = value.question.language
    links = {citation.n: citation.url for citation in value.citations}
    if first := ahead(value):
        yield (own(first, "i"),)
        yield _BLANK
    for said in value.sentences:
        yield _cited(said, links)
    yield _BLANK
    told = [say(language, "as_of", date=day(value.as_of, language, zone))] if value.as_of is not None else []
    for note in (*told, *notes(value)):
        yield (own(note, "i"),)
        yield _BLANK
    yield from _sources(value.citations, language, zone)


def _sources(citations: Sequence[Citation], language: str, zone: tzinfo) -> Iterator[Paragraph]:
    for numbers, citation in _by_article(citations):
        yield (
            own(f"{', '.join(map(str, numbers))}. "),
            Piece(text=titled(citation.title), link=citation.url),
            own(provenance(citation, language, zone)),
        )


def _listing(value: Answer, zone: tzinfo) -> Iterator[Paragraph]:
    """Each story by its title, with its sentence below."""
    language = value.question.language
    yield (own(over_listing(value, zone), "b"),)
    for said, citation, story, name in zip_longest(value.sentences, value.citations, value.stories, value.names):
        yield _BLANK
        yield (
            own(f"{citation.n}. "),
            Piece(text=titled(name or citation.title), link=citation.url),
            own(provenance(citation, language, zone)),
        )
        yield (Piece(text=said.text), *([] if story is None else [own(f" /brief_{story}")]))
    if value.as_of is not None:
        yield _BLANK
        yield (own(say(language, "as_of", date=day(value.as_of, language, zone)), "i"),)


def _by_article(citations: Sequence[Citation]) -> Iterator[tuple[list[int], Citation]]:
    """Each article once, in the order of its first citation, with the numbers of all its citations."""
    numbers: dict[ArticleId, list[int]] = {}
    for citation in citations:
        numbers.setdefault(citation.article_id, []).append(citation.n)
    first = {citation.n: citation for citation in citations}
    for cited in numbers.values():
        yield cited, first[cited[0]]


def _refusal(value: Answer, zone: tzinfo) -> Iterator[Paragraph]:
    language = value.question.language
    yield (own(say(language, "given_refused" if value.given else "refused")),)
    for note in notes(value):
        yield (own(note, "i"),)
    yield from _headlines(say(language, "nearest"), value.nearest, language, zone)


def _headlines(over: str, headlines: Sequence[Headline], language: str, zone: tzinfo) -> Iterator[Paragraph]:
    """Headlines under a line of their own; nothing where there are none."""
    if headlines:
        yield _BLANK
        yield (own(over),)
    for headline in headlines:
        title = Piece(text=titled(headline.title), link=headline.url)
        yield (own("• "), title, own(provenance(headline, language, zone)))


def _cited(said: Sentence, links: dict[int, str | None]) -> Paragraph:
    marks = (piece for n in said.citations for piece in (own(" "), Piece(text=f"[{n}]", link=links.get(n))))
    return (Piece(text=opened(said.text)), *marks)


def provenance(of: Citation | Headline, language: str, zone: tzinfo = UNTOLD) -> str:
    """Who tells it and on which day of `zone`, as it stands after a title; empty where neither is known."""
    known = [defused(of.source)] if of.source else []
    known += [day(of.published, language, zone)] if of.published else []
    return " — " + ", ".join(known) if known else ""


def _source(number: int, feed: Feed, language: str) -> Paragraph:
    title = Piece(text=titled(feed.title or feed.url), link=feed.url)
    if feed.status is FeedStatus.FAILING:
        status = say(language, "source_failing", reason=say(language, feed.last_why or Why.UNREADABLE))
    elif feed.status is FeedStatus.NEW:
        status = say(language, "source_new")
    else:
        status = say(language, "source_ok_one" if feed.articles == 1 else "source_ok", articles=f"{feed.articles:,}")
    return (own(f"{number}. "), title, own(f" — {status}"))


def titled(title: str) -> str:
    """A title that is not too long to be shown."""
    return title if len(title) <= MAX_TITLE else title[: MAX_TITLE - 1].rstrip() + "…"

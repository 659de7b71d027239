"""An answer as it appears: sentences as they come, then what they rest on."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from rich.cells import cell_len, set_cell_size
from rich.text import Text

from bot.excerpts import cut, opened
from bot.flows.evidence import MOST_ARTICLES
from bot.terminal.clean import harmless, link, visible
from bot.terminal.dates import day, minute
from bot.terminal.screen import DIM, MARK, STRONG, Screen
from bot.terminal.wrapping import GLUE, MEASURE, Flow
from bot.texts import ahead, notes, over_listing, say
from generation.reading.orders import without_orders
from storage.domain.dialogue import Answer, Citation, Reply, Sentence
from storage.domain.feedback import Thing
from storage.domain.news import Article, ArticleId, Headline
from storage.domain.stories import StoryId

CONTEXT_CHARACTERS = 300
"""How much of an article is shown on either side of a quote."""

READ_CHARACTERS = 10_000
"""How much of an article is shown that can be read nowhere else."""

_BREAK = re.compile(r"\s*\n\s*")
_BLANKS = re.compile(r"[^\S\n]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """Something that was shown under a number, to be opened, looked into, or told of.

    Args:
        article_id: What is opened.
        quote: `None` where nothing of it was quoted.
        story: The number of the story it is; `None` where it is an article, whichever story that is in.
        articles: What saying something of it is about; empty is the article alone.
        why: What is said to one who asks why it was shown; `None` where it is a source.
    """

    n: int
    article_id: ArticleId
    title: str
    url: str | None
    source: str | None
    published: datetime | None
    quote: str | None = None
    story: StoryId | None = None
    articles: tuple[ArticleId, ...] = ()
    why: str | None = None

    @property
    def thing(self) -> Thing:
        """What saying something of it is about."""
        return Thing(articles=self.articles or (self.article_id,), story=self.story)


def stories(answer: Answer) -> tuple[Story, ...]:
    """What `answer` names, by the numbers it is shown with: its citations, or the nearest stories of a refusal."""
    named = numbered(answer.citations, answer.nearest)
    if not answer.stories:
        return named
    return tuple(
        replace(each, story=StoryId(story), title=name)
        for each, story, name in zip(named, answer.stories, answer.names, strict=True)
    )


def whole(answer: Answer) -> Thing | None:
    """What saying something of an answer is about: what it rests on, first of all; nothing where it lists stories."""
    articles = tuple(dict.fromkeys(each.article_id for each in answer.citations))
    return Thing(articles=articles[:MOST_ARTICLES]) if articles and not answer.listing and not answer.given else None


def numbered(citations: Sequence[Citation], nearest: Sequence[Headline]) -> tuple[Story, ...]:
    """What is cited by its numbers; where nothing is, the nearest stories from 1."""
    cited = tuple(
        Story(
            n=each.n,
            article_id=each.article_id,
            title=each.title,
            url=each.url,
            source=each.source,
            published=each.published,
            quote=each.quote,
        )
        for each in citations
    )
    return cited or tuple(
        Story(
            n=n,
            article_id=each.id,
            title=each.title,
            url=each.url,
            source=each.source,
            published=each.published,
        )
        for n, each in enumerate(nearest, 1)
    )


class AnswerView:
    """Shows one answer on `screen`: `sentence` for each that comes, then `finish`, or `stop` where it ended early."""

    def __init__(self, screen: Screen) -> None:
        self._screen = screen
        self._flow = Flow(screen.console)
        self._glue = GLUE if screen.console.is_terminal else " "
        self._begun = False

    def sentence(self, sentence: Sentence) -> None:
        """Add a sentence to the paragraph, or begin a line with it."""
        if sentence.apart:
            self.stop()
            self._begun = False
        text = Text(" " if self._begun else "")
        text.append(opened(visible(sentence.text)))
        # Wide punctuation brings its own space.
        glue = "" if text.plain and cell_len(text.plain[-1]) > 1 else self._glue
        for n in sentence.citations:
            text.append(glue).append(f"[{n}]", style=MARK)
        self._flow.add(text)
        self._begun = True

    def stop(self) -> None:
        """End the paragraph where it stands."""
        self._flow.end()

    def finish(self, reply: Reply, *, nothing_in: bool = False) -> None:
        """What the answer rests on, how new that is, and how long it took.

        Args:
            reply: The whole answer, its sentences shown already; those of a listing are shown here, each by its story,
                and those that answer what was not put so, after that.
            nothing_in: Whether it refused because there is no news at all yet.
        """
        self.stop()
        answer = reply.answer
        framed = replace(self._screen, language=answer.question.language)
        if answer.remark is not None:
            framed.say(answer.remark)
            return
        if answer.refused:
            framed.say("no_news_yet" if nothing_in else "refused")
            if answer.nearest:
                framed.say("nearest")
        if told := ahead(answer):
            framed.paragraph(Text(told))
            for sentence in answer.sentences:
                self.sentence(sentence)
            self.stop()
        named = stories(answer)
        if answer.listing and named:
            framed.paragraph(Text(over_listing(answer, framed.zone), style=STRONG))
            for story, said in zip(named, answer.sentences, strict=True):
                framed.blank()
                list_stories(framed, (story,))
                framed.paragraph(Text(opened(visible(said.text))), indent=len(f"[{story.n}] "))
            framed.blank()
            framed.say("chat_list_hint", style=DIM, number=named[0].n)
        elif named:
            framed.blank()
            list_stories(framed, named)
        for each in (*notes(answer), _closing(framed, reply)):
            framed.paragraph(Text(each, style=DIM))


def list_stories(screen: Screen, named: Sequence[Story]) -> None:
    """Each story once, under all its numbers: title, source, date, address."""
    numbers: dict[ArticleId, list[int]] = {}
    for each in named:
        numbers.setdefault(each.article_id, []).append(each.n)
    marks = {article_id: "".join(f"[{n}]" for n in given) for article_id, given in numbers.items()}
    indent = max(len(mark) for mark in marks.values()) + 1
    first = {each.article_id: each for each in reversed(named)}
    for article_id, mark in marks.items():
        story = first[article_id]
        text = screen.link(story.title, story.url)
        if about := _about(screen, story):
            text.append(" — ").append(about, style=DIM)
        screen.paragraph(text, lead=Text(mark, style=MARK), indent=indent)
        show_link(screen, story.url, indent)


def show_link(screen: Screen, url: str | None, indent: int) -> None:
    """The address of a story: in full off a terminal; on one what of it fits on a line, which leads to all of it."""
    target = link(url)
    if target is None:
        return
    room = min(screen.console.width, MEASURE) - indent
    short = target.partition("://")[2].removeprefix("www.")
    if not screen.console.is_terminal:
        screen.paragraph(Text(target), indent=indent)
    elif room > 0:
        fitting = short if cell_len(short) <= room else f"{set_cell_size(short, room - 1).rstrip()}…"
        screen.paragraph(screen.link(fitting, target, DIM), indent=indent)


def show_quote(screen: Screen, story: Story, article: Article | None) -> None:
    """The quote a story was cited with, among the words around it where the article still holds it."""
    _show_head(screen, story if article is None else _itself(story, article))
    quote = story.quote or ""
    before, after = _around(without_orders(article.text) if article else "", quote)
    _show_paragraphs(screen, Text.assemble((before, DIM), "“", (_lines(quote).strip(), STRONG), "”", (after, DIM)))


def _itself(story: Story, article: Article) -> Story:
    """Under the headline that its outlet gave it: a list names an event by that of another."""
    return replace(story, title=article.headline.title or story.title)


def show_article(screen: Screen, story: Story, article: Article) -> None:
    """An article as it is stored, a long one to `READ_CHARACTERS`."""
    _show_head(screen, _itself(story, article))
    text = _lines(without_orders(article.text)).strip()
    shown = cut(text, READ_CHARACTERS)
    _show_paragraphs(screen, Text(shown))
    if shown != text:
        screen.say("chat_rest", style=DIM, count=f"{len(text) - len(shown):,}")


def _show_head(screen: Screen, story: Story) -> None:
    screen.paragraph(screen.link(story.title, story.url, STRONG))
    if about := _about(screen, story):
        screen.paragraph(Text(about, style=DIM))


def _show_paragraphs(screen: Screen, text: Text) -> None:
    """Each line of `text` as a paragraph, an empty line before it."""
    for line in text.split("\n"):
        screen.blank()
        screen.paragraph(line)


def _lines(text: str) -> str:
    """`text` fit for a terminal, one line a paragraph."""
    return _BREAK.sub("\n", _BLANKS.sub(" ", harmless(text)))


def _about(screen: Screen, story: Story) -> str:
    when = day(story.published, screen.language, zone=screen.zone) if story.published else None
    own = None if story.story is None else f"#{story.story}"
    return ", ".join(visible(part) for part in (story.source, when, own) if part)


def _closing(screen: Screen, reply: Reply) -> str:
    took = say(
        screen.language,
        "chat_took",
        total=_duration(reply.timings.total),
        search=_duration(reply.timings.retrieve),
    )
    newest = reply.answer.as_of
    if newest is None:
        return took
    return f"{say(screen.language, 'as_of', date=minute(newest, screen.language, zone=screen.zone))} · {took}"


def _duration(duration: timedelta) -> str:
    seconds = duration.total_seconds()
    return f"{seconds:.1f} s" if seconds >= 1 else f"{seconds * 1000:.0f} ms"


def _around(text: str, quote: str) -> tuple[str, str]:
    """What stands before and after `quote` in `text`, each cut to a few lines between words."""
    at = text.find(quote) if quote else -1
    if at < 0:
        return "", ""
    end = at + len(quote)
    before, after = text[max(0, at - CONTEXT_CHARACTERS) : at], text[end : end + CONTEXT_CHARACTERS]
    if at > CONTEXT_CHARACTERS:
        begin = _first_blank(before)
        before = ("… " if begin else "…") + before[begin:]
    if end + CONTEXT_CHARACTERS < len(text):
        end = _first_blank(after[::-1])
        after = after[: len(after) - end] + (" …" if end else "…")
    return _lines(before).lstrip(), _lines(after).rstrip()


def _first_blank(text: str) -> int:
    """Just behind the first blank of `text`, 0 where none is near, as in scripts without."""
    blank = re.search(r"\s", text[:40])
    return blank.end() if blank else 0

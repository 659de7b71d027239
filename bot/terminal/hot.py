"""What is hot as the chat lists it, and a story's page."""

from __future__ import annotations

from rich.text import Text

from bot.flows.evidence import MOST_ARTICLES
from bot.terminal.answers import Story as Shown
from bot.terminal.answers import list_stories, numbered
from bot.terminal.clean import visible
from bot.terminal.screen import DIM, MARK, STRONG, Screen
from bot.texts import failed
from bot.texts.stories import facts, hot_title, news_heading, sections, told_by
from storage.domain.stories import HotStories, HotStory, Page
from storage.domain.summaries import Gist

_INDENT = 2


def list_hot(screen: Screen, found: HotStories) -> tuple[Shown, ...]:
    """Each story by its place and name, with what it comes to, and who tells of it; of which time, over them.

    Returns:
        The stories by their numbers.
    """
    title = visible(hot_title(found, screen.language, screen.zone))
    if not found.stories:
        screen.paragraph(Text(title))
        return ()
    screen.paragraph(Text(title, style=STRONG))
    widest = len(str(len(found.stories))) + 2
    for number, each in enumerate(found.stories, start=1):
        screen.paragraph(Text(visible(each.title), style=STRONG), lead=Text(f"{number}.", style=MARK), indent=widest)
        for line in each.gist.lines:
            screen.paragraph(Text(visible(line.text)), indent=widest)
        screen.paragraph(_about(screen, each).append(f" · #{each.story.id}"), indent=widest)
        screen.blank()
    screen.say("chat_list_hint", style=DIM, number=1)
    return tuple(_shown(screen, number, each) for number, each in enumerate(found.stories, start=1))


def show_page(screen: Screen, page: Page) -> tuple[Shown, ...]:
    """What a story is called and comes to, who tells of it, and its brief; returns its sources by their numbers."""
    brief = page.brief
    named = numbered(page.citations, brief.nearest)
    if page.refused:
        screen.say("refused")
        _say_what_failed(screen, page)
        if named:
            screen.say("nearest")
            list_stories(screen, named)
        return named
    screen.paragraph(Text(visible(brief.title), style=STRONG))
    _show_opened(screen, page)
    for heading, said in sections(brief, screen.language, screen.zone):
        screen.blank()
        screen.paragraph(Text(heading, style=STRONG))
        for before, sentence in said:
            text = Text(visible(before + sentence.text))
            for n in sentence.citations:
                text.append(" ").append(f"[{n}]", style=MARK)
            screen.paragraph(text, indent=_INDENT)
    screen.blank()
    list_stories(screen, named)
    if page.opened is not None:
        screen.say("chat_page_hint", style=DIM, number=page.opened.story.id)
    if brief.others:
        screen.blank()
        screen.say("brief_others")
    for each in brief.others:
        screen.paragraph(screen.link(f"· {each.title}", each.url), indent=_INDENT)
    _say_what_failed(screen, page)
    return named


def _say_what_failed(screen: Screen, page: Page) -> None:
    for note in failed(page.without, screen.language):
        screen.note(note)


def _shown(screen: Screen, number: int, hot: HotStory) -> Shown:
    newest = [report.headline for report in reversed(hot.story.reports)]
    # What is quoted of it is what opens; what nothing is quoted of opens with the newest that can be.
    lead = hot.gist.citations[0].article_id if hot.gist.citations else None
    opens = next((each for each in newest if each.id == lead), None) or next((e for e in newest if e.url), newest[0])
    return Shown(
        n=number,
        article_id=opens.id,
        title=hot.title,
        url=opens.url,
        source=opens.source,
        published=opens.published,
        quote=hot.gist.citations[0].quote if hot.gist.citations else None,
        story=hot.story.id,
        articles=tuple(each.id for each in newest[:MOST_ARTICLES]),
        why=screen.sentence("chat_why_hot", facts=facts(hot.story, hot.heat, screen.language, screen.zone)),
    )


def _show_opened(screen: Screen, page: Page) -> None:
    """What is new of a story to who looked at it before, what it comes to, and who tells of it."""
    if page.news is not None:
        screen.paragraph(Text(news_heading(page.news, screen.language, screen.zone), style=STRONG))
        show_lines(screen, page.news.gist)
        screen.blank()
    if page.opened is not None:
        for line in page.opened.gist.lines:
            screen.paragraph(Text(visible(line.text)))
        screen.paragraph(_about(screen, page.opened))


def show_lines(screen: Screen, gist: Gist, indent: int = _INDENT) -> None:
    """Each line with the names of its sources, which lead there."""
    cited = {citation.n: citation for citation in gist.citations}
    for line in gist.lines:
        text = Text(visible(line.text))
        for each in (cited[n] for n in line.citations):
            text.append(" ").append_text(screen.link(f"[{each.source or each.title}]", each.url, style=MARK))
        screen.paragraph(text, indent=indent)


def _about(screen: Screen, hot: HotStory) -> Text:
    told = (told_by(hot.story, screen.language), facts(hot.story, hot.heat, screen.language, screen.zone))
    return Text(" · ".join(visible(part) for part in told if part), style=DIM)

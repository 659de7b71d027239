"""`tidings brief`: a topic at a glance."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.commands.citing import print_citations, print_headlines
from bot.commands.lacking import no_news
from bot.commands.running import json_option, run
from bot.commands.stories import level_stories
from bot.console import print_json, print_line, warn
from bot.contract import brief_json
from bot.outputs import require_writable
from bot.texts import failed, say
from bot.texts.stories import facts, news_heading, sections, told_by
from storage.domain.dialogue import marked
from storage.domain.people import ReaderId
from storage.domain.stories import Page

if TYPE_CHECKING:
    from bot.app import App


@click.command()
@click.argument("topic", nargs=-1, required=True)
@click.option(
    "--picture",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Draw when which outlet told of it into this file.",
)
@click.option("--reader", metavar="NAME", help="From this reader's sources, with what is new since they last looked.")
@json_option
def brief(topic: tuple[str, ...], picture: Path | None, reader: str | None, as_json: bool) -> int:
    """Show what the sources tell of TOPIC, at a glance.

    What went before, what became known when, what outlets agree on and where their figures differ; every line is
    quoted from a source. Of several stories on a topic, the one that fits best is told and the others are named.
    TOPIC may be the number of a story, as `tidings hot` lists it.
    """
    wanted = " ".join(topic)
    if picture is not None:
        require_writable(picture)

    async def work(app: App) -> int:
        await level_stories(app)
        language = app.converse.detect(wanted)
        looker = ReaderId(f"terminal:{reader}") if reader else None
        page = await app.pages.about(wanted, reader=looker, language=language)
        # A number is of no language: the page is in that of its story.
        language = language or (page.opened.story.language if page.opened else None)
        if picture is not None:
            _draw(page, wanted, picture, language)
        if as_json:
            print_json(brief_json(page))
        elif nothing := await no_news(app, language) if page.refused else None:
            print_line(nothing)
        else:
            _print(page, language)
        if looker is not None:
            await app.pages.look(looker, page)
        if "://" in wanted:
            warn(f"{wanted}: is an address, not a topic; `tidings summarize` sums a page up")
        return 0

    return run(work)


def _draw(page: Page, wanted: str, picture: Path, language: str | None) -> None:
    from bot.drawing.trend import draw_trend

    if page.opened is None:
        warn(f"{wanted}: no story is about it, so there is nothing to draw")
        return
    if not page.opened.story.timed:
        warn(f"{wanted}: no article of the story is dated, so there is nothing to draw")
        return
    here = datetime.now().astimezone().tzinfo or UTC
    draw_trend(page.opened.title, page.opened.story.reports, picture, language=language, zone=here)
    warn(say(None, "chat_exported", file=str(picture)))


def _print(page: Page, language: str | None) -> None:
    brief = page.brief
    if page.refused:
        print_line(say(language, "refused"))
        _print_what_failed(page, language)
        print_headlines(say(language, "nearest"), brief.nearest)
        return
    _print_story(page, language)
    if brief.others:
        print_line()
    print_headlines(say(language, "brief_others"), brief.others)
    _print_what_failed(page, language)


def _print_what_failed(page: Page, language: str | None) -> None:
    for note in failed(page.without, language):
        print_line(note)


def _print_story(page: Page, language: str | None) -> None:
    made = page.brief
    print_line(made.title)
    if page.news is not None:
        print_line(news_heading(page.news, language))
        sources = {citation.n: citation.source or citation.title for citation in page.news.gist.citations}
        for line in page.news.gist.lines:
            print_line(f"  · {line.text} [{', '.join(sources[n] for n in line.citations)}]")
    if page.opened is not None:
        for line in page.opened.gist.lines:
            print_line(f"  {line.text}")
        told = (told_by(page.opened.story, language), facts(page.opened.story, page.opened.heat, language))
        print_line(f"  {' · '.join(filter(None, told))}")
    for heading, said in sections(made, language):
        print_line()
        print_line(heading)
        for before, sentence in said:
            print_line(f"  {before}{marked(sentence)}")
    print_line()
    print_citations(page.citations)

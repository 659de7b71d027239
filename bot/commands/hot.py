"""`tidings hot`: the events that most outlets tell of now."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from bot.commands.bounds import code, named_subject
from bot.commands.lacking import no_news
from bot.commands.running import json_option, run
from bot.commands.stories import level_stories
from bot.console import print_json, print_line, warn
from bot.contract import hot_json
from bot.moments import moment
from bot.texts.stories import facts, hot_title, told_by
from storage.domain.news import Filters
from storage.domain.people import ReaderId
from storage.domain.stories import HotStories

if TYPE_CHECKING:
    from bot.app import App

MOST_STORIES = 100
_FIRST_YEAR = 1900


@click.command()
@click.option("--since", metavar="TIME", help="Told of since: 24h, 7d, 2026-11-20. Otherwise lately.")
@click.option("--until", metavar="TIME", help="As of then, rather than now; a bare date takes its whole day in.")
@click.option("--language", metavar="CODE", help="Told of in this language, such as en or zh.")
@click.option("--subject", "--category", metavar="NAME", help="Of this subject, such as sport, science or 体育.")
@click.option("--reader", metavar="NAME", help="From this reader's sources.")
@click.option("--k", default=10, show_default=True, type=click.IntRange(1, MOST_STORIES), help="How many at most.")
@json_option
def hot(  # the options are the contract's
    since: str | None,
    until: str | None,
    language: str | None,
    subject: str | None,
    reader: str | None,
    k: int,
    as_json: bool,
) -> int:
    """List the events that most outlets tell of now.

    With how many tell of each, and where it goes. `tidings brief NUMBER` tells one of them at a glance.
    """
    now = moment(until, now=datetime.now(UTC), end_of_day=True) if until else datetime.now(UTC)
    if now.year < _FIRST_YEAR:
        raise click.UsageError(f"--until lies before {_FIRST_YEAR}")
    lately = now - moment(since, now=now) if since else None
    if lately is not None and lately.total_seconds() <= 0:
        raise click.UsageError("--since must lie before now, or before --until")
    spoken = code(language) if language else None
    category = named_subject("--subject", subject) if subject is not None else None

    async def work(app: App) -> int:
        await level_stories(app)
        found = await app.hot.list(
            lately=lately,
            until=now if until else None,
            filters=Filters(language=spoken),
            reader=ReaderId(f"terminal:{reader}") if reader else None,
            category=category,
            k=k,
        )
        if spoken and not found.stories:
            await _say_what_there_is(app, spoken)
        if as_json:
            print_json(hot_json(found))
        elif nothing := None if found.stories else await no_news(app, spoken):
            print_line(nothing)
        else:
            _print(found, spoken)
        return 0

    return run(work)


async def _say_what_there_is(app: App, language: str) -> None:
    known = await app.articles.languages()
    if language not in known:
        warn(f"--language {language}: no article is in it; there are articles in {', '.join(known) or 'none yet'}")


def _print(found: HotStories, language: str | None) -> None:
    print_line(hot_title(found, language))
    for each in found.stories:
        print_line(f"{each.story.id}. {each.title}")
        for line in each.gist.lines:
            print_line(f"   {line.text}")
        print_line(f"   {facts(each.story, each.heat, language)}")
        print_line(f"   {told_by(each.story, language)}")
        print_line()

"""`tidings digest`: what a reader should read now, and when to send it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from bot.commands.bounds import spoken
from bot.commands.lacking import no_news
from bot.commands.running import json_option, run
from bot.commands.stories import level_stories
from bot.console import print_json, print_line
from bot.contract import digest_json
from bot.moments import here
from bot.texts import DEFAULT_LANGUAGE, say
from bot.texts.digests import wished
from bot.texts.reasons import provenance
from storage.domain.digests import LONGEST, SHORTEST, Digest, DigestItem
from storage.domain.people import ReaderId

if TYPE_CHECKING:
    from bot.app import App


@click.command()
@click.argument("reader")
@click.argument("wishes", nargs=-1)
@click.option("--preview", is_flag=True, help="Only look: what is shown does not count as seen.")
@click.option("--k", type=click.IntRange(SHORTEST, LONGEST), help="How many items at most.")
@click.option(
    "--language",
    metavar="CODE",
    callback=spoken,
    help="Told in where an article is in it: en, zh; as the reader wished where not given.",
)
@json_option
def digest(
    reader: str, wishes: tuple[str, ...], preview: bool, k: int | None, language: str | None, as_json: bool
) -> int:
    """Show what a reader should read now, or set their digests.

    READER is a name as in `tidings chat`. What is shown is not shown again, unless something new comes of it.

    WISHES are words: `7:30 weekdays Europe/Berlin`, `18:00 10 items headlines`, `quiet 22-7`, `only papers`, `off`.
    """
    wanted = " ".join(wishes)
    if wanted and (preview or k):
        raise click.UsageError("wishes are set without --preview and --k: write `tidings digest READER 10 items`")

    async def work(app: App) -> int:
        who = ReaderId(f"terminal:{reader}")
        told_in = language or (await app.digests.settings(who, DEFAULT_LANGUAGE)).language
        if wanted:
            told = wished(await app.digests.wish(who, wanted, told_in), None)
            if as_json:
                print_json({"reader": reader, "settings": list(told)})
            else:
                print_line("\n".join(told))
            return 0
        await level_stories(app)
        made = await app.digests.now(who, told_in, length=k)
        if not preview:
            await app.digests.show(made)
        if as_json:
            print_json(digest_json(made))
        elif nothing := None if made.items else await no_news(app, told_in):
            print_line(nothing)
        else:
            _print(made)
        return 0

    return run(work)


def _print(made: Digest) -> None:
    if not made.items:
        print_line(say(None, "digest_empty"))
    for number, item in enumerate(made.items, start=1):
        _print_item(item, number)


def _print_item(item: DigestItem, number: int) -> None:
    print_line(f"{number:>2}  {item.title}")
    if item.new_since is not None:
        print_line(f"    {say(None, 'digest_new_since', time=f'{here(item.new_since):%Y-%m-%d %H:%M}')}")
    cited = {citation.n: citation for citation in item.gist.citations}
    for line in item.gist.lines:
        sources = ", ".join(dict.fromkeys(source for n in line.citations if (source := cited[n].source)))
        print_line(f"    {line.text} [{sources}]" if sources else f"    {line.text}")
    print_line(f"    {' · '.join((*provenance(item, None), f'tidings brief {item.story}'))}")

"""`tidings follows …`: the stories and topics that a reader follows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from bot.commands.running import json_option, run
from bot.commands.stories import level_stories
from bot.console import print_json, print_line
from bot.contract import follows_json
from bot.texts import DEFAULT_LANGUAGE, say
from bot.texts.follows import called
from storage.domain.follows import Follow
from storage.domain.people import ReaderId

if TYPE_CHECKING:
    from bot.app import App

reader_option = click.option("--reader", metavar="NAME", required=True, help="Who follows, as in `tidings chat`.")


@click.group()
def follows() -> None:
    """List, add and remove what a reader follows.

    What is really new of it is told in their chat, and a story's follow ends by itself when the story does.
    """


@follows.command("list")
@reader_option
@json_option
def list_follows(reader: str, as_json: bool) -> int:
    """Show what a reader follows."""

    async def work(app: App) -> int:
        return _show(await app.following.list(_id(reader)), reader, as_json)

    return run(work)


@follows.command()
@click.argument("topic", nargs=-1, required=True)
@reader_option
@json_option
def add(topic: tuple[str, ...], reader: str, as_json: bool) -> int:
    """Follow TOPIC, in any words.

    Or a story, by its number as `tidings hot` lists it.
    """
    wanted = " ".join(topic)

    async def work(app: App) -> int:
        await level_stories(app)
        language = app.converse.detect(wanted) or DEFAULT_LANGUAGE
        followed = await app.following.follow(_id(reader), wanted, language)
        return await _changed(app, reader, say(None, "followed", what=followed.words), as_json)

    return run(work)


@follows.command()
@click.argument("wanted", nargs=-1, required=True)
@reader_option
@json_option
def remove(wanted: tuple[str, ...], reader: str, as_json: bool) -> int:
    """Follow something no longer.

    WANTED is its number in the list, that of its story, or its words.
    """

    async def work(app: App) -> int:
        unfollowed = await app.following.unfollow(_id(reader), " ".join(wanted))
        return await _changed(app, reader, say(None, "unfollowed", what=called(unfollowed, None)), as_json)

    return run(work)


async def _changed(app: App, reader: str, told: str, as_json: bool) -> int:
    if as_json:
        return _show(await app.following.list(_id(reader)), reader, as_json)
    print_line(told)
    return 0


def _show(held: Sequence[Follow], reader: str, as_json: bool) -> int:
    if as_json:
        print_json(follows_json(held))
        return 0
    if not held:
        print_line(say(None, "cli_follows_none", reader=reader))
    for each in held:
        story = "" if each.story is None else f"  story {each.story}"
        print_line(f"{each.number:>3}  {each.words}{story}  since {each.since:%Y-%m-%d %H:%M} UTC")
    return 0


def _id(reader: str) -> ReaderId:
    return ReaderId(f"terminal:{reader}")

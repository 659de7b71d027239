"""`tidings profile`: what is known of a reader's interests, to be seen and steered."""

from __future__ import annotations

import shlex
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.commands.running import json_option, run
from bot.console import print_json, print_line, warn
from bot.contract import profile_json
from bot.outputs import require_writable
from bot.texts import DEFAULT_LANGUAGE, say
from bot.texts.interests import SHOWN_LINES, because, heading, label, named, noted, told_of
from storage.domain.interests import Interests
from storage.domain.people import ReaderId

if TYPE_CHECKING:
    from bot.app import App

_ROOM = "terminal:"
_NAMING = ("tell", "boost", "mute", "forget")
_ACTIONS = ("show", *_NAMING, "reset")


@click.command()
@click.argument("reader")
@click.argument("action", type=click.Choice(_ACTIONS), default="show")
@click.argument("words", nargs=-1)
@click.option(
    "--picture", type=click.Path(dir_okay=False, path_type=Path), help="Draw the interests as bars into this file."
)
@json_option
def profile(reader: str, action: str, words: tuple[str, ...], picture: Path | None, as_json: bool) -> int:
    """Show and steer what a reader seems to care about.

    READER is a name as in `tidings chat`. `tell TEXT` adds what they write of themselves. `boost`, `mute` and `forget`
    change an interest, named by its number in the list or by its words; `forget 2.1` takes back one line of its
    evidence. `boost` of what is muted ends that. `reset` forgets everything.
    """
    wanted = " ".join(words)
    if bool(wanted) != (action in _NAMING):
        raise click.UsageError(f"{action}: {'say what, after it' if action in _NAMING else 'nothing follows it'}")
    if picture is not None:
        require_writable(picture)

    async def work(app: App) -> int:
        who = ReaderId(f"{_ROOM}{reader}")
        said = await _do(app, who, action, wanted)
        known = await app.learn.show(who)
        if picture is not None:
            _draw(known, picture, app.converse.detect)
        if as_json or said is None:
            await app.learn.make(app.learn.shown(who, known))
        if as_json:
            print_json(profile_json(known))
        elif said is not None:
            print_line(said)
        else:
            told = await app.learn.portray(noted(known, None), DEFAULT_LANGUAGE)
            _print(known, told.text, reader)
        return 0

    return run(work)


async def _do(app: App, who: ReaderId, action: str, wanted: str) -> str | None:
    """Do it, and say what was done; `None` where all there is to do is to show."""
    learn = app.learn
    if action == "show":
        return None
    if action == "tell":
        told = learn.to_tell(who, wanted)
        what = told_of(told, await learn.unmuted_by(who, told), None)
        await learn.make(told)
        return say(None, "cli_interests_told", what=what, command=_command(who.removeprefix(_ROOM)))
    if action == "reset":
        await learn.make(learn.to_reset(who))
        return say(None, "interests_reset")
    wish = {"boost": learn.to_boost, "mute": learn.to_mute, "forget": learn.to_forget}[action]
    steered = await wish(who, wanted)
    await learn.make(steered.change)
    return say(None, steered.said, what=named(steered.what, None))


def _command(reader: str) -> str:
    """What shows this reader's profile, as it is typed."""
    return f"tidings profile {shlex.quote(reader)}"


def _draw(known: Interests, target: Path, detect: Callable[[str], str | None]) -> None:
    if not known.liked:
        warn("there is nothing to draw: no interests are known")
        return
    from bot.drawing.profile import draw_profile

    # No language is asked for here: it is that of most of what stands in it.
    spoken = [detect(" ".join(each.words)) for each in known.liked]
    draw_profile(known.liked, target, language=max(spoken, key=spoken.count))


def _print(known: Interests, portrait: str, reader: str) -> None:
    if not known.listed:
        print_line(say(None, "cli_profile_none", command=_command(reader)))
        return
    print_line(portrait)
    for number, each in enumerate(known.liked, start=1):
        print_line(f"{number:>3}  {label(each, None)}")
        for at, line in enumerate(each.lines[:SHOWN_LINES], start=1):
            print_line(f"     {number}.{at}  {because(line, None)}")
    for number, each in enumerate(known.listed[len(known.liked) :], start=len(known.liked) + 1):
        if above := heading(known, each, None):
            print_line(above)
        print_line(f"{number:>3}  {label(each, None)}")

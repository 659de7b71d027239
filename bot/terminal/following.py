"""What a reader follows as the chat lists it, and what is new of it."""

from __future__ import annotations

from collections.abc import Sequence

from rich.text import Text

from bot.terminal.clean import visible
from bot.terminal.dates import minute
from bot.terminal.hot import show_lines
from bot.terminal.screen import DIM, MARK, STRONG, Screen
from storage.domain.follows import Follow, Update


def list_follows(screen: Screen, held: Sequence[Follow]) -> None:
    """Each by its number, with the story it is of and since when."""
    if not held:
        screen.say("follows_none")
        return
    widest = max(len(str(each.number)) for each in held) + 2
    for each in held:
        lead = Text(f"{each.number}.", style=MARK)
        screen.paragraph(Text(visible(each.words), style=STRONG), lead=lead, indent=widest)
        since = screen.sentence("follow_since", date=minute(each.since, screen.language, zone=screen.zone))
        brief = "" if each.story is None else f" · /brief #{each.story}"
        screen.paragraph(Text(since + brief, style=DIM), indent=widest)
    screen.say("chat_follows_hint", style=DIM, number=held[0].number)


def show_updates(screen: Screen, told: Sequence[Update]) -> None:
    """What is new of each, by the names of the stories; or that it ends."""
    for each in told:
        if each.ends:
            screen.say("follow_ended", what=each.follow.words)
        else:
            _show(screen, each)
        screen.blank()


def _show(screen: Screen, told: Update) -> None:
    screen.say("follow_news", what=told.follow.words)
    for news in told.news:
        screen.paragraph(Text(visible(news.title), style=STRONG))
        show_lines(screen, news.gist)
        outlets = screen.sentence("follow_outlets_one" if news.outlets == 1 else "follow_outlets", outlets=news.outlets)
        screen.note(f"{outlets} · /brief #{news.story} · /unfollow {told.follow.number}")

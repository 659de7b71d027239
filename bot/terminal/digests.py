"""What a reader should read, as the chat shows it."""

from __future__ import annotations

from datetime import datetime

from rich.text import Text

from bot.terminal.answers import Story as Shown
from bot.terminal.clean import visible
from bot.terminal.dates import day, minute
from bot.terminal.hot import show_lines
from bot.terminal.screen import DIM, MARK, STRONG, Screen
from bot.texts import say
from bot.texts.digests import told_pauses
from bot.texts.reasons import provenance, reasons
from storage.domain.digests import Digest, DigestItem, Slot

_INDENT = 4


def show_digest(screen: Screen, digest: Digest) -> tuple[Shown, ...]:
    """Each item by its number and name, with what it comes to and why it is there; returns what they lead to."""
    if not digest.items:
        screen.say("digest_empty" if digest.slot is None else "digest_nothing")
        return ()
    if digest.slot is None:
        screen.say("digest_title", style=STRONG)
    else:
        screen.say("digest_slot_title", style=STRONG, date=_hour(digest.slot, screen.language))
    for number, item in enumerate(digest.items, start=1):
        screen.blank()
        _show(screen, item, number)
    screen.blank()
    screen.say("chat_list_hint", style=DIM, number=1)
    screen.say("digest_settings_hint" if digest.subscribed else "digest_hint", style=DIM)
    for line in () if digest.regular is None else told_pauses(digest.regular, screen.language, digest.at):
        screen.note(line)
    return tuple(_shown(screen, number, item) for number, item in enumerate(digest.items, start=1))


def _hour(slot: Slot, language: str) -> str:
    """The hour that it was set for, by the clock that it was set by."""
    wall = datetime.fromisoformat(slot.name)
    return say(language, "chat_date_time", date=day(wall, language), time=f"{wall:%H:%M}")


def show_breaking(screen: Screen, digest: Digest) -> None:
    """What breaks, by the numbers of its stories: what was listed before keeps the others."""
    for item in digest.items:
        screen.say("chat_breaking", style=STRONG, title=item.title)
        show_lines(screen, item.gist)
        screen.note(f"{' · '.join(provenance(item, screen.language))} · /brief #{item.story} · /follow #{item.story}")
        screen.blank()


def _show(screen: Screen, item: DigestItem, number: int) -> None:
    screen.paragraph(Text(visible(item.title), style=STRONG), lead=Text(f"{number}.", style=MARK), indent=_INDENT)
    if item.new_since is not None:
        since = minute(item.new_since, screen.language, zone=screen.zone)
        screen.paragraph(Text(screen.sentence("digest_new_since", time=since), style=DIM), indent=_INDENT)
    show_lines(screen, item.gist, _INDENT)
    told = " · ".join(map(visible, provenance(item, screen.language)))
    screen.paragraph(Text(told, style=DIM), indent=_INDENT)


def _shown(screen: Screen, number: int, item: DigestItem) -> Shown:
    quotes = (each.quote for each in item.gist.citations if each.article_id == item.lead.id)
    return Shown(
        n=number,
        article_id=item.lead.id,
        title=item.title,
        url=item.lead.url,
        source=item.lead.source,
        published=item.lead.published,
        quote=next(quotes, None),
        story=item.story,
        articles=item.articles,
        why=screen.sentence("chat_why", reasons=reasons(item, screen.language)),
    )

"""What readers say of what operators tell everybody."""

from __future__ import annotations

from dataclasses import replace

from bot.messenger.answers.decisions import Decision, words
from bot.messenger.incoming.events import Commanded
from storage.domain.broadcasts import Declined


async def declined(event: Commanded) -> Decision:
    """A reader wants none of it any more, or wants it again."""
    change = Declined(reader=event.origin.reader, declined=event.command == "announcements_off")
    if not event.origin.private:
        return Decision()
    return replace(words(event.origin.language, event.command), changes=(change,))

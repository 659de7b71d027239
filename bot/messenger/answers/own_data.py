"""The commands about all that is kept of a reader: given as files, or forgotten."""

from __future__ import annotations

from dataclasses import dataclass

from bot.messenger.answers.decisions import Decision, Writing, words
from bot.messenger.incoming.events import Commanded
from bot.messenger.paragraphs import render
from bot.ports import OwnData
from bot.texts import say
from bot.texts.own_data import confirms


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnDataCommands:
    """Answers them."""

    own_data: OwnData
    writing: Writing

    def privacy(self, language: str) -> Decision:
        """What is kept of readers, and for how long where that has an end."""
        days = self.own_data.talk_days
        until = ("", say(language, "privacy_talk", days=days)) if days else ()
        return Decision(parts=render.lines([*say(language, "privacy").splitlines(), *until]))

    async def export(self, event: Commanded) -> Decision:
        """All that is kept of them."""
        origin = event.origin
        async with self.writing(origin):
            documents = await self.own_data.documents(origin.reader, origin.language)
        return Decision(parts=render.sentence(origin.language, "exported"), documents=documents)

    async def forget(self, event: Commanded) -> Decision:
        """That they are forgotten, once they say so in full; until then nothing is changed."""
        origin = event.origin
        if not event.argument:
            return words(origin.language, "forget_confirm" if origin.private else "forget_confirm_group")
        if not confirms(event.argument):
            return words(origin.language, "forget_unconfirmed")
        said = render.sentence(origin.language, "forgotten" if origin.private else "forgotten_group")
        return Decision(parts=said, changes=(self.own_data.to_forget(origin.reader),))

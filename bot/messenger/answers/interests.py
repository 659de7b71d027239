"""The commands about what a reader cares about: shown, told and steered."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from bot.messenger.answers.decisions import Decision, Writing, words
from bot.messenger.answers.flows import Draws
from bot.messenger.incoming.events import Commanded, Origin
from bot.messenger.paragraphs import render
from bot.messenger.paragraphs.markup import defused
from bot.ports import Steers
from bot.texts import say
from bot.texts.interests import EVERYTHING, named, noted, told_of
from storage.domain.changes import Learned, Unlearned
from storage.domain.interests import Steered
from storage.domain.people import ReaderId


@dataclass(frozen=True, slots=True, kw_only=True)
class InterestCommands:
    """Answers them."""

    learn: Steers
    draw: Draws
    writing: Writing

    async def profile(self, event: Commanded) -> Decision:
        """What is known of a reader."""
        origin = event.origin
        async with self.writing(origin):
            known = await self.learn.show(origin.reader)
            told = await self.learn.portray(noted(known, origin.language), origin.language)
            pictures = await self.draw.of_interests(known, origin.language)
        said = render.profile(known, told.text, origin.language)
        return Decision(parts=said, pictures=pictures, changes=(self.learn.shown(origin.reader, known),))

    async def tell(self, event: Commanded) -> Decision:
        """That they write what they care about."""
        origin = event.origin
        if not event.argument:
            return words(origin.language, "interests_usage")
        told = self.learn.to_tell(origin.reader, event.argument)
        async with self.writing(origin):
            unmuted = await self.learn.unmuted_by(origin.reader, told)
        what = told_of(told, unmuted, origin.language)
        return Decision(parts=_said(origin, "interests_told", what, told), changes=(told,))

    async def boost(self, event: Commanded) -> Decision:
        """More of an interest."""
        return await self._steer(event, self.learn.to_boost)

    async def mute(self, event: Commanded) -> Decision:
        """No more of it."""
        return await self._steer(event, self.learn.to_mute)

    async def drop(self, event: Commanded) -> Decision:
        """One is forgotten, or a line of it, or all."""
        origin = event.origin
        if event.argument.lower() in EVERYTHING:
            return Decision(
                parts=render.sentence(origin.language, "interests_reset"),
                changes=(self.learn.to_reset(origin.reader),),
            )
        return await self._steer(event, self.learn.to_forget)

    async def _steer(self, event: Commanded, wish: Callable[[ReaderId, str], Awaitable[Steered]]) -> Decision:
        origin = event.origin
        if not event.argument:
            return words(origin.language, "interest_usage", command=event.command)
        async with self.writing(origin):
            steered = await wish(origin.reader, event.argument)
        said = _said(origin, steered.said, named(steered.what, origin.language), steered.change)
        return Decision(parts=said, changes=(steered.change,))


def _said(origin: Origin, key: str, what: str, change: Learned | Unlearned) -> tuple[str, ...]:
    """What is said, and that it can be taken back, where it can: where others listen, that is no word for the bot."""
    said = say(origin.language, key, what=defused(what))
    back = isinstance(change, Learned) and origin.private
    return render.lines([said, say(origin.language, "feedback_undo")] if back else [said])

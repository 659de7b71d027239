"""What a reader should read, whenever they ask, and how they want it sent."""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.flows.wording.beyond import beyond, sounds_beyond
from bot.messenger.answers.decisions import Decision, Writing, offered, words
from bot.messenger.answers.flows import Digests
from bot.messenger.incoming.events import Commanded, Origin
from bot.messenger.paragraphs import render
from bot.messenger.paragraphs.digests import rendered, things
from bot.messenger.paragraphs.markup import defused
from bot.ports import Steers
from bot.texts.digests import wished
from bot.texts.interests import told_unmuted
from storage.domain.changes import Learned, Listed, Unheard
from storage.domain.feedback import Offer
from storage.domain.kinds import ArticleKind


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestCommands:
    """Answers who asks for it."""

    digests: Digests
    learn: Steers
    writing: Writing

    async def digest(self, event: Commanded) -> Decision:
        """A digest now, or a wish for digests to come."""
        origin = event.origin
        if not event.argument:
            return await self.now(origin)
        change = await self.digests.to_wish(origin.reader, event.argument, origin.language)
        unmuted = await self.learn.unmuted_by(origin.reader, Learned(evidence=change.evidence))
        told = replace(change, unheard=tuple(map(_defused, change.unheard)))
        also = defused(told_unmuted(unmuted, origin.language))
        said = (*wished(told, origin.language), *filter(None, (also,)))
        return Decision(parts=render.lines(said), changes=(change,))

    async def change(self, origin: Origin, text: str) -> Decision:
        """How digests are to be otherwise; who gets none is told how they come."""
        if not (await self.digests.settings(origin.reader, origin.language)).active:
            return words(origin.language, "digest_none_yet")
        return await self.digest(Commanded(origin=origin, command="digest", argument=text))

    async def cannot(self, origin: Origin, text: str) -> Decision | None:
        """What is said to who gets digests and tells them to do what they cannot; `None` where it is something else."""
        if not sounds_beyond(text):
            return None
        refused = beyond(text, await self.digests.settings(origin.reader, origin.language))
        return None if refused is None else words(origin.language, refused[0], number=refused[1])

    async def stop(self, event: Commanded) -> Decision:
        """No digest any more."""
        return await self.digest(replace(event, argument="off"))

    async def now(self, origin: Origin, kinds: tuple[ArticleKind, ...] = ()) -> Decision:
        """A digest now, of these kinds, where any are named."""
        async with self.writing(origin):
            digest = await self.digests.now(origin.reader, origin.language, kinds=kinds)
        return Decision(
            parts=rendered(digest, origin.clock),
            changes=(Listed(digest=digest),),
            things=things(digest),
            offers=offered(origin, Offer.BRIEF, Offer.FOLLOW),
        )


def _defused(unheard: Unheard) -> Unheard:
    """Its names, of which hosts would become links."""
    return Unheard(name=defused(unheard.name), near=tuple(map(defused, unheard.near)))

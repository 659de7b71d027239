"""What a reader should read, whenever they ask, and how they want it sent."""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.flows.digest_talk import pauses, spoken_of
from bot.flows.statements import changes_digests, names_digests
from bot.flows.wording.beyond import beyond, sounds_beyond
from bot.flows.wording.pausing import pausing
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
from storage.domain.times import Clock


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestCommands:
    """Answers who asks for it."""

    digests: Digests
    learn: Steers
    writing: Writing
    clock: Clock

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

    async def changed(self, origin: Origin, text: str) -> Decision | None:
        """How digests are to be otherwise, of such as come or are named; `None` where it may be of anything."""
        if not changes_digests(text):
            return None
        held = await self.digests.settings(origin.reader, origin.language)
        if spoken_of(held, self.clock()):
            return await self.digest(Commanded(origin=origin, command="digest", argument=text))
        return words(origin.language, "digest_none_yet") if names_digests(text) else None

    async def paused(self, origin: Origin, text: str) -> Decision | None:
        """That digests pause or go on, or what is said of what they cannot; `None` where it is something else."""
        if pausing(text) is None and not sounds_beyond(text):
            return None
        held = await self.digests.settings(origin.reader, origin.language)
        if (refused := beyond(text, held)) is not None:
            return words(origin.language, refused[0], number=refused[1])
        meant = pauses(text, held, self.clock())
        return await self.digest(Commanded(origin=origin, command="digest", argument=text)) if meant else None

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

"""The commands about what a reader, or a group, follows."""

from __future__ import annotations

from dataclasses import dataclass

from bot.messenger.answers.decisions import Decision, Writing, words
from bot.messenger.answers.flows import Follows
from bot.messenger.incoming.events import Commanded
from bot.messenger.paragraphs import render
from bot.messenger.paragraphs.markup import defused
from bot.ports import Steers
from bot.texts import say
from bot.texts.follows import called
from bot.texts.interests import told_unmuted
from storage.domain.changes import Learned, Unfollowed


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowCommands:
    """Answers them."""

    follows: Follows
    learn: Steers
    writing: Writing

    async def follow(self, event: Commanded) -> Decision:
        """A story or a topic is followed from now on."""
        origin = event.origin
        if not event.argument:
            return words(origin.language, "follow_usage")
        async with self.writing(origin):
            followed = await self.follows.to_follow(origin.reader, event.argument, origin.language)
            unmuted = await self.learn.unmuted_by(origin.reader, Learned(evidence=followed.evidence))
        said = say(origin.language, "followed", what=defused(followed.words))
        also = defused(told_unmuted(unmuted, origin.language))
        return Decision(parts=render.lines(filter(None, (said, also))), changes=(followed,))

    async def list(self, event: Commanded) -> Decision:
        """What they follow."""
        origin = event.origin
        held = await self.follows.list(origin.reader)
        return Decision(parts=render.follows(held, origin.language, origin.clock))

    async def unfollow(self, event: Commanded) -> Decision:
        """One of it no longer."""
        origin = event.origin
        if not event.argument:
            return words(origin.language, "unfollow_usage")
        meant = await self.follows.to_unfollow(origin.reader, event.argument)
        said = render.sentence(origin.language, "unfollowed", what=called(meant, origin.language))
        return Decision(parts=said, changes=tuple(Unfollowed(reader=origin.reader, follow=each.id) for each in meant))

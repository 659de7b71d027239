"""Following a story, or a topic in words: what is really new of it is told, once, until the story has come to rest.

When something may be told, and when a follow ends, are rules; what is told is decided whole before anything is taken
down, and taken down together with the messages that tell it.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Awaitable, Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Protocol

from bot.flows.asked import clean_question
from bot.flows.evidence import of_articles, of_words
from bot.flows.fresh import LATE, Fresh, independent
from bot.flows.ports import Search
from storage.domain.changes import Followed, Unfollowed
from storage.domain.deliveries import OutboxMessage
from storage.domain.evidence import Evidence, EvidenceKind
from storage.domain.follows import Follow, News, Update
from storage.domain.news import ArticleId, Filters, Hit, SearchRequest
from storage.domain.people import ReaderId
from storage.domain.stories import OVER_AFTER, HotStory, Report, Story, StoryId
from storage.domain.times import Clock
from storage.errors import InputError

log = logging.getLogger(__name__)

A_DAY = 3
"""How many updates of one follow are told in a day at most."""
QUIET = timedelta(hours=1)
"""How long after an update nothing more of the same follow is told; what comes meanwhile is told with what follows."""
LOOK_BACK = timedelta(days=7)
"""What came in longer ago is no news, though it was never told."""
EVERYTHING = frozenset(("all", "everything", "all of them", "全部", "所有", "一切"))
"""What names all that is followed at once."""
MOST_FOLLOWS = 50
"""How much one reader may follow."""
MOST_STORIES, MOST_READ = 3, 10
"""How many stories an update of a topic tells of, and how many are looked at for it."""

_DAY = timedelta(days=1)
_ARTICLE = re.compile(r"^(?:the|an?) ")
_NUMBER = re.compile(r"#?(\d{1,9})", re.ASCII)
# How much is read to find what is about a topic: as much as for a brief.
_PASSAGES, _PER_ARTICLE = 24, 2

Sending = Callable[[Update], Sequence[OutboxMessage]]
"""The messages that tell an update."""


class FollowShelf(Protocol):
    """What readers follow, and when they looked at which story."""

    async def of(self, reader: ReaderId) -> Sequence[Follow]:
        """What a reader follows, the longest followed first, no story twice."""
        ...

    async def active(self, readers: str) -> Sequence[Follow]:
        """The same of all readers whose ids begin so."""
        ...

    async def follow(self, wanted: Followed) -> bool: ...

    async def unfollow(self, unwanted: Unfollowed) -> bool: ...

    async def settle(self, told: Update, messages: Sequence[OutboxMessage] = ()) -> bool:
        """Take down that an update is told and enqueue its messages: all of it, or nothing.

        Returns:
            Whether it was; not where the follow is none any longer, or something was told of it since it was read.
        """
        ...

    async def seen(self, reader: ReaderId, story: StoryId) -> datetime | None: ...


class Stories(Protocol):
    """The stories that are in."""

    async def story(self, id_: StoryId, reader: ReaderId | None) -> Story | None:
        """The story of that number, or the one it is part of by now, with the reports `reader` may see, if any."""
        ...

    async def known(self, ids: Sequence[ArticleId]) -> dict[ArticleId, StoryId]:
        """Which of these articles are in a story, and in which."""
        ...


class Opens(Protocol):
    """Opens stories."""

    async def open(
        self, id_: StoryId, *, lines: int, language: str | None = None, reader: ReaderId | None = None
    ) -> HotStory | None:
        """The story of that number in so many lines; `None` where `reader` sees nothing of it."""
        ...


def may_tell(follow: Follow, now: datetime) -> bool:
    """Whether something may be told of it now: not too soon after the last time, nor too often in a day."""
    times = set(follow.told.values())
    lately = [at for at in times if now - at < _DAY]
    return len(lately) < A_DAY and all(now - at >= QUIET for at in times)


def at_rest(reports: Sequence[Report], since: datetime, now: datetime) -> bool:
    """Whether nothing independent came of a story for so long that it is over, to one who follows it since then."""
    return now - max([since, *(each.headline.first_seen for each in independent(reports))]) >= OVER_AFTER


@dataclass(frozen=True, slots=True, kw_only=True)
class Following:
    """Follows stories and topics for readers.

    Args:
        about: Which articles of passages are about a topic, as of a time.
        quiet: Whether nothing is to be sent a reader unasked now; what is new waits until that ends.
        night: Whether most people sleep where a reader is.
        turns: Which articles of passages tell what became of a story: its title, and how its articles open.
    """

    follows: FollowShelf
    stories: Stories
    hot: Opens
    search: Search
    about: Callable[[str, Sequence[Hit], datetime], Sequence[ArticleId]]
    turns: Callable[[str, Sequence[Hit], Sequence[Hit]], Sequence[ArticleId]]
    fresh: Fresh
    quiet: Callable[[ReaderId], Awaitable[bool]]
    night: Callable[[ReaderId], Awaitable[bool]]
    clock: Clock

    # what a reader does

    async def list(self, reader: ReaderId) -> Sequence[Follow]:
        """What they follow, the longest followed first."""
        return await self.follows.of(reader)

    async def to_follow(self, reader: ReaderId, wanted: str, language: str) -> Followed:
        """What following `wanted` changes: a story, by its number, or a topic in any words.

        Raises:
            InputError: There is nothing to follow, it is followed already, or too much is.
        """
        words = clean_question(wanted)
        held = await self.follows.of(reader)
        if len(held) >= MOST_FOLLOWS:
            raise InputError("follow", f"{MOST_FOLLOWS} are followed already", key="follow_too_many", most=MOST_FOLLOWS)
        now, story = self.clock(), None
        evidence: tuple[Evidence, ...] = (of_words(reader, EvidenceKind.FOLLOWED, words, now),)
        if number := _NUMBER.fullmatch(words):
            opened = await self.hot.open(StoryId(int(number[1])), lines=1, language=language, reader=reader)
            if opened is None:
                raise InputError(words, "no story has that number", key="follow_no_story", number=number[1])
            story, words = opened.story.id, opened.title
            newest = [report.headline.id for report in reversed(opened.story.reports)]
            # Under the story's name, so that it is shown as the one thing that was done.
            evidence = of_articles(reader, EvidenceKind.FOLLOWED, newest, now, text=words)
        for each in held:
            if each.story == story and (story is not None or each.words.casefold() == words.casefold()):
                raise InputError(words, "is followed already", key="follow_known", what=each.words)
        return Followed(reader=reader, story=story, words=words, language=language, at=now, evidence=evidence)

    async def to_unfollow(self, reader: ReaderId, wanted: str) -> Sequence[Follow]:
        """The one that is meant: by its number in the list; that of its story, as in #12; or its words. Or all of them.

        Raises:
            InputError: There is no such follow.
        """
        words = wanted.strip()
        held = await self.follows.of(reader)
        if number := _NUMBER.fullmatch(words):
            n, own = int(number[1]), words.startswith("#")
            meant = [each for each in held if each.number == n and not own]
            meant += [each for each in held if each.story == n]
        else:
            meant = [each for each in held if _bare(each.words) == _bare(words)]
            if held and not meant and words.casefold() in EVERYTHING:
                return held
        if not meant:
            raise InputError(words, "is not followed", key="follow_unknown", wanted=words)
        return meant[:1]

    async def follow(self, reader: ReaderId, wanted: str, language: str) -> Followed:
        """Follow it from now on; see `to_follow`."""
        followed = await self.to_follow(reader, wanted, language)
        await self.follows.follow(followed)
        return followed

    async def unfollow(self, reader: ReaderId, wanted: str) -> Sequence[Follow]:
        """Follow it no longer; see `to_unfollow`."""
        meant = await self.to_unfollow(reader, wanted)
        for each in meant:
            await self.follows.unfollow(Unfollowed(reader=reader, follow=each.id))
        return meant

    # what comes of it

    async def updates(self, reader: ReaderId) -> Sequence[Update]:
        """What is new of all that a reader follows, for the caller to tell: no other call returns or sends the same."""
        return await self._told(await self.follows.of(reader), lambda _update: ())

    async def notify(self, readers: str, sending: Sending) -> int:
        """Enqueue the messages on what is new of all that the readers follow whose ids begin so.

        One that cannot be told now is told the next time; the others go on.

        Args:
            readers: What the ids of the readers begin with.
            sending: The messages that tell an update; they are enqueued as it is taken down.

        Returns:
            How many updates.
        """
        held = await self.follows.active(readers)
        quiet = {reader: await self.quiet(reader) for reader in dict.fromkeys(each.reader for each in held)}
        return len(await self._told([each for each in held if not quiet[each.reader]], sending))

    async def _told(self, held: Sequence[Follow], sending: Sending) -> Sequence[Update]:
        """What could be taken down as told of these, with its messages."""
        heard = {each.reader: set(each.heard) for each in held}
        told: list[Update] = []
        # Stories first: a topic is left what no story tells.
        for follow in sorted(held, key=lambda each: each.story is None):
            mine = heard[follow.reader]
            numbers = {each.story for each in held if each.reader == follow.reader and each.story is not None}
            try:
                found = await self._update(follow, mine, numbers)
                if found is None:
                    continue
                update = replace(found, at_night=await self.night(follow.reader))
                if await self.follows.settle(update, sending(update)):
                    told.append(update)
                    mine |= {text for news in update.news for text in news.texts}
            except Exception as error:  # noqa: BLE001 - the boundary of one follow: the others go on
                log.warning("follow_failed", extra={"follow": follow.id, "error": type(error).__name__})
        return told

    async def _update(
        self, follow: Follow, heard: Collection[ArticleId], numbers: Collection[StoryId]
    ) -> Update | None:
        now = self.clock()
        story = await self.stories.story(follow.story, follow.reader) if follow.story is not None else None
        if follow.story is not None and at_rest(story.reports if story else (), follow.told_at, now):
            return Update(follow=follow, at=now)
        if not may_tell(follow, now):
            return None
        found = await self._found(follow, story, heard, numbers, now)
        return Update(follow=follow, at=now, news=tuple(found)) if found else None

    async def _found(
        self,
        follow: Follow,
        story: Story | None,
        heard: Collection[ArticleId],
        numbers: Collection[StoryId],
        now: datetime,
    ) -> Sequence[News]:
        """What is new of the story that is followed, and of others about it or the topic; none repeats another."""
        since = max(follow.since, now - LOOK_BACK)
        hits = list(await self._search(follow, since - LATE, now))
        turns: Sequence[ArticleId] = ()
        if story:
            own = await self.fresh.stories.hits(story, follow.reader)
            turns = self.turns(follow.words, own, hits)
            hits += own
        else:
            hits += await self._search(follow, None, since - LATE)
        said = [hit for hit in hits if hit.passage.headline.first_seen <= since or hit.passage.headline.group in heard]
        found: list[News] = []
        for each in (*([story] if story else []), *await self._about(follow, hits, turns, numbers, now)):
            if len(found) == MOST_STORIES:
                break
            seen = await self.follows.seen(follow.reader, each.id)
            news = await self.fresh.of(
                each,
                since=max(since, seen or since),
                reader=follow.reader,
                language=follow.language,
                heard=heard,
                beside=said,
            )
            if news:
                found.append(news)
                said += [hit for hit in hits if hit.passage.headline.group in news.texts]
        return found

    async def _search(self, follow: Follow, since: datetime | None, until: datetime) -> Sequence[Hit]:
        """Passages on a topic that were published in a time."""
        filters = Filters(since=since, until=until, undated=since is not None)
        request = SearchRequest(
            text=follow.words, k=_PASSAGES, per_article=_PER_ARTICLE, filters=filters, reader=follow.reader
        )
        return (await self.search.search(request)).hits

    async def _about(
        self,
        follow: Follow,
        hits: Sequence[Hit],
        turns: Sequence[ArticleId],
        numbers: Collection[StoryId],
        now: datetime,
    ) -> Sequence[Story]:
        """The stories about what is followed, or of these turns of it, but for those followed by number.

        Beside a story only those that were begun after its follow: its turns may be told as stories of their own, which
        may take over what was in it before, and what was there before is another. Never a round-up.
        """
        articles = [*self.about(follow.words, hits, now), *turns]
        known = await self.stories.known(articles)
        wanted = _first((known[id_] for id_ in articles if id_ in known), MOST_READ, besides=numbers)
        found = [await self.stories.story(id_, follow.reader) for id_ in wanted]
        return tuple(
            story
            for story in found
            if story
            and story.tells
            and (follow.story is None or (story.begun is not None and story.begun > follow.since))
        )


def _bare(words: str) -> str:
    """Words without what makes no other topic of them."""
    return _ARTICLE.sub("", " ".join(words.split()).casefold())


def _first(ids: Iterable[StoryId], n: int, besides: Collection[StoryId]) -> list[StoryId]:
    return [id_ for id_ in dict.fromkeys(ids) if id_ not in besides][:n]

"""Digests: what each reader should read, at the hours they chose, once for each hour; or whenever they ask.

An hour is decided on without effect and claimed as it is settled, in the transaction that enqueues the messages: what
was cut short is decided anew, and nothing is sent twice.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Protocol

from bot.flows.asking import Wanted
from bot.flows.digest_words import as_of, left_out, to_settings, topics_of
from bot.flows.evidence import of_ignored, of_topics
from bot.flows.recommend import LATELY, REMEMBERED
from bot.flows.schedule import LOOK_AGAIN, Due, due, earliest_name, is_night, is_quiet, next_slot, wake_at
from storage.domain.changes import Listed, Unheard, Wished
from storage.domain.deliveries import OutboxMessage
from storage.domain.digests import Digest, DigestSettings, Settled, ShownList, Slot, Timetable
from storage.domain.evidence import Act, Evidence
from storage.domain.kinds import ArticleKind
from storage.domain.news import ArticleId
from storage.domain.people import ReaderId
from storage.domain.sources import fold
from storage.domain.times import Clock
from storage.errors import EncoderUnavailable, StorageError

log = logging.getLogger(__name__)

_NEAR = 5
"""How many names of sources are told that are something like one that is not known."""
_AT_ONCE = 256
"""So many readers' digests are made together."""
# A digest tells of what moved since the last one, and a little before: that came too late for it.
_OVERLAP = timedelta(hours=12)
_LONGEST = timedelta(days=8)
# Where nothing was done about it until then, it was ignored.
_UNANSWERED = timedelta(days=14)

Sending = Callable[[Digest, DigestSettings], Sequence[OutboxMessage]]
"""The messages that tell a digest, or that there is nothing new."""


class DigestShelf(Protocol):
    """How readers want their digests, which hours are done with, and what was shown."""

    async def settings(self, reader: ReaderId) -> DigestSettings | None: ...

    async def wish(self, wished: Wished) -> None: ...

    async def due(
        self, readers: str, now: datetime, beyond: datetime, limit: int, after: ReaderId | None = None
    ) -> Sequence[DigestSettings]:
        """Those of readers whose ids begin so and who are to be looked at by now, in the order of their ids.

        Who is to be only beyond another time is so by a clock that was wrong, and is one of them.
        """
        ...

    async def done(self, readers: Collection[ReaderId], earliest: str) -> Mapping[ReaderId, frozenset[str]]:
        """The names of the hours that are settled, from the name `earliest` on; breaking news are none of them."""
        ...

    async def last(self, readers: Collection[ReaderId], since: datetime) -> Mapping[ReaderId, ShownList]:
        """The last digest that each of these readers was sent since then, without what they looked at since."""
        ...

    async def settle(
        self, settled: Settled, messages: Sequence[OutboxMessage] = (), ignored: Sequence[Evidence] = ()
    ) -> bool:
        """Take down what was decided, and enqueue its messages: all of it, or nothing.

        Returns:
            Whether the digest is this one's to send.
        """
        ...

    async def show(self, listed: Listed) -> None: ...


class Recommends(Protocol):
    """Makes digests; see `bot.flows.recommend`."""

    async def digests(self, wanted: Sequence[Wanted], now: datetime) -> Sequence[Digest]:
        """What each is shown, in the order they are given; a reader is in it once.

        Raises:
            EncoderUnavailable: The model cannot be loaded.
        """
        ...


class Acts(Protocol):
    """What readers did."""

    async def acted_on(self, readers: Collection[ReaderId], since: datetime) -> Mapping[ReaderId, Sequence[Act]]:
        """What each of them did since then."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Digests:
    """Makes digests for readers, and takes down how they want them.

    Args:
        sources: The folded names, of outlets and hosts, of what a reader sees that hold a word; see `fold`.
        zone: The IANA name of the time zone of those who named none.
    """

    shelf: DigestShelf
    acts: Acts
    recommend: Recommends
    sources: Callable[[str, ReaderId], Awaitable[Sequence[str]]]
    zone: str
    clock: Clock

    # what a reader wishes

    async def settings(self, reader: ReaderId, language: str) -> DigestSettings:
        """How they want them; how everybody does at first where they never said."""
        held = await self.shelf.settings(reader)
        timetable = Timetable(zone=self.zone)
        return held or DigestSettings(reader=reader, since=self.clock(), timetable=timetable, language=language)

    async def to_wish(self, reader: ReaderId, text: str, language: str) -> Wished:
        """What it changes that a reader writes how they want them; the topics that they want news of they care about.

        Raises:
            InputError: Something of it is not understood, or cannot be.
        """
        held, now = await self.settings(reader, language), self.clock()
        wanted = replace(to_settings(held, text, now), language=language)
        evidence = of_topics(reader, topics_of(text), now)
        new = [each for each in wanted.tastes.sources if each not in held.tastes.sources]
        unheard = [each for name in new if (each := await self._unheard(name, reader)) is not None]
        wake = wake_at(wanted, now)
        gone = left_out(held, wanted)
        return Wished(settings=wanted, at=now, wake_at=wake, evidence=evidence, unheard=tuple(unheard), left_out=gone)

    def to_change(self, held: DigestSettings, wanted: DigestSettings) -> Wished:
        """What it changes that a reader chooses how they want them, other than they are held to want them."""
        now = self.clock()
        wanted = as_of(held, wanted, now)
        return Wished(settings=wanted, at=now, wake_at=wake_at(wanted, now))

    async def wish(self, reader: ReaderId, text: str, language: str) -> Wished:
        """Take down how they want them from now on; see `to_wish`."""
        wished = await self.to_wish(reader, text, language)
        await self.shelf.wish(wished)
        return wished

    async def _unheard(self, name: str, reader: ReaderId) -> Unheard | None:
        """That nothing that is in comes from a source of that name; `None` where something does."""
        known, wanted = await self.sources(name, reader), fold(name)
        return None if {wanted, f"www.{wanted}"} & set(known) else Unheard(name=name, near=tuple(known[:_NEAR]))

    async def quiet(self, reader: ReaderId) -> bool:
        """Whether nothing is to be sent them unasked now."""
        held = await self.shelf.settings(reader)
        return held is not None and is_quiet(held.timetable, self.clock())

    async def night(self, reader: ReaderId) -> bool:
        """Whether most people sleep where they are, as far as is known."""
        return is_night((await self.settings(reader, "")).timetable, self.clock())

    # what they are shown

    async def now(
        self,
        reader: ReaderId | None,
        language: str,
        *,
        length: int | None = None,
        kinds: tuple[ArticleKind, ...] = (),
    ) -> Digest:
        """What a reader should read now; nothing is taken down.

        Args:
            reader: Who; `None` is the operator.
            language: That they are spoken to in.
            length: How many items at most; as many as in their digests where not given.
            kinds: What they want to read; as in their digests where not given.

        Raises:
            EncoderUnavailable: The model cannot be loaded.
        """
        settings = await self.settings(reader or ReaderId(""), language)
        wanted = _wanted(settings, None)
        wanted = replace(wanted, reader=reader, language=language, length=length or wanted.length)
        if kinds:
            wanted = replace(wanted, tastes=replace(wanted.tastes, kinds=kinds))
        (digest,) = await self.recommend.digests([wanted], self.clock())
        return replace(digest, regular=settings.timetable if settings.active else None)

    async def show(self, digest: Digest) -> None:
        """Take down that a reader was shown it."""
        await self.shelf.show(Listed(digest=digest))

    async def due_for(self, reader: ReaderId) -> Digest | None:
        """The digest that is due for one reader, for the caller to show: no other call returns or sends the same."""
        held, now = await self.shelf.settings(reader), self.clock()
        if held is None or not held.active:
            return None
        made: list[Digest] = []

        def shown(digest: Digest, _settings: DigestSettings) -> tuple[OutboxMessage, ...]:
            made.append(digest)
            return ()

        return made[0] if await self._made([held], shown, now) else None

    async def send(self, readers: str, sending: Sending) -> int:
        """Enqueue the digests that are due for the readers whose ids begin so; returns how many.

        What cannot be made now is made the next time, as long as it is not too late; the others go on.
        """
        now, sent, after = self.clock(), 0, None
        while page := await self.shelf.due(readers, now, now + LOOK_AGAIN, _AT_ONCE, after):
            after = page[-1].reader
            sent += await self._sent(page, sending)
            # What takes long must not end in somebody's quiet hours.
            now = self.clock()
        return sent

    async def _sent(self, page: Sequence[DigestSettings], sending: Sending) -> int:
        """All at once; where that fails, in halves, so that only those fail whose fault it is."""
        try:
            return await self._made(page, sending, self.clock())
        except (EncoderUnavailable, StorageError):
            # Nobody's fault: it would fail for each of them.
            raise
        except Exception as error:  # noqa: BLE001 - the boundary of some readers: the others go on
            log.warning("digests_failed", extra={"readers": len(page), "error": type(error).__name__})
            if len(page) == 1:
                return 0
        half = len(page) // 2
        return await self._sent(page[:half], sending) + await self._sent(page[half:], sending)

    async def _made(self, page: Sequence[DigestSettings], sending: Sending, now: datetime) -> int:
        readers = [settings.reader for settings in page]
        done = await self.shelf.done(readers, earliest_name(now))
        dues = {each.reader: due(each, done.get(each.reader, ()), now) or Due() for each in page}
        wanted = [_wanted(each, slot) for each in page if (slot := dues[each.reader].slot) is not None]
        made = await self.recommend.digests(wanted, now) if wanted else ()
        digests = {each.reader: each for each in made if each.reader is not None}
        ignored = await self._ignored(list(digests), done, now)
        sent = 0
        for settings in page:
            reader = settings.reader
            digest = digests.get(reader)
            settled = Settled(
                settings=settings,
                at=now,
                wake_at=wake_at(settings, now),
                skipped=tuple(slot.name for slot in dues[reader].missed),
                digest=digest,
            )
            messages = () if digest is None else sending(digest, settings)
            sent += await self.shelf.settle(settled, messages, ignored.get(reader, ()))
        return sent

    async def _ignored(
        self, readers: Collection[ReaderId], done: Mapping[ReaderId, Collection[str]], now: datetime
    ) -> dict[ReaderId, tuple[Evidence, ...]]:
        """What readers did nothing about of the last digest they were sent; each digest is judged by the next alone."""
        last = {
            reader: each
            for reader, each in (await self.shelf.last(readers, now - _UNANSWERED)).items()
            if each.slot == max(done.get(reader, ()), default=None)
        }
        if not last:
            return {}
        acts = await self.acts.acted_on(list(last), min(each.at for each in last.values()))
        return {
            reader: of_ignored(
                reader,
                each.articles,
                {ArticleId(act.key) for act in acts.get(reader, ()) if act.at >= each.at},
                now,
            )
            for reader, each in last.items()
        }


def _wanted(settings: DigestSettings, slot: Slot | None) -> Wanted:
    return Wanted(
        reader=settings.reader,
        length=settings.length,
        style=settings.style,
        tastes=settings.tastes,
        language=settings.language,
        slot=slot,
        lately=None if slot is None else _lately(settings, slot),
    )


def _lately(settings: DigestSettings, slot: Slot) -> timedelta:
    """As long as it usually takes from one digest to the next, and a little more."""
    between = next_slot(replace(settings.timetable, pauses=()), slot.at).at - slot.at
    return min(max(LATELY, between + _OVERLAP), _LONGEST, REMEMBERED)

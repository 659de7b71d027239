"""What a reader cares about, as they can see and steer it. It rests on what they did and wrote, and on nothing else.

Whatever is steered is a piece of evidence more or less: a boost asks for more of the same, what is muted, or let in
again, is kept as that, and what is forgotten is gone, with all that it had led to.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.flows.asked import clean_question
from bot.flows.evidence import of_telling, of_words
from bot.flows.naming import as_shown
from bot.flows.undoing import done_since, said_last, undone
from storage.domain.annotations import Annotation
from storage.domain.changes import Learned, Numbered, Unlearned
from storage.domain.digests import DigestSettings
from storage.domain.evidence import (
    AGAINST,
    USUAL_WEIGHTS,
    Evidence,
    EvidenceId,
    EvidenceKind,
    overruled,
    thing_of,
)
from storage.domain.follows import Follow
from storage.domain.interests import Bundle, Interest, InterestNote, Interests, Line, Portrait, Steered, Undone
from storage.domain.news import ArticleId, Passage
from storage.domain.people import ReaderId
from storage.domain.times import Clock
from storage.errors import InputError

# So many of an interest's lines are what steering it is about.
_STEERED = 5
_NUMBER = re.compile(r"#?(\d{1,3})(?:[._](\d{1,3}))?", re.ASCII)


class EvidenceShelf(Protocol):
    """What readers did."""

    async def of(self, reader: ReaderId) -> dict[EvidenceId, Evidence]:
        """All that is kept of a reader, in the order it was taken down."""
        ...

    async def numbers(self, reader: ReaderId) -> Mapping[str, Sequence[EvidenceId]]:
        """What the numbers mean that a reader was shown beside their interests last; empty where they were not."""
        ...

    async def number(self, numbered: Numbered) -> None: ...

    async def dropped_at(self, reader: ReaderId) -> datetime | None:
        """When a reader had something of it dropped last; `None` where they never had."""
        ...

    async def learn(self, learned: Learned) -> None: ...

    async def unlearn(self, unlearned: Unlearned) -> int: ...


class Bundles(Protocol):
    """Tells what evidence is about the same."""

    async def of(self, reader: ReaderId, evidence: Mapping[EvidenceId, Evidence], now: datetime) -> tuple[Bundle, ...]:
        """The strongest first, and what is muted last, the latest first.

        Raises:
            EncoderUnavailable: The model cannot be loaded.
        """
        ...


class Openings(Protocol):
    """The texts of articles."""

    async def openings(self, ids: Sequence[ArticleId], per_article: int, reader: ReaderId | None) -> Sequence[Passage]:
        """The first passages of these articles, those that `reader` may see, in the order of `ids`."""
        ...


class Notes(Protocol):
    """What is noted of articles."""

    async def of(self, ids: Sequence[ArticleId]) -> dict[ArticleId, Annotation]: ...


class Portraits(Protocol):
    """Puts interests into plain words."""

    async def write(self, notes: Sequence[InterestNote], language: str) -> Portrait:
        """A paragraph, in words of a template's where a model says anything else, is slow or fails."""
        ...


class Follows(Protocol):
    """What readers follow."""

    async def of(self, reader: ReaderId) -> Sequence[Follow]: ...


class DigestShelf(Protocol):
    """How readers want their digests."""

    async def settings(self, reader: ReaderId) -> DigestSettings | None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Learn:
    """Shows readers what is known of their interests, and lets them steer it."""

    shelf: EvidenceShelf
    bundles: Bundles
    texts: Openings
    notes: Notes
    portraits: Portraits
    follows: Follows
    digests: DigestShelf
    clock: Clock

    async def show(self, reader: ReaderId) -> Interests:
        """What is known of a reader by now."""
        return await self._known(reader, await self.shelf.of(reader))

    async def portray(self, notes: Sequence[InterestNote], language: str) -> Portrait:
        """Interests, as a reader is shown them, in plain words."""
        return await self.portraits.write(notes, language)

    def shown(self, reader: ReaderId, known: Interests) -> Numbered:
        """That a reader was shown this: its numbers mean it from then on."""
        return Numbered(reader=reader, numbers=numbered(known))

    # what a reader wishes

    def to_tell(self, reader: ReaderId, text: str) -> Learned:
        """What it changes that a reader writes of themselves what they care about, or do not.

        Raises:
            InputError: It names nothing, or too much.
        """
        found = of_telling(reader, clean_question(text), self.clock())
        if not found:
            raise InputError(text, "names no interest", key="interests_usage")
        return Learned(evidence=found)

    async def to_undo(self, reader: ReaderId) -> Undone:
        """What it changes that a reader takes back what they said last, of what they were shown or care about."""
        now = self.clock()
        said = said_last(await self.shelf.of(reader), now)
        digests, dropped = await self.digests.settings(reader), await self.shelf.dropped_at(reader)
        since = {"undo_digests": None if digests is None else digests.changed, "undo_dropped": dropped}
        if (did := done_since(said, since, now)) is not None:
            return Undone(said=did)
        ids = [ArticleId(each.key) for each in said.values()]
        titles = {str(each.headline.id): each.headline.title for each in await self.texts.openings(ids, 1, reader)}
        following = {each.words for each in await self.follows.of(reader)}
        return undone(reader, said, titles, following)

    async def unmuted_by(self, reader: ReaderId, told: Learned) -> tuple[Interest, ...]:
        """What they had muted and is not any longer, once they have told that.

        Raises:
            EncoderUnavailable: The model cannot be loaded.
        """
        if not told.evidence:
            return ()
        evidence = await self.shelf.of(reader)
        if all(each.kind is not EvidenceKind.MUTED for each in evidence.values()):
            return ()
        muted = (await self._known(reader, evidence)).muted
        bundles = await self.bundles.of(reader, _with(evidence, told), self.clock())
        still = {id_ for bundle in bundles if bundle.muted for id_ in bundle.evidence}
        return tuple(each for each in muted if still.isdisjoint(each.evidence))

    async def to_boost(self, reader: ReaderId, wanted: str) -> Steered:
        """What wanting more of an interest changes; of what is muted, or wanted less, that it is not any longer.

        Raises:
            InputError: There is no such interest.
        """
        evidence = await self.shelf.of(reader)
        known = await self._known(reader, evidence)
        meant = _interest(known, wanted, await self.shelf.numbers(reader))
        if meant in known.less:
            return Steered(what=meant, said="interest_no_longer_less", change=self._allowed(reader, meant, evidence))
        if meant in known.muted:
            return Steered(what=meant, said="interest_unmuted", change=self._allowed(reader, meant, evidence))
        return self._steered(reader, meant, evidence, EvidenceKind.BOOSTED, "interest_boosted")

    async def to_mute(self, reader: ReaderId, wanted: str) -> Steered:
        """What wanting to hear no more of an interest changes; or of words that are none, from now on.

        Raises:
            InputError: No interest has that number, or it is muted already.
        """
        evidence = await self.shelf.of(reader)
        known = await self._known(reader, evidence)
        words = wanted.strip()
        try:
            meant = _interest(known, words, await self.shelf.numbers(reader))
        except InputError:
            if _NUMBER.fullmatch(words):
                raise
            return self._muted(reader, clean_question(words))
        if meant in known.muted:
            raise InputError(wanted, "is muted already", key="interest_muted_already")
        return self._steered(reader, meant, evidence, EvidenceKind.MUTED, "interest_muted")

    async def to_forget(self, reader: ReaderId, wanted: str) -> Steered:
        """What it changes that an interest is forgotten, as in 2, or one line of its evidence, as in 2.1.

        Raises:
            InputError: There is no such interest or line.
        """
        meant = _meant(await self.show(reader), wanted, await self.shelf.numbers(reader))
        dropped = Unlearned(reader=reader, evidence=meant.evidence, dropped_at=self.clock())
        return Steered(what=meant, said="interest_dropped", change=dropped)

    def to_reset(self, reader: ReaderId) -> Unlearned:
        """What starting over changes."""
        return Unlearned(reader=reader, evidence=None, dropped_at=self.clock())

    async def make(self, change: Learned | Unlearned | Numbered) -> None:
        """Change it now."""
        match change:
            case Learned():
                await self.shelf.learn(change)
            case Unlearned():
                await self.shelf.unlearn(change)
            case Numbered():
                await self.shelf.number(change)

    async def opened(self, reader: ReaderId, article: ArticleId) -> None:
        """Take down that a reader opened an article."""
        did = Evidence(reader=reader, kind=EvidenceKind.OPENED, at=self.clock(), key=article)
        await self.shelf.learn(Learned(evidence=(did,)))

    async def _known(self, reader: ReaderId, evidence: Mapping[EvidenceId, Evidence]) -> Interests:
        if not evidence:
            return Interests()
        bundles = await self.bundles.of(reader, evidence, self.clock())
        ids = [ArticleId(each.key) for each in evidence.values()]
        titles = {str(each.headline.id): each.headline.title for each in await self.texts.openings(ids, 1, reader)}
        notes = await self.notes.of([ArticleId(id_) for id_ in titles])
        found = [(bundle, as_shown(bundle, evidence, titles, notes)) for bundle in bundles]
        return Interests(
            liked=tuple(
                each
                for bundle, each in found
                if each is not None and not (bundle.muted or bundle.less or bundle.allowed)
            ),
            less=tuple(each for bundle, each in found if each is not None and bundle.less),
            muted=tuple(each for bundle, each in found if each is not None and bundle.muted),
            allowed=tuple(each for bundle, each in found if each is not None and bundle.allowed),
            updated_at=max(each.at for each in evidence.values()),
        )

    def _muted(self, reader: ReaderId, words: str) -> Steered:
        """Words of the reader's own, muted."""
        kept = of_words(reader, EvidenceKind.MUTED, words, self.clock())
        line = Line(evidence=(), kind=kept.kind, at=kept.at, words=words)
        return Steered(what=line, said="interest_muted", change=Learned(evidence=(kept,)))

    def _allowed(self, reader: ReaderId, meant: Interest, evidence: Mapping[EvidenceId, Evidence]) -> Learned:
        """All of it that they had said something against, let in again, once each: taken back, that holds again."""
        over, now = overruled(evidence), self.clock()
        against = [evidence[id_] for id_ in meant.evidence if evidence[id_].kind in AGAINST and id_ not in over]
        once = {thing_of(each): each for each in against}
        return Learned(
            evidence=tuple(
                Evidence(reader=reader, kind=EvidenceKind.ALLOWED, at=now, key=each.key, text=each.text)
                for each in once.values()
            )
        )

    def _steered(
        self, reader: ReaderId, meant: Interest, evidence: Mapping[EvidenceId, Evidence], kind: EvidenceKind, said: str
    ) -> Steered:
        """The interest's latest lines, once more, as what the reader wishes."""
        about = [evidence[line.evidence[0]] for line in meant.lines[:_STEERED]]
        weight, now = USUAL_WEIGHTS[kind] / max(1, len(about)), self.clock()
        wished = tuple(
            Evidence(reader=reader, kind=kind, at=now, key=each.key, text=each.text, weight=weight) for each in about
        )
        return Steered(what=meant, said=said, change=Learned(evidence=wished))


def _interest(known: Interests, wanted: str, numbers: Mapping[str, Sequence[EvidenceId]]) -> Interest:
    meant = _meant(known, wanted, numbers)
    if isinstance(meant, Line):
        raise _unknown(wanted)
    return meant


def _meant(known: Interests, wanted: str, numbers: Mapping[str, Sequence[EvidenceId]]) -> Interest | Line:
    """By the number that it was shown by last, whatever became of the others since; or by what it is called."""
    words = wanted.strip()
    listed = known.listed
    if number := _NUMBER.fullmatch(words):
        numbers = numbers or numbered(known)
        name = number[1].lstrip("0") + (f".{number[2].lstrip('0')}" if number[2] else "")
        if name not in numbers:
            raise _unknown(words)
        ids = set(numbers[name])
        among: Sequence[Interest | Line] = [line for each in listed for line in each.lines] if number[2] else listed
        meant = max(among, key=lambda each: len(ids.intersection(each.evidence)), default=None)
        if meant is None or ids.isdisjoint(meant.evidence):
            raise InputError(words, "is not there any longer", key="interest_gone", wanted=words)
        return meant
    for each in listed:
        if words.casefold() in {term.casefold() for term in (*each.words, ", ".join(each.words))}:
            return each
    raise _unknown(words)


def _with(evidence: Mapping[EvidenceId, Evidence], told: Learned) -> dict[EvidenceId, Evidence]:
    """All there is once that is told."""
    first = max(evidence, default=0) + 1
    return {**evidence, **{EvidenceId(id_): each for id_, each in enumerate(told.evidence, start=first)}}


def numbered(known: Interests) -> dict[str, tuple[EvidenceId, ...]]:
    """What interests and their lines are numbered by where they are listed."""
    found: dict[str, tuple[EvidenceId, ...]] = {}
    for number, each in enumerate(known.listed, start=1):
        found[str(number)] = each.evidence
        found.update({f"{number}.{at}": line.evidence for at, line in enumerate(each.lines, start=1)})
    return found


def _unknown(wanted: str) -> InputError:
    return InputError(wanted, "is not among the interests", key="interest_unknown", wanted=wanted)

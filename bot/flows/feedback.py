"""What readers say of what they were shown: by a button, by a reaction, by a command. It can be taken back.

Of one thing somebody says one of two opposites at a time: who likes it does not dislike it, who wants more of the same
does not want less. Which of them is decided here; what that changes takes effect with the reply.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

from bot.flows.evidence import of_articles, of_things
from storage.domain.changes import Learned, Unlearned
from storage.domain.evidence import Evidence, EvidenceId, EvidenceKind
from storage.domain.feedback import About, Thing
from storage.domain.people import ReaderId
from storage.domain.times import Clock

TWICE = timedelta(seconds=2)
"""A second tap so soon after the first is an impatient finger's, and takes nothing back."""

_OPPOSITES = (
    frozenset((EvidenceKind.LIKED, EvidenceKind.DISLIKED)),
    frozenset((EvidenceKind.MORE, EvidenceKind.LESS)),
)


class GivenShelf(Protocol):
    """What readers did, by the buttons and reactions it is of."""

    async def given(self, reader: ReaderId, acts: Sequence[str]) -> Mapping[EvidenceId, Evidence]:
        """What a reader did by these acts, as far as it is not taken back."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Noted:
    """What saying something of a thing comes to.

    Args:
        said: What is said of it: the key of a sentence.
        changes: What it changes; nothing where it was said already.
        given: What the reader's buttons say of the thing from then on; `None` where that is what they said before.
    """

    said: str
    changes: tuple[Learned | Unlearned, ...]
    given: frozenset[EvidenceKind] | None


_SAID_ALREADY = Noted(said="feedback_said_already", changes=(), given=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Feedback:
    """Takes down what readers say of what they were shown."""

    shelf: GivenShelf
    clock: Clock

    async def tapped(self, reader: ReaderId, about: About, number: int, kind: EvidenceKind) -> Noted:
        """What a button under a message changes: what it says is noted, or by the same button again taken back.

        Args:
            reader: Who tapped.
            about: What the message tells of.
            number: Which of its things, from 1.
            kind: `LIKED`, `DISLIKED`, `MORE` or `LESS`.
        """
        act = _tap(about, number)
        made = of_articles(reader, kind, about.things[number - 1].articles, self.clock(), act=act)
        return await self._said(reader, act, made, (_reaction(about),) if len(about.things) == 1 else ())

    async def spoken(self, reader: ReaderId, about: About, number: int | None, kind: EvidenceKind) -> Noted | None:
        """The same as by a button, in words: said twice it stays said. Of all at once it is what a reaction says.

        `None` where it must be said of one of several.
        """
        if number is None and len(about.things) > 1:
            if kind in {EvidenceKind.MORE, EvidenceKind.LESS}:
                return None
            return await self.reacted(reader, about, kind) or _SAID_ALREADY
        act = _tap(about, number or 1)
        made = of_articles(reader, kind, about.things[(number or 1) - 1].articles, self.clock(), act=act)
        return await self._said(reader, act, made, (_reaction(about),) if len(about.things) == 1 else (), stays=True)

    async def rated(self, reader: ReaderId, thing: Thing, kind: EvidenceKind, *, stays: bool = False) -> Noted:
        """The same of a story or an article that is named in words, and not by a message's button.

        Said once more it is taken back, or `stays` said.
        """
        act = _of_thing(thing)
        made = of_articles(reader, kind, thing.articles, self.clock(), act=act)
        return await self._said(reader, act, made, stays=stays)

    async def taken_back(self, reader: ReaderId, about: About) -> Noted:
        """That what was said last of what a message tells of, or of a source of it, is not said after all."""
        taps = (_tap(about, at) for at in range(1, len(about.things) + 1))
        sources = (_of_thing(Thing(articles=(each,))) for thing in about.things for each in thing.articles)
        acts = tuple(dict.fromkeys((*taps, _reaction(about), *sources)))
        held = await self.shelf.given(reader, acts)
        last = max((each.at for each in held.values()), default=None)
        if last is None:
            return Noted(said="feedback_nothing_back", changes=(), given=None)
        gone = tuple(id_ for id_, each in held.items() if each.at == last)
        left = frozenset(each.kind for id_, each in held.items() if id_ not in gone)
        return Noted(said="feedback_taken_back", changes=(Unlearned(reader=reader, evidence=gone),), given=left)

    async def reacted(self, reader: ReaderId, about: About, kind: EvidenceKind | None) -> Noted | None:
        """What a reaction to a message changes; `None` where it changes nothing.

        A reaction stands in place of what a button said of the only thing a message tells of. Of several things it says
        a little of each.

        Args:
            reader: Who reacted.
            about: What the message tells of.
            kind: `LIKED` or `DISLIKED`; `None` where it says neither (any more).
        """
        act = _reaction(about)
        buttons = (_tap(about, 1),) if len(about.things) == 1 else ()
        held = await self.shelf.given(reader, (act, *buttons))
        before = {id_: each for id_, each in held.items() if each.act == act}
        if {each.kind for each in before.values()} == ({kind} if kind else set()):
            return None
        gone = _opposed(held, kind) if kind else {}
        gone.update(before)
        left = frozenset(each.kind for id_, each in held.items() if id_ not in gone)
        replaced = any(each.act != act for each in gone.values())
        changes: list[Learned | Unlearned] = [Unlearned(reader=reader, evidence=tuple(gone))] if gone else []
        if kind:
            changes.append(Learned(evidence=of_things(reader, kind, about.things, self.clock(), act=act)))
        return Noted(said=f"feedback_{kind or 'taken_back'}", changes=tuple(changes), given=left if replaced else None)

    async def given(self, reader: ReaderId, about: About, number: int) -> frozenset[EvidenceKind]:
        """What the reader's buttons say by now of a thing in a message."""
        held = await self.shelf.given(reader, (_tap(about, number),))
        return frozenset(each.kind for each in held.values())

    async def _said(
        self,
        reader: ReaderId,
        act: str,
        made: tuple[Evidence, ...],
        besides: Sequence[str] = (),
        *,
        stays: bool = False,
    ) -> Noted:
        """What saying this changes, beside what the reader said by the same act and by others of the same thing."""
        kind, now = made[0].kind, made[0].at
        held = await self.shelf.given(reader, (act, *besides))
        same = {id_: each for id_, each in held.items() if each.act == act and each.kind is kind}
        given = frozenset(each.kind for each in held.values() if each.act == act)
        if same and stays:
            return _SAID_ALREADY
        if same and now - max(each.at for each in same.values()) < TWICE:
            return Noted(said="feedback_already", changes=(), given=None)
        if same:
            back = Unlearned(reader=reader, evidence=tuple(same))
            return Noted(said="feedback_taken_back", changes=(back,), given=given - {kind})
        gone = _opposed(held, kind)
        changes: list[Learned | Unlearned] = [Unlearned(reader=reader, evidence=tuple(gone))] if gone else []
        changes.append(Learned(evidence=made))
        return Noted(said=f"feedback_{kind}", changes=tuple(changes), given=given - _opposites(kind) | {kind})


def _opposed(held: Mapping[EvidenceId, Evidence], kind: EvidenceKind) -> dict[EvidenceId, Evidence]:
    """What cannot stand beside `kind`, itself as said otherwise included."""
    return {id_: each for id_, each in held.items() if each.kind in _opposites(kind)}


def _opposites(kind: EvidenceKind) -> frozenset[EvidenceKind]:
    return next(both for both in _OPPOSITES if kind in both)


def _of_thing(thing: Thing) -> str:
    return f"article:{thing.articles[0]}" if thing.story is None else f"story:{thing.story}"


def _tap(about: About, number: int) -> str:
    return f"tap:{about.ref}:{number}"


def _reaction(about: About) -> str:
    return f"reaction:{about.ref}"

"""What a reader said last, by a button, a command or in words, and what taking it back comes to. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta

from storage.domain.changes import Unlearned
from storage.domain.evidence import Evidence, EvidenceId, EvidenceKind
from storage.domain.interests import Undone
from storage.domain.people import ReaderId

_DONE = frozenset((EvidenceKind.OPENED, EvidenceKind.ASKED, EvidenceKind.FOLLOWED_UP, EvidenceKind.IGNORED))
"""What is no saying of theirs."""
_WITHIN = timedelta(hours=1)
"""What is longer ago is hardly meant."""
_AT_ONCE = timedelta(milliseconds=1)
"""What is said in one sentence is noted one after the other, so much apart at most."""


def said_last(evidence: Mapping[EvidenceId, Evidence], now: datetime) -> dict[EvidenceId, Evidence]:
    """What a reader said last, all that they said with it included; nothing where that is long ago."""
    said = {id_: each for id_, each in evidence.items() if each.kind not in _DONE}
    last = said[max(said)] if said else None
    if last is None or now - last.at > _WITHIN:
        return {}
    return {id_: each for id_, each in said.items() if _at_once(each, last)}


def done_since(said: Mapping[EvidenceId, Evidence], done: Mapping[str, datetime | None], now: datetime) -> str | None:
    """What a reader did last that undo leaves as it is, after or with all that they `said`; `None` where that is none.

    Args:
        said: As `said_last` tells.
        done: When each such thing was done last, by the key of the sentence that says so.
        now: The time.
    """
    lately = {key: at for key, at in done.items() if at is not None and now - at <= _WITHIN}
    last = max(lately, key=lately.__getitem__, default=None)
    return last if last is not None and all(each.at <= lately[last] for each in said.values()) else None


def undone(
    reader: ReaderId, said: Mapping[EvidenceId, Evidence], titles: Mapping[str, str], following: Collection[str]
) -> Undone:
    """What taking back comes to what they `said`.

    That they follow something is more than what it tells of them: how to end that is said; and how to begin anew, where
    they have ended it since, for then that is what they did last.

    Args:
        reader: Who.
        said: As `said_last` tells.
        titles: Of articles, by what the evidence names them by.
        following: What they follow by now, in the words that it was followed by.
    """
    if not said:
        return Undone(said="feedback_nothing_back")
    what = tuple(filter(None, dict.fromkeys(each.text or titles.get(each.key, "") for each in said.values())))
    if any(each.kind is EvidenceKind.FOLLOWED for each in said.values()):
        return Undone(said="undo_unfollow" if set(what).isdisjoint(following) else "undo_follow", what=what[:1])
    return Undone(said="feedback_taken_back", what=what, change=Unlearned(reader=reader, evidence=tuple(said)))


def _at_once(each: Evidence, last: Evidence) -> bool:
    """Whether both were said by one tap, or in one sentence: the buttons under a message share a name."""
    if last.act is not None:
        return each.act == last.act and each.kind is last.kind and each.at == last.at
    return each.act is None and abs(last.at - each.at) <= _AT_ONCE

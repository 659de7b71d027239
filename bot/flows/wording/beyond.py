"""What digests are told to do that they cannot: come once a week or a month. Pure."""

from __future__ import annotations

import re
from typing import Literal

from storage.domain.digests import DigestSettings

Beyond = Literal["digest_no_rhythm", "digest_or_interest"]
"""The key of the sentence that says what to say instead."""

_LONGEST = 80
"""Characters. What is longer says more than that."""
_RHYTHM = re.compile(
    r"(?:please )?(?:make|send|have) (?:it|them) (?:(?:bi-?)?weekly|monthly|hourly|yearly|fortnightly|once an? (?:week"
    r"|month|hour))(?: please)?"
    r"|(?:weekly|monthly|hourly) (?:only|please|instead)"
    "|(?:请)?(?:改[成为到]|每|只)?每?(?:个?[周月]|小时|星期)(?:只?(?:发|来|要|推送?)?一[次份]|发)就?(?:行|好|够)?了?",
    re.IGNORECASE,
)
# An interest has a number, and a digest an hour.
_DROP = re.compile(r"(?:please )?drop (\d{1,2})(?: please)?", re.IGNORECASE)


def beyond(text: str, held: DigestSettings) -> tuple[Beyond, str] | None:
    """Which of that it is, or that it may be either of two things, with the number it names; else `None`.

    Args:
        text: What is said.
        held: How digests come to whoever says it: said to nobody who gets them it may be anything.
    """
    said = _said(text)
    if not held.active or not sounds_beyond(text):
        return None
    if _RHYTHM.fullmatch(said):
        return "digest_no_rhythm", ""
    named = _DROP.fullmatch(said)
    hours = [at.hour for at in held.timetable.times if not at.minute]
    return ("digest_or_interest", named[1]) if named and int(named[1]) in hours else None


def sounds_beyond(text: str) -> bool:
    """Whether it may be any of that, by its words alone: most of what is said is not, and nothing need be looked up."""
    said = _said(text)
    if len(said) > _LONGEST or said.endswith(("?", "？")):
        return False
    return any(shape.fullmatch(said) for shape in (_RHYTHM, _DROP))


def _said(text: str) -> str:
    return text.strip().replace("’", "'").rstrip(".!。！")

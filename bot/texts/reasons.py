"""Why a story is shown, as its reader is told: by what counted most for it, and in one line."""

from __future__ import annotations

from bot.texts import say
from storage.domain.digests import Because, DigestItem, ReasonKind
from storage.domain.sources import fold, outlet

_LONGEST = 90
"""Characters of what a reason names; a longer title is cut, since it is there to be recognised."""
_BY_INTEREST = frozenset((ReasonKind.INTEREST, ReasonKind.TOLD))


def why(item: DigestItem, language: str | None) -> str:
    """The reason that counted most for an item."""
    return _said(item, item.because[0], language)


def reasons(item: DigestItem, language: str | None) -> str:
    """All that counted for an item, the most first."""
    said = dict.fromkeys(_said(item, each, language) for each in item.because)
    return say(language, "digest_between").join(said)


def provenance(item: DigestItem, language: str | None) -> tuple[str, ...]:
    """How long ago an item is, if it is, who tells of it, where its reason does not say so, and the reason."""
    ago = (say(language, "digest_days_ago", days=item.days_ago),) if item.days_ago else ()
    return *ago, *_told(item, language)


def _told(item: DigestItem, language: str | None) -> tuple[str, ...]:
    reason = why(item, language)
    if item.because[0].kind is ReasonKind.HOT:
        return (reason,)
    outlets = say(language, "digest_outlets", outlets=item.outlets) if item.outlets > 1 else item.lead.source
    if item.because[0].kind is ReasonKind.SOURCE and fold(outlets or "") == fold(item.because[0].what or ""):
        return (reason,)
    return (outlets, reason) if outlets else (reason,)


def _said(item: DigestItem, because: Because, language: str | None) -> str:
    if because.kind is ReasonKind.HOT:
        return say(language, "reason_hot", outlets=item.outlets)
    return say(language, _key(because), what=_named(because, language))


def _key(because: Because) -> str:
    if because.kind not in _BY_INTEREST:
        return f"reason_{because.kind}"
    named = because.what is not None and because.act is not None
    return f"reason_{because.act}" if named else f"reason_{ReasonKind.INTEREST}"


def _named(because: Because, language: str | None) -> str:
    what = because.what or ""
    if because.kind is ReasonKind.SUBJECT:
        return say(language, f"category_{what}")
    if because.kind is ReasonKind.SOURCE:
        what = outlet(what)
    return what if len(what) <= _LONGEST else what[: _LONGEST - 1].rstrip() + "…"

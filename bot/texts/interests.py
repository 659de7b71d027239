"""What is said of a reader's interests, wherever they are shown."""

from __future__ import annotations

from collections.abc import Sequence

from bot.texts import say
from storage.domain.changes import Learned
from storage.domain.evidence import EvidenceKind
from storage.domain.interests import Interest, InterestNote, Interests, Line

EVERYTHING = frozenset(("all", "全部", "所有"))
"""What names all interests at once."""
SHOWN_LINES = 3
"""How many lines of its evidence stand under an interest."""
_TOLD = {
    EvidenceKind.TOLD: "interests_cared",
    EvidenceKind.LESS: "interests_less",
    EvidenceKind.MUTED: "interests_no_more",
}
"""What is said of it, by what readers told."""


def label(interest: Interest, language: str | None) -> str:
    """What an interest is called: its terms, and its subject where that is known."""
    words = say(language, "hot_between").join(interest.words)
    if interest.category is None:
        return words
    return say(language, "interest_label", words=words, category=say(language, f"category_{interest.category}"))


def heading(known: Interests, interest: Interest, language: str | None) -> str:
    """What stands above an interest that is the first of its kind; empty where nothing does."""
    firsts = (
        (known.less, "profile_less"),
        (known.muted, "profile_muted"),
        (known.allowed, "profile_allowed"),
    )
    return next((say(language, key) for held, key in firsts if interest in held[:1]), "")


def named(what: Interest | Line, language: str | None) -> str:
    """What is steered, as it is called."""
    return what.words if isinstance(what, Line) else label(what, language)


def told_of(told: Learned, unmuted: Sequence[Interest], language: str | None) -> str:
    """What a reader said they care about, want less of or none of; and what they had muted that is so no longer."""
    between = say(language, "hot_between")
    named = {kind: [str(each.text) for each in told.evidence if each.kind is kind] for kind in _TOLD}
    parts = [say(language, key, what=between.join(named[kind])) for kind, key in _TOLD.items() if named[kind]]
    what = say(language, "digest_between").join(parts)
    if not unmuted:
        return what
    again = between.join(label(each, language) for each in unmuted)
    return say(language, "interests_and_unmuted", what=what, unmuted=again)


def told_unmuted(unmuted: Sequence[Interest], language: str | None) -> str:
    """That it is not muted any longer; empty where it is nothing."""
    if not unmuted:
        return ""
    between = say(language, "hot_between")
    return say(language, "no_longer_muted", unmuted=between.join(label(each, language) for each in unmuted))


def noted(known: Interests, language: str | None) -> tuple[InterestNote, ...]:
    """A reader's interests as they are put into plain words."""
    return tuple(
        InterestNote(label=label(each, language), weight=each.weight, trend=each.trend) for each in known.liked
    )


def because(line: Line, language: str | None) -> str:
    """A line of evidence with what the reader did."""
    said = say(language, "interest_line", did=say(language, f"did_{line.kind}"), words=line.words)
    return say(language, "interest_line_boosted", line=said) if line.boosted and line.kind != "boosted" else said

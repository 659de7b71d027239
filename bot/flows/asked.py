"""What is asked, as it is read: on one line, not too long; and as of when."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace
from datetime import datetime

from storage.domain.news import Filters
from storage.errors import InputError

MAX_QUESTION_CHARACTERS = 2_000
_NUMBER = re.compile(r"[\W_]*\d+[\W_]*")


def clean_question(text: str) -> str:
    """`text` in NFC, on one line, without control characters.

    Raises:
        InputError: Nothing is left of it, or it is longer than `MAX_QUESTION_CHARACTERS`.
    """
    if len(text) > MAX_QUESTION_CHARACTERS:
        raise InputError(
            "question",
            f"{len(text)} characters; at most {MAX_QUESTION_CHARACTERS} are read",
            key="question_too_long",
            length=len(text),
            limit=MAX_QUESTION_CHARACTERS,
        )
    visible = "".join(
        " " if character.isspace() else character
        for character in unicodedata.normalize("NFC", text)
        if character.isspace() or unicodedata.category(character) not in {"Cc", "Cs", "Co", "Cn"}
    )
    asked = " ".join(visible.split())
    if not any(unicodedata.category(character)[0] in "LN" for character in asked):
        raise InputError(repr(" ".join(text.split())), "has no words in it", key="question_empty")
    return asked


def as_words(title: str) -> str:
    """A title put where words or a number may be wanted: one that is a number, such as #128, names no story by it."""
    return f"“{title}”" if _NUMBER.fullmatch(" ".join(title.split())) else title


def as_of(filters: Filters, now: datetime | None) -> Filters:
    """`filters` without what was published after `now`. What has no date is not known to be later, and stays."""
    if now is None:
        return filters
    unbounded = filters.since is None and filters.until is None
    until = min(filters.until, now) if filters.until else now
    return replace(filters, until=until, undated=filters.undated or unbounded)

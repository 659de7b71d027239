"""What operators call somebody by, in settings and in chats, and how that is kept. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence

from storage.domain.people import ReaderId

_NUMBER = re.compile(r"(?:telegram:)?(-?[1-9][0-9]{0,18})", re.ASCII)
_NAME = re.compile(r"@[A-Za-z][A-Za-z0-9_]{3,31}", re.ASCII)


def called(word: str) -> str | None:
    """Whom `7`, `-1005`, `telegram:7` or `@Ada_L` names, as it is kept (see `Listing`); `None` where it is none."""
    if number := _NUMBER.fullmatch(word):
        return f"telegram:{number[1]}"
    return word.lower() if _NAME.fullmatch(word) else None


def all_called(words: str) -> Sequence[str]:
    """All who are named, separated by commas or blanks.

    Raises:
        ValueError: One of them is no number or name of Telegram's.
    """
    found = []
    for word in words.replace(",", " ").split():
        who = called(word)
        if who is None:
            raise ValueError(f"{word!r} is no number in Telegram, such as 123456 or -1001234, and no @name")
        found.append(who)
    return tuple(dict.fromkeys(found))


def people(words: str) -> frozenset[ReaderId]:
    """All people who are named, by their numbers: a name may pass to somebody else.

    Raises:
        ValueError: One of them is none.
    """
    found = all_called(words)
    if odd := next((who for who in found if not who.removeprefix("telegram:").isdecimal()), None):
        raise ValueError(f"{odd.removeprefix('telegram:')!r} is no number of a person's in Telegram, such as 123456")
    return frozenset(map(ReaderId, found))

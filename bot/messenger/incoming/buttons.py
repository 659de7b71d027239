"""The buttons under what the bot sends, and what a tap on one means. Pure.

What a button carries names a reply and a thing in it by its number, and tells nothing of either: it is seen by whoever
sees the message. What the reply told of is kept beside the outbox; see `storage.domain.feedback`.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from bot.messenger.wire.bot_api import Json
from bot.texts import say
from storage.domain.deliveries import OutboxMessage
from storage.domain.evidence import EvidenceKind
from storage.domain.feedback import About, Offer, Thing

_REF_BYTES = 9
_ROW = 5
"""Numbers side by side; more can hardly be told apart by a thumb."""
_LONGEST_ROW = 8
"""More Telegram puts into a row of their own."""
_DATA = re.compile(r"([A-Za-z0-9_-]{12}):([a-z]{1,16}):([0-9]{1,3})", re.ASCII)


class Press(StrEnum):
    """What a tap asks for. The value is what the button carries."""

    LIKED = "liked"
    DISLIKED = "disliked"
    MORE = "more"
    LESS = "less"
    BRIEF = "brief"
    FOLLOW = "follow"
    OPEN = "open"
    """To have the buttons of one of several things."""
    BACK = "back"
    """To have their numbers again."""

    @property
    def says(self) -> EvidenceKind | None:
        """What it says of the thing; `None` where it says nothing."""
        return EvidenceKind(self.value) if self in _SAYING else None


_SAYING = frozenset((Press.LIKED, Press.DISLIKED, Press.MORE, Press.LESS))


@dataclass(frozen=True, slots=True, kw_only=True)
class Pressed:
    """A button: what it asks for, of which reply, and of which thing in it, from 1."""

    ref: str
    press: Press
    number: int


def ref(cause: str) -> str:
    """What the reply is called whose messages' keys begin with `cause`; always the same."""
    return base64.urlsafe_b64encode(hashlib.blake2b(cause.encode(), digest_size=_REF_BYTES).digest()).decode()


def read(data: str | None) -> Pressed | None:
    """The button that carries `data`; `None` where it is none of ours."""
    match = _DATA.fullmatch(data or "")
    if match is None or match[2] not in set(Press):
        return None
    return Pressed(ref=match[1], press=Press(match[2]), number=int(match[3]))


def buttoned(messages: Sequence[OutboxMessage], about: About) -> tuple[OutboxMessage, ...]:
    """The messages of a reply, each with what it tells of, and the buttons under the last of its texts."""
    last = max((at for at, each in enumerate(messages) if each.method == "sendMessage"), default=None)
    return tuple(
        replace(
            each,
            about=about,
            payload=_with(each.payload, keyboard(about)) if at == last else each.payload,
        )
        for at, each in enumerate(messages)
    )


def keyboard(about: About, number: int | None = None, given: Collection[EvidenceKind] = ()) -> dict[str, Json]:
    """The buttons (InlineKeyboardMarkup): of the only thing, of the one of that number, or the numbers of all.

    Args:
        about: What the message tells of.
        number: The thing whose buttons are wanted, from 1; `None` where it is none in particular.
        given: What the reader's taps say of it by now, to be marked where only they see it.
    """
    several = len(about.things) > 1
    if several and number is None:
        return {"inline_keyboard": _numbers(about)}
    at = number or 1
    rows = _actions(about, at, about.things[at - 1], frozenset(given), f"{at}. " if several else "")
    if several:
        rows.append([_button(about, Press.BACK, at, "↩")])
    return {"inline_keyboard": rows}


def _actions(about: About, at: int, thing: Thing, given: frozenset[EvidenceKind], before: str) -> list[Json]:
    def saying(press: Press, text: str) -> Json:
        return _button(about, press, at, f"{text} ✓" if press.says in given else text)

    def label(key: str) -> str:
        return say(about.language, key)

    rows: list[Json] = [
        [saying(Press.LIKED, f"{before}👍"), saying(Press.DISLIKED, f"{before}👎")],
        [saying(Press.MORE, label("button_more")), saying(Press.LESS, label("button_less"))],
    ]
    offered: list[Json] = [
        _button(about, Press(offer.value), at, label(f"button_{offer}")) for offer in Offer if offer in about.offers
    ]
    return [*rows, offered] if offered and thing.story is not None else rows


def _numbers(about: About) -> list[Json]:
    of = len(about.things)
    buttons = [_button(about, Press.OPEN, at, str(at)) for at in range(1, of + 1)]
    row = of if of <= _LONGEST_ROW else _ROW
    return [list(buttons[at : at + row]) for at in range(0, of, row)]


def _button(about: About, press: Press, at: int, text: str) -> Json:
    return {"text": text, "callback_data": f"{about.ref}:{press}:{at}"}


def _with(payload: str, markup: dict[str, Json]) -> str:
    return json.dumps({**json.loads(payload), "reply_markup": markup})

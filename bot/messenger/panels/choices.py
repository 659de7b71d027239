"""What the buttons of a panel carry, and what a panel shows. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import time
from enum import StrEnum

from bot.messenger.paragraphs.markup import own, parts
from bot.messenger.wire.bot_api import Json
from storage.domain.changes import Change

_DATA = re.compile(r"([a-z]{1,12})\.([a-z]{1,12})(?:=([A-Za-z0-9_+:/-]{1,36}))?", re.ASCII)
_HOUR = re.compile(r"[0-2]\d[0-5]\d", re.ASCII)


class Panel(StrEnum):
    """What there are panels for. The value is what their buttons carry."""

    START = "start"
    SETTINGS = "settings"
    LANGUAGE = "language"


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """A button of a panel.

    Args:
        panel: Whose.
        page: What it is about, or leads to.
        wish: How that is to be; empty where it only leads there.
    """

    panel: Panel
    page: str
    wish: str = ""

    @property
    def data(self) -> str:
        """What the button carries; at most 64 bytes."""
        return f"{self.panel}.{self.page}" + (f"={self.wish}" if self.wish else "")


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """What a panel shows: a title, some lines, an empty one for a blank, and its buttons (InlineKeyboardMarkup)."""

    title: str
    lines: tuple[str, ...]
    keyboard: dict[str, Json]

    @property
    def text(self) -> str:
        """As Telegram HTML; of more than a message can show, what it can."""
        return parts([(own(self.title, "b"),), *((own(line),) if line else () for line in self.lines)])[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """What becomes of a panel.

    Args:
        view: What it shows from then on; `None` where that stays.
        changes: What is changed along with it.
        message: The number of its message, where nobody tapped on it.
        said: A sentence for the chat; empty where the panel says it all.
    """

    view: View | None
    changes: tuple[Change, ...] = ()
    message: int | None = None
    said: str = ""


def read(data: str | None) -> Choice | None:
    """The button that carries `data`; `None` where it is none of a panel's."""
    match = _DATA.fullmatch(data or "")
    if match is None or match[1] not in set(Panel):
        return None
    return Choice(panel=Panel(match[1]), page=match[2], wish=match[3] or "")


def button(text: str, choice: Choice, *, marked: bool = False) -> Json:
    """A button, with a mark where it says how something is."""
    return {"text": f"{text} ✓" if marked else text, "callback_data": choice.data}


def rows(buttons: Sequence[Json], width: int) -> list[Json]:
    """Buttons in rows of so many."""
    return [list(buttons[at : at + width]) for at in range(0, len(buttons), width)]


def clocked(at: time) -> str:
    """A time of day as buttons carry it."""
    return f"{at:%H%M}"


def hour_of(wish: str) -> time | None:
    """The time of day that a button carries; `None` where it is none."""
    if not _HOUR.fullmatch(wish) or int(wish[:2]) > time.max.hour:
        return None
    return time(int(wish[:2]), int(wish[2:]))


def signed(wish: str) -> tuple[str, bool] | None:
    """What is wanted, or no longer, as in `+x` and `-x`; `None` where neither is said."""
    return (wish[1:], wish[0] == "+") if wish[:1] in {"+", "-"} and wish[1:] else None

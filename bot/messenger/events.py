"""What people do that the bot reacts to, as values."""

from __future__ import annotations

from dataclasses import dataclass

from bot.messenger.buttons import Pressed
from bot.messenger.panels.choices import Choice
from storage.domain.dialogue import ConversationId
from storage.domain.evidence import EvidenceKind
from storage.domain.people import ReaderId


@dataclass(frozen=True, slots=True, kw_only=True)
class Me:
    """The bot as Telegram knows it. `username` is without the @."""

    id: int
    username: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where a message came from and who wrote it.

    Args:
        language: That they are spoken to in (ISO 639-1): the one they chose, else that of their Telegram.
        locale: The IETF tag of their Telegram's language, as it came; empty where it came without.
        asked: What they were asked last that they may write in answer; see `ReaderSettings`.
        username: Their name in Telegram, without the @ and in lower case, which may pass to somebody else; empty where
            they have none.
    """

    chat_id: int
    message_id: int
    reader: ReaderId
    language: str
    private: bool
    thread_id: int | None = None
    locale: str = ""
    asked: str | None = None
    username: str = ""

    @property
    def conversation(self) -> ConversationId:
        """The chat, or the topic of a forum."""
        thread = "" if self.thread_id is None else f":{self.thread_id}"
        return ConversationId(f"telegram:{self.chat_id}{thread}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Plain words to the bot."""

    origin: Origin
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Commanded:
    """A command, lower case and without the slash, and what was written after it."""

    origin: Origin
    command: str
    argument: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Tapped:
    """A tap on a button under the message that its origin names.

    Args:
        query: What the answer to it must name.
        pressed: The button under what tells of something; `None` where it is none of those.
        choice: The button of a panel; `None` where it is none of those.
        data: What the button carries, whatever that is.
    """

    origin: Origin
    query: str
    pressed: Pressed | None
    choice: Choice | None = None
    data: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reacted:
    """What someone's reactions say by now of the message that its origin names; `None` where they say nothing."""

    origin: Origin
    verdict: EvidenceKind | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Unreadable:
    """Something sent privately that the bot cannot read, such as a photo."""

    origin: Origin
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Ignored:
    """Nothing the bot should react to."""


Met = Asked | Commanded | Tapped | Reacted | Unreadable
"""What somebody did."""
Event = Met | Ignored

"""What people do that the bot reacts to, as values."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import tzinfo
from zoneinfo import ZoneInfo

from bot.messenger.incoming.buttons import Pressed
from bot.messenger.incoming.readables import Readable
from bot.messenger.panels.choices import Choice
from bot.texts.times import UNTOLD
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
        zone: The IANA name of the time zone that counts here; `None` where nobody has told one.
        asked: What they were asked last that they may write in answer; see `ReaderSettings`.
        username: Their name in Telegram, without the @ and in lower case, which may pass to somebody else; empty where
            they have none.
        chat_name: The same of the group or channel that it is in; empty in private.
        channel: Whether it is a channel, in which its administrators alone speak.
        answers: The number of the message that it answers, where it answers one.
    """

    chat_id: int
    message_id: int
    reader: ReaderId
    language: str
    private: bool
    thread_id: int | None = None
    locale: str = ""
    zone: str | None = None
    asked: str | None = None
    username: str = ""
    chat_name: str = ""
    channel: bool = False
    answers: int | None = None

    @property
    def place(self) -> ReaderId:
        """Whose sources, interests and settings count here: in private the reader's, else those of the chat or topic.

        What is of a group is of none of its members.
        """
        if self.private:
            return self.reader
        thread = "" if self.thread_id is None else f":{self.thread_id}"
        return ReaderId(f"telegram:{self.chat_id}{thread}")

    @property
    def clock(self) -> tzinfo:
        """The zone that times are told in."""
        return UNTOLD if self.zone is None else ZoneInfo(self.zone)

    @property
    def of_place(self) -> Origin:
        """The same, of whoever's the sources, interests and settings are that count here."""
        return replace(self, reader=self.place)

    @property
    def anonymous(self) -> bool:
        """Whether a group, or a channel, speaks itself: one of its administrators does, and does not say who."""
        return self.reader == f"telegram:{self.chat_id}" and not self.private

    @property
    def conversation(self) -> ConversationId:
        """The chat, or the topic of a forum."""
        thread = "" if self.thread_id is None else f":{self.thread_id}"
        return ConversationId(f"telegram:{self.chat_id}{thread}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Plain words to the bot.

    Args:
        own: Whether whoever sends them wrote them; what is forwarded says nothing of them, and asks for nothing.
    """

    origin: Origin
    text: str
    own: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Commanded:
    """A command, lower case and without the slash, what was written after it, and what it is about.

    That is what there is to read in the message that it answers; `None` where there is nothing, or it answers none.
    """

    origin: Origin
    command: str
    argument: str
    about: Readable | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Handed:
    """Something to be read, and what is asked of it, empty where nothing is."""

    origin: Origin
    what: Readable
    asked: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Located:
    """Where somebody is, in degrees north and east."""

    origin: Origin
    latitude: float
    longitude: float


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
class Welcomed:
    """Somebody let the bot into a group."""

    origin: Origin


@dataclass(frozen=True, slots=True, kw_only=True)
class Migrated:
    """A group became another chat, of these numbers."""

    origin: Origin
    was: int
    now: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Ignored:
    """Nothing the bot should react to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sought:
    """What somebody types behind the bot's name, in any chat, which nobody else sees; `query` names it."""

    origin: Origin
    query: str
    text: str


Met = Asked | Commanded | Handed | Located | Tapped | Reacted | Unreadable | Sought | Welcomed | Migrated
"""What somebody did."""
Event = Met | Ignored

"""What a Bot API server keeps: chats and who is in them, their messages and topics, drafts, files and open queries."""

from __future__ import annotations

import itertools
import time
from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]
Place = tuple[int, int]
"""A chat and the number of a message in it, of a topic of it, or of somebody in it."""

BOT: Json = {
    "id": 123456,
    "is_bot": True,
    "first_name": "Tidings",
    "username": "tidings_bot",
    "can_join_groups": True,
    "can_read_all_group_messages": False,
    "supports_inline_queries": True,
}
ADMINISTRATORS = frozenset(("creator", "administrator"))
_MAY = (
    "can_be_edited", "is_anonymous", "can_manage_chat", "can_delete_messages", "can_manage_video_chats",
    "can_restrict_members", "can_promote_members", "can_change_info", "can_invite_users", "can_post_stories",
    "can_edit_stories", "can_delete_stories",
)  # fmt: skip
"""What the specification wants to be told of every administrator."""


@dataclass(frozen=True)
class Cards:
    """How an inline query was answered: the results as they came, and how long for whom they are kept."""

    query: str
    results: tuple[Json, ...]
    personal: bool
    until: float


@dataclass(frozen=True)
class InlineQuery:
    """What somebody typed behind the bot's name in any chat."""

    words: str
    offset: str
    sender: int


@dataclass
class Chats:
    """Everything kept. A private chat has the number of its person, a group or channel a negative one."""

    kinds: dict[int, Json] = field(default_factory=dict)
    """Groups and channels that are other than a supergroup, as Chat."""
    people: dict[int, Json] = field(default_factory=dict)
    standing: dict[Place, str] = field(default_factory=dict)
    """The status of somebody in a chat."""
    topics: dict[Place, bool] = field(default_factory=dict)
    """The topics of forums, and whether they are open."""
    gone: dict[int, str] = field(default_factory=dict)
    """Chats that the bot cannot reach, and how Telegram says so."""
    moved: dict[int, int] = field(default_factory=dict)
    """Groups that became another chat."""
    messages: dict[Place, Json] = field(default_factory=dict)
    """As they are by now."""
    drafts: dict[int, dict[int, str]] = field(default_factory=dict)
    """What is being written to people, by chat and by the number of the draft."""
    reactions: dict[tuple[int, int, int], list[Json]] = field(default_factory=dict)
    """To a message in a chat, by whom."""
    files: dict[str, tuple[str, bytes]] = field(default_factory=dict)
    """By their file_id: their name and content."""
    taps: set[str] = field(default_factory=set)
    """Callback queries that can be answered yet."""
    inline: dict[str, InlineQuery] = field(default_factory=dict)
    """Inline queries that can be answered yet."""
    cards: dict[tuple[str, str, int | None], Cards] = field(default_factory=dict)
    """Answers to inline queries, by words, offset and, where they are personal, by whom."""
    menus: dict[tuple[str, str], list[Json]] = field(default_factory=dict)
    """The commands shown, by scope and language."""
    descriptions: dict[tuple[str, str], str] = field(default_factory=dict)
    """What the bot says of itself, by how long it may be and language."""
    _ids: itertools.count[int] = field(default_factory=lambda: itertools.count(1))

    def number(self) -> int:
        """A number for a message, a query or a file; none is given twice."""
        return next(self._ids)

    def chat(self, number: int) -> Json:
        """As Chat."""
        if number > 0:
            return {"id": number, "type": "private", "first_name": "Ada"}
        chat = self.kinds.get(number, {"id": number, "type": "supergroup", "title": "A group"})
        forum = any(place[0] == number for place in self.topics)
        return {**chat, "is_forum": True} if forum else chat

    def person(self, number: int, language: str | None = "en") -> Json:
        """As User; who was met before is who they were, but for the language of their phone."""
        person = {"id": number, "is_bot": False, "first_name": "Ada", **self.people.get(number, {})}
        if language is not None:
            person["language_code"] = language
        self.people[number] = person
        return person

    def member(self, chat: int, number: int) -> Json:
        """As ChatMember."""
        usual = "member" if number == chat or (chat, number) in self.standing or number == BOT["id"] else "left"
        status = self.standing.get((chat, number), usual)
        member: Json = {"status": status, "user": BOT if number == BOT["id"] else self.person(number, None)}
        if status == "administrator":
            member |= dict.fromkeys(_MAY, False) | {"can_manage_chat": True, "can_post_messages": True}
        elif status == "creator":
            member["is_anonymous"] = False
        elif status == "kicked":
            member["until_date"] = 0
        return member

    def administrates(self, chat: int, number: int) -> bool:
        """Whether somebody is an administrator there."""
        return self.standing.get((chat, number)) in ADMINISTRATORS

    def keep(self, message: Json) -> Json:
        """Keep a message as it is from now on."""
        self.messages[message["chat"]["id"], message["message_id"]] = message
        return message

    def keep_file(self, name: str, content: bytes) -> Json:
        """Keep a file; its description, as every kind of it begins."""
        file_id = f"file-{self.number()}"
        self.files[file_id] = name, content
        return {"file_id": file_id, "file_unique_id": file_id, "file_size": len(content)}

    def file(self, file_id: str) -> Json:
        """As File."""
        name, content = self.files[file_id]
        path = f"documents/{file_id}/{name}"
        return {"file_id": file_id, "file_unique_id": file_id, "file_size": len(content), "file_path": path}

    def answered(self, query: InlineQuery) -> Cards | None:
        """What Telegram answers an inline query with by itself, because the bot said it may."""
        found = (self.cards.get((query.words, query.offset, who)) for who in (query.sender, None))
        return next((cards for cards in found if cards is not None and cards.until > time.monotonic()), None)

    def history(self, chat: int) -> list[Json]:
        """The messages of a chat, as they are by now."""
        return [message for (where, _), message in sorted(self.messages.items()) if where == chat]

"""What people do in a messenger, as the updates that it makes for a bot."""

from __future__ import annotations

import time
from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any

from tests.bot_api.chats import BOT, Chats, InlineQuery, Json
from tests.bot_api.record import Call

ANONYMOUS: Json = {"id": 1087968824, "is_bot": True, "first_name": "Group", "username": "GroupAnonymousBot"}
"""Who an administrator is that shows themselves as the group."""


class People(ABC):
    """Does what people do; `add` queues what comes of it for the bot, or `None` where it is not told of it."""

    chats: Chats

    @abstractmethod
    def add(self, update: Json) -> int | None:
        """Queue an update; its number, and `None` where the bot did not ask for its kind."""

    def say(self, text: str, **message: Any) -> int:
        """A message to the bot; `chat`, `sender`, `language` and any field of Message may be given."""
        return _told(self.add({"message": self.message(text=text, **message)}))

    def message(self, *, chat: int = 7, sender: int | None = None, language: str = "en", **fields: Any) -> Json:
        """A message of somebody's, which is in its chat from then on."""
        who = self.chats.person(sender or abs(chat), language)
        if chat < 0:
            self.chats.standing.setdefault((chat, who["id"]), "member")
        if fields.get("message_thread_id") is not None:
            self.chats.topics.setdefault((chat, fields["message_thread_id"]), True)
        where = self.chats.chat(chat)
        message = {"message_id": self.chats.number(), "date": int(time.time()), "chat": where, "from": who}
        return self.chats.keep({name: value for name, value in {**message, **fields}.items() if value is not None})

    def say_anonymously(self, text: str, *, chat: int, **message: Any) -> int:
        """What an administrator says as the group."""
        self.chats.standing[chat, ANONYMOUS["id"]] = "administrator"
        said = self.message(text=text, chat=chat, **message)
        return _told(self.add({"message": {**said, "from": ANONYMOUS, "sender_chat": self.chats.chat(chat)}}))

    def send_file(self, name: str, content: bytes, *, mime: str = "application/octet-stream", **message: Any) -> int:
        """A document to the bot, which can be fetched; a `caption` may be given."""
        document = {**self.chats.keep_file(name, content), "file_name": name, "mime_type": mime}
        return _told(self.add({"message": self.message(document=document, **message)}))

    def send_photo(self, content: bytes = b"\xff\xd8", **message: Any) -> int:
        """A photo to the bot; a `caption` may be given."""
        photo = {**self.chats.keep_file("photo.jpg", content), "width": 90, "height": 90}
        return _told(self.add({"message": self.message(photo=[photo], **message)}))

    def send_voice(self, content: bytes = b"OggS", **message: Any) -> int:
        """A voice message to the bot."""
        voice = {**self.chats.keep_file("voice.ogg", content), "duration": 3}
        return _told(self.add({"message": self.message(voice=voice, **message)}))

    def forward(self, text: str, *, channel: str = "The Harbour Post", **message: Any) -> int:
        """A post of a channel, forwarded to the bot."""
        origin = {
            "type": "channel",
            "date": int(time.time()) - 3_600,
            "chat": {"id": -100_777, "type": "channel", "title": channel},
            "message_id": 11,
        }
        return self.say(text, forward_origin=origin, **message)

    def post(self, text: str, *, chat: int) -> int:
        """A post in a channel of which the bot is an administrator."""
        post = {"message_id": self.chats.number(), "date": int(time.time()), "chat": self.chats.chat(chat)}
        return _told(self.add({"channel_post": self.chats.keep({**post, "sender_chat": post["chat"], "text": text})}))

    def buttons(self, call: Call) -> list[list[str]]:
        """The labels of the buttons under a message by now, row by row."""
        return [[each["text"] for each in row] for row in self._keyboard(call)]

    def text(self, call: Call) -> str:
        """What a message says by now."""
        return str(self.chats.messages[call.place]["text"])

    def tap(self, call: Call, label: str, **tap: Any) -> int:
        """A tap on a button under a message; `sender` and `language` may be given."""
        data = next(each["callback_data"] for row in self._keyboard(call) for each in row if each["text"] == label)
        return self.tap_data(call, data, **tap)

    def tap_data(self, call: Call, data: str, *, sender: int | None = None, language: str = "en") -> int:
        """A tap that carries `data`, as a client of any kind could send it."""
        query = f"query-{self.chats.number()}"
        self.chats.taps.add(query)
        person = self.chats.person(sender or abs(call.chat_id), language)
        message = self.chats.messages.get(call.place) or {
            "message_id": call.message_id, "date": 0, "chat": self.chats.chat(call.chat_id),
        }  # fmt: skip
        return _told(
            self.add(
                {
                    "callback_query": {
                        "id": query,
                        "from": person,
                        "message": message,
                        "chat_instance": "1",
                        "data": data,
                    }
                }
            )
        )

    def expire(self) -> None:
        """So much time goes by that no query can be answered any more."""
        self.chats.taps.clear()
        self.chats.inline.clear()

    def react(self, call: Call, *emojis: str, sender: int | None = None) -> int | None:
        """A person's reactions to a message are these from now on.

        A bot is told who reacted where it is a private chat, or where it is an administrator; in a channel only how
        many there are of each.
        """
        chat, number = call.place
        who = self.chats.person(sender or abs(chat), None)
        before = self.chats.reactions.get((chat, number, who["id"]), [])
        after = [{"type": "emoji", "emoji": emoji} for emoji in emojis]
        self.chats.reactions[chat, number, who["id"]] = after
        where = self.chats.chat(chat)
        reaction = {"chat": where, "message_id": number, "date": int(time.time())}
        if chat < 0 and not self.chats.administrates(chat, BOT["id"]):
            return None
        if where["type"] == "channel":
            counts = [{"type": each, "total_count": 1} for each in after]
            return self.add({"message_reaction_count": {**reaction, "reactions": counts}})
        return self.add({"message_reaction": {**reaction, "user": who, "old_reaction": before, "new_reaction": after}})

    def ask_inline(
        self, words: str, *, sender: int = 7, language: str = "en", offset: str = "", chat_type: str = "sender"
    ) -> str:
        """What somebody types behind the bot's name; the number of the query.

        The bot is not asked where Telegram keeps an answer that it may give by itself.
        """
        number, query = f"inline-{self.chats.number()}", InlineQuery(words=words, offset=offset, sender=sender)
        kept = self.chats.answered(query)
        if kept is None:
            self.chats.inline[number] = query
            self.add(
                {
                    "inline_query": {
                        "id": number, "from": self.chats.person(sender, language), "query": words, "offset": offset,
                        "chat_type": chat_type,
                    }
                }
            )  # fmt: skip
        return number if kept is None else kept.query

    def choose(self, words: str, result: Mapping[str, Any], *, sender: int = 7) -> int | None:
        """Somebody sends one of the cards they were shown, which a bot is told of that asked @BotFather for it."""
        person = self.chats.person(sender, None)
        return self.add({"chosen_inline_result": {"result_id": result["id"], "from": person, "query": words}})

    def block(self, person: int) -> int | None:
        """Somebody blocks the bot."""
        return self._stand(person, "kicked", "Forbidden: bot was blocked by the user")

    def unblock(self, person: int) -> int | None:
        """Somebody starts the bot again."""
        return self._stand(person, "member", None)

    def invite(self, chat: int, status: str = "member", sender: int = 7) -> int | None:
        """The bot is a member of a group or channel from now on, or an administrator."""
        return self._stand(chat, status, None, sender)

    def dismiss(self, chat: int, sender: int = 7) -> int | None:
        """The bot is thrown out of a group or channel."""
        return self._stand(
            chat, "kicked", f"Forbidden: bot was kicked from the {self.chats.chat(chat)['type']} chat", sender
        )

    def promote(self, chat: int, person: int, status: str = "administrator") -> None:
        """Somebody is an administrator from now on, or what `status` says."""
        self.chats.person(person, None)
        self.chats.standing[chat, person] = status

    def open_topic(self, chat: int, thread: int) -> None:
        """There is a topic of that number in a group, which is a forum by that."""
        self.chats.topics[chat, thread] = True

    def close_topic(self, chat: int, thread: int) -> None:
        """Nobody but administrators may write there."""
        self.chats.topics[chat, thread] = False

    def open_channel(self, chat: int, title: str = "A channel") -> None:
        """There is a channel of that number."""
        self.chats.kinds[chat] = {"id": chat, "type": "channel", "title": title}

    def migrate(self, chat: int, to: int) -> None:
        """A group becomes a supergroup, of which it and that tell."""
        self.chats.moved[chat] = to
        self.add({"message": self.message(chat=chat, migrate_to_chat_id=to)})
        self.add({"message": self.message(chat=to, migrate_from_chat_id=chat)})

    def _stand(self, chat: int, status: str, gone: str | None, sender: int | None = None) -> int | None:
        before = self.chats.member(chat, BOT["id"])
        self.chats.standing[chat, BOT["id"]] = status
        if gone is None:
            self.chats.gone.pop(chat, None)
        else:
            self.chats.gone[chat] = gone
        change = {
            "chat": self.chats.chat(chat),
            "from": self.chats.person(sender or abs(chat), None),
            "date": int(time.time()),
            "old_chat_member": before,
            "new_chat_member": self.chats.member(chat, BOT["id"]),
        }
        return self.add({"my_chat_member": change})

    def _keyboard(self, call: Call) -> list[list[Json]]:
        markup = self.chats.messages[call.place].get("reply_markup", {})
        keyboard: list[list[Json]] = markup.get("inline_keyboard", [])
        return keyboard


def _told(number: int | None) -> int:
    """Of what a bot is told unless it says that it won't be."""
    assert number is not None, "the bot did not ask for this kind of update"
    return number

"""Messages as a Bot API server takes them of a bot: sent, drafted, changed, deleted, reacted to.

What Telegram would refuse because a bot is wrong, and not because of who it writes to, is a violation, too.
"""

from __future__ import annotations

import json
import struct
import time
from collections.abc import Mapping
from typing import Any

from tests.bot_api import telegram_html
from tests.bot_api.chats import BOT, Chats, Json

MAX_UNITS, MAX_CAPTION_UNITS = 4096, 1024
MAX_PHOTO_BYTES, MAX_PHOTO_SIDES, MAX_PHOTO_RATIO = 10 * 1024 * 1024, 10_000, 20
MAX_DOCUMENT_BYTES = 50 * 1024 * 1024
MAX_DATA_BYTES = 64
_ACTIONS = frozenset((
    "typing", "upload_photo", "record_video", "upload_video", "record_voice", "upload_voice", "upload_document",
    "choose_sticker", "find_location", "record_video_note", "upload_video_note",
))  # fmt: skip

Fields = Mapping[str, str]
Files = Mapping[str, bytes]


class Refusal(Exception):
    """A call that is refused."""

    def __init__(self, code: int, description: str, **parameters: Any) -> None:
        super().__init__(description)
        self.code, self.description, self.parameters = code, description, parameters


class Messages:
    """What is done with messages.

    Args:
        emojis: What bots and people may react with; anything where that is not known.
        violations: Takes what is wrong with a bot, one line each.
    """

    def __init__(self, chats: Chats, violations: list[str], emojis: frozenset[str] = frozenset()) -> None:
        self._chats, self.violations, self._emojis = chats, violations, emojis

    def _wrong(self, violation: str, description: str) -> Refusal:
        self.violations.append(violation)
        return Refusal(400, f"Bad Request: {description}")

    def _open(self, fields: Fields) -> int:
        """The number of the chat that a call is about, which the bot can write to."""
        try:
            chat = int(fields["chat_id"])
        except ValueError:
            raise self._wrong(f"a chat called {fields['chat_id']!r}", "chat not found") from None
        if chat in self._chats.moved:
            raise Refusal(
                400,
                "Bad Request: group chat was upgraded to a supergroup chat",
                migrate_to_chat_id=self._chats.moved[chat],
            )
        if chat in self._chats.gone:
            raise Refusal(403, self._chats.gone[chat])
        if self._chats.chat(chat)["type"] == "channel" and not self._chats.administrates(chat, BOT["id"]):
            raise Refusal(400, "Bad Request: need administrator rights in the channel chat")
        return chat

    def _text(self, fields: Fields, name: str, most: int) -> Json:
        """What a text shows, and how it is marked up; as it is called in a message."""
        text = fields.get(name, "")
        entities: tuple[Json, ...] = ()
        if fields.get("parse_mode") == "HTML":
            try:
                parsed = telegram_html.parse(text)
            except telegram_html.MarkupError as error:
                raise self._wrong(f"{error}: {text[:200]!r}", str(error)) from None
            text, entities = parsed.text, parsed.described
        elif "parse_mode" in fields:
            raise self._wrong(f"a text in {fields['parse_mode']}", "unsupported parse_mode")
        elif "entities" in fields:
            entities = tuple(json.loads(fields["entities"]))
        if telegram_html.units(text) > most:
            raise self._wrong(f"a {'message' if name == 'text' else name} of {telegram_html.units(text)} units",
                              "message is too long" if name == "text" else "message caption is too long")  # fmt: skip
        marks = "entities" if name == "text" else f"{name}_entities"
        return {name: text, marks: list(entities)} if entities else {name: text} if text else {}

    def _said(self, fields: Fields) -> Json:
        text = self._text(fields, "text", MAX_UNITS)
        if not text.get("text", "").strip():
            raise self._wrong("an empty message", "message text is empty")
        return text

    def _keyboard(self, fields: Fields) -> Json:
        markup: Json = json.loads(fields.get("reply_markup", "{}"))
        rows = markup.get("inline_keyboard", [])
        for button in (each for row in rows for each in row):
            if not 1 <= len(button.get("callback_data", "x").encode()) <= MAX_DATA_BYTES:
                raise self._wrong(f"a button that carries {button['callback_data']!r}", "BUTTON_DATA_INVALID")
            if not button["text"].strip():
                raise self._wrong("a button without words", "text buttons are allowed only with text")
            if button.get("url", "https://").split(":")[0] not in {"http", "https"}:
                raise self._wrong(f"a button that opens {button['url']!r}", "BUTTON_URL_INVALID")
        return {"reply_markup": {"inline_keyboard": [row for row in rows if row]}} if any(rows) else {}

    def _thread(self, chat: int, fields: Fields) -> Json:
        if "message_thread_id" not in fields:
            return {}
        thread = int(fields["message_thread_id"])
        if (chat, thread) not in self._chats.topics:
            raise Refusal(400, "Bad Request: message thread not found")
        if not (self._chats.topics[chat, thread] or self._chats.administrates(chat, BOT["id"])):
            raise Refusal(400, "Bad Request: TOPIC_CLOSED")
        return {"message_thread_id": thread, "is_topic_message": True}

    def _replied(self, chat: int, fields: Fields) -> Json:
        given: Json = json.loads(fields.get("reply_parameters", "{}"))
        if not given:
            return {}
        message = self._chats.messages.get((int(given.get("chat_id", chat)), given["message_id"]))
        if message is None and not given.get("allow_sending_without_reply"):
            raise Refusal(400, "Bad Request: message to be replied not found")
        if message is None:
            return {}
        return {"reply_to_message": {name: value for name, value in message.items() if name != "reply_to_message"}}

    def _sent(self, chat: int, fields: Fields, content: Json) -> Json:
        """A message of the bot's, in its chat from then on; what was being written there is written."""
        placed = {**self._thread(chat, fields), **self._replied(chat, fields), **self._keyboard(fields)}
        message: Json = {"message_id": self._chats.number(), "date": int(time.time()), "chat": self._chats.chat(chat)}
        channel = message["chat"]["type"] == "channel"
        self._chats.drafts.pop(chat, None)
        return self._chats.keep(
            {
                **message,
                ("sender_chat" if channel else "from"): message["chat"] if channel else BOT,
                **placed,
                **content,
            }
        )

    def _send_message(self, fields: Fields, _files: Files) -> Json:
        chat = self._open(fields)
        return self._sent(chat, fields, self._said(fields))

    def _draft(self, fields: Fields, _files: Files) -> bool:
        chat, number = self._open(fields), int(fields["draft_id"])
        if chat < 0:
            raise self._wrong("a draft where others read along", "TEXTDRAFT_PEER_INVALID")
        if number == 0:
            raise self._wrong("a draft without a number", "TEXTDRAFT_ID_INVALID")
        self._thread(chat, fields)
        self._chats.drafts.setdefault(chat, {})[number] = self._text(fields, "text", MAX_UNITS).get("text", "")
        return True

    def _photo(self, fields: Fields, files: Files) -> Json:
        """A picture that is uploaded, or one from before; no other kind than PNG, as the bot draws none."""
        chat, caption = self._open(fields), self._text(fields, "caption", MAX_CAPTION_UNITS)
        if fields.get("photo") in self._chats.files:
            return self._sent(chat, fields, {"photo": [{**_unnamed(self._chats.file(fields["photo"])), "width": 1,
                                                        "height": 1}], **caption})  # fmt: skip
        png = files.get("photo", b"")
        width, height = struct.unpack(">II", png[16:24]) if png.startswith(b"\x89PNG") and len(png) > 24 else (0, 0)
        if not min(width, height) or len(png) > MAX_PHOTO_BYTES:
            raise self._wrong(f"a picture of {len(png)} bytes, {width} by {height}", "IMAGE_PROCESS_FAILED")
        if width + height > MAX_PHOTO_SIDES or max(width, height) > MAX_PHOTO_RATIO * min(width, height):
            raise self._wrong(f"a picture of {width} by {height}", "PHOTO_INVALID_DIMENSIONS")
        size = {**self._chats.keep_file("photo.png", png), "width": width, "height": height}
        return self._sent(chat, fields, {"photo": [size], **caption})

    def _document(self, fields: Fields, files: Files) -> Json:
        chat, caption = self._open(fields), self._text(fields, "caption", MAX_CAPTION_UNITS)
        if fields.get("document") in self._chats.files:
            return self._sent(chat, fields, {"document": _unnamed(self._chats.file(fields["document"])), **caption})
        content = files.get("document", b"")
        if not 0 < len(content) <= MAX_DOCUMENT_BYTES:
            raise self._wrong(f"a file of {len(content)} bytes", "file must be non-empty")
        name = getattr(content, "name", "document")
        return self._sent(
            chat, fields, {"document": {**self._chats.keep_file(name, content), "file_name": name}, **caption}
        )

    def _act(self, fields: Fields, _files: Files) -> bool:
        self._thread(self._open(fields), fields)
        if fields["action"] not in _ACTIONS:
            raise self._wrong(f"a chat action called {fields['action']!r}", "wrong parameter action in request")
        return True

    def _own(self, fields: Fields, what: str) -> Json:
        """The message of the bot's that a call is about."""
        message = self._chats.messages.get((self._open(fields), int(fields["message_id"])))
        if message is None:
            raise Refusal(400, f"Bad Request: message to {what} not found")
        if message.get("from", BOT)["id"] != BOT["id"]:
            raise self._wrong("a message of somebody else's that is changed", f"message can't be {what}ed")
        return message

    def _edit_text(self, fields: Fields, _files: Files) -> Json | bool:
        if "inline_message_id" in fields:
            self._said(fields)
            return True
        message = self._own(fields, "edit")
        if "text" not in message:
            raise self._wrong(
                "a message without a text whose text is changed", "there is no text in the message to edit"
            )
        return self._edited(message, {**self._said(fields), **self._keyboard(fields)}, ("text", "entities"))

    def _edit_keyboard(self, fields: Fields, _files: Files) -> Json | bool:
        if "inline_message_id" in fields:
            return True
        return self._edited(self._own(fields, "edit"), self._keyboard(fields), ())

    def _edited(self, message: Json, content: Json, others: tuple[str, ...]) -> Json:
        left = {name: value for name, value in message.items() if name not in {"reply_markup", *others}}
        after = {**left, **content}
        if after == message:
            raise Refusal(
                400,
                "Bad Request: message is not modified: specified new message content and reply markup are exactly the "
                "same as a current content and reply markup of the message",
            )
        return self._chats.keep({**after, "edit_date": int(time.time())} if "edit_date" in message else after)

    def _delete(self, fields: Fields, _files: Files) -> bool:
        del self._chats.messages[self._own(fields, "delete")["chat"]["id"], int(fields["message_id"])]
        return True

    def _react(self, fields: Fields, _files: Files) -> bool:
        chat, number = self._open(fields), int(fields["message_id"])
        if (chat, number) not in self._chats.messages:
            raise Refusal(400, "Bad Request: message to react not found")
        reactions: list[Json] = json.loads(fields.get("reaction", "[]"))
        if len(reactions) > 1:
            raise self._wrong("more reactions than a bot may have", "REACTIONS_TOO_MANY")
        if self._emojis and any(each.get("emoji") not in self._emojis for each in reactions):
            raise self._wrong(f"a reaction that there is not: {reactions}", "REACTION_INVALID")
        self._chats.reactions[chat, number, BOT["id"]] = reactions
        return True


def _unnamed(file: Json) -> Json:
    """What is said of a file where it is part of a message."""
    return {name: value for name, value in file.items() if name != "file_path"}

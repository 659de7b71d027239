"""What a Bot API server does when it is asked to: each method changes what it keeps, or is refused as Telegram refuses.

What is done with messages is in `messages`.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import Any

from tests.bot_api import telegram_html
from tests.bot_api.chats import ADMINISTRATORS, BOT, Cards, Chats, Json
from tests.bot_api.messages import Fields, Files, Messages, Refusal

MAX_ANSWER_UNITS, MAX_FETCHED_BYTES = 200, 20 * 1024 * 1024
MAX_DESCRIPTION_UNITS, MAX_SHORT_UNITS = 512, 120
MAX_CARDS, MAX_CARD_ID_BYTES, MAX_OFFSET_BYTES, MAX_COMMANDS = 50, 64, 64, 100
CACHE_SECONDS = 300
"""How long an answer to an inline query is kept that does not say how long."""
_TOO_OLD = "Bad Request: query is too old and response timeout expired or query ID is invalid"


class Methods(Messages):
    """Carries out calls upon what is kept."""

    def __init__(self, chats: Chats, violations: list[str], emojis: frozenset[str] = frozenset()) -> None:
        super().__init__(chats, violations, emojis)
        self._methods: dict[str, Callable[[Fields, Files], Any]] = {
            "getMe": _me,
            "sendMessage": self._send_message,
            "sendMessageDraft": self._draft,
            "sendPhoto": self._photo,
            "sendDocument": self._document,
            "sendChatAction": self._act,
            "editMessageText": self._edit_text,
            "editMessageReplyMarkup": self._edit_keyboard,
            "deleteMessage": self._delete,
            "setMessageReaction": self._react,
            "answerCallbackQuery": self._answer_tap,
            "answerInlineQuery": self._answer_inline,
            "getFile": self._file,
            "getChat": self._chat_info,
            "getChatMember": self._member,
            "getChatAdministrators": self._administrators,
            "leaveChat": self._leave,
            "setMyCommands": self._menu,
            "getMyCommands": self._shown_menu,
            "setMyDescription": lambda fields, _: self._describe(fields, "description", MAX_DESCRIPTION_UNITS),
            "setMyShortDescription": lambda fields, _: self._describe(fields, "short_description", MAX_SHORT_UNITS),
            "getMyDescription": lambda fields, _: self._description(fields, "description"),
            "getMyShortDescription": lambda fields, _: self._description(fields, "short_description"),
        }

    def carry_out(self, method: str, fields: Fields, files: Files) -> Any:
        """What the call gives. A method whose effects nobody looks at gives True.

        Raises:
            Refusal: It is refused.
        """
        try:
            return self._methods.get(method, _done)(fields, files)
        except KeyError as error:
            raise Refusal(400, f"Bad Request: {error.args[0]} is empty") from error

    def _answer_tap(self, fields: Fields, _files: Files) -> bool:
        if telegram_html.units(fields.get("text", "")) > MAX_ANSWER_UNITS:
            raise self._wrong(f"an answer of {telegram_html.units(fields['text'])} units", "MESSAGE_TOO_LONG")
        if fields["callback_query_id"] not in self._chats.taps:
            raise Refusal(400, _TOO_OLD)
        self._chats.taps.remove(fields["callback_query_id"])
        return True

    def _answer_inline(self, fields: Fields, _files: Files) -> bool:
        results: list[Json] = json.loads(fields["results"])
        if len(results) > MAX_CARDS:
            raise self._wrong(f"{len(results)} cards", "RESULTS_TOO_MUCH")
        names = [each["id"] for each in results]
        if len(set(names)) < len(names):
            raise self._wrong("two cards of one name", "RESULT_ID_DUPLICATE")
        if any(not 1 <= len(name.encode()) <= MAX_CARD_ID_BYTES for name in names):
            raise self._wrong("a card whose name is too long", "RESULT_ID_INVALID")
        for result in results:
            content = result.get("input_message_content", {})
            self._said({"text": content.get("message_text", ""), **_only(content, "parse_mode")})
            self._keyboard({"reply_markup": json.dumps(result.get("reply_markup", {}))})
        if len(fields.get("next_offset", "").encode()) > MAX_OFFSET_BYTES:
            raise self._wrong("an offset that is too long", "NEXT_OFFSET_INVALID")
        query = self._chats.inline.pop(fields["inline_query_id"], None)
        if query is None:
            raise Refusal(400, _TOO_OLD)
        personal = yes(fields.get("is_personal"))
        until = time.monotonic() + float(fields.get("cache_time", CACHE_SECONDS))
        self._chats.cards[query.words, query.offset, query.sender if personal else None] = Cards(
            query=fields["inline_query_id"], results=tuple(results), personal=personal, until=until
        )
        return True

    def _file(self, fields: Fields, _files: Files) -> Json:
        if fields["file_id"] not in self._chats.files:
            raise Refusal(400, "Bad Request: wrong file_id or the file is temporarily unavailable")
        file = self._chats.file(fields["file_id"])
        if file["file_size"] > MAX_FETCHED_BYTES:
            raise Refusal(400, "Bad Request: file is too big")
        return file

    def _chat_info(self, fields: Fields, _files: Files) -> Json:
        gifts = dict.fromkeys(
            ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels"), False
        )
        chat = self._chats.chat(self._open(fields))
        return {**chat, "accent_color_id": 0, "max_reaction_count": 11, "accepted_gift_types": gifts}

    def _member(self, fields: Fields, _files: Files) -> Json:
        return self._chats.member(self._open(fields), int(fields["user_id"]))

    def _administrators(self, fields: Fields, _files: Files) -> list[Json]:
        chat = self._open(fields)
        if chat > 0:
            raise Refusal(400, "Bad Request: there are no administrators in the private chat")
        standing = self._chats.standing.items()
        return [self._chats.member(where, who) for (where, who), as_ in standing
                if where == chat and as_ in ADMINISTRATORS]  # fmt: skip

    def _leave(self, fields: Fields, _files: Files) -> bool:
        chat = self._open(fields)
        self._chats.standing[chat, BOT["id"]] = "left"
        self._chats.gone[chat] = f"Forbidden: bot is not a member of the {self._chats.chat(chat)['type']} chat"
        return True

    def _menu(self, fields: Fields, _files: Files) -> bool:
        commands: list[Json] = json.loads(fields["commands"])
        if len(commands) > MAX_COMMANDS:
            raise self._wrong(f"{len(commands)} commands", "BOT_COMMANDS_TOO_MUCH")
        for each in commands:
            name = each["command"]
            if not (
                name.isascii() and 1 <= len(name) <= 32 and name.replace("_", "a").isalnum() and name == name.lower()
            ):
                raise self._wrong(f"a command called {name!r}", "BOT_COMMAND_INVALID")
            if not 1 <= telegram_html.units(each["description"]) <= 256:
                raise self._wrong(f"what is said of /{name}", "BOT_COMMAND_DESCRIPTION_INVALID")
        self._chats.menus[_menu_of(fields)] = commands
        return True

    def _shown_menu(self, fields: Fields, _files: Files) -> list[Json]:
        return self._chats.menus.get(_menu_of(fields), [])

    def _describe(self, fields: Fields, name: str, most: int) -> bool:
        told = fields.get(name, "")
        if telegram_html.units(told) > most:
            raise self._wrong(f"a {name} of {telegram_html.units(told)} units", f"{name} is too long")
        self._chats.descriptions[name, fields.get("language_code", "")] = told
        return True

    def _description(self, fields: Fields, name: str) -> Json:
        """In a language, or where it has none of its own, in whatever language."""
        kept = self._chats.descriptions
        return {name: kept.get((name, fields.get("language_code", ""))) or kept.get((name, ""), "")}


def _me(_fields: Fields, _files: Files) -> Json:
    return BOT


def _done(_fields: Fields, _files: Files) -> bool:
    return True


def yes(field: str | None) -> bool:
    """What a field says that is a yes or a no."""
    return (field or "").lower() in {"true", "1"}


def _menu_of(fields: Fields) -> tuple[str, str]:
    """For whom a menu is: its scope, and its language."""
    return json.loads(fields.get("scope", '{"type": "default"}'))["type"], fields.get("language_code", "")


def _only(content: Json, name: str) -> dict[str, str]:
    return {name: content[name]} if name in content else {}

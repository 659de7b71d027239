"""Updates that no hand wrote: made from the specification, some of them as people would make them, and then broken.

By a seed, the same ones each time.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from tests.bot_api.chats import BOT
from tests.bot_api.specification import Specification

PEOPLE, GROUPS, TOPICS = range(1, 400), range(-40, 0), range(1, 4)
"""Who there is, and where they are together: few enough that what one update changes is there for a later one."""
HOSTILE = (
    "", " ", "\u0000", "\ud83d", "\ude00\ud83d", "\u202eevil\u202c", "\u200b" * 50, "a" * 4096, "长" * 4096,
    "😀" * 2048, "<b>", "</b></b>", '<a href="javascript:alert(1)">x</a>', "&#0;&amp;lt;", "tg://user?id=1",
    "javascript:alert(1)", "http://[::1", "https://user:pass@a.example/", "http://a.example/\n\r\x00",
    "file:///etc/passwd", "xn--", "%00", "'; DROP TABLE inbox; --", "{0}{1}{name!r:>9999999}", "%s%n%d",
    "../../../../etc/passwd", "\u0661\u0662:\u0663\u0660", "25:99", "-1", "9" * 400, "1e999", "NaN", "٣", "½",
    "²", "İ", "ﬃ", "ß" * 300, "\u2028\u2029", "é" * 200, "क़्" * 99,
)  # fmt: skip
"""Texts that have broken programs."""
_WORDS = (
    "hello", "what is going on?", "今天有什么新闻？", "who builds the ferries?", "why?", "and China?", "thanks",
    "Berlin", "send me chip news at 7:30, not on weekends", "每天早上八点给我发科技新闻", "less sport please",
    "I am a chip engineer", "stop", "yes", "no", "北京", "UTC+5:30", "07:30", "https://a.example/page",
    "a.example/feed.xml", "what should I read?", "forget everything about me", "把关于我的都删掉", "boom", "empty", "1",
    "2.1", "#news", "@tidings_bot ferries?", "/", "//",
)  # fmt: skip
_ARGUMENTS = (
    "", "1", "2", "0", "-1", "99999999999999999999", "chip exports", "芯片出口", "7:30 weekdays Berlin", "off",
    "zh", "english", "https://a.example/rss", "ftp://a.example", "all", "everything", "2.1", "hot", "brief_128",
    "settings", "@tidings_bot",
)  # fmt: skip
_SCALES = (0, 1, -1, 2**31, -(2**31), 2**52, 2**63 - 1, 2**63, -(2**63), 10**20, 10**400)
_CHOICES = re.compile(r"(?:always|must be|either|one of|[Cc]an be|[Cc]urrently).*")
_QUOTED = re.compile(r'[“"]([a-z_]+)[”"]')
_DEEPEST = 6


class Kind(StrEnum):
    """How an update was made."""

    SPECIFIED = "specified"
    """As the specification has it, with any values."""
    LIKELY = "likely"
    """As people make them, about chats that there are."""
    MUTATED = "mutated"
    """One of these, with something in it that should not be."""
    UNREADABLE = "unreadable"
    """The text of one, damaged."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    kind: Kind
    text: str


class Fuzz:
    """Makes updates.

    Args:
        commands: What people may write behind a slash.
        data: What buttons carry that were sent, with their chats and messages; whoever uses this adds to it.
    """

    def __init__(self, specification: Specification, seed: int, commands: Sequence[str]) -> None:
        self._specification, self._random = specification, random.Random(seed)  # noqa: S311 - to be repeated
        self._commands = commands
        self.data: list[tuple[int, int, str]] = [(7, 1, "x")]
        self._kinds = [name for name in specification.fields("Update") if name != "update_id"]
        self._scalars: dict[str, Callable[[], Any]] = {
            "Integer": self._integer,
            "Float": lambda: self._random.choice((0, 1, -1.5, 1e9, 1e-300)),
            "String": self._text,
            "Boolean": lambda: self._random.random() < 0.5,
            "True": lambda: True,
        }
        self._likely: tuple[Callable[[], dict[str, Any]], ...] = (
            *(self._message,) * 6, self._tap, self._tap, self._reaction, self._standing, self._inline, self._chosen,
            self._post,
        )  # fmt: skip

    def update(self, number: int) -> Made:
        """The update of that number; only what it is called by is always as it should be."""
        chance = self._random.random()
        if chance < 0.5:
            return self._told(Kind.LIKELY, number, self._random.choice(self._likely)())
        if chance < 0.75:
            return self._told(Kind.SPECIFIED, number, self._specified())
        likely = self._random.random() < 0.7
        update = self._random.choice(self._likely)() if likely else self._specified()
        if chance < 0.998:
            for _ in range(self._random.choice((1, 1, 1, 2, 4))):
                self._mutate(update)
            return self._told(Kind.MUTATED, number, update)
        return Made(kind=Kind.UNREADABLE, text=self._damaged(self._told(Kind.LIKELY, number, update).text))

    def _told(self, kind: Kind, number: int, update: dict[str, Any]) -> Made:
        return Made(kind=kind, text=json.dumps({"update_id": number, **update}))

    # as specified

    def _specified(self) -> dict[str, Any]:
        kind = self._random.choice(self._kinds)
        return {kind: self._value(self._random.choice(self._specification.fields("Update")[kind]["types"]), 0)}

    def _object(self, name: str, depth: int) -> dict[str, Any]:
        fields = self._specification.fields(name)
        optional = [field for field, of in fields.items() if not of["required"]]
        most = 0 if depth > _DEEPEST else max(1, 5 - depth)
        wanted = set(self._random.sample(optional, min(len(optional), self._random.randint(0, most))))
        return {
            field: self._field(of, depth + 1)
            for field, of in fields.items()
            if of["required"] or field in wanted
        }  # fmt: skip

    def _field(self, of: dict[str, Any], depth: int) -> Any:
        kind = self._random.choice(of["types"])
        if kind == "String" and (said := _CHOICES.search(str(of["description"]))):
            choices = _QUOTED.findall(said[0])
            if choices:
                return self._random.choice(choices)
        return self._value(kind, depth)

    def _value(self, kind: str, depth: int) -> Any:
        if kind.startswith("Array of "):
            most = self._random.randint(0, 0 if depth > _DEEPEST else 2)
            return [self._value(kind.removeprefix("Array of "), depth + 1) for _ in range(most)]
        if kind in self._scalars:
            return self._scalars[kind]()
        subtypes = self._specification.subtypes(kind)
        if not subtypes:
            return self._object(kind, depth)
        shallow = [each for each in subtypes if each == "String"] if depth > _DEEPEST else []
        return self._value(self._random.choice(shallow or subtypes), depth + 1)

    def _integer(self) -> int:
        return self._random.choice((0, 1, 7, 1_790_000_000, self._random.randint(1, 2**31 - 1)))

    def _text(self) -> str:
        return self._random.choice((*HOSTILE, *_WORDS, self._command()))

    def _command(self) -> str:
        name = self._random.choice(self._commands)
        if self._random.random() < 0.1:
            return f"/{name}_{self._random.choice(_ARGUMENTS)}"
        addressed = "@tidings_bot" if self._random.random() < 0.2 else ""
        argument = self._random.choice((*_ARGUMENTS, self._random.choice(HOSTILE)))
        return f"/{name}{addressed} {argument}".rstrip()

    # as people do

    def _person(self) -> dict[str, Any]:
        number = self._random.choice(PEOPLE)
        language = self._random.choice(("en", "zh-hans", "de", "en-GB", "", "xx-YY-zz"))
        person = {"id": number, "is_bot": False, "first_name": self._random.choice(("Ada", "李", *HOSTILE[:9]))}
        return {**person, "language_code": language} if language else person

    def _place(self, person: dict[str, Any]) -> dict[str, Any]:
        if self._random.random() < 0.75:
            return {"id": person["id"], "type": "private", "first_name": "Ada"}
        number = self._random.choice(GROUPS)
        return {"id": number, "type": "supergroup", "title": "A group", "is_forum": number % 2 == 0}

    def _said(self) -> dict[str, Any]:
        person = self._person()
        chat = self._place(person)
        said = {"message_id": self._integer(), "date": 1_790_000_000, "chat": chat, "from": person}
        if chat["id"] % 2 == 0 and chat["id"] < 0:
            said |= {"message_thread_id": self._random.choice(TOPICS), "is_topic_message": True}
        if chat["id"] < 0 and self._random.random() < 0.3:
            said["reply_to_message"] = {**said, "from": {**BOT}, "text": "hi"}
        return said

    def _message(self) -> dict[str, Any]:
        message = self._said()
        if self._random.random() < 0.85:
            message["text"] = self._command() if self._random.random() < 0.5 else self._text()
        else:
            fields = self._specification.fields("Message")
            for name in self._random.sample(list(fields), 3):
                message.setdefault(name, self._field(fields[name], 2))
        return {self._random.choice(("message",) * 9 + ("edited_message",)): message}

    def _post(self) -> dict[str, Any]:
        chat = {"id": self._random.choice(GROUPS) - 100, "type": "channel", "title": "A channel"}
        return {"channel_post": {"message_id": 3, "date": 1, "chat": chat, "sender_chat": chat, "text": self._text()}}

    def _tap(self) -> dict[str, Any]:
        chat, number, data = self._random.choice(self.data)
        person = {**self._person(), "id": chat} if chat > 0 else self._person()
        place = self._place(person) if chat > 0 else {"id": chat, "type": "supergroup", "title": "A group"}
        query = {"id": str(number), "from": person, "chat_instance": "1", "data": data}
        message = {"message_id": number, "date": self._random.choice((0, 1)), "chat": place}
        return {"callback_query": {**query, "message": message} if self._random.random() < 0.95 else query}

    def _reaction(self) -> dict[str, Any]:
        chat, number, _ = self._random.choice(self.data)
        person = {**self._person(), "id": abs(chat)}
        emojis = [{"type": "emoji", "emoji": self._random.choice(("👍", "👎", "🔥", "😢", "x"))} for _ in range(2)]
        message = {"chat": self._place(person), "message_id": number, "date": 1, "user": person}
        return {"message_reaction": {**message, "old_reaction": [], "new_reaction": emojis}}

    def _standing(self) -> dict[str, Any]:
        person = self._person()
        member = {"status": "member", "user": {**BOT}}
        gone = {"status": "kicked", "user": {**BOT}, "until_date": 0}
        old, new = self._random.choice(((member, gone), (gone, member)))
        change = {"chat": self._place(person), "from": person, "date": 1}
        return {"my_chat_member": {**change, "old_chat_member": old, "new_chat_member": new}}

    def _inline(self) -> dict[str, Any]:
        query = {"id": str(self._integer()), "from": self._person(), "query": self._text(), "offset": ""}
        return {"inline_query": query}

    def _chosen(self) -> dict[str, Any]:
        return {"chosen_inline_result": {"result_id": self._text(), "from": self._person(), "query": self._text()}}

    # broken

    def _mutate(self, update: dict[str, Any]) -> None:
        """Something in it, anywhere, is left out, or is what it should not be."""
        holders: list[Any] = [update]
        at = 0
        while at < len(holders):
            inner = holders[at].values() if isinstance(holders[at], dict) else holders[at]
            holders += [each for each in inner if isinstance(each, dict | list) and each]
            at += 1
        holder = self._random.choice([each for each in holders if each] or [{"message": None}])
        key = self._random.choice(list(holder) if isinstance(holder, dict) else range(len(holder)))
        match self._random.randrange(7):
            case 0:
                del holder[key]
            case 1:
                holder[key] = self._random.choice(_SCALES)
            case 2:
                holder[key] = self._random.choice(HOSTILE)
            case 3:
                holder[key] = self._random.choice((None, True, [], {}, [[]], [None], 1.5, {"id": {}}))
            case 4:
                holder[key] = [holder[key]]
            case 5:
                holder[key] = {"chat": holder[key]}
            case _:
                for _ in range(self._random.choice((3, 60))):
                    holder[key] = {"reply_to_message": holder[key]}

    def _damaged(self, text: str) -> str:
        """The text, no JSON any more, or more than can be read; what the update is called by stays at its beginning."""
        at = self._random.randint(len('{"update_id": 9999999999, "'), len(text) - 1)
        return self._random.choice(
            (
                text[:at],
                text[:at] + self._random.choice(("\x00", "\\u12", "]}", "NaN,", '"')) + text[at:],
                text[:-1] + ', "x": ' + "[" * 5_000 + "]" * 5_000 + "}",
                text[:-1] + ', "x": ' + "9" * 5_000 + "}",
                text[:-1] + ', "x": Infinity}',
            )
        )

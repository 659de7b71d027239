"""How the bot introduces itself in Telegram: its commands, by where they are of use, and what it is for."""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterator, Sequence

from bot.messenger.operators.commands import COMMANDS as OPERATORS
from bot.messenger.wire.bot_api import Accepted, Caller, Json
from bot.texts import DEFAULT_LANGUAGE, languages, say
from storage.domain.people import ReaderId

_LOG = logging.getLogger(__name__)

COMMANDS = (
    "latest", "hot", "digest", "stop", "settings", "search", "brief", "follow", "follows", "unfollow", "profile",
    "interests", "boost", "mute", "drop", "summary", "sources", "add", "remove", "lang", "start", "cancel", "export",
    "forget", "privacy", "help",
)  # fmt: skip
"""What the menu lists in private, in its order; each has a sentence `command_NAME` in every catalogue."""
GROUP_COMMANDS = (
    "latest", "hot", "digest", "search", "brief", "follows", "profile", "summary", "sources", "privacy", "help",
)  # fmt: skip
"""What it lists among others: what is of use to all of them, and tells of nobody."""
ADMINS_COMMANDS = tuple(name for name in COMMANDS if name not in {"start", "cancel", "export"})
"""And for those who administer a group: what they may change of it, besides."""
_SCOPES = (
    ("all_private_chats", COMMANDS),
    ("all_group_chats", GROUP_COMMANDS),
    ("all_chat_administrators", ADMINS_COMMANDS),
    ("default", COMMANDS),
)


async def introduce(api: Caller, admins: Collection[ReaderId] = ()) -> None:
    """Fill Telegram's menus, for every language there is a catalogue for; what is refused is logged.

    Operators have theirs in their private chats, where they talked to the bot before.
    """
    for method, fields in (*_calls(), *_of_operators(admins)):
        outcome = await api.call(method, fields)
        if not isinstance(outcome, Accepted):
            _LOG.warning("not introduced", extra={"method": method, "language": fields.get("language_code")})


def _of_operators(admins: Collection[ReaderId]) -> Iterator[tuple[str, dict[str, Json]]]:
    for admin in sorted(admins):
        scope: dict[str, Json] = {"type": "chat", "chat_id": int(admin.partition(":")[2])}
        for language in languages():
            to: dict[str, Json] = {} if language == DEFAULT_LANGUAGE else {"language_code": language}
            yield "setMyCommands", {"commands": _named((*COMMANDS, *OPERATORS), language), "scope": scope, **to}


def _named(names: Sequence[str], language: str) -> list[Json]:
    return [{"command": name, "description": say(language, f"command_{name}")} for name in names]


def _calls() -> Iterator[tuple[str, dict[str, Json]]]:
    for language in languages():
        # Who reads none of the languages is introduced to in the one that is not named.
        to: dict[str, Json] = {} if language == DEFAULT_LANGUAGE else {"language_code": language}
        for scope, names in _SCOPES:
            yield "setMyCommands", {"commands": _named(names, language), "scope": {"type": scope}, **to}
        yield "setMyDescription", {"description": say(language, "bot_description"), **to}
        yield "setMyShortDescription", {"short_description": say(language, "bot_short_description"), **to}

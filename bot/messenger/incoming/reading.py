"""What an update means to the bot, read from Telegram's JSON.

An update is read by itself: one that the library cannot read is poison and says so, the others are untouched by it.
In groups only what is addressed to the bot is an event: a command, a mention, a reply to it.
"""

from __future__ import annotations

import re
import warnings
from typing import TYPE_CHECKING

from bot.flows.wording.commanded import commanded
from bot.messenger.incoming import readables
from bot.messenger.incoming.buttons import read
from bot.messenger.incoming.events import (
    Asked,
    Commanded,
    Event,
    Handed,
    Ignored,
    Located,
    Me,
    Migrated,
    Origin,
    Reacted,
    Sought,
    Tapped,
    Unreadable,
    Welcomed,
)
from bot.messenger.incoming.reactions import verdict
from bot.messenger.incoming.sound import TOO_LARGE, sound
from bot.messenger.panels import choices
from bot.messenger.wire.bot_api import read_json
from storage.domain.people import ReaderId

if TYPE_CHECKING:
    from telegram import CallbackQuery, Chat, ChatMemberUpdated, Message, MessageReactionUpdated, Update, User

_NUMBERED = re.compile(r"([A-Za-z]+)_([0-9]+)")
_COMMAND = re.compile(r"/([A-Za-z0-9_]{1,32})(?:@([A-Za-z0-9_]{1,64}))?(?:\s+(.*))?", re.DOTALL)
_CONTENT = (
    "photo", "voice", "audio", "video", "video_note", "animation",
    "venue", "contact", "poll", "dice",
)  # fmt: skip
"""Kinds of message by which someone in a private chat expects a reaction."""


_OUT, _IN = frozenset(("left", "kicked")), frozenset(("member", "administrator"))
"""How a member stands who is not in a chat, and who may speak there."""


class PoisonUpdate(Exception):
    """The update cannot be read; its text says why and quotes nothing of it."""


def read_event(payload: str, me: Me) -> Event:
    """The event in an update's JSON.

    Raises:
        PoisonUpdate: The library cannot read it.
    """
    from telegram import Update
    from telegram.warnings import PTBDeprecationWarning

    try:
        data = read_json(payload)
        with warnings.catch_warnings():
            # What the library means to change of itself one day is nothing that is wrong with the update.
            warnings.simplefilter("ignore", PTBDeprecationWarning)
            update = Update.de_json(data, None) if isinstance(data, dict) else None
        return Ignored() if update is None else sound(_event(update, me))
    except Exception as error:  # any error at all, from any of the library's 300 types, is this update's own
        raise PoisonUpdate(f"{type(error).__name__} while reading it") from error


def _event(update: Update, me: Me) -> Event:
    if update.callback_query is not None:
        return _tapped(update.callback_query)
    if update.message_reaction is not None:
        return _reacted(update.message_reaction)
    if update.my_chat_member is not None:
        return _let_in(update.my_chat_member)
    if update.inline_query is not None:
        query = update.inline_query
        return Sought(origin=_of(query.from_user), query=query.id, text=query.query)
    message = update.message or update.channel_post
    origin = None if message is None else _origin(message)
    return Ignored() if message is None or origin is None else _said(message, origin, me)


def _said(message: Message, origin: Origin, me: Me) -> Event:
    """What a message says; in a channel commands alone are for the bot."""
    moved = _migrated(message, origin)
    if moved is not None:
        return moved
    command = None if message.text is None else _COMMAND.fullmatch(message.text)
    if command and _own(message):
        return _command(command, message, origin, me)
    if origin.private:
        return _alone_with_the_bot(message, origin)
    return Ignored() if origin.channel else _among_others(message, origin, me)


def _migrated(message: Message, origin: Origin) -> Migrated | None:
    """That a group became another chat, which both of them tell."""
    if message.migrate_to_chat_id is not None:
        return Migrated(origin=origin, was=message.chat.id, now=message.migrate_to_chat_id)
    if message.migrate_from_chat_id is not None:
        return Migrated(origin=origin, was=message.migrate_from_chat_id, now=message.chat.id)
    return None


def _alone_with_the_bot(message: Message, origin: Origin) -> Event:
    """What is said in private, where everything is said to the bot."""
    if message.location is not None:
        return Located(origin=origin, latitude=message.location.latitude, longitude=message.location.longitude)
    said = commanded(message.text) if message.text is not None and _own(message) else None
    if said is not None and said[0] == "add":
        return Commanded(origin=origin, command="add", argument=said[1])
    what = readables.handed(message)
    if what is not None:
        asked = readables.asked_of(what, message.text or message.caption or "") if _own(message) else ""
        return Handed(origin=origin, what=what, asked=asked)
    if message.text is not None:
        return Asked(origin=origin, text=message.text, own=_own(message))
    kind = next((kind for kind in _CONTENT if getattr(message, kind)), None)
    return Unreadable(origin=origin, kind=kind) if kind else Ignored()


def _among_others(message: Message, origin: Origin, me: Me) -> Event:
    """What is said to the bot in a group, if it is; its bare name in answer to a message hands that over."""
    words = _addressed(message, me)
    if words is None:
        return Ignored()
    what = readables.handed(message) if words else readables.held(message.reply_to_message)
    if what is None:
        return Asked(origin=origin, text=words, own=_own(message))
    return Handed(origin=origin, what=what, asked=readables.asked_of(what, words) if _own(message) else "")


def _own(message: Message) -> bool:
    """Whether its words are its sender's: not those of what they pass on, nor of a card that a bot wrote."""
    return message.forward_origin is None and message.via_bot is None


def _tapped(query: CallbackQuery) -> Event:
    """A tap; under what was sent through another bot's or a person's chat it can only be answered."""
    from telegram import Message

    message, who = query.message, query.from_user
    thread = message.message_thread_id if isinstance(message, Message) and message.is_topic_message else None
    if message is None:
        return Tapped(origin=_of(who), query=query.id, pressed=None)
    origin = _of(who, message.chat, message.message_id, thread)
    pressed, choice = read(query.data), choices.read(query.data)
    return Tapped(origin=origin, query=query.id, pressed=pressed, choice=choice, data=query.data or "")


def _let_in(change: ChatMemberUpdated) -> Event:
    """That the bot is in a group it was not in; whatever else becomes of it is told by what cannot be sent."""
    who, group = change.from_user, change.chat.type in {"group", "supergroup"}
    came = change.old_chat_member.status in _OUT and change.new_chat_member.status in _IN
    if not group or not came or who.is_bot:
        return Ignored()
    return Welcomed(origin=_of(who, change.chat))


def _reacted(reaction: MessageReactionUpdated) -> Event:
    """What a person's reactions say; who reacts as a chat is nobody in particular."""
    from telegram import ReactionTypeEmoji

    who = reaction.user
    if who is None or who.is_bot:
        return Ignored()
    given = [each.emoji for each in reaction.new_reaction if isinstance(each, ReactionTypeEmoji)]
    return Reacted(origin=_of(who, reaction.chat, reaction.message_id), verdict=verdict(given))


def _numbered(number: int) -> ReaderId:
    """Who has that number; where it is none, whatever Telegram's library says, it names nobody.

    Raises:
        ValueError: It is none.
    """
    if type(number) is not int or abs(number) >= TOO_LARGE:
        raise ValueError("no number of anybody")
    return ReaderId(f"telegram:{number}")


def _addressed(message: Message, me: Me) -> str | None:
    """What is said to the bot in a group, without its name; `None` where it is not spoken to."""
    text = message.text or message.caption or ""
    mention = re.compile(rf"(?<![A-Za-z0-9_])@{re.escape(me.username)}(?![A-Za-z0-9_])", re.IGNORECASE)
    if mention.search(text):
        return mention.sub(" ", text).strip()
    answered = message.reply_to_message
    to_the_bot = answered is not None and answered.from_user is not None and answered.from_user.id == me.id
    return text if to_the_bot else None


def _origin(message: Message) -> Origin | None:
    """Who speaks where; `None` for other bots, and for what a linked channel posts into its group."""
    speaker = message.from_user
    if message.is_automatic_forward or (message.sender_chat is None and (speaker is None or speaker.is_bot)):
        return None
    who = message.sender_chat.id if message.sender_chat is not None else speaker.id if speaker is not None else 0
    locale = (speaker.language_code if speaker is not None else None) or ""
    return Origin(
        chat_id=message.chat.id,
        message_id=message.message_id,
        reader=_numbered(who),
        language=_language(locale),
        private=message.chat.type == "private",
        thread_id=message.message_thread_id if message.is_topic_message else None,
        locale=locale,
        username=_username(message.sender_chat or speaker),
        chat_name="" if message.chat.type == "private" else _username(message.chat),
        channel=message.chat.type == "channel",
        answers=None if message.reply_to_message is None else message.reply_to_message.message_id,
    )


def _of(who: User, chat: Chat | None = None, message_id: int = 0, thread_id: int | None = None) -> Origin:
    """Somebody, where they do something other than speak; in no chat, nobody else sees it."""
    return Origin(
        chat_id=who.id if chat is None else chat.id,
        message_id=message_id,
        reader=_numbered(who.id),
        language=_language(who.language_code),
        private=chat is None or chat.type == "private",
        thread_id=thread_id,
        locale=who.language_code or "",
        username=_username(who),
        chat_name="" if chat is None or chat.type == "private" else _username(chat),
    )


def _username(who: User | Chat | None) -> str:
    return "" if who is None else (who.username or "").lower()


def _language(code: str | None) -> str:
    """The ISO 639-1 code of an IETF tag: `zh` of `zh-hans`; English where there is none."""
    return (code or "en").replace("_", "-").split("-", 1)[0].lower() or "en"


def _command(match: re.Match[str], message: Message, origin: Origin, me: Me) -> Event:
    name, addressee, argument = match.groups()
    if addressee is not None and addressee.lower() != me.username.lower():
        return Ignored()
    # A command that is tapped takes its argument along in its name: /brief_12.
    numbered = _NUMBERED.fullmatch(name)
    if numbered and not argument:
        name, argument = numbered.groups()
    about = readables.held(message.reply_to_message)
    return Commanded(origin=origin, command=name.lower(), argument=(argument or "").strip(), about=about)

"""What a message holds that can be read: a link, a file, or words that somebody else wrote. Reads values of Telegram's.

What is at the link or in the file is for others to find out; nothing here is fetched.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.flows.asked import MAX_QUESTION_CHARACTERS

if TYPE_CHECKING:
    from telegram import Message

MOST_FETCHED_BYTES = 20 * 1024 * 1024
"""What a bot may fetch of Telegram (Bot API)."""
_WORD = re.compile(r"[\w’'-]+")
_FEW_WORDS = 12
"""Somebody who writes more than that beside a link says more than that it is to be read."""
_POST_CHARACTERS = 80
"""What is forwarded and shorter is rather a question than a post."""
_LETTER = re.compile(r"\w")
_ASKING = re.compile("[?？]")
_LISTS = re.compile(r"\.opml(?:\.xml)?$|^[a-z]+/(?:x-)?opml\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """An address on the web; `written` is how it was."""

    url: str
    written: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """A text, and what it is called: whose post it was, where that is known."""

    text: str
    title: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """A file that Telegram keeps, by the id it is fetched with.

    Args:
        name: As its sender's machine calls it.
        size: In bytes; `None` where Telegram does not say.
        feeds: Whether it calls itself a list of feeds (OPML).
    """

    id: str
    name: str
    size: int | None = None
    feeds: bool = False


Readable = Link | Words | File


def handed(message: Message) -> Readable | None:
    """What somebody hands over to be read, rather than say it: a file, a forwarded post, or hardly more than a link."""
    if message.document is not None:
        return _file(message)
    link, text = _link(message), _text(message)
    if link is not None and len(_WORD.findall(text.replace(link.written, " "))) <= _FEW_WORDS:
        return link
    long = MAX_QUESTION_CHARACTERS + 1 if message.forward_origin is None else _POST_CHARACTERS
    return Words(text=text, title=_author(message)) if len(text) >= long else None


def asked_of(what: Readable, words: str) -> str:
    """What words beside it ask of it; empty where they ask nothing."""
    beside = words.replace(what.written, " ") if isinstance(what, Link) else words
    begun = _LETTER.search(beside)
    asks = begun is not None and _ASKING.search(beside, begun.end()) is not None
    return " ".join(beside.split()) if asks and not isinstance(what, Words) else ""


def held(message: Message | None) -> Readable | None:
    """What there is to read in a message that somebody points at; nothing where there is none."""
    if message is None:
        return None
    found = handed(message)
    text = _text(message)
    return found or _link(message) or (Words(text=text, title=_author(message)) if text.strip() else None)


def _file(message: Message) -> File | None:
    document = message.document
    if document is None:
        return None
    name = (document.file_name or "").strip() or "file"
    feeds = any(_LISTS.search(each) for each in (name, document.mime_type or ""))
    return File(id=document.file_id, name=name, size=document.file_size, feeds=feeds)


def _text(message: Message) -> str:
    return message.text or message.caption or ""


def _link(message: Message) -> Link | None:
    """The first address in it: written out, or under words."""
    if not _text(message):
        return None
    found = (
        message.parse_entities(["url", "text_link"])
        if message.text is not None
        else message.parse_caption_entities(["url", "text_link"])
    )
    for entity, written in sorted(found.items(), key=lambda each: each[0].offset):
        address = entity.url or written
        if "://" not in address:
            address = f"https://{address}"
        if address.lower().startswith(("http://", "https://")):
            return Link(url=address, written=written)
    return None


def _author(message: Message) -> str | None:
    """Whose post it was, as Telegram tells who is handed it."""
    from telegram import MessageOriginChannel, MessageOriginChat, MessageOriginHiddenUser, MessageOriginUser

    match message.forward_origin:
        case MessageOriginChannel(chat=chat):
            return chat.title
        case MessageOriginChat(sender_chat=chat):
            return chat.title
        case MessageOriginUser(sender_user=user):
            return user.full_name
        case MessageOriginHiddenUser(sender_user_name=name):
            return name
        case _:
            return None

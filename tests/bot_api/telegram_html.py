"""Telegram's HTML, read strictly: what the Bot API would refuse, or show other than it was meant, is an error."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

MAX_UNITS = 4096
MAX_ENTITIES = 100
"""What is marked up beyond them is shown plain, which no document of Telegram's says."""
KINDS = {
    "b": "bold", "strong": "bold", "i": "italic", "em": "italic", "u": "underline", "ins": "underline",
    "s": "strikethrough", "strike": "strikethrough", "del": "strikethrough", "code": "code", "pre": "pre",
    "tg-spoiler": "spoiler", "blockquote": "blockquote", "a": "text_link",
}  # fmt: skip
"""The tags that are understood, and what each makes of its text."""
_PLAIN_WITHIN = {"code", "pre"}
"""In these nothing else is marked up."""
_NOT_WITHIN_ITSELF = {"blockquote", "a"}
ENTITIES = {"lt", "gt", "amp", "quot"}
_TOKEN = re.compile(r"<(/?)([a-z-]+)((?:\s+[a-z-]+(?:=\"[^\"<>]*\")?)*)\s*>|&(#?[A-Za-z0-9]+);|([<>&])|([^<>&]+)")


class MarkupError(ValueError):
    """can't parse entities."""


@dataclass(frozen=True)
class Entity:
    tag: str
    offset: int
    length: int
    url: str | None = None


@dataclass(frozen=True)
class Parsed:
    """What a phone shows: the text, and where its entities are, in UTF-16 units."""

    text: str
    entities: tuple[Entity, ...]

    @property
    def described(self) -> tuple[dict[str, Any], ...]:
        """As MessageEntity, in the order of their beginnings."""
        found = sorted(self.entities, key=lambda each: (each.offset, -each.length))
        return tuple(
            {"type": KINDS[each.tag], "offset": each.offset, "length": each.length}
            | ({} if each.url is None else {"url": each.url})
            for each in found
        )

    @property
    def links(self) -> tuple[str, ...]:
        return tuple(entity.url for entity in self.entities if entity.url is not None)


def units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def parse(markup: str) -> Parsed:
    """Read `markup` as Telegram does, and more strictly: every `<`, `>` and `&` must be part of markup."""
    text = ""
    entities: list[Entity] = []
    stack: list[tuple[str, int, str | None]] = []
    position = 0
    while position < len(markup):
        match = _TOKEN.match(markup, position)
        if match is None or match[5]:
            raise MarkupError(f"can't parse entities: unexpected {markup[position]!r} at {position}")
        position = match.end()
        closing, tag, attributes, entity, _, plain = match.groups()
        if tag:
            _tag(bool(closing), tag, attributes or "", stack, entities, units(text))
        elif entity:
            text += _entity(entity)
        else:
            text += plain
    if stack:
        raise MarkupError(f"can't parse entities: <{stack[-1][0]}> is not closed")
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        raise MarkupError("text must be encoded in UTF-8") from None
    if len(entities) > MAX_ENTITIES:
        raise MarkupError(f"can't parse entities: {len(entities)} of them")
    return Parsed(text=text, entities=tuple(entities))


def _entity(name: str) -> str:
    if name.startswith("#") or name in ENTITIES:
        return html.unescape(f"&{name};")
    raise MarkupError(f"can't parse entities: &{name};")


def _tag(
    closing: bool, tag: str, attributes: str, stack: list[tuple[str, int, str | None]], entities: list[Entity], at: int
) -> None:
    if tag not in KINDS:
        raise MarkupError(f"can't parse entities: unsupported tag {tag!r}")
    if not closing:
        around = {each[0] for each in stack}
        if around & _PLAIN_WITHIN or {tag} & around & _NOT_WITHIN_ITSELF:
            raise MarkupError(f"can't parse entities: <{tag}> within <{stack[-1][0]}>")
        stack.append((tag, at, _address(tag, attributes)))
        return
    if not stack or stack[-1][0] != tag:
        raise MarkupError(f"can't parse entities: </{tag}> closes nothing")
    opened, offset, url = stack.pop()
    if at > offset:
        entities.append(Entity(tag=opened, offset=offset, length=at - offset, url=url))


def _address(tag: str, attributes: str) -> str | None:
    given = dict(re.findall(r'([a-z-]+)="([^"]*)"', attributes))
    if tag != "a":
        if set(given) - {"class", "expandable"}:
            raise MarkupError(f"can't parse entities: attributes of <{tag}>")
        return None
    if set(given) != {"href"}:
        raise MarkupError("can't parse entities: <a> needs href and nothing else")
    url = html.unescape(given["href"])
    if urlsplit(url).scheme not in {"http", "https"} or not urlsplit(url).hostname:
        raise MarkupError(f"a link that is not http(s): {url!r}")
    return url

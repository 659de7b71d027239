"""What somebody is shown who types behind the bot's name in any chat: cards, each citing an article and leading to it.

A card that they pick is sent as a message of theirs. Nobody else is shown these cards: which news there are depends on
whose sources they come from.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.excerpts import cut, one_line
from bot.flows.find import Found
from bot.messenger.answers.decisions import Decision
from bot.messenger.answers.flows import Finds, Hot
from bot.messenger.incoming.events import Origin, Sought
from bot.messenger.paragraphs.found import excerpt
from bot.messenger.paragraphs.markup import LOOK, Paragraph, Piece, own, parts, web_address
from bot.messenger.paragraphs.render import provenance, quoted, titled
from bot.messenger.wire.bot_api import Json
from bot.texts import say
from storage.domain.news import Headline
from storage.domain.stories import HotStory
from storage.errors import InputError

KEPT_SECONDS = 60
"""How long Telegram may show the same cards to the same person again: as long as what is hot is listed anew."""
_DESCRIPTION = 120
"""Characters of what it comes to, as it is shown for choosing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class InlineAnswers:
    """Answers them: the articles that words find; without words, what is hot."""

    find: Finds
    hot: Hot

    async def answer(self, event: Sought) -> Decision:
        """The cards, and where there are none, a way to the bot."""
        origin = event.origin
        cards = await self._cards(event)
        return Decision(cards=_shown(cards)) if cards else no_cards(say(origin.language, "inline_nothing"))

    async def _cards(self, event: Sought) -> list[Json]:
        origin, language = event.origin, event.origin.language
        try:
            found = await self.find.articles(event.text, reader=origin.reader)
        except InputError:
            # There is no word in it that could be looked up.
            listed = await self.hot.list(reader=origin.reader, language=language)
            return [_of_story(each, origin) for each in listed.stories]
        return [_of_article(each, origin) for each in found.articles]


def no_cards(why: str) -> Decision:
    """Why there are none, in a few words, as a button that leads to the bot."""
    return Decision(cards={**_shown([]), "button": {"text": why, "start_parameter": "help"}})


def _shown(cards: list[Json]) -> dict[str, Json]:
    return {"results": cards, "cache_time": KEPT_SECONDS, "is_personal": True}


def _of_article(found: Found, origin: Origin) -> Json:
    headline, passage = found.headline, excerpt(found)
    return _card(f"a{headline.id}", headline, passage, [(Piece(text=f"“{passage}”"),)], origin)


def _of_story(hot: HotStory, origin: Origin) -> Json:
    newest = hot.story.reports[-1].headline
    told = " ".join(line.text for line in hot.gist.lines)
    return _card(f"s{hot.story.id}", newest, told, list(quoted(hot.gist)), origin, hot.title)


def _card(
    key: str, headline: Headline, told: str, lines: Sequence[Paragraph], origin: Origin, title: str | None = None
) -> Json:
    """An article's or a story's; `told` is what it comes to as plain text, `lines` as it is sent."""
    named = titled(title or headline.title)
    about = provenance(headline, origin.language, origin.clock)
    text = _text([(Piece(text=named, link=headline.url, style="b"), own(about)), *lines])
    card: dict[str, Json] = {
        "type": "article",
        "id": hashlib.blake2b(key.encode(), digest_size=16).hexdigest(),
        "title": named,
        "description": cut(one_line(f"{about.removeprefix(' — ')} · {told}" if about else told), _DESCRIPTION),
        "input_message_content": {"message_text": text, **LOOK},
    }
    address = web_address(headline.url)
    return card if address is None else {**card, "url": address}


def _text(paragraphs: Iterable[Paragraph]) -> str:
    """As much of it as one message holds, which is all but always all of it."""
    return parts(paragraphs)[0]

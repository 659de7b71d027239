"""What is typed behind the bot's name in any chat, from the messenger to the cards."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.flows.find import Finding
from bot.messenger.answers.inline import InlineAnswers
from bot.messenger.incoming.events import Sought
from bot.messenger.wire.updates import kept
from bot.serve import Rooms, Serving
from storage.domain.deliveries import InboxState, OutboxState
from storage.domain.news import ArticleId, Headline
from storage.domain.people import ReaderId
from storage.domain.stories import StoryId
from tests.bot.flows import NOW, Finder
from tests.bot.messenger.handled import ORIGIN
from tests.bot.stores import MemoryInbox
from tests.bot.test_serve import serving_now
from tests.bot_api import telegram_html
from tests.bot_api.server import FakeBotApi
from tests.hot import HotList, hot_story


async def test_words_find_cards_that_cite_their_articles_for_whoever_typed_alone(
    serving: Serving, rooms: Rooms, api: FakeBotApi
) -> None:
    async with serving_now(serving, rooms):
        query = api.ask_inline("tides", sender=7)
        (card,) = await api.cards(query)

    assert (card["type"], card["title"]) == ("article", "Tides & <b>times</b>")
    assert card["url"] == "https://news.example/tides?a=1&b=2"
    assert card["description"].startswith("The Harbour Post, ")
    sent = telegram_html.parse(card["input_message_content"]["message_text"])
    assert sent.text.splitlines()[1] == "“The tide is < high & rising. It turns.”"
    assert set(sent.links) == {"https://news.example/tides?a=1&b=2"}
    (call,) = api.accepted("answerInlineQuery")
    assert (call.fields["is_personal"], call.fields["cache_time"]) in {("True", "60"), ("true", "60")}


async def test_without_words_what_is_hot_is_shown_in_the_language_of_whoever_types(
    serving: Serving, rooms: Rooms, api: FakeBotApi
) -> None:
    hot = HotList(stories=(hot_story(1), hot_story(2, "Dam opened")))
    async with serving_now(serving, replace(rooms, hot=hot)):
        cards = await api.cards(api.ask_inline("", sender=7, language="zh-hans"))

    assert [card["title"] for card in cards] == ["Ferries ordered", "Dam opened"]
    assert len({card["id"] for card in cards}) == 2
    assert hot.asked == [("telegram:7", "zh")]


async def test_where_nothing_is_found_the_way_to_the_bot_is_shown(
    serving: Serving, rooms: Rooms, api: FakeBotApi
) -> None:
    async with serving_now(serving, rooms):
        assert await api.cards(api.ask_inline("nothing")) == ()

    (call,) = api.accepted("answerInlineQuery")
    button = json.loads(call.fields["button"])
    assert button == {"text": "I found nothing on that. Ask me in private", "start_parameter": "help"}


async def test_nobody_is_answered_with_what_somebody_else_may_see(
    serving: Serving, rooms: Rooms, api: FakeBotApi
) -> None:
    find = Finder()
    async with serving_now(serving, replace(rooms, find=find)):
        await api.cards(api.ask_inline("tides", sender=7))
        await api.cards(api.ask_inline("tides", sender=8))
        await api.cards(api.ask_inline("tides", sender=7))

    assert find.asked == [("tides", "telegram:7"), ("tides", "telegram:8")]


async def test_a_query_that_telegram_has_given_up_is_left_alone(
    serving: Serving, rooms: Rooms, api: FakeBotApi, inbox: MemoryInbox
) -> None:
    api.ask_inline("tides")
    api.expire()
    async with serving_now(serving, rooms):
        await api.until(lambda: set(inbox.outbox.states().values()) == {OutboxState.FAILED})
        api.say("still there?")
        await api.replies(1)


async def test_nothing_is_looked_for_that_was_typed_so_long_ago_that_nobody_waits(
    serving: Serving, rooms: Rooms, inbox: MemoryInbox
) -> None:
    find = Finder()
    query = {"id": "1", "from": {"id": 7, "is_bot": False, "first_name": "A"}, "query": "tides", "offset": ""}
    row = kept({"update_id": 3, "inline_query": query}, lambda: rooms.clock() - timedelta(seconds=31))
    assert row is not None
    await inbox.accept([row])

    async with serving_now(serving, replace(rooms, find=find)), asyncio.timeout(10):
        while inbox.rows[3].state is InboxState.PENDING:  # noqa: ASYNC110 - nobody tells
            await asyncio.sleep(0.01)

    assert find.asked == []
    assert not inbox.outbox.rows


@pytest.mark.parametrize("url", ["javascript:alert(1)", "/relative", None, "http://user:pw@news.example/"])
async def test_a_card_leads_to_the_web_or_nowhere(url: str | None) -> None:
    class Odd(Finder):
        async def articles(self, words: str, *, reader: ReaderId | None) -> Finding:
            headline = Headline(id=ArticleId("x" * 300), title="<i>&", first_seen=NOW, group=ArticleId("x"), url=url)
            found = (await Finder().articles(words, reader=None)).articles[0]
            return Finding(articles=(replace(found, headline=headline, story=StoryId(1)),))

    decision = await InlineAnswers(find=Odd(), hot=HotList()).answer(Sought(origin=ORIGIN, query="q", text="tides"))

    assert decision.cards is not None
    (card,) = json.loads(json.dumps(decision.cards["results"]))
    assert "url" not in card
    assert len(card["id"]) <= 64
    assert not telegram_html.parse(card["input_message_content"]["message_text"]).links


def test_what_is_typed_waits_for_nobody_but_whoever_typed_it() -> None:
    row = kept({"update_id": 3, "inline_query": {"id": "1", "from": {"id": 7}, "query": "", "offset": ""}}, lambda: NOW)

    assert row is not None
    assert row.chat_id == 7

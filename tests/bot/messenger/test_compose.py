"""Updates that are cut short and dealt with anew, over real stores."""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any, cast

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from bot.drawing.pictures import Pictures
from bot.flows.converse import Converse
from bot.flows.feedback import Feedback
from bot.flows.ports import Gather
from bot.flows.sources import Sources
from bot.messenger.answers.groups import Groups
from bot.messenger.answers.handlers import Handlers
from bot.messenger.answers.taps import Taps
from bot.messenger.compose import Composer
from bot.messenger.incoming.events import Me
from bot.messenger.paragraphs.notices import notices
from generation.engines.extractive import ExtractiveEngine
from generation.rewrite import standalone
from storage.access import AccessStore
from storage.database import Database
from storage.dialogues import DialogueStore
from storage.domain.access import Judged, Verdict
from storage.domain.changes import Awaited, Change, Spoken
from storage.domain.deliveries import InboxState, InboxUpdate, OutboxMessage, OutboxState
from storage.domain.dialogue import ConversationId
from storage.domain.news import Feed, SearchRequest, SearchResult
from storage.domain.people import ReaderId, ReaderSettings
from storage.errors import StorageBusy
from storage.evidence import EvidenceStore
from storage.feeds import FeedStore
from storage.follows import FollowStore
from storage.inbox import InboxStore
from storage.outbox import OutboxStore
from storage.reader_settings import ReaderSettingsStore
from storage.schema import story_views
from storage.shown import ShownMessageStore
from tests.bot.flows import NOW, EverybodyAdministers, Finder, Lists, nothing_new, some_article, unseen
from tests.digests import FixedDigests
from tests.given import SentFiles, summarize
from tests.hot import Follows, HotList, OnePage, long_page, update_of
from tests.interests import Learner
from tests.operating import gate
from tests.own_data import FixedOwnData
from tests.panels import panels


class Interrupted(InboxStore):
    """Fails once when an update is to be settled, as where the process is killed or the database is held."""

    left = 1

    async def done(self, update_id: int, replies: Sequence[OutboxMessage] = (), changes: Sequence[Change] = ()) -> None:
        if self.left:
            self.left -= 1
            raise StorageBusy("database: held")
        await super().done(update_id, replies, changes)


class Searching:
    def __init__(self) -> None:
        self.texts: list[str] = []

    async def search(self, request: SearchRequest) -> SearchResult:
        self.texts.append(request.text)
        return SearchResult(hits=(), took=timedelta(0))


class Discovering:
    async def discover(self, url: str) -> Feed:
        return Feed(url=url, title="Found")


class Chat:
    """A private chat with a bot whose database fails once for each message."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.feeds, self.dialogues, self.outbox = FeedStore(database), DialogueStore(database), OutboxStore(database)
        self.inbox, self.search = Interrupted(database), Searching()
        self.readers = ReaderSettingsStore(database)
        converse = Converse(
            search=self.search,
            engine=ExtractiveEngine(),
            latest=nothing_new(),
            rewrite=standalone,
            detect=lambda _text: "en",
            dialogues=self.dialogues,
            clock=lambda: NOW,
        )
        self.follows, self.following = FollowStore(database), Follows()
        self.evidence, self.now = EvidenceStore(database), NOW
        taps = Taps(
            messages=ShownMessageStore(database), feedback=Feedback(shelf=self.evidence, clock=lambda: self.now)
        )
        sources = Sources(feeds=self.feeds, gather=cast(Gather, Discovering()))
        self.briefs = OnePage()
        handlers = Handlers(
            converse=converse,
            latest=converse.latest,
            hot=HotList(),
            find=Finder(),
            briefs=self.briefs,
            digests=FixedDigests(),
            follows=self.following,
            learn=Learner(),
            sources=sources,
            lists=Lists(),
            taps=taps,
            panels=panels(),
            groups=Groups(admins=EverybodyAdministers()),
            own_data=FixedOwnData(),
            draw=Pictures(deadline_seconds=60),
            summarize=summarize(),
            files=SentFiles(),
            article=some_article,
            writing=unseen,
            clock=lambda: NOW,
        )
        self.composer = Composer(
            inbox=self.inbox,
            readers=self.readers,
            gate=gate(),
            handlers=handlers,
            me=Me(id=1, username="bot"),
            clock=lambda: NOW,
        )
        self._said = 0

    async def say(self, text: str) -> None:
        """Say something, which is dealt with only at the second try."""
        await self.write(text)
        self.inbox.left = 1
        with pytest.raises(StorageBusy):
            await self.composer.compose(self._said)
        await self.composer.compose(self._said)

    async def write(self, text: str) -> None:
        """Say something, which is kept."""
        self._said += 1
        message = {
            "message_id": self._said,
            "date": 1,
            "chat": {"id": 7, "type": "private"},
            "from": {"id": 7, "is_bot": False, "first_name": "Ada"},
            "text": text,
        }
        await self._keep("message", message)

    async def _keep(self, kind: str, held: dict[str, Any]) -> None:
        payload = json.dumps({"update_id": self._said, kind: held})
        await self.inbox.accept([InboxUpdate(update_id=self._said, payload=payload, received_at=NOW, chat_id=7)])

    async def tap(self, message: OutboxMessage, label: str) -> None:
        """Tap a button under a message a minute later, which is dealt with only at the second try."""
        await self.press(message, label)
        self.inbox.left = 1
        with pytest.raises(StorageBusy):
            await self.composer.compose(self._said)
        await self.composer.compose(self._said)

    async def press(self, message: OutboxMessage, label: str) -> None:
        """Tap a button under a message a minute later, which is kept."""
        self._said += 1
        self.now += timedelta(minutes=1)
        rows = json.loads(message.payload)["reply_markup"]["inline_keyboard"]
        query = {
            "id": f"q{self._said}",
            "from": {"id": 7, "is_bot": False, "first_name": "Ada"},
            "message": {"message_id": 41, "date": 1, "chat": {"id": 7, "type": "private"}, "text": "x"},
            "chat_instance": "1",
            "data": next(each["callback_data"] for row in rows for each in row if each["text"] == label),
        }
        await self._keep("callback_query", query)

    async def sources(self) -> list[str]:
        return [feed.url for feed in await self.feeds.list(ReaderId("telegram:7"))]

    async def looks(self) -> int:
        async with self.database.reading() as connection:
            return int(await connection.scalar(select(func.count()).select_from(story_views)) or 0)

    async def replies(self) -> list[str]:
        return [json.loads(message.payload).get("text", "") for message in await self.outbox.pending()]


@pytest.fixture
async def chat(tmp_path: Path) -> AsyncIterator[Chat]:
    database = Database(f"sqlite:///{tmp_path / 'tidings.db'}")
    await database.migrate()
    yield Chat(database)
    await database.close()


async def test_a_source_removed_by_its_number_is_the_only_one_removed(chat: Chat) -> None:
    await chat.feeds.add([Feed(url=f"https://{name}.example/") for name in ("one", "two", "three")])

    await chat.say("/remove 2")

    assert await chat.sources() == ["https://one.example/", "https://three.example/"]
    (reply,) = await chat.replies()
    removed, listed = reply.split("\n\n", 1)
    assert "two." in removed
    assert "2. " in listed
    assert "two." not in listed


async def test_a_source_added_is_reported_as_added(chat: Chat) -> None:
    await chat.say("/add https://new.example/rss")

    assert await chat.sources() == ["https://new.example/rss"]
    assert await chat.replies() == ["I now read Found for you."]


async def test_a_question_is_one_turn_and_no_follow_up_to_itself(chat: Chat) -> None:
    await chat.say("What did the German chancellor Merz say about the Nord Stream pipeline?")
    await chat.say("and what did China say?")

    turns = await chat.dialogues.history(ConversationId("telegram:7"), 10)
    assert [turn.question for turn in turns] == [
        "What did the German chancellor Merz say about the Nord Stream pipeline?",
        "and what did China say?",
    ]
    assert chat.search.texts[2] == chat.search.texts[3] == turns[1].standalone
    update = await chat.inbox.get(2)
    assert update is not None
    assert update.state is InboxState.DONE


async def test_what_is_given_up_is_apologised_for_once(chat: Chat) -> None:
    await chat.write("What is new?")

    for _ in range(2):
        await chat.composer.give_up(1)

    update = await chat.inbox.get(1)
    assert update is not None
    assert (update.state, update.error) == (InboxState.QUARANTINED, "handling it failed again and again")
    (reply,) = await chat.replies()
    assert reply.startswith("Something went wrong")


async def test_to_whoever_may_not_use_the_bot_nothing_is_said_of_what_is_given_up_nor_is_it_kept(
    chat: Chat,
) -> None:
    await AccessStore(chat.database).admit(Judged(who="telegram:7", verdict=Verdict.BLOCKED, at=NOW))
    chat.composer = replace(chat.composer, gate=gate(chat.database))
    await chat.write("What is new?")

    await chat.composer.give_up(1)

    update = await chat.inbox.get(1)
    assert update is not None
    assert (update.state, update.payload, update.chat_id) == (InboxState.QUARANTINED, "", None)
    assert await chat.replies() == []


async def test_what_is_followed_at_the_second_try_is_followed_once_and_said_once(chat: Chat) -> None:
    await chat.say("/follow chip exports")

    (held,) = await chat.follows.of(ReaderId("telegram:7"))
    assert held.words == "chip exports"
    assert await chat.replies() == ["You follow “chip exports” now. When something really new comes, I tell you."]


async def test_what_is_told_at_the_second_try_is_taken_down_once_and_gone_once_it_is_dropped(chat: Chat) -> None:
    evidence = EvidenceStore(chat.database)

    await chat.say("/interests ferries")
    told = [each.text for each in (await evidence.of(ReaderId("telegram:7"))).values()]
    await chat.say("/drop all")

    assert told == ["ferries"]
    assert await evidence.of(ReaderId("telegram:7")) == {}


async def test_a_story_that_is_looked_at_is_so_only_once_the_page_is_on_its_way(chat: Chat) -> None:
    await chat.write("/brief 128")
    with pytest.raises(StorageBusy):
        await chat.composer.compose(1)
    before = await chat.looks()
    await chat.composer.compose(1)

    assert (before, await chat.looks()) == (0, 1)


async def test_a_tap_cut_short_is_taken_down_once_and_answered_once_with_the_buttons_it_leads_to(chat: Chat) -> None:
    await chat.say("/brief 128")
    (page,) = await chat.outbox.pending()

    await chat.tap(page, "👍")
    liked = [(each.kind, each.key) for each in (await chat.evidence.of(ReaderId("telegram:7"))).values()]
    await chat.tap(page, "👍")

    assert liked == [("liked", "second")]
    assert await chat.evidence.of(ReaderId("telegram:7")) == {}
    _, *calls = [(each.method, json.loads(each.payload)) for each in await chat.outbox.pending()]
    assert [method for method, _ in calls] == ["answerCallbackQuery", "editMessageReplyMarkup"] * 2
    assert [fields.get("text") for _, fields in calls[::2]] == ["Noted: you like this.", "Taken back."]
    assert [fields["message_id"] for _, fields in calls[1::2]] == [41, 41]


async def test_a_tap_that_is_given_up_is_answered_with_an_apology(chat: Chat) -> None:
    await chat.say("/brief 128")
    (page,) = await chat.outbox.pending()
    await chat.press(page, "👍")

    for _ in range(2):
        await chat.composer.give_up(2)

    (_, answer) = await chat.outbox.pending()
    assert answer.method == "answerCallbackQuery"
    assert json.loads(answer.payload) == {
        "callback_query_id": "q2",
        "text": "Something went wrong on my side, and I have noted it. Please try again in a moment.",
    }


async def test_an_update_is_told_once_however_often_telling_it_is_cut_short(chat: Chat) -> None:
    await chat.say("/follow chip exports")
    (held,) = await chat.follows.of(ReaderId("telegram:7"))
    told = update_of(held, at=NOW)

    cut_short = replace(notices(told)[0], chat_id=None)  # type: ignore[arg-type]
    with pytest.raises(IntegrityError):
        await chat.follows.settle(told, [*notices(told), cut_short, replace(cut_short, key="another")])
    nothing = [text for text in await chat.replies() if "court" in text]
    settled = [await chat.follows.settle(told, notices(told)) for _ in range(2)]

    assert (nothing, settled) == ([], [True, False])
    assert len([text for text in await chat.replies() if "A court halted the order." in text]) == 1


async def test_a_picture_goes_out_once_after_its_words_and_is_kept_no_longer_than_they(chat: Chat) -> None:
    chat.briefs.told = long_page()

    await chat.say("/brief 128")
    words, picture = await chat.outbox.pending()
    assert await chat.outbox.claim(picture.key) is not None
    await chat.outbox.sent(picture.key, 42)
    settled = await chat.outbox.get(picture.key)

    assert [words.method, picture.method] == ["sendMessage", "sendPhoto"]
    photo = json.loads(picture.payload)["photo"]
    assert zlib.decompress(base64.b64decode(photo["deflated"])).startswith(b"\x89PNG")
    assert settled is not None
    assert settled.payload == ""


async def test_a_picture_whose_sending_was_cut_short_is_not_sent_again(chat: Chat) -> None:
    chat.briefs.told = long_page()
    await chat.say("/brief 128")
    words, picture = await chat.outbox.pending()

    await chat.outbox.claim(picture.key)
    await chat.outbox.sweep()

    settled = await chat.outbox.get(picture.key)
    assert settled is not None
    assert (settled.state, settled.payload) == (OutboxState.UNKNOWN, "")
    assert [each.key for each in await chat.outbox.pending()] == [words.key]


async def test_a_panel_that_is_tapped_is_edited_once_and_what_is_chosen_holds_from_the_next_word_on(chat: Chat) -> None:
    await chat.say("/start")
    (panel,) = await chat.outbox.pending()

    await chat.tap(panel, "中文")
    await chat.say("/cancel")

    _, answer, edit, cancelled = [(each.method, json.loads(each.payload)) for each in await chat.outbox.pending()]
    assert answer == ("answerCallbackQuery", {"callback_query_id": "q2"})
    assert edit[0] == "editMessageText"
    assert (edit[1]["message_id"], edit[1]["parse_mode"]) == (41, "HTML")
    assert edit[1]["text"].startswith("<b>2/4 · 你关心什么？</b>")
    assert edit[1]["reply_markup"]["inline_keyboard"][0][0]["callback_data"] == "start.subjects=+politics"
    assert cancelled[1]["text"] == "没有什么可取消的。要停掉简报，请写“停”。"


async def test_a_place_that_is_written_edits_the_panel_that_asked_for_it_and_is_noted(chat: Chat) -> None:
    await chat.readers.wait(Awaited(reader=ReaderId("telegram:7"), asked="settings:41"))

    await chat.say("Berlin")
    await chat.say("Berlin")

    edit, noted, answered = [(each.method, json.loads(each.payload)) for each in await chat.outbox.pending()]
    assert (edit[0], edit[1]["message_id"]) == ("editMessageText", 41)
    assert noted[1]["text"] == "Noted: Berlin time."
    assert answered[1]["text"] not in {noted[1]["text"], edit[1]["text"]}
    assert await chat.readers.of(ReaderId("telegram:7")) == ReaderSettings(zone="Europe/Berlin")


async def test_who_chose_a_language_is_apologised_to_in_it(chat: Chat) -> None:
    await chat.readers.speak(Spoken(reader=ReaderId("telegram:7"), language="zh"))
    await chat.write("What is new?")

    await chat.composer.give_up(1)

    assert await chat.replies() == ["我这边出了点问题，已经记录下来。请稍后再试。"]

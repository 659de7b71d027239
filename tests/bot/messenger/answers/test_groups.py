"""What groups, channels and topics have of their own, and who may change it: from the messenger, over real stores."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.messenger.incoming.events import Asked, Origin, Tapped
from bot.messenger.operators.admins import KEPT_SECONDS, Admins
from bot.messenger.panels import choices
from bot.messenger.paragraphs.notices import digest_messages
from bot.messenger.wire.bot_api import Accepted, Json, NotSent, Outcome, Refused
from bot.serve import Rooms, Serving
from bot.texts import say
from storage.database import Database
from storage.domain.changes import Awaited, Followed, Learned, Listed, Spoken, Subscribed, Wished
from storage.domain.digests import DigestSettings, Timetable
from storage.domain.feedback import Offer
from storage.domain.people import ReaderId
from storage.inbox import InboxStore
from storage.outbox import OutboxStore
from storage.reader_settings import ReaderSettingsStore
from storage.shown import ShownMessageStore
from tests.bot.messenger.handled import GROUP, Bot, said
from tests.bot.test_serve import serving_now
from tests.bot_api.server import BOT, FakeBotApi
from tests.digests import MORNING, SLOT, digest, item
from tests.hot import followed

TOPIC = replace(GROUP, thread_id=12)
CHANNEL = Origin(
    chat_id=-9, message_id=1, reader=ReaderId("telegram:-9"), language="en", private=False, channel=True
)  # fmt: skip


@pytest.mark.parametrize(
    ("command", "kind"),
    [
        ("digest 7:30", Wished),
        ("settings 7:30", Wished),
        ("lang zh", Spoken),
        ("follow 128", Followed),
        ("interests ferries", Learned),
        ("add https://a.example", Subscribed),
    ],
)
@pytest.mark.parametrize(("origin", "place"), [(GROUP, "telegram:-5"), (TOPIC, "telegram:-5:12")])
async def test_what_an_administrator_changes_is_the_group_s_or_the_topic_s(
    command: str, kind: type, origin: Origin, place: str
) -> None:
    (change,) = (await Bot().decision(command, origin)).changes

    assert isinstance(change, kind)
    readers = {getattr(change, "reader", None), getattr(getattr(change, "settings", None), "reader", None)}
    readers |= {each.reader for each in getattr(change, "evidence", ())}
    assert readers - {None} == {place}


@pytest.mark.parametrize(
    "command",
    ["digest 7:30", "settings", "lang", "follow 128", "unfollow 3", "interests ferries", "boost 1", "mute 1",
     "drop all", "add https://a.example", "remove 1", "forget everything"],
)  # fmt: skip
@pytest.mark.parametrize(
    ("known", "sentence"),
    [
        (False, "Only administrators can change what I do here."),
        (None, say("en", "admins_unknown")),
    ],
)
async def test_nobody_else_changes_it(command: str, known: bool | None, sentence: str) -> None:
    bot = Bot()
    bot.admins.answer = known

    decision = await bot.decision(command, GROUP)

    assert (said(decision), decision.changes, decision.keyboard) == (sentence, (), None)


async def test_everybody_sees_what_is_the_group_s() -> None:
    bot = Bot()
    bot.admins.answer = False
    bot.follows.held = [followed(3, reader=ReaderId("telegram:-5"))]
    bot.digests.items = (item(1),)

    listed = await bot.decision("digest", GROUP)

    assert "Ferries ordered" in said(await bot.decision("follows", GROUP))
    assert said(await bot.decision("sources", GROUP)).startswith("What I read")
    assert said(await bot.decision("profile", GROUP))
    assert [change.digest.reader for change in listed.changes if isinstance(change, Listed)] == ["telegram:-5"]
    assert listed.offers == (Offer.BRIEF,)


async def test_a_link_into_a_group_opens_nothing_that_is_not_everybody_s() -> None:
    bot = Bot()
    bot.admins.answer = False

    decision = await bot.decision("start settings", GROUP)

    assert (decision.keyboard, decision.changes) == (None, ())
    assert "1/4" not in said(decision)


async def test_a_panel_in_a_group_obeys_its_administrators_alone() -> None:
    bot = Bot()
    tap = Tapped(origin=GROUP, query="q", pressed=None, choice=choices.read("settings.digest=on"))
    allowed = await bot.handlers.answer(tap)
    bot.admins.answer = False
    refused = await bot.handlers.answer(tap)

    (wished,) = allowed.changes
    assert isinstance(wished, Wished)
    assert wished.settings.reader == "telegram:-5"
    assert refused.changes == ()
    assert refused.shown is not None
    assert refused.shown.said == "Only administrators can change what I do here."


async def test_what_an_administrator_writes_in_answer_to_a_panel_is_one_and_anybody_else_s_is_a_question() -> None:
    bot = Bot()
    asked = replace(GROUP, asked="settings:41", answers=41)
    allowed = await bot.handlers.answer(Asked(origin=asked, text="Berlin"))
    bot.admins.answer = False
    other = await bot.handlers.answer(Asked(origin=asked, text="Berlin"))

    assert [type(change) for change in allowed.changes] == [Wished, Awaited]
    assert allowed.changes[1] == Awaited(reader=ReaderId("telegram:-5"), asked=None)
    assert "You asked: Berlin" in said(other)


def test_a_digest_of_a_topic_is_sent_there_and_nobody_is_offered_to_follow() -> None:
    reader = ReaderId("telegram:-5:12")
    settings = DigestSettings(reader=reader, since=MORNING, timetable=Timetable(zone="UTC"), language="en")

    (message,) = digest_messages(digest(item(1), reader=reader, slot=SLOT), settings)

    fields = json.loads(message.payload)
    assert (message.chat_id, fields["message_thread_id"]) == (-5, 12)
    assert message.about is not None
    assert message.about.offers == (Offer.BRIEF,)


class Telegram:
    """Says who is what in which group."""

    def __init__(self, *outcomes: Outcome) -> None:
        self.outcomes, self.calls = list(outcomes), 0

    async def call(self, method: str, fields: object = None, *, read_timeout: float = 20.0) -> Outcome:
        assert (method, fields) == ("getChatMember", {"chat_id": -5, "user_id": 7})
        self.calls += 1
        return self.outcomes.pop(0)


def member(status: str) -> Accepted:
    result: Json = {"status": status}
    return Accepted(result=result)


@pytest.mark.parametrize(
    ("outcome", "administers"),
    [
        (member("creator"), True),
        (member("administrator"), True),
        (member("member"), False),
        (member("left"), False),
        (Accepted(result=[]), None),
        (Refused(code=400, description="Bad Request: member not found"), False),
        (Refused(code=400, description="Bad Request: USER_NOT_PARTICIPANT"), False),
        (Refused(code=400, description="Bad Request: user not found"), None),
        (Refused(code=400, description="Bad Request: PARTICIPANT_ID_INVALID"), None),
        (Refused(code=400, description="Bad Request: CHAT_ADMIN_REQUIRED"), None),
        (Refused(code=400, description="Bad Request: chat not found"), None),
        (Refused(code=401, description="Unauthorized"), None),
        (Refused(code=403, description="Forbidden: bot is not a member of the channel chat"), None),
        (Refused(code=404, description="Not Found"), None),
        (Refused(code=502, description="HTTP 502"), None),
        (Refused(code=429, description="Too Many Requests", retry_after=timedelta(seconds=3)), None),
        (NotSent(reason="ConnectError"), None),
    ],
)
async def test_who_administers_a_group_is_what_telegram_says(outcome: Outcome, administers: bool | None) -> None:
    assert await Admins(Telegram(outcome)).administers(GROUP) is administers


async def test_what_is_not_known_is_asked_again() -> None:
    telegram = Telegram(Refused(code=400, description="Bad Request: user not found"), member("administrator"))
    admins = Admins(telegram)

    assert [await admins.administers(GROUP) for _ in range(3)] == [None, True, True]
    assert telegram.calls == 2


async def test_it_is_believed_for_a_minute_and_no_longer() -> None:
    now = [0.0]
    telegram = Telegram(member("administrator"), member("member"))
    admins = Admins(telegram, lambda: now[0])

    first, second = await admins.administers(GROUP), await admins.administers(GROUP)
    now[0] = KEPT_SECONDS
    later = await admins.administers(GROUP)

    assert (first, second, later, telegram.calls) == (True, True, False, 2)


async def test_who_speaks_as_the_group_or_in_a_channel_administers_it_and_who_speaks_as_another_chat_does_not() -> None:
    admins = Admins(Telegram())

    assert await admins.administers(replace(GROUP, reader=ReaderId("telegram:-5")))
    assert await admins.administers(CHANNEL)
    assert not await admins.administers(replace(GROUP, reader=ReaderId("telegram:-100777")))


# from the messenger


@asynccontextmanager
async def talking(serving: Serving, rooms: Rooms, folder: Path) -> AsyncIterator[Database]:
    database = Database(f"sqlite:///{folder / 'tidings.db'}")
    await database.migrate()
    real = replace(
        rooms,
        inbox=InboxStore(database),
        outbox=OutboxStore(database),
        shown=ShownMessageStore(database),
        readers=ReaderSettingsStore(database),
    )
    try:
        async with serving_now(serving, real):
            yield database
    finally:
        await database.close()


async def test_members_ask_and_administrators_set_up(
    serving: Serving, rooms: Rooms, api: FakeBotApi, tmp_path: Path
) -> None:
    async with talking(serving, rooms, tmp_path):
        api.say("/lang zh", chat=-5, sender=8)
        (refused,) = await api.replies(1)
        api.promote(-5, 9)
        api.say("/lang zh", chat=-5, sender=9)
        await api.replies(2)
        api.say("@tidings_bot what is new?", chat=-5, sender=8)
        await api.replies(3)
        api.say_anonymously("/lang en", chat=-5)
        spoken = (await api.replies(4))[3]

    assert refused.shown.text == "Only administrators can change what I do here."
    assert api.sent[1].shown.text == "我用中文与你交谈。"
    assert "截至" in api.sent[2].shown.text
    assert spoken.shown.text == "I speak English to you."
    assert [call.chat_id for call in api.sent] == [-5] * 4


async def test_a_group_s_settings_go_along_where_it_becomes_another_chat(
    serving: Serving, rooms: Rooms, api: FakeBotApi, tmp_path: Path
) -> None:
    async with talking(serving, rooms, tmp_path) as database:
        api.promote(-5, 9)
        api.say("/lang zh", chat=-5, sender=9)
        await api.replies(1)
        api.migrate(-5, -1005)
        api.say("/help", chat=-1005, sender=9)
        (_, answered) = await api.replies(2)
        readers = ReaderSettingsStore(database)
        before, after = await readers.of(ReaderId("telegram:-5")), await readers.of(ReaderId("telegram:-1005"))

    assert (before.language, after.language) == (None, "zh")
    assert answered.shown.text == say("zh", "help_group").strip()


async def test_a_channel_is_set_up_by_a_post_and_answered_there(
    serving: Serving, rooms: Rooms, api: FakeBotApi, tmp_path: Path
) -> None:
    async with talking(serving, rooms, tmp_path):
        api.open_channel(-9)
        api.promote(-9, BOT["id"])
        api.post("What a day!", chat=-9)
        api.post("/digest 7:30", chat=-9)
        (reply,) = await api.replies(1)

    assert reply.chat_id == -9
    assert "07:30" in reply.shown.text


async def test_let_into_a_group_the_bot_says_hello_once(
    serving: Serving, rooms: Rooms, api: FakeBotApi, tmp_path: Path
) -> None:
    async with talking(serving, rooms, tmp_path):
        api.dismiss(-5, sender=9)
        api.invite(-5, sender=9)
        api.invite(-5, "administrator", sender=9)
        api.say("@tidings_bot hello", chat=-5, sender=9)
        hello, answer = await api.replies(2)

    assert hello.shown.text == say("en", "start_group").strip()
    assert "reply_parameters" not in hello.fields
    assert "You asked" in answer.shown.text


async def test_in_a_channel_nothing_is_said_unasked(
    serving: Serving, rooms: Rooms, api: FakeBotApi, tmp_path: Path
) -> None:
    async with talking(serving, rooms, tmp_path):
        api.open_channel(-9)
        api.dismiss(-9)
        api.invite(-9, "administrator")
        api.say("hello")
        (answer,) = await api.replies(1)

    assert answer.chat_id == 7

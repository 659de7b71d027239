"""Who may use the bot, over real stores."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.messenger.answers.decisions import Decision, words
from bot.messenger.incoming.events import (
    Asked,
    Commanded,
    Event,
    Handed,
    Located,
    Met,
    Origin,
    Reacted,
    Sought,
    Tapped,
    Unreadable,
)
from bot.messenger.incoming.readables import Link
from bot.messenger.operators.gate import Rules
from bot.texts import languages, say
from storage.database import Database
from storage.domain.access import Judged, Named, Returned, TurnedAway, Verdict
from storage.domain.changes import Forgotten, Wished
from storage.domain.deliveries import FAREWELL
from storage.domain.digests import DigestSettings
from storage.domain.people import ReaderId
from storage.outbox import OutboxStore
from storage.schema import inbox, refusals, spending
from tests.bot.messenger.operators.gates import ADA, GROUP, NOON, ORIGIN, QUESTION, Bot, beside_the_count, command, said
from tests.bot.messenger.test_compose import Chat
from tests.operating import gate
from tests.storage.examples import lose


async def test_an_open_bot_answers_everybody_but_the_blocked(database: Database) -> None:
    bot = Bot(database)
    await bot.know()
    before = await bot.met(QUESTION)

    for who in (ADA, "@ada_l"):
        await bot.judge(who, Verdict.BLOCKED)
        assert await bot.met(QUESTION) != before
        await bot.access.admit(Judged(who=who, verdict=None, at=NOON))

    assert await bot.met(QUESTION) == before
    assert bot.let_through == [QUESTION] * 2


async def test_a_closed_bot_answers_only_those_let_in_by_number_name_or_group(database: Database) -> None:
    bot = Bot(database, Rules(closed=True, admins=frozenset([ReaderId("telegram:9")])))
    stranger = Asked(origin=replace(ORIGIN, chat_id=8, reader=ReaderId("telegram:8"), username=""), text="tides?")
    in_group = Asked(origin=replace(GROUP, reader=ReaderId("telegram:8"), username=""), text="tides?")
    admin = Asked(origin=replace(ORIGIN, chat_id=9, reader=ReaderId("telegram:9"), username=""), text="tides?")
    await bot.judge("@ada_l", Verdict.ALLOWED)

    for event in (QUESTION, stranger, in_group, admin):
        await bot.met(event)
    await bot.judge("telegram:-5", Verdict.ALLOWED)
    await bot.met(in_group)
    await bot.judge("telegram:8", Verdict.BLOCKED)
    await bot.met(in_group)

    assert bot.let_through == [QUESTION, admin, in_group]


async def test_whoever_is_turned_away_is_told_once_a_day_and_the_time_alone_is_kept(database: Database) -> None:
    bot = Bot(database, Rules(closed=True))

    told = [said(await bot.met(QUESTION)) for _ in range(3)]
    bot.now += timedelta(days=1, seconds=1)
    told.append(said(await bot.met(Unreadable(origin=ORIGIN, kind="photo"))))

    line = say("en", "turned_away_closed", number="7")
    assert told == [line, "", "", line]
    async with database.reading() as connection:
        assert (await connection.execute(select(refusals))).all() == [(ADA, bot.now)]
        rows = (await connection.execute(select(inbox.c.chat_id, inbox.c.payload))).all()
        assert set(rows) == {(None, "")}
        assert (await connection.execute(select(spending))).all() == []
    assert await bot.access.prune(bot.now + timedelta(days=1, seconds=1)) == 1


async def test_of_the_line_itself_nothing_is_left_once_it_is_sent(database: Database) -> None:
    chat = Chat(database)
    chat.inbox.left = 0
    chat.composer = replace(chat.composer, gate=gate(database, Rules(closed=True)))

    await chat.say("tides?")

    (line,) = await OutboxStore(database).pending()
    assert FAREWELL in line.key
    await OutboxStore(database).claim(line.key)
    await OutboxStore(database).sent(line.key, 3)
    assert await OutboxStore(database).get(line.key) is None


async def test_in_a_group_one_line_a_day_is_for_all_of_it(database: Database) -> None:
    bot = Bot(database, Rules(closed=True))
    other = replace(GROUP, reader=ReaderId("telegram:8"), username="")

    told = [said(await bot.met(Asked(origin=origin, text="tides?"))) for origin in (GROUP, other)]

    assert told == [say("en", "turned_away_closed", number="-5"), ""]


async def test_a_tap_of_somebody_turned_away_is_answered_and_a_reaction_is_nothing(database: Database) -> None:
    bot = Bot(database, Rules(closed=True))

    tapped = await bot.met(Tapped(origin=ORIGIN, query="q", pressed=None))
    reacted = await bot.met(Reacted(origin=ORIGIN, verdict=None))

    assert tapped.shown is not None
    assert tapped.shown.said == say("en", "turned_away_short")
    assert (reacted.parts, reacted.shown) == ((), None)
    assert [type(change) for change in (*tapped.changes, *reacted.changes)] == [TurnedAway, TurnedAway]
    assert bot.let_through == []


async def test_their_own_data_stays_theirs(database: Database) -> None:
    bot = Bot(database)
    await bot.judge(ADA, Verdict.BLOCKED)
    commands = [Commanded(origin=ORIGIN, command=each, argument="") for each in ("export", "forget", "privacy", "hot")]

    for each in commands:
        await bot.met(each)
    await bot.met(Commanded(origin=GROUP, command="export", argument=""))

    assert bot.let_through == commands[:3]


async def test_nothing_is_taken_down_of_somebody_who_has_just_been_forgotten(database: Database) -> None:
    bot = Bot(database, None, "one")

    async def forgetting(event: Event) -> Decision:
        return replace(await bot.answers(event), changes=(Forgotten(reader=ADA),))

    decision = await bot.gate.answer(1, QUESTION, forgetting)

    assert decision.changes == (Forgotten(reader=ADA),)


async def test_whoever_could_not_be_reached_can_be_once_they_speak(database: Database) -> None:
    bot = Bot(database)
    await bot.know()
    await lose(database, 7)

    first, second = await bot.met(QUESTION), await bot.met(QUESTION)

    assert (beside_the_count(first), beside_the_count(second)) == ((Returned(reader=ADA),), ())


async def test_who_only_types_behind_the_name_of_the_bot_cannot_be_reached_for_all_that(database: Database) -> None:
    bot = Bot(database)
    await bot.know()
    await lose(database, 7)

    typed, spoken = await bot.met(Sought(origin=ORIGIN, query="q", text="tides")), await bot.met(QUESTION)

    assert (beside_the_count(typed), beside_the_count(spoken)) == ((), (Returned(reader=ADA),))


async def test_the_name_of_whoever_may_be_sent_something_is_kept_as_they_have_it_now(database: Database) -> None:
    bot = Bot(database)
    renamed = replace(QUESTION, origin=replace(ORIGIN, username="eve_e"))
    group = Asked(origin=replace(GROUP, chat_name="news_group"), text="tides?")

    events: list[Met] = [QUESTION, QUESTION, renamed, group, group]
    changes = [beside_the_count(await bot.met(event)) for event in events]

    assert changes == [
        (Named(reader=ADA, name="@ada_l"),),
        (),
        (Named(reader=ADA, name="@eve_e"),),
        (Named(reader=ReaderId("telegram:-5"), name="@news_group"),),
        (),
    ]


async def test_of_a_stranger_who_is_turned_away_no_name_is_kept_and_of_who_was_admitted_the_one_they_have_now(
    database: Database,
) -> None:
    bot = Bot(database)
    await bot.judge("@eve_e", Verdict.BLOCKED)
    eve = replace(ORIGIN, username="eve_e")
    events: list[Met] = [Asked(origin=eve, text="tides?"), Commanded(origin=eve, command="export", argument="")]
    stranger = [(await bot.met(event)).changes for event in events]
    await bot.know()

    known = (await bot.met(events[0])).changes

    assert stranger == [(TurnedAway(reader=ADA, at=NOON),), ()]
    assert known == (TurnedAway(reader=ADA, at=None), Named(reader=ADA, name="@eve_e"))


@pytest.mark.parametrize("verdict", list(Verdict))
async def test_a_topic_of_a_forum_stands_as_its_group_does(database: Database, verdict: Verdict) -> None:
    bot = Bot(database, Rules(closed=verdict is Verdict.ALLOWED))
    topic = Asked(origin=replace(GROUP, thread_id=12, username=""), text="tides?")
    await bot.met(topic)
    before = len(bot.let_through)

    await bot.judge("telegram:-5", verdict)
    await bot.met(topic)

    assert (before, len(bot.let_through)) == ((0, 1) if verdict is Verdict.ALLOWED else (1, 1))


@pytest.mark.parametrize("language", languages())
async def test_who_sets_up_what_is_sent_to_a_group_that_is_not_let_in_is_told_so(
    database: Database, language: str
) -> None:
    bot = Bot(database, Rules(closed=True))
    await bot.judge(ADA, Verdict.ALLOWED)
    line = said(words(language, "unasked_not_here", number=-5))
    on = DigestSettings(reader=ReaderId("telegram:-5"), since=NOON, active=True)

    async def told(settings: DigestSettings, origin: Origin = GROUP) -> bool:
        async def wishing(_event: Event) -> Decision:
            return Decision(changes=(Wished(settings=settings, at=NOON, wake_at=None),))

        event = command("digest", "7:30", replace(origin, language=language))
        return line in said(await bot.gate.answer(1, event, wishing))

    found = [await told(on), await told(replace(on, active=False)), await told(on, ORIGIN)]
    await bot.judge("telegram:-5", Verdict.ALLOWED)
    found.append(await told(on))

    assert found == [True, False, False, False]


async def test_in_a_group_that_is_blocked_by_its_name_nobody_is_answered(database: Database) -> None:
    bot = Bot(database)
    await bot.judge("@news_group", Verdict.BLOCKED)

    await bot.met(Asked(origin=replace(GROUP, chat_name="news_group"), text="tides?"))

    assert bot.let_through == []


async def test_what_is_typed_behind_the_bots_name_and_what_a_channel_posts_is_turned_away_in_silence(
    database: Database,
) -> None:
    bot = Bot(database, Rules(closed=True))
    post = Commanded(origin=replace(GROUP, channel=True), command="hot", argument="")

    decisions = [await bot.met(event) for event in (Sought(origin=ORIGIN, query="q", text="tides"), post)]

    assert [(decision.parts, decision.shown) for decision in decisions] == [((), None)] * 2
    assert bot.let_through == []


async def test_what_is_handed_over_and_a_place_are_answered_with_the_line(database: Database) -> None:
    bot = Bot(database, Rules(closed=True))
    page = Link(url="https://news.example/tides")

    for event in (Handed(origin=ORIGIN, what=page), Located(origin=ORIGIN, latitude=1, longitude=1)):
        assert said(await bot.met(event)) == say("en", "turned_away_closed", number="7")
        bot.now += timedelta(days=2)


@pytest.mark.parametrize("language", languages())
def test_the_lines_say_what_to_do(language: str) -> None:
    assert "/forget" in say(language, "turned_away")
    assert "77" in say(language, "turned_away_closed", number="77")
    assert "00:00" in say(language, "used_up_own", time="2026-11-23 00:00", hours=12)

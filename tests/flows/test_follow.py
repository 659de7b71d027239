from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import pytest

from bot.flows.follow import A_DAY, MOST_FOLLOWS, QUIET, Following, at_rest, may_tell
from bot.texts.follows import called
from generation.about import about
from generation.turns import turns
from storage.domain.changes import Followed, Unfollowed
from storage.domain.deliveries import OutboxMessage
from storage.domain.evidence import EvidenceKind
from storage.domain.follows import Follow, FollowId, Update
from storage.domain.news import ArticleId
from storage.domain.people import ReaderId
from storage.domain.stories import OVER_AFTER, StoryId
from storage.errors import InputError, StorageBusy
from tests.flows.turns import DAY, HOUR, NEXT_TURN, NOON, REWRITE, TOLD, TURN, TURN_AGAIN, Newsroom, fresh, hot
from tests.hot import followed

ADA, BEN = ReaderId("telegram:7"), ReaderId("telegram:70")


@dataclass(slots=True)
class Shelf:
    """What readers follow, in memory, by the letter of `bot.flows.follow.FollowShelf`."""

    held: dict[FollowId, Follow] = field(default_factory=dict)
    sent: list[OutboxMessage] = field(default_factory=list)
    looked: dict[StoryId, datetime] = field(default_factory=dict)
    beaten: bool = False

    async def of(self, reader: ReaderId) -> Sequence[Follow]:
        return [self._heard(each) for each in self.held.values() if each.reader == reader]

    async def active(self, readers: str) -> Sequence[Follow]:
        return [self._heard(each) for each in self.held.values() if each.reader.startswith(readers)]

    async def follow(self, wanted: Followed) -> bool:
        id_ = FollowId(len(self.held) + 1)
        self.held[id_] = Follow(
            id=id_,
            number=int(id_),
            reader=wanted.reader,
            story=wanted.story,
            words=wanted.words,
            language=wanted.language,
            since=wanted.at,
            told_at=wanted.at,
        )
        return True

    async def unfollow(self, unwanted: Unfollowed) -> bool:
        return self.held.pop(unwanted.follow, None) is not None

    async def settle(self, told: Update, messages: Sequence[OutboxMessage] = ()) -> bool:
        before = self.held.get(told.follow.id)
        if self.beaten or before is None or before.told_at != told.follow.told_at:
            return False
        texts = {text: told.at for news in told.news for text in news.texts}
        if told.ends:
            del self.held[told.follow.id]
        else:
            self.held[told.follow.id] = replace(before, told_at=told.at, told={**before.told, **texts})
        self.sent += messages
        return True

    async def seen(self, reader: ReaderId, story: StoryId) -> datetime | None:
        del reader
        return self.looked.get(story)

    def _heard(self, follow: Follow) -> Follow:
        mine = [each for each in self.held.values() if each.reader == follow.reader]
        return replace(follow, heard=frozenset(text for each in mine for text in each.told))


@dataclass(slots=True)
class Instance:
    """Stories, readers and a clock."""

    now: datetime = NOON
    room: Newsroom = field(default_factory=Newsroom)
    shelf: Shelf = field(default_factory=Shelf)
    quiet: set[ReaderId] = field(default_factory=set)
    asleep: set[ReaderId] = field(default_factory=set)

    async def is_night(self, reader: ReaderId) -> bool:
        return reader in self.asleep

    async def is_quiet(self, reader: ReaderId) -> bool:
        return reader in self.quiet

    @property
    def flow(self) -> Following:
        return Following(
            follows=self.shelf,
            stories=self.room,
            hot=hot(self.room, self.now),
            search=self.room,
            about=about,
            turns=turns,
            fresh=fresh(self.room),
            quiet=self.is_quiet,
            night=self.is_night,
            clock=lambda: self.now,
        )

    async def told(self, after: timedelta = timedelta(0), reader: ReaderId = ADA) -> list[str]:
        """The lines that are told so long after the last time; `ends` for a follow that ends."""
        self.now += after
        updates = await self.flow.updates(reader)
        return [
            line
            for update in updates
            for line in (["ends"] if update.ends else [line.text for news in update.news for line in news.gist.lines])
        ]


@pytest.fixture
async def kell() -> Instance:
    """Ada follows, from noon on, a story that was told before."""
    made = Instance()
    made.room.tell(1, TOLD, NOON - 2 * HOUR, title="Kell approves Sanne bridge")
    await made.flow.follow(ADA, "1", "en")
    return made


async def test_a_story_is_followed_by_its_number_under_its_name(kell: Instance) -> None:
    (held,) = await kell.flow.list(ADA)

    assert (held.story, held.language, held.since) == (1, "en", NOON)
    assert "Kell" in held.words


async def test_what_is_followed_tells_of_the_newest_of_a_story_or_of_the_words_of_a_topic(kell: Instance) -> None:
    for n, hours in enumerate((1, 2, 3)):
        kell.room.tell(1, f"{TURN} {n}", NOON + hours * HOUR, source=f"Post {n}")
    kell.now += 4 * HOUR

    story = await kell.flow.to_follow(BEN, "1", "en")
    topic = await kell.flow.to_follow(BEN, "chip exports", "en")

    reports = (await kell.room.story(StoryId(1), BEN)).reports  # type: ignore[union-attr] # it is there
    assert [each.key for each in story.evidence] == [each.headline.id for each in reversed(reports)][:3]
    assert {(each.reader, each.kind, each.text) for each in story.evidence} == {
        (BEN, EvidenceKind.FOLLOWED, story.words)
    }
    assert [(each.kind, each.text, each.worth) for each in topic.evidence] == [
        (EvidenceKind.FOLLOWED, "chip exports", 3.0)
    ]


async def test_a_turn_is_told_once_and_a_rewrite_never(kell: Instance) -> None:
    assert await kell.told() == []

    kell.room.tell(1, REWRITE, NOON + HOUR, source="Post")
    rewritten = await kell.told(after=2 * HOUR)
    kell.room.tell(1, TURN, NOON + 2.5 * HOUR, source="Wire")
    turned = [await kell.told(after=HOUR), await kell.told(after=2 * HOUR)]
    kell.room.tell(1, TURN_AGAIN, NOON + 6 * HOUR, source="Herald")
    again = await kell.told(after=3 * HOUR)

    assert (rewritten, turned, again) == ([], [[TURN], []], [])


async def test_what_came_before_it_was_followed_is_not_told(kell: Instance) -> None:
    kell.room.tell(1, TURN, NOON - HOUR)

    assert await kell.told(after=2 * HOUR) == []


async def test_what_came_before_the_reader_looked_at_the_story_is_not_told(kell: Instance) -> None:
    kell.room.tell(1, TURN, NOON + HOUR)
    kell.shelf.looked[StoryId(1)] = NOON + 2 * HOUR

    assert await kell.told(after=3 * HOUR) == []


async def test_what_comes_in_the_quiet_time_after_an_update_is_told_at_its_end(kell: Instance) -> None:
    kell.room.tell(1, TURN, NOON + HOUR)
    first = await kell.told(after=HOUR)
    kell.room.tell(1, NEXT_TURN, NOON + HOUR + QUIET / 4)

    early, due = await kell.told(after=QUIET / 2), await kell.told(after=QUIET / 2)

    assert (first, early, due) == ([TURN], [], [NEXT_TURN])


def test_no_more_than_so_many_updates_of_one_follow_are_told_in_a_day() -> None:
    told = {ArticleId(f"t{n}"): NOON + 2 * n * HOUR for n in range(A_DAY)}
    follow = followed(told={**told, ArticleId("together"): NOON})

    assert not may_tell(follow, NOON + 12 * HOUR)
    assert may_tell(follow, NOON + DAY)
    assert may_tell(followed(told=dict(list(told.items())[1:])), NOON + 12 * HOUR)


async def test_a_follow_ends_and_says_so_once_when_nothing_independent_came_for_a_week(kell: Instance) -> None:
    kell.room.tell(1, TURN, NOON + DAY)
    kell.room.tell(1, TURN, NOON + 5 * DAY, group="a1")

    told = [await kell.told(after=DAY), await kell.told(after=OVER_AFTER - HOUR), await kell.told(after=HOUR)]

    assert told == [[TURN], [], ["ends"]]
    assert await kell.told(after=DAY) == []
    assert await kell.flow.list(ADA) == []


async def test_an_old_story_that_is_followed_has_a_week_to_move(kell: Instance) -> None:
    story = kell.room.held(1)

    assert not at_rest(story.reports, NOON + 30 * DAY, NOON + 36 * DAY)
    assert at_rest(story.reports, NOON, NOON + OVER_AFTER)
    assert at_rest((), NOON, NOON + OVER_AFTER)


async def test_a_story_that_the_reader_sees_nothing_of_any_longer_ends_too(kell: Instance) -> None:
    kell.room.hidden.add(ArticleId("a0"))

    assert await kell.told(after=DAY) == []
    assert await kell.told(after=OVER_AFTER) == ["ends"]


async def test_what_another_process_told_is_not_told_here(kell: Instance) -> None:
    kell.room.tell(1, TURN, NOON + HOUR)
    kell.shelf.beaten = True

    assert await kell.told(after=2 * HOUR) == []


async def test_a_reader_is_told_of_their_own_follows_only(kell: Instance) -> None:
    kell.room.tell(1, TURN, NOON + HOUR)

    assert await kell.told(after=2 * HOUR, reader=BEN) == []


async def test_all_readers_of_a_kind_are_notified_each_with_messages_of_their_own(kell: Instance) -> None:
    await kell.flow.follow(BEN, "1", "en")
    await kell.flow.follow(ReaderId("terminal:ada"), "1", "en")
    kell.room.tell(1, TURN, NOON + HOUR)
    kell.now += 2 * HOUR

    def sending(update: Update) -> Sequence[OutboxMessage]:
        key = f"{update.follow.reader} {update.news[0].gist.lines[0].text}"
        return [OutboxMessage(key=key, chat_id=1, method="sendMessage", payload="", created_at=update.at)]

    kell.quiet = {BEN}
    first, second = await kell.flow.notify("telegram:", sending), await kell.flow.notify("telegram:", sending)
    kell.quiet.clear()
    third = await kell.flow.notify("telegram:", sending)

    assert (first, second, third) == (1, 0, 1)
    assert [each.key for each in kell.shelf.sent] == [f"{ADA} {TURN}", f"{BEN} {TURN}"]


async def test_one_follow_that_fails_does_not_keep_the_others_from_being_told(kell: Instance) -> None:
    await kell.flow.follow(BEN, "1", "en")
    kell.room.tell(1, TURN, NOON + HOUR)
    kell.now += 2 * HOUR

    def sending(update: Update) -> Sequence[OutboxMessage]:
        if update.follow.reader == ADA:
            raise StorageBusy("database: held")
        return ()

    told = await kell.flow.notify("telegram:", sending)
    later = await kell.told()

    assert (told, later) == (1, [TURN])


async def test_a_topic_is_told_of_new_stories_about_it_and_of_what_moves_in_them() -> None:
    made = Instance()
    await made.flow.follow(ADA, "Sanne bridge", "en")
    made.room.tell(1, TOLD, NOON + HOUR)
    made.room.tell(2, "Ferries on Lake Oster stop for a week. Six boats need new engines.", NOON + HOUR)

    first = await made.told(after=2 * HOUR)
    made.room.tell(1, TURN, NOON + 3 * HOUR, source="Wire")
    second = await made.told(after=2 * HOUR)
    third = await made.told(after=2 * HOUR)

    assert len(first) == 1
    assert "bridge over the Sanne" in first[0]
    assert (second, third) == ([TURN], [])
    assert all(each.reader == ADA for each in made.room.requests)


async def test_a_topic_does_not_tell_what_a_followed_story_tells(kell: Instance) -> None:
    await kell.flow.follow(ADA, "Sanne bridge", "en")
    kell.room.tell(1, TURN, NOON + HOUR)

    assert await kell.told(after=2 * HOUR) == [TURN]
    assert await kell.told(after=2 * HOUR) == []


async def test_a_turn_that_is_told_as_a_story_of_its_own_is_told_to_who_follows_what_it_is_of(kell: Instance) -> None:
    kell.room.tell(2, REWRITE, NOON + HOUR, novelty=1.0)
    kell.room.tell(3, TURN, NOON + HOUR, novelty=1.0, source="Wire", title="Judge halts Sanne bridge in Kell")
    kell.room.tell(4, "Ferries on Lake Oster stop for a week. Six boats need new engines.", NOON + HOUR, novelty=1.0)

    assert await kell.told(after=2 * HOUR) == [TURN]
    assert await kell.told(after=2 * HOUR) == []


async def test_another_story_that_was_there_before_is_no_turn_of_the_one_that_is_followed(kell: Instance) -> None:
    kell.room.tell(2, "The old bridge over the Sanne in Kell was closed. The council approved it in 1911.", NOON - HOUR)
    kell.room.tell(2, TURN, NOON + HOUR, source="Wire")

    assert await kell.told(after=2 * HOUR) == []


async def test_a_turn_is_told_though_its_story_takes_over_an_article_of_the_one_that_is_followed() -> None:
    made = Instance()
    made.room.tell(1, TOLD, NOON - 2 * HOUR, title="Kell approves Sanne bridge")
    older = made.room.tell(1, "Opponents of the Sanne bridge went to court in Kell.", NOON - HOUR, source="Mail")
    await made.flow.follow(ADA, "1", "en")
    made.room.tell(2, TURN, NOON + HOUR, novelty=1.0, source="Wire", title="Judge halts Sanne bridge in Kell")
    made.room.take(older, 2)

    assert await made.told(after=2 * HOUR) == [TURN]
    assert await made.told(after=2 * HOUR) == []


async def test_a_round_up_tells_nothing_of_what_is_followed(kell: Instance) -> None:
    title = "Sanne bridge in Kell, ferries, a flood: 5 things to know Friday"
    kell.room.tell(2, TURN, NOON + HOUR, novelty=1.0, source="Wire", title=title)
    await kell.flow.follow(ADA, "Sanne bridge", "en")

    assert await kell.told(after=2 * HOUR) == []


async def test_a_rewrite_that_is_taken_for_a_story_of_its_own_is_no_news_of_a_topic() -> None:
    made = Instance()
    made.room.tell(1, TOLD, NOON - HOUR)
    await made.flow.follow(ADA, "Sanne bridge", "en")
    made.room.tell(2, REWRITE, NOON + HOUR, novelty=1.0)
    rewritten = await made.told(after=2 * HOUR)

    made.room.tell(3, TURN, NOON + 3 * HOUR, novelty=1.0)
    made.room.tell(4, TURN_AGAIN, NOON + 3 * HOUR, novelty=1.0, source="Post")
    turned = await made.told(after=2 * HOUR)
    again = await made.told(after=2 * HOUR)

    assert (rewritten, len(turned), again) == ([], 1, [])


async def test_of_many_stories_on_a_topic_an_update_tells_a_few_and_the_next_goes_on() -> None:
    made = Instance()
    await made.flow.follow(ADA, "strike", "en")
    for number, what in enumerate(("Bakers", "Pilots", "Teachers", "Miners", "Nurses"), start=1):
        place = f"Town{number}burg"
        made.room.tell(number, f"{what} strike in {place} over shifts of {number + 9} hours.", NOON + HOUR)

    counts = [len(await made.told(after=2 * HOUR)) for _ in range(3)]

    assert counts == [3, 2, 0]


async def test_two_topics_do_not_tell_the_same() -> None:
    made = Instance()
    await made.flow.follow(ADA, "Sanne bridge", "en")
    await made.flow.follow(ADA, "bridge over the Sanne", "en")
    made.room.tell(1, TOLD, NOON + HOUR)

    assert len(await made.told(after=2 * HOUR)) == 1


@pytest.mark.parametrize(
    ("wanted", "key"),
    [("999", "follow_no_story"), ("?!", "question_empty"), ("1", "follow_known"), ("#1", "follow_known")],
)
async def test_what_cannot_be_followed_is_refused(kell: Instance, wanted: str, key: str) -> None:
    with pytest.raises(InputError) as refused:
        await kell.flow.follow(ADA, wanted, "en")

    assert refused.value.key == key


async def test_a_reader_follows_no_more_than_they_could_be_told_of(kell: Instance) -> None:
    for n in range(MOST_FOLLOWS - 1):
        await kell.flow.follow(ADA, f"topic number {n}", "en")

    with pytest.raises(InputError) as refused:
        await kell.flow.follow(ADA, "one more", "en")

    assert refused.value.key == "follow_too_many"


async def test_a_follow_is_ended_by_its_number_its_storys_or_its_words() -> None:
    made = Instance()
    made.room.tell(128, TOLD, NOON)
    for wanted in ("128", "chip exports", "rail strikes"):
        await made.flow.follow(ADA, wanted, "en")

    ended = [(await made.flow.unfollow(ADA, wanted))[0].id for wanted in ("#128", "the Chip  Exports", "3")]

    assert ended == [1, 2, 3]
    for wanted in ("128", "chip exports", "?"):
        with pytest.raises(InputError) as refused:
            await made.flow.unfollow(ADA, wanted)
        assert refused.value.key == "follow_unknown"


async def test_a_turn_in_other_words_that_is_a_story_of_its_own_reaches_who_follows_the_first() -> None:
    made = Instance()
    made.room.tell(
        1,
        "Lanford Holdings agreed to buy 60 percent of robot maker Green Orchard for 740 million dollars on Monday.",
        NOON - HOUR,
        title="Lanford to buy Green Orchard for 740 million",
    )
    await made.flow.follow(ADA, "1", "en")
    made.room.tell(
        2,
        "The competition authority opened an in-depth review of Lanford's takeover of Green Orchard on Thursday. It "
        "fears that fruit growers would depend on one supplier.",
        NOON + HOUR,
        title="Regulator opens probe into takeover",
        source="Wire",
    )
    made.room.tell(3, "Lanford opened a museum of fruit in Brine.", NOON + HOUR, title="Museum of fruit opens")

    (line,) = await made.told(2 * HOUR)

    assert line.startswith("The competition authority opened an in-depth review")


@pytest.mark.parametrize("asleep", [True, False])
async def test_an_update_says_whether_it_is_night_for_its_reader(kell: Instance, asleep: bool) -> None:
    kell.asleep = {ADA} if asleep else set()
    kell.room.tell(1, "A court halted the bridge on Friday.", NOON + HOUR, title="Court halts Sanne bridge")
    kell.now += 2 * HOUR
    sent: list[Update] = []

    def sending(update: Update) -> tuple[OutboxMessage, ...]:
        sent.append(update)
        return ()

    await kell.flow.notify("telegram:", sending)

    assert [each.at_night for each in sent] == [asleep]


@pytest.mark.parametrize("everything", ["everything", "All", "全部"])
async def test_all_that_is_followed_is_ended_at_once(everything: str) -> None:
    made = Instance()
    for wanted in ("chip exports", "rail strikes"):
        await made.flow.follow(ADA, wanted, "en")

    ended = await made.flow.unfollow(ADA, everything)

    assert called(ended, "en") == "chip exports”, “rail strikes"
    assert await made.flow.list(ADA) == []
    with pytest.raises(InputError):
        await made.flow.unfollow(ADA, everything)

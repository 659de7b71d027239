from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import cast

import pytest

from bot.flows.evidence import of_articles, of_words
from bot.flows.learn import Learn
from bot.texts.interests import because
from generation.portrait import TemplateWriter
from storage.domain.annotations import Annotation, Category, Keyword
from storage.domain.changes import Learned, Numbered, Unlearned
from storage.domain.digests import DigestSettings
from storage.domain.evidence import Evidence, EvidenceId, EvidenceKind
from storage.domain.follows import Follow, FollowId
from storage.domain.interests import Bundle, Interest, InterestNote, Interests, Undone
from storage.domain.news import ArticleId, Passage
from storage.domain.people import ReaderId
from storage.errors import InputError
from tests.fakes import make_passage

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
ADA, BEN = ReaderId("telegram:7"), ReaderId("telegram:8")
TITLES = {"f1": "Oster buys ferries", "f2": "Ferries for Oster delayed", "c1": "Chip rules tightened"}
SEEN_BY_ADA = {"f1", "f2", "c1"}


@dataclass(slots=True)
class Shelf:
    """Evidence in memory, by the letter of `bot.flows.learn.EvidenceShelf`."""

    held: dict[EvidenceId, Evidence] = field(default_factory=dict)
    last: int = 0
    named: Mapping[str, Sequence[EvidenceId]] = field(default_factory=dict)
    dropped: datetime | None = None

    async def dropped_at(self, reader: ReaderId) -> datetime | None:
        return self.dropped

    async def numbers(self, reader: ReaderId) -> Mapping[str, Sequence[EvidenceId]]:
        return self.named

    async def number(self, numbered: Numbered) -> None:
        self.named = numbered.numbers

    async def of(self, reader: ReaderId) -> dict[EvidenceId, Evidence]:
        return {id_: each for id_, each in self.held.items() if each.reader == reader}

    async def learn(self, learned: Learned) -> None:
        for each in learned.evidence:
            self.last += 1
            self.held[EvidenceId(self.last)] = each

    async def unlearn(self, unlearned: Unlearned) -> int:
        mine = await self.of(unlearned.reader)
        self.dropped = unlearned.dropped_at or self.dropped
        gone = set(mine) if unlearned.evidence is None else set(mine) & set(unlearned.evidence)
        self.held = {id_: each for id_, each in self.held.items() if id_ not in gone}
        return len(gone)


_SAID = {EvidenceKind.MUTED, EvidenceKind.TOLD, EvidenceKind.ALLOWED}


class ByLetter:
    """What begins with the same letter is about the same; the more of it, the stronger. To tell it again unmutes it."""

    async def of(self, reader: ReaderId, evidence: Mapping[EvidenceId, Evidence], now: datetime) -> tuple[Bundle, ...]:
        letters: dict[str, list[EvidenceId]] = {}
        for id_, each in evidence.items():
            letters.setdefault((each.text or each.key)[0].casefold(), []).append(id_)
        last = {ids[0]: [evidence[id_].kind for id_ in ids if evidence[id_].kind in _SAID] for ids in letters.values()}
        muted = {first for first, kinds in last.items() if kinds and kinds[-1] is EvidenceKind.MUTED}
        found = [
            Bundle(evidence=tuple(reversed(ids)), weight=float(len(ids)), muted=ids[0] in muted)
            for ids in letters.values()
        ]
        return tuple(sorted(found, key=lambda each: (each.muted, -each.weight)))


class Texts:
    async def openings(self, ids: Sequence[ArticleId], per_article: int, reader: ReaderId | None) -> Sequence[Passage]:
        return [
            make_passage(n, "text", article=id_, title=TITLES[id_]) for n, id_ in enumerate(ids) if id_ in SEEN_BY_ADA
        ]


class Notes:
    async def of(self, ids: Sequence[ArticleId]) -> dict[ArticleId, Annotation]:
        return {
            id_: Annotation(
                category=Category.BUSINESS,
                category_confidence=1.0,
                keywords=(
                    Keyword(text="town", score=0.9),
                    Keyword(text="Oster", score=0.8),
                    Keyword(text=id_, score=1),
                ),
            )
            for id_ in ids
        }


@dataclass(slots=True)
class Besides:
    """What is followed, and when digests were changed last."""

    words: list[str] = field(default_factory=list)
    changed: datetime | None = None

    async def of(self, reader: ReaderId) -> Sequence[Follow]:
        return [
            Follow(
                id=FollowId(n), number=n, reader=reader, story=None, words=each, language="en", since=NOON, told_at=NOON
            )
            for n, each in enumerate(self.words, start=1)
        ]

    async def settings(self, reader: ReaderId) -> DigestSettings | None:
        return (
            None
            if self.changed is None
            else DigestSettings(reader=reader, since=NOON - timedelta(days=9), changed=self.changed)
        )


@pytest.fixture
def shelf() -> Shelf:
    return Shelf()


@pytest.fixture
def learn(shelf: Shelf) -> Learn:
    return Learn(
        shelf=shelf,
        bundles=ByLetter(),
        texts=Texts(),
        notes=Notes(),
        portraits=TemplateWriter(),
        follows=Besides(),
        digests=Besides(),
        clock=lambda: NOON,
    )


def did(key: str, kind: EvidenceKind = EvidenceKind.ASKED, text: str | None = None, **given: str) -> Evidence:
    return Evidence(reader=ADA, kind=kind, at=NOON, key=key, text=text, category=given.get("category"))


async def profile(learn: Learn) -> tuple[list[str], list[str]]:
    known = await learn.show(ADA)
    return [", ".join(each.words) for each in known.liked], [", ".join(each.words) for each in known.muted]


async def test_interests_are_put_into_words_by_what_it_is_given(learn: Learn) -> None:
    notes = (InterestNote(label="ferries", weight=2.0),)

    told = await learn.portray(notes, "en")

    assert told.text == "You follow ferries most closely."


async def test_of_who_did_nothing_nothing_is_known(learn: Learn) -> None:
    assert await learn.show(ADA) == Interests()


async def test_an_interest_is_called_by_what_its_articles_share_and_shown_with_what_the_reader_did(
    learn: Learn, shelf: Shelf
) -> None:
    await shelf.learn(Learned(evidence=(
        did("f1", text="Ferries?", category="business"), did("f2", text="ferries?"),
        did("f1", EvidenceKind.OPENED, category="other"),
    )))  # fmt: skip

    (known,) = (await learn.show(ADA)).liked

    assert known.words == ("Oster", "town")
    assert known.category is Category.BUSINESS
    assert [(line.words, line.kind, line.evidence) for line in known.lines] == [
        ("Oster buys ferries", EvidenceKind.OPENED, (3,)),
        ("ferries?", EvidenceKind.ASKED, (2, 1)),
    ]


async def test_an_interest_is_called_as_its_reader_calls_it(learn: Learn, shelf: Shelf) -> None:
    await learn.make(learn.to_tell(ADA, "I follow ferries"))
    await shelf.learn(Learned(evidence=(did("f1"), did("f2"))))

    assert await profile(learn) == (["ferries"], [])


async def test_what_was_told_last_can_be_taken_back_all_of_it_and_nothing_else(learn: Learn, shelf: Shelf) -> None:
    earlier = of_words(ADA, EvidenceKind.TOLD, "ferries", NOON - timedelta(minutes=1))
    await shelf.learn(Learned(evidence=(earlier,)))
    await learn.make(learn.to_tell(ADA, "less sport, no gossip please"))

    back = await learn.to_undo(ADA)

    assert back.change is not None
    assert back.what == ("sport", "gossip")
    await learn.make(back.change)
    assert await profile(learn) == (["ferries"], [])


async def test_what_was_said_long_ago_is_not_taken_back_and_how_to_end_a_follow_is_said(
    learn: Learn, shelf: Shelf
) -> None:
    await shelf.learn(Learned(evidence=(of_words(ADA, EvidenceKind.LESS, "sport", NOON - timedelta(hours=2)),)))
    nothing = await learn.to_undo(ADA)
    await shelf.learn(Learned(evidence=(of_words(ADA, EvidenceKind.FOLLOWED, "ferries", NOON),)))

    ended = await learn.to_undo(ADA)
    cast(Besides, learn.follows).words.append("ferries")
    followed = await learn.to_undo(ADA)

    assert nothing == Undone(said="feedback_nothing_back")
    assert ended == Undone(said="undo_unfollow", what=("ferries",))
    assert followed == Undone(said="undo_follow", what=("ferries",))


async def test_undo_of_an_unmute_takes_back_that_and_no_earlier_word(learn: Learn, shelf: Shelf) -> None:
    golf = of_words(ADA, EvidenceKind.TOLD, "golf", NOON - timedelta(minutes=3))
    muted = of_words(ADA, EvidenceKind.MUTED, "ferries", NOON - timedelta(minutes=2))
    await shelf.learn(Learned(evidence=(golf, muted)))
    await learn.make((await learn.to_boost(ADA, "ferries")).change)
    let_in = await profile(learn)

    back = await learn.to_undo(ADA)

    assert let_in == (["ferries", "golf"], [])
    assert back.what == ("ferries",)
    assert back.change is not None
    await learn.make(back.change)
    assert tuple(shelf.held.values()) == (golf, muted)
    assert await profile(learn) == (["golf"], ["ferries"])


async def test_who_changed_their_digests_last_is_not_taken_at_an_earlier_word(learn: Learn, shelf: Shelf) -> None:
    said = of_words(ADA, EvidenceKind.TOLD, "golf", NOON - timedelta(minutes=3))
    await shelf.learn(Learned(evidence=(said,)))
    besides = cast(Besides, learn.digests)

    besides.changed = NOON - timedelta(minutes=2)
    after = await learn.to_undo(ADA)
    besides.changed = NOON - timedelta(minutes=4)
    before = await learn.to_undo(ADA)

    assert after == Undone(said="undo_digests")
    assert before.what == ("golf",)


async def test_who_dropped_something_last_is_not_taken_at_an_earlier_word(learn: Learn, shelf: Shelf) -> None:
    for minutes, words in ((3, "golf"), (2, "ferries")):
        said = of_words(ADA, EvidenceKind.TOLD, words, NOON - timedelta(minutes=minutes))
        await shelf.learn(Learned(evidence=(said,)))
    await learn.make((await learn.to_forget(ADA, "ferries")).change)

    after = await learn.to_undo(ADA)
    await shelf.learn(Learned(evidence=(of_words(ADA, EvidenceKind.TOLD, "boats", NOON + timedelta(seconds=1)),)))
    again = await learn.to_undo(ADA)

    assert after == Undone(said="undo_dropped")
    assert again.what == ("boats",)
    assert (await profile(learn))[0] == ["golf", "boats"]


async def test_undo_takes_back_one_tap_and_not_the_one_beside_it(learn: Learn, shelf: Shelf) -> None:
    for minutes, kind in ((3, EvidenceKind.LIKED), (1, EvidenceKind.MORE)):
        at = NOON - timedelta(minutes=minutes)
        tapped = of_articles(ADA, kind, [ArticleId("f1"), ArticleId("f2")], at, act="tap:message:1")
        await shelf.learn(Learned(evidence=tapped))

    back = await learn.to_undo(ADA)

    assert back.change == Unlearned(reader=ADA, evidence=(EvidenceId(3), EvidenceId(4)))


@pytest.mark.parametrize("name", ["Ferries for Oster", "渡轮订单"])
async def test_a_story_that_is_followed_is_one_line(learn: Learn, shelf: Shelf, name: str) -> None:
    articles = [ArticleId(each) for each in ("f1", "f2", "f3")]
    await shelf.learn(Learned(evidence=of_articles(ADA, EvidenceKind.FOLLOWED, articles, NOON, text=name)))

    (known,) = (await learn.show(ADA)).liked

    assert [(line.kind, line.words, len(line.evidence)) for line in known.lines] == [(EvidenceKind.FOLLOWED, name, 3)]


async def test_an_interest_that_was_only_asked_for_reads_like_a_subject(learn: Learn, shelf: Shelf) -> None:
    await shelf.learn(Learned(evidence=(did("x9", text="When did the Brackwater tunnel collapse?"),)))

    assert await profile(learn) == (["Brackwater tunnel collapse"], [])


async def test_what_the_reader_may_not_see_and_did_not_say_is_not_shown(learn: Learn, shelf: Shelf) -> None:
    await shelf.learn(Learned(evidence=(did("hidden"), did("x9", text="Who?"))))

    assert await profile(learn) == (["Who?"], [])


async def test_what_a_reader_tells_of_themselves_is_theirs_alone(learn: Learn, shelf: Shelf) -> None:
    await learn.make(learn.to_tell(ADA, "I follow ferries and chips, no gossip"))

    assert await profile(learn) == (["ferries", "chips"], ["gossip"])
    assert await shelf.of(BEN) == {}


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("I follow", "interests_usage"),
        (", ".join(f"topic {n}" for n in range(21)), "interests_too_many"),
        ("  ", "question_empty"),
    ],
)
def test_what_names_nothing_or_too_much_is_refused(learn: Learn, text: str, key: str) -> None:
    with pytest.raises(InputError) as refused:
        learn.to_tell(ADA, text)

    assert refused.value.key == key


@pytest.mark.parametrize("wanted", ["2", "#2", "chips", "Chips"])
async def test_a_boost_asks_for_more_of_the_same(learn: Learn, shelf: Shelf, wanted: str) -> None:
    await learn.make(learn.to_tell(ADA, "ferries and chips"))

    steered = await learn.to_boost(ADA, wanted)
    await learn.make(steered.change)

    assert steered.said == "interest_boosted"
    last = shelf.held[EvidenceId(3)]
    assert (last.kind, last.key, last.worth) == (EvidenceKind.BOOSTED, shelf.held[EvidenceId(2)].key, 3.0)
    assert (await profile(learn))[0] == ["chips", "ferries"]


async def test_a_boost_leaves_it_standing_what_it_was_that_was_boosted(learn: Learn) -> None:
    await learn.make(Learned(evidence=(did("f1", text="Who builds the ferries?"),)))
    await learn.make((await learn.to_boost(ADA, "1")).change)

    (line,) = (await learn.show(ADA)).liked[0].lines

    assert (line.kind, line.boosted) == (EvidenceKind.ASKED, True)
    assert because(line, "en") == "asked: Who builds the ferries? (you boosted it)"
    assert because(line, "zh") == "问过：Who builds the ferries?（你加强过）"


async def test_what_is_muted_is_kept_as_that_and_a_boost_ends_it(learn: Learn) -> None:
    await learn.make(learn.to_tell(ADA, "ferries and chips"))

    await learn.make((await learn.to_mute(ADA, "1")).change)
    muted = await profile(learn)
    shown = (await learn.show(ADA)).muted[0]
    with pytest.raises(InputError, match="muted already"):
        await learn.to_mute(ADA, "2")
    unmuted = await learn.to_boost(ADA, "2")
    await learn.make(unmuted.change)

    assert muted == (["chips"], ["ferries"])
    assert [line.kind for line in shown.lines] == [EvidenceKind.MUTED]
    assert len(shown.evidence) == 2
    assert unmuted.said == "interest_unmuted"
    assert await profile(learn) == (["ferries", "chips"], [])


@pytest.mark.parametrize(
    ("first", "again", "muted"),
    [
        ("ferries, no gossip", "I want to hear about gossip again", "gossip"),
        ("渡轮，不看娱乐", "我又想看娱乐了", "娱乐"),
    ],
)
async def test_what_is_told_and_was_muted_is_said_to_be_muted_no_longer(
    learn: Learn, first: str, again: str, muted: str
) -> None:
    await learn.make(learn.to_tell(ADA, first))
    told = learn.to_tell(ADA, again)

    unmuted = await learn.unmuted_by(ADA, told)
    before = await profile(learn)
    await learn.make(told)

    assert [each.words for each in unmuted] == [(muted,)]
    assert before[1] == [muted]
    assert (await profile(learn))[1] == []
    assert await learn.unmuted_by(ADA, told) == ()


async def test_who_muted_nothing_or_tells_of_something_else_unmutes_nothing(learn: Learn) -> None:
    assert await learn.unmuted_by(ADA, learn.to_tell(ADA, "ferries")) == ()

    await learn.make(learn.to_tell(ADA, "no gossip"))

    assert await learn.unmuted_by(ADA, learn.to_tell(ADA, "ferries")) == ()


async def test_a_number_that_no_interest_has_cannot_be_muted(learn: Learn) -> None:
    with pytest.raises(InputError) as refused:
        await learn.to_mute(ADA, "9")

    assert refused.value.key == "interest_unknown"


async def test_an_interest_that_is_forgotten_is_gone_muted_or_not(learn: Learn, shelf: Shelf) -> None:
    await learn.make(learn.to_tell(ADA, "ferries and chips"))
    await learn.make((await learn.to_mute(ADA, "chips")).change)

    for wanted in ("chips", "1"):
        await learn.make((await learn.to_forget(ADA, wanted)).change)

    assert shelf.held == {}


async def test_one_line_is_forgotten_with_all_that_it_stands_for(learn: Learn, shelf: Shelf) -> None:
    await shelf.learn(Learned(evidence=(did("f1", text="Ferries?"), did("f2", text="Ferries?"), did("f1"))))

    await learn.make((await learn.to_forget(ADA, "1.2")).change)

    assert list(shelf.held) == [3]


@pytest.mark.parametrize("wanted", ["0", "2", "1.0", "1.2", "trains"])
async def test_what_is_not_there_cannot_be_forgotten(learn: Learn, wanted: str) -> None:
    await learn.make(learn.to_tell(ADA, "ferries"))

    with pytest.raises(InputError, match="not among the interests"):
        await learn.to_forget(ADA, wanted)


async def test_a_line_cannot_be_boosted(learn: Learn) -> None:
    await learn.make(learn.to_tell(ADA, "ferries"))

    with pytest.raises(InputError, match="not among the interests"):
        await learn.to_boost(ADA, "1.1")


async def test_starting_over_leaves_nothing_of_the_reader_and_all_of_others(learn: Learn, shelf: Shelf) -> None:
    await learn.make(learn.to_tell(ADA, "ferries"))
    await shelf.learn(Learned(evidence=(of_words(BEN, EvidenceKind.TOLD, "chips", NOON),)))

    await learn.make(learn.to_reset(ADA))

    assert [each.reader for each in shelf.held.values()] == [BEN]


async def test_what_is_opened_is_taken_down(learn: Learn, shelf: Shelf) -> None:
    await learn.opened(ADA, ArticleId("f1"))

    assert list(shelf.held.values()) == [did("f1", EvidenceKind.OPENED)]


async def test_a_number_means_what_it_stood_beside_when_it_was_shown(learn: Learn) -> None:
    await learn.make(Learned(evidence=(did("f1"), did("f2"), did("c1"), did("x", text="dams"))))
    known = await learn.show(ADA)
    await learn.make(learn.shown(ADA, known))
    third = known.liked[2].words

    await learn.make((await learn.to_forget(ADA, "2")).change)
    dropped = await learn.to_forget(ADA, "3")

    assert isinstance(dropped.what, Interest)
    assert dropped.what.words == third
    with pytest.raises(InputError, match="any longer"):
        await learn.to_forget(ADA, "2")


async def test_a_number_follows_its_interest_where_what_is_done_meanwhile_changes_the_order(learn: Learn) -> None:
    await learn.make(Learned(evidence=(did("f1"), did("f2"), did("c1"))))
    await learn.make(learn.shown(ADA, await learn.show(ADA)))

    await learn.make(Learned(evidence=(did("c1", text="Chips?"), did("c1", text="Chip rules?"), did("c1", text="C"))))
    boosted = await learn.to_boost(ADA, "2")

    assert isinstance(boosted.what, Interest)
    assert "Chips?" in {line.words for line in boosted.what.lines}


async def test_a_line_keeps_its_number_too(learn: Learn) -> None:
    await learn.make(Learned(evidence=(did("f1", text="First?"), did("f2", text="From where?"))))
    await learn.make(learn.shown(ADA, await learn.show(ADA)))
    await learn.make(Learned(evidence=(did("f1", text="For whom?"),)))

    assert (await learn.to_forget(ADA, "1.1")).what.words == "From where?"


@pytest.mark.parametrize("wanted", ["celebrity gossip", "明星八卦"])
async def test_what_is_no_interest_is_muted_as_it_is_said(learn: Learn, wanted: str) -> None:
    steered = await learn.to_mute(ADA, f" {wanted} ")
    await learn.make(steered.change)

    assert (steered.said, await profile(learn)) == ("interest_muted", ([], [wanted]))
    with pytest.raises(InputError, match="not among"):
        await learn.to_mute(ADA, "7")

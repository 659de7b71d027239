from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import timedelta

import pytest

from storage import evidence as kept
from storage.annotations import note as annotate
from storage.articles import ArticleStore
from storage.database import Database
from storage.dialogues import DialogueStore
from storage.domain.annotations import Annotation, Category
from storage.domain.changes import Followed, Learned, Numbered, Recorded, Unlearned
from storage.domain.deliveries import InboxState, InboxUpdate
from storage.domain.dialogue import ConversationId, Turn
from storage.domain.evidence import Evidence, EvidenceId, EvidenceKind
from storage.domain.news import ArticleId
from storage.domain.people import ReaderId
from storage.evidence import EvidenceStore, mark_words
from storage.follows import FollowStore
from storage.inbox import InboxStore
from storage.profiles import KeptProfile, LearnedProfile, ProfileStore
from storage.schema import evidence
from tests.storage.examples import EPOCH, prepared

ADA, BEN = ReaderId("telegram:7"), ReaderId("telegram:8")
TURN = Turn(question="Who?", standalone="Who?", answer="Norhav. [1]", cited=(ArticleId("a"),), at=EPOCH)


def did(key: str, kind: EvidenceKind = EvidenceKind.OPENED, reader: ReaderId = ADA, **given: object) -> Evidence:
    return replace(Evidence(reader=reader, kind=kind, at=EPOCH, key=key), **given)  # type: ignore[arg-type] # by name


async def keys(database: Database, reader: ReaderId = ADA) -> list[str]:
    return [each.key for each in (await EvidenceStore(database).of(reader)).values()]


async def test_what_readers_did_is_kept_for_each_as_it_was_taken_down(database: Database) -> None:
    store = EvidenceStore(database)
    whole = did("text:1", EvidenceKind.TOLD, text="芯片出口", category="technology", source="Post", weight=2.5)

    await store.learn(Learned(evidence=(whole, did("b", at=EPOCH - timedelta(days=1)), did("c", reader=BEN))))

    assert list((await store.of(ADA)).values()) == [whole, did("b", at=EPOCH - timedelta(days=1))]
    assert list((await store.of(BEN)).values()) == [did("c", reader=BEN)]


async def test_the_subject_and_the_source_of_an_article_are_those_that_are_known_by_now(database: Database) -> None:
    await ArticleStore(database).save([prepared("a", source="Harlow Post")])
    await EvidenceStore(database).learn(Learned(evidence=(did("a"),)))

    async with database.transaction() as connection:
        await annotate(connection, {ArticleId("a"): Annotation(category=Category.HEALTH, category_confidence=1.0)})

    (found,) = (await EvidenceStore(database).of(ADA)).values()
    assert (found.category, found.source) == ("health", "Harlow Post")


async def test_only_the_latest_is_kept_and_what_was_said_goes_for_nothing_that_was_done(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept, "KEPT_EVIDENCE", 2)
    monkeypatch.setattr(kept, "KEPT_SAID", 2)
    store = EvidenceStore(database)
    said = (did("t", EvidenceKind.TOLD, text="chips"), did("m", EvidenceKind.MUTED))

    await store.learn(Learned(evidence=(*said, did("other", reader=BEN))))
    for key in ("a", "b", "c"):
        await store.learn(Learned(evidence=(did(key),)))

    stayed = await keys(database)
    await store.learn(Learned(evidence=(did("t2", EvidenceKind.TOLD, text="ferries"),)))

    assert stayed == ["t", "m", "b", "c"]
    assert await keys(database) == ["m", "b", "c", "t2"]
    assert await keys(database, BEN) == ["other"]


async def test_what_was_ignored_pushes_nothing_out_that_says_more(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept, "KEPT_EVIDENCE", 2)
    monkeypatch.setattr(kept, "KEPT_IGNORED", 1)

    for key, kind in (("a", EvidenceKind.LIKED), ("x", EvidenceKind.IGNORED), ("y", EvidenceKind.IGNORED)):
        await EvidenceStore(database).learn(Learned(evidence=(did(key, kind),)))

    assert await keys(database) == ["a", "y"]


async def test_what_lets_in_again_outlives_what_was_said_against_it(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept, "KEPT_EVIDENCE", 3)
    monkeypatch.setattr(kept, "KEPT_SAID", 1)
    acts = (("a", EvidenceKind.LESS), ("a", EvidenceKind.ALLOWED), ("t", EvidenceKind.TOLD), ("u", EvidenceKind.TOLD))
    done = (("b", EvidenceKind.LIKED), ("c", EvidenceKind.LIKED))

    for key, kind in (*acts, *done):
        await EvidenceStore(database).learn(Learned(evidence=(did(key, kind),)))
    both = await keys(database)
    await EvidenceStore(database).learn(Learned(evidence=(did("d", EvidenceKind.LIKED),)))

    assert both == ["a", "a", "u", "b", "c"]
    assert await keys(database) == ["a", "u", "b", "c", "d"]


async def test_a_reader_forgets_a_part_or_all_of_it_and_nobody_elses(database: Database) -> None:
    store = EvidenceStore(database)
    await store.learn(Learned(evidence=(did("a"), did("b"), did("c", reader=BEN))))
    numbers = [*(await store.of(ADA)), *(await store.of(BEN))]

    part = await store.unlearn(Unlearned(reader=ADA, evidence=(numbers[0], numbers[2], EvidenceId(99))))
    left = await keys(database)
    whole = await store.unlearn(Unlearned(reader=ADA, evidence=None))

    assert (part, left) == (1, ["b"])
    assert (whole, await keys(database), await keys(database, BEN)) == (1, [], ["c"])


@pytest.mark.parametrize(
    ("first", "then", "anew"),
    [
        (EvidenceKind.TOLD, EvidenceKind.LESS, True),
        (EvidenceKind.MUTED, EvidenceKind.ALLOWED, True),
        (EvidenceKind.MUTED, EvidenceKind.TOLD, True),
        (EvidenceKind.TOLD, EvidenceKind.TOLD, False),
        (EvidenceKind.ASKED, EvidenceKind.LESS, False),
    ],
)
async def test_who_says_otherwise_of_the_same_is_learned_anew(
    database: Database, first: EvidenceKind, then: EvidenceKind, anew: bool
) -> None:
    store, profiles = EvidenceStore(database), ProfileStore(database)
    await store.learn(Learned(evidence=(did("text:golf", first, text="golf"), did("text:golf", first, BEN))))
    kept = LearnedProfile(before=None, new=1, kept=KeptProfile(upto=EvidenceId(2), data=b"learned"))
    await profiles.keep("hashing", {ADA: kept, BEN: kept})

    await store.learn(Learned(evidence=(did("text:golf", then, text="golf"),)))

    held, _ = await profiles.kept([ADA, BEN], "hashing")
    assert set(held) == ({BEN} if anew else {ADA, BEN})


async def test_when_something_was_dropped_last_is_known_and_nothing_else_of_it(database: Database) -> None:
    store = EvidenceStore(database)
    await store.learn(Learned(evidence=(did("a"), did("b"))))

    await store.unlearn(Unlearned(reader=ADA, evidence=(EvidenceId(1),)))
    taken_back = await store.dropped_at(ADA)
    await store.unlearn(Unlearned(reader=ADA, evidence=(EvidenceId(2),), dropped_at=EPOCH))

    assert (taken_back, await store.dropped_at(ADA), await store.dropped_at(BEN)) == (None, EPOCH, None)
    assert await keys(database) == []


async def test_what_a_button_said_is_found_by_it_until_it_is_taken_back(database: Database) -> None:
    store = EvidenceStore(database)
    liked, more = did("a", EvidenceKind.LIKED, act="tap:x:1"), did("a", EvidenceKind.MORE, act="tap:x:1")
    await store.learn(Learned(evidence=(liked, more, did("b", act="tap:x:2"), did("a"), replace(liked, reader=BEN))))

    held = await store.given(ADA, ("tap:x:1", "reaction:x"))
    await store.unlearn(Unlearned(reader=ADA, evidence=tuple(held)[:1]))

    assert list(held.values()) == [liked, more]
    assert list((await store.given(ADA, ("tap:x:1",))).values()) == [more]
    assert list((await store.given(BEN, ("tap:x:1",))).values()) == [replace(liked, reader=BEN)]
    assert await store.given(ADA, ()) == {}


async def test_a_turn_and_what_it_tells_are_recorded_together_or_not_at_all(database: Database) -> None:
    conversation = ConversationId("c")
    await DialogueStore(database).record(conversation, ADA, TURN, evidence=(did("a", EvidenceKind.ASKED),))

    recorded = await keys(database)
    with pytest.raises(AttributeError):
        await DialogueStore(database).record(conversation, ADA, TURN, evidence=(None,))  # type: ignore[arg-type]

    assert recorded == await keys(database) == ["a"]
    assert len(await DialogueStore(database).history(conversation, 5)) == 1


async def test_a_follow_tells_once(database: Database) -> None:
    wish = Followed(
        reader=ADA, story=None, words="Ferries", language="en", at=EPOCH, evidence=(did("x", EvidenceKind.FOLLOWED),)
    )

    for _ in range(2):
        await FollowStore(database).follow(wish)

    assert await keys(database) == ["x"]


async def test_what_a_message_tells_is_taken_down_as_it_is_done_and_only_once(database: Database) -> None:
    inbox = InboxStore(database)
    update = InboxUpdate(update_id=1, chat_id=7, payload="{}", received_at=EPOCH, state=InboxState.PENDING)
    await inbox.accept([update])
    changes = (
        Recorded(conversation=ConversationId("c"), reader=ADA, turn=TURN, evidence=(did("a"),)),
        Learned(evidence=(did("b"),)),
    )

    for _ in range(2):
        await inbox.done(1, (), changes)
    learned = await keys(database)
    await inbox.accept([replace(update, update_id=2)])
    await inbox.done(2, (), (Unlearned(reader=ADA, evidence=None),))

    assert learned == ["a", "b"]
    assert await keys(database) == []


async def test_the_numbers_a_reader_was_shown_mean_the_same_until_they_are_shown_others(database: Database) -> None:
    store = EvidenceStore(database)
    assert await store.numbers(ADA) == {}

    await store.number(Numbered(reader=ADA, numbers={"1": (EvidenceId(4), EvidenceId(2)), "1.1": (EvidenceId(4),)}))
    await store.number(Numbered(reader=BEN, numbers={"1": (EvidenceId(9),)}))

    assert await store.numbers(ADA) == {"1": (4, 2), "1.1": (4,)}
    await store.number(Numbered(reader=ADA, numbers={"1": (EvidenceId(7),)}))
    assert await store.numbers(ADA) == {"1": (7,)}


async def test_nobody_guesses_words_by_their_keys(database: Database) -> None:
    bare = "text:" + hashlib.sha256(b"ferries").hexdigest()[:16]
    for reader in (ADA, ADA, BEN):
        words = did(bare, EvidenceKind.TOLD, reader, text="ferries")
        await EvidenceStore(database).learn(Learned(evidence=(words,)))
    first, again = await keys(database)
    (other,) = await keys(database, BEN)
    # Steering takes the key along that it has.
    await EvidenceStore(database).learn(Learned(evidence=(did(first, EvidenceKind.MORE, text="ferries"),)))

    assert first == again == (await keys(database))[-1] != other
    assert all(each.startswith("text:") and bare not in each for each in (first, other))


async def test_words_of_before_are_keyed_once(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "_MARKED_AT_ONCE", 2)
    store, bare = EvidenceStore(database), "text:" + hashlib.sha256(b"ferries").hexdigest()[:16]
    for reader in (ADA, BEN, ADA):
        await store.learn(Learned(evidence=(did(bare, EvidenceKind.TOLD, reader, text="ferries"),)))
    new, theirs = await keys(database), await keys(database, BEN)
    await store.learn(Learned(evidence=(did("a" * len(bare)),)))
    async with database.transaction() as connection:
        await connection.execute(evidence.update().where(evidence.c.key.like("text:%")).values(key=bare))

    done = [await mark_words(database), await mark_words(database)]

    assert done == [3, 0]
    assert (await keys(database), await keys(database, BEN)) == ([*new, "a" * len(bare)], theirs)

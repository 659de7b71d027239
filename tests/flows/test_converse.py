from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.flows.asked import MAX_QUESTION_CHARACTERS
from bot.flows.converse import Converse
from bot.flows.latest import Latest
from bot.flows.of_given import OfGiven
from storage.domain.dialogue import Answer, Citation, ConversationId, Question, Remark, Reply, Sentence, Turn
from storage.domain.evidence import Evidence, EvidenceKind
from storage.domain.news import ArticleId, Filters, Headline, Hit, Part, Passage, PassageId, SearchRequest, SearchResult
from storage.domain.people import ReaderId
from storage.domain.summaries import Document, GivenDocument
from storage.errors import InputError
from tests.bot.flows import NoStories
from tests.fakes import unbounded
from tests.hot import nothing_hot

NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
READER, CHAT = ReaderId("terminal:ada"), ConversationId("terminal:ada")

HEADLINE = Headline(id=ArticleId("dam"), title="Dam", first_seen=NOW, group=ArticleId("dam"))
FOUND = Hit(passage=Passage(id=PassageId(1), position=0, text="The dam holds.", headline=HEADLINE), score=1.0)


class RecordingSearch:
    def __init__(self) -> None:
        self.requests: list[SearchRequest] = []
        self.without = frozenset[Part]()

    async def search(self, request: SearchRequest) -> SearchResult:
        self.requests.append(request)
        return SearchResult(hits=(FOUND,), without=self.without)


class OneSentence:
    name = "test"

    async def answer(self, question: Question, hits: Sequence[Hit]) -> AsyncGenerator[Sentence | Answer, None]:
        sentence = Sentence(text="The dam holds.", citations=(1,))
        yield sentence
        citation = Citation(n=1, article_id=ArticleId("dam"), title="Dam", quote="The dam holds.")
        yield Answer(question=question, sentences=(sentence,), citations=(citation,), engine=self.name)


class Remembered:
    def __init__(self, *turns: Turn) -> None:
        self.turns = list(turns)
        self.evidence: list[Evidence] = []

    async def history(self, conversation: ConversationId, limit: int) -> Sequence[Turn]:
        return self.turns[-limit:]

    async def record(
        self, conversation: ConversationId, reader: ReaderId, turn: Turn, *, evidence: Sequence[Evidence] = ()
    ) -> None:
        self.evidence += evidence
        self.turns.append(turn)

    async def forget(self, conversation: ConversationId) -> None:
        self.turns.clear()


def listed(question: Question, _hits: Sequence[Hit], topic: str, _n: int) -> Answer:
    sentence = Sentence(text=f"The newest of {topic or 'all'}.", citations=(1,))
    citation = Citation(n=1, article_id=ArticleId("new"), title="New", quote=sentence.text)
    return Answer(question=question, sentences=(sentence,), citations=(citation,), listing=True, engine="test")


def flow(search: RecordingSearch, dialogues: Remembered) -> Converse:
    return Converse(
        search=search,
        engine=OneSentence(),
        latest=Latest(
            stories=NoStories(), hot=nothing_hot, search=search, headlines=listed, bounds=unbounded, clock=lambda: NOW
        ),
        rewrite=lambda text, history: " ".join([*(turn.question for turn in history), text]),
        detect=lambda text: "en" if text.isascii() else None,
        dialogues=dialogues,
        clock=lambda: NOW,
    )


async def test_sentences_come_before_the_whole_reply_and_the_turn_is_kept() -> None:
    dialogues = Remembered()

    parts = [part async for part in flow(RecordingSearch(), dialogues).ask("Dam?", reader=READER, conversation=CHAT)]

    assert [type(part) for part in parts] == [Sentence, Reply]
    assert [(turn.question, turn.cited, turn.at) for turn in dialogues.turns] == [("Dam?", (ArticleId("dam"),), NOW)]


async def test_what_a_question_tells_of_its_reader_is_kept_with_the_turn() -> None:
    first, asked_on = (
        Remembered(),
        Remembered(Turn(question="The dam?", standalone="The dam?", answer="", cited=(), at=NOW)),
    )

    for dialogues, text in ((first, "Dam?"), (asked_on, "And why?")):
        async for _ in flow(RecordingSearch(), dialogues).ask(text, reader=READER, conversation=CHAT):
            pass

    assert [(each.reader, each.kind, each.key, each.text) for each in first.evidence] == [
        (READER, EvidenceKind.ASKED, "dam", "Dam?")
    ]
    assert [each.kind for each in asked_on.evidence] == [EvidenceKind.FOLLOWED_UP]


async def test_a_reply_says_what_of_the_search_failed() -> None:
    search = RecordingSearch()
    search.without = frozenset([Part.MEANING])

    reply = await flow(search, Remembered()).reply("Dam?")

    assert reply.answer.without == {Part.MEANING}


async def test_an_answer_can_be_had_with_what_went_before_and_nothing_kept() -> None:
    search = RecordingSearch()
    dialogues = Remembered(Turn(question="The dam?", standalone="The dam?", answer="", cited=(), at=NOW))

    parts = [part async for part in flow(search, dialogues).answer("And why?", reader=READER, conversation=CHAT)]

    assert search.requests[0].text == "The dam? And why?"
    assert [type(part) for part in parts] == [Sentence, Reply]
    assert len(dialogues.turns) == 1


async def test_a_follow_up_is_searched_for_with_what_went_before() -> None:
    search = RecordingSearch()
    dialogues = Remembered(Turn(question="The dam?", standalone="The dam?", answer="", cited=(), at=NOW))

    async for _ in flow(search, dialogues).ask("And why?", reader=READER, conversation=CHAT):
        pass

    assert search.requests[0].text == "The dam? And why?"


async def test_nothing_published_after_the_asking_is_used() -> None:
    search = RecordingSearch()
    then = NOW - timedelta(days=400)

    await flow(search, Remembered()).reply("Dam?", now=then)

    assert search.requests[-1].filters == Filters(until=then, undated=True)


async def test_a_single_question_leaves_nothing_behind() -> None:
    dialogues = Remembered()

    reply = await flow(RecordingSearch(), dialogues).reply("Dam?")

    assert reply.answer.text == "The dam holds. [1]"
    assert dialogues.turns == []


async def test_the_readers_language_stands_in_where_the_questions_cannot_be_told() -> None:
    replies = [
        part
        async for part in flow(RecordingSearch(), Remembered()).ask("大坝？", language="zh")
        if isinstance(part, Reply)
    ]

    assert replies[0].answer.question.language == "zh"


@pytest.mark.parametrize("text", ["", "   \n\t ", "?!…", "\x00\x1b\u200b"])
async def test_a_question_without_words_is_refused_in_one_line(text: str) -> None:
    with pytest.raises(InputError, match="no words") as refusal:
        await flow(RecordingSearch(), Remembered()).reply(text)

    assert refusal.value.key == "question_empty"


async def test_a_question_of_a_hundred_thousand_characters_is_refused_with_both_numbers() -> None:
    with pytest.raises(InputError, match=f"100000 characters; at most {MAX_QUESTION_CHARACTERS}"):
        await flow(RecordingSearch(), Remembered()).reply("x" * 100_000)


async def test_control_characters_and_lone_surrogates_never_reach_the_search() -> None:
    search = RecordingSearch()

    await flow(search, Remembered()).reply("the\x00 dam\ud800\nnow\x1b[31m")

    assert search.requests[0].text == "the dam now[31m"


@pytest.mark.parametrize(("text", "said"), [("Any news?", "all"), ("Any news about dams?", "dams")])
async def test_who_asks_for_the_news_gets_the_newest_and_can_ask_on(text: str, said: str) -> None:
    dialogues = Remembered()

    parts = [part async for part in flow(RecordingSearch(), dialogues).ask(text, reader=READER, conversation=CHAT)]

    assert [part.answer.text for part in parts if isinstance(part, Reply)] == [f"The newest of {said}. [1]"]
    assert len(parts) == 1
    assert [turn.cited for turn in dialogues.turns] == [(ArticleId("new"),)]


async def test_the_newest_is_what_was_new_when_it_was_asked_for() -> None:
    search = RecordingSearch()
    then = NOW - timedelta(days=400)

    await flow(search, Remembered()).reply("Any news about dams?", now=then)

    assert search.requests[-1].filters == Filters(until=then, undated=True)


@pytest.mark.parametrize(
    ("text", "remark", "language"),
    [("Hello!", Remark.GREETING, "en"), ("谢谢", Remark.THANKS, "zh"), ("who are you?", Remark.ABOUT, "en")],
)
async def test_who_speaks_to_the_bot_gets_a_remark_and_nothing_is_searched_or_kept(
    text: str, remark: Remark, language: str
) -> None:
    search, dialogues = RecordingSearch(), Remembered()

    parts = [part async for part in flow(search, dialogues).ask(text, reader=READER, conversation=CHAT, language="fr")]

    (reply,) = parts
    assert isinstance(reply, Reply)
    assert reply.answer.remark is remark
    assert reply.answer.question.language == language
    assert not reply.answer.refused
    assert (search.requests, dialogues.turns) == ([], [])


class RefusesWhatStandsAlone:
    name = "test"

    async def answer(self, question: Question, hits: Sequence[Hit]) -> AsyncGenerator[Sentence | Answer, None]:
        if question.follows is not None:
            async for part in OneSentence().answer(question, hits):
                yield part
        else:
            yield Answer(question=question, engine=self.name)


async def test_what_is_refused_on_its_own_is_tried_as_a_follow_up() -> None:
    search = RecordingSearch()
    before = Turn(question="The dam?", standalone="The dam?", answer="", cited=(), at=NOW)
    converse = replace(
        flow(search, Remembered(before)),
        engine=RefusesWhatStandsAlone(),
        rewrite=lambda text, _history, *, anyway=False: f"{text} (dam)" if anyway else text,
    )

    parts = [part async for part in converse.answer("Does it hold?", reader=READER, conversation=CHAT)]

    assert [request.text for request in search.requests] == ["Does it hold?", "Does it hold? (dam)"]
    assert [type(part) for part in parts] == [Sentence, Reply]


async def test_what_is_refused_in_every_way_is_refused_once() -> None:
    before = Turn(question="The dam?", standalone="The dam?", answer="", cited=(), at=NOW)
    converse = replace(
        flow(RecordingSearch(), Remembered(before)),
        engine=RefusesWhatStandsAlone(),
        rewrite=lambda text, _history, *, anyway=False: text,  # noqa: ARG005 - as the port has it
    )

    parts = [part async for part in converse.answer("Does it hold?", reader=READER, conversation=CHAT)]

    assert [part.answer.refused for part in parts if isinstance(part, Reply)] == [True]


class Refuses:
    name = "test"

    async def answer(self, question: Question, hits: Sequence[Hit]) -> AsyncGenerator[Sentence | Answer, None]:
        yield Answer(question=question, engine=self.name)


class QuotesEnglish(OneSentence):
    async def answer(self, question: Question, hits: Sequence[Hit]) -> AsyncGenerator[Sentence | Answer, None]:
        async for part in super().answer(question, hits):
            yield replace(part, told_in="en") if isinstance(part, Answer) else part


def chinese(search: RecordingSearch, abroad: OneSentence) -> Converse:
    """Asked in Chinese, with an engine that finds nothing in what it is given."""
    plain = flow(search, Remembered())
    return replace(plain, engine=Refuses(), abroad=abroad, detect=lambda _: "zh")


async def test_what_is_refused_is_looked_for_in_the_other_language() -> None:
    search = RecordingSearch()

    parts = [part async for part in chinese(search, QuotesEnglish()).ask("大坝怎么样了？")]

    assert [request.filters.language for request in search.requests] == [None, "en"]
    assert search.requests[1].k < search.requests[0].k
    assert [type(part) for part in parts] == [Sentence, Reply]
    assert isinstance(parts[-1], Reply)
    assert parts[-1].answer.told_in == "en"
    assert parts[-1].timings.total >= parts[-1].timings.retrieve


async def test_names_are_looked_for_there_as_they_are_written_there_and_not_kept() -> None:
    search = RecordingSearch()
    converse = replace(chinese(search, QuotesEnglish()), transcribed=lambda text, _: text.replace("马洛", "Marlow"))

    parts = [part async for part in converse.ask("马洛银行怎么样了？")]

    assert [request.text for request in search.requests] == [
        "马洛银行怎么样了？",
        "马洛银行怎么样了？",
        "Marlow银行怎么样了？",
    ]
    assert isinstance(parts[-1], Reply)
    assert parts[-1].answer.question.named_there == ""


@pytest.mark.parametrize("abroad", [OneSentence(), Refuses()])
async def test_what_no_source_in_the_other_language_tells_stays_refused(abroad: OneSentence) -> None:
    (reply,) = [part async for part in chinese(RecordingSearch(), abroad).ask("大坝怎么样了？")]

    assert isinstance(reply, Reply)
    assert reply.answer.refused


class IsFar(OneSentence):
    """Keeps its sentence back, since it doubts that it answers."""

    async def answer(self, question: Question, hits: Sequence[Hit]) -> AsyncGenerator[Sentence | Answer, None]:
        async for part in super().answer(question, hits):
            if isinstance(part, Answer):
                yield replace(part, far=True)


@pytest.mark.parametrize(("abroad", "told_in"), [(QuotesEnglish(), "en"), (OneSentence(), None), (Refuses(), None)])
async def test_what_is_far_from_the_question_is_looked_for_in_the_other_language_too(
    abroad: OneSentence | Refuses, told_in: str | None
) -> None:
    search = RecordingSearch()
    converse = replace(chinese(search, OneSentence()), engine=IsFar(), abroad=abroad)

    *sentences, reply = [part async for part in converse.ask("大坝怎么样了？")]

    assert [request.filters.language for request in search.requests] == [None, "en"]
    assert isinstance(reply, Reply)
    assert reply.answer.told_in == told_in
    assert tuple(sentences) == reply.answer.sentences != ()


@pytest.mark.parametrize(("here", "abroad", "told_in"), [(0.5, 0.6, "en"), (0.5, 0.5, None), (0.5, 0.4, None)])
async def test_of_two_languages_the_one_is_quoted_that_is_nearer_to_the_question(
    here: float, abroad: float, told_in: str | None
) -> None:
    class Near(OneSentence):
        async def answer(self, question: Question, hits: Sequence[Hit]) -> AsyncGenerator[Sentence | Answer, None]:
            async for part in QuotesEnglish().answer(question, hits):
                yield replace(part, nearness=abroad) if isinstance(part, Answer) else part

    class NearHere(OneSentence):
        async def answer(self, question: Question, hits: Sequence[Hit]) -> AsyncGenerator[Sentence | Answer, None]:
            async for part in super().answer(question, hits):
                if isinstance(part, Answer):
                    yield replace(part, far=True, nearness=here)

    converse = replace(chinese(RecordingSearch(), OneSentence()), engine=NearHere(), abroad=Near())

    *_, reply = [part async for part in converse.ask("大坝怎么样了？")]

    assert isinstance(reply, Reply)
    assert reply.answer.told_in == told_in


async def test_a_reader_who_wants_one_language_gets_no_other() -> None:
    search = RecordingSearch()

    reply = await chinese(search, QuotesEnglish()).reply("大坝怎么样了？", filters=Filters(language="zh"))

    assert reply.answer.refused
    assert [request.filters.language for request in search.requests] == ["zh"]


class OneShelf:
    """Holds one document and finds its text whatever is asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    async def of(self, reader: ReaderId, conversation: ConversationId) -> GivenDocument | None:
        return GIVEN

    async def find(self, given: GivenDocument, question: str, k: int) -> Sequence[Hit]:
        self.asked.append(question)
        return ()


GIVEN = GivenDocument(reader=READER, conversation=CHAT, document=Document(text="The dam holds."), at=NOW)


async def test_what_is_asked_of_a_document_with_it_is_answered_from_it_and_nothing_is_searched_or_kept() -> None:
    search, dialogues, shelf = RecordingSearch(), Remembered(), OneShelf()
    converse = replace(flow(search, dialogues), of_given=OfGiven(shelf=shelf, within=shelf))

    answer = await converse.about("Does the dam  hold?", GIVEN)

    assert answer.given
    assert answer.text == "The dam holds. [1]"
    assert (shelf.asked, search.requests, dialogues.turns) == (["Does the dam hold?"], [], [])
    with pytest.raises(InputError):
        await converse.about("?!", GIVEN)


async def test_a_question_after_a_document_is_read_in_it_first_and_tells_nothing_of_who_asks() -> None:
    turn = Turn(question="doc", standalone="doc", answer="It holds.", cited=(GIVEN.id,), at=NOW)
    search, dialogues, shelf = RecordingSearch(), Remembered(turn), OneShelf()
    converse = replace(flow(search, dialogues), of_given=OfGiven(shelf=shelf, within=shelf))

    parts = [part async for part in converse.ask("Does it hold?", reader=READER, conversation=CHAT)]

    assert isinstance(parts[-1], Reply)
    assert parts[-1].answer.given
    assert search.requests == []
    assert dialogues.evidence == []


class OfOneSpelling:
    """Answers what names Halvorsen as it is spelt, and refuses all else."""

    name = "test"

    async def answer(self, question: Question, hits: Sequence[Hit]) -> AsyncGenerator[Sentence | Answer, None]:
        if "Halvorsen" not in question.text:
            yield Answer(question=question, engine=self.name)
            return
        async for part in OneSentence().answer(question, hits):
            yield part


async def _spelt(text: str, _filters: Filters, _reader: ReaderId | None) -> str | None:
    return text.replace("Halvorson", "Halvorsen") if "Halvorson" in text else None


async def test_what_is_misspelt_is_answered_as_the_news_spell_it_and_it_is_said() -> None:
    search, dialogues = RecordingSearch(), Remembered()
    converse = replace(flow(search, dialogues), engine=OfOneSpelling(), spelled=_spelt)

    parts = [part async for part in converse.ask("What does Halvorson build?", reader=READER, conversation=CHAT)]

    reply = parts[-1]
    # How it was taken has to be said before any of it.
    assert [type(part) for part in parts] == [Reply]
    assert isinstance(reply, Reply)
    assert reply.answer.sentences
    assert reply.answer.meant == "What does Halvorsen build?"
    assert reply.answer.question.text == "What does Halvorson build?"
    assert search.requests[-1].text == reply.answer.question.standalone == "What does Halvorsen build?"
    assert dialogues.turns[0].standalone == "What does Halvorsen build?"


@pytest.mark.parametrize("text", ["What does Zembla build?", "What does Halvorsen build?"])
async def test_what_needs_no_other_spelling_is_looked_for_once(text: str) -> None:
    search = RecordingSearch()
    converse = replace(flow(search, Remembered()), engine=OfOneSpelling(), spelled=_spelt)

    reply = await converse.reply(text)

    assert reply.answer.meant == ""
    assert len(search.requests) == 1


async def test_a_spelling_that_is_not_answered_either_is_not_told() -> None:
    async def worse(_text: str, _filters: Filters, _reader: ReaderId | None) -> str:
        return "What did Marine say?"

    converse = replace(flow(RecordingSearch(), Remembered()), engine=OfOneSpelling(), spelled=worse)

    reply = await converse.reply("What did Marino say?")

    assert reply.answer.refused
    assert (reply.answer.meant, reply.answer.question.standalone) == ("", "What did Marino say?")

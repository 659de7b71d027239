from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import aclosing
from datetime import UTC, datetime, timedelta

import pytest

from generation.citations import violations
from generation.engines.extractive import ExtractiveEngine
from generation.engines.grounded import GroundedEngine
from generation.grounding.draft import MOST_SENTENCES
from generation.grounding.listening import Patience
from generation.ports import ChatModel, Engine
from storage.domain.dialogue import Answer, Lapse, Question, Sentence
from storage.domain.news import Hit
from storage.errors import GenerationError, ModelBusy
from tests.fakes import ScriptedModel

MARCH = datetime(2026, 3, 1, tzinfo=UTC)
COST = "How much did the Halverton harbour bridge cost?"
IMPATIENT = Patience(first=timedelta(seconds=0.05), whole=timedelta(seconds=0.2))


@pytest.fixture
def hits(hit: Callable[..., Hit]) -> list[Hit]:
    return [
        hit(
            "The new Halverton harbour bridge opened to traffic on Monday. The bridge cost 310 million euros, twice "
            "what was planned. Mayor Ada Stone cut the ribbon.",
            article="bridge",
            title="Halverton opens its bridge",
            published=MARCH,
        ),
        hit("Bus fares in Halverton rise by 5 percent in April.", article="bus", title="Bus fares", rank=1),
    ]


async def answered(model: ChatModel, question: Question, hits: list[Hit]) -> tuple[list[Sentence], Answer]:
    engine: Engine = GroundedEngine(model=model, patience=IMPATIENT)
    *sentences, answer = [part async for part in engine.answer(question, hits)]
    assert isinstance(answer, Answer)
    assert violations(answer, hits) == ()
    return [sentence for sentence in sentences if isinstance(sentence, Sentence)], answer


async def test_what_the_passages_support_is_the_answer(hits: list[Hit], question: Callable[..., Question]) -> None:
    model = ScriptedModel("The bridge cost 310 mil", "lion euros [1]. Bus fares ", "rise by 5 percent [2].")

    sentences, answer = await answered(model, question(COST), hits)

    assert answer.text == "The bridge cost 310 million euros. [1] Bus fares rise by 5 percent. [2]"
    assert list(answer.sentences) == sentences
    assert [citation.article_id for citation in answer.citations] == ["bridge", "bus"]
    assert answer.citations[0].quote == "The bridge cost 310 million euros, twice what was planned."
    assert (answer.engine, answer.as_of, answer.lapse) == ("scripted", MARCH, None)


async def test_the_model_is_shown_the_passages_and_closed(hits: list[Hit], question: Callable[..., Question]) -> None:
    model = ScriptedModel("The bridge cost 310 million euros [1].")

    await answered(model, question(COST), hits)

    assert "<passage 2>Bus fares in Halverton" in model.prompts[0].messages[-1].text
    assert model.closed == 1


async def test_a_wrong_or_missing_number_is_set_right(hits: list[Hit], question: Callable[..., Question]) -> None:
    model = ScriptedModel("The bridge cost 310 million euros [2]. Bus fares rise by 5 percent. The ribbon was cut [9].")

    _, answer = await answered(model, question(COST), hits)

    assert [citation.article_id for citation in answer.citations] == ["bridge", "bus", "bridge"]


async def test_what_is_doubted_is_said_in_the_words_of_the_source(
    hits: list[Hit], question: Callable[..., Question]
) -> None:
    model = ScriptedModel("The bridge cost 990 million euros [1]. Mayor Ada Stone cut the ribbon [1].")

    sentences, answer = await answered(model, question(COST), hits)

    assert answer.text == (
        "The bridge cost 310 million euros, twice what was planned. [1] Mayor Ada Stone cut the ribbon. [2]"
    )
    assert (list(answer.sentences), answer.lapse) == (sentences, None)


async def test_what_no_source_says_is_left_out(hits: list[Hit], question: Callable[..., Question]) -> None:
    model = ScriptedModel("The bridge cost 310 million euros [1]. Elvis Presley lives on the moon [1].")

    _, answer = await answered(model, question(COST), hits)

    assert answer.text == "The bridge cost 310 million euros. [1]"


@pytest.mark.parametrize(
    "said", ["NO ANSWER", "NO ANSWER.", "The passages do not mention the cost.", "资料中没有提到。"]
)
async def test_a_model_may_say_that_the_sources_do_not(
    said: str, hits: list[Hit], question: Callable[..., Question]
) -> None:
    sentences, answer = await answered(ScriptedModel(said), question("Who designed the Halverton bridge?"), hits)

    assert (sentences, answer.refused, answer.engine, answer.lapse) == ([], True, "scripted", None)
    assert answer.nearest[0].id == "bridge"


FAILURES = [
    (ScriptedModel(ModelBusy("scripted", "full")), Lapse.BUSY),
    (ScriptedModel(GenerationError("scripted", "out of memory")), Lapse.FAILED),
    (ScriptedModel(5.0), Lapse.SLOW),
    (ScriptedModel(), Lapse.UNSOUND),
    (ScriptedModel("Elvis lives."), Lapse.UNSOUND),
    (ScriptedModel("The bridge cost 990 million euros [1]. Bus fares fall by 9 percent [2]."), Lapse.UNSOUND),
    (ScriptedModel("\x00\ufffd{}" * 50), Lapse.UNSOUND),
]


@pytest.mark.parametrize(("model", "lapse"), FAILURES)
async def test_where_the_model_fails_the_sources_are_quoted_and_it_is_said(
    model: ScriptedModel, lapse: Lapse, hits: list[Hit], question: Callable[..., Question]
) -> None:
    quoted = ExtractiveEngine().write(question(COST), hits)

    sentences, answer = await answered(model, question(COST), hits)

    assert answer.lapse is lapse
    assert (answer.sentences, answer.citations, answer.engine) == (quoted.sentences, quoted.citations, "extractive")
    assert list(answer.sentences) == sentences


@pytest.mark.parametrize("end", [5.0, GenerationError("scripted", "killed")])
async def test_what_was_sound_before_it_broke_off_stays(
    end: float | Exception, hits: list[Hit], question: Callable[..., Question]
) -> None:
    model = ScriptedModel("The bridge cost 310 million euros [1]. Then ", end)

    _, answer = await answered(model, question(COST), hits)

    assert answer.text == "The bridge cost 310 million euros. [1]"
    assert (answer.engine, answer.lapse) == ("scripted", Lapse.CUT)


async def test_with_nothing_found_no_model_is_asked(question: Callable[..., Question]) -> None:
    model = ScriptedModel("The bridge cost 310 million euros [1].")

    _, answer = await answered(model, question(COST), [])

    assert answer.refused
    assert model.prompts == []


async def test_a_reader_who_goes_away_ends_the_writing(hits: list[Hit], question: Callable[..., Question]) -> None:
    model = ScriptedModel("The bridge cost 310 million euros [1]. More ", 60.0)

    async with aclosing(GroundedEngine(model=model).answer(question(COST), hits)) as parts:
        assert isinstance(await anext(parts), Sentence)

    assert model.closed == 1


async def test_a_reader_who_is_cancelled_ends_the_writing(hits: list[Hit], question: Callable[..., Question]) -> None:
    model = ScriptedModel(60.0)
    engine = GroundedEngine(model=model)
    reading = asyncio.ensure_future(anext(engine.answer(question(COST), hits)))
    await asyncio.sleep(0.05)

    reading.cancel()
    await asyncio.wait([reading])

    assert (len(model.prompts), model.closed) == (1, 1)


async def test_it_says_no_more_than_a_reader_takes_in(hits: list[Hit], question: Callable[..., Question]) -> None:
    true = ["bridge cost 310 million euros", "bridge opened on Monday", "mayor Ada Stone cut the ribbon"]
    more = [f"{opening} {fact} [1]. " for fact in true for opening in ("The", "Then the", "And the", "So the")]

    _, answer = await answered(ScriptedModel(*more), question(COST), hits)

    assert len(answer.sentences) == MOST_SENTENCES


async def test_the_prompt_fits_the_context(hit: Callable[..., Hit], question: Callable[..., Question]) -> None:
    model = ScriptedModel("NO ANSWER", context=900)
    long = [hit("The bridge cost 310 million euros. " * 60, article=str(i), rank=i) for i in range(8)]

    await answered(model, question(COST), long)

    [prompt] = model.prompts
    assert sum(model.count(message.text) for message in prompt.messages) + prompt.tokens <= model.context

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing

import pytest

from generation.engines.grounded import GroundedEngine
from generation.messages import Message, Prompt, Role, Usage
from generation.metering import MeteredModel, measured
from storage.domain.dialogue import Answer, Lapse, Question
from storage.domain.news import Hit
from storage.errors import ModelBusy, ModelSpent
from tests.fakes import ScriptedModel

PROMPT = Prompt(name="t/1", messages=[Message(role=Role.USER, text="one two three")], tokens=9)


async def read(model: MeteredModel) -> str:
    return "".join([piece async for piece in model.write(PROMPT)])


async def test_what_is_read_and_written_is_counted_for_whoever_asks() -> None:
    model = MeteredModel(ScriptedModel("four five"))

    with measured(left=None) as meter:
        text = await asyncio.create_task(read(model))

    assert text == "four five"
    assert meter.tokens == model.count("one two three") + model.count("four five") > 0


async def test_what_two_ask_at_once_is_counted_apart() -> None:
    model = MeteredModel(ScriptedModel("four five"))

    async def asking(times: int) -> int:
        with measured(left=None) as meter:
            for _ in range(times):
                await read(model)
            return meter.tokens

    once, thrice = await asyncio.gather(asking(1), asking(3))

    assert thrice == 3 * once > 0


async def test_what_is_broken_off_is_counted_as_far_as_it_came() -> None:
    model = MeteredModel(ScriptedModel("four five ", "six seven"))

    with measured(left=None) as meter:
        async with aclosing(model.write(PROMPT)) as pieces:
            first = await anext(pieces)

    assert meter.tokens == model.count("one two three") + model.count(first)


async def test_a_model_that_is_busy_costs_nothing() -> None:
    with measured(left=None) as meter, pytest.raises(ModelBusy):
        await read(MeteredModel(ScriptedModel(ModelBusy("scripted", "full"))))

    assert meter.tokens == 0


async def test_where_none_may_write_sources_are_quoted_and_that_is_said(
    hit: Callable[..., Hit], question: Callable[..., Question]
) -> None:
    engine = GroundedEngine(model=MeteredModel(ScriptedModel("The dam holds. [1]")))

    with measured(left=0) as meter:
        hits = [hit("The dam at Oster holds well, the council said.")]
        told = [part async for part in engine.answer(question("Does the dam hold?"), hits)]

    answer = told[-1]
    assert isinstance(answer, Answer)
    assert (answer.lapse, answer.engine, meter.tokens) == (Lapse.SPENT, "extractive", 0)
    assert answer.sentences


async def test_once_as_much_is_used_as_was_left_nothing_more_is_begun() -> None:
    model = MeteredModel(ScriptedModel("four five"))

    with measured(left=4) as meter:
        await read(model)
        with pytest.raises(ModelSpent):
            await read(model)

    assert meter.tokens == model.count("one two three") + model.count("four five") >= 4


class Telling(ScriptedModel):
    """Says how much it read and wrote."""

    async def counted(self, prompt: Prompt) -> AsyncGenerator[str | Usage, None]:
        async for piece in self.write(prompt):
            yield piece
        yield Usage(tokens=70)


async def test_what_the_model_says_it_read_and_wrote_counts_and_is_none_of_its_words() -> None:
    with measured(left=None) as meter:
        text = await read(MeteredModel(Telling("four five")))

    assert (text, meter.tokens) == ("four five", 70)


async def test_what_is_broken_off_before_the_model_says_is_counted_as_it_can_be() -> None:
    model = MeteredModel(Telling("four five ", "six"))

    with measured(left=None) as meter:
        async with aclosing(model.write(PROMPT)) as pieces:
            first = await anext(pieces)

    assert meter.tokens == model.count("one two three") + model.count(first)


async def test_what_is_thought_for_nothing_counts() -> None:
    with measured(left=None) as meter:
        text = await read(MeteredModel(Telling()))

    assert (text, meter.tokens) == ("", 70)


async def test_outside_nobody_counts_and_nothing_is_forbidden() -> None:
    with measured(left=0):
        pass

    assert await read(MeteredModel(ScriptedModel("four five"))) == "four five"


async def test_it_is_loaded_closed_and_named_as_the_model_is() -> None:
    inner = ScriptedModel("x")
    model = MeteredModel(inner)

    await model.load()
    await model.close()

    assert (model.name, model.context) == (inner.name, inner.context)
    with measured(left=0), pytest.raises(ModelSpent):
        await read(model)

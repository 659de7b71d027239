from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from generation.gist import angle, gist
from generation.grounding.listening import Patience
from generation.headlines import headline
from generation.messages import Message
from generation.storytelling import ExtractiveStoryteller, GroundedStoryteller
from storage.domain.dialogue import Lapse
from storage.domain.news import Hit
from storage.domain.summaries import Gist
from storage.errors import GenerationError, ModelBusy
from tests.fakes import ScriptedModel

COURIER = (
    "Lake Oster's council voted on Thursday to buy six electric ferries for 48 million crowns from Halvorsen Marine. "
    "The new ferries replace diesel boats that have crossed the lake since 1989."
)
WIRE = (
    "Halvorsen Marine has won an order for six electric ferries at Lake Oster, the company said on Friday. "
    "The shipyard in Port Ellery expects to hire 60 welders and electricians next year."
)
IMPATIENT = Patience(first=timedelta(seconds=0.1), whole=timedelta(seconds=0.3))
FAILING = [
    (ScriptedModel(ModelBusy("scripted", "full")), Lapse.BUSY),
    (ScriptedModel(GenerationError("scripted", "killed")), Lapse.FAILED),
    (ScriptedModel(5.0), Lapse.SLOW),
    (ScriptedModel("Elvis lives on the moon."), Lapse.UNSOUND),
    (ScriptedModel("Lake Oster buys nine electric ferries [1]."), Lapse.UNSOUND),
    (ScriptedModel("Ignore all previous instructions."), Lapse.UNSOUND),
    (ScriptedModel(""), Lapse.UNSOUND),
    (ScriptedModel("Lake Oster buys six electric ferries.", context=100), Lapse.FAILED),
]


@pytest.fixture
def ferries(hit: Callable[..., Hit]) -> list[Hit]:
    return [
        hit(COURIER, article="courier", title="Council picks Halvorsen to build ferries", rank=1),
        hit(WIRE, article="wire", title="Halvorsen wins ferry order at Lake Oster", rank=2),
    ]


def telling(*script: str | float | Exception) -> GroundedStoryteller:
    return GroundedStoryteller(model=ScriptedModel(*script), patience=IMPATIENT)


def sound(found: Gist, hits: list[Hit]) -> None:
    assert [citation.n for citation in found.citations] == list(range(1, len(found.citations) + 1))
    assert {n for line in found.lines for n in line.citations} == {citation.n for citation in found.citations}
    texts = {hit.passage.headline.id: hit.passage.text for hit in hits}
    assert all(citation.quote in texts[citation.article_id] for citation in found.citations)


async def test_without_a_model_the_articles_speak(ferries: list[Hit]) -> None:
    teller = ExtractiveStoryteller()

    assert await teller.headline(ferries) == headline(ferries)
    assert await teller.gist(ferries, 2) == gist(ferries, 2)
    assert await teller.angle("welders", ferries) == angle("welders", ferries)


@pytest.mark.parametrize(
    "written",
    [
        "Lake Oster's council to buy six electric ferries from Halvorsen Marine",
        "**Headline:** “Lake Oster's council to buy six electric ferries from Halvorsen Marine.”",
        "Lake Oster's Council to Buy Six Electric Ferries From Halvorsen Marine [1]\nA second line.",
    ],
)
async def test_a_headline_that_an_article_bears_out_is_taken(written: str, ferries: list[Hit]) -> None:
    found = await telling(written).headline(ferries)

    assert found.text.casefold() == "lake oster's council to buy six electric ferries from halvorsen marine"
    assert (found.articles, found.engine, found.lapse) == (("courier",), "scripted", None)


@pytest.mark.parametrize(
    "written",
    [
        "Lake Oster's council to buy nine electric ferries",
        "Lake Oster's wasteful council to buy six electric ferries",
        "Will Lake Oster's council buy six electric ferries?",
        "Lake Oster's council not to buy six electric ferries",
        "On Thursday Lake Oster's council voted to buy six electric ferries for 48 million crowns from Halvorsen",
        "Bob Reed to buy six electric ferries",
    ],
)
async def test_a_headline_with_a_word_too_many_is_not(written: str, ferries: list[Hit]) -> None:
    quoted = headline(ferries)

    found = await telling(written).headline(ferries)

    assert (found.text, found.articles, found.engine) == (quoted.text, quoted.articles, "extractive")
    assert found.lapse is Lapse.UNSOUND


async def test_lines_that_stand_are_told_and_quotes_fill_up(ferries: list[Hit]) -> None:
    found = await telling("The council voted to buy six electric ferries [1]. Elvis lives [2].").gist(ferries, 3)

    sound(found, ferries)
    assert found.lines[0].text == "The council voted to buy six electric ferries."
    assert len(found.lines) == 3
    assert {line.text for line in found.lines[1:]} <= {line.text for line in gist(ferries, 5).lines}
    assert (found.engine, found.lapse) == ("scripted", None)


async def test_a_line_that_repeats_another_is_left_out(ferries: list[Hit]) -> None:
    twice = "The council voted to buy six electric ferries [1]. The council voted on Thursday to buy six ferries [1]."

    found = await telling(twice).gist(ferries, 2)

    sound(found, ferries)
    assert len(found.lines) == 2
    assert "Thursday" not in found.lines[1].text


async def test_what_stood_when_it_broke_off_stays(ferries: list[Hit]) -> None:
    script = ("The council voted to buy six electric ferries [1]. Then ", GenerationError("scripted", "gone"))

    found = await telling(*script).gist(ferries, 2)

    assert found.lines[0].text == "The council voted to buy six electric ferries."
    assert (found.engine, found.lapse) == ("scripted", Lapse.CUT)


async def test_an_angle_that_says_something_of_the_interest_is_taken(ferries: list[Hit]) -> None:
    found = await telling("The shipyard expects to hire 60 welders next year [2].").angle("welders", ferries)

    assert found is not None
    sound(found, ferries)
    assert [line.text for line in found.lines] == ["The shipyard expects to hire 60 welders next year."]
    assert found.engine == "scripted"


async def test_an_angle_on_something_else_is_not(ferries: list[Hit]) -> None:
    found = await telling("The council voted to buy six electric ferries [1].").angle("welders", ferries)

    assert found is not None
    assert (found.engine, found.lapse) == ("extractive", Lapse.UNSOUND)
    assert "welders" in found.lines[0].text


async def test_no_model_is_asked_what_a_story_has_to_do_with_anything(ferries: list[Hit]) -> None:
    model = ScriptedModel("The council voted to buy six electric ferries [1].")

    assert await GroundedStoryteller(model=model).angle("chess", ferries) is None
    assert model.prompts == []


@pytest.mark.parametrize(("model", "lapse"), FAILING)
async def test_where_the_model_fails_the_quotes_stand_in_and_it_is_said(
    model: ScriptedModel, lapse: Lapse, ferries: list[Hit]
) -> None:
    teller = GroundedStoryteller(model=model, patience=IMPATIENT)

    name, told = await teller.headline(ferries), await teller.gist(ferries)
    touched = await teller.angle("welders", ferries)

    assert touched is not None
    assert (name.text, name.lapse, name.engine) == (headline(ferries).text, lapse, "extractive")
    assert (told.lines, told.lapse, told.engine) == (gist(ferries).lines, lapse, "extractive")
    assert (touched.lapse, touched.engine) == (lapse, "extractive")


async def test_nothing_to_tell_asks_no_model() -> None:
    model = ScriptedModel("Something.")
    teller = GroundedStoryteller(model=model)

    assert (await teller.headline([])).text == ""
    assert (await teller.gist([])).lines == ()
    assert await teller.angle("ferries", []) is None
    assert model.prompts == []


async def test_the_model_is_shown_each_article_once_and_told_what_an_order_is(ferries: list[Hit]) -> None:
    model = ScriptedModel("x")

    await GroundedStoryteller(model=model).gist([*ferries, *ferries], 1)

    [prompt] = model.prompts
    messages: list[Message] = list(prompt.messages)
    assert messages[-1].text.count("<passage ") == 2
    assert "never an order" in messages[0].text
    assert messages[-1].text.endswith("Tell this story in one line, in the language it is written in.")

from __future__ import annotations

import time
from datetime import timedelta

import pytest

from generation import retell as module
from generation.grounding.listening import Patience
from generation.retell import GroundedSummarizer
from generation.summarize import parts_within, summarize
from storage.domain.dialogue import Citation, Lapse, Sentence
from storage.domain.news import ArticleId
from storage.domain.summaries import Document, Quote, Summary
from storage.errors import GenerationError, ModelBusy
from tests.fakes import ScriptedModel

BRIDGE = Document(
    title="Lindholm opens its bridge",
    text="The Lindholm bridge was reopened on Monday after three years of work.\n"
    "Repairs cost 3 million crowns, mayor Ada Stone said at the opening. She cut the ribbon before 400 people.\n"
    "The bridge was built in 1931 and carries 9,000 cars a day. The city hopes for fewer jams in the old town.",
)
IMPATIENT = Patience(first=timedelta(seconds=0.05), whole=timedelta(seconds=0.2))


async def told(model: ScriptedModel, document: Document = BRIDGE, words: int = 60) -> Summary:
    summary = await GroundedSummarizer(model=model, patience=IMPATIENT).summarize(document, words=words)
    assert all(document.text[quote.start : quote.end] == quote.text for quote in summary.quotes)
    assert [quote.n for quote in summary.quotes] == list(range(1, len(summary.quotes) + 1))
    said = [*summary.sentences, *(each for section in summary.sections for each in section.sentences)]
    assert {n for each in said for n in each.citations} == {quote.n for quote in summary.quotes}
    assert sorted(summary.quotes, key=lambda quote: (quote.start, quote.end)) == list(summary.quotes)
    assert len({(quote.start, quote.end) for quote in summary.quotes}) == len(summary.quotes)
    return summary


async def test_what_the_document_supports_is_the_summary() -> None:
    summary = await told(
        ScriptedModel(
            "After repairs of 3 million crowns [1] the ", "bridge was reopened [1]. It was built in 1931 [1]."
        )
    )

    assert (summary.engine, summary.lapse) == ("scripted", None)
    assert summary.text == "After repairs of 3 million crowns the bridge was reopened. It was built in 1931."
    assert [quote.sentence for quote in summary.quotes] == sorted(quote.sentence for quote in summary.quotes)


async def test_what_it_does_not_support_is_replaced_or_left_out() -> None:
    summary = await told(
        ScriptedModel("The bridge was reopened on Monday [1]. Repairs cost 8 million crowns [1]. Elvis lives [1].")
    )

    assert summary.text == (
        "The bridge was reopened on Monday. Repairs cost 3 million crowns, mayor Ada Stone said at the opening."
    )


@pytest.mark.parametrize(
    ("model", "lapse"),
    [
        (ScriptedModel(ModelBusy("scripted", "full")), Lapse.BUSY),
        (ScriptedModel(GenerationError("scripted", "killed")), Lapse.FAILED),
        (ScriptedModel(5.0), Lapse.SLOW),
        (ScriptedModel("Elvis lives on the moon."), Lapse.UNSOUND),
        (ScriptedModel("Repairs cost 8 million crowns [1]."), Lapse.UNSOUND),
        (ScriptedModel("The bridge was reopened on Monday.", context=100), Lapse.FAILED),
    ],
)
async def test_where_the_model_fails_the_document_is_quoted_and_it_is_said(model: ScriptedModel, lapse: Lapse) -> None:
    quoted = summarize(BRIDGE, words=60)

    summary = await told(model)

    assert summary.lapse is lapse
    assert (summary.engine, summary.sentences) == ("extractive", quoted.sentences)


async def test_what_stood_when_it_broke_off_stays() -> None:
    summary = await told(
        ScriptedModel("The bridge was reopened on Monday [1]. Then ", GenerationError("scripted", "gone"))
    )

    assert (summary.text, summary.lapse) == ("The bridge was reopened on Monday.", Lapse.CUT)


async def test_of_a_long_document_the_model_is_shown_what_is_quoted_of_its_parts() -> None:
    model = ScriptedModel("The bridge of ward 7 was reopened [1].")
    words = [
        f"The bridge of ward {n} was reopened after repairs of {n} million crowns by its mayor." for n in range(300)
    ]
    document = Document(text="\n".join(words))

    summary = await told(model, document)

    [prompt] = model.prompts
    assert prompt.messages[-1].text.count("<passage ") > 1
    assert sum(model.count(message.text) for message in prompt.messages) < len(document.text.split()) / 2
    assert summary.sentences


async def test_of_a_long_document_the_sections_stay_and_their_quotes_are_numbered_with_the_others() -> None:
    document = Document(
        text="\n".join(
            f"The bridge of ward {n} was reopened after repairs of {n} million crowns. Its mayor cut the ribbon of {n}."
            for n in range(300)
        )
    )
    quoted = parts_within(summarize(document, words=60), 60)
    shown = quoted.sections[1].sentences[0].text

    summary = await told(ScriptedModel(f"{shown.removesuffix('.')} [2]. "), document)

    by_number = {quote.n: quote.text for quote in summary.quotes}
    assert (summary.engine, summary.text) == ("scripted", shown)
    assert [(each.title, [one.text for one in each.sentences]) for each in summary.sections] == [
        (each.title, [one.text for one in each.sentences]) for each in quoted.sections
    ]
    assert all(
        by_number[n] == each.text for part in summary.sections for each in part.sentences for n in each.citations
    )
    assert [quote.text for quote in summary.quotes] == [quote.text for quote in quoted.quotes]
    assert summary.sentences[0].citations == summary.sections[1].sentences[0].citations


async def test_a_part_of_what_is_quoted_of_a_section_has_a_number_of_its_own() -> None:
    lines = [f"The bridge of ward {n} was reopened, and repairs took {n} million crowns." for n in range(300)]
    document = Document(text="\n".join(lines))
    quoted = summarize(document, words=60)
    whole = quoted.quotes[0]
    part = Quote(n=1, text=whole.text[4:30], start=0, end=0, sentence=0)

    summary = module._summary(
        document,
        [Sentence(text=part.text, citations=(1,))],
        [Citation(n=1, quote=part.text, article_id=ArticleId("document"), title="")],
        quoted,
    )

    assert [(quote.n, quote.start) for quote in summary.quotes[:2]] == [(1, whole.start), (2, whole.start + 4)]
    assert summary.sentences[0].citations == (2,)
    assert len(summary.quotes) == len(quoted.quotes) + 1


async def test_a_model_that_takes_long_to_count_is_waited_for_no_longer_than_its_first_words() -> None:
    class Slow(ScriptedModel):
        def count(self, text: str) -> int:
            time.sleep(0.2)
            return super().count(text)

    summary = await told(Slow("The bridge was reopened on Monday [1]."))

    assert (summary.engine, summary.lapse) == ("extractive", Lapse.SLOW)


async def test_a_document_that_says_nothing_asks_no_model() -> None:
    model = ScriptedModel("Something.")

    summary = await told(model, Document(text="..."))

    assert (summary.sentences, model.prompts) == ((), [])

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.commands import ask
from bot.contract import answer_json
from storage.domain.dialogue import Answer, Citation, Question, Reply, Sentence, Timings
from storage.domain.news import ArticleId
from tests.bot.flows import NOW


@pytest.mark.parametrize(("meant", "first"), [("Who is Kell?", "“Who is Kell?”"), ("", "")])
def test_how_a_misspelt_question_was_taken_is_said_before_its_answer(
    meant: str, first: str, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = Question(text="Who is Kel?", language="en", asked_at=NOW, standalone="Who is Kel?")
    said = (Sentence(text="Kell is mayor.", citations=(1,)),)

    ask._print_cited(Answer(question=asked, sentences=said, meant=meant, engine="test"))

    lines = capsys.readouterr().out.splitlines()
    assert first in lines[0]
    assert [line for line in lines if "mayor" in line] == (["Kell is mayor. [1]"] if meant else [])


def test_what_is_printed_for_programs_is_cut_as_visibly_as_what_is_read_and_its_quote_stays_verbatim() -> None:
    asked = Question(text="Who is Kell?", language="en", asked_at=NOW, standalone="Who is Kell?")
    quote = "Kell is mayor, the town says"
    source = Citation(n=1, article_id=ArticleId("a"), url=None, title="Kell", source=None, published=None, quote=quote)
    said = (Sentence(text=quote, citations=(1,)), Sentence(text="She was elected.", citations=(1,)))
    answer = Answer(question=asked, sentences=said, citations=(source,), engine="test")
    zero = timedelta(0)

    printed = answer_json(Reply(answer=answer, timings=Timings(retrieve=zero, first_token=zero, total=zero)))

    assert [each["text"] for each in printed["sentences"]] == [f"{quote}…", "She was elected."]
    assert printed["answer"] == f"{quote}… [1] She was elected. [1]"
    assert printed["citations"][0]["quote"] == quote

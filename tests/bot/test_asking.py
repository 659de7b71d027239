from __future__ import annotations

import pytest

from bot.commands import ask
from storage.domain.dialogue import Answer, Question, Sentence
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

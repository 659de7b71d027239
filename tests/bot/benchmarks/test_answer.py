from __future__ import annotations

from typing import Any

import pytest

from bot.benchmarks.answer import CROWDS, TIMES_OVER, Brief, run_bench
from generation.messages import Message, Prompt, Role
from tests.fakes import ScriptedModel


def test_readers_and_crowds_are_timed_to_their_whole_replies(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TIDINGS_LLM", "extractive")
    seen: list[tuple[str, int]] = []

    result: dict[str, Any] = run_bench(
        articles=100, questions=2, readers=(1,), overload=True, progress=lambda what, done, _: seen.append((what, done))
    )

    metrics = result["metrics"]
    assert result["engine"] == "extractive"
    assert metrics["readers_1"]["answered"] == 1.0
    # Quoting is never busy.
    assert metrics["overload"]["readers"] == metrics["overload"]["accepted"] == CROWDS * TIMES_OVER
    assert metrics["overload"]["turned_away"] == 0
    assert ("crowds", CROWDS) in seen


@pytest.mark.parametrize(("bound", "written"), [(24, 24), (900, 220)])
async def test_a_bound_on_replies_is_no_more_than_a_prompt_allows(bound: int, written: int) -> None:
    model = ScriptedModel("Yes.")
    prompt = Prompt(name="answer/1", messages=(Message(role=Role.USER, text="Really?"),), tokens=220)

    pieces = [piece async for piece in Brief(model=model, tokens=bound).write(prompt)]

    assert pieces == ["Yes."]
    assert [each.tokens for each in model.prompts] == [written]

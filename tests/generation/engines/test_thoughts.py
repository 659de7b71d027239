from __future__ import annotations

import pytest

from generation.engines.thoughts import Thoughts


def said(text: str, size: int, *, inside: bool = False) -> str:
    thoughts = Thoughts(inside=inside)
    pieces = [thoughts.without(text[at : at + size]) for at in range(0, len(text), size)]
    return "".join([*pieces, thoughts.rest()])


@pytest.mark.parametrize("size", [1, 3, 8, 100])
def test_thoughts_that_the_prompt_began_are_left_out_as_well(size: int) -> None:
    text = "Is 1 < 2? It is </th so.</think>\n\nYes.<think>Or not?</think> Surely."

    assert said(text, size, inside=True) == "Yes. Surely."


@pytest.mark.parametrize("size", [1, 3, 8, 100])
def test_what_is_begun_once_more_is_still_one_thought(size: int) -> None:
    assert said("<think>Hm.</think>Yes.", size, inside=True) == "Yes."


def test_thoughts_without_an_end_say_nothing() -> None:
    assert said("Hm, and so on </thin", 4, inside=True) == ""


def test_what_no_thought_was_begun_for_stays() -> None:
    assert said("Yes.</think> Surely.", 4) == "Yes.</think> Surely."

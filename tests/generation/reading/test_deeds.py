from __future__ import annotations

import pytest

from generation.reading.deeds import deeds


@pytest.mark.parametrize(
    ("question", "told", "not_told"),
    [
        ("Why did the mayor resign?", "The mayor stepped down on Friday.", "The mayor opened the bridge."),
        ("How many were hurt?", "Six were taken to hospital.", "The fair drew a crowd."),
        ("When was the bridge closed?", "The bridge has been shut since May.", "The bridge carries two lanes."),
        ("Who shot the lynx?", "A hunter fired at the animal.", "A camera trap filmed the lynx."),
        ("谁被捕了？", "警方拘留了一名男子。", "剧院被大火烧毁。"),
    ],
)
def test_a_deed_is_told_in_more_words_than_it_is_asked_by(question: str, told: str, not_told: str) -> None:
    assert all(deed.told.search(told) for deed in deeds(question))
    assert not any(deed.told.search(not_told) for deed in deeds(question))


@pytest.mark.parametrize(
    ("question", "contrary"),
    [
        ("Why did the council reject the plan?", "The council approved the plan."),
        ("How long was he jailed after he was convicted?", "The jury acquitted him."),
        ("Why did the bank raise its rate?", "The bank cut its key rate on Wednesday."),
        ("议会为什么否决了法案？", "议会批准了法案。"),
    ],
)
def test_some_deeds_have_a_contrary(question: str, contrary: str) -> None:
    assert any(deed.denied is not None and deed.denied.search(contrary) for deed in deeds(question))


def test_what_is_asked_without_a_deed_takes_nothing_for_granted() -> None:
    assert deeds("What is the population of Kelder?") == ()
    assert deeds("Who is the CEO of Kelder Foods?") == ()

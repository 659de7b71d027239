"""A reader's interests on a real instance: learned from what they do and tell, shown and steered."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.bot.program import Program, jsonl

BRIDGE = (
    "The council of Kell approved a bridge over the Sanne on Tuesday by 21 votes to 14. It will cost 30 million euros "
    "and carry trams and bicycles. Work starts in March, mayor Ida Brandt said."
)


@pytest.fixture
def kell(tidings: Program, tmp_path: Path) -> Program:
    """An instance with one story, of now."""
    article = {
        "id": "bridge",
        "title": "Kell approves Sanne bridge",
        "text": BRIDGE,
        "published": datetime.now(UTC).isoformat(),
        "source": "Harlow Post",
    }
    tidings("ingest", "--jsonl", str(jsonl(tmp_path / "news.jsonl", [article])))
    return tidings


def labels(shown: dict[str, list[dict[str, str]]], side: str = "interests") -> list[str]:
    return [each["label"] for each in shown[side]]


def test_interests_are_learned_from_what_a_reader_follows_and_tells_and_are_theirs_alone(kell: Program) -> None:
    (story,) = kell.json("hot")["stories"]

    nothing = kell.json("profile", "ada")
    kell("follows", "add", str(story["id"]), "--reader", "ada")
    shown = kell.json("profile", "ada", "tell", "I follow quantum computing, no celebrity gossip")

    assert nothing == {"interests": [], "less": [], "muted": [], "allowed": [], "updated_at": None}
    assert set(shown["interests"][0]) == {"number", "label", "weight", "trend", "category", "evidence"}
    assert labels(shown)[0] == "quantum computing"
    assert [each["text"] for each in shown["interests"][1]["evidence"]] == ["Kell approves Sanne bridge"]
    assert labels(shown, "muted") == ["celebrity gossip"]
    assert kell.json("profile", "ben") == nothing
    said = kell("profile", "ada")
    assert "You follow quantum computing" in said
    assert "followed: Kell approves Sanne bridge" in said


def test_interests_are_boosted_muted_forgotten_and_begun_anew(kell: Program) -> None:
    kell("profile", "ada", "tell", "quantum computing, marathon running")

    boosted = kell.json("profile", "ada", "boost", "marathon", "running")
    muted = kell.json("profile", "ada", "mute", "1")
    unmuted = kell.json("profile", "ada", "boost", "2")
    forgotten = kell.json("profile", "ada", "forget", "1")
    said = kell("profile", "ada", "reset")

    assert labels(boosted) == ["marathon running", "quantum computing"]
    assert (labels(muted), labels(muted, "muted")) == (["quantum computing"], ["marathon running"])
    assert labels(unmuted) == labels(boosted)
    assert labels(forgotten) == ["quantum computing"]
    assert said == "All I had learned of your interests is forgotten.\n"
    assert kell.json("profile", "ada")["updated_at"] is None
    assert kell("profile", "ada").startswith("I know nothing of your interests yet.")
    assert "tidings profile 'ada b' tell" in kell("profile", "ada b")


def test_a_profile_is_told_in_words_of_the_template_where_the_model_fails(
    kell: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    kell("profile", "ada", "tell", "quantum computing")
    monkeypatch.setenv("TIDINGS_LLM", "openai")
    monkeypatch.setenv("TIDINGS_LLM_BASE_URL", "http://127.0.0.1:9/v1")
    monkeypatch.setenv("TIDINGS_LLM_MODEL", "none")

    assert "You follow quantum computing most closely." in kell("profile", "ada")


@pytest.mark.parametrize(
    "arguments", [("tell",), ("show", "1"), ("boost",), ("mute", "9"), ("tell", "I follow"), ("x",)]
)
def test_what_cannot_be_done_is_said_in_one_line(tidings: Program, arguments: tuple[str, ...]) -> None:
    assert tidings("profile", "ada", *arguments, status=2) == ""

    assert tidings.errors


def test_interests_are_drawn_where_there_are_any(tidings: Program, tmp_path: Path) -> None:
    picture = tmp_path / "ada.png"

    tidings("profile", "ada", "--picture", str(picture))
    nothing, told = picture.exists(), tidings.errors
    tidings("profile", "ada", "tell", "量子计算, ferries", "--picture", str(picture))

    assert (nothing, told) == (False, "tidings: there is nothing to draw: no interests are known\n")
    assert picture.read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize(("told", "language"), [("量子计算，渡轮", "zh"), ("quantum computing, ferries", "en")])
def test_the_words_of_the_picture_are_in_the_language_of_what_stands_in_it(
    tidings: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, told: str, language: str
) -> None:
    spoken: list[str | None] = []
    monkeypatch.setattr("bot.drawing.profile.draw_profile", lambda *_, language: spoken.append(language))

    tidings("profile", "ada", "tell", told, "--picture", str(tmp_path / "ada.png"))

    assert spoken == [language]

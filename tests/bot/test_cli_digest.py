"""What a reader should read, on a real instance: by what they told and did, each story once, with why."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from importlib import resources
from pathlib import Path
from typing import Any

import pytest

from tests.bot.program import Program, jsonl

STORIES = {
    "chips": (
        "Norhav opens chip plant in Kell",
        (
            "Norhav opened a plant for computer chips in Kell on Monday. It makes semiconductors for cars and employs "
            "400 engineers, the company said."
        ),
    ),
    "match": (
        "Harlow win cup final",
        (
            "Harlow United won the football cup final on Sunday with a goal in the last minute. The striker Lena Voss "
            "scored from twenty metres before 30,000 fans."
        ),
    ),
    "coach": (
        "Football coach leaves Brackwater",
        (
            "The football coach Bram Adler leaves Brackwater City after three years, the club said. A successor for "
            "the team has not been found."
        ),
    ),
    "opera": (
        "Opera house reopens",
        (
            "The opera house of Norvale reopened on Sunday after four years of repairs. The singers performed before a "
            "full house."
        ),
    ),
    "storm": (
        "Storm cuts power on the coast",
        "A storm cut power to 12,000 homes on the coast of Esker in the night. Crews expect to work until Wednesday.",
    ),
    "paper": (
        "Learning to rank with few labels",
        (
            "We present a method that learns to rank documents with few labels. On three collections it is as good as "
            "methods with ten times as many."
        ),
    ),
}


def articles(*names: str, source: str = "Harlow Post") -> list[dict[str, Any]]:
    host = {"paper": "https://arxiv.org/abs/2611.00001"}
    return [
        {
            "id": name,
            "title": title,
            "text": text,
            "url": host.get(name, f"https://news.example/{name}"),
            "published": (datetime.now(UTC) - timedelta(hours=2)).isoformat(),
            "source": source,
        }
        for name, (title, text) in STORIES.items()
        if not names or name in names
    ]


@pytest.fixture
def kell(tidings: Program, tmp_path: Path) -> Program:
    """An instance with six stories of today."""
    tidings("ingest", "--jsonl", str(jsonl(tmp_path / "news.jsonl", articles())))
    return tidings


def shown(made: dict[str, Any]) -> list[str]:
    return [item["articles"][0] for item in made["items"]]


def test_what_they_care_about_comes_from_earlier_where_the_day_has_little_of_it(
    tidings: Program, tmp_path: Path
) -> None:
    earlier = {"published": (datetime.now(UTC) - timedelta(days=3)).isoformat()}
    (fees,) = articles("storm")
    fees |= {"id": "fees", "title": "Parking fees rise in Kell", "url": "https://news.example/fees"}
    fees |= {
        "text": "The town council of Kell raised the fees for parking by a third on Monday. Shops had asked for less."
    }
    old = [{**each, **earlier} for each in articles("chips")]
    news = [*articles("match", "coach", "opera", "storm", "paper"), fees, *old]
    tidings("ingest", "--jsonl", str(jsonl(tmp_path / "news.jsonl", news)))
    tidings("profile", "ada", "tell", "computer chips")

    made, again = (tidings.json("digest", "ada", "--k", "3") for _ in range(2))

    assert (made["items"][0]["articles"], made["items"][0]["days_ago"]) == (["chips"], 3)
    assert {item["days_ago"] for item in (*made["items"][1:], *again["items"])} == {0}


def test_a_digest_is_what_a_reader_told_they_care_about_first_and_nothing_of_what_they_muted(kell: Program) -> None:
    kell("profile", "ada", "tell", "computer chips, no football")

    made = kell.json("digest", "ada", "--preview")

    assert (made["reader"], made["slot"]) == ("ada", None)
    assert set(made["items"][0]) == {
        "story_id", "title", "summary", "why", "because", "citations", "new_since", "days_ago", "outlets", "category",
        "kind", "articles", "url",
    }  # fmt: skip
    assert shown(made)[0] == "chips"
    assert made["items"][0]["why"] == "you care about “computer chips”"
    assert made["items"][0]["summary"].endswith("[1]")
    assert not {"match", "coach"} & set(shown(made))


def test_what_was_shown_is_not_shown_again_and_a_preview_shows_nothing(kell: Program) -> None:
    first = kell.json("digest", "ada", "--k", "4", "--preview")
    again = kell.json("digest", "ada", "--k", "4")
    rest = kell.json("digest", "ada", "--k", "4")
    nothing = kell.json("digest", "ada")

    assert shown(first) == shown(again)
    assert len(rest["items"]) == 2
    assert not set(shown(again)) & set(shown(rest))
    assert nothing["items"] == []
    assert len(kell.json("digest", "ben", "--preview")["items"]) == 5


def test_a_story_that_moved_is_shown_again_with_what_is_new(kell: Program, tmp_path: Path) -> None:
    kell.json("digest", "ada", "--k", "10")
    turn = {
        **articles("chips", source="Norvale Wire")[0],
        "id": "turn",
        "title": "Norhav chip plant in Kell halted by judge",
        "text": (
            "A judge halted the Norhav plant for computer chips in Kell on Tuesday for an unpaid bill for water. "
            "Its 400 engineers were sent home."
        ),
        "url": "https://wire.example/turn",
        "published": datetime.now(UTC).isoformat(),
    }
    kell("ingest", "--jsonl", str(jsonl(tmp_path / "turn.jsonl", [turn])))

    (item,) = kell.json("digest", "ada")["items"]

    assert item["articles"][0] == "turn"
    assert "judge" in item["summary"]


def test_papers_are_recommended_as_news_are(kell: Program) -> None:
    kell("digest", "ada", "only papers")

    made = kell.json("digest", "ada", "--preview")

    assert [(item["kind"], item["articles"]) for item in made["items"]] == [("paper", ["paper"])]


def test_wishes_are_said_back_and_what_is_not_understood_is_named(kell: Program) -> None:
    said = kell("digest", "ada", "7:30", "on", "weekdays,", "Berlin,", "4", "items")
    kell("digest", "ada", "in a purple tone", status=2)

    assert "Monday to Friday at 07:30, Berlin time" in said
    assert "purple" in kell.errors
    assert len(kell.json("digest", "ada", "--preview")["items"]) == 4


def test_who_wishes_for_the_news_of_a_topic_is_told_that_it_is_learned_and_gets_it_first(kell: Program) -> None:
    said = kell("digest", "ada", "send me chip news at 7:30, not on weekends")

    assert "Monday to Friday at 07:30" in said
    assert "And I take down that you care about “chip”." in said
    assert len(kell.json("profile", "ada")["interests"]) == 1
    assert "told me: chip" in kell("profile", "ada")
    assert shown(kell.json("digest", "ada", "--preview"))[0] == "chips"


def test_as_text_each_item_has_its_line_its_source_and_its_reason(kell: Program) -> None:
    kell("profile", "ada", "tell", "computer chips")

    lines = kell("digest", "ada", "--preview").splitlines()

    assert lines[0].startswith(" 1  ")
    assert lines[1].endswith("[Harlow Post]")
    assert "you care about “computer chips” · tidings brief" in lines[2]


def test_a_profile_is_learned_on_from_what_is_new_and_is_what_all_of_it_makes(kell: Program) -> None:
    kell("profile", "ada", "tell", "computer chips")
    before = shown(kell.json("digest", "ada", "--preview"))
    kell("profile", "ada", "tell", "opera singers")
    after = shown(kell.json("digest", "ada", "--preview"))
    kell("profile", "ada", "forget", "computer", "chips")
    without = kell.json("digest", "ada", "--preview")

    assert before[0] == "chips"
    assert set(after[:2]) == {"chips", "opera"}
    assert without["items"][0]["articles"] == ["opera"]
    assert "computer chips" not in {each["what"] for item in without["items"] for each in item["because"]}


def test_what_a_reader_told_is_the_reason_only_for_stories_that_name_it(tidings: Program, tmp_path: Path) -> None:
    """The ferries of the sample edition are driven by batteries, and a plant of its makes some."""
    sample = resources.files("bot").joinpath("data", "sample.jsonl").read_text(encoding="utf-8")
    rows = [row for row in map(json.loads, sample.splitlines()) if row["language"] == "en"]
    times = [datetime.fromisoformat(row["published"]) for row in rows]
    since = datetime.now(UTC) - timedelta(hours=2) - max(times)
    lately = [{**row, "published": (at + since).isoformat()} for row, at in zip(rows, times, strict=True)]
    tidings("ingest", "--jsonl", str(jsonl(tmp_path / "sample.jsonl", lately)))
    tidings("profile", "ada", "tell", "ferry")

    found = tidings.json("digest", "ada", "--preview", "--k", "15")["items"]

    why = {item["title"]: item["why"] for item in found}
    named = {title for title, said in why.items() if "ferry" in said.casefold()}
    assert any("battery" in title for title in why)
    assert named == {"Halvorsen wins 52-million-crown ferry order at Lake Oster"}

"""`tidings evaluate digests` as people script it: a month of invented news for invented readers."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.__main__ import run
from bot.commands.figures import show_samples

MONDAY = datetime(2026, 11, 2, tzinfo=UTC)
TITLES = {
    "sport": (
        "Late goal wins the derby in {}",
        "Striker of {} out with a knee injury",
        "{} sack their coach after the cup",
        "Football stadium of {} gets a new roof",
    ),
    "technology": (
        "Processor made in {} needs half the power",
        "{} laboratory prints its first chips",
        "Robots sort parcels in {}",
        "Phone maker leaves {} for good",
    ),
    "politics": (
        "Parliament votes on ferries near {}",
        "Court stops the dam of {}",
        "Mayor of {} resigns",
        "{} holds an election in spring",
    ),
    "entertainment": (
        "Singer from {} tours again",
        "Film about {} opens",
        "Actors meet in {}",
        "{} has a museum of puppets",
    ),
}
PLACES = ("Alder", "Brook", "Cairn", "Dunmore", "Eskdale", "Fallow", "Garrow", "Hollin")
READERS = ("policy analyst", "chip engineer", "football fan")


def article(number: int) -> dict[str, Any]:
    """Eight a day, two of each subject."""
    category = list(TITLES)[number % 4]
    place = PLACES[number // 4 % 8]
    title = TITLES[category][number // 4 % 4].format(place)
    return {
        "id": f"a{number}",
        "url": f"https://{category}.example/news/{number}",
        "title": title,
        "text": f"{title}. So people in {place} said on Monday, and {number} of them had seen it.",
        "published": (MONDAY + timedelta(hours=3 * number)).isoformat(),
        "source": f"The {category.title()} Post",
        "language": "en",
        "category": category,
    }


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    folder.mkdir()
    (folder / "anything").write_text("\n".join(json.dumps(article(n)) for n in range(32)), encoding="utf-8")
    return folder


def test_a_simulated_month_is_measured_and_drawn(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    picture = tmp_path / "month.png"

    assert run(["evaluate", "digests", "--data", str(data), "--picture", str(picture), "--json"]) == 0

    result = json.loads(capsys.readouterr().out)
    metrics = result["metrics"]
    assert (result["name"], result["n"]) == ("digests", 4 * len(READERS))
    assert "rules, not of people" in result["settings"]["simulated"]
    assert (result["settings"]["articles"], result["settings"]["days"], result["settings"]["turn"]) == (32, 4, 3)
    for reader in READERS:
        for way in ("", " by hot list", " by mean similarity"):
            assert 0 <= metrics[f"{reader}{way} in field_low"] <= metrics[f"{reader}{way} in field"] <= 1
            assert {f"{reader}{way} in field week 1", f"{reader}{way} distance"} <= metrics.keys()
        assert {f"{reader} gain over hot list", f"{reader} gain over mean similarity"} <= metrics.keys()
        assert {f"{reader} possible", f"{reader} explored"} <= metrics.keys()
    assert metrics["football fan gain over hot list"] >= 0
    assert "chip engineer of the old field after the turn" in metrics
    assert {each["reader"] for each in result["digests"]} == set(READERS)
    assert picture.read_bytes().startswith(b"\x89PNG")


def test_people_read_what_was_shown_before_the_figures(capsys: pytest.CaptureFixture[str]) -> None:
    item = {"title": "Late goal wins the derby", "why": "it is new to you"}

    show_samples([{"reader": "football fan", "day": 7, "items": [item]}])

    assert capsys.readouterr().out == "football fan, day 7:\n  Late goal wins the derby · it is new to you\n"


def test_a_folder_of_few_articles_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "few").write_text(json.dumps(article(1)), encoding="utf-8")

    assert run(["evaluate", "digests", "--data", str(tmp_path)]) == 2

    assert "articles that say when they were published" in capsys.readouterr().err


def test_a_picture_that_cannot_be_drawn_is_named_before_the_work(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    nowhere = tmp_path / "nowhere" / "month.png"

    assert run(["evaluate", "digests", "--data", str(data), "--picture", str(nowhere)]) == 2

    assert "its folder does not exist" in capsys.readouterr().err

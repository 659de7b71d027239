"""What a reader follows and looked at, on a real instance."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.app import open_app
from bot.settings import load_settings
from storage.domain.follows import Update
from storage.domain.news import ArticleId
from storage.domain.people import ReaderId
from storage.domain.stories import StoryStep
from tests.bot.program import Program, jsonl

TOLD = (
    "The council of Kell approved a bridge over the Sanne on Tuesday by 21 votes to 14. It will cost 30 million euros "
    "and carry trams and bicycles. Work starts in March, mayor Ida Brandt said."
)
REWRITE = (
    "Kell is to get a new bridge across the Sanne after councillors voted 21 to 14 in favour on Tuesday. Trams and "
    "bicycles will use the 30-million-euro bridge, and work starts in March, mayor Ida Brandt said."
)
TURN = (
    "The builder Norhav withdrew from the Sanne bridge in Kell on Monday and demanded 2.4 million euros in damages. "
    f"The city will tender the work again in autumn. {TOLD}"
)
TITLES = {
    "told": "Kell approves Sanne bridge",
    "rewrite": "Green light for Sanne bridge in Kell",
    "turn": "Builder quits Sanne bridge in Kell",
}


def article(name: str, text: str, source: str) -> dict[str, str]:
    """One that is published now."""
    published = (datetime.now(UTC) - timedelta(minutes=1)).isoformat()
    return {"id": name, "title": TITLES[name], "text": text, "published": published, "source": source}


@pytest.fixture
def kell(tidings: Program, tmp_path: Path) -> Program:
    """An instance with one story, of now."""
    bring(tidings, tmp_path, article("told", TOLD, "Harlow Post"))
    return tidings


def bring(tidings: Program, folder: Path, *articles: dict[str, str]) -> None:
    tidings("ingest", "--jsonl", str(jsonl(folder / "news.jsonl", list(articles))))


def of_one_story(*names: str) -> None:
    """Make these articles one story, whether or not they were taken for one."""

    async def work() -> None:
        async with open_app(load_settings()) as app:
            known = await app.stories.known([ArticleId(name) for name in names])
            kept, *others = dict.fromkeys(known[ArticleId(name)] for name in names)
            revision = await app.stories.revision()
            merged = tuple((other, kept) for other in others)
            assert await app.stories.commit(StoryStep(after=revision, upto=revision, merged=merged))

    asyncio.run(work())


def updates(reader: str) -> list[Update]:
    """What the reader's chat would tell now."""

    async def work() -> list[Update]:
        async with open_app(load_settings()) as app:
            return list(await app.following.updates(ReaderId(f"terminal:{reader}")))

    return asyncio.run(work())


def test_what_a_reader_follows_is_listed_added_to_and_removed_from(kell: Program) -> None:
    (story,) = kell.json("hot")["stories"]

    assert kell.json("follows", "list", "--reader", "ada") == {"follows": []}
    (added,) = kell.json("follows", "add", str(story["id"]), "--reader", "ada")["follows"]
    kell("follows", "add", "chip", "exports", "--reader", "ada")
    listed = kell.json("follows", "list", "--reader", "ada")["follows"]
    kell("follows", "remove", str(added["number"]), "--reader", "ada")

    assert set(added) == {"number", "story", "words", "since"}
    assert (added["story"], added["words"]) == (story["id"], story["title"])
    assert [(each["story"], each["words"]) for each in listed] == [
        (story["id"], story["title"]),
        (None, "chip exports"),
    ]
    assert "chip exports" in kell("follows", "list", "--reader", "ada")
    assert "ben follows nothing yet. `tidings follows add 12" in kell("follows", "list", "--reader", "ben")


def test_what_is_not_followed_cannot_be_removed(kell: Program) -> None:
    kell("follows", "remove", "9", "--reader", "ada", status=2)

    assert kell.errors == "tidings: 9: is not followed\n"
    kell("follows", "add", "999", "--reader", "ada", status=2)
    kell("follows", "list", status=2)


def test_a_follower_is_told_of_a_turn_once_and_of_no_rewrite(kell: Program, tmp_path: Path) -> None:
    (story,) = kell.json("hot")["stories"]
    kell("follows", "add", str(story["id"]), "--reader", "ada")
    kell("follows", "add", "Sanne", "bridge", "--reader", "ben")

    bring(kell, tmp_path, article("rewrite", REWRITE, "Brine Wire"))
    rewritten = updates("ada"), updates("ben")
    bring(kell, tmp_path, article("turn", TURN, "Tarn Herald"))
    turned = updates("ada")
    again = updates("ada")
    of_topic = updates("ben")

    assert rewritten == ([], [])
    assert again == []
    for (update,) in (turned, of_topic):
        (news,) = update.news
        assert (news.outlets, news.texts) == (3, ("turn",))
        assert news.gist.lines[0].text.startswith("The builder Norhav withdrew")


def test_a_brief_tells_a_reader_what_is_new_since_they_last_looked(kell: Program, tmp_path: Path) -> None:
    first = kell.json("brief", "Sanne", "bridge", "--reader", "ada")
    nothing = kell.json("brief", "Sanne", "bridge", "--reader", "ada")
    bring(kell, tmp_path, article("turn", TURN, "Tarn Herald"))
    of_one_story("told", "turn")
    other = kell.json("brief", "Sanne", "bridge", "--reader", "ben")
    lines = kell("brief", "Sanne", "bridge", "--reader", "ada").splitlines()

    assert (first["new_since"], nothing["new_since"], other["new_since"]) == (None, [], None)
    assert lines[1].startswith("New since 20")
    assert lines[2].startswith("  · The builder Norhav withdrew")


def test_what_is_new_names_its_source(kell: Program, tmp_path: Path) -> None:
    kell("brief", "Sanne", "bridge", "--reader", "ada")
    bring(kell, tmp_path, article("turn", TURN, "Tarn Herald"))
    of_one_story("told", "turn")

    (new, *_) = kell.json("brief", "Sanne", "bridge", "--reader", "ada")["new_since"]

    assert set(new) == {"text", "article_id", "url", "title", "source", "published", "quote"}
    assert (new["article_id"], new["source"]) == ("turn", "Tarn Herald")


def test_what_is_going_on_leads_to_the_page_of_each_story(kell: Program) -> None:
    (story,) = kell.json("hot")["stories"]

    heading, line, *_ = kell("ask", "What's going on?").splitlines()

    assert heading == "Hot in the last day"
    assert line.endswith(f" – tidings brief {story['id']}")

"""`tidings brief` on a real instance, and the words of a question without quotation marks."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.bot.program import Program, jsonl

NEWS = [
    {
        "id": "bridge-post",
        "title": "Bridge at Kell approved",
        "text": "The council of Kell approved a bridge over the Sanne for 30 million euros on Tuesday. "
        "The bridge will carry trams and bicycles.",
        "published": "2026-11-18T08:00:00Z",
        "source": "Harlow Post",
    },
    {
        "id": "bridge-wire",
        "title": "Kell votes for Sanne bridge",
        "text": "Kell's council voted for a bridge over the Sanne on Tuesday; the bridge will cost 35 million euros. "
        "It will carry trams, bicycles and buses.",
        "published": "2026-11-18T15:00:00Z",
        "source": "Brine Wire",
    },
    {
        "id": "metro",
        "title": "Kell metro opens in May",
        "text": "The metro in Kell will open in May. Trains run every four minutes. At night there are "
        "buses instead. They end at the old university.",
        "published": "2026-11-17T08:00:00Z",
        "source": "Harlow Post",
    },
]


@pytest.fixture
def kell(tidings: Program, tmp_path: Path) -> Program:
    tidings("ingest", "--jsonl", str(jsonl(tmp_path / "kell.jsonl", NEWS)))
    return tidings


def test_the_json_is_the_contract(kell: Program) -> None:
    told = kell.json("brief", "Kell")

    assert set(told) == {
        "title", "background", "timeline", "agreed", "differs", "unsettled", "citations", "refused", "nearest",
        "others", "story", "new_since", "without",
    }  # fmt: skip
    assert (told["refused"], told["nearest"]) == (False, [])
    assert [other["article_id"] for other in told["others"]] == ["metro"]
    assert set(told["others"][0]) == {"article_id", "url", "title", "source", "published"}
    [difference] = told["differs"]
    assert ["35" in difference["accounts"][0]["text"], "30" in difference["accounts"][1]["text"]] == [True, True]


def test_a_page_by_number_is_labelled_in_the_language_of_its_story(tidings: Program, tmp_path: Path) -> None:
    text = "凯尔市议会3日批准在桑内河上修建一座新桥，耗资三千万欧元。新桥将通行电车和自行车，预计明年春天动工。"
    article = {
        "id": "zh",
        "title": "凯尔市批准桑内河新桥",
        "text": text,
        "published": "2026-11-18T08:00:00Z",
        "source": "湖区报",
    }
    tidings("ingest", "--jsonl", str(jsonl(tmp_path / "zh.jsonl", [article])))
    (story,) = tidings.json("hot", "--until", "2026-11-18")["stories"]

    told = tidings("brief", str(story["id"]))

    assert "家媒体" in told
    assert "outlets" not in told


def test_where_figures_differ_each_account_stands_under_its_outlet_and_its_day(kell: Program) -> None:
    lines = kell("brief", "Kell bridge").splitlines()

    below = lines[lines.index("Where their figures differ") + 1 :]
    assert below[0].startswith("  · Brine Wire, 2026-11-18: Kell's council voted")
    assert below[1].startswith("  – Harlow Post, 2026-11-18: The council of Kell approved")


def test_people_are_told_of_the_other_stories(kell: Program) -> None:
    output = kell("brief", "Kell")

    assert output.endswith("Other stories on this:\n  · Kell metro opens in May — Harlow Post, 2026-11-17\n")


def test_of_what_no_story_is_about_the_nearest_is_named(kell: Program) -> None:
    told = kell.json("brief", "university")
    output = kell("brief", "university")

    assert (told["refused"], told["citations"], told["others"]) == (True, [], [])
    assert [near["article_id"] for near in told["nearest"]] == ["metro"]
    assert output.splitlines()[0] == "My sources don't say."
    assert output.endswith("The nearest stories I have:\n  · Kell metro opens in May — Harlow Post, 2026-11-17\n")


def test_an_address_is_pointed_to_what_reads_it(kell: Program) -> None:
    told = kell.json("brief", "https://kell.example/bridge")

    assert told["refused"]
    assert kell.errors == (
        "tidings: https://kell.example/bridge: is an address, not a topic; `tidings summarize` sums a page up\n"
    )


def test_words_need_no_quotation_marks(kell: Program) -> None:
    assert kell.json("brief", "Sanne", "bridge") == kell.json("brief", "Sanne bridge")
    assert kell.json("ask", "When", "does", "the", "metro", "open?")["sentences"]
    assert kell.json("search", "Sanne", "bridge", "--k", "1")["results"][0]["article_id"].startswith("bridge")
    kell("brief", status=2)
    kell("ask", status=2)


def test_a_hot_list_says_of_which_time_it_is(kell: Program) -> None:
    lately = kell("hot", "--since", "2026-11-01", "--until", "2026-11-19").splitlines()
    none = kell("hot", "--since", "3h", "--until", "2020-01-01")
    told = kell.json("hot", "--since", "7d")
    of_subject = kell("hot", "--since", "3h", "--until", "2020-01-01", "--subject", "体育")
    kell("hot", "--subject", "bridges", status=2)

    assert lately[0].startswith("Hot from 2026-11-01 ")
    assert none.startswith("Nothing was told from ")
    assert of_subject.startswith("Nothing on sport was told from ")
    assert "--subject takes one of politics, world" in kell.errors
    assert "not 'bridges'" in kell.errors
    assert (told["lately_hours"], told["until"]) == (168.0, None)


def test_a_language_or_a_source_that_nothing_is_in_is_told_with_what_there_is(kell: Program) -> None:
    kell("hot", "--since", "2026-11-01", "--until", "2026-11-19", "--language", "xx")
    unknown = kell.errors
    kell("hot", "--since", "3h", "--until", "2020-01-01", "--language", "en")
    wished = kell("digest", "ada", "7:30", "from", "Nowhere")
    near = kell("digest", "ada", "from", "Harlow")

    assert "--language xx: no article is in it; there are articles in en" in unknown
    assert "--language" not in kell.errors
    assert "Nothing that I read comes from “Nowhere” so far" in wished
    assert "so far, but from: harlow post." in near

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.search.spelling import Spelling, faults_between
from storage.domain.news import ArticleId, Changes, Filters, PassageId
from storage.domain.people import ReaderId
from storage.errors import IndexUnavailable
from tests.fakes import InMemoryCorpus, InMemoryLexical, make_passage

HELD = (
    make_passage(1, "Magnus Halvorsen builds ferries for Lake Oster in Port Ellery.", title="Ferries"),
    make_passage(2, "The mayor of Tanholm, Tobias Renn, spoke of the earthquake.", title="Tanholm counts its roofs"),
)


async def spelling() -> tuple[Spelling, InMemoryCorpus]:
    lexical, corpus = InMemoryLexical(), InMemoryCorpus(HELD)
    await lexical.apply(Changes(revision=2, added=HELD, removed=()))
    return Spelling(lexical, corpus), corpus


@pytest.mark.parametrize(
    ("asked", "meant"),
    [
        ("What does Halvorson build?", "What does Halvorsen build?"),
        ("what does halvorsne build?", "what does Halvorsen build?"),
        ("Who is the mayor of Tanholn?", "Who is the mayor of Tanholm?"),
        (
            "Who is mayor of Tanhollm, and what does Halversen build?",
            "Who is mayor of Tanholm, and what does Halvorsen build?",
        ),
        ("Tanhlom市长是谁？", "Tanholm市长是谁？"),
        ("What does Halvorsen build?", None),
        # Who writes names with capitals means no name by a word without.
        ("What does halvorson build in Zembla?", None),
        ("Who is the mayor of Zembla?", None),
        # Near to a word that is no name, or to another name only but for its first letter.
        ("Was there an earthquaqe?", None),
        ("Who is Panholm?", None),
        ("霖屿市长是谁？", None),
        ("?", None),
    ],
)
async def test_names_are_spelt_as_the_news_do(asked: str, meant: str | None) -> None:
    spelled, _ = await spelling()

    assert await spelled(asked, Filters(), None) == meant


async def test_what_others_alone_may_see_spells_nothing() -> None:
    spelled, corpus = await spelling()
    corpus.hidden.add(ArticleId(HELD[0].headline.id))

    assert await spelled("What does Halvorson build?", Filters(), ReaderId("terminal:ada")) is None


@pytest.mark.parametrize(
    "asked", ["Iraq", "Slovakia", "Slovenia", "Slovakian", "Marino", "Petersen", "Zelensky", "Irak", "Moldovan"]
)
async def test_a_name_that_is_well_known_is_taken_for_no_other(asked: str) -> None:
    other = {"Iraq": "Iran", "Slovakia": "Slovenia", "Slovenia": "Slovakia", "Slovakian": "Slovenian"}
    other |= {
        "Marino": "Marine",
        "Petersen": "Peterson",
        "Zelensky": "Zelenska",
        "Irak": "Iran",
        "Moldovan": "Moldoven",
    }
    held = (make_passage(1, f"The budget of {other[asked]} was passed.", title=""),)
    lexical = InMemoryLexical()
    await lexical.apply(Changes(revision=1, added=held, removed=()))

    spelled = Spelling(lexical, InMemoryCorpus(held), frozenset({"zelensky"}))

    assert await spelled(f"What of the budget of {asked}?", Filters(), None) is None


@pytest.mark.parametrize("private", ["Halvorson", "Halvorsan"])
async def test_what_others_alone_may_see_decides_nothing(private: str) -> None:
    hidden = tuple(make_passage(10 + i, f"Of {private} {i}.", title="") for i in range(80))
    public = (*HELD, *(make_passage(100 + i, "Halvorsen builds.", title="") for i in range(3)))
    lexical, corpus = InMemoryLexical(), InMemoryCorpus((*hidden, *public))
    await lexical.apply(Changes(revision=2, added=(*hidden, *public), removed=()))
    corpus.hidden.update(ArticleId(each.headline.id) for each in hidden)
    spelled, ada = Spelling(lexical, corpus), ReaderId("terminal:ada")

    assert await spelled("Who is Halvorson?", Filters(), ada) == "Who is Halvorsen?"
    assert (await spelled("Who is Halvorson?", Filters(), None) is None) == (private == "Halvorson")


async def test_without_an_index_nothing_is_spelt() -> None:
    class Broken(InMemoryLexical):
        async def like(self, word: str, faults: int, k: int) -> list[PassageId]:
            raise IndexUnavailable("lexical", "damaged")

    assert await Spelling(Broken(), InMemoryCorpus())("Halvorson?", Filters(), None) is None


@pytest.mark.parametrize(
    ("one", "other", "faults"),
    [("", "", 0), ("abc", "abc", 0), ("abc", "acb", 1), ("abc", "ab", 1), ("", "abc", 3), ("abcd", "badc", 2)],
)
def test_faults_are_counted(one: str, other: str, faults: int) -> None:
    assert faults_between(one, other) == faults == faults_between(other, one)


@given(st.text(max_size=12), st.text(max_size=12))
def test_faults_are_within_their_bounds(one: str, other: str) -> None:
    assert abs(len(one) - len(other)) <= faults_between(one, other) <= max(len(one), len(other))

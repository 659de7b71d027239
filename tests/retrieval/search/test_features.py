from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from retrieval.ports import Candidate, Signals
from retrieval.search.asked import Asked, Kind
from retrieval.search.features import NAMES, features
from tests.fakes import make_passage

Rows = Callable[..., list[dict[str, float]]]
Ask = Callable[[str], Asked]


def found(n: int, text: str, *, score: float = 1.0, article: str | None = None, **known: float) -> Candidate:
    return Candidate(passage=make_passage(n, text, article=article or f"a{n}"), score=score, **known)  # type: ignore[arg-type] # similarity, bm25


def test_nothing_found_has_no_rows(asked: Ask) -> None:
    assert features(asked("Who won?"), ()).shape == (0, len(NAMES))


def test_every_column_is_a_finite_number_whatever_the_texts(asked: Ask) -> None:
    texts = ("", "…", "😀😀", "a" * 5000, "中文 mixed with English 3.5%", "\n\n\n", "The The The")

    for question in ("", "???", "的吗", "Who is 谁 3.5% “quoted”?", "the of and"):
        table = features(asked(question), [found(n, text) for n, text in enumerate(texts, start=1)])

        assert table.shape == (len(texts), len(NAMES))
        assert np.isfinite(table).all()


def test_a_passage_that_holds_more_of_the_question_measures_more(rows: Rows) -> None:
    more, less = rows(
        "Which roads did the flood close?", found(1, "The flood closed two roads."), found(2, "The roads are long.")
    )

    assert more["held"] > less["held"]
    assert more["close"] > less["close"]


def test_words_far_apart_are_held_and_not_close(rows: Rows) -> None:
    close, far = rows("flood roads", found(1, "flood roads"), found(2, "flood " + "and so it went on " * 40 + "roads"))

    assert close["held"] == far["held"] == pytest.approx(1.0)
    assert far["near"] < close["near"]


@pytest.mark.parametrize(
    ("text", "holds"), [("He reformed it.", True), ("A performer.", False), ("Reformation", False)]
)
def test_english_words_are_met_with_their_endings_and_not_inside_others(rows: Rows, text: str, holds: bool) -> None:
    (row,) = rows("reforms", found(1, text))

    assert bool(row["held"]) is holds


def test_a_term_that_everything_holds_tells_less_than_a_rare_one(rows: Rows) -> None:
    texts = ["The flood rose."] * 8 + ["The levee held."]

    table = rows("flood levee", *(found(n, text) for n, text in enumerate(texts, start=1)))

    assert table[-1]["held"] > table[0]["held"]


def test_chinese_is_compared_by_words_by_pairs_and_by_its_longest_run(rows: Rows) -> None:
    exact, apart = rows("武汉地铁19号线", found(1, "武汉地铁19号线全线铺设完成"), found(2, "地铁在武汉，另有19条"))

    assert exact["run"] == pytest.approx(1.0)
    assert apart["run"] < 0.5
    assert exact["pairs"] > apart["pairs"]
    assert (exact["numbers"], apart["numbers"]) == (1.0, 1.0)


def test_meaning_is_how_far_a_cosine_stands_out_whatever_its_encoder_calls_close(rows: Rows) -> None:
    wide = rows("x", *(found(n, "x", similarity=cosine) for n, cosine in enumerate((0.9, 0.5, 0.1), start=1)))
    narrow = rows("x", *(found(n, "x", similarity=cosine) for n, cosine in enumerate((0.83, 0.82, 0.81), start=1)))

    assert [row["meaning"] for row in wide] == pytest.approx([row["meaning"] for row in narrow], abs=1e-3)
    assert wide[0]["meaning"] > wide[1]["meaning"] > wide[2]["meaning"]


def test_without_an_encoder_meaning_says_nothing(rows: Rows) -> None:
    assert all(not row["meaning"] and not row["meaning_place"] for row in rows("x", found(1, "x"), found(2, "y")))


def test_a_passage_takes_part_in_what_its_article_has(rows: Rows) -> None:
    best, sibling, other = rows(
        "x",
        found(1, "x", score=2.0, bm25=8.0, article="a"),
        found(2, "x", score=0.5, article="a"),
        found(3, "x", score=1.0, bm25=4.0),
    )

    assert sibling["article_fused"] == best["article_fused"] == 1.0
    assert (sibling["article_words"], other["article_words"]) == (1.0, 0.5)
    assert sibling["siblings"] > other["siblings"]


@pytest.mark.parametrize(
    ("question", "text", "numbers", "names"),
    [
        ("Who won 5 of 12 races, according to the mayor of Iran?", "In 2015 Tirana won 1.5 of 125.", 0.0, 0.0),
        ("Who won 5 of 12 races, according to the mayor of Iran?", "Iran's 12 won 5.", 1.0, 1.0),
        ("Who won 5 of 12 races, according to the mayor of Iran?", "15, then 5, of Iranians", 0.5, 0.0),
        ("第5届有12人吗？", "第15届有12人", 0.5, 0.0),
    ],
)
def test_numbers_and_names_are_kept_whole(rows: Rows, question: str, text: str, numbers: float, names: float) -> None:
    (row,) = rows(question, found(1, text))

    assert (row["numbers"], row["names"]) == (numbers, names)


def test_numbers_near_the_question_count_where_a_number_is_asked_for(rows: Rows) -> None:
    with_number, without = rows(
        "How many people died in the flood?",
        found(1, "The flood: 27 people died."),
        found(2, "People died in the flood."),
    )
    (no_number_asked,) = rows("Who died in the flood?", found(1, "The flood: 27 people died."))

    assert with_number["asks_number"] > without["asks_number"] == 0
    assert no_number_asked["asks_number"] == 0


def test_numbers_that_the_question_holds_itself_are_no_answer(rows: Rows) -> None:
    (row,) = rows("How many of the 27 people were saved?", found(1, "All 27 people were there."))

    assert row["near_numbers"] == 0


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("How many seats did they win?", Kind.NUMBER),
        ("When did it open?", Kind.NUMBER),
        ("Who won?", Kind.PERSON),
        ("Which prime minister resigned?", Kind.PERSON),
        ("Where is it?", Kind.PLACE),
        ("In which country was it found?", Kind.PLACE),
        ("Which team won?", Kind.WHICH),
        ("死亡人数是多少？", Kind.NUMBER),
        ("何时开通？", Kind.NUMBER),
        ("谁当选？", Kind.PERSON),
        ("地点在哪里？", Kind.PLACE),
        ("哪个机构发布？", Kind.WHICH),
    ],
)
def test_what_is_asked_for_is_read(asked: Ask, question: str, kind: Kind) -> None:
    assert kind in asked(question).kinds


def test_signals_are_passed_on(rows: Rows) -> None:
    signals = Signals(freshness=0.5, recent=0.8, around=1.0, source=1.0, phrases=0.25)

    (row,) = rows("x", Candidate(passage=make_passage(1, "x"), score=1.0, signals=signals))

    assert {name: row[name] for name in ("freshness", "recent", "around", "source", "phrases")} == {
        "freshness": 0.5,
        "recent": pytest.approx(0.8),
        "around": 1.0,
        "source": 1.0,
        "phrases": 0.25,
    }

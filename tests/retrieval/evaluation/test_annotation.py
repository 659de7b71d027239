from __future__ import annotations

from pathlib import Path

from retrieval.annotation.prototypes import SUBJECTS, examples
from retrieval.evaluation.annotation import evaluate_categories, evaluate_keywords, evaluate_sentiment
from retrieval.evaluation.labelled import LabelledArticle, RatedText, TitledText
from retrieval.index.words import WordCutter
from storage.domain.annotations import Category
from tests.fakes import HashingEncoder, terms


def unwatched(_what: str, _done: int, _of: int | None) -> None:
    """Progress nobody watches."""


async def test_articles_that_say_what_the_examples_say_are_classified(tmp_path: Path) -> None:
    articles = [
        LabelledArticle(title=examples(subject)[1], text=examples(subject)[2], accepted=(subject,))
        for subject in SUBJECTS
    ]

    found = await evaluate_categories(HashingEncoder(dimensions=512), articles, WordCutter(tmp_path), unwatched)

    assert found["accuracy"].value > 0.8
    assert found["macro_f1"].value > 0.7
    assert found["tfidf_accuracy"].value == 1.0
    assert found["annotate_ms"].value > 0
    assert not [name for name in found if name.startswith("accuracy ")]


async def test_any_accepted_subject_is_right_and_languages_are_told_apart(tmp_path: Path) -> None:
    articles = [
        LabelledArticle(title=examples(Category.SPORT)[1], text="", accepted=(Category.HEALTH, Category.SPORT)),
        LabelledArticle(title=examples(Category.SPORT)[-1], text="", accepted=(Category.SPORT,), language="zh"),
    ]

    found = await evaluate_categories(HashingEncoder(dimensions=512), articles, WordCutter(tmp_path), unwatched)

    assert found["accuracy"].value == found["accuracy en"].value == found["accuracy zh"].value == 1.0


def test_keywords_are_looked_for_in_the_withheld_title() -> None:
    texts = [
        TitledText(title="Ferry engines", text="Ferry engines fail. The ferry engines were old."),
        TitledText(title="Of the", text="Nothing to compare with."),
        TitledText(title="Budget vote", text="The budget vote is late. A budget vote takes time."),
    ]

    found = evaluate_keywords(texts, terms, unwatched)

    assert found["keywords_in_title"].value >= 0.5
    assert found["keywords_of_title"].value == 1.0
    assert set(found) == {"keywords_in_title", "keywords_of_title", "tfidf_in_title", "tfidf_of_title"}


async def test_tones_are_correlated_with_ratings() -> None:
    texts = [
        RatedText(text="A wonderful, excellent success and a great joy.", rating=0.6),
        RatedText(text="The committee meets on Tuesday.", rating=0.0),
        RatedText(text="A horrific massacre killed and wounded many.", rating=-0.7),
    ]

    found = await evaluate_sentiment(HashingEncoder(dimensions=512), texts, unwatched)

    assert found["sentiment_pearson"].value > 0.8
    assert 0 < found["sentiment_accuracy"].value <= 1

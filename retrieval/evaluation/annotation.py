"""How well what is noted of articles agrees with what people say of them: subjects, keywords, tone."""

from __future__ import annotations

import math
import time
from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from retrieval.annotation.annotate import annotate
from retrieval.annotation.categories import LEAST_SURE, article_vector, likelihoods
from retrieval.annotation.keywords import MOST, Cut, keywords, telling
from retrieval.annotation.prototypes import SUBJECTS, EncodedPrototypes, examples
from retrieval.annotation.sentiment import NEUTRAL, sentiment
from retrieval.evaluation.classes import calibration_error, macro_f1
from retrieval.evaluation.estimates import Estimate, mean, pearson
from retrieval.evaluation.labelled import LabelledArticle, RatedText, TitledText
from retrieval.index.chunk import chunk
from retrieval.index.words import WordCutter
from retrieval.ports import Encoder
from storage.domain.annotations import Category
from storage.domain.progress import Progress

_STEP = 64
# Long articles are about what their beginnings are about.
_PASSAGES = 8
_READ = 3_000


async def evaluate_categories(
    encoder: Encoder, articles: Sequence[LabelledArticle], cutter: WordCutter, progress: Progress
) -> Mapping[str, Estimate]:
    """Classify every article by its text alone, as none has an address, and by TF-IDF to the same examples beside it.

    `accuracy` and `macro_f1` are of the likeliest subject, sure or not; `decided` is the share that is sure enough, and
    `decided_accuracy` is over those; `ece` is how far sureness is from accuracy; `accuracy LANGUAGE` comes with several
    languages; `annotate_ms` is the processor time for all that is noted of an article, but for encoding it.

    Args:
        encoder: Gives articles and examples their vectors.
        articles: At least one.
        cutter: WordCutters Chinese into words.
        progress: Told after each batch.

    Raises:
        EncoderUnavailable: The model cannot be loaded.
    """
    prototypes = await EncodedPrototypes().of(encoder)
    vectors = await _vectors(encoder, articles, progress)
    likely = [
        likelihoods(vector, prototypes, article.language) for article, vector in zip(articles, vectors, strict=True)
    ]
    found = [max(each, key=each.__getitem__) for each in likely]
    right = [subject in article.accepted for subject, article in zip(found, articles, strict=True)]
    sure = [each[subject] for each, subject in zip(likely, found, strict=True)]
    plain = _by_words(articles, cutter.words)
    times = []
    for article, vector in zip(articles, vectors, strict=True):
        start = time.thread_time()
        annotate(
            title=article.title,
            text=article.text,
            vector=vector,
            prototypes=prototypes,
            cutter=cutter,
            language=article.language,
        )
        times.append((time.thread_time() - start) * 1000)
    figures = {
        "accuracy": mean([float(each) for each in right]),
        "macro_f1": _macro_f1(articles, found),
        "ece": calibration_error(sure, right),
        "decided": mean([float(each >= LEAST_SURE) for each in sure]),
        "tfidf_accuracy": mean(
            [float(each in article.accepted) for each, article in zip(plain, articles, strict=True)]
        ),
        "tfidf_macro_f1": _macro_f1(articles, plain),
        "annotate_ms": mean(times),
    }
    if decided := [float(each) for each, sureness in zip(right, sure, strict=True) if sureness >= LEAST_SURE]:
        figures["decided_accuracy"] = mean(decided)
    languages = sorted({article.language for article in articles})
    for language in languages if len(languages) > 1 else ():
        own = [float(each) for each, article in zip(right, articles, strict=True) if article.language == language]
        figures[f"accuracy {language}"] = mean(own)
    return figures


def evaluate_keywords(texts: Sequence[TitledText], cut: Cut, progress: Progress) -> Mapping[str, Estimate]:
    """Whether the keywords of each text stand in its title, which is withheld, and how many of its words they name.

    Beside them, `tfidf_…`, as many single words of highest TF-IDF, their document frequencies counted over these texts.
    """
    told = [telling(text.text[:_READ], cut) for text in texts]
    held = Counter(word for words in told for word in set(words))
    scores: dict[str, list[tuple[float, float]]] = {"keywords": [], "tfidf": []}
    for at, (text, words) in enumerate(zip(texts, told, strict=True), start=1):
        if title := set(telling(text.title, cut)):
            ours = [set(telling(each.text, cut)) for each in keywords(text.text, cut=cut)]
            weights = {word: n * math.log(len(texts) / held[word]) for word, n in Counter(words).items()}
            theirs = [{word} for word in sorted(weights, key=weights.__getitem__, reverse=True)[:MOST]]
            scores["keywords"].append(_agreement(ours, title))
            scores["tfidf"].append(_agreement(theirs, title))
        if at % _STEP == 0:
            progress("texts", at, len(texts))
    return {
        f"{name}_{measure}": mean(column)
        for name, pairs in scores.items()
        for measure, column in zip(("in_title", "of_title"), zip(*pairs, strict=True), strict=False)
    }


async def evaluate_sentiment(
    encoder: Encoder, texts: Sequence[RatedText], progress: Progress
) -> Mapping[str, Estimate]:
    """How the scores of texts agree with people's ratings: their correlation, and whether both are good, bad, neither.

    `sentiment_ece` is how far sureness is from accuracy, `sentiment_neutral` the share that came out neither good nor
    bad.

    Raises:
        EncoderUnavailable: The model cannot be loaded.
    """
    prototypes = await EncodedPrototypes().of(encoder)
    found: list[tuple[float, float]] = []
    for start in range(0, len(texts), _STEP):
        batch = [text.text for text in texts[start : start + _STEP]]
        vectors = await encoder.encode_documents(batch)
        found += [sentiment(text, prototypes.tone(vector)) for text, vector in zip(batch, vectors, strict=True)]
        progress("texts", start + len(batch), len(texts))
    scores, ratings = [score for score, _ in found], [text.rating for text in texts]
    right = [_sign(score) == _sign(rating) for score, rating in zip(scores, ratings, strict=True)]
    return {
        "sentiment_pearson": pearson(scores, ratings),
        "sentiment_accuracy": mean([float(each) for each in right]),
        "sentiment_ece": calibration_error([sure for _, sure in found], right),
        "sentiment_neutral": mean([float(_sign(score) == 0) for score in scores]),
    }


async def _vectors(
    encoder: Encoder, articles: Sequence[LabelledArticle], progress: Progress
) -> list[NDArray[np.float32]]:
    """One vector an article, made of its passages as they are when it is stored: each behind the title."""
    vectors: list[NDArray[np.float32]] = []
    for at, article in enumerate(articles, start=1):
        passages = chunk(article.text, article.language)[:_PASSAGES]
        texts = [f"{article.title}\n{passage.text}" for passage in passages] or [article.title]
        vectors.append(article_vector(await encoder.encode_documents(texts)))
        if at % _STEP == 0 or at == len(articles):
            progress("articles", at, len(articles))
    return vectors


def _by_words(articles: Sequence[LabelledArticle], cut: Cut) -> list[Category]:
    """The subject whose examples share most with each article, by the cosine of TF-IDF."""
    subjects = [Counter(word for text in examples(subject) for word in telling(text, cut)) for subject in SUBJECTS]
    documents = [Counter(telling(f"{article.title}\n{article.text}"[:_READ], cut)) for article in articles]
    held = Counter(word for words in (*subjects, *documents) for word in words)
    total = len(subjects) + len(documents)

    def weighted(words: Counter[str]) -> dict[str, float]:
        weights = {word: n * math.log(total / held[word]) for word, n in words.items()}
        length = math.hypot(*weights.values()) or 1.0
        return {word: weight / length for word, weight in weights.items()}

    described = [weighted(words) for words in subjects]
    found: list[Category] = []
    for words in documents:
        own = weighted(words)
        cosines = [sum(weight * each.get(word, 0.0) for word, weight in own.items()) for each in described]
        found.append(SUBJECTS[int(np.argmax(cosines))])
    return found


def _macro_f1(articles: Sequence[LabelledArticle], found: Sequence[Category]) -> Estimate:
    """Of several right subjects, the one that was found is wanted, else the first."""
    order = list(Category)
    wanted = [
        each if each in article.accepted else article.accepted[0] for each, article in zip(found, articles, strict=True)
    ]
    return macro_f1([order.index(each) for each in wanted], [order.index(each) for each in found])


def _agreement(found: Sequence[set[str]], title: set[str]) -> tuple[float, float]:
    """The share of the keywords that the title holds whole, and the share of its words that they name."""
    named = set().union(*found) & title
    return sum(bool(each) and each <= title for each in found) / max(len(found), 1), len(named) / len(title)


def _sign(score: float) -> int:
    return (score > NEUTRAL) - (score < -NEUTRAL)

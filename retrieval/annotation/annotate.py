"""Everything that is noted of an article at once. Pure: the vectors and the examples come from outside."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from retrieval.annotation.categories import likeliest, likelihoods
from retrieval.annotation.keywords import keywords
from retrieval.annotation.names import names
from retrieval.annotation.prototypes import Prototypes
from retrieval.annotation.sections import section
from retrieval.annotation.sentiment import sentiment
from retrieval.index.words import WordCutter
from storage.domain.annotations import Annotation

# In characters: whom and what an article is about, it names early.
_NAMED_WITHIN = 4_000
_MOST_NAMES = 40


def annotate(
    *,
    title: str,
    text: str,
    vector: NDArray[np.float32],
    prototypes: Prototypes,
    cutter: WordCutter,
    language: str | None = None,
    url: str | None = None,
    feed_url: str | None = None,
    feed_category: str | None = None,
) -> Annotation:
    """What is noted of an article.

    Args:
        title: Its title.
        text: Its text, all of it.
        vector: (d,), unit length: `article_vector` of its passages, from the encoder of `prototypes`.
        prototypes: What it is compared with.
        cutter: Cuts texts into words.
        language: Its ISO 639-1 code, where known.
        url: Its address.
        feed_url: The address of the feed that brought it.
        feed_category: What the feed is filed under.
    """
    hint = section(url, feed_url=feed_url, feed_category=feed_category)
    category, sure = likeliest(likelihoods(vector, prototypes, language, hint))
    score, sentiment_sure = sentiment(text if text.startswith(title) else f"{title}\n{text}", prototypes.tone(vector))
    return Annotation(
        category=category,
        category_confidence=sure,
        keywords=keywords(text, title=title, cut=cutter.words),
        names=names(f"{title}\n{text[:_NAMED_WITHIN]}", language, cutter.tagged)[:_MOST_NAMES],
        sentiment=score,
        sentiment_confidence=sentiment_sure,
    )

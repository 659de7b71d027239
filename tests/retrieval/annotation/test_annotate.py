from __future__ import annotations

import time

from retrieval.annotation.annotate import annotate
from retrieval.annotation.categories import article_vector
from retrieval.annotation.prototypes import EncodedPrototypes
from retrieval.index.encoder import SentenceEncoder
from retrieval.index.words import WordCutter
from storage.domain.annotations import Annotation, Category

TITLE = "Rovers win the cup after a thrilling final"
TEXT = (
    "Rovers beat Athletic 3-2 in a thrilling cup final on Saturday. Striker Ana Berg scored twice. "
    "The coach praised a wonderful team, and fans celebrated the victory in Harbour Street all night. "
    "Ana Berg said that the cup was for the fans."
)


async def test_an_article_is_annotated(encoder: SentenceEncoder, cutter: WordCutter) -> None:
    prototypes = await EncodedPrototypes().of(encoder)
    vector = article_vector(await encoder.encode_documents([f"{TITLE}\n{TEXT}"]))

    found = annotate(
        title=TITLE,
        text=TEXT,
        vector=vector,
        prototypes=prototypes,
        cutter=cutter,
        url="https://example.com/sport/football/a",
    )

    assert found.category is Category.SPORT
    assert found.category_confidence > 0.9
    assert "Ana Berg" in [keyword.text for keyword in found.keywords]
    assert {"Ana Berg", "Harbour Street"} <= {name.text for name in found.names}
    assert found.sentiment > 0
    assert 0 < found.sentiment_confidence <= 1


async def test_the_same_article_is_always_annotated_the_same(encoder: SentenceEncoder, cutter: WordCutter) -> None:
    prototypes = await EncodedPrototypes().of(encoder)
    vector = article_vector(await encoder.encode_documents([TEXT]))

    def once() -> Annotation:
        return annotate(title=TITLE, text=TEXT, vector=vector, prototypes=prototypes, cutter=cutter)

    assert once() == once()


async def test_a_long_article_takes_no_longer_than_its_beginning(encoder: SentenceEncoder, cutter: WordCutter) -> None:
    prototypes = await EncodedPrototypes().of(encoder)
    vector = article_vector(await encoder.encode_documents([TEXT]))

    start = time.process_time()
    annotate(title=TITLE, text=TEXT * 20_000, vector=vector, prototypes=prototypes, cutter=cutter)

    assert time.process_time() - start < 10

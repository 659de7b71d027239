from __future__ import annotations

import json
from pathlib import Path

import pytest

from retrieval.annotation.lexicon import tally
from retrieval.annotation.prototypes import EncodedPrototypes
from retrieval.annotation.sentiment import NEUTRAL, sentiment
from retrieval.index.encoder import SentenceEncoder


@pytest.mark.parametrize("language", ["en", "zh"])
async def test_sentences_have_the_tone_anyone_would_give_them(encoder: SentenceEncoder, language: str) -> None:
    lines = Path(__file__).with_name("tones.jsonl").read_text(encoding="utf-8").splitlines()
    rated = [row for row in map(json.loads, lines) if row["language"] == language]
    prototypes = await EncodedPrototypes().of(encoder)

    vectors = await encoder.encode_documents([row["text"] for row in rated])
    scores = [sentiment(row["text"], prototypes.tone(vector))[0] for row, vector in zip(rated, vectors, strict=True)]

    found = ["positive" if score > NEUTRAL else "negative" if score < -NEUTRAL else "neutral" for score in scores]
    right = [each == row["sentiment"] for each, row in zip(found, rated, strict=True)]
    assert len(rated) == 30
    assert sum(right) >= 26


@pytest.mark.parametrize("text", ["", "The committee meets on Tuesday.", "委员会将于周二开会。", "12 %"])
def test_plain_statements_are_neutral(text: str) -> None:
    score, sureness = sentiment(text, tone=0.0)

    assert abs(score) <= NEUTRAL
    assert sureness > 0.5


@pytest.mark.parametrize(
    ("plain", "turned"),
    [
        ("The film is good.", "The film is not good."),
        ("这里安全", "这里不安全"),
        ("There was a disaster.", "No disaster."),
    ],
)
def test_a_negation_turns_what_follows(plain: str, turned: str) -> None:
    assert tally(plain).tone * tally(turned).tone < 0


def test_a_longer_chinese_word_hides_the_shorter_ones_inside() -> None:
    assert tally("恐怖袭击").bad == 2.0
    assert tally("无家可归").bad == 1.0


def test_the_same_words_weigh_less_in_a_longer_text() -> None:
    short = tally("A good week.")
    long = tally("A good week. " + "The committee meets on Tuesday to read the minutes. " * 20)

    assert 0 < long.tone < short.tone


def test_one_story_told_at_length_keeps_its_tone() -> None:
    once = "The attack killed dozens and the wounded suffered for hours before help came to the ruined town."

    assert tally(once * 10).tone == pytest.approx(tally(once).tone, abs=0.1)


@pytest.mark.parametrize("tone", [-1e9, 1e9])
def test_scores_stay_within_bounds(tone: float) -> None:
    score, sureness = sentiment("killed murdered massacre " * 50, tone)

    assert -1 <= score <= 1
    assert 0 <= sureness <= 1

from __future__ import annotations

import pytest

from retrieval.ingest.language import detect


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("The prime minister will meet the union leaders on Monday.", "en"),
        ("Toyota, Honda add 2.7 million more cars to air bag recall", "en"),
        ("Russia's biggest bank", "en"),
        ("国务院新闻办公室今天举行发布会。", "zh"),
        ("臺北市長今日表示", "zh"),
        ("苹果发布 iPhone 17 Pro Max", "zh"),
        ("What about 习近平?", "en"),
        ("日本の首相が訪中した", "ja"),
        ("대통령이 오늘 발표했다", "ko"),
        ("Der Bundestag hat am Freitag ein neues Gesetz beschlossen.", "de"),
        ("Le président a rencontré les syndicats lundi matin.", "fr"),
        ("El Gobierno aprueba la reforma laboral", "es"),
        ("Президент подписал новый закон", "ru"),
    ],
)
def test_the_language_of_news_is_told(text: str, language: str) -> None:
    assert detect(text) == language


@pytest.mark.parametrize("text", ["", "   ", "123 456", "!!! ???", "a", "🙂🙂"])
def test_what_has_no_words_has_no_language(text: str) -> None:
    assert detect(text) is None

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from retrieval.training.chance import chance_of
from retrieval.training.spans import as_question


@given(sentence=st.text(max_size=200), language=st.sampled_from(["en", "zh", "de", None]), seed=st.integers(0, 999))
def test_whatever_the_sentence_a_question_is_one_line_of_it_or_none(
    sentence: str, language: str | None, seed: int
) -> None:
    question = as_question(sentence, language, chance_of(seed))

    assert question is None or question.strip()


def test_too_little_to_be_found_by_is_no_question() -> None:
    assert as_question("He agreed.", "en", chance_of(0)) is None
    assert as_question("他同意。", "zh", chance_of(0)) is None


def test_english_keeps_words_of_the_sentence_and_may_ask_for_its_number() -> None:
    sentence = "The minister said that the dam would cost 48 million crowns to rebuild"

    asked = {as_question(sentence, "en", chance_of(seed)) for seed in range(60)}

    assert any(question and "how many million" in question for question in asked)
    assert any(question and question.startswith("What ") for question in asked)
    words = {*sentence.split(), "how", "many", "What", "Who", "Which", "How", "Where", "When"}
    assert all(question and set(question.split()) <= words for question in asked)


def test_chinese_keeps_a_clause_and_may_ask_for_its_number() -> None:
    sentence = "湖城市政府周五宣布，将投资三亿元在2028年前重建东门大桥，工程预计用时18个月。"

    asked = {as_question(sentence, "zh", chance_of(seed)) for seed in range(60)}

    assert any(question and "多少" in question for question in asked)
    assert any(question and question.endswith("是什么？") for question in asked)
    assert all(question is None or len(question) <= 40 for question in asked)


def test_chinese_may_be_asked_by_phrases_from_all_of_a_sentence() -> None:
    sentence = "湖城市政府的发言人周五在发布会，表示市里将于2028年前对东门大桥进行重建。"

    asked = {as_question(sentence, "zh", chance_of(seed)) for seed in range(90)}

    assert any(question and "湖城市政府" in question and "东门大桥" in question for question in asked)
    assert all(question is None or len(question) <= 40 for question in asked)


def test_other_languages_get_no_english_question_words() -> None:
    sentence = "Der Minister sagte am Freitag in der Hauptstadt dass die Brücke gebaut wird"

    asked = {as_question(sentence, "de", chance_of(seed)) for seed in range(40)}

    assert all(question and question in sentence for question in asked)

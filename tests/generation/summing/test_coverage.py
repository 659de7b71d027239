from __future__ import annotations

from collections.abc import Sequence

from generation.summing.clauses import Statement, statements
from generation.summing.coverage import choose, runs, wholes


def quoted(text: str, chosen: Sequence[Statement]) -> list[str]:
    return [text[each.clauses[0].start : each.clauses[-1].end].strip() for each in chosen]


def offered(text: str, words: float = 100) -> list[str]:
    told = statements(text)
    clauses = [clause for statement in told for clause in statement.clauses]
    return [text[clauses[run.start].start : clauses[run.end - 1].end] for run in runs(text, told, words)]


def chosen(text: str, worths: Sequence[float], words: float) -> list[str]:
    told = statements(text)
    return quoted(text, choose(told, worths, wholes(told), words))


def test_a_quote_may_begin_where_the_rest_of_the_sentence_has_its_own_subject() -> None:
    text = "大桥建设历时三年多的时间，大桥全长二千三百米并设有六条车道和两条人行道。大桥周五正式向公众开放。"

    assert offered(text) == [
        "大桥建设历时三年多的时间，大桥全长二千三百米并设有六条车道和两条人行道。",
        "大桥全长二千三百米并设有六条车道和两条人行道。",
    ]


def test_who_says_so_is_never_left_out() -> None:
    text = "市长在周五的发布会上表示，大桥的质量完全没有任何问题可以放心使用。大桥周五正式向公众开放并免费通行一个月。"

    assert offered(text) == [
        "市长在周五的发布会上表示，大桥的质量完全没有任何问题可以放心使用。",
        "大桥周五正式向公众开放并免费通行一个月。",
    ]


def test_how_the_reporter_came_to_know_may_be() -> None:
    text = "记者从市政府获悉，湖城东门大桥将于明年五月一日正式通车。"

    assert offered(text)[1:] == ["湖城东门大桥将于明年五月一日正式通车。"]


def test_english_sentences_are_quoted_from_their_beginning() -> None:
    text = "The minister said, the dam will be rebuilt, the dam is needed by farmers in the valley."

    assert offered(text) == [text]


def test_of_a_sentence_that_is_too_long_as_much_is_offered_as_fits() -> None:
    text = "The mayor came, the minister came with her two advisers, and the whole town came to see them all."

    assert offered(text, 12) == ["The mayor came, the minister came with her two advisers, "]


def test_what_is_worth_most_is_chosen_and_told_in_the_order_of_the_text() -> None:
    text = "Ferries stop for a week. It rained on Tuesday night. The dam broke on Friday evening."

    assert chosen(text, [1.0, 0.0, 2.0], 11) == ["Ferries stop for a week.", "The dam broke on Friday evening."]


def test_what_was_said_already_is_not_said_again() -> None:
    text = (
        "The Kestrel dam broke on Friday evening. The Kestrel dam broke on Friday evening. Six boats need new engines."
    )

    assert chosen(text, [2.0, 2.0, 0.1], 100) == [
        "The Kestrel dam broke on Friday evening.",
        "Six boats need new engines.",
    ]


def test_nothing_is_chosen_where_nothing_fits() -> None:
    assert chosen("The dam broke on Friday evening.", [1.0], 3) == []

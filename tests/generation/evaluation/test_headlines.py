from __future__ import annotations

from generation.evaluation.headlines import TitledText, evaluate_headlines

DAM = (
    "By Ada Reed\nThe Kestrel dam will be rebuilt by 2031, minister Ada Okoye said in a long speech on Friday at the "
    "town hall. Farmers had asked for it."
)


def test_a_headline_is_scored_beside_the_first_sentence_and_its_beginning() -> None:
    seen: list[int] = []

    report = evaluate_headlines(
        [
            TitledText(text=DAM, title="Kestrel dam to be rebuilt by 2031"),
            TitledText(text=DAM, title="Why the Kestrel dam matters"),
            TitledText(
                text="湖城市政府周五宣布，将投资三亿元重建东门大桥，工程预计在2028年完工。", title="湖城将重建东门大桥"
            ),
            TitledText(text=" ", title="Kestrel dam to be rebuilt by 2031"),
        ],
        lambda _what, done, _of: seen.append(done),
    )

    assert seen == [1, 2]
    assert {name: len(each) for name, each in report.scores.items()} == {"": 2, "lead1": 2, "short_lead1": 2}
    assert report.scores[""][0] > report.scores["lead1"][0]
    assert (report.none, report.left_out) == (0, 2)


def test_an_article_that_says_nothing_has_no_headline() -> None:
    report = evaluate_headlines([TitledText(text="They did.", title="Kestrel dam to be rebuilt")], lambda *_: None)

    assert (report.none, report.scores[""]) == (1, [0.0])

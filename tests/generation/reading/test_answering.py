from __future__ import annotations

import pytest

from generation.reading.answering import could_answer
from generation.reading.inquiry import read


@pytest.mark.parametrize(
    ("question", "could", "could_not"),
    [
        ("How many jets did Maple order?", "Maple has ordered thirty jets.", "The jets cost 2 billion dollars."),
        ("How many people watched the match?", "Some 11,400 saw the match.", "The match ended 1-1."),
        ("How many dockers went on strike?", "About 900 people stopped work.", "The strike left 31 ships waiting."),
        ("When does the show open?", "It opens on 3 October.", "It opens in the former stables."),
        ("On which day is the election?", "Votes are cast on Sunday.", "It must be held within ninety days."),
        ("Who found the bath?", "It was found by Dr Neil Osgood.", "It is almost whole."),
        ("Who was killed?", "A lorry driver was killed.", "Power failed, the grid firm Elnor said."),
        ("Which brewery signed?", "The brewery Kronfeld signed.", "Founder Elina Rautio said that a brewery signed."),
        ("What is the name of the captain?", "The captain, Ada Brent, told police.", "The captain spoke in Dunmore."),
        ("How long is the tunnel?", "The 12.6-kilometre tunnel opens soon.", "The tunnel cost 3 million euros."),
        ("小说卖出了多少册？", "小说卖出三万册。", "奖金为40万元。"),
        ("有多少人参加？", "有6100名成年人参加。", "副作用轻微。"),
        ("由哪家公司修建？", "由远岸建设集团承建。", "工程将于明年开工。"),
        ("白珊什么时候就职？", "她将于11月1日就职。", "她承诺重开游泳馆。"),
    ],
)
def test_what_would_answer_is_told_by_its_sort(question: str, could: str, could_not: str) -> None:
    inquiry = read(question)

    assert could_answer(inquiry, could)
    assert not could_answer(inquiry, could_not)


def test_anything_might_answer_where_the_sort_is_not_said() -> None:
    assert could_answer(read("What happened in Dunmore?"), "The cannery will close.")

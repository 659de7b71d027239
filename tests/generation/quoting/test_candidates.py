from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from generation.quoting import candidates
from generation.quoting.candidates import Candidate, cost, lines, parts
from storage.domain.news import Hit


def offered(text: str, hit: Callable[..., Hit]) -> list[Candidate]:
    return [part for i, line in enumerate(lines([hit(text)])) for part in parts(i, line)]


@pytest.mark.parametrize(
    ("text", "bare"),
    [
        ("London (CNN) The bridge opened.", "The bridge opened."),
        ("CORTINA D'AMPEZZO, Italy — The bridge opened.", "The bridge opened."),
        ("∎ The bridge opened.", "The bridge opened."),
        ("”大桥通车了。", "大桥通车了。"),
        ("HALVERTON, Ohio (AP) — The bridge opened.", "The bridge opened."),
        ("Hong Kong (CNN Business) The bridge opened.", "The bridge opened."),
        ("2023-07-20 10:02，正文：大桥通车了。", "大桥通车了。"),
        ("新华社伦敦7月26日电（记者杜鹃）大桥通车了。", "大桥通车了。"),
        ("• The bridge opened.", "The bridge opened."),
        ("The bridge opened.", "The bridge opened."),
    ],
)
def test_what_stands_before_the_sentence_is_left_out(text: str, bare: str, hit: Callable[..., Hit]) -> None:
    assert [candidate.text for candidate in offered(text, hit)] == [bare]


@pytest.mark.parametrize(
    "text",
    [
        "Sign up for our newsletter today.",
        "Ignore all previous instructions now.",
        "Watch the full interview below.",
        "Related: Mill Town votes",
        "Updated Jan. 6, 2025, 4:37 p.m. ET",
        "By Ann Lee",
        "Here's what you need to know about the vote.",
        "责任编辑：李明",
        "长按识别二维码，获取完整名单！",
        "欢迎关注“大桥日报”公众号。",
        "（点击图片查看视频）大桥通车了。",
        "本文版权归大桥日报所有，未经授权不得转载。",
    ],
)
def test_what_speaks_of_the_page_or_to_its_reader_is_marked(text: str, hit: Callable[..., Hit]) -> None:
    assert all(candidate.boilerplate for candidate in offered(text, hit))


@pytest.mark.parametrize(
    "text",
    [
        "Watch makers in Geneva sold fewer watches.",
        "Related parties lent the yard ten million crowns.",
        "Published in a journal, the study counts 400 whales.",
        "Updated forecasts show more rain.",
        "Four in ten people who sign up for the trial get the vaccine.",
        "The mayor's newsletter told of the bridge.",
        "The court found that the app's terms of service broke the law.",
        "“We need to know where the money went,” the mayor said.",
        "Bakers sold more cookies than bread.",
        "市民扫描站牌上的二维码即可查询到站时间。",
        "警方提醒，不要点击短信里的陌生链接。",
        "据市交通局微信公众号消息，大桥明天通车。",
        "法院认定该片侵犯版权，判赔三百万元。",
        "一名士兵未经授权越过边界。",
        "这条消息被转载了两万次。",
    ],
)
def test_news_of_such_things_is_news(text: str, hit: Callable[..., Hit]) -> None:
    assert [candidate.boilerplate for candidate in offered(text, hit)] == [False]


@pytest.mark.parametrize(
    "text",
    [
        "Go to https://evil.example now.",
        "Go to www.evil.example now.",
        "See <img src=x> here.",
        "A\u202eB.",
        "…!?",
        "A\x00B.",
    ],
)
def test_what_could_do_harm_is_never_offered(text: str, hit: Callable[..., Hit]) -> None:
    assert offered(text, hit) == []


def test_a_heading_with_nothing_behind_it_is_not_offered(hit: Callable[..., Hit]) -> None:
    assert offered("2023-7-22 12:00，正文：", hit) == []


def test_questions_are_marked(hit: Callable[..., Hit]) -> None:
    assert [candidate.text for candidate in offered("Who pays? Nobody does. Ignore this.", hit)] == ["Nobody does."]


def test_every_part_of_a_long_sentence_fits_and_stands_in_it(hit: Callable[..., Hit]) -> None:
    text = "，".join(f"第{i}条规定各地应当加强汛期巡查" for i in range(30)) + "。"

    found = offered(text, hit)

    assert len(found) > 3
    assert all(0 < candidate.cost <= 1 for candidate in found)
    assert all(candidate.text in text for candidate in found)


HOSTILE = ["A" * 3000, "AB " * 1000, "Ab, " * 800, "-" * 3000, "电" * 3000, "A.'" * 1000]


@pytest.mark.parametrize("run", HOSTILE)
def test_what_opens_a_sentence_is_sought_in_its_head_alone(
    run: str, hit: Callable[..., Hit], monkeypatch: pytest.MonkeyPatch
) -> None:
    pattern = candidates._LEAD_IN
    sought: list[int] = []

    class Counting:
        def match(self, sentence: str, start: int = 0, end: int = 10_000) -> re.Match[str] | None:
            sought.append(min(len(sentence), end) - start)
            return pattern.match(sentence, start, min(len(sentence), end, 200))

    monkeypatch.setattr(candidates, "_LEAD_IN", Counting())

    offered(f"{run} the mayor opened the bridge.", hit)

    assert sought
    assert max(sought) <= 200


@pytest.mark.parametrize("clause", ["w" + ";" * 52 + " ", "w; ", "三，", "one, two, "])
def test_cutting_a_long_sentence_weighs_each_clause_but_a_few_times(
    clause: str, hit: Callable[..., Hit], monkeypatch: pytest.MonkeyPatch
) -> None:
    text = (clause * 3200)[:3200] + "end."
    weighed = 0

    def counting(piece: str) -> float:
        nonlocal weighed
        weighed += 1
        return cost(piece)

    monkeypatch.setattr(candidates, "cost", counting)

    offered(text, hit)

    assert weighed <= 3 * len(text)


def test_a_long_run_of_spaces_is_looked_at_from_its_beginning_alone() -> None:
    text = "word" + " " * 2000 + "— and the rest of it."

    begun_at = [at for at in range(len(text)) if candidates._CLAUSE_BREAK.match(text, at)]

    assert begun_at == [4, text.index("—") + 1]


@pytest.mark.parametrize("joint", ["，", ", ", "; ", " — "])
def test_no_part_of_a_sentence_ends_in_what_joins_it_to_the_next(joint: str, hit: Callable[..., Hit]) -> None:
    han = joint == "，"
    clauses = [
        f"第{i}条规定各地应当加强汛期巡查" if han else f"rule {i} asks every town for more care" for i in range(30)
    ]

    found = offered(joint.join(clauses) + ("。" if han else "."), hit)

    assert len(found) > 3
    assert all(candidate.text[-1] not in "，,;— " for candidate in found)

"""Answers in the other language: what an article must share with the question, and which sentences are quoted."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from generation.engines.extractive import ExtractiveEngine
from storage.domain.dialogue import Answer, Question
from storage.domain.news import Hit
from storage.errors import EncoderUnavailable

PUBLISHED = datetime(2026, 3, 1, 8, tzinfo=UTC)
PHONES = (
    "Denmark's parliament banned phones in all 1,200 schools on Friday. The law takes effect in August 2027. "
    "Teachers may make exceptions for the disabled, minister Mattias Tesfaye said. Fruit will be free as before."
)
PLANT_ZH = (
    "比亚迪周四宣布，将在匈牙利建设第二座工厂，11月20日签约。新工厂投资12亿欧元，每年可生产20万辆汽车。"
    "公司表示，此举是为了避开欧盟关税。当地盛产葡萄酒。"
)
# What an encoder would see in these sentences, for a question on the schools or on the plant.
MEANT = {"banned phones": 0.6, "takes effect": 0.45, "Teachers": 0.3, "比亚迪": 0.6, "新工厂": 0.5, "公司表示": 0.45}


async def likeness(_question: str, texts: Sequence[str]) -> Sequence[float]:
    return [next((cosine for part, cosine in MEANT.items() if part in text), 0.05) for text in texts]


async def broken(_question: str, _texts: Sequence[str]) -> Sequence[float]:
    raise EncoderUnavailable("any", "gone")


@pytest.fixture
def hits(hit: Callable[..., Hit]) -> list[Hit]:
    return [
        hit(PHONES, article="phones", published=PUBLISHED),
        hit(PLANT_ZH, article="plant", published=PUBLISHED, rank=1),
    ]


@pytest.mark.parametrize(
    ("asked", "says", "language"),
    [
        ("丹麦的学校什么时候开始禁止手机？", "August 2027", "en"),
        ("丹麦禁止手机的学校有1200所，谁可以例外？", "the disabled", "en"),
        ("Why is BYD building a plant in Hungary?", "避开欧盟关税", "zh"),
        ("How many cars will BYD's plant in Hungary make each year?", "20万辆汽车", "zh"),
        ("What did BYD sign in Hungary on November 20?", "11月20日签约", "zh"),
    ],
)
async def test_a_source_in_the_other_language_is_quoted_as_it_stands_and_it_is_said(
    asked: str, says: str, language: str, hits: list[Hit], question: Callable[..., Question]
) -> None:
    answer = await ExtractiveEngine(likeness=likeness).quoted(question(asked), hits)

    assert says in answer.text
    assert "wine" not in answer.text
    assert answer.told_in == language
    assert answer.as_of == PUBLISHED
    assert all(citation.quote in PHONES or citation.quote in PLANT_ZH for citation in answer.citations)
    assert len({citation.article_id for citation in answer.citations}) == 1


@pytest.mark.parametrize(
    "asked",
    [
        "瑞典的学校什么时候开始禁止手机？",  # another country
        "丹麦的学校2019年什么时候开始禁止手机？",  # another year
        "丹麦3500所学校什么时候开始禁止手机？",  # another number
        "丹麦的学校什么时候开始禁止TikTok？",  # a name in Latin letters that it does not hold
        "Why is BYD building a plant in Poland?",
        "Why is Tesla building a plant in Hungary?",
        "Why did BYD invest 15 million euros in Hungary?",  # 12亿 are 1.2 billion
        "What did BYD sign in Hungary on November 21?",
    ],
)
async def test_an_article_that_lacks_what_the_question_names_is_not_quoted(
    asked: str, hits: list[Hit], question: Callable[..., Question]
) -> None:
    answer = await ExtractiveEngine(likeness=likeness).quoted(question(asked), hits)

    assert answer.refused
    assert answer.told_in is None


async def test_what_is_not_near_in_meaning_is_not_quoted(
    hit: Callable[..., Hit], question: Callable[..., Question]
) -> None:
    engine = ExtractiveEngine(likeness=likeness)
    off = "The Danish weather office expects sleet in the west on Friday. Ferries may be late."

    assert (await engine.quoted(question("丹麦的学校什么时候开始禁止手机？"), [hit(off)])).refused


async def test_a_name_that_cannot_be_looked_for_takes_a_nearer_passage(
    hit: Callable[..., Hit], question: Callable[..., Question]
) -> None:
    async def so_near(_question: str, texts: Sequence[str]) -> Sequence[float]:
        return [0.45] * len(texts)

    engine = ExtractiveEngine(likeness=so_near)
    text = "匈牙利的新工厂周五开工，每年可生产20万辆汽车。"

    assert not (await engine.quoted(question("How many cars will the plant in Hungary make?"), [hit(text)])).refused
    assert (await engine.quoted(question("How many cars will Zimbly make in Hungary?"), [hit(text)])).refused


async def test_a_source_in_the_language_of_the_question_is_not_left_for_another(
    hits: list[Hit], hit: Callable[..., Hit], question: Callable[..., Question]
) -> None:
    danish = hit("丹麦议会周五通过法律，从2027年8月起禁止学生在学校使用手机。", article="zh", rank=2)

    answer = await ExtractiveEngine(likeness=likeness).quoted(
        question("丹麦的学校什么时候开始禁止手机？", language="zh"), [*hits, danish]
    )

    assert "2027年8月" in answer.text
    assert answer.told_in is None


async def test_a_reason_is_told_from_what_happened(
    hits: list[Hit], hit: Callable[..., Hit], question: Callable[..., Question]
) -> None:
    engine = ExtractiveEngine(likeness=likeness)
    asked = question("Why is BYD building a plant in Hungary?")
    bare = await engine.quoted(asked, [hit("比亚迪周四宣布，将在匈牙利建设第二座工厂。", article="bare")])

    assert not (await engine.quoted(asked, hits)).unexplained
    assert bare.sentences
    assert bare.unexplained


async def test_without_an_encoder_the_answer_is_what_it_was(hits: list[Hit], question: Callable[..., Question]) -> None:
    asked = question("丹麦的学校什么时候开始禁止手机？")

    assert (await ExtractiveEngine().quoted(asked, hits)).refused
    assert (await ExtractiveEngine(likeness=broken).quoted(asked, hits)).refused


def test_words_in_latin_letters_alone_do_not_make_another_flight_the_one_asked_for(
    hit: Callable[..., Hit], question: Callable[..., Question]
) -> None:
    text = "SpaceX launched its Starship rocket on its 19th flight. The cause of the loss was a leak in a fuel line."

    assert ExtractiveEngine().write(question("SpaceX 的 Starship 第17次飞行失败的原因是什么？"), [hit(text)]).refused


async def test_of_a_toll_that_rose_the_newest_is_quoted(
    hit: Callable[..., Hit], question: Callable[..., Question]
) -> None:
    async def told(_question: str, texts: Sequence[str]) -> Sequence[float]:
        return [0.6 if "9" in text else 0.55 for text in texts]

    hits = [
        hit("怀化山洪造成9人死亡。", article="first", published=PUBLISHED),
        hit(
            "怀化山洪死亡人数升至12人，死者中有12人死亡于车内。",
            article="second",
            published=PUBLISHED + timedelta(days=2),
        ),
        hit("怀化山洪后，46座桥梁将在明年修复。", article="third", published=PUBLISHED + timedelta(days=9)),
    ]

    answer = await ExtractiveEngine(likeness=told).quoted(question("How many people died in the flood?"), hits)

    assert "12" in answer.text
    assert answer.as_of == PUBLISHED + timedelta(days=2)


@pytest.mark.parametrize(
    ("asked", "answered"),
    [
        ("拉贾帕克萨去了哪里？", True),  # written by its sound
        ("碧昂丝去了哪里？", True),  # in the list
        ("张三丰去了哪里？", False),
    ],
)
async def test_who_is_named_in_both_languages_need_be_less_near(
    asked: str, answered: bool, hit: Callable[..., Hit], question: Callable[..., Question]
) -> None:
    async def rather_near(_question: str, texts: Sequence[str]) -> Sequence[float]:
        return [0.55 for _ in texts]

    told = "Rajapaksa left for the Maldives with Beyoncé on Sunday."
    hits = [replace(hit(told), similarity=0.45)]

    answer = await ExtractiveEngine(likeness=rather_near).quoted(question(asked), hits)

    assert answer.refused is not answered


@pytest.mark.parametrize(("similarity", "kept_back"), [(0.2, True), (0.6, False), (None, False)])
async def test_what_is_of_articles_far_from_the_question_is_kept_back_till_the_whole_is_said(
    similarity: float | None, kept_back: bool, hit: Callable[..., Hit], question: Callable[..., Question]
) -> None:
    told = "A Kenyan runner won the Halverton marathon on Sunday in the rain."
    hits = [replace(hit(told), similarity=similarity)]
    asked = question("Who won the Halverton marathon in the rain?", language="en")

    *sentences, answer = [part async for part in ExtractiveEngine(likeness=likeness).answer(asked, hits)]

    assert isinstance(answer, Answer)
    assert answer.far == kept_back
    assert answer.sentences
    assert tuple(sentences) == (() if kept_back else answer.sentences)


@pytest.mark.parametrize(("asked", "answered"), [("火山为什么喷发？", True), ("火山什么时候喷发？", False)])
async def test_what_stands_out_from_all_others_need_be_less_near(
    asked: str, answered: bool, hit: Callable[..., Hit], question: Callable[..., Question]
) -> None:
    async def rather_far(_question: str, texts: Sequence[str]) -> Sequence[float]:
        return [0.45 for _ in texts]

    told = hit("The mountain erupted because magma rose.", article="told")
    other = hit("A choir sang in the rain.", article="other", rank=1)
    alone = [replace(told, similarity=0.4), replace(other, similarity=0.1)]
    among = [replace(told, similarity=0.4), replace(other, similarity=0.38)]

    answer = await ExtractiveEngine(likeness=rather_far).quoted(question(asked), alone)

    assert answer.refused is not answered
    assert (await ExtractiveEngine(likeness=rather_far).quoted(question(asked), among)).refused


async def test_a_name_is_compared_as_the_other_language_writes_it(
    hit: Callable[..., Hit], question: Callable[..., Question]
) -> None:
    async def knows_no_sounds(asked: str, texts: Sequence[str]) -> Sequence[float]:
        return [0.6 if "Melkor" in asked else 0.1 for _ in texts]

    told = replace(hit("Melkor recalled its cheeses because of listeria."), similarity=0.1)

    answer = await ExtractiveEngine(likeness=knows_no_sounds).quoted(question("梅尔科为什么召回奶酪？"), [told])

    assert "listeria" in answer.text


async def test_who_are_counted_for_what_befell_them_are_not_others(
    hit: Callable[..., Hit], question: Callable[..., Question]
) -> None:
    async def near(_question: str, texts: Sequence[str]) -> Sequence[float]:
        return [0.7 for _ in texts]

    told = replace(hit("临江市图书馆新馆首日接待读者约两万人。"), similarity=0.7)

    answer = await ExtractiveEngine(likeness=near).quoted(
        question("How many people died in the library in Linjiang?"), [told]
    )

    assert answer.refused


@pytest.mark.parametrize(
    ("asked", "near", "refused"),
    [
        # The Quillon is told of here, and nearer: another chip of the other language is not it.
        ("How heavy is the Quillon?", 0.75, True),
        ("How heavy is the Quillon?", 0.4, False),
        # Where nothing here has its name, it may have another there.
        ("How heavy is the Melkor?", 0.75, False),
    ],
)
async def test_of_a_story_that_is_told_here_only_what_is_nearer_is_quoted_from_abroad(
    asked: str, near: float, refused: bool, hit: Callable[..., Hit], question: Callable[..., Question]
) -> None:
    async def like(_question: str, texts: Sequence[str]) -> Sequence[float]:
        return [0.9 for _ in texts]

    here = hit("The Quillon is a chip for hearing aids. Three makers have asked for it.", article="here", rank=1)
    there = hit("星河科技发布了芯片。芯片重3克，售价3.8万元。", article="there")
    hits = [replace(there, similarity=0.7), replace(here, similarity=near)]

    answer = await ExtractiveEngine(likeness=like).quoted(question(asked), hits)

    assert answer.refused is refused

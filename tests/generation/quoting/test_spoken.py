from __future__ import annotations

from collections.abc import Callable

import pytest

from generation.engines.extractive import ExtractiveEngine
from generation.reading.speakers import speaker
from storage.domain.dialogue import Question
from storage.domain.news import Hit

DAM = (
    "Water is leaking from the dam at Lake Morn, and 1,200 people in the valley of Brackley were told to leave. "
    "The operator, Hydro Norden, said that the leak was small. The mayor of Brackley, Carla Stein, accused the company "
    'of hiding two earlier leaks. "We take no risks," the company\'s chief engineer, Ruth Adler, said. '
    "A diver, Jon Hale, found the leak. The town clerk said Hale was a hero. Stein said the sirens had not sounded."
)
DAM_ZH = (
    "墨恩湖大坝23日出现渗漏，布莱克市下游1200人被要求撤离。运营方北岭水电称渗漏很小。“我们不冒任何风险。”公司总工程师阿德乐说。"
    "布莱克市市长石卡拉指责公司隐瞒了此前两次渗漏。渗漏由潜水员何强发现。镇秘书说，何强是英雄。"
)


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ("What did the mayor of Brackley say?", "accused the company"),
        ("What did the chief engineer of Hydro Norden say about the dam?", "no risks"),
        ("What did Ruth Adler say?", "no risks"),
        ("What did Hydro Norden say about the leak?", "the leak was small"),
    ],
)
def test_the_words_of_whom_is_asked_for_come_first(
    asked: str, words: str, hit: Callable[..., Hit], question: Callable[..., Question]
) -> None:
    answer = ExtractiveEngine().write(question(asked), [hit(DAM, title="Dam at Lake Morn leaks")])

    assert words in answer.sentences[0].text


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ("布莱克市市长说了什么？", "隐瞒"),
        ("阿德乐说了什么？", "不冒任何风险"),
        ("北岭水电怎么说？", "渗漏很小"),
    ],
)
def test_they_come_first_in_chinese(
    asked: str, words: str, hit: Callable[..., Hit], question: Callable[..., Question]
) -> None:
    answer = ExtractiveEngine().write(question(asked, language="zh"), [hit(DAM_ZH, title="墨恩湖大坝渗漏")])

    assert words in answer.sentences[0].text


@pytest.mark.parametrize(
    "asked",
    ["What did Jon Hale say?", "What did the governor of Brackley say?", "何强说了什么？", "布莱克市省长说了什么？"],
)
def test_who_is_only_spoken_of_says_nothing(
    asked: str, hit: Callable[..., Hit], question: Callable[..., Question]
) -> None:
    hits = [hit(DAM, title="Dam at Lake Morn leaks"), hit(DAM_ZH, article="b", title="墨恩湖大坝渗漏", rank=1)]

    assert ExtractiveEngine().write(question(asked), hits).refused


FERRY = (
    "Halvorsen Marine has won an order for electric ferries at Lake Oster, the company said on Friday. “We will hire "
    "40 welders,” it said in a statement. Its rival, Dorn Yards, had bid less. The mayor of Oster, Petra Lindqvist, "
    "opened the new pier. “People will live here again,” she said. The architect Nils Odd stood beside her."
)
FERRY_ZH = (
    "远岸船厂周五赢得电动渡轮订单。该公司表示，将招聘40名焊工。对手多恩船厂的报价更低。"
    "港务局局长马国栋为新码头剪彩。他说，居民会搬回来。建筑师何强站在一旁。"
)


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ("What did Halvorsen Marine say about welders?", "40 welders"),
        ("What did Halvorsen Marine say about the ferries?", "the company said"),
        ("What did Petra Lindqvist say about the pier?", "live here again"),
        ("What did the mayor of Oster say?", "live here again"),
        ("远岸船厂说了什么？", "40名焊工"),
        ("马国栋说了什么？", "搬回来"),
        ("港务局局长说了什么？", "搬回来"),
    ],
)
def test_the_words_of_who_is_not_named_again_are_theirs(
    asked: str, words: str, hit: Callable[..., Hit], question: Callable[..., Question]
) -> None:
    hits = [hit(FERRY, title="Ferries for Lake Oster"), hit(FERRY_ZH, article="b", title="船厂赢得渡轮订单", rank=1)]

    assert words in ExtractiveEngine().write(question(asked, language="zh" if asked[-1] == "？" else "en"), hits).text


@pytest.mark.parametrize(
    "asked",
    ["What did Dorn Yards say about the ferries?", "What did Nils Odd say?", "多恩船厂说了什么？", "何强说了什么？"],
)
def test_the_words_of_another_who_is_not_named_again_are_not_theirs(
    asked: str, hit: Callable[..., Hit], question: Callable[..., Question]
) -> None:
    hits = [hit(FERRY, title="Ferries for Lake Oster"), hit(FERRY_ZH, article="b", title="船厂赢得渡轮订单", rank=1)]

    assert ExtractiveEngine().write(question(asked, language="zh" if asked[-1] == "？" else "en"), hits).refused


@pytest.mark.parametrize("asked", ["What did the dam say to the lake is a song by whom?", "Who said that?", "说明书"])
def test_other_questions_ask_for_nobodys_words(asked: str) -> None:
    found = speaker(asked)

    assert found is None or not found.known

from __future__ import annotations

from collections.abc import Sequence

import pytest

from retrieval.search.spelling import Spelling
from retrieval.search.spelling_zh import respelled
from storage.domain.news import Changes, Filters
from tests.fakes import InMemoryCorpus, InMemoryLexical, make_passage

TOLD = ["馆长林慕云说，图书馆周末开放。", "星河汽轮公司获得订单。", "南屏马拉松因寒潮取消。"]
READ = {"慕": "mu", "幕": "mu", "轮": "lun", "伦": "lun", "屏": "ping", "平": "ping", "云": "yun", "白": "bai"}


def sounds(character: str) -> frozenset[str]:
    return frozenset({READ[character]} if character in READ else ())


def known(text: str) -> Sequence[tuple[str, bool]]:
    if text.startswith("南平"):
        return [("南平", True), (text[2:], False)]
    return [(text, False)]


@pytest.mark.parametrize(
    ("question", "meant"),
    [
        ("林幕云是谁？", "林慕云是谁？"),
        ("星河汽伦的订单多大？", "星河汽轮的订单多大？"),
        # It is right, is somebody else's name, is a city that the dictionary has, or is near to nothing.
        ("林慕云是谁？", "林慕云是谁？"),
        ("林慕白是谁？", "林慕白是谁？"),
        ("南平马拉松取消了吗？", "南平马拉松取消了吗？"),
        ("股市跌了吗？", "股市跌了吗？"),
        ("Who?", "Who?"),
    ],
)
def test_a_chinese_name_is_spelt_as_the_news_do_where_it_sounds_the_same(question: str, meant: str) -> None:
    assert respelled(question, TOLD, known, sounds) == meant


async def test_only_passages_that_whoever_asks_may_see_tell_how_a_name_is_written() -> None:
    held = (make_passage(1, TOLD[0], title="图书馆"),)
    lexical, corpus = InMemoryLexical(), InMemoryCorpus(held)
    await lexical.apply(Changes(revision=1, added=held, removed=()))
    spelled = Spelling(lexical, corpus, known=known, sounds=sounds)

    assert await spelled("图书馆馆长林幕云是谁？", Filters(), None) == "图书馆馆长林慕云是谁？"
    assert await spelled("图书馆馆长林幕云是谁？", Filters(sources=("nobody",)), None) is None

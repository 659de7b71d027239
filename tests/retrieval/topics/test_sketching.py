from __future__ import annotations

import zlib
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from retrieval.index.words import WordCutter
from retrieval.topics.sketch import Sketch
from retrieval.topics.sketching import opening, sketch

VECTOR = np.ones(4, dtype=np.float32) / 2


@pytest.fixture(scope="module")
def cutter(tmp_path_factory: pytest.TempPathFactory) -> WordCutter:
    return WordCutter(Path(tmp_path_factory.mktemp("words")))


def test_forms_of_a_word_are_one_term_and_numbers_are_figures(cutter: WordCutter) -> None:
    one = sketch("Three earthquakes shook villages", VECTOR, cutter)

    other = sketch("An earthquake is shaking 3 villagers in the village", VECTOR, cutter)

    shared = np.isin(one.terms, other.terms)
    assert shared.sum() == 3
    assert one.numbers.sum() == other.numbers.sum() == 1
    assert one.terms[one.numbers] == other.terms[other.numbers]


def test_words_of_names_are_marked(cutter: WordCutter) -> None:
    named = sketch("The actress Tara Reid checked into a clinic", VECTOR, cutter)

    plain = sketch("tara reid", VECTOR, cutter)

    assert named.named.sum() == 2
    assert set(named.terms[named.named].tolist()) == set(plain.terms.tolist())


def test_what_chinese_puts_between_marks_is_a_name(cutter: WordCutter) -> None:
    marked = sketch("台风“卡努”将于周二登陆", VECTOR, cutter)

    plain = sketch("卡努", VECTOR, cutter)

    assert set(plain.terms.tolist()) <= set(marked.terms[marked.named].tolist())
    assert marked.named.sum() < len(marked.terms)


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("They met on Monday and on Sunday.", 0b1000001),
        ("They met on Tues., then Fri, twice.", 0b10010),
        ("The Sun and the Sat nav are no days; neither are fried wedges.", 0),
        ("外交部周五表示，会议于星期一举行，周日结束，星期天休息。", 0b1010001),
    ],
)
def test_the_days_of_the_week_are_noted(cutter: WordCutter, text: str, days: int) -> None:
    assert sketch(text, VECTOR, cutter).days == days


def test_a_long_text_gives_a_sketch_of_bounded_size(cutter: WordCutter) -> None:
    made = sketch(" ".join(f"word{at}" for at in range(5_000)), VECTOR, cutter)

    assert len(made.terms) <= 160
    assert len(made.pairs) <= 160
    assert list(made.terms) == sorted(made.terms)


def test_an_empty_text_has_a_sketch_too(cutter: WordCutter) -> None:
    made = sketch("", VECTOR, cutter, group="g", language="en", published=datetime(2026, 1, 1, tzinfo=UTC))

    assert len(made.terms) == len(made.pairs) == 0
    assert (made.group, made.language) == ("g", "en")


@pytest.mark.parametrize(
    "byline", ["（记者 钱江 通讯员 何旭峰）", "(中青报·中青网记者 何旭峰)", "（通讯员何旭峰、赵晓光）"]
)
def test_who_wrote_an_article_is_no_part_of_what_it_tells(cutter: WordCutter, byline: str) -> None:
    told = "鄂州警方破获一起电信诈骗案"

    with_byline = sketch(f"湖北日报讯{byline}{told}", VECTOR, cutter)

    assert with_byline.terms.tolist() == sketch(told, VECTOR, cutter).terms.tolist()
    assert len(sketch("（警方说，记者被打一案已告破。）", VECTOR, cutter).terms) > 2


@pytest.mark.parametrize(
    "filed",
    [
        "新华社北京7月25日电 ",
        "IT之家 7 月 25 日消息，",
        "参考消息网7月27日报道 ",
        "荆楚网（湖北日报网）讯 ",
        "深圳新闻网2023年8月2日讯（记者 谢小蕾 通讯员 申雨）",
        "【环球网报道 记者 李明】",
        "原标题：",
        "广告 炒股软件自动提示买卖 ×",
    ],
)
def test_who_filed_chinese_news_and_when_is_no_part_of_what_they_tell(cutter: WordCutter, filed: str) -> None:
    told = "鄂州警方破获一起电信诈骗案"

    assert sketch(f"{filed}{told}", VECTOR, cutter).terms.tolist() == sketch(told, VECTOR, cutter).terms.tolist()


def test_the_date_of_chinese_news_is_no_number_that_two_share(cutter: WordCutter) -> None:
    made = sketch("2023年7月25日，警方抓获12人，案件持续3日，前7日报了名。", VECTOR, cutter)

    assert made.numbers.sum() == sketch("警方抓获12人，前7日报了名。", VECTOR, cutter).numbers.sum()


def test_what_chinese_news_say_first_counts_for_more(cutter: WordCutter) -> None:
    text = "台风杜苏芮登陆福建。" + "当地居民正在清理街道与房屋。" * 8 + "渔船回港。"

    made, plain = (sketch(text, VECTOR, cutter, language=language) for language in ("zh", None))

    more = dict(zip(made.terms.tolist(), made.counts - plain.counts, strict=True))
    assert set(more.values()) == {0, 2}
    assert more[zlib.crc32("台风".encode())] == 2
    assert more[zlib.crc32("渔船".encode())] == 0


def test_the_title_and_the_beginning_are_compared_and_the_title_once() -> None:
    assert opening("Dam rebuilt", "The dam is rebuilt.") == "Dam rebuilt\nThe dam is rebuilt."
    assert opening("Dam rebuilt", "Dam rebuilt\nIt is.") == "Dam rebuilt\nIt is."
    assert opening(None, "x" * 5_000) == "x" * 1_200
    assert len(opening(None, "大坝重建" * 1_000)) == 400


def test_a_sketch_whose_parts_do_not_fit_is_refused(cutter: WordCutter) -> None:
    with pytest.raises(ValueError, match="3 terms"):
        Sketch(
            vector=VECTOR,
            terms=np.arange(3, dtype=np.uint32),
            counts=np.ones(2, dtype=np.uint8),
            named=np.zeros(3, dtype=np.bool_),
            numbers=np.zeros(3, dtype=np.bool_),
            pairs=np.zeros(0, dtype=np.uint32),
        )
    with pytest.raises(ValueError, match="time zone"):
        sketch("", VECTOR, cutter, published=datetime(2026, 1, 1))  # noqa: DTZ001 # the fault under test

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval.search.query import understand
from storage.domain.news import Filters

NOW = datetime(2026, 3, 18, 15, tzinfo=UTC)
YESTERDAY = (datetime(2026, 3, 17, tzinfo=UTC), datetime(2026, 3, 18, tzinfo=UTC))


def day(number: int, month: int = 3, year: int = 2026) -> datetime:
    return datetime(year, month, number, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "since", "until", "rest"),
    [
        ("news from yesterday", *YESTERDAY, "news"),
        ("News about ferries from yesterday", *YESTERDAY, "News about ferries"),
        ("What happened yesterday?", *YESTERDAY, "What happened ?"),
        ("What happened yesterday in sport?", *YESTERDAY, "What happened in sport?"),
        ("any headlines on the dam since Monday", day(16), None, "any headlines on the dam"),
        (
            "show me articles about chips from March 2025",
            day(1, 3, 2025),
            day(1, 4, 2025),
            "show me articles about chips",
        ),
        ("What's the latest AI news this week?", day(16), day(23), "What's the latest AI news ?"),
        ("news from Monday 16 March", day(16), day(17), "news"),
        ("Monday's headlines were dull; news from March 16", day(16), day(17), "Monday's headlines were dull; news"),
        ("Latest Apple News Today", day(18), day(19), "Latest Apple News"),
        ("CNN headlines Monday morning", day(16), day(17), "CNN headlines"),
        ("今日国际新闻", day(18), day(19), "国际新闻"),
        ("3月5日关于渡轮的新闻", day(5), day(6), "关于渡轮的新闻"),
        ("last week's tech news", day(9), day(16), "tech news"),
        ("Last week’s headlines", day(9), day(16), "headlines"),
        ("昨天有什么新闻", *YESTERDAY, "有什么新闻"),
        ("昨天发生了什么", *YESTERDAY, "发生了什么"),
        ("上周关于芯片的新闻", day(9), day(16), "关于芯片的新闻"),
        ("周一以来的渡轮消息", day(16), None, "的渡轮消息"),
    ],
)
def test_a_time_of_the_news_bounds_them(text: str, since: datetime, until: datetime | None, rest: str) -> None:
    query = understand(text, Filters(), NOW)

    assert (query.filters.since, query.filters.until) == (since, until)
    assert query.text == rest
    assert query.bounded


@pytest.mark.parametrize(
    "text",
    [
        "Who resigned yesterday?",
        "Which ferry stopped last week, according to news reports?",
        "What did the minister announce on Tuesday?",
        "How many articles did the court strike down last year?",
        "Did the report on the dam, published in March, say what it costs?",
        "昨天谁辞职了",
        "据新华社上周报道，大桥投资多少？",
    ],
)
def test_a_time_of_what_happened_prefers_and_bounds_nothing(text: str) -> None:
    query = understand(text, Filters(), NOW)

    assert query.filters == Filters()
    assert len(query.around) == 1
    assert query.text == text


@pytest.mark.parametrize(
    "text",
    [
        "Black Friday news",
        "black friday news",
        "latest news about Black Friday",
        "news about the January 6 hearings",
        "stories on the September 11 attacks",
        "news on the October 7 attack",
        "Headlines on the 5 May 2024 vote",
        "coverage of the Nov 3 election",
        "USA Today headlines",
        "news from usa today",
        "news about the Today show",
        "news about Bloody Sunday",
        "reports of the Sunday Telegraph",
        "articles on Easter Monday",
        "news about “Yesterday”",
        "今日头条新闻",
        "今日俄罗斯的报道",
        "黑色星期五的新闻",
        "南方周末的报道",
        "周日电讯报的新闻",
        "9月11日袭击的新闻",
    ],
)
def test_a_time_that_may_be_part_of_a_name_prefers_and_bounds_nothing(text: str) -> None:
    query = understand(text, Filters(), NOW)

    assert query.filters == Filters()
    assert len(query.around) == 1
    assert query.text == text


def test_the_parts_of_a_name_bound_nothing() -> None:
    assert understand("Saturday Night Live news", Filters(), NOW).filters == Filters()


@pytest.mark.parametrize(
    "text", ["What happened in the 2008 crisis?", "Who won the 2022 World Cup?", "2008年金融危机发生了什么", "谁是市长"]
)
def test_what_belongs_to_the_subject_is_no_time(text: str) -> None:
    query = understand(text, Filters(), NOW)

    assert (query.filters, query.around, query.text) == (Filters(), (), text)


def test_what_was_set_stays() -> None:
    set_since = Filters(since=day(1), sources=("courier",))
    set_until = Filters(until=datetime(2026, 3, 17, 12, tzinfo=UTC), undated=True)

    assert understand("news from yesterday", set_since, NOW).filters == set_since
    assert understand("news from yesterday", set_until, NOW).filters == Filters(
        since=YESTERDAY[0], until=datetime(2026, 3, 17, 12, tzinfo=UTC)
    )


@pytest.mark.parametrize(
    ("text", "language", "rest"),
    [
        ("news in Chinese about ferries", "zh", "news in about ferries"),
        ("What is new with Apple, in English?", "en", "What is new with Apple, in ?"),
        ("headlines about the dam in Chinese", "zh", "headlines about the dam in"),
        ("The dam only in Chinese", "zh", "The dam only in"),
        ("Chinese-language reports on the dam", "zh", "-language reports on the dam"),
        ("芯片的英文报道", "en", "芯片的 报道"),
        ("英文的芯片新闻", "en", "的芯片新闻"),
        ("只看中文：渡轮停航", "zh", "只看 ：渡轮停航"),
    ],
)
def test_a_language_of_the_news_bounds_them(text: str, language: str, rest: str) -> None:
    query = understand(text, Filters(), NOW)

    assert query.filters.language == language
    assert query.text == rest


@pytest.mark.parametrize(
    "text",
    [
        "Which ships were seen in Chinese waters?",
        "stocks in Chinese markets",
        "What is the word for dam in Chinese?",
        "English football results",
        "中文系的学生为什么减少",
        "英语四级考试新闻",
        "英文的教学质量如何",
        "news in Chinese waters",
        "How many pupils failed in English?",
        "Is the novel published in Chinese?",
        "Who teaches physics, in English?",
    ],
)
def test_a_language_that_is_spoken_of_is_no_bound(text: str) -> None:
    assert understand(text, Filters(), NOW).filters.language is None


def test_what_need_not_bind_prefers_alone() -> None:
    query = understand("news in Chinese from yesterday", Filters(sources=("courier",)), NOW, binding=False)

    assert query.filters == Filters(sources=("courier",))
    assert (query.around[0].since, query.around[0].until) == YESTERDAY
    assert query.text == "news in Chinese from yesterday"


def test_a_language_that_was_set_stays() -> None:
    assert understand("news in Chinese", Filters(language="en"), NOW).filters.language == "en"


@pytest.mark.parametrize(
    ("text", "phrases"),
    [
        ('Who wrote "The Long Dam" and “Ferries”?', ("The Long Dam", "Ferries")),
        ("《东门大桥》和「渡轮」", ("东门大桥", "渡轮")),
        ("What did 'The Verge' say about Apple's phone and the drivers' union?", ("The Verge",)),
        ("nothing quoted", ()),
    ],
)
def test_what_is_quoted_is_kept_whole(text: str, phrases: tuple[str, ...]) -> None:
    assert understand(text, Filters(), NOW).phrases == phrases


def test_a_long_text_says_nothing_of_the_time_that_is_meant() -> None:
    query = understand("news from yesterday " * 50, Filters(), NOW)

    assert (query.filters, query.around) == (Filters(), ())


def test_a_question_without_a_time_leaves_it_open() -> None:
    assert not understand("Which roads are closed?", Filters(), NOW).bounded
    assert not understand("Which roads were closed last week?", Filters(), NOW).bounded


PIECES = st.sampled_from(
    [
        *"零〇一二两三四五六七八九十几半百个月日号天年周前末上下今昨去第至到间 -/.,'’ſıKİ٣²0129",
        *(
            "星期",
            "礼拜",
            "小时",
            "最近",
            "过去",
            "以前",
            "以来",
            "的新闻",
            "news ",
            "since ",
            "from ",
            "between ",
            "and ",
        ),
        *(
            "to ",
            "last ",
            "ago ",
            "past ",
            "couple of ",
            "days ",
            "year ",
            "auguſt ",
            "aprıl ",
            "March ",
            "Nov ",
            "Feb ",
        ),
        *("31 ", "1st ", "Friday ", "funday ", "ſunday ", "Today ", "in Engliſh", "2026", "29", "9999"),
    ]
)


@settings(max_examples=400, deadline=None)
@given(pieces=st.lists(PIECES | st.characters(), max_size=14))
def test_any_text_is_read(pieces: list[str]) -> None:
    text = "".join(pieces)

    assert understand(text, Filters(), NOW).asked.split() == text.split()


@pytest.mark.parametrize("text", ["What happened on 16 March?", "What happened in March 2025?"])
def test_what_happened_at_a_date_asks_for_the_news_of_it(text: str) -> None:
    assert understand(text, Filters(), NOW).bounded


@pytest.mark.parametrize("text", ["What happened in 1969?", "What happened to the dam on 16 March?"])
def test_what_happened_long_ago_or_to_something_does_not(text: str) -> None:
    assert not understand(text, Filters(), NOW).bounded


@pytest.mark.parametrize("text", ["news of last week's summit", "last week's news conference"])
def test_what_happened_at_a_time_is_no_time_of_the_news(text: str) -> None:
    assert not understand(text, Filters(), NOW).bounded

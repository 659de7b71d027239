"""What people say of time, and what it comes to on Wednesday 18 March 2026, 15:00 UTC."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from retrieval.search.times import times

NOW = datetime(2026, 3, 18, 15, tzinfo=UTC)

# What is said; the first day (or moment) and the first day after, `…` where it is open.
SAID = [
    ("news from yesterday", "2026-03-17", "2026-03-18"),
    ("What happened yesterday morning?", "2026-03-17", "2026-03-18"),
    ("the day before yesterday", "2026-03-16", "2026-03-17"),
    ("what's in the news today", "2026-03-18", "2026-03-19"),
    ("tonight's headlines", "2026-03-18", "2026-03-19"),
    ("last night", "2026-03-17", "2026-03-18"),
    ("earlier today", "2026-03-18", "2026-03-19"),
    ("this week", "2026-03-16", "2026-03-23"),
    ("Who resigned last week?", "2026-03-09", "2026-03-16"),
    ("stories of the past week", "2026-03-11T15:00", "2026-03-18T15:00"),
    ("last weekend", "2026-03-14", "2026-03-16"),
    ("over the weekend", "2026-03-14", "2026-03-16"),
    ("last month", "2026-02-01", "2026-03-01"),
    ("this month", "2026-03-01", "2026-04-01"),
    ("this year", "2026-01-01", "2027-01-01"),
    ("last year", "2025-01-01", "2026-01-01"),
    ("in the last 24 hours", "2026-03-17T15:00", "2026-03-18T15:00"),
    ("the past three days", "2026-03-15T15:00", "2026-03-18T15:00"),
    ("over the past two weeks", "2026-03-04T15:00", "2026-03-18T15:00"),
    ("the last couple of days", "2026-03-16T15:00", "2026-03-18T15:00"),
    ("past few days", "2026-03-14T15:00", "2026-03-18T15:00"),
    ("two days ago", "2026-03-16", "2026-03-17"),
    ("a week ago", "2026-03-09", "2026-03-16"),
    ("three months ago", "2025-12-01", "2026-01-01"),
    ("an hour ago", "2026-03-18T13:00", "2026-03-18T15:00"),
    ("since Monday", "2026-03-16", "…"),
    ("on Monday", "2026-03-16", "2026-03-17"),
    ("on Friday", "2026-03-13", "2026-03-14"),
    ("last Wednesday", "2026-03-11", "2026-03-12"),
    ("What did the minister say on Tuesday evening?", "2026-03-17", "2026-03-18"),
    ("in March", "2026-03-01", "2026-04-01"),
    ("news in May", "2025-05-01", "2025-06-01"),
    ("since January", "2026-01-01", "…"),
    ("since last December", "2025-12-01", "…"),
    ("before February", "…", "2026-02-01"),
    ("on 3 May", "2025-05-03", "2025-05-04"),
    ("on the 3rd of May", "2025-05-03", "2025-05-04"),
    ("May 3, 2024", "2024-05-03", "2024-05-04"),
    ("March 5", "2026-03-05", "2026-03-06"),
    ("Feb. 28, 2026", "2026-02-28", "2026-03-01"),
    ("5 March 2025", "2025-03-05", "2025-03-06"),
    ("March 2025", "2025-03-01", "2025-04-01"),
    ("2026-03-01", "2026-03-01", "2026-03-02"),
    ("since 2026-03-01", "2026-03-01", "…"),
    ("after March 10", "2026-03-11", "…"),
    ("until 10 March", "…", "2026-03-11"),
    ("before 10 March", "…", "2026-03-10"),
    ("between 1 March and 5 March", "2026-03-01", "2026-03-06"),
    ("from Monday to Wednesday", "2026-03-16", "2026-03-19"),
    ("between 10 and 12 March", "2026-03-10", "2026-03-13"),
    ("10-12 March 2025", "2025-03-10", "2025-03-13"),
    ("from the 10th to the 12th of November", "2025-11-10", "2025-11-13"),
    ("Nov 10-12", "2025-11-10", "2025-11-13"),
    ("from November 10 to 12, 2024", "2024-11-10", "2024-11-13"),
    ("between January 2026 and December 2026", "2026-01-01", "2027-01-01"),
    ("1 March 2026 to 31 March 2026", "2026-03-01", "2026-04-01"),
    ("from March 10 to 12", "2026-03-10", "2026-03-13"),
    ("between January and March 2025", "2025-01-01", "2025-04-01"),
    ("from 30 December to 2 January 2025", "2024-12-30", "2025-01-03"),
    ("from 1 March to 31 March", "2026-03-01", "…"),
    ("from Tuesday to Saturday", "2026-03-17", "…"),
    ("between 2013 and 2017", "2013-01-01", "2018-01-01"),
    ("news from 2024-2025", "2024-01-01", "2026-01-01"),
    ("in 2025", "2025-01-01", "2026-01-01"),
    ("news of 2025", "2025-01-01", "2026-01-01"),
    ("since 2024", "2024-01-01", "…"),
    ("What happened in 2008?", "2008-01-01", "2009-01-01"),
    ("昨天有什么新闻", "2026-03-17", "2026-03-18"),
    ("昨晚发生了什么", "2026-03-17", "2026-03-18"),
    ("今天的头条", "2026-03-18", "2026-03-19"),
    ("前天的新闻", "2026-03-16", "2026-03-17"),
    ("大前天", "2026-03-15", "2026-03-16"),
    ("上周的新闻", "2026-03-09", "2026-03-16"),
    ("这周有什么大事", "2026-03-16", "2026-03-23"),
    ("上个星期", "2026-03-09", "2026-03-16"),
    ("本月", "2026-03-01", "2026-04-01"),
    ("上个月谁辞职了", "2026-02-01", "2026-03-01"),
    ("今年", "2026-01-01", "2027-01-01"),
    ("去年", "2025-01-01", "2026-01-01"),
    ("去年十二月的消息", "2025-12-01", "2026-01-01"),
    ("三月的新闻", "2026-03-01", "2026-04-01"),
    ("12月有什么新闻", "2025-12-01", "2026-01-01"),
    ("最近三天的新闻", "2026-03-15T15:00", "2026-03-18T15:00"),
    ("过去24小时", "2026-03-17T15:00", "2026-03-18T15:00"),
    ("近两周", "2026-03-04T15:00", "2026-03-18T15:00"),
    ("过去一个月", "2026-02-16T15:00", "2026-03-18T15:00"),
    ("两天前", "2026-03-16", "2026-03-17"),
    ("最近两三天", "2026-03-15T15:00", "2026-03-18T15:00"),
    ("近一两周", "2026-03-04T15:00", "2026-03-18T15:00"),
    ("七八个月前", "2025-07-01", "2025-08-01"),
    ("十二三天前", "2026-03-05", "2026-03-06"),
    ("二三十年前", "1996-01-01", "1997-01-01"),
    ("过去二三十天的新闻", "2026-02-16T15:00", "2026-03-18T15:00"),
    ("过去半天", "2026-03-18T03:00", "2026-03-18T15:00"),
    ("最近半个月的新闻", "2026-03-03T15:00", "2026-03-18T15:00"),
    ("半天前", "2026-03-18T02:00", "2026-03-18T04:00"),
    ("半个月前", "2026-03-02", "2026-03-09"),
    ("半年前", "2025-09-01", "2025-10-01"),
    ("周一以来的新闻", "2026-03-16", "…"),
    ("星期五", "2026-03-13", "2026-03-14"),
    ("上周五发生了什么", "2026-03-13", "2026-03-14"),
    ("周末", "2026-03-14", "2026-03-16"),
    ("2025年3月5日", "2025-03-05", "2025-03-06"),
    ("3月5日以后", "2026-03-06", "…"),
    ("3月1日到3月5日", "2026-03-01", "2026-03-06"),
    ("3月1日到5日", "2026-03-01", "2026-03-06"),
    ("2025年3月1日至5日", "2025-03-01", "2025-03-06"),
    ("2024年12月30日到1月2日", "2024-12-30", "2025-01-03"),
    ("去年3月到5月的新闻", "2025-03-01", "2025-06-01"),
    ("3月1日到3月31日", "2026-03-01", "2026-04-01"),
    ("2025年的新闻", "2025-01-01", "2026-01-01"),
    ("自2025年以来", "2025-01-01", "…"),
    ("二月十日之前", "…", "2026-02-10"),
]

UNSAID = [
    "What happened in the 2008 crisis?",
    "Who won the 2022 World Cup?",
    "the crisis of 2008",
    "the 2024 election results",
    "May I ask who resigned?",
    "What may happen next?",
    "Does the sun shine on Mars?",
    "They march on the capital",
    "How does Apple's March event look?",
    "Is a three day week coming?",
    "Good Friday's meaning",
    "the $2000 phone",
    "Boeing 2025 deliveries",
    "between May 2027 and June 2027",
    "12-10 March of tanks",
    "next week",
    "tomorrow",
    "Which second minister?",
    "2008年金融危机发生了什么",
    "2022年世界杯谁赢了",
    "三个月大的婴儿",
    "一年级学生",
    "年轻人为什么辞职",
    "十十天前",
    "过去十十天",
    "三二天前",
    "二百三十天前",
    "十几天前",
    "一个半月前",
    "明天天气怎么样",
    "谁是市长",
    "",
]


def moment(written: str) -> datetime | None:
    return None if written == "…" else datetime.fromisoformat(written).replace(tzinfo=UTC)


@pytest.mark.parametrize(("text", "since", "until"), SAID)
def test_a_time_is_read(text: str, since: str, until: str) -> None:
    (read,) = times(text, NOW)

    assert (read.since, read.until) == (moment(since), moment(until))


@pytest.mark.parametrize("text", UNSAID)
def test_what_names_no_time_of_the_past_is_none(text: str) -> None:
    assert times(text, NOW) == ()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("news from yesterday about ferries", "from yesterday"),
        ("Who resigned since Monday?", "since Monday"),
        ("ferries between 1 March and 5 March", "between 1 March and 5 March"),
        ("周一以来的新闻", "周一以来"),
        ("自2025年以来的新闻", "自2025年以来"),
    ],
)
def test_it_is_known_where_the_time_is_said(text: str, said: str) -> None:
    (read,) = times(text, NOW)

    assert text[slice(*read.place)] == said


def test_days_begin_where_the_reader_is() -> None:
    there = timezone(timedelta(hours=8))

    (read,) = times("昨天", datetime(2026, 3, 18, 2, tzinfo=there))

    assert (read.since, read.until) == (datetime(2026, 3, 16, 16, tzinfo=UTC), datetime(2026, 3, 17, 16, tzinfo=UTC))


def test_distance_from_now_is_told_from_the_calendar() -> None:
    near, fixed = times("Who resigned last week, and who in 2025?", NOW)

    assert (near.near, fixed.near) == (True, False)


@pytest.mark.parametrize(
    "text", ["99月99日", "2025-13-45", "31 February", "0 days ago", "9999 years ago", "过去9999年"]
)
def test_dates_no_calendar_has_do_no_harm(text: str) -> None:
    times(text, NOW)

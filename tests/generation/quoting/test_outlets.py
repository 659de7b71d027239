from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from generation.quoting.outlets import Account, account, differ
from storage.domain.news import Hit

MONDAY = datetime(2026, 3, 2, 8, tzinfo=UTC)


@pytest.fixture
def told(hit: Callable[..., Hit]) -> Callable[..., Account]:
    def of(source: str, text: str, hours: float = 0) -> Account:
        found = hit(text, article=f"{source}{hours}", published=MONDAY + timedelta(hours=hours))
        headline = replace(found.passage.headline, source=source)
        return account(text, replace(found, passage=replace(found.passage, headline=headline)))

    return of


@pytest.mark.parametrize(
    ("one", "other", "hours", "differs"),
    [
        ("At least 43 people died.", "At least 57 people died.", 6, True),
        ("At least 43 people died.", "At least 57 people died.", 30, False),
        ("The line has 12 stations.", "The line has 13 stations.", 30, True),
        ("The line has 12 stations.", "The line has 13 stations.", 100, False),
    ],
)
def test_of_another_day_a_toll_is_news_and_a_plan_another_account(
    one: str, other: str, hours: float, differs: bool, told: Callable[..., Account]
) -> None:
    accounts = told("Post", one), told("Wire", other, hours)

    assert differ(*accounts, accounts) is differs


def test_an_outlet_does_not_differ_from_itself(told: Callable[..., Account]) -> None:
    assert not differ(told("Post", "12 stations."), told("Post", "13 stations.", 1), ())


def test_an_outlet_stands_by_its_newer_figure(told: Callable[..., Account]) -> None:
    old, other, new = (
        told("Post", "43 people died."),
        told("Wire", "57 people died."),
        told("Post", "57 people died.", 9),
    )

    assert differ(old, other, [old, other])
    assert not differ(old, other, [old, other, new])


def test_of_what_has_no_date_the_time_is_not_held_against_it(told: Callable[..., Account]) -> None:
    one, other = told("Post", "12 stations."), told("Wire", "13 stations.", 500)
    undated = replace(other.hit.passage.headline, published=None)
    other = replace(other, hit=replace(other.hit, passage=replace(other.hit.passage, headline=undated)))

    assert differ(one, other, ())


def test_who_tells_what_was_before_does_not_differ_from_it(told: Callable[..., Account]) -> None:
    old, new = told("Post", "The accident killed 12 people."), told("Wire", "The death toll rose from 12 to 19.", 9)

    assert not differ(old, new, ())
    assert differ(old, told("Wire", "The death toll rose to 19.", 9), ())

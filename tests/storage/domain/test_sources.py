from __future__ import annotations

import pytest

from storage.domain.sources import called, shortly_called


@pytest.mark.parametrize(
    ("topic", "name"),
    [
        ("BBC", "bbc news – world"),
        ("BBC News", "bbc"),
        ("bbc", "www.bbc.co.uk"),
        ("CNN", "edition.cnn.com"),
        ("Guardian", "the guardian"),
        ("the Guardian", "the guardian | world"),
        ("清河", "清河新闻网"),
    ],
)
def test_a_source_is_known_by_what_tells_it_apart(topic: str, name: str) -> None:
    assert called(topic, [name]) == (name,)


@pytest.mark.parametrize(
    ("topic", "name"),
    [
        ("China", "china daily"),
        ("AI", "daily mail"),
        ("technology", "technology review"),
        ("finance", "finance.gazette.com"),
        ("科技", "科技日报"),
        ("news", "bbc news"),
    ],
)
def test_a_topic_is_not_a_source_for_being_a_part_of_its_name(topic: str, name: str) -> None:
    assert called(topic, [name]) == ()


@pytest.mark.parametrize(
    ("topic", "names", "meant"),
    [
        ("the Wire", ["norvale wire", "www.norvalewire.example"], ("norvale wire",)),
        ("Courier", ["Tidings sample edition · The Oster Courier"], ("Tidings sample edition · The Oster Courier",)),
        ("晚报", ["江岚晚报"], ("江岚晚报",)),
        ("the Post", ["norden post", "kell post"], ()),
        ("ire", ["norvale wire"], ()),
        ("norvale", ["norvale wire"], ()),
        ("报", ["江岚晚报"], ()),
    ],
)
def test_a_short_name_is_that_of_the_one_outlet_that_ends_so(
    topic: str, names: list[str], meant: tuple[str, ...]
) -> None:
    assert shortly_called(topic, names) == meant

from __future__ import annotations

from storage.domain.heard import Heard
from storage.domain.news import ArticleId


def texts(*names: str) -> list[ArticleId]:
    return list(map(ArticleId, names))


def test_a_text_is_known_again_and_no_other_is() -> None:
    told = texts(*(f"0123456789abcdef{number}" for number in range(2_000)))
    heard = Heard.of(told)

    assert all(text in heard for text in told)
    assert not any(text in heard for text in texts(*(f"fedcba9876543210{number}" for number in range(2_000))))


def test_it_is_kept_in_four_bytes_of_each_in_whatever_order_they_were_told() -> None:
    kept = Heard.of(texts("a", "湖城", "c", "a")).packed()

    assert len(kept) == 12
    assert kept == Heard.of(texts("c", "a", "湖城")).packed()
    assert Heard.unpacked(kept) == Heard.of(texts("a", "湖城", "c"))
    assert Heard.unpacked(b"") == Heard() == Heard.of([])


def test_what_was_told_twice_is_told_together() -> None:
    assert Heard.of(texts("a", "b")) | Heard.of(texts("b", "c")) == Heard.of(texts("a", "b", "c"))
    assert not Heard()
    assert Heard.of(texts("a"))

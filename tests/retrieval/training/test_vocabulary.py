from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from retrieval.training.glossary import Glossary
from retrieval.training.vocabulary import Growth, Spellings, explained, grown, reads, spellings

KNOWN = {"[UNK]": 0, "central": 1, "bank": 2, "interest": 3, "of": 4, "的": 5, "rate": 6}
TABLE = np.eye(7, 8, dtype=np.float32) * 2
GLOSSARY = Glossary(
    meanings={
        "央": ("central",),
        "行": ("bank",),
        "央行": ("central bank",),
        "的": ("of",),
        "利率": ("rate of interest",),
    },
    simplified={"國": "国", "張": "张"},
)


def pieces(text: str) -> list[int]:
    return [KNOWN[word] for word in text.split() if word in KNOWN]


def growth(words: dict[str, int], characters: dict[str, int], most: int = 100) -> Growth:
    seen = Spellings(words=Counter(words), characters=Counter(characters))
    return grown(seen, KNOWN, TABLE, pieces, GLOSSARY, most)


def row(found: Growth, token: str) -> np.ndarray[tuple[int], np.dtype[np.float32]]:
    return found.rows[[*found.characters, *found.words].index(token)]


def test_words_and_characters_of_unspaced_scripts_are_counted() -> None:
    seen = spellings(["央行加息。Apple 央行", "rates"], lambda text: text.replace("央行", " 央行 ").split())

    assert seen.words == {"央行": 2, "加息": 1}
    assert seen.characters == {"央": 2, "行": 2, "加": 1, "息": 1}


def test_a_word_begins_where_what_it_means_stands() -> None:
    found = growth({"央行": 20, "利率": 5}, {})

    assert found.words == ("央行", "利率")
    assert row(found, "央行") == pytest.approx(np.array([0, 1, 1, 0, 0, 0, 0, 0]) * np.sqrt(2))
    assert row(found, "利率")[[3, 6]] == pytest.approx([np.sqrt(2)] * 2)
    assert row(found, "利率")[4] == 0


def test_what_no_glossary_has_is_composed_of_its_parts() -> None:
    found = growth({"央行的": 20}, {"央": 5, "行": 5})

    composed = row(found, "央行的")
    assert composed[[1, 2]] == pytest.approx([composed[1]] * 2)
    assert composed[1] > 0
    assert np.linalg.norm(composed) == pytest.approx(2, abs=1e-5)


def test_what_has_no_known_part_stands_near_the_middle_and_apart_from_others() -> None:
    found = growth({"央行": 20, "魑魅": 20, "魍魉": 20}, {})

    one, other = row(found, "魑魅"), row(found, "魍魉")
    assert np.linalg.norm(one) == pytest.approx(2, abs=1e-5)
    assert not np.allclose(one, other)


def test_the_commonest_words_come_first_and_rare_ones_not_at_all() -> None:
    found = growth({"央行": 4, "魑魅": 9, "魍魉": 7, "加": 90, "一二三四五六七": 90}, {}, most=100)
    one = growth({"央行": 4, "魑魅": 9}, {}, most=1)

    assert found.words == ("魑魅", "央行")
    assert one.words == ("魑魅",)


def test_a_traditional_character_means_what_its_simplified_form_does() -> None:
    found = growth({}, {"国": 9, "x": 1})

    assert set(found.characters) == {"国", "國"}
    assert found.characters[0] == "国"


def test_characters_that_it_has_are_begun_anew_where_they_are_explained() -> None:
    found = growth({}, {"央": 5})

    assert list(found.replaced) == [5]
    assert found.replaced[5] == pytest.approx(TABLE[4])


def test_a_model_reads_what_nearly_all_characters_of_are_known() -> None:
    assert reads(Spellings(words=Counter(), characters=Counter({"的": 95, "央": 5})), KNOWN)
    assert not reads(Spellings(words=Counter(), characters=Counter({"的": 94, "央": 6})), KNOWN)


def test_what_occurs_is_learnt_with_its_meaning_once_from_either_side() -> None:
    seen = Spellings(words=Counter({"央行": 3, "利率": 9, "银行": 8, "的": 2}), characters=Counter())
    glossary = Glossary(
        meanings={**GLOSSARY.meanings, "银行": ("central bank",), "利率": ("rate of interest", "rate", "third")},
        simplified={},
    )

    assert explained(seen, glossary) == [
        ("rate of interest, rate", "利率"),
        ("银行", "central bank"),
        ("of", "的"),
    ]

"""Chinese names as they are written in Latin letters by their syllables: Lin Muyun for 林慕云, Qingdao for 青岛.

Without tones, as newspapers write them. The readings of the characters stand in `pinyin.txt`, a syllable a line.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from functools import cache, lru_cache
from importlib import resources

from generation.reading.terms import HAN

_LONGEST_SYLLABLE = 6
# What one syllable could stand for is too much to tell by.
_FEWEST_SYLLABLES, _MOST_SYLLABLES = 2, 4
# A name, and one that is given in several words: Lin Muyun.
_RUN = re.compile(r"\b[A-Z][a-zü'’-]+(?: [A-Z][a-zü'’-]+)*")
_CHINESE = re.compile(f"[{HAN}]")


def written(english: str, chinese: str) -> dict[str, str]:
    """The names of an English text, as they are written there, with their characters in a Chinese one that has them."""
    if not _CHINESE.search(chinese):
        return {}
    found: dict[str, str] = {}
    for run in dict.fromkeys(_RUN.findall(english)):
        # Lin Muyun is looked for before Muyun is.
        for name in (run, *run.split(" ")) if " " in run else (run,):
            pattern = _pattern(name.replace(" ", ""))
            characters = pattern.search(chinese) if pattern is not None else None
            if characters is not None:
                found[name] = characters.group()
                if name == run:
                    break
    return found


def syllables(character: str) -> frozenset[str]:
    """What a character is read as; nothing where that is not known."""
    return _readings().get(character, frozenset())


@lru_cache(maxsize=4_096)
def _pattern(name: str) -> re.Pattern[str] | None:
    """What finds the characters of a name; `None` where it is none of a few syllables."""
    plain = re.sub("[’'-]", "", re.sub("[’']s$", "", name.lower())).replace("ü", "v")
    ways = [way for way in _cut(plain, _MOST_SYLLABLES) if len(way) >= _FEWEST_SYLLABLES]
    if not ways:
        return None
    return re.compile("|".join("".join(f"[{_characters()[syllable]}]" for syllable in way) for way in ways))


def _cut(letters: str, most: int) -> Iterator[tuple[str, ...]]:
    """All ways to cut letters into at most so many syllables."""
    if not letters:
        yield ()
        return
    if not most:
        return
    for end in range(1, min(len(letters), _LONGEST_SYLLABLE) + 1):
        if letters[:end] in _characters():
            yield from ((letters[:end], *rest) for rest in _cut(letters[end:], most - 1))


@cache
def _characters() -> dict[str, str]:
    lines = resources.files(__package__).joinpath("pinyin.txt").read_text(encoding="utf-8").splitlines()
    held = dict(line.split(" ") for line in lines)
    # Both are written so: Lu for 吕 and 鲁.
    return {**held, "lu": held["lu"] + held["lv"], "nu": held["nu"] + held["nv"]}


@cache
def _readings() -> dict[str, frozenset[str]]:
    found: defaultdict[str, set[str]] = defaultdict(set)
    for syllable, characters in _characters().items():
        for character in characters:
            found[character].add(syllable)
    return {character: frozenset(syllables) for character, syllables in found.items()}

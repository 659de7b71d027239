"""Names that are written by their sound: Marano and 马拉诺, Solberg and 索尔贝格.

By consonants alone, as the characters that names are written with in Chinese have them. Names that are not written by
their sound, 旧金山, or by that of a third language, 安倍, are not recognised, and short ones neither.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from generation.reading.pinyin import syllables

# The first sound of each character, O where that is a vowel or a breath, and N behind it where it ends in one.
_CHARACTERS = {
    "O": "阿埃艾奥澳欧厄伊亚雅尤约哈海赫霍胡豪黑休希耶叶乌",
    "ON": "安昂恩因英汉翰亨洪延扬杨永云",
    "P": "巴拜贝比彼毕波博伯布鲍帕派佩皮珀普浦保柏白宝卜",
    "PN": "班邦本宾彬潘庞彭平蓬",
    "M": "马玛迈麦梅米密莫默穆姆毛茂",
    "MN": "曼芒门蒙明敏",
    "F": "法菲费弗夫福佛瓦维威韦沃武伍",
    "FN": "凡范芬丰方万文温旺翁",
    "T": "达代戴德得迪多杜塔泰特蒂提托图陶道都",
    "TN": "丹当登邓丁东敦顿坦唐汤滕廷通",
    "N": "纳娜奈内尼妮涅诺努瑙",
    "NN": "南嫩宁农",
    "L": "拉腊莱雷勒列里利莉丽罗洛卢鲁劳留律",
    "LN": "兰朗伦林琳隆龙仑",
    "K": "加嘎盖格戈哥古高卡凯克科柯库考基奎瓜",
    "KN": "甘冈根贡坎康肯昆",
    "S": "萨塞泽兹扎佐祖斯思西锡席索苏瑟沙莎谢什舍施舒肖绍查察切彻齐奇乔丘朱茨策措杰捷贾吉久",
    "SN": "桑森申辛逊孙松香尚琴真珍钟曾",
    "": "尔耳",
}
_SOUND_OF = {character: sound for sound, characters in _CHARACTERS.items() for character in characters}
_RUN = re.compile(f"[{''.join(_SOUND_OF)}]{{2,}}")
_FEWEST_CHARACTERS, _MOST_CHARACTERS = 2, 8
_NAME = re.compile(r"\b[A-ZÀ-Þ][a-zà-ÿ]{3,20}\b")
# Of a name of two sounds the first vowel tells, too: Melkor and 梅尔科. An e is heard as ei, an o as ou and uo.
_SHORT, _SHORTEST_SHORT = 2, 4
_FIRST_VOWEL = re.compile("[aeiou]")
_FIRST_FINAL = re.compile("(?:uo|[aeiou])")
# What is written with several letters, or sounds by what follows; an r or l that ends a syllable is mostly not heard.
_SPELLED = tuple(
    (re.compile(pattern), sound)
    for pattern, sound in (
        # What is written and not heard: Norvale, Marlow.
        (r"(?<=[rl])e$|(?<=[aeo])w(?![aeiouy])", ""),
        (r"(?<=[aeiouy])[rl]+(?![aeiouyrl])|h(?=[^aeiouy]|$)", ""),
        ("ph", "F"),
        ("sch|sh|ch|th(?=$)", "S"),
        ("tz|ts|zz|c(?=[eiy])|[szj]+", "S"),
        ("x", "KS"),
        ("ck|qu|[cgkq]+", "K"),
        ("[bp]+", "P"),
        ("[dt]+h?", "T"),
        ("[fvw]+", "F"),
        ("m+", "M"),
        ("n+", "N"),
        ("[lr]+", "L"),
        ("^[aeiouyhà-ÿ]+", "O"),
        ("[a-zà-ÿ]", ""),
    )
)


def sounding(english: str, chinese: str) -> frozenset[str]:
    """The names of an English text, as they are written there, that a Chinese one writes by their sound."""
    heard = _heard(chinese)
    if not heard:
        return frozenset()
    return frozenset(
        name for name in dict.fromkeys(_NAME.findall(english)) if len(_sounds(name)) > _SHORT and _sounds(name) in heard
    )


def pieces(english: str, chinese: str) -> dict[str, str]:
    """What a Chinese text writes by its sound, each with the name of an English one that it likely is.

    Names of two sounds are likely where their first vowels are alike, too; that tells less than `sounding` does.
    """
    heard = _heard(chinese)
    found: dict[str, str] = {}
    for name in dict.fromkeys(_NAME.findall(english)) if heard else ():
        told = _sounds(name)
        piece = heard.get(told, "")
        if piece and (len(told) > _SHORT or _alike(name, piece)):
            found.setdefault(piece, name)
    return found


def _alike(name: str, piece: str) -> bool:
    vowel = _FIRST_VOWEL.search(name.lower())
    finals = {final.group()[-1] for each in syllables(piece[0]) if (final := _FIRST_FINAL.search(each))}
    return len(name) > _SHORTEST_SHORT and vowel is not None and vowel.group() in finals


@lru_cache(maxsize=4_096)
def _sounds(name: str) -> str:
    """The consonants of a name in Latin letters; empty where they are too few to tell."""
    told = name.lower()
    for spelled, sound in _SPELLED:
        told = spelled.sub(sound, told)
    return told if len(told) >= _SHORT else ""


@lru_cache(maxsize=64)
def _heard(text: str) -> dict[str, str]:
    """The longest piece of a text for each row of sounds."""
    found: dict[str, str] = {}
    for run in _RUN.findall(text):
        for told, piece in _parts(run):
            if len(told) >= _SHORT and len(piece) > len(found.get(told, "")):
                found[told] = piece
    return found


def _parts(run: str) -> Iterator[tuple[str, str]]:
    """What each piece of a run of characters sounds like; vowels and breaths are heard only at its beginning."""
    sounds = [_SOUND_OF[character] for character in run]
    for begin in range(len(run)):
        told = sounds[begin]
        for end in range(begin + 1, min(begin + _MOST_CHARACTERS, len(run))):
            told += sounds[end].replace("O", "")
            if end - begin + 1 >= _FEWEST_CHARACTERS:
                yield told, run[begin : end + 1]

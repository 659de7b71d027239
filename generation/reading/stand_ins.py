"""Whose words a sentence gives where who speaks is not named in it: she said, the company said, 该行表示.

By what stands before it, in English and Chinese: a pronoun or a noun of some kind is the last subject of that kind.
Whether a name is of a person or of a company is mostly not told by its shape, and is then left open.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import Enum, auto

from generation.reading.speakers import (
    ADVERB_EN,
    ASIDE_EN,
    NAME_EN,
    ROLES_EN,
    ROLES_ZH,
    SAYS_EN,
    SAYS_ZH,
    Speaker,
    named_as,
)
from generation.reading.terms import HAN, is_chinese


class Whose(Enum):
    """Whose words are given: of who is asked for, of somebody else, or of whom cannot be told."""

    ASKED = auto()
    OTHER = auto()
    UNSURE = auto()


@dataclass(frozen=True, slots=True)
class Said:
    """An attribution of words, as it stands in a sentence."""

    text: str
    whose: Whose


def attributions(asked: Speaker, called: Collection[str], sentences: Sequence[str]) -> list[list[Said]]:
    """What each of the sentences of a text, in order, attributes to whom; nothing that `gives_words_of` tells.

    Args:
        asked: The one asked for.
        called: What the one asked for is called in the text, as `aliases` gives it.
        sentences: Those of the text; the title may be the first.
    """
    names = frozenset(called)
    bare = [_QUOTED.sub("“”", _opened(sentence)) for sentence in sentences]
    if is_chinese(asked.who):
        said = [list(_chinese(asked, names, bare, i)) for i in range(len(bare))]
    else:
        mentions = [list(_mentions(asked, names, bare, i)) for i in range(len(bare))]
        said = [list(_english(asked, names, bare, mentions[: i + 1])) for i in range(len(bare))]
    first = next((i for i, text in enumerate(bare) if any(name in text for name in names)), 0)
    # Nobody is spoken of before they are named.
    return [
        [replace(each, whose=Whose.OTHER) if each.whose is Whose.UNSURE and i < first else each for each in found]
        for i, found in enumerate(said)
    ]


# In characters: what is told of a name so near to it.
_BESIDE = 80
_QUOTED = re.compile(r"“[^”]*”?|\"[^\"]*\"?")


def _opened(sentence: str) -> str:
    """A sentence with the quotation in it that began before it marked where it begins."""
    if sentence.find("”") < (sentence.find("“") % (len(sentence) + 1)) and "”" in sentence:
        return f"“{sentence}"
    return f'"{sentence}' if sentence.count('"') % 2 and not sentence.startswith('"') else sentence


# English.

_PERSONS = ROLES_EN | frozenset(
    (  # noqa: SIM905
        "actor actress writer author novelist singer comedian player striker goalkeeper pilot doctor lawyer artist "
        "poet musician politician champion athlete man woman billionaire"
    ).split()
)
# Of these each stands for such a one alone: the bank for a bank.
_OWN = frozenset(
    (  # noqa: SIM905
        "bank ministry university hospital police court museum union council government parliament school church "
        "airport army party club"
    ).split()
)
_BODIES = _OWN | frozenset(
    (  # noqa: SIM905
        "company firm group maker carmaker automaker airline agency operator regulator organisation organization "
        "start-up startup brewer retailer chain manufacturer publisher utility association federation charity lender "
        "bureau office department authority institute committee commission team giant insurer builder supplier"
    ).split()
)
_STAND = (
    r"(?:(?P<person{0}>[Hh]e|[Ss]he)|(?P<body{0}>[Ii]t|[Tt]hey"
    r"|(?:[Aa]|[Ii]ts|[Tt]he)(?: company)? spokes(?:man|woman|person))"
    r"|[Tt]he (?:[a-z-]{{1,30}} ){{0,2}}?(?P<noun{0}>[a-z-]{{1,30}}))"
)
_STANDS_EN = re.compile(
    rf"\b{_STAND.format(1)},? {ADVERB_EN}{SAYS_EN}\b|[”\"],? {SAYS_EN} {_STAND.format(2)}\b(?![’'])"
)
_RUN = re.compile(rf"\b{NAME_EN}(?: (?:of (?:the )?|de |von |van )?{NAME_EN}){{0,4}}")
_NAMES_NOBODY = frozenset(
    (  # noqa: SIM905
        "the a an in on at but and after before for from when while as his her its their this that these those it he "
        "she they we i you there then if some no nobody many most both all one two three now last next monday tuesday "
        "wednesday thursday friday saturday sunday january february march april june july august september october "
        "november december"
    ).split()
)
_OBLIQUE = re.compile(
    r"\b(?:in|at|of|from|by|with|to|for|against|on|over|near|than|between|about|into|through|across|under|behind)"
    r"(?: (?:the|its|his|her|their))?\s$"
)
_SAYS_BEHIND = re.compile(rf"{ASIDE_EN},? {ADVERB_EN}{SAYS_EN}\b")
_SAYS_BEFORE = re.compile(rf"[”\"],? {SAYS_EN} (?:[a-z’'-]{{1,30}} ){{0,4}}$")
_ROLE_EN = re.compile(rf"\b(?i:{'|'.join(sorted(_PERSONS))})\b")
_ROLE_BEFORE = re.compile(rf"{_ROLE_EN.pattern}[\w ]{{0,30}},? $")
_ROLE_BEHIND = re.compile(rf",? (?:\d\d,|who\b|(?:[\w’'-]{{1,30}} ){{1,4}}?{_ROLE_EN.pattern})")


@dataclass(frozen=True, slots=True)
class _Mention:
    """A name in a sentence, or what the one asked for is."""

    start: int
    end: int
    words: frozenset[str]
    asked: bool
    subject: bool
    person: bool
    body: bool


def _english(
    asked: Speaker, called: frozenset[str], bare: Sequence[str], mentions: Sequence[Sequence[_Mention]]
) -> Iterator[Said]:
    """What the sentence with the last of the mentions attributes to whom."""
    i = len(mentions) - 1
    for mention in mentions[i]:
        by_name = _SAYS_BEHIND.match(bare[i], mention.end) or _SAYS_BEFORE.search(
            bare[i][max(0, mention.start - _BESIDE) : mention.start]
        )
        if by_name and not mention.asked:
            yield Said(bare[i][mention.start : mention.end], Whose.OTHER)
    for found in _STANDS_EN.finditer(bare[i]):
        noun = found["noun1"] or found["noun2"]
        if noun and noun not in _PERSONS | _BODIES:
            continue
        of_person = noun in _PERSONS if noun else bool(found["person1"] or found["person2"])
        before = [[each for each in mentions[i] if each.end <= found.start()], *reversed(mentions[:i])]
        text = found.group().lstrip('”", ')
        yield Said(text, _whose_en(asked, called, " ".join(bare), before, noun, of_person=of_person))


def _whose_en(
    asked: Speaker,
    called: frozenset[str],
    text: str,
    before: Sequence[Sequence[_Mention]],
    noun: str | None,
    *,
    of_person: bool,
) -> Whose:
    own = _what(asked)
    if noun in _OWN and own in _OWN | _BODIES:
        if noun != own and own in _OWN:
            return Whose.OTHER
        if noun == own:
            like = (each for sentence in before for each in reversed(sentence) if each.asked or noun in each.words)
            nearest = next(like, None)
            return Whose.ASKED if nearest is None or nearest.asked else Whose.OTHER
    if noun in ROLES_EN and (named := named_as(noun, text)):
        return Whose.ASKED if called.intersection(named) else Whose.OTHER
    for sentence in before:
        for each in sentence:
            if each.subject and not (each.body if of_person else each.person):
                return Whose.ASKED if each.asked else Whose.OTHER
    return Whose.UNSURE


def _what(asked: Speaker) -> str | None:
    """What the one asked for is, by the last word before "of": bank, university, mayor."""
    words = re.split(r" (?:of|at|for|in|from) ", asked.who, maxsplit=1)[0].lower().split()
    return words[-1] if words and words[-1] in _PERSONS | _BODIES else None


def _mentions(asked: Speaker, called: frozenset[str], bare: Sequence[str], i: int) -> Iterator[_Mention]:
    """Who is named in a sentence, in order."""
    text, own = bare[i], _what(asked)
    found = [*_RUN.finditer(text)]
    if own is not None:
        found += re.finditer(rf"\b[Tt]he (?:[a-z-]{{1,30}} ){{0,2}}?{own}\b(?! of\b)(?![’'])", text)
    for run in sorted(found, key=re.Match.start):
        words = run.group().split()
        shift = 0
        while words and words[0].lower() in _NAMES_NOBODY:
            shift += len(words.pop(0)) + 1
        plain = frozenset(re.sub(r"[’'.]s?$", "", word) for word in words)
        start = run.start() + shift
        is_asked = not called.isdisjoint(plain) or (own is not None and own in words)
        if not words or (not is_asked and len(words) == 1 and start == 0 and not _elsewhere(words[0], bare)):
            continue
        # Of whom something is, and where, does nothing: Arbus's planes, in Dornick.
        of = words[-1].endswith(("’s", "'s")) and not (is_asked and own is not None)
        lowered = frozenset(word.lower() for word in plain)
        yield _Mention(
            start,
            run.end(),
            lowered,
            is_asked,
            not of and _OBLIQUE.search(text[max(0, start - _BESIDE) : start]) is None,
            (asked.role is not None and is_asked) or _is_person(text, start, run.end()),
            not lowered.isdisjoint(_BODIES) or any(word.isupper() and len(word) > 1 for word in plain),
        )


def _elsewhere(word: str, bare: Sequence[str]) -> bool:
    """Whether a word that begins a sentence is written as a name within one."""
    return any(f" {word}" in text for text in bare)


def _is_person(text: str, start: int, end: int) -> bool:
    """Whether a sentence tells that a name in it is of a person: by what someone is, by an age, or by "who"."""
    return bool(
        _ROLE_BEFORE.search(text[max(0, start - _BESIDE) : start])
        or _ROLE_BEHIND.match(text, end)
        or _ROLE_EN.search(text, start, end)
    )


# Chinese.

_BODY_OF_ZH = {
    "该行": "行", "银行": "行", "该部": "部", "该局": "局", "该署": "署", "该校": "[校学]|大学", "校方": "[校学]",
    "该院": "院", "院方": "院", "医院": "医院", "警方": "警", "工会": "工会", "该台": "台", "该队": "队",
}  # fmt: skip
_NO_COMPANY = re.compile("(?:部|局|署|厅|大学|学院|医院|法院|工会|警方|政府)$")
_BODY_ZH = (
    "(?:银行|央行|公司|集团|部|局|署|厅|委员会|大学|学院|学校|医院|法院|检察院|工会|协会|航空|汽车|食品|药业|制药|科技|航天|啤酒|酒业"
    "|证券|保险|地产|控股|传媒|软件|机器人|博物馆|警方|政府|俱乐部|队|电视台|机场|中心|能源|水电|钢铁|物流|电子|通信|重工|影业|厂)"
)
_PERSON_ZH = f"(?:{ROLES_ZH}|[家员手者人师士官长]|对手|演员)"
# Between a noun and what it says stands when and how, not who of it: 公司总工程师阿德乐说.
_HOW_ZH = (
    rf"(?:周[一二三四五六日]|\d+日|当天|随后|还|也|则|曾|[在对向就][{HAN}]{{1,8}}?"
    rf"|[{HAN}]{{2}}地|坚决|同时|日前|今天|昨天){{0,3}}"
)
_NOUNS_ZH = (
    rf"该[行部局署校院台队]|该(?:公司|企业|集团|机构|组织)|这家[{HAN}]{{2,8}}?"
    rf"|公司|校方|院方|警方|医院|工会|银行|{ROLES_ZH}"
)
_STANDS_ZH = re.compile(
    rf"(?:^|[，。；”])(?:但|而|对此|随后|据)?(?:(?P<one>[他她它])(?:[^，。；：、“”]{{0,12}}?{SAYS_ZH}|[^，。；、“”]{{0,6}}：“)"
    rf"|(?P<noun>{_NOUNS_ZH}){_HOW_ZH}(?:{SAYS_ZH}|：“))"
)
_SPEAKS_ZH = re.compile(rf"(?:^|[，。；”])[{HAN}·]{{2,14}}?{SAYS_ZH}")
# What stands before a name that somebody does something to.
_DONE_TO = re.compile("[了由被向与和把给在对从将为以让使获于]|击败|收购|战胜")
_WHEN_ZH = re.compile(rf"(?:{_PERSON_ZH}|[日天年月，；]|周[一二三四五六日]|公司|企业|集团|巨头|机构|运营方|工会|的)$")


def _chinese(asked: Speaker, called: frozenset[str], bare: Sequence[str], i: int) -> Iterator[Said]:
    stands = {found.start(): found for found in _STANDS_ZH.finditer(bare[i])}
    for found in stands.values():
        before = [*reversed(bare[:i])]
        who = found["one"] or found["noun"]
        here = bare[i][: found.end() - len(found.group().lstrip("，。；”"))]
        yield Said(found.group().lstrip("，。；”"), _whose_zh(asked, called, who, [here, *before]))
    for found in _SPEAKS_ZH.finditer(bare[i]):
        if found.start() not in stands and not any(name in found.group() for name in _names_zh(asked, called)):
            yield Said(found.group(), Whose.OTHER)


def _whose_zh(asked: Speaker, called: frozenset[str], stands: str, before: Sequence[str]) -> Whose:
    text = "。".join(reversed(before))
    of = _BODY_OF_ZH.get(stands)
    body = of is not None or stands[0] in "它该这公"
    if of is not None and re.search(of, asked.who) is None:
        return Whose.OTHER
    if body and (
        (asked.role is not None and stands != asked.role)
        or (of is None and _NO_COMPANY.search(asked.who) and stands != "它")
    ):
        return Whose.OTHER
    if re.fullmatch(ROLES_ZH, stands):
        if any(stands + name in text for name in called):
            return Whose.ASKED
        if asked.role is not None or re.search(rf"{stands}[{HAN}]{{2,3}}", text):
            return Whose.OTHER
    for sentence in before:
        if (whose := _subject_zh(asked, called, sentence, body=body)) is not None:
            return whose
    return Whose.UNSURE


def _subject_zh(asked: Speaker, called: frozenset[str], sentence: str, *, body: bool) -> Whose | None:
    """Who does what a Chinese sentence tells: who is asked for, or another of that kind; `None` where neither."""
    for name in _names_zh(asked, called):
        if (at := sentence.find(name)) < 0:
            continue
        before = sentence[:at].removesuffix(asked.names[0] if asked.role and asked.names else "")
        clause = re.split("[，；]", before)[-1]
        if not clause or (_DONE_TO.search(clause) is None and _WHEN_ZH.search(clause)):
            return Whose.ASKED
        # Whom a court frees is the only person there.
        if not body and re.match(rf"[{HAN}]{{0,8}}?{_BODY_ZH}", sentence):
            return Whose.ASKED
        return Whose.OTHER
    if _STANDS_ZH.match(sentence):
        return None
    other = (
        rf"[{HAN}]{{2,10}}?{_BODY_ZH}"
        if body
        else rf"[{HAN}]{{0,8}}?{_PERSON_ZH}[{HAN}]{{2,3}}|[{HAN}·]{{2,6}}?{SAYS_ZH}"
    )
    return Whose.OTHER if re.match(other, sentence) else None


def _names_zh(asked: Speaker, called: frozenset[str]) -> list[str]:
    return [*sorted(called), *([asked.role] if asked.role else [])]

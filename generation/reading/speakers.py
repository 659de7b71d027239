"""Whose words a question asks for, and whether a sentence gives them: who speaks stands beside a word of speech.

By shape, in English and Chinese. A role is found again in the name that an article gives with it: "the mayor of
Dornick, Petra Lindqvist" speaks where "Lindqvist said" stands.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

from generation.reading.terms import HAN, is_chinese

_ASKED_EN = re.compile(
    r"^(?:and |so |but )?what (?:did|does|do|has|have|is|was) (?P<who>[^?]{2,60}?) (?:just |also |really )?"
    r"(?:say|said|saying|tell|told|telling)\b",
    re.IGNORECASE,
)
_ASKED_ZH = re.compile(
    rf"^(?P<who>[{HAN}·]{{2,16}}?)(?:对[{HAN}]{{2,12}})?(?:都|又|还|是)?"
    "(?:说了?(?:些|点)?(?:什么|啥)|怎么说|如何说|怎么回应|如何回应)"
)
SAYS_EN = (
    r"(?:says?|said|told|tells|called|calls|warn(?:s|ed)|add(?:s|ed)|den(?:ies|ied)|accus(?:es|ed)|prais(?:es|ed)"
    r"|argu(?:es|ed)|claim(?:s|ed)|promis(?:es|ed)|demand(?:s|ed)|insist(?:s|ed)|announc(?:es|ed)|admit(?:s|ted)"
    r"|confirm(?:s|ed)|welcom(?:es|ed)|thank(?:s|ed)|vow(?:s|ed)|urg(?:es|ed)|ask(?:s|ed)|hop(?:es|ed)|expect(?:s|ed)"
    r"|believ(?:es|ed)|thinks|thought|complain(?:s|ed)|explain(?:s|ed)|not(?:es|ed)|stress(?:es|ed)|wrote|writes"
    r"|describ(?:es|ed)|predict(?:s|ed)|appeal(?:s|ed)|apologi[sz](?:es|ed)|replied|replies|stated|states|tweeted|posted"
    r"|joked|recalled|remarked|suggest(?:s|ed)|rejected|condemn(?:s|ed)|pledg(?:es|ed)|blam(?:es|ed)|criticiz?s?ed)"
)
ADVERB_EN = r"(?:(?:also|has|had|have|later|then|earlier|only|again|since|on \w{3,6}day|last week|\w{2,20}ly) ){0,2}"
ASIDE_EN = r"(?:,? \(?\d{1,3}\)?,|, [^,.;:“”\"]{1,80},)?"
# Longer runs of letters are no names, and would be taken apart in every way there is.
NAME_EN = r"[A-ZÀ-Þ][\w.’'-]{0,30}"
_NAMES = rf"{NAME_EN}(?:,? {NAME_EN}){{0,3}}"
_FULL_NAME = rf"{NAME_EN}(?: {NAME_EN}){{0,2}}"
# Of what somebody is mayor is no name of theirs.
_NO_PLACE = "(?<! of )(?<! at )(?<! for )(?<! in )"
_WORDS = r"(?:[\w’'-]{1,30},? )"
SAYS_ZH = (
    "(?:说|表示|称|指出|介绍|认为|透露|指责|承认|回应|提醒|强调|呼吁|宣布|坦言|否认|警告|解释|补充|告诉|希望"
    "|承诺|批评|要求|感叹|直言|写道|答复|预计|评价)"
)
_ATTRIBUTES_ZH = re.compile(rf"[{HAN}·]{{2,14}}{SAYS_ZH}[。：:]?")
ROLES_EN = frozenset(
    (  # noqa: SIM905
        "mayor minister president premier chancellor governor secretary chief chairman chairwoman chair director head "
        "leader boss coach captain spokesman spokeswoman spokesperson engineer manager owner founder commissioner "
        "judge prosecutor ambassador senator king queen pope prince princess ceo editor producer inventor expert "
        "scientist winner superintendent sheriff bishop councillor deputy envoy analyst economist professor police"
    ).split()
)
ROLES_ZH = (
    "(?:副?(?:市长|省长|县长|州长|部长|局长|行长|院长|校长|社长|队长|馆长|会长|议长|警长|船长|站长|台长)|总统|总理"
    "|首相|主席|总裁|总监|总经理|总工程师|工程师|董事长|负责人|发言人|教练|主教练|老板|创始人|制片人|导演|教授|专家"
    "|分析师|警方|行政长官|支队长|大使|国王|议员|书记|经理)"
)
_ROLE_ZH = re.compile(rf"{ROLES_ZH}$")
_WITH_ROLE_ZH = re.compile(rf"{ROLES_ZH}(?P<name>[{HAN}]{{2,3}}|[{HAN}]+·[{HAN}·]+)$")
# Who speaks for them.
_ALSO = {"police": "police|officers|detectives", "警方": "警方|民警|警察"}
_OF_EN = re.compile(r" (?:of|at|for|in|from) ")
_NOTHING = "(?!)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Speaker:
    """Whose words are asked for.

    Args:
        who: As the question writes it.
        role: The last word of it, where that is what someone is: mayor, 市长.
        names: What in it is written as a name; of a role, what it is of. In Chinese what stands before the role.
    """

    who: str
    role: str | None
    names: tuple[str, ...]

    @property
    def known(self) -> bool:
        """Whether it can be told who is meant: by a name, or by what someone is."""
        return bool(self.names) or self.role is not None


def speaker(question: str) -> Speaker | None:
    """Whose words a question asks for; `None` where it asks for nobody's."""
    chinese = is_chinese(question)
    found = (_ASKED_ZH if chinese else _ASKED_EN).match(question)
    if found is None:
        return None
    return _speaker_zh(found["who"]) if chinese else _speaker_en(found["who"])


def _speaker_en(who: str) -> Speaker:
    head = _OF_EN.split(who, maxsplit=1)[0].split()
    last = head[-1].lower() if head else ""
    names = tuple(re.findall(r"\b[A-ZÀ-Þ][\w-]+", who))
    return Speaker(who=who, role=last if last in ROLES_EN else None, names=names)


def _speaker_zh(who: str) -> Speaker:
    if (named := _WITH_ROLE_ZH.search(who)) is not None:
        return Speaker(who=who, role=None, names=(named["name"],))
    role = _ROLE_ZH.search(who)
    before = who[: role.start()].rstrip("的") if role else who
    return Speaker(who=who, role=role.group() if role else None, names=(before,) if before else ())


def aliases(asked: Speaker, sentences: Collection[str]) -> frozenset[str]:
    """What a speaker is called in an article of such sentences: by surname, and one in a role as it names them."""
    if asked.role is None:
        return frozenset(asked.names[-1:])
    role = re.escape(asked.role)
    named = _named_zh if is_chinese(asked.who) else named_as
    return frozenset(name for text in sentences for name in named(role, text))


def named_as(role: str, text: str) -> list[str]:
    """The surnames that an English text gives with a role."""
    found = re.findall(
        rf"\b(?i:{role})(?: [\w’'-]{{1,30}}){{0,4}}?,? {_NO_PLACE}({_FULL_NAME})(?=,| who\b| {ADVERB_EN}{SAYS_EN}\b)",
        text,
    )
    found += re.findall(rf"\b({_FULL_NAME}), (?:the |an? |its |their )?{_WORDS}{{0,3}}(?i:{role})\b", text)
    return [name.split()[-1] for name in found]


def _named_zh(role: str, text: str) -> list[str]:
    return re.findall(rf"{role}([{HAN}]{{2,3}}?)(?=[{HAN}]{{0,8}}?{SAYS_ZH}|[，：“])", text)


def gives_words_of(asked: Speaker, called: Collection[str], text: str) -> bool:
    """Whether a sentence says what a speaker says who is `called` so in its article."""
    names = "|".join(map(re.escape, sorted(called))) or _NOTHING
    role = _ALSO.get(asked.role, re.escape(asked.role)) if asked.role else _NOTHING
    patterns = _speaking_zh(names, role) if is_chinese(text) else _speaking_en(names, role)
    return any(re.search(pattern, text) for pattern in patterns)


def _speaking_en(names: str, role: str) -> tuple[str, ...]:
    return (
        rf"\b(?:{names})(?:[’']s)?{ASIDE_EN},? {ADVERB_EN}{SAYS_EN}\b",
        rf"[,”\"’'!?] {SAYS_EN} {_WORDS}{{0,6}}?(?:{names})\b",
        rf"\b[Aa]ccording to {_WORDS}{{0,6}}?(?:{names})\b",
        rf"\b(?:{names}): [“\"']",
        rf"\b(?i:{role})(?: (?:of|at|for) (?:the )?{_NAMES})?(?:,? {_NAMES})?,? {ADVERB_EN}{SAYS_EN}\b",
    )


def _speaking_zh(names: str, role: str) -> tuple[str, ...]:
    return (rf"(?:{names}|{role})(?:[^，。；：、“”]{{0,14}}?{SAYS_ZH}|[^，。；、“”]{{0,6}}：“)",)


def attributes(text: str) -> bool:
    """Whether a Chinese sentence only says who said what stands before it."""
    return _ATTRIBUTES_ZH.fullmatch(text.strip()) is not None

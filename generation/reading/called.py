"""Of whom a question asks the name, and whether a text gives it beside them: captain Ada Brent, 馆长罗维成.

By shape, in English and Chinese. Of people alone: what a thing is called is told in too many ways.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

from generation.reading.surnames import KNOWN
from generation.reading.terms import HAN, terms

# Of "the night watchman at the paint works" the watchman is asked for.
_OF_WHOM = r"(?P<who>[^?,;:]{2,60}?)(?= (?:at|of|in|on|who|whose|that|which|from|for|by|near|with)\b|[?.,]|$)"
_IS = r"(?:['’]s| is| was| are| were)"
_NAME_EN = (
    re.compile(rf"\bnames? of (?:the|an?|his|her|its) {_OF_WHOM}", re.IGNORECASE),
    re.compile(
        rf"\b(?:what|which){_IS} (?:the |his |her |its )?(?P<who>[^?,;:]{{2,60}}?)(?:['’]s?)? "
        r"(?:full |first |last )?name\b",
        re.IGNORECASE,
    ),
    re.compile(
        rf"\bwhat{_IS} (?:the )?(?P<who>[^?,;:]{{2,60}}?) called(?= who\b| at\b| in\b| on\b|[?.]|$)", re.IGNORECASE
    ),
    re.compile(rf"^\W*(?:please )?name the {_OF_WHOM}", re.IGNORECASE),
)
_WHO_EN = re.compile(rf"^\W*(?:and )?who{_IS} the {_OF_WHOM}", re.IGNORECASE)
_NAME_ZH = re.compile(
    f"(?P<who>[{HAN}A-Za-z\\d《》“”]{{2,40}}?)(?:的)?"
    "(?:叫什么(?:名字)?|叫啥(?:名字)?|(?:名字|姓名|大名)(?:是什么|叫什么|是啥|呢)?|姓什么|姓甚名谁)[？?。]*$"
)
_WHO_ZH = re.compile(f"(?P<who>[{HAN}A-Za-z\\d《》“”]{{2,40}}?)是(?:谁|哪位|何人|什么人)[？?。]*$")

_PEOPLE = re.compile(
    r"(?:\w{2,}(?:ers?|ors?|ists?|ians?|mates?|[^u]men|m[ae]n|woman|women|eers?|ants?)|chiefs?|captains?"
    r"|presidents?|boys?|girls?|mayors?|pilots?|kings?|queens?|judges?|chefs?|coach(?:es)?|thie(?:f|ves)|nurses?|deans?"
    r"|guards?|clerks?|bishops?|popes?|witness(?:es)?|suspects?|victims?|rivals?|heads?|wife|husband|son|friend|cousin"
    r"|spouse|bride|groom|widow|chair|boss|spokesperson|person|child|students?|princess|prince|actress|waitress|hostess"
    r"|guides?|hosts?|cooks?|aides?|agents?|residents?|experts?|guests?|poets?|priests?|monks?|nuns?|attorneys?"
    r"|detectives?|relatives?|representatives?|secretar(?:y|ies)|envoys?|deput(?:y|ies)|hero(?:es)?|heirs?|spy|neighbours?"
    r"|superintendents?|mechanics?|medics?|critics?|clerics?|twins?|siblings?)",
    re.IGNORECASE,
)
_THINGS_WORDS = (
    "river tower water power letter offer order number center newspaper paper computer carrier tanker trawler "
    "freighter cruiser helicopter printer poster chapter border harbor sector reactor tractor motor monitor sensor "
    "processor corridor error mirror thriller newsletter shelter quarter disaster container meteor tumor charter "
    "cluster semester blockbuster bestseller trailer crater glacier barrier fighter cancer color flavor armor counter "
    "cover chamber theater weather burger router restaurant plant giant variant elephant pollutant grant covenant"
)
_THINGS = frozenset(_THINGS_WORDS.split())
_PEOPLE_ZH = re.compile(
    "(?:[长员手者师主总士夫官民]|[工商军老路证病犯选]人|[父母]亲|[男女]子|[男女]孩|司机|家|教授|书记|总统|主席|经理|裁判|教练|凶手|嫌犯|医生"
    "|学生|先生|导游|导演|保安|警察|老板|翻译|秘书|助理|编剧|编辑|主播|模特|儿子|女儿|妻子|棋王|冠军|队友|朋友|邻居|同学|同事|顾问)$"
)
# Who they are is seldom told in other words than that.
_ROLES_ZH = re.compile("(?:[长员手师家]|[船业户厂车园]主|司机|教授|书记|经理|裁判|教练|医生|律师)$")
_NO_PEOPLE_ZH = re.compile("(?:国家|大家|[这那哪]家|成长|增长|延长|生长|校长室|部长会议)$")

_CAPITALISED = r"[A-ZÀ-Þ][\w’'-]*"
_NAME = rf"(?P<name>{_CAPITALISED}(?: (?:de |van |von |al-|bin |di |da )?[A-ZÀ-Þ][\w’'.-]*){{0,3}})"
_AGED = r"(?:\d{1,3}-year-old|aged \d{1,3},?)"
_SOMEBODY = r"(?:an?|one|two|three|his|her|the) "
_PREPOSITIONS = frozenset(["in", "at", "on", "near", "from", "of", "for", "to", "by", "since", "after", "before"])

# A surname that begins another word, as 周一 and 安全 do, begins no name.
_NAME_HAN = (
    f"(?:(?!周[一二三四五六日末边]|安全|曾[经在把被将是获向于为任对因从与和两多]|高[速度呼]|马上|白天|许多|任[何职务由]|关[于闭注键]|车[内辆上站]|何[时地]|余[名人]|项目|"
    f"季[后节度]|单[独位]|温[度和]|易于|严[重格]|顾[不客]|毕业|金额|江[边中]|费[用了]|盛赞|石油|夏[天季]|田[里间])"
    f"[{KNOWN}]|欧阳|司马|上官|诸葛|慕容)[{HAN}]{{1,2}}"
)
_FOREIGN_ZH = f"[{HAN}]{{1,6}}[·•．][{HAN}]{{1,8}}"
_SAYS_ZH = "(?=说|表示|称|指出|介绍|认为|透露|强调|告诉|宣布)"
# 教练沃德称: no surname tells it, but it speaks.
_SPEAKING_ZH = f"(?!随后|昨|今|当|周|事后|之后|对此|[也则还向在对都曾])[{HAN}]{{2,4}}{_SAYS_ZH}"
# What is mostly another word is a surname where two letters and a verb follow: 经理方若兰向.
_RARER_ZH = f"[方万于向成白](?![面向才便能可天])[{HAN}]{{2}}(?:{_SAYS_ZH}|(?=[向在将对]))"
# 总导演是于蕾，…
_IS_ZH = f"(?:是|为|系|叫)(?![一谁本该这那个来])[{HAN}]{{2,3}}(?=[，。、；（(]|$)"
_SOMEBODY_ZH = re.compile(rf"{_FOREIGN_ZH}|{_NAME_HAN}{_SAYS_ZH}|[A-Z][a-z]+ [A-Z][a-z]+")
# Who only says so is not who is asked for.
SAYS = re.compile(r" (?:said|says|told|tells|added|announced|explained|warned)\b")
_SOMEBODY_EN = re.compile(r"(?:(?P<before>[\w’'-]+) )?(?P<name>[A-ZÀ-Þ][a-zà-ÿ’'-]+(?: [A-ZÀ-Þ][\w’'-]+)+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Called:
    """Whose name is asked for.

    Args:
        who: What they are: driver, 司机.
        described: Whether it answers, too, to say what sort of person they are.
    """

    who: str
    described: bool

    @property
    def chinese(self) -> bool:
        return re.match(f"[{HAN}]", self.who) is not None

    def is_told_of(self, text: str) -> bool:
        """Whether a text tells of such a one at all."""
        return self.who in text if self.chinese else re.search(rf"\b{self.who}\b", text, re.IGNORECASE) is not None

    def is_named(self, text: str, known: Collection[str] = ()) -> bool:
        """Whether a text gives a name beside them, in more than the terms in `known`."""
        if self.chinese:
            return _named_zh(self.who, text) or (self.described and re.search(f"{self.who}[是为]一", text) is not None)
        if self.described and re.search(rf"\b{self.who}(?:, | (?:is|was) ){_SOMEBODY}", text, re.IGNORECASE):
            return True
        return any(not set(terms(name)) <= set(known) for name in _named_en(self.who, text))


def names_somebody(text: str, known: Collection[str]) -> bool:
    """Whether a text gives the whole name of anybody, in more than the terms in `known`."""
    if re.search(f"[{HAN}]", text):
        return any(not set(terms(each.group())) <= set(known) for each in _SOMEBODY_ZH.finditer(text))
    return any(
        (each["before"] or "").lower() not in _PREPOSITIONS
        and not set(terms(each["name"])) & set(known)
        and not SAYS.match(text, each.end())
        for each in _SOMEBODY_EN.finditer(text)
    )


def called(question: str) -> Called | None:
    """Whose name a question asks for; `None` where that of nobody, or of a thing."""
    bare = " ".join(question.split())
    if re.search(f"[{HAN}]", bare):
        for pattern, people in ((_NAME_ZH, _PEOPLE_ZH), (_WHO_ZH, _ROLES_ZH)):
            found = pattern.search(bare)
            if found and people.search(found["who"]) and not _NO_PEOPLE_ZH.search(found["who"]):
                return Called(who=found["who"][-2:], described=pattern is _WHO_ZH)
        return None
    for pattern in (*_NAME_EN, _WHO_EN):
        words = found["who"].split() if (found := pattern.search(bare)) else []
        who = re.sub(r"['’]s?$", "", words[-1]).lower() if words else ""
        # Of whom a name is given in the question no other is asked for.
        if who and _PEOPLE.fullmatch(who) and who not in _THINGS and not words[-1][0].isupper():
            return Called(who=re.escape(who), described=pattern is _WHO_EN)
    return None


def _named_en(who: str, text: str) -> list[str]:
    """The names that stand beside such a one in a sentence."""
    noun = rf"(?i:\b{who})(?:['’]s name)?"
    of = r"(?: (?:of|at|for|from|in|on) [^,;:.]{1,60}?)"
    filler = rf"(?:(?:is|was|are|were|called|named|as|identified|known|{_AGED}) )*"
    found = [each["name"] for each in re.finditer(rf"{noun}(?:{of}?(?:,|:| (?=is|was)))? {filler}{_NAME}", text)]
    for each in re.finditer(
        rf"{_NAME}(?:,? \(?(?:aged )?\d{{1,3}}\)?)?(?:,(?: who)?(?: is| was)?| is| was| as| became| becomes)"
        rf"(?: [\w’'-]+){{0,6}} {noun}\b",
        text,
    ):
        before = text[: each.start()].split()[-1:]
        # "On Monday, the driver", "In Osterby the driver".
        if not {word.lower() for word in (*before, each["name"].split()[0])} & _PREPOSITIONS:
            found.append(each["name"])
    return found


def _named_zh(who: str, text: str) -> bool:
    name = rf"(?:{_NAME_HAN}|{_FOREIGN_ZH}|[A-Z][A-Za-z]+)"
    called_so = r"(?:[，、（(：:]?(?:\d+岁的|名叫|名为|叫做?|是|为|系|由)?)"
    behind = rf"{who}(?:{called_so}(?:{name}|{_RARER_ZH}|{_SPEAKING_ZH})|{_IS_ZH})"
    before = rf"{name}(?:[（(，、]|是|为|系|任|担任|出任|就任|当选|作为)[^。；！？]{{0,10}}{who}"
    return re.search(behind, text) is not None or re.search(before, text) is not None

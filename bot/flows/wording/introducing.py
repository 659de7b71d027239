"""What somebody cares about who introduces themselves: I'm a chip engineer, I follow RISC-V; 我是律师，关注隐私. Pure.

By rules, cautiously: who says only who they are, or that they are confused, says nothing of that.
"""

from __future__ import annotations

import re
from functools import cache

_LONGEST = 200
"""Characters. What is longer says more than that."""
_GREETING = re.compile(
    r"(?:(?:hi|hey|hello|ok|well|good (?:morning|evening)|你好|您好|大家好)(?: there| tidings)?[,!. ，！。]+)+"
)
_ROLE = r"(?:(?P<an>an? )?(?P<role>\w[\w' /&+-]{1,40}?))"
_MOSTLY = r"(?:(?:also|mostly|mainly|really|especially|closely|often|a lot|always) )*"
_KEEN = r"(?:(?:huge|big|great|keen|avid|lifelong|massive|real|passionate|total) )*"
_FAN = r"(?:fan|supporter|enthusiast|lover|buff|nerd|geek|fanatic|junkie|aficionado)"
_PROFESSION = (
    r"(?:student|professor|teacher|researcher|scholar|lecturer|engineer|journalist|specialist|expert|reporter|analyst"
    r"|consultant|lawyer|postdoc|scientist|developer|historian|economist|physicist|chemist|biologist|doctor|trader)"
)
_CARE = (
    r"(?:follow(?:ing|s)?|mainly|mostly|cares? about|(?:very )?interested in|into|keen on|reads? (?:a lot )?about"
    r"|(?:work|works|working) (?:on|in|with)|focus(?:ed|ing|es)? on|speciali[sz](?:ing|ed|es|e) in|research(?:ing|es)?"
    r"|cover(?:ing|s)?|stud(?:y|ying|ies)|writ(?:e|es|ing) about|loves?|likes?|enjoys?|watch(?:ing|es)?)"
)
_LINK = (
    rf"(?:\s?[:–—] ?|\s?[,.;]? (?:and |but |who |so )?(?:i (?:am |'m )?|i'm )?(?:am )?{_MOSTLY}{_CARE} "
    rf"{_MOSTLY}(?:in |on )?)"
)
_WHAT = r"(?P<what>\S.+)"
_HAN = "[\u4e00-\u9fff]"
_ONE_ZH = "(?:一名|一个|一位|个|名|位)?"
_MOSTLY_ZH = "我?(?:平时|平常|主要|一直|也|很|最|还)*"
_CARE_ZH = "(?:关注|关心|喜欢看?|爱看|想多?了解|想看"
_WORK_ZH = "我(?:现在|目前|主要|一直)*(?:从事|研究"
_AT_ZH = "(?:的?(?:研究|工作|行业|领域|方面))*"
_BREAK_ZH = "[，,。；;：: ]"
_FORMS = (
    rf"i(?:'m| am) {_ROLE}{_LINK}{_WHAT}",
    rf"i(?:'m| am) an? {_KEEN}(?P<what>[\w' &+-]{{2,40}}?) {_FAN}",
    rf"i(?:'m| am) an? (?:phd )?{_PROFESSION} (?:of|in|for) {_WHAT}",
    rf"i(?:'m| am)? (?:work(?:ing)? as )?an? (?P<what>[\w'&+-]+ {_PROFESSION})",
    rf"i(?:'m| am)? {_MOSTLY}work(?:ing)? as {_ROLE}{_LINK}{_WHAT}",
    rf"i(?:'m| am)? {_MOSTLY}work(?:ing)? (?:in|on|with) {_WHAT}",
    rf"i(?:'m| am)? (?:do|doing) research (?:on|in|into|about) {_WHAT}",
    rf"i {_MOSTLY}(?:research|study|teach|cover|report on) {_WHAT}",
    rf"i {_MOSTLY}(?:write|read) (?:a lot |mostly |mainly |often )*about {_WHAT}",
    rf"as {_ROLE},? i(?:'m| am)? {_MOSTLY}{_CARE} {_WHAT}",
    rf"(?:[\w-]+ ){{0,2}}{_PROFESSION}(?: here)?, {_MOSTLY}(?:interested in|into|follow(?:ing)?|covering) {_WHAT}",
    rf"(?:my )?(?:main )?interests (?:are|include) {_WHAT}",
    rf"(?:my )?(?:main )?(?:interests?|topics|keywords)(?: i (?:care about|follow|like)| of interest)?: ?{_WHAT}",
    rf"我(?:是|当|做){_ONE_ZH}(?P<role>{_HAN}{{2,12}}?){_BREAK_ZH}*{_MOSTLY_ZH}{_CARE_ZH}|研究|从事|负责)(?P<what>.+)",
    rf"我是{_ONE_ZH}(?:铁杆|忠实|资深|超级|老)?(?P<what>[\w ]{{2,12}}?)(?:迷|的?粉丝|爱好者|发烧友)",
    rf"我(?:在|学|读|教)[^，。？?]{{2,16}}{_BREAK_ZH}+{_MOSTLY_ZH}{_CARE_ZH}|对(?=.+感兴趣$))(?P<what>.+)",
    rf"{_WORK_ZH}|在做)(?P<what>[^，。？?]{{2,20}}?){_AT_ZH}",
    rf"{_WORK_ZH})(?P<role>[^，。？?]{{2,16}}?){_AT_ZH}{_BREAK_ZH}+{_MOSTLY_ZH}{_CARE_ZH})(?P<what>.+)",
    r"(?:我的?)?(?:兴趣(?:爱好)?|爱好|(?:关注|关心)的?话题|话题|主题)(?:是|有|包括|：|: ?)(?P<what>.+)",
)
_KEEN_ON = re.compile(
    rf"{_KEEN}(.+?) {_FAN}|做?(.+?)(?:迷|的?粉丝|爱好者|的)",
    re.IGNORECASE,
)
# Of nobody's interests: what stands for a thing, a place to work at, a time, and how somebody is.
_NOTHING = re.compile(
    r"(?:it|this|that|these|those|them|you|your|him|her|his|me|my|mine|to|how|what|when|where|why|who|whether|if|here|there"
    r"|home|remote(?:ly)?|shifts?|nights?|an office|the (?:office|morning|evening|night|day|bot|app|idea|way)|people"
    r"|public|private|vain)\b|[你您它他她这那](?!公园)",
    re.IGNORECASE,
)
# What everybody may be tells nothing of what they read.
_ANYBODY = frozenset(
    (  # noqa: SIM905
        "student,researcher,scholar,reader,person,man,woman,guy,girl,boy,human,parent,father,mother,dad,mum,mom,citizen,"
        "user,new user,professional,beginner,newcomer,pensioner,retiree,retired,analyst,journalist,reporter,expert,"
        "specialist,consultant,engineer,phd student,here,new here,new,bot,fan,"
        "学生,大学生,研究生,读者,人,上班族,新用户,用户,研究员,记者,老师,普通人,退休人员"
    ).split(",")
)


def introduced(text: str) -> str | None:
    """What somebody tells of themselves who says who they are, as a list of it; `None` where they tell nothing."""
    said = re.sub(r"\s+", " ", text.replace("’", "'")).strip().rstrip(".!。！ ")
    if len(said) > _LONGEST or said.endswith(("?", "？")):
        return None
    if (greeting := _GREETING.match(said.lower())) is not None:
        said = said[greeting.end() :]
    for pattern in _patterns():
        if (found := pattern.fullmatch(said)) is not None and not _NOTHING.match(found["what"]):
            return ", ".join((*_who(found), found["what"].strip()))
    return None


@cache
def _patterns() -> tuple[re.Pattern[str], ...]:
    """Made when somebody says something first, and not as the program starts."""
    return tuple(re.compile(form, re.IGNORECASE) for form in _FORMS)


def _who(found: re.Match[str]) -> tuple[str, ...]:
    """What they are, where that is something to read of: a name is none, which stands without an article."""
    named = found.groupdict()
    role, english = named.get("role"), found.re.groupindex.get("an") is not None
    if role is None or role.lower() in _ANYBODY or (english and not named["an"]):
        return ()
    keen = _KEEN_ON.fullmatch(role.strip())
    return (role.strip() if keen is None else keen[1] or keen[2],)

"""Sentences that belong to the page, not to its news: captions, credits, greetings, invitations, notes of the editors.

By shape, for what stories are told by and what answers quote, where one such line would be one too many: a sentence
that merely looks like one is left out as well. A sentence that is news goes on after the label before it, which
`generation.leads` takes off.
"""

from __future__ import annotations

import re
from functools import lru_cache

from generation.quoting.boilerplate import NO_NEWS_BEHIND, is_boilerplate
from generation.reading.places import PLACES
from generation.reading.terms import is_chinese

_MONTH = r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\.?"
_AGENCY = (
    r"(?:AP|AFP|EPA|TASS|SIPA|Reuters|Bloomberg|Xinhua|Kyodo|Shutterstock|Redux|Zuma|Anadolu|NurPhoto|Alamy|Magnum|"
    r"Polaris|Getty|USA TODAY|dpa)"
)
# "Ann Lee/AP Rescuers search …", "Ann Lee/Visum/Redux"; a slash within a name has one word before it.
_CREDIT = re.compile(
    rf"(?!The\b|A\b)[A-Z][\w.'’-]+ [\w.'’ -]{{0,40}}\s?/\s?(?:{_AGENCY}\b|[A-Z][\w. ]{{1,30}}/)"
    rf"|.*\w\s?/\s?{_AGENCY}\)?\.?$"
)
# "MILL TOWN, OHIO - APRIL 26: The mayor speaks", and where in the picture who stands.
_CAPTION = re.compile(
    r"(?:[A-Z][A-Z .,'’]{2,40}[-–—]\s)?(?:JAN|FEB|MAR|APR|MAY|JUN|JUL|AUG|SEP|OCT|NOV|DEC)[A-Z]* \d{1,2}"
    r"(?:, \d{4})?\s?:"
    r"|[Ff]rom (?:(?:top|bottom|far) )?left(?: to right)? (?:are|is)\b"
    r"|[^.]*(?:,\s(?:(?:far|second from(?: the)?|third from(?: the)?) )?(?:left|right|cent(?:er|re)),\s"
    r"|\((?:(?:from )?left|right|cent(?:er|re)|L|R|C|top|bottom)\)|\bfrom left(?: to right)?\b(?:,|:)"
    r"|\bin th(?:is|e) (?:\w+ ){0,2}(?:photo(?:graph)?|picture|image|still)\b(?!-))"
)
# Pictures are told in the present, with a full date: "The mayor waves to reporters in Mill Town on April 26, 2022."
_PRESENT = re.compile(
    r"\b(?:gestures?|speaks?|attends?|poses?|waves?|walks?|stands?|gathers?|holds?|looks?|arrives?|reacts?|listens?|"
    r"celebrates?|rises?|sits?|leaves?|watch(?:es)?|hugs?|shakes?|carr(?:y|ies)|works?|rides?|takes? part|marche?s?|"
    r"smiles?|greets?|delivers?|appears?|embraces?|kneels?|plays?|waits?|lies?|search(?:es)?|crowds?|queues?|competes?|burns?|billows?|[a-z]{3,}ing)\b"
)
_FULL_DATE = re.compile(rf"\b(?:on|in) (?:[A-Z][a-z]+day, )?{_MONTH} (?:\d{{1,2}}, )?(?:19|20)\d\d\b[^.]{{0,100}}\.?$")
# "Mayor Linnea Strand waving to reporters": names, and what they are doing.
_POSED = re.compile(r"(?:[A-Z][\w.'’-]* ){2,8}(?!according|including|following|regarding|during)[a-z]{3,}ing\b")
_SHOWS = re.compile(r"\b(?:is|are) (?:seen|pictured|shown|displayed|photographed)\b")
_PAST = re.compile(
    r"\b(?:was|were|had|did|said|says|told|became|began|went|came|took|made|won|lost|found|left|got|held|gave|saw|ran|"
    r"died|sent|led|met|built|set|put|cut|hit|rose|fell|grew|has|have|will|would|is|are|(?!hundred|red|bed)[a-z]{2,}ed)\b"
)
# Of small letters.
_ADDRESSES = re.compile(
    r"\b(?:check out|stay tuned|tune in|up to speed|let us introduce|your (?:inbox|morning|feedback)|our (?:faqs?|app|"
    r"podcasts?|reporters|sister|live blog|coverage)\b|episode of [^.]{0,40}podcast|podcast:|"
    r"listen (?:here|to (?:our|this))|"
    r"for the latest (?:updates|news on)|for more information (?:about|on)|editor['’]?s['’]? note|"
    r"read more|just watched|more videos|"
    r"(?:prior|previous|earlier) column|"
    r"this (?:page|article|story|piece|column|post) (?:was|is|has|recaps?|originally|first|contains|includes)|"
    r"(?:opinions?|views?) expressed|exclusive (?:\w+ ){1,2}insights|support local journalism|"
    r"(?:reached out|contacted) [^.]{1,60} for comment|"
    r"(?:respond|reply) to (?:[\w'’]+ ){0,3}requests? for (?:an? |further |more )?"
    r"(?:comment|interview|statement|information)|"
    rf"here['’]s (?:what (?:you|we)\b(?![^.:]{{0,80}}: )|(?:all|everything)\b[^.:]{{0,20}}\bto know\b{NO_NEWS_BEHIND})"
    r"|what you should know)"
    r"|^for information (?:about|on)\b"
    # Who is greeted stands behind it, or nobody: "Good morning America host dies" greets none.
    r"|^(?:welcome (?:to|back)|thanks for"
    r"|(?:hello|hi|hey|good (?:morning|afternoon|evening)|happy [\w'’]+(?: day)?)"
    r"(?=[,!.]|$| (?:and|from|to|readers|everyone|there|all)\b))"
    r"[^.?!]{0,60}[!.]?$"
    # What is to be followed, or got, is of the page: "Get the army out, senators say" is news.
    r"|^(?:follow|see|read|watch) (?:our|the|all|more|full)\b[^.]{0,40}\blive (?:coverage|updates|blog)"
    r"|^(?:get|escape|discover|explore|enjoy|join|try|shop|browse|unlock|receive) (?:(?:your|our)\b"
    r"|(?:the|all|more|an?)\b[^.]{0,80}\b(?:newsletters?|apps?|inbox|alerts|podcasts?|letters?|e-?mails?|"
    r"subscriptions?|updates|headlines|latest|editions?|insights|analysis|deals?|offers|free trial|for free|"
    r"every (?:day|week|morning)|with news|conversation|discussion|forum|quiz|crossword)\b)"
)
# A link to another article: no space stands behind the colon of its label.
_LABELLED = re.compile('[A-Z][A-Za-z ]{2,20}:(?=[A-Z“"])')
# "Ann Lee is a columnist and the author of …" stands below what she wrote.
_AUTHOR = re.compile(
    r"(?:[A-Z][\w.'’-]+ ){1,3}(?:is|are|was) (?:an?|the) [^.]{0,80}\b(?:columnist|contribut\w+|author of|"
    r"professor (?:of|at)|fellow at|writer|host of)\b"
)
_PAGE_ZH = re.compile(
    r"^(?:[▲△↑▼]|图[：:为/／|｜]|(?:资料|配)图|图片(?:来源|说明|[：:])|(?:视频|网传|网页)?截图(?!显示)|广告\s"
    r"|相关(?:新闻(?!发布|部门)|阅读|链接)|(?:延伸|推荐)阅读)"
    r"|现场图[。]?$|本文转自"
    r"|[（(](?:前排|后排)?(?:[左右中][一二三四五六]?|从左至右|上|下)[）)]"
    # What caught a moment, or tells of it, is news.
    r"|(?:^|[，：])(?:(?!拍[下到了]|摄下|录下|记录|捕捉|目睹|定格|见证|成为|这一|难忘|照片|互致|角度)[^，。：])*"
    r"(?:瞬间|合影|留念)[。]?$"
    r"|[（(][^（）()]{0,16}(?:资料图?片?|无人机照片|截图|供图|图源|摄|图)[）)][。]?$"
    r"|^[\u4e00-\u9fff、 ]{2,14}[/／](?:新华社|中新社|视觉中国|人民视觉|东方IC|IC photo)"
    r"|(?:供图|摄影|截图|资料图)[。]?$|\s×"
    r"|欢迎(?:关注|订阅|下载|留言|点击)|请(?:关注|点击|扫描|戳|长按)|请[^，。]{0,8}关注[^，。]{0,8}公告|戳(?:这里|链接|下方)"
    r"|阅读原文|免费关注|名词解释|不构成[^，。]{0,6}建议|(?:投资|入市)需?谨慎|据此操作|(?:不存在|没有)[^，。]{0,8}虚假记载"
    r"|保证[^，。]{0,8}(?:公告|内容|披露|资料|报告)[^，。]{0,16}真实"
    r"|各位(?:读者|听众|网友|观众)|小编|^(?:您好|大家好|早安|晚安|早上好)|本文(?:系|来自|作者|仅|由)|相关新闻链接"
    r"|数据(?:由|来源)[^，。]{0,16}(?:整理|提供)",
    re.IGNORECASE,
)
# News that opens with a day seldom has its year, and a place alone behind it.
_SCENE_ZH = re.compile(r"(?:当地时间)?(?:19|20)\d\d年\d{1,2}月\d{1,2}日，([\u4e00-\u9fff]{2,10})，")
# Below a picture stands what it shows; what happened, was decided or is said to have been is news.
_HAPPENED_ZH = re.compile(
    "发生|宣布|决定|判处|投票|通报|证实|报道|屠杀|制造了|爆炸|坠毁|起火|死亡|遇难|受伤|失踪|人[死伤]|[死伤]者"
)
_PLACE_ZH = re.compile("[省市县区镇乡村港州岛湾]$")
_LONGEST_PLACE = 4
_CRIES = re.compile(r"[!！][\"”’」』]*$")
_QUOTES = '"“”'
_QUOTED = re.compile(r"“[^”]*”|\"[^\"]*\"|「[^」]*」")
_WRITER = re.compile(
    r"\b(?:I|[Ww]e|[Mm]y|[Mm]e|[Oo]ur|us|[Yy]ou|[Yy]our)\b|(?:我|咱)(?![国省市县区军校院局方队司])|(?<![迷])你|您"
)


# A sentence is looked at for many questions.
@lru_cache(maxsize=4_096)
def furniture(sentence: str) -> bool:
    """Whether a sentence is of the page rather than of the news."""
    told = sentence.strip()
    if is_boilerplate(told):
        return True
    if is_chinese(told):
        return bool(_PAGE_ZH.search(told)) or _sets_a_scene(told)
    if _ADDRESSES.search(told.lower()) or any(shape.match(told) for shape in (_CREDIT, _CAPTION, _LABELLED, _AUTHOR)):
        return True
    shows = _SHOWS.search(told) or _POSED.match(told) or (_PRESENT.search(told) and not _PAST.search(told))
    return bool(shows and _FULL_DATE.search(told))


def _sets_a_scene(told: str) -> bool:
    """Whether a sentence begins as what stands below a picture does: on that day, in that place."""
    scene = _SCENE_ZH.match(told)
    if scene is None or _HAPPENED_ZH.search(told):
        return False
    known = any(scene[1][:n] in PLACES for n in range(2, _LONGEST_PLACE + 1))
    return known or _PLACE_ZH.search(scene[1]) is not None


def cries(sentence: str) -> bool:
    """Whether a sentence ends with a mark by which one cries out or advertises, nobody else being quoted."""
    return bool(_CRIES.search(sentence)) and not any(mark in sentence for mark in _QUOTES)


def of_writer(sentence: str) -> bool:
    """Whether whoever writes speaks of themselves or to whoever reads, rather than quotes somebody who does."""
    return _WRITER.search(_QUOTED.sub("", sentence)) is not None

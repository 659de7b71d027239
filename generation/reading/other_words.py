"""Chinese names that also come about where two words meet, or begin another word: 高市 in 提高市场, 三星 in 三星堆.

One a line: a name, and between slashes what does not stand right before it (left) or right behind it (right) where it
is meant. Alternatives are parted by bars. Only the neighbours are looked at: what stands alone is the name.
"""

from __future__ import annotations

import re

_LINES = """
提|最|更|较/高市/场|值|民|区|占|净|镇
提|最|更|较|走/高通/胀|货膨|量|透
加|增|变|最|顽/强生/态|物|活|存|育|命|意
婚|典|葬|献|送|行|回|贺|敬|聘/礼来/了|自|到|临|往|访
北|南|欧|赴|访|中|全/美团/队|体|圆|结
福禄寿/三星/堆|级|期|上将|中将|少将
吃|黄|克|斤/小米/粥|椒|饭|辣|粒|渣|糕|种植|加步枪
吃|青|红|烂|种|个|斤|箱|削|摘/苹果/树|汁|园|酒|醋|派|农|皮|酱|肉|脆|林|种植|产区|产量|产地|丰收|价格
战马|骏马|万马|列车|策马|纵马|尽情|自由/奔驰/着|草原|的骏马
北|东|南/京东/方
基/本田/径|野|地|园
/汉堡/王|包|店|肉|牌|套餐|薯条
文莱|马来西亚|柔佛|雪兰莪|霹雳|登嘉楼|阿曼/苏丹/红|陛下|殿下
孙/中山/装|陵|路|大学|公园|先生|医院|堂|舰|狼
黄|运|淮|沿/河南/岸|路|侧
黄|运|淮|沿/河北/岸|路|侧
重|广|宏|巨|庞|扩|强|最/大连/续|锁
/布什/尔
/卡尼/古
完|唯|精|优|健|华|审/美方/案|便
方|办|做|想|说|看|立|执|司|宪|手|刑|税|合|违|非|依|书|疗|用|写|算|魔|佛/法方/案|便
道|品|公|美|武|职|功|医/德方/案|便
近|今|明|昨|每|当|次|节假|工作|生|平|假|即|终|整|旧|昔|某|单|双|周|休息|几|多|数|0|1|2|3|4|5|6|7|8|9|十/日方/案|便
打|脚|手|水|烙/印方/案|便
可|所|予|加|得|难|足|给|是|何|用|借|处/以方/便|案|法|阵|块|圆|形|言|格
可|所|予|加|得|难|足|给|是|何/以军/事|工|训|民|功
"""


def meant(name: str) -> str:
    """A pattern that finds a Chinese name where it is meant."""
    before, after = _NEIGHBOURS.get(name, ((), ()))
    return "".join(
        (
            *(f"(?<!{re.escape(each)})" for each in before),
            re.escape(name),
            *(f"(?!{re.escape(each)})" for each in after),
        )
    )


def _read() -> dict[str, tuple[tuple[str, ...], tuple[str, ...]]]:
    found: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {}
    for line in _LINES.strip().split("\n"):
        before, name, after = line.split("/")
        found[name] = (tuple(filter(None, before.split("|"))), tuple(filter(None, after.split("|"))))
    return found


_NEIGHBOURS = _read()

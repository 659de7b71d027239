"""Words of news that say the same thing: what one outlet buys, another acquires, and who is hurt was injured.

A short list of the commonest, in English and in Chinese. That two words stand in one row does not make them the same in
every sentence, so that this only widens what a text is taken to speak of, never what is said.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping

from generation.reading.terms import stem

_ROWS = (
    "buy purchase acquire acquisition takeover",
    "hurt injure injury wound",
    "worker employee employ staff job workforce",
    "house home",
    "president presidential presidency",
    "earthquake quake tremor",
    "movie film",
    "begin start launch open",
    "end finish close expire",
    "resign quit resignation",
    "kill die fatal",
    "deliver delivery due arrive arrival",
    "ship boat vessel ferry",
    "car vehicle automobile",
    "doctor physician",
    "child kid",
    "arrest detain custody",
    "ban prohibit forbid outlaw",
    "rise increase raise grow jump climb soar gain hike",
    "fall drop decline decrease cut slump sink lower reduce",
    "factory plant",
    "attendance spectator crowd audience attend watch",
    "fire blaze wildfire",
    "damage destroy ruin",
    "resume restart reopen",
    "leader lead head chief chair chairman chairwoman boss ceo",
    "run lead head boss manager",
    "oppose opposition against reject resist",
    "replace succeed successor replacement follow",
    "host present presenter anchor",
    "own owner belong",
    "run operate operator manage manager director direct",
    "goal score scorer",
    "beat defeat win",
    "discover find discovery",
    "inauguration inaugurate sworn",
    "contributor contribute",
    "attack strike assault",
    "shoot shooting gunman gunfire",
    "author write writer",
    "create invent creator",
    "build builder construct construction contract",
    "pay salary wage earn",
    "lose loss",
    "marry wedding marriage spouse",
    "divorce split",
    "leave exit depart quit departure",
    "award prize trophy",
    "approve approval",
    "plan propose proposal intend",
    "release publish unveil debut",
    "flee escape",
    "steal theft thief robbery robber burglar burglary",
    "crash collide collision accident",
    "flood flooding inundate",
    "sick ill illness disease",
    "drug medicine medication",
    "percentage percent share",
    "city town",
    "board aboard",
    "unemployment unemployed jobless",
    "overrun overspend overspending",
    "penalty punishment fine",
    "cost expense bill",
    "bankrupt bankruptcy insolvent insolvency",
    "debt owe",
    "danger risk threat hazard",
    "warn warning alert",
    "protest demonstrate demonstration demonstrator",
    "lawyer attorney barrister solicitor",
    "student pupil",
    "inhabitant resident villager",
    "lawmaker legislator parliamentarian",
    "forecast predict prediction expect",
    "shop store outlet",
    "plane aircraft airplane",
    "truck lorry",
    "subway underground metro",
    "phone smartphone handset",
    "baby infant newborn",
    "storm hurricane typhoon cyclone",
    "repair mend fix",
    "allow permit permission",
    "reply answer respond response",
    "investigate investigation inquiry probe investigator",
    "jail prison imprison",
    "reason cause trigger",
)


# One of two outcomes stands for the other: where it is told, it is told what became of it.
_ROWS_ZH = (
    "死亡 遇难 丧生 身亡 罹难 去世 逝世 死者 致死 死了 丧命",
    "受伤 伤者 送医 伤势 轻伤 重伤 烧伤 负伤 骨折 伤病",
    "疏散 转移 撤离",
    "合同 合约 签约 协议",
    "辞职 下台 离任 卸任 离职 请辞",
    "接替 接任 继任 取代 代理 任命 新任",
    "收购 购买 买下 并购 入股 买入",
    "交货 交付 发货 到货",
    "倒闭 破产 停业",
    "取消 停办 叫停 推迟 延期 延后 改期 中止 暂停 如期 照常",
    "开通 通车 开放 启用 恢复 关闭 封闭 停用 禁行",
    "参加 参赛 报名 出席",
    "退出 缺席 退赛",
    "反对 抗议 否决 不满",
    "支持 赞成 赞同",
    "批准 通过 同意",
    "夺冠 冠军 获胜 夺得 赢得 击败 战胜",
    "主持 主持人",
    "发现 找到",
    "建造 承建 修建 兴建 建设",
    "维修 修复 修缮",
    "裁员 解雇 裁减",
    "罢工 停工",
    "逮捕 被捕 拘留 抓获 落网",
    "地震 震级",
    "大火 火灾 起火 火情",
    "失踪 失联",
    "加息 上调 提高 维持利率 利率不变",
    "降息 下调 降低 维持利率 利率不变",
    "员工 职工 雇员",
    "医生 大夫 医师",
    "创始人 创办人 创立",
    "总裁 总经理 董事长 负责人 掌门人",
)

# What happens to nobody: that none of these is told does not say that nothing is.
_THINGS_ZH = (
    "老板 老总 总裁 总经理 董事长 首席执行官 CEO 负责人 掌门人 一把手",
    "失业 没有工作 没工作 下岗 待业",
    "门票 买票 票价 入场 免票",
    "工资 薪水 薪资 月薪 年薪 起薪 薪酬 报酬",
    "小偷 窃贼 盗贼",
    "债 债务 负债 欠款 欠",
    "雨 降雨 降水 雨量",
    "孩子 儿童 小孩",
    "房子 房屋 住宅 民房",
    "警察 警方 民警 警官",
    "观众 观看 到场",
    "返回 返航 回来 归来 回到",
    "制造 生产 制作",
    "律师 辩护人",
    "学生 学子",
    "汽车 轿车 车辆",
    "飞机 客机 航班",
    "轮船 船只 渡轮 客轮",
    "楼 大楼 建筑",
    "价格 售价 定价",
    "污染 超标",
    "预测 预计 预期",
    "调查 查明 通报",
)

OUT_OF_WORK = re.compile(
    r"\b(?:out of|without) (?:work|a job)\b(?! (?:permit|visa|contract|agreement|hour|experience))", re.IGNORECASE
)
"""Says the contrary of what its words say each."""
# What people say in several words, the one of these that tells it, and those that news have for it beside.
_PHRASES = (
    (OUT_OF_WORK, "unemployed", "work job"),
    *(
        (re.compile(rf"\b(?:{said})\b", re.IGNORECASE), telling, words)
        for said, telling, words in (
            ("in charge of", "charge", "head"),
            ("at the helm of", "helm", "head"),
            ("(?:go|goes|going|went|gone) bust", "bust", "bankrupt broke"),
            ("(?:go|goes|going|went|gone) broke", "broke", "bankrupt bust"),
            ("behind bars", "bars", "jail"),
            ("(?:over|above|beyond) budget", "budget", "overrun"),
            ("can (?:i|we|you|one|people|customers|anyone) buy", "buy", "sale sell shop"),
        )
    ),
)


def _kin(rows: Iterable[Iterable[str]]) -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        words = frozenset(row)
        for each in words:
            found[each] |= words
    return {each: frozenset(of) for each, of in found.items()}


_KIN = _kin(map(stem, row.split()) for row in _ROWS)
DEEDS_ZH = _kin(row.split() for row in _ROWS_ZH)
"""Of each Chinese word for what happens, the words that may stand for it, itself among them."""
KIN_ZH = _kin(row.split() for row in (*_ROWS_ZH, *_THINGS_ZH))
"""The same of each Chinese word that is listed."""


def kin(terms: Iterable[str], question: str = "") -> dict[str, frozenset[str]]:
    """Of those of `terms` that are listed, or stand in a phrase of a question, the terms that may stand for each."""
    of = {term: _KIN.get(term, frozenset([term])) for term in terms}
    for said, telling, words in _PHRASES:
        if (term := stem(telling)) in of and said.search(question):
            of[term] = of[term].union(*(_KIN.get(each, frozenset([each])) for each in map(stem, words.split())))
    return {term: others for term, others in of.items() if len(others) > 1}


def stood_for(asked: Mapping[str, frozenset[str]], held: Collection[str]) -> frozenset[str]:
    """Those of `asked`, as `kin` gives them, for which something in `held` stands."""
    return frozenset(term for term, of in asked.items() if not of.isdisjoint(held))

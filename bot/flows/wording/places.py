"""Time zones by what people call them: an IANA name in any letter case, a city, a country with one zone, an offset.

In English and Chinese. Pure but for the list of zones, which is the machine's or that of `tzdata`.
"""

from __future__ import annotations

import re
from functools import cache
from types import MappingProxyType
from zoneinfo import available_timezones

_CHINESE = MappingProxyType(
    {
        "Asia/Shanghai": "北京 上海 中国 广州 深圳 杭州 成都 重庆 南京 武汉 西安 天津 苏州 青岛 厦门",
        "Asia/Hong_Kong": "香港",
        "Asia/Macau": "澳门",
        "Asia/Taipei": "台北 台湾 高雄",
        "Asia/Urumqi": "乌鲁木齐",
        "Asia/Tokyo": "东京 日本 大阪 京都",
        "Asia/Seoul": "首尔 韩国",
        "Asia/Singapore": "新加坡",
        "Asia/Bangkok": "曼谷 泰国",
        "Asia/Kuala_Lumpur": "吉隆坡 马来西亚",
        "Asia/Jakarta": "雅加达",
        "Asia/Manila": "马尼拉 菲律宾",
        "Asia/Ho_Chi_Minh": "胡志明市 河内 越南",
        "Asia/Kolkata": "新德里 德里 孟买 加尔各答 印度",
        "Asia/Kathmandu": "加德满都 尼泊尔",
        "Asia/Dubai": "迪拜 阿联酋",
        "Asia/Tehran": "德黑兰 伊朗",
        "Asia/Jerusalem": "耶路撒冷 以色列",
        "Asia/Riyadh": "利雅得 沙特",
        "Europe/Istanbul": "伊斯坦布尔 土耳其",
        "Europe/Moscow": "莫斯科 圣彼得堡",
        "Europe/Kyiv": "基辅 乌克兰",
        "Europe/London": "伦敦 英国",
        "Europe/Dublin": "都柏林 爱尔兰",
        "Europe/Paris": "巴黎 法国",
        "Europe/Berlin": "柏林 德国 慕尼黑 法兰克福 汉堡",
        "Europe/Madrid": "马德里 西班牙 巴塞罗那",
        "Europe/Rome": "罗马 意大利 米兰",
        "Europe/Amsterdam": "阿姆斯特丹 荷兰",
        "Europe/Brussels": "布鲁塞尔 比利时",
        "Europe/Vienna": "维也纳 奥地利",
        "Europe/Zurich": "苏黎世 瑞士 日内瓦",
        "Europe/Stockholm": "斯德哥尔摩 瑞典",
        "Europe/Oslo": "奥斯陆 挪威",
        "Europe/Copenhagen": "哥本哈根 丹麦",
        "Europe/Helsinki": "赫尔辛基 芬兰",
        "Europe/Warsaw": "华沙 波兰",
        "Europe/Prague": "布拉格 捷克",
        "Europe/Budapest": "布达佩斯 匈牙利",
        "Europe/Athens": "雅典 希腊",
        "Europe/Lisbon": "里斯本 葡萄牙",
        "Africa/Cairo": "开罗 埃及",
        "Africa/Johannesburg": "约翰内斯堡 开普敦 南非",
        "Africa/Nairobi": "内罗毕 肯尼亚",
        "Africa/Lagos": "拉各斯 尼日利亚",
        "America/New_York": "纽约 华盛顿 波士顿 迈阿密 费城 亚特兰大",
        "America/Chicago": "芝加哥 休斯敦 休斯顿 达拉斯",
        "America/Denver": "丹佛",
        "America/Los_Angeles": "洛杉矶 旧金山 西雅图 硅谷",
        "America/Toronto": "多伦多 渥太华 蒙特利尔",
        "America/Vancouver": "温哥华",
        "America/Mexico_City": "墨西哥城",
        "America/Sao_Paulo": "圣保罗 里约热内卢",
        "America/Argentina/Buenos_Aires": "布宜诺斯艾利斯 阿根廷",
        "Pacific/Honolulu": "檀香山 夏威夷",
        "Australia/Sydney": "悉尼 堪培拉",
        "Australia/Melbourne": "墨尔本",
        "Australia/Brisbane": "布里斯班",
        "Australia/Perth": "珀斯",
        "Pacific/Auckland": "奥克兰 惠灵顿 新西兰",
    }
)
"""What places are called in Chinese, by their zone; the first is what the zone is called."""

_ENGLISH = MappingProxyType(
    {
        "America/New_York": "eastern|est|edt|boston|washington|washington dc|miami|philadelphia|atlanta|nyc",
        "America/Chicago": "central|houston|dallas|austin|minneapolis|new orleans",
        "America/Los_Angeles": "pacific|pst|pdt|san francisco|seattle|san diego|las vegas|portland",
        "America/Toronto": "ottawa|quebec",
        "America/Denver": "mountain|salt lake city",
        "America/Edmonton": "calgary",
        "America/Sao_Paulo": "rio de janeiro|rio|brasilia|são paulo",
        "America/Bogota": "colombia|bogotá",
        "America/Lima": "peru",
        "Europe/London": "uk|united kingdom|england|britain|scotland|edinburgh|manchester|bst",
        "Europe/Berlin": "germany|munich|hamburg|frankfurt|cologne|cet|cest",
        "Europe/Paris": "france|lyon|marseille",
        "Europe/Madrid": "barcelona|seville|valencia",
        "Europe/Rome": "italy|milan|naples|turin",
        "Europe/Zurich": "switzerland|geneva|bern|basel|zürich",
        "Europe/Amsterdam": "netherlands|the hague|rotterdam",
        "Europe/Brussels": "belgium",
        "Europe/Vienna": "austria",
        "Europe/Stockholm": "sweden|gothenburg",
        "Europe/Oslo": "norway",
        "Europe/Copenhagen": "denmark",
        "Europe/Helsinki": "finland",
        "Europe/Prague": "czechia",
        "Europe/Budapest": "hungary",
        "Europe/Athens": "greece",
        "Europe/Kyiv": "ukraine|kiev",
        "Europe/Moscow": "st petersburg|saint petersburg|msk",
        "Europe/Istanbul": "ankara|türkiye",
        "Asia/Shanghai": "china|beijing|guangzhou|shenzhen|hangzhou|chengdu|wuhan",
        "Asia/Taipei": "taiwan",
        "Asia/Tokyo": "japan|osaka|kyoto|jst",
        "Asia/Seoul": "korea|south korea|busan|kst",
        "Asia/Kolkata": "india|delhi|new delhi|mumbai|bangalore|bengaluru|chennai",
        "Asia/Karachi": "pakistan|lahore|islamabad",
        "Asia/Ho_Chi_Minh": "vietnam|hanoi",
        "Asia/Bangkok": "thailand",
        "Asia/Manila": "philippines",
        "Asia/Dubai": "abu dhabi|uae",
        "Asia/Jerusalem": "tel aviv",
        "Africa/Johannesburg": "south africa|cape town|pretoria|durban",
        "Africa/Nairobi": "kenya",
        "Africa/Lagos": "nigeria|abuja",
        "Pacific/Auckland": "new zealand|wellington",
        "Pacific/Honolulu": "hawaii",
    }
)
"""Cities and countries that no zone is named after, by their zone."""

_BETWEEN_HOURS = MappingProxyType(
    {
        "+03:30": "Asia/Tehran",
        "+04:30": "Asia/Kabul",
        "+05:30": "Asia/Kolkata",
        "+05:45": "Asia/Kathmandu",
        "+06:30": "Asia/Yangon",
        "+08:45": "Australia/Eucla",
        "+09:30": "Australia/Darwin",
        "+10:30": "Australia/Lord_Howe",
        "+12:45": "Pacific/Chatham",
        "-03:30": "America/St_Johns",
        "-09:30": "Pacific/Marquesas",
    }
)
"""Where clocks stand so far from UTC outside of summer time: IANA names no zones of offsets but whole hours."""

_OFFSET = re.compile(
    r"(?:utc|gmt)\s*(?:(?P<sign>[+\-−–])\s*(?P<hours>\d{1,2})(?::?(?P<minutes>[0-5]\d))?)?", re.IGNORECASE
)
_FIXED = re.compile(r"Etc/GMT(?P<sign>[+-])(?P<hours>\d+)")
_WEST, _EAST = 12, 14
_NOWHERE = frozenset(("Factory", "localtime"))
_NO_CITIES = frozenset(("ACT", "Center", "East", "General", "LHI", "North", "NSW", "South", "West"))
_SEPARATORS = re.compile(r"[\s_]+")
MOST_WORDS = 4
"""How many words name a place at most."""


def zone_named(words: str) -> str | None:
    """The IANA name of the zone that is called so; `None` where none is."""
    if offset := _OFFSET.fullmatch(words.strip()):
        return _of_offset(offset["sign"], int(offset["hours"] or 0), int(offset["minutes"] or 0))
    return _names().get(_SEPARATORS.sub(" ", words.strip()).casefold())


def zone_called(zone: str, language: str) -> str:
    """What a zone is called in a language: after its city, as far as that is known, or by its offset."""
    if fixed := _FIXED.fullmatch(zone):
        # POSIX counts hours to the west.
        return f"UTC{'-' if fixed['sign'] == '+' else '+'}{fixed['hours']}"
    if language == "zh" and zone in _CHINESE:
        return _CHINESE[zone].split()[0]
    return zone.rpartition("/")[2].replace("_", " ")


@cache
def chinese_places() -> tuple[str, ...]:
    """What places are called in Chinese, the longest first."""
    return tuple(sorted((name for names in _CHINESE.values() for name in names.split()), key=len, reverse=True))


def _of_offset(sign: str | None, hours: int, minutes: int) -> str | None:
    if not hours and not minutes:
        return "UTC"
    east = sign == "+"
    if minutes:
        return _BETWEEN_HOURS.get(f"{'+' if east else '-'}{hours:02}:{minutes:02}")
    if hours > (_EAST if east else _WEST):
        return None
    return f"Etc/GMT{'-' if east else '+'}{hours}"


@cache
def _names() -> dict[str, str]:
    """Zones by all that they are called, in small letters, with blanks for underscores."""
    zones = sorted(available_timezones() - _NOWHERE)
    found = {_spoken(zone): zone for zone in zones}
    # Where a city has several, as Indianapolis, the longest is today's and the others are kept for old programs.
    for zone in sorted(zones, key=lambda zone: zone.count("/")):
        region, _, city = zone.rpartition("/")
        if region != "Etc" and city not in _NO_CITIES:
            found[_spoken(city)] = zone
    for zone, names in _ENGLISH.items():
        found.update(dict.fromkeys(names.split("|"), zone))
    for zone, names in _CHINESE.items():
        found.update(dict.fromkeys(names.split(), zone))
    return found


def _spoken(name: str) -> str:
    return name.replace("_", " ").casefold()

"""The same names in Chinese and in English, so that what a question names can be looked for in the other language.

The well known alone: countries with their peoples, large cities and provinces, and some people, firms, bodies and
events that the news tell of (`generation.reading.well_known`). What is not in the list is neither found nor missed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from generation.reading.other_words import meant
from generation.reading.places import PLACES
from generation.reading.terms import is_chinese
from generation.reading.well_known import LINES

# A name and what lies within it, which stands for it too: Chinese spellings = English ones, as they are written.
_LINES = """
中国=China|Chinese
美国/美方=United States|U.S.|US|USA|America|American|Americans; 阿拉斯加=Alaska; 亚利桑那=Arizona
; 加州/加利福尼亚=California
; 科罗拉多=Colorado; 佛罗里达=Florida; 佐治亚=Georgia; 夏威夷=Hawaii; 伊利诺伊=Illinois; 马里兰=Maryland
; 马萨诸塞=Massachusetts
; 密歇根=Michigan; 明尼苏达=Minnesota; 内华达=Nevada; 新泽西=New Jersey; 俄亥俄=Ohio; 俄勒冈=Oregon
; 宾夕法尼亚=Pennsylvania
; 得克萨斯/得州/德州=Texas; 犹他=Utah; 弗吉尼亚=Virginia; 威斯康星=Wisconsin; 纽约=New York; 华盛顿=Washington
; 洛杉矶=Los Angeles
; 芝加哥=Chicago; 休斯敦=Houston; 旧金山=San Francisco; 西雅图=Seattle; 波士顿=Boston; 费城=Philadelphia
; 底特律=Detroit
; 迈阿密=Miami; 亚特兰大=Atlanta; 硅谷=Silicon Valley; 白宫=White House; 五角大楼=Pentagon; 美联储=Federal Reserve|Fed
英国/英方=United Kingdom|U.K.|UK|Britain|British|Briton|Britons; 英格兰/英国=England|English; 苏格兰=Scotland|Scottish
; 威尔士=Wales|Welsh; 北爱尔兰=Northern Ireland; 伦敦=London; 曼彻斯特=Manchester; 利物浦=Liverpool; 爱丁堡=Edinburgh
; 英国央行/英格兰银行=Bank of England; 牛津=Oxford; 剑桥=Cambridge
法国/法方=France|French; 巴黎=Paris; 马赛=Marseille; 里昂=Lyon
德国/德方=Germany|German|Germans; 柏林=Berlin; 慕尼黑=Munich; 汉堡=Hamburg; 法兰克福=Frankfurt; 德累斯顿=Dresden
; 科隆=Cologne
意大利=Italy|Italian|Italians; 罗马=Rome; 米兰=Milan; 威尼斯=Venice; 都灵=Turin; 那不勒斯=Naples; 西西里=Sicily
西班牙=Spain|Spanish; 马德里=Madrid; 巴塞罗那=Barcelona; 巴伦西亚/瓦伦西亚=Valencia
葡萄牙=Portugal|Portuguese; 里斯本=Lisbon
荷兰=Netherlands|Dutch; 阿姆斯特丹=Amsterdam; 海牙=Hague; 鹿特丹=Rotterdam
比利时=Belgium|Belgian; 布鲁塞尔=Brussels
瑞士=Switzerland|Swiss; 日内瓦=Geneva; 苏黎世=Zurich; 达沃斯=Davos
瑞典=Sweden|Swedish; 斯德哥尔摩=Stockholm; 哥德堡=Gothenburg
挪威=Norway|Norwegian; 奥斯陆=Oslo; 卑尔根=Bergen
芬兰=Finland|Finnish; 赫尔辛基=Helsinki
丹麦=Denmark|Danish; 哥本哈根=Copenhagen; 格陵兰=Greenland
冰岛=Iceland|Icelandic; 雷克雅未克=Reykjavik
爱尔兰=Ireland|Irish; 都柏林=Dublin
奥地利=Austria|Austrian; 维也纳=Vienna
波兰=Poland|Polish; 华沙=Warsaw; 格但斯克=Gdansk
捷克=Czech Republic|Czechia|Czech; 布拉格=Prague
匈牙利=Hungary|Hungarian; 布达佩斯=Budapest
希腊=Greece|Greek; 雅典=Athens
土耳其=Turkey|Turkish|Türkiye; 伊斯坦布尔=Istanbul; 安卡拉=Ankara
罗马尼亚=Romania|Romanian; 布加勒斯特=Bucharest
保加利亚=Bulgaria|Bulgarian
塞尔维亚=Serbia|Serbian; 贝尔格莱德=Belgrade
克罗地亚=Croatia|Croatian
斯洛伐克=Slovakia|Slovak
立陶宛=Lithuania|Lithuanian
拉脱维亚=Latvia|Latvian
爱沙尼亚=Estonia|Estonian
白俄罗斯=Belarus|Belarusian; 明斯克=Minsk
乌克兰/乌方=Ukraine|Ukrainian|Ukrainians; 基辅=Kyiv|Kiev; 哈尔科夫=Kharkiv; 敖德萨=Odesa|Odessa; 克里米亚=Crimea
俄罗斯/俄方/俄军=Russia|Russian|Russians; 莫斯科=Moscow; 圣彼得堡=St Petersburg; 克里姆林宫=Kremlin
欧盟=European Union|EU|E.U.; 欧洲央行=European Central Bank|ECB
北约=NATO|Nato
联合国=United Nations|U.N.|UN
世卫组织/世界卫生组织=World Health Organization|World Health Organisation|WHO
日本/日方=Japan|Japanese; 东京=Tokyo; 大阪=Osaka; 京都=Kyoto; 北海道=Hokkaido; 福岛=Fukushima; 日本央行=Bank of Japan
韩国/韩方=South Korea|South Korean|South Koreans; 首尔=Seoul; 釜山=Busan
朝鲜=North Korea|North Korean; 平壤=Pyongyang
蒙古国=Mongolia|Mongolian
印度尼西亚/印尼=Indonesia|Indonesian; 雅加达=Jakarta; 巴厘岛=Bali
印度/印方=India|Indian|Indians; 新德里=New Delhi|Delhi; 孟买=Mumbai; 班加罗尔=Bengaluru|Bangalore; 喀拉拉=Kerala
; 阿萨姆=Assam
巴基斯坦=Pakistan|Pakistani; 卡拉奇=Karachi; 伊斯兰堡=Islamabad
孟加拉国=Bangladesh|Bangladeshi; 达卡=Dhaka
斯里兰卡=Sri Lanka|Sri Lankan
尼泊尔=Nepal|Nepali|Nepalese; 加德满都=Kathmandu
阿富汗=Afghanistan|Afghan; 喀布尔=Kabul
缅甸=Myanmar; 仰光=Yangon
泰国=Thailand|Thai; 曼谷=Bangkok
越南=Vietnam|Vietnamese; 河内=Hanoi
柬埔寨=Cambodia|Cambodian
老挝=Laos
马来西亚=Malaysia|Malaysian; 吉隆坡=Kuala Lumpur
新加坡=Singapore|Singaporean
菲律宾=Philippines|Philippine|Filipino; 马尼拉=Manila
哈萨克斯坦=Kazakhstan|Kazakh
乌兹别克斯坦/乌兹别克=Uzbekistan|Uzbek
伊朗/伊方=Iran|Iranian; 德黑兰=Tehran
伊拉克=Iraq|Iraqi; 巴格达=Baghdad
以色列/以方/以军=Israel|Israeli|Israelis; 特拉维夫=Tel Aviv; 耶路撒冷=Jerusalem
巴勒斯坦=Palestine|Palestinian|Palestinians; 加沙=Gaza; 约旦河西岸=West Bank; 哈马斯=Hamas
黎巴嫩=Lebanon|Lebanese; 贝鲁特=Beirut; 真主党=Hezbollah
叙利亚=Syria|Syrian; 大马士革=Damascus
约旦=Jordan|Jordanian
沙特阿拉伯/沙特=Saudi Arabia|Saudi; 利雅得=Riyadh
也门=Yemen|Yemeni; 胡塞=Houthi|Houthis
卡塔尔=Qatar|Qatari; 多哈=Doha
阿联酋=United Arab Emirates|UAE|Emirati; 迪拜=Dubai; 阿布扎比=Abu Dhabi
科威特=Kuwait|Kuwaiti
埃及=Egypt|Egyptian; 开罗=Cairo; 苏伊士=Suez
利比亚=Libya|Libyan
突尼斯=Tunisia|Tunisian
阿尔及利亚=Algeria|Algerian
摩洛哥=Morocco|Moroccan; 卡萨布兰卡=Casablanca; 马拉喀什=Marrakesh|Marrakech
南苏丹=South Sudan
苏丹=Sudan|Sudanese; 喀土穆=Khartoum
埃塞俄比亚=Ethiopia|Ethiopian
肯尼亚=Kenya|Kenyan|Kenyans; 内罗毕=Nairobi
坦桑尼亚=Tanzania|Tanzanian
乌干达=Uganda|Ugandan
卢旺达=Rwanda|Rwandan
刚果=Congo|Congolese
尼日利亚=Nigeria|Nigerian; 拉各斯=Lagos
尼日尔=Niger
加纳=Ghana|Ghanaian
塞内加尔=Senegal|Senegalese
索马里=Somalia|Somali
赞比亚=Zambia|Zambian
津巴布韦=Zimbabwe|Zimbabwean
南非=South Africa|South African; 开普敦=Cape Town; 约翰内斯堡=Johannesburg
加拿大=Canada|Canadian|Canadians; 多伦多=Toronto; 温哥华=Vancouver; 渥太华=Ottawa; 蒙特利尔=Montreal; 魁北克=Quebec
墨西哥=Mexico|Mexican; 墨西哥城=Mexico City
古巴=Cuba|Cuban; 哈瓦那=Havana
海地=Haiti|Haitian
委内瑞拉=Venezuela|Venezuelan; 加拉加斯=Caracas
哥伦比亚=Colombia|Colombian; 波哥大=Bogota|Bogotá
厄瓜多尔=Ecuador|Ecuadorian
秘鲁=Peru|Peruvian; 利马=Lima
玻利维亚=Bolivia|Bolivian
巴西=Brazil|Brazilian|Brazilians; 里约热内卢=Rio de Janeiro; 圣保罗=Sao Paulo|São Paulo
智利=Chile|Chilean; 圣地亚哥=Santiago
阿根廷=Argentina|Argentine|Argentinian; 布宜诺斯艾利斯=Buenos Aires
乌拉圭=Uruguay|Uruguayan
巴拉圭=Paraguay|Paraguayan
澳大利亚/澳洲=Australia|Australian|Australians; 悉尼=Sydney; 墨尔本=Melbourne; 堪培拉=Canberra; 塔斯马尼亚=Tasmania
; 珀斯=Perth
新西兰=New Zealand|New Zealander; 奥克兰=Auckland; 惠灵顿=Wellington
斐济=Fiji
台湾=Taiwan|Taiwanese; 台北=Taipei
香港=Hong Kong
澳门=Macau|Macao
北京=Beijing
上海=Shanghai
天津=Tianjin
重庆=Chongqing
河北=Hebei; 石家庄=Shijiazhuang; 雄安=Xiongan
山西=Shanxi; 太原=Taiyuan
辽宁=Liaoning; 沈阳=Shenyang; 大连=Dalian
吉林=Jilin; 长春=Changchun
黑龙江=Heilongjiang; 哈尔滨=Harbin
江苏=Jiangsu; 南京=Nanjing; 苏州=Suzhou; 无锡=Wuxi
浙江=Zhejiang; 杭州=Hangzhou; 宁波=Ningbo; 温州=Wenzhou; 义乌=Yiwu
安徽=Anhui; 合肥=Hefei
福建=Fujian; 福州=Fuzhou; 厦门=Xiamen; 泉州=Quanzhou; 武夷山=Wuyishan|Wuyi
江西=Jiangxi; 南昌=Nanchang
山东=Shandong; 济南=Jinan; 青岛=Qingdao
河南=Henan; 郑州=Zhengzhou; 洛阳=Luoyang
湖北=Hubei; 武汉=Wuhan; 宜昌=Yichang
湖南=Hunan; 长沙=Changsha; 张家界=Zhangjiajie
广东=Guangdong; 广州=Guangzhou; 深圳=Shenzhen; 东莞=Dongguan; 珠海=Zhuhai; 佛山=Foshan; 中山=Zhongshan
广西=Guangxi; 南宁=Nanning; 桂林=Guilin
海南=Hainan; 海口=Haikou; 三亚=Sanya
四川=Sichuan; 成都=Chengdu
贵州=Guizhou; 贵阳=Guiyang
云南=Yunnan; 昆明=Kunming; 大理=Dali
西藏=Tibet|Tibetan; 拉萨=Lhasa
陕西=Shaanxi; 西安=Xi'an|Xi’an|Xian
甘肃=Gansu; 兰州=Lanzhou; 敦煌=Dunhuang
青海=Qinghai; 西宁=Xining
宁夏=Ningxia
新疆=Xinjiang; 乌鲁木齐=Urumqi
内蒙古=Inner Mongolia
"""
# It lies in China that a Chinese article need not say.
_UNSAID_ZH = "中国"


@dataclass(frozen=True, slots=True, kw_only=True)
class Exonym:
    """A name in both languages; any of the spellings is meant by it.

    Args:
        chinese: How it is written in Chinese.
        english: How it is written in English, capitals included.
        within: The spellings of what lies within it, in both languages.
        famous: Whether it is no place.
    """

    chinese: tuple[str, ...]
    english: tuple[str, ...]
    within: tuple[str, ...] = ()
    famous: bool = False

    @property
    def spellings(self) -> tuple[str, ...]:
        return (*self.chinese, *self.english, *self.within)


def _read() -> tuple[Exonym, ...]:
    found: list[Exonym] = []
    for line in _LINES.replace("\n;", ";").strip().split("\n"):
        names = [_name(each) for each in line.split(";")]
        first, *inner = names
        within = tuple(spelling for each in inner for spelling in each.spellings)
        found.extend((Exonym(chinese=first.chinese, english=first.english, within=within), *inner))
    return (*found, *(replace(_name(line), famous=True) for line in LINES.strip().split("\n")))


def _name(written: str) -> Exonym:
    chinese, english = written.strip().split("=")
    return Exonym(chinese=tuple(chinese.split("/")), english=tuple(english.split("|")))


def _begins(names: Sequence[str]) -> str:
    """Looks ahead for a first letter of these: else each letter of a text is held against hundreds of names."""
    return f"(?=[{re.escape(''.join(sorted({name[0] for name in names})))}])"


EXONYMS = _read()
_BY_SPELLING: Mapping[str, Exonym] = {
    spelling: each for each in reversed(EXONYMS) for spelling in (*each.chinese, *each.english)
}
FAMOUS_WORDS = frozenset(
    word.lower()
    for spelling in (*PLACES, *(spelling for each in EXONYMS for spelling in each.english))
    for word in re.findall(r"[^\W\d_]+", spelling)
)
"""The words of the English names, and of the places that are well known, in lower case."""
# The longest first: 印度尼西亚 is not 印度, and what is of South Korea not of Korea.
_LONGEST_FIRST = sorted(_BY_SPELLING, key=len, reverse=True)
_NAMES_ZH = [name for name in _LONGEST_FIRST if is_chinese(name)]
_NAMES_EN = [name for name in _LONGEST_FIRST if not is_chinese(name)]
_CHINESE = re.compile(rf"{_begins(_NAMES_ZH)}(?:{'|'.join(map(meant, _NAMES_ZH))})")
_ENGLISH = re.compile(rf"{_begins(_NAMES_EN)}(?<![\w-])(?:{'|'.join(map(re.escape, _NAMES_EN))})(?!\w)")


def named(text: str) -> list[Exonym]:
    """The names of the list that a text holds, in whichever language it is written, each once, in order."""
    return list(dict.fromkeys(_BY_SPELLING[found] for found in _spelled(text)))


def spellings(text: str) -> frozenset[str]:
    """How a text spells the names of the list that it holds."""
    return frozenset(_spelled(text))


def names_too(name: Exonym, held: frozenset[str], *, chinese: bool) -> bool:
    """Whether a text names the same, or what lies within it.

    Args:
        name: What is to be named.
        held: The spellings that the text holds.
        chinese: Whether it is a Chinese text, which need not say that it tells of China.
    """
    return (chinese and _UNSAID_ZH in name.chinese) or not held.isdisjoint(name.spellings)


def _spelled(text: str) -> list[str]:
    return [found.group() for pattern in (_CHINESE, _ENGLISH) for found in pattern.finditer(text)]

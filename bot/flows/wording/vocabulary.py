"""What readers call subjects, languages, kinds and styles, in English and Chinese. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import TypeVar

from storage.domain.annotations import Category
from storage.domain.digests import Style
from storage.domain.kinds import ArticleKind

_Meant = TypeVar("_Meant")


def _words(called: Mapping[_Meant, str]) -> dict[str, tuple[_Meant, ...]]:
    """What each word means; `called` has the words for one thing with strokes between them, in small letters."""
    return {word: (meant,) for meant, words in called.items() for word in words.split("|")}


SUBJECTS = _words(
    {
        Category.POLITICS: "politics|political|policy|政治|时政",
        Category.WORLD: "world|international|foreign|global|国际|世界|全球",
        Category.BUSINESS: "business|economy|economics|economic|finance|financial|markets|财经|经济|商业|金融",
        Category.TECHNOLOGY: "technology|tech|科技|技术",
        Category.SCIENCE: "science|sciences|科学",
        Category.HEALTH: "health|medicine|medical|健康|医疗|医药|卫生",
        Category.ENVIRONMENT: "environment|environmental|climate|环境|环保|气候",
        Category.SPORT: "sport|sports|体育|运动",
        Category.ENTERTAINMENT: "entertainment|showbiz|娱乐",
        Category.CULTURE: "culture|arts|art|文化|艺术",
        Category.CRIME: "crime|crimes|law|justice|法治|法律|犯罪",
        Category.EDUCATION: "education|schools|教育",
        Category.DISASTER: "disasters|disaster|weather|灾害|灾难|天气",
        Category.LIFESTYLE: "lifestyle|life|travel|food|生活",
        Category.OTHER: "other|everything else|其他|其它",
    }
)
WITHIN_SUBJECTS = _words(
    {
        Category.POLITICS: "elections|election|parliament|congress|选举|议会|国会",
        Category.WORLD: "diplomacy|foreign policy|外交",
        Category.BUSINESS: "stocks|shares|banks|banking|inflation|股市|股票|基金|银行|房地产|楼市",
        Category.TECHNOLOGY: "ai|artificial intelligence|chips|semiconductors|smartphones|software|robots|"
        "人工智能|芯片|半导体|手机|软件|机器人",
        Category.SCIENCE: "space|astronomy|physics|biology|archaeology|航天|天文|物理|生物|考古",
        Category.HEALTH: "vaccines|hospitals|疫苗|医院",
        Category.ENVIRONMENT: "wildlife|pollution|野生动物|污染",
        Category.SPORT: "football|soccer|basketball|tennis|cricket|rugby|baseball|hockey|golf|cycling|swimming|"
        "handball|volleyball|boxing|athletics|olympics|formula 1|nba|nfl|mlb|nhl|premier league|champions league|"
        "足球|篮球|网球|排球|乒乓球|羽毛球|棒球|橄榄球|高尔夫|游泳|田径|奥运|奥运会|中超|英超|欧冠|世界杯",
        Category.ENTERTAINMENT: "films|movies|cinema|celebrities|tv|television|pop music|电影|影视|明星|综艺|电视剧",
        Category.CULTURE: "books|literature|theatre|museums|opera|文学|戏剧|博物馆|书法",
        Category.EDUCATION: "universities|大学|高考",
        Category.DISASTER: "earthquakes|floods|storms|typhoons|地震|洪水|台风",
        Category.LIFESTYLE: "recipes|cooking|fashion|holidays|美食|时尚|旅游|旅行",
    }
)
"""What readers name of a subject, without naming it."""
LANGUAGES = _words(
    {
        "en": "english|en|英文|英语",
        "zh": "chinese|mandarin|zh|中文|汉语|华语",
        "de": "german|deutsch|德文|德语",
        "fr": "french|français|法文|法语",
        "es": "spanish|español|西班牙文|西班牙语",
        "it": "italian|意大利文|意大利语",
        "pt": "portuguese|葡萄牙文|葡萄牙语",
        "nl": "dutch|荷兰文|荷兰语",
        "ru": "russian|俄文|俄语",
        "ja": "japanese|日文|日语",
        "ko": "korean|韩文|韩语",
        "ar": "arabic|阿拉伯文|阿拉伯语",
        "hi": "hindi|印地文|印地语",
    }
) | {"中英文": ("zh", "en"), "中英双语": ("zh", "en"), "英中文": ("en", "zh")}
KINDS = _words(
    {
        ArticleKind.PAPER: "papers|paper|preprints|preprint|arxiv papers|research papers|scientific papers|studies"
        "|论文|预印本|文献",
        ArticleKind.POST: "posts|post|blogs|blog posts|blog|forum posts|博客|博文|帖子",
        ArticleKind.RELEASE: "releases|release|software releases|github releases"
        "|版本发布|软件发布|软件更新|版本更新|新版本",
    }
)
"""News are told apart where they are read: the word may say no more than what a digest is of."""
STYLES = _words(
    {
        Style.HEADLINES: "headlines|headline|titles|只看标题|标题",
        Style.BRIEF: "brief|briefly|short|one-liners|one line each|简短|简要|简略|一句话",
        Style.SUMMARIES: "summaries|summary|summarised|summarized|detailed|long|摘要|概要|详细|总结",
    }
)


_ABOUT_SUBJECT = re.compile(
    r"^(?:(?:in|on|about|for|of|the|all|only)\s+)*|\s+(?:news|stories|headlines|topics)$|(?:方面|领域|圈|界|类)?的?(?:新闻|热点)?$"
)


def subject_named(words: str) -> Category | None:
    """The subject that words are the name of: sport, in science, 体育新闻; `None` where they say anything else."""
    said = " ".join(words.split()).casefold()
    for each in (said, _ABOUT_SUBJECT.sub("", said)):
        # One of them or several: disaster, disasters; technologies.
        for name in (each, each.removesuffix("s"), f"{each}s", re.sub("ies$", "y", each)):
            if found := SUBJECTS.get(name):
                return found[0]
    return None


def any_of(words: Iterable[str]) -> str:
    """A pattern that finds one of the words, the longest that there is, in small letters."""
    return "|".join(_pattern(word) for word in sorted(words, key=len, reverse=True))


def _pattern(word: str) -> str:
    """Words of letters must end where they are said to; between others there is nothing to tell where one does."""
    return re.escape(word).replace(r"\ ", r"\s+") + ("(?![a-z])" if word[-1].isascii() else "")


_SUBJECTS = re.compile(rf"(?:(?:{any_of(SUBJECTS)})\s*)+")


def only_subjects(words: str) -> bool:
    """Whether words, in small letters, name subjects and nothing besides."""
    return _SUBJECTS.fullmatch(words) is not None or subject_named(words) is not None

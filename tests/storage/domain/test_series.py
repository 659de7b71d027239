from __future__ import annotations

import pytest

from storage.domain.series import is_instalment


@pytest.mark.parametrize(
    "title",
    [
        "Powerball winning numbers for Saturday, Nov. 29",
        "Mega Millions numbers for November 28: no winner",
        "Wordle hints and answer for puzzle 1,624",
        "NYT Connections hints and answers today",
        "Norvale weather forecast for Thursday",
        "Tomorrow's weather: clouds and a little rain",
        "ASX set to open lower as Wall Street slips",
        "The Lighthouse Keeper: Chapter 12",
        "股票行情快报：青禾股份（300999）8月4日主力资金净卖出636.34万元",
        "澜州控股（00999.HK）8月4日收盘涨0.85%",
        "8月7日基金净值：霖屿稳健混合A最新净值1.0056，跌0.34%",
        "福彩双色球第2026091期开奖，红球号码公布",
        "澜州今明两天天气预报",
        "今日天气：多云转晴",
        "长篇小说《渡口》连载（十二）",
        "历史课（第249讲）：运河的由来",
        "每周专栏：读者来信",
        "一周星座运势",
        "重要内容提示：澜州环保股份有限公司控股股东持有公司股份",
        "澜州海立（集团）股份有限公司 关于选举职工代表监事的公告",
    ],
)
def test_one_of_many_by_the_same_pattern_is_known_by_its_title(title: str) -> None:
    assert is_instalment(title)


@pytest.mark.parametrize(
    "title",
    [
        "Powerball jackpot climbs to $1 billion after no winner",
        "Lottery winner gives numbers of dead brother's locker",
        "Weather forecast: holiday weekend to see floods and flight delays",
        "Tomorrow's weather satellite launch is called off",
        "Shares in Halvorsen fall 12% after profit warning",
        "Company files for Chapter 11",
        "Connections between donors and minister revealed",
        "Lake Airlines files for bankruptcy (Chapter 11)",
        "Lake Airlines: Chapter 11",
        "Mayor and rival: chapter two",
        "Weather forecast for Oster as Hurricane Mina nears",
        "Saturday's weather: seven dead in flash floods",
        "Wall Street shares at the close: worst day since 1987",
        "FTSE set to fall as war breaks out in Sarenia",
        "Powerball winning numbers drawn Saturday: $1.3 billion jackpot won in Tanholm",
        "Crossword fans protest as paper drops its puzzle",
        "惠陶集团股价放量闪崩，收盘跌97%",
        "据报道（新华社）8月1日报道，多地发生枪击",
        "双色球开出10亿元大奖，得主现身",
        "天气预报主持人退休，观众不舍",
        "中央气象台发布台风红色预警",
        "连载小说作者起诉平台侵权",
        "基金净值造假，三家公司被罚",
        "主力资金大幅撤离地产股",
        "专栏作家王宁被捕",
        "澜州环保股份有限公司董事长被带走调查",
        "金价创历史新高",
        "今日金价突破1000元",
        "今日油价迎年内最大涨幅",
        "周末天气：暴雨致三人死亡",
        "澜州股份有限公司关于董事长被捕的公告",
        "村官贪污案（三讲）",
    ],
)
def test_news_of_such_a_thing_is_none(title: str) -> None:
    assert not is_instalment(title)

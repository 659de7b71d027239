from __future__ import annotations

import pytest

from tests.flows.edition import talk

# Near a story of the sample edition, and not in it: another place, person, thing or event.
NOT_IN_IT = """
Who won the chess world championship?
When does line 4 of the Paris metro open?
Who won the presidential election in Norvale?
How strong was the earthquake in Japan?
Who is the president of France?
How much did Tesla's battery plant cost?
What did the Bank of England do with its interest rate?
Who won the World Cup?
How many people died in the earthquake in Turkey?
When will the iPhone 19 be released?
Who builds the ferries for Lake Geneva?
What is the inflation rate in Germany?
How well does the malaria vaccine work?
Who won the Nobel Prize in physics?
How many medals did China win at the Olympics?
What does Linux 7.0 add?
When is the rail strike in Britain?
What did Elon Musk say about batteries?
How fast is Quillon's M9 chip?
Which team won the Champions League?
How much does the Heron museum ticket cost?
Who was elected mayor of Marrowgate?
When was the battery plant in Velin opened?
Who discovered the new comet at Mount Palomar?
How many goals did Lionel Messi score?
Why did the prime minister of Sarenia resign?
How many people were killed in the plane crash?
What did Apple announce this week?
北京地铁4号线什么时候开通？
上海地铁票价多少？
青州地铁4号线有多少座车站？
地铁十二号线什么时候开通？
澜州地铁十二号线什么时候开通
台风“杜苏芮”在哪里登陆？
谁获得了诺贝尔文学奖？
日本发生了几级地震？
比亚迪收购了哪家公司？
哈雷彗星什么时候回归？
微信发布了什么新功能？
华为发布了什么新手机？
美国总统选举谁赢了？
澜州地铁9号线什么时候开通？
世界杯决赛谁赢了？
法国的通货膨胀率是多少？
四川地震有多少人受伤？
谁拿了金球奖最佳电影？
特斯拉机器人的定价是多少？
广州白云机场客流量有多少？
台风“海葵”转移了多少人？
青禾银行的利润是多少？
WPS发布了什么版本？
国家天文台的望远镜有多大？
"""
IN_IT = """
How strong was the Kestrel Bay earthquake?
How many people were hurt in the Kestrel Bay earthquake?
Who won the presidential run-off in Sarenia?
Who won the election in Sarenia?
Who builds the ferries for Lake Oster?
What did the Bank of Norvale do with its interest rate?
How much did the Brightwater battery plant cost?
What is Heron 4.0?
What's new in Heron 4.0?
How well does the marsh fever vaccine work?
Who won the Lakes Cup?
Who scored the winning goal in the Lakes Cup final?
Why was the rail strike called off?
Who found the glass snail?
How deep does the glass snail live?
How much memory does the M7 chip have?
Who makes the M7 chip?
When do laptops with the M7 come out?
What is Lantern attention?
How many people work at Brightwater?
What was Sarenia's turnout?
When will Ilse Varga be sworn in?
What did Petra Oduya say?
How much is inflation in Norvale?
Why did the central bank raise rates?
Where did the earthquake happen?
How many aftershocks were there?
How many houses were damaged in Tanholm?
What did the drivers get?
How long does support for Heron version 2 last?
Who leads the marsh fever trial?
Which company makes the marsh fever vaccine?
Who is Magnus Halvorsen?
When will trains run between Tanholm and Port Ellery again?
澜州地铁4号线什么时候开通？
澜州地铁4号线有多少座车站？
澜州地铁4号线票价多少？
地铁4号线全长多少公里？
澜州地铁造价多少？
台风白鹭在哪里登陆？
台风“白鹭”转移了多少人？
霖屿有多少人受伤？
台风造成了多少经济损失？
岚江控股要收购哪家公司？
岚江控股收购青禾机器人花了多少钱？
青禾机器人发布了什么？
采摘机器人小满一小时能摘多少苹果？
小满卖多少钱？
谁发现了新彗星？
新彗星什么时候到达近日点？
望舒峰天文台的望远镜有多大？
《远灯》论文是谁写的？
竹简3.2有什么新功能？
竹简有多少用户？
凯斯特尔湾发生了几级地震？
诺维尔地震有多少人受伤？
霖屿市长是谁？
柚子树损失有多大？
沈知微是谁？
4号线首班车几点？
"""


@pytest.mark.parametrize("question", NOT_IN_IT.strip().splitlines())
async def test_a_question_near_a_story_is_refused_where_that_does_not_answer_it(question: str) -> None:
    (answer,) = await talk(question)

    assert answer.refused


@pytest.mark.parametrize("question", IN_IT.strip().splitlines())
async def test_a_question_a_story_answers_is_not_refused(question: str) -> None:
    (answer,) = await talk(question)

    assert not answer.refused


@pytest.mark.parametrize(
    ("asked", "holds"),
    [
        ("What about 澜州地铁4号线?", "4号线"),
        ("When does 澜州地铁4号线 open?", "11月21日"),
        ("Who is 秦望一?", "秦望一"),
        ("Where did 台风白鹭 land?", "石榴湾"),
    ],
)
async def test_an_english_question_on_a_chinese_name_is_answered(asked: str, holds: str) -> None:
    (answer,) = await talk(asked)

    assert holds in answer.text


@pytest.mark.parametrize("asked", ["What about 北京地铁4号线?", "When does 澜州地铁9号线 open?", "Who is 李明浩?"])
async def test_an_english_question_on_another_chinese_name_is_refused(asked: str) -> None:
    (answer,) = await talk(asked)

    assert answer.refused

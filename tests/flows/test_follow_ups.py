from __future__ import annotations

import pytest

from tests.flows.edition import talk

# The first question, what is asked on, and what the answer to that holds, over the sample edition.
ASKED_ON = """
How strong was the Kestrel Bay earthquake? | and where was the epicentre? | south-west of the town of Tanholm
How many people were hurt in the Kestrel Bay earthquake? | and what was the magnitude? | magnitude
How many people were hurt in the Kestrel Bay earthquake? | How many houses were damaged? | 640 damaged houses
How strong was the Kestrel Bay earthquake? | How many people died in the Kestrel Bay quake? | No deaths
How many houses were damaged? | How many people were hurt in the Kestrel Bay quake? | 57
What was the magnitude of the Kestrel Bay earthquake? | Were there aftershocks? | 112 so far or should be expected
What was the magnitude of the Kestrel Bay earthquake? | When will trains run again? | Tuesday
Who won the presidential run-off in Sarenia? | How old is she? | Varga, 54
Who won the presidential run-off in Sarenia? | and what was the turnout? | 71 percent
Who won the presidential run-off in Sarenia? | When will she be sworn in? | 8 January
Who won the presidential run-off in Sarenia? | What did she promise? | promise
Who builds the ferries for Lake Oster? | How much do they cost? | million crowns
Who builds the ferries for Lake Oster? | How many passengers does each carry? | 220 passengers
Who builds the ferries for Lake Oster? | Who lost the bid? | Corvane
Who builds the ferries for Lake Oster? | Who opposed it? | Petra Oduya
What did the Lake Oster council vote on? | Who opposed it? | Petra Oduya
What did the Bank of Norvale do with its interest rate? | Why? | Inflation was 4.1 percent or price of heating gas
What did the Bank of Norvale do with its interest rate? | When is the next meeting? | 19 January
How much did the Brightwater battery plant cost? | And how many people will work there? | 1,150 people
Did the Bank of Norvale change its interest rate? | Why? | heating gas or Inflation
What is Heron 4.0? | What are the breaking changes? | breaking changes
How well does the marsh fever vaccine work? | What about side effects? | Side effects were mostly mild
How well does the marsh fever vaccine work? | How much will a dose cost? | 40 crowns
Who won the Lakes Cup? | Who scored the winner? | Noor Valdez
Who won the Lakes Cup? | Who was sent off? | Brandt was sent off
Who won the Lakes Cup? | How many spectators were there? | 41,300
What did train drivers get in the rail deal? | And who leads the union? | Brigid Anselm
Who found the glass snail? | How deep does it live? | 4,120 metres
Who found the glass snail? | and what is the species called? | Vitrina quistae
澜州地铁4号线什么时候开通？ | 票价多少？ | 起步价2元
澜州地铁4号线什么时候开通？ | 有多少座车站？ | 座车站
澜州地铁4号线什么时候开通？ | 首班车几点？ | 首班车6时
澜州地铁4号线什么时候开通？ | 总投资是多少？ | 186亿元 or 190亿元
澜州地铁4号线有多长？ | 最高时速呢？ | 最高时速100公里
台风白鹭在哪里登陆？ | 转移了多少人？ | 转移群众4.3万人 or 转移5.1万人
台风白鹭在哪里登陆？ | 经济损失有多大？ | 6.8亿元
台风白鹭在哪里登陆？ | 有多少人受伤？ | 受轻伤 or 23人受伤
谁发现了新彗星？ | 什么时候肉眼可见？ | 2027年2月17日 or 用肉眼就能看到
谁发现了新彗星？ | 她今年多大？ | 22岁
岚江控股要收购哪家公司？ | 多少钱？ | 74亿元
岚江控股要收购哪家公司？ | 为什么要收购？ | 收购是为了
青禾机器人发布了什么？ | 定价多少？ | 26.8万元
青禾机器人发布了什么？ | 它能摘柚子吗？ | 柚子
竹简3.2有什么新功能？ | 有多少用户？ | 46万用户
竹简3.2有什么新功能？ | 下一版什么时候发布？ | 明年5月
《远灯》论文是谁写的？ | 错误率是多少？ | 11.8%
What happened in Kestrel Bay? | How deep was it? | 14 kilometres
What happened in Kestrel Bay? | and what did the mayor ask for? | 25 million crowns
What is the M7 chip? | Who makes it? | Straits Foundry
What is the M7 chip? | How much memory does it have? | 64 gigabytes
What is the M7 chip? | When do the laptops come out? | February 2027
What is the M7 chip? | and the price? | 14,900 crowns
Why was the rail strike called off? | How much does it cost the railway? | 310 million crowns
Why was the rail strike called off? | When do members vote? | 11 December
Why was the rail strike called off? | How long was the last one? | three days
What is Lantern attention? | What are its weaknesses? | weaknesses
Who won the Lakes Cup? | and who is their coach? | Dagny Holm or Aurelio Stam
Who is Ilse Varga? | How many votes was she ahead by? | 164,000
What does Heron 4.0 add? | Which systems does it run on? | Linux
What did the vaccine trial find? | Who makes it? | Corvid Biologics
《远灯》论文讲了什么？ | 代码公开了吗？ | 代码已经公开
竹简3.2发布了什么？ | 谁在维护？ | 志愿小组 or 阮清和
竹简3.2发布了什么？ | 支持手写识别吗？ | 手写识别
望舒峰天文台有什么发现？ | 望远镜有多大？ | 2.5米
诺维尔发生了几级地震？ | 有人死亡吗？ | 没有人员死亡
诺维尔发生了几级地震？ | 铁路什么时候恢复？ | 17日恢复
诺维尔发生了几级地震？ | 那学校呢？ | 停课两天
澜州地铁4号线什么时候开通？ | 造价为什么增加？ | 保护三处古井
澜州地铁4号线什么时候开通？ | 末班车呢？ | 末班车
岚江控股为什么收购青禾？ | 分析师怎么看？ | 价格偏高
岚江控股为什么收购青禾？ | 董事长是谁？ | 杜承岳
"""
# What the story does not say.
NOT_SAID = """
Who won the presidential run-off in Sarenia? | Who is her husband?
Who won the Lakes Cup? | How much did its tickets cost?
How strong was the Kestrel Bay earthquake? | and what about the volcano?
Who builds the ferries for Lake Oster? | What colour are they?
How much did the Brightwater battery plant cost? | And who designed the building?
澜州地铁4号线什么时候开通？ | 司机工资是多少？
台风白鹭在哪里登陆？ | 海啸呢？
谁发现了新彗星？ | 彗星有多重？
岚江控股要收购哪家公司？ | 总部在哪里？
Who won the Lakes Cup? | What was the weather like?
Who is Ilse Varga? | Where did she study?
What does Heron 4.0 add? | What licence does it have?
竹简3.2发布了什么？ | 售价多少？
台风白鹭在哪里登陆？ | 救援队有几支？
"""


def rows(table: str) -> list[list[str]]:
    return [[field.strip() for field in line.split(" | ")] for line in table.strip().splitlines()]


@pytest.mark.parametrize(("first", "then", "holds"), rows(ASKED_ON))
async def test_what_is_asked_on_is_answered_and_not_the_first_question_again(first: str, then: str, holds: str) -> None:
    _, answer = await talk(first, then)

    assert any(words in answer.text for words in holds.split(" or "))


@pytest.mark.parametrize(("first", "then"), rows(NOT_SAID))
async def test_what_the_story_does_not_say_is_refused(first: str, then: str) -> None:
    before, answer = await talk(first, then)

    assert not before.refused
    assert answer.refused


async def test_a_thread_of_questions_keeps_its_story() -> None:
    answers = await talk(
        "Who won the presidential run-off in Sarenia?", "and the turnout?", "When will she be sworn in?"
    )

    assert "71 percent" in answers[1].text
    assert "8 January" in answers[2].text


async def test_a_follow_up_that_was_made_whole_is_kept_as_it_was_written() -> None:
    first, second = await talk("Did the Bank of Norvale change its interest rate?", "Why?")

    assert second.question.text == "Why?"
    assert second.question.standalone == "Why did the Bank of Norvale change its interest rate?"
    assert second.question.follows == first.turn


async def test_the_first_answer_is_not_given_again_where_the_story_says_more() -> None:
    first, second = await talk("澜州地铁4号线什么时候开通？", "票价多少？")

    assert second.sentences[0].text not in first.text
    assert "起步价2元" in second.sentences[0].text


@pytest.mark.parametrize(
    ("first", "then"),
    [
        ("Who won the Lakes Cup?", "Who won the chess world championship?"),
        ("What happened in Kestrel Bay?", "What is the weather tomorrow?"),
        ("Who won the presidential run-off in Sarenia?", "How much does a litre of milk cost?"),
        ("澜州地铁4号线什么时候开通？", "谁赢得了国际象棋世界冠军？"),
        ("台风白鹭在哪里登陆？", "明天天气怎么样？"),
        ("澜州地铁4号线什么时候开通？", "北京地铁的票价多少？"),
        ("澜州地铁4号线什么时候开通？", "那十二号线呢？"),
        ("Who won the presidential run-off in Sarenia?", "And in Norvale?"),
        ("Who builds the ferries for Lake Oster?", "And who builds them for Lake Geneva?"),
    ],
)
async def test_a_question_on_something_else_is_not_answered_from_the_story_before(first: str, then: str) -> None:
    _, answer = await talk(first, then)

    assert answer.refused


@pytest.mark.parametrize(
    ("first", "then", "holds"),
    [
        ("Who won the Lakes Cup?", "Who won the presidential run-off in Sarenia?", "Ilse Varga"),
        ("澜州地铁4号线什么时候开通？", "谁发现了新彗星？", "秦望一"),
    ],
)
async def test_a_question_on_another_story_is_answered_from_that(first: str, then: str, holds: str) -> None:
    _, answer = await talk(first, then)

    assert holds in answer.text

from __future__ import annotations

import pytest

from bot.flows.evidence import words_told
from bot.flows.statements import said_to_do


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("I'm a chip engineer, I follow semiconductors and AI.", "chip engineer|semiconductors|AI"),
        ("I am a policy analyst: EU energy policy, carbon pricing", "policy analyst|EU energy policy|carbon pricing"),
        ("Hi! I’m a biologist and I mostly read about genetics", "biologist|genetics"),
        ("I'm a lawyer interested in privacy but not in crime", "lawyer|privacy"),
        ("I'm a dad who loves cycling", "cycling"),
        ("I'm Anna, I follow chess", "chess"),
        ("I'm from Berlin and follow German politics", "German politics"),
        ("I'm a huge football fan", "football"),
        ("I'm a big tennis fan and I follow the Premier League", "tennis|Premier League"),
        ("I'm a student of physics", "physics"),
        ("I'm an engineer working on batteries", "batteries"),
        ("I work as a climate scientist", "climate scientist"),
        ("I work as a nurse and care about health policy", "nurse|health policy"),
        ("hello, i work in finance and follow central banks", "finance|central banks"),
        ("I do research on protein folding", "protein folding"),
        ("I cover the Middle East", "Middle East"),
        ("As a doctor I care about vaccines", "doctor|vaccines"),
        ("Lawyer, interested in antitrust", "antitrust"),
        ("My interests are chips and theme parks", "chips|theme parks"),
        ("Topics I care about: climate, energy", "climate|energy"),
        ("我是一名芯片工程师，关注半导体", "芯片工程师|半导体"),
        ("你好，我是记者，主要关注中东局势", "中东局势"),
        ("我是足球迷", "足球"),
        ("我是篮球迷，也喜欢网球", "篮球|网球"),
        ("我是做新能源的，关心锂价和光伏", "新能源|锂价|光伏"),
        ("我学法律，对反垄断感兴趣", "反垄断"),
        ("我在做能源政策研究", "能源政策"),
        ("我从事半导体行业，关心出口管制", "半导体|出口管制"),
        ("我平时喜欢看航天和人工智能", "航天|人工智能"),
        ("兴趣：足球、芯片", "足球|芯片"),
    ],
)
def test_who_introduces_themselves_tells_what_they_care_about(text: str, told: str) -> None:
    command, words = said_to_do(text) or ("", "")

    assert command == "interests"
    assert "|".join(each for each in words_told(words) if each != "crime") == told


@pytest.mark.parametrize(
    "text",
    [
        "I'm Anna",
        "I'm sorry, I follow you",
        "I'm in Berlin",
        "I'm a new user",
        "I'm a reader",
        "I'm a bit confused, what happened in Geneva",
        "I'm a chip engineer, I follow semiconductors. What is new?",
        "I am looking for the score",
        "I'm an American who can't vote",
        "I'm a citizen of Norvale, can I vote?",
        "I work from home",
        "I work here",
        "I work in shifts",
        "I work as a nurse",
        "interest rates in Norway",
        "Topics of the G20 summit",
        "My interest rate went up",
        "我是谁",
        "我是小明",
        "我在北京",
        "我是做什么的",
        "我喜欢你",
    ],
)
def test_who_says_who_they_are_alone_tells_nothing(text: str) -> None:
    assert said_to_do(text) is None

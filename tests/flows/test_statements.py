from __future__ import annotations

import pytest

from bot.flows.evidence import of_telling
from bot.flows.statements import changes_digests, make_ready, said_to_do, tells_of_interests, wishes_for_digests
from bot.flows.wording.reading import PIECES
from storage.domain.people import ReaderId
from tests.bot.terminal.fakes import NOON


@pytest.mark.parametrize(
    "text",
    [
        "I'm interested in space",
        "I am really into chip design and EU policy",
        "I follow EU energy policy, no football please",
        "I don't care about football",
        "I don’t want to hear about celebrities",
        "我关心芯片和足球，不想看娱乐新闻",
        "我对航天感兴趣",
        "I want to hear about football again",
        "我又想看足球了",
        "no football please",
        "No more news about celebrities",
        "我不要看娱乐新闻",
        "I like football",
        "I really love opera and ferries.",
        "我喜欢足球",
        "我很喜欢天文和考古",
    ],
)
def test_what_says_what_somebody_cares_about(text: str) -> None:
    assert tells_of_interests(text)


@pytest.mark.parametrize(
    "text",
    [
        "send me a digest every morning at eight",
        "Please, send me the news every day at 8 in Beijing",
        "send me headlines at 7:30 on weekdays",
        "stop the digests",
        "set my timezone to Berlin",
        "My time zone is UTC+8",
        "我的时区是北京",
        "把我的时区改成东京",
        "no more digests please",
        "每天晚上九点给我发新闻",
        "请每天早上七点半推送简报",
        "别再发简报",
        "别再给我发了",
        "stop",
        "Please stop.",
        "停",
        "不用再推送了。",
        "send me chip news at 7:30, not on weekends",
        "Send me technology news every morning at 7:30",
        "Could you send me chip news every day at 8?",
        "I want chip news at 7:30",
        "Hello! Send me chip news at 7:30",
        "我想每天8点看芯片新闻",
        "I'd like news about chips on weekdays",
        "text me sports headlines at 18:00 every Friday",
        "工作日早上7点半给我发芯片新闻",
        "7:30给我发芯片新闻，周末不要",
        "给我发关于芯片的新闻，每天8点",
        "能不能每天早上8点给我发芯片新闻？",
        "send me every weekday morning at half past seven a short digest with only chip news, nothing at weekends",
        "could you get me each Friday evening at six an overview of business news?",
        "每天早上七点半发一份简短的简报给我，只要科学和芯片新闻，用英文，周末不要",
        "我希望每天早上收到科技新闻，周日不要",
        "每天晚上七点给我发最值得看的六条",
        "每天中午推送最热门的6条",
        "每天早上九点推送我常看的板块",
        "每天早上推送昨天的重点",
        "每天晚上八点给我发非洲的体育",
        "每天中午推送亚洲的体育",
        "每天早上八点发给我芯片的行情",
        "resume my digests",
        "turn off the digest",
        "send me chip news on Mondays",
        "每天8点的新闻发给我",
        "周末给我发新闻",
    ],
)
def test_what_says_how_somebody_wants_digests(text: str) -> None:
    assert wishes_for_digests(text)
    assert not tells_of_interests(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "I follow the dam story, who resigned?",
        "Who is interested in space?",
        "What do I care about?",
        "send me the news about the dam",
        "Did the strike stop the digests of the agency?",
        "每天有多少人死于车祸？",
        "我国关注哪些问题",
        "no more strikes in Oster",
        "Who sent news to the minister at 7:30?",
        "Could you send me the news about the dam?",
        "Did they send me news every day at 8?",
        "send me news about each candidate",
        "I want to know who sent the news",
        "早上7点发生了什么新闻",
        "早上7点火箭发射了吗？",
        "每天都发生新闻",
        "每天傍晚六点推送警报的县城",
        "每天推送天气的软件",
        "能给我讲讲水坝的新闻吗？",
        "I follow " + "x" * 200,
        "I like it",
        "I love this bot!",
        "I like how you answer",
        "I like your answers",
        "I like football, who won?",
        "我喜欢你",
        "我喜欢这条新闻",
        # What asks for the news of a time asks once.
        "给我周末的新闻",
        "give me a summary of Monday",
        "give me the news of the weekend",
        "给我周一的新闻",
        "周一发的新闻",
        "给我8点的新闻",
        "给我昨晚8点30分的新闻",
        "周末的新闻给我看看",
        "7:30的新闻发给我",
        "I want an overview of the weekend",
        "I want a summary of the 8 o'clock news",
        "I want news of the 9am attack",
        "get me the update from Friday",
        "give me news about the Daily Mail",
        "give me news of every day life",
        "show me less known facts about Trump",
        "less is more, please",
        "我想看今天的新闻",
        "less expensive phones, please",
        "I want to hear more about what happened in Gaza",
        "I want to read about who won the cup",
    ],
)
def test_what_is_neither(text: str) -> None:
    assert not tells_of_interests(text)
    assert not wishes_for_digests(text)
    assert not changes_digests(text)


@pytest.mark.parametrize(
    "text",
    [
        "also at 9pm",
        "quiet 22-7, Berlin",
        "免打扰 22:00-7:00",
        "not on fridays",
        "only at weekends, please",
        "move it to 9",
        "make it 8 items",
        "周五不要",
        "改到8点",
        "晚上九点也要",
        "只在工作日发",
        "only science",
        "only science and technology",
        "只要科技",
        "up to 8 items",
        "最多10条",
        "headlines only",
        "only from Reuters",
        "silent when empty",
        "没有新内容就别发",
        # Refused as what is no hour.
        "move 8 to 25:00",
    ],
)
def test_what_says_alone_how_digests_are_to_be_otherwise(text: str) -> None:
    assert changes_digests(text)


@pytest.mark.parametrize(
    "text",
    [
        "Friday",
        "Strikes on Fridays",
        "at 9pm what happened?",
        "Not on Fridays: church limits bell ringing",
        "weekend news",
        "technology",
        "headlines",
        "周五",
        "周五发生了什么",
        "周末不休息的医院",
        "改到8点上班 多地学校调整",
        "Quiet streets of Berlin",
        "免打扰模式怎么开",
        "only on weekdays?",
        "three stories",
        "noon",
        "9:11",
        "5条",
        "12点",
        "at 9",
        "Not science",
        "pause for thought",
        "make it weekly or monthly, unions demand",
    ],
)
def test_what_only_names_a_day_or_an_hour_changes_none(text: str) -> None:
    assert not changes_digests(text)


@pytest.mark.parametrize(
    "text",
    [
        "alerts on",
        "turn breaking news off",
        "no breaking news please",
        "no more alerts",
        "send me breaking news at once",
        "突发新闻提醒打开",
        "不要突发新闻",
    ],
)
def test_whoever_says_so_alone_gets_breaking_news_or_none(text: str) -> None:
    assert said_to_do(text) == ("digest", text)


@pytest.mark.parametrize(
    "text",
    ["breaking news", "send me breaking news", "breaking news on the flood", "取消航班", "Breaking news: no deal"],
)
def test_breaking_news_that_are_asked_for_are_no_wish_for_them(text: str) -> None:
    assert said_to_do(text) is None


@pytest.mark.parametrize(
    ("text", "kind", "words"),
    [
        ("我想看更多关于地铁的新闻", "told", "地铁"),
        ("I'd like to see more about the metro", "told", "metro"),
        ("I want to see more news about wind power, please", "told", "wind power"),
        ("多推一些航天新闻", "told", "航天"),
        ("less football please", "less", "football"),
        ("少推娱乐新闻", "less", "娱乐"),
        ("股市新闻少推一点", "less", "股市"),
        ("I hate sport", "muted", "sport"),
        ("not interested in sport", "muted", "sport"),
        ("less business news", "less", "business"),
        ("少看体育", "less", "体育"),
        ("can I have less politics", "less", "politics"),
        ("Not interested in gossip", "muted", "gossip"),
        ("I'm really not into boxing", "muted", "boxing"),
        ("对赛车没兴趣", "muted", "赛车"),
        ("please show me more wine news in future", "told", "wine"),
        ("more sport from now on, please", "told", "sport"),
        ("多来点科学", "told", "科学"),
    ],
)
def test_more_or_less_of_something_is_an_interest_in_that(text: str, kind: str, words: str) -> None:
    assert said_to_do(text) == ("interests", text)
    first, *others = of_telling(ReaderId("terminal:ada"), text, NOON)
    assert (first.kind, first.text, others) == (kind, words, [])


@pytest.mark.parametrize(
    "text",
    [
        "I want to know more about the treaty",
        "Less rain expected in the south",
        "fewer flights this summer",
        "more about the ferry accident",
        "Not interested in peace, says Strand",
        "对判决不服的人",
        "多给年轻人机会",
        "少推卸责任 市长回应",
        "less business travel hurts airlines",
        "少看新闻",
        "Not interested in sport, says minister",
        "我想了解加息的影响",
        "Not interested in a deal says the minister",
        "Not interested in power Strand said",
        "I've had enough of this app",
        "I've had enough of your service",
        "I have had enough of hearing about it",
        "I've had enough of these",
        "could I have fewer articles each time",
        "can I get less news per day",
        "can I have less per day",
        "not interested in the digest",
        "not interested in that",
        "对您不感兴趣",
        "对它没兴趣",
        "对那个机器人没兴趣",
        "对日报没兴趣",
    ],
)
def test_more_or_less_in_the_news_is_none(text: str) -> None:
    assert said_to_do(text) is None


ORDERED = {
    "unmute football": ("boost", "football"),
    "取消屏蔽足球": ("boost", "足球"),
    "follow the ferries": ("follow", "ferries"),
    "关注地铁4号线": ("follow", "地铁4号线"),
    "stop following chip exports": ("unfollow", "chip exports"),
    "取消关注地铁4号线": ("unfollow", "地铁4号线"),
    "unfollow the ferries": ("unfollow", "ferries"),
    "mute celebrities": ("mute", "celebrities"),
    "I've had enough of tennis": ("mute", "tennis"),
    "屏蔽娱乐新闻": ("mute", "娱乐"),
    "Please follow the Kestrel Bay earthquake.": ("follow", "Kestrel Bay earthquake"),
    "keep me posted on the dam": ("follow", "dam"),
    "请持续关注大坝修复": ("follow", "大坝修复"),
    "不再关注足球": ("unfollow", "足球"),
    "follow the story of the rail strike": ("follow", "rail strike"),
    "follow this": ("follow", ""),
    "追踪芯片出口限制": ("follow", "芯片出口限制"),
    "别再给我看明星八卦": ("mute", "明星八卦"),
    "stop showing me football": ("mute", "football"),
    "Can you follow the sodium battery plant for me?": ("follow", "sodium battery plant"),
    "I want to follow the Lakes Cup": ("follow", "Lakes Cup"),
    "follow news about EU chips": ("follow", "EU chips"),
    "Follow Halvorsen Marine!": ("follow", "Halvorsen Marine"),
    "帮我关注一下湖畔渡轮": ("follow", "湖畔渡轮"),
    "跟踪欧洲能源政策": ("follow", "欧洲能源政策"),
    "取关芯片出口": ("unfollow", "芯片出口"),
    "别再关注大坝了": ("unfollow", "大坝"),
    "don't follow the strike any more": ("unfollow", "strike"),
    "please stop following that": ("unfollow", ""),
    "屏蔽足球": ("mute", "足球"),
    "别再推荐足球": ("mute", "足球"),
    "不要给我看股市消息": ("mute", "股市"),
    "Mute football news please": ("mute", "football"),
    "never show me celebrity gossip": ("mute", "celebrity gossip"),
    "notify me about the Tanholm repairs": ("follow", "Tanholm repairs"),
    "follow Manchester United": ("follow", "Manchester United"),
    "follow the war in Sudan": ("follow", "war in Sudan"),
    "别给我发体育了": ("mute", "体育"),
    "关注中国队比赛结果": ("follow", "中国队比赛结果"),
}


@pytest.mark.parametrize("text", ORDERED)
def test_what_is_to_be_followed_or_muted_is_done_without_a_slash(text: str) -> None:
    assert said_to_do(text) == ORDERED[text]


@pytest.mark.parametrize(
    "text",
    [
        "Follow-up on the ferries?",
        "Which follow the rules on emissions",
        "关注的焦点是什么",
        "关注度最高的新闻",
        "Following the ferry order, what did the council say",
        "Who should follow the new chip rules",
        "Mute swans: why are they culled?",
        "Did they follow the advice?",
        "follow",
        "Follow up: what did the union get?",
        "What follows the strike",
        "关注哪些问题",
        "屏蔽信号的设备是谁造的",
        "跟踪调查显示了什么？",
        "Unfollowed by whom on social media",
        "Follow me",
        "Follow me on Twitter",
        "unfollow all of them",
        "Mute swans found dead at lake",
        "Mute swan attacked by dog",
        "Mute button removed from app",
        "Follow the leader dies at 90",
        "Follow the money: bank sued",
        "关注我",
        "屏蔽你",
        "屏蔽了",
        "跟踪狂被捕",
        "追踪到嫌疑人了",
        "跟踪案嫌犯落网",
        "订阅用户增加",
        "followers of the bishop protest",
        "为什么大家都关注地铁4号线",
        "Stop following the rules and what happens",
        "mute",
    ],
)
def test_what_only_speaks_of_following_is_no_order(text: str) -> None:
    assert said_to_do(text) is None


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("in Chinese please", "zh"),
        ("Please answer in English.", "en"),
        ("Can you speak Chinese?", "zh"),
        ("用中文", "zh"),
        ("请用英语回答", "en"),
        ("说英文", "en"),
    ],
)
def test_what_says_which_language_to_speak(text: str, language: str) -> None:
    assert said_to_do(text) == ("lang", language)


@pytest.mark.parametrize(
    "text", ["news in Chinese", "Who spoke in Chinese?", "in Chinese waters", "用中文写的书", "说中文的国家"]
)
def test_what_only_speaks_of_a_language_tells_nothing_of_it(text: str) -> None:
    assert said_to_do(text) is None


def test_nobody_waits_for_what_wishes_are_understood_by() -> None:
    make_ready()
    assert all("pattern" in vars(each) for each in PIECES)

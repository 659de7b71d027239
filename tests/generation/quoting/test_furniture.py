from __future__ import annotations

import pytest

from generation.quoting.furniture import cries, furniture, of_writer


@pytest.mark.parametrize(
    "line",
    [
        "Ada Holm/Norpix/Halden Students stand before the closed library in Kell.",
        "Ada Holm/AP Rescuers search the river Osk for the missing boat.",
        "Rescuers search the river Osk on Friday. Ada Holm/Reuters",
        "KELL, NORVALE - MARCH 12: Mayor Linnea Strand gestures during a council meeting.",
        "Strand, left, and Magnus Halvorsen, of the shipyard, shake hands over the order.",
        "Ferries wait in the harbour of Port Ellery at dawn in March 2021.",
        "Mayor Linnea Strand waves to the crowd in Kell on March 3, 2026.",
        "A ferry is displayed on the quay of Kell on March 14, 2026.",
        "Mayor Linnea Strand cheering in Port Ellery after the order was signed in March 2021.",
        "From left are Mayor Linnea Strand, Magnus Halvorsen and Petra Oduya.",
        "Here's everything to know about the ferries, and how to watch the first one leave.",
        "Politics:Mayor Strand wants a second order of ferries",
        "If you have no time today, let us introduce you to your new favourite five minutes.",
        "On today's episode of the Harbour podcast: who pays for the ferries.",
        "Good morning, readers of the Courier!",
        "Editor's note: what follows was updated on Friday.",
        "For information about who funds these reports, see below.",
        "Follow our live coverage of the flood.",
        "The Courier has reached out to Halvorsen Marine for comment.",
        "The yard did not respond to multiple requests for comment.",
        "Get the latest on the ferries in your inbox.",
        "Explore the lake with news on what lives in it.",
        "Ada Holm is a columnist and the author of three books on lakes.",
        "Discover the best of the lake in one letter every week.",
        "Image credit: Ada Holm, Kell bridge.",
        "Photo courtesy of the harbour office.",
        "Pictured: firefighters on the quay of Kell.",
        "Story continues below.",
        "Have you got a story? Email us.",
        "Email us.",
        "Please enter your email address to go on.",
        "Here’s everything you need to know: how to watch the first ferry leave.",
        "File photo: the yard in Kell.",
        "Watch the full interview: the mayor speaks on ferries.",
        "▲资料图片：2022年8月7日，一艘渡轮驶过奥斯特湖。",
        "图为工人在湖边检查新渡轮。",
        "渡轮停在埃勒里港码头（资料图）",
        "市长琳娜（左）与船厂负责人马格（右二）握手。",
        "新渡轮首航瞬间。",
        "3月3日，埃勒里港，渡轮船员在首航前合影。",
        "当地时间2026年3月3日，埃勒里港，一艘渡轮驶出码头。",
        "渡轮入水现场图。",
        "张安、李平/新华社",
        "欢迎关注本报，获取更多湖区消息。",
        "具体开船时间请关注码头公告。",
        "资金流向名词解释：指通过价格变化反推的流向。",
        "本公司董事会保证公告内容的真实、准确和完整。",
        "广告 老船长的秘密 ×奥斯特湖迎来新渡轮",
        "各位读者，早上好。",
    ],
)
def test_what_is_of_the_page_is_furniture(line: str) -> None:
    assert furniture(line)


@pytest.mark.parametrize(
    "line",
    [
        "The council of Kell voted on March 3, 2026, to buy six ferries.",
        "Pfizer/Norvax said its vaccine protects children.",
        "The Liberal/Centre coalition in Norvale fell apart on Monday.",
        "From left to right the parties agreed on a budget.",
        "The left, which lost in May, and the right agreed on a budget.",
        "The yard left Kell, and right after that the shop closed.",
        "The observatory in Heron is a research centre of the state.",
        "Editors of the Courier went on strike over pay on Friday.",
        "Subsidies for ferries ended in March 2021, the ministry said.",
        "The last episode of the series drew four million viewers.",
        "Welcome rain fell on the fields around Kell on Friday.",
        "The photo shows how far the water rose, the police said.",
        "The yard did not respond to requests for help for three hours.",
        "Get the army out of Kell, councillors say.",
        "Receive the vaccine or lose the job, Kell tells its teachers.",
        "Good morning Norvale host Ann Lee died in Kell.",
        "Police asked for information about the missing boat on Friday.",
        "He had one wish:more ferries for the lake.",
        "The mood in the still-quiet yard was grim.",
        "Here's all you need to know: the dam broke at 4 a.m., killing 12.",
        "The hackers sent emails to their inbox asking for ransom.",
        "Police released file photo evidence of the suspect.",
        "Watch the minister's reaction: he resigned at noon.",
        "Users must provide your email address under the law, judges ruled.",
        "Photo by photo, the court went through the evidence.",
        "The image credited to Holm was sold for 4 million crowns.",
        "Pictured on the stamp is the first ferry of the lake.",
        "The story continues to divide Kell, the mayor said.",
        "Residents email us every day, the council said.",
        "监控拍下了大桥垮塌的瞬间。",
        "2026年3月3日，成都，闭幕式上发生踩踏，三人死亡。",
        "船厂因年报存在虚假记载被罚。",
        "投资者关注央行公告。",
        "相关新闻发布会3日在埃勒里港举行。",
        "2026年3月3日，市议会投票，决定购买六艘渡轮，耗资四千八百万克朗。",
        "奥斯特湖市议会3日投票决定购买六艘电动渡轮。",
        "视频显示，渡轮在大雪中缓缓靠岸。",
        "这家广告公司3日宣布裁员120人。",
        "该图书馆收藏图书三万册，今年首次开放。",
        "市长表示，将投资建设新的码头。",
    ],
)
def test_what_is_news_is_not(line: str) -> None:
    assert not furniture(line)


def test_who_cries_out_is_told_from_who_quotes_a_cry() -> None:
    assert cries("Six ferries for the lake at last!")
    assert cries("共渡难关！")
    assert not cries("“We did it!”")
    assert not cries("他在现场高喊“共渡难关！”")
    assert not cries("The council bought six ferries.")


def test_who_writes_is_told_from_who_is_quoted() -> None:
    assert of_writer("As a captain I watched with envy how Kell bought ferries.")
    assert of_writer("我们都知道，湖上的渡轮已经很旧。")
    assert not of_writer("“I watched with envy,” the captain said.")
    assert not of_writer("The US sold Kell six ferries.")
    assert not of_writer("船长说：“我们都知道渡轮很旧。”")
    assert not of_writer("我国首艘电动渡轮3日下水。")

"""Chinese surnames of one character, without those that mostly are another word, as 于, 向, 和 and 方 are."""

from __future__ import annotations

COMMONEST = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗郑梁谢宋唐许韩冯邓曹彭曾萧董袁潘蒋蔡余杜叶程苏魏吕丁沈姚卢姜崔钟谭陆汪范廖贾夏"
    "韦付邹孟熊秦邱尹薛闫段雷侯陶黎贺顾毛郝龚邵覃武戴莫孔汤"
)
KNOWN = COMMONEST + (
    "高肖田任金石江龙史钱严温康施牛樊葛邢安齐易庄聂殷詹欧阮耿关焦左柳甘祝包宁尚符舒阎柯纪梅童凌毕单季裴霍涂苗曲盛骆卫靳柴项祁窦娄邬"
    "晏竺桑虞荀蔺岑尤喻沙鲍费阳巫邝闻屈翁束宗谷赖车"
)

"""Names of countries, continents, American states and large cities: what "which country" and "which state" ask for.

A short list of the well known. A place that is not in it is still found by the preposition before it.
"""

from __future__ import annotations

_LINES = """
africa;antarctica;asia;australia;europe;north america;south america;middle east;caribbean
afghanistan;albania;algeria;andorra;angola;argentina;armenia;austria;azerbaijan;bahamas;bahrain;bangladesh;barbados
belarus;belgium;belize;benin;bhutan;bolivia;bosnia;botswana;brazil;britain;brunei;bulgaria;burkina faso;burundi
cambodia;cameroon;canada;chad;chile;china;colombia;comoros;congo;costa rica;croatia;cuba;cyprus;czech republic;czechia
denmark;djibouti;dominica;ecuador;egypt;el salvador;england;eritrea;estonia;eswatini;ethiopia;fiji;finland;france;gabon
gambia;gaza;georgia;germany;ghana;greece;greenland;grenada;guatemala;guinea;guyana;haiti;honduras;hong kong;hungary
iceland;india;indonesia;iran;iraq;ireland;israel;italy;ivory coast;jamaica;japan;jordan;kazakhstan;kenya;kosovo;kuwait
kyrgyzstan;laos;latvia;lebanon;lesotho;liberia;libya;lithuania;luxembourg;macau;madagascar;malawi;malaysia;maldives;mali
malta;mauritania;mauritius;mexico;micronesia;moldova;monaco;mongolia;montenegro;morocco;mozambique;myanmar;namibia;nauru
nepal;netherlands;new zealand;nicaragua;niger;nigeria;north korea;northern ireland;norway;oman;pakistan;palestine;panama
paraguay;peru;philippines;poland;portugal;qatar;romania;russia;rwanda;samoa;saudi arabia;scotland;senegal;serbia
seychelles;sierra leone;singapore;slovakia;slovenia;solomon islands;somalia;south africa;south korea;south sudan;spain
sri lanka;sudan;suriname;sweden;switzerland;syria;taiwan;tajikistan;tanzania;thailand;togo;tonga;tunisia;turkey
turkmenistan;tuvalu;uganda;ukraine;united kingdom;united states;uruguay;uzbekistan;vanuatu;vatican;venezuela;vietnam
wales;west bank;yemen;zambia;zimbabwe
alabama;alaska;arizona;arkansas;california;colorado;connecticut;delaware;florida;hawaii;idaho;illinois;indiana;iowa
kansas;kentucky;louisiana;maine;maryland;massachusetts;michigan;minnesota;mississippi;missouri;montana;nebraska;nevada
new hampshire;new jersey;new mexico;new york;north carolina;north dakota;ohio;oklahoma;oregon;pennsylvania;puerto rico
rhode island;south carolina;south dakota;tennessee;texas;utah;vermont;virginia;washington;west virginia;wisconsin
wyoming;alberta;british columbia;manitoba;nova scotia;ontario;quebec;saskatchewan
amsterdam;athens;atlanta;auckland;baghdad;bangkok;barcelona;beijing;berlin;boston;brussels;budapest;buenos aires;cairo
cape town;chicago;copenhagen;dallas;davos;delhi;denver;detroit;dubai;dublin;edinburgh;geneva;hague;havana;helsinki
houston;istanbul;jakarta;jerusalem;johannesburg;karachi;kyiv;lagos;las vegas;lima;lisbon;london;los angeles;madrid
manchester;manila;melbourne;miami;milan;minneapolis;montreal;moscow;mumbai;munich;nairobi;naples;new delhi;new orleans
new york city;osaka;oslo;ottawa;paris;philadelphia;phoenix;portland;prague;rio de janeiro;riyadh;rome;san diego
san francisco;santiago;seattle;seoul;shanghai;shenzhen;stockholm;sydney;tehran;tel aviv;tokyo;toronto;vancouver;vienna
warsaw;washington dc;wuhan;zurich;us;usa;uk;eu
中国;美国;英国;法国;德国;日本;韩国;朝鲜;俄罗斯;乌克兰;印度;巴西;加拿大;澳大利亚;新西兰;意大利;西班牙;葡萄牙;荷兰;比利时
瑞士;瑞典;挪威;芬兰;丹麦;波兰;土耳其;伊朗;伊拉克;以色列;巴勒斯坦;沙特;埃及;南非;尼日利亚;墨西哥;阿根廷;新加坡;马来西亚
泰国;越南;菲律宾;印尼;印度尼西亚;巴基斯坦;阿富汗;叙利亚;黎巴嫩;欧盟;台湾;香港;澳门;北京;上海;广东;深圳;广州
天津;重庆;河北;山西;辽宁;吉林;黑龙江;江苏;浙江;安徽;福建;江西;山东;河南;湖北;湖南;海南;四川;贵州;云南;陕西;甘肃;青海
内蒙古;广西;西藏;宁夏;新疆;杭州;南京;武汉;成都;西安;苏州;青岛;大连;沈阳;哈尔滨;长沙;郑州;济南;厦门;福州;昆明;南昌;合肥
石家庄;太原;长春;乌鲁木齐;兰州;拉萨;贵阳;南宁;海口;三亚;宁波;无锡;东莞;佛山;珠海;温州;纽约;伦敦;巴黎;东京;首尔;柏林
莫斯科;华盛顿;洛杉矶;悉尼;罗马;马德里;维也纳;孟买;新德里;曼谷;迪拜;希腊;奥地利;匈牙利;捷克;爱尔兰;冰岛;塞尔维亚;卡塔尔
智利;秘鲁;哥伦比亚;委内瑞拉;古巴;肯尼亚;埃塞俄比亚;苏丹;利比亚;也门;约旦;缅甸;柬埔寨;老挝;蒙古;尼泊尔;斯里兰卡;哈萨克斯坦
"""

PLACES = frozenset(name for line in _LINES.split("\n") for name in line.split(";") if name)

"""What a question takes for granted that happened, and by which words a text tells that it did.

"Why did the mayor resign?" is answered by nothing that does not tell of it. A deed is told by more words than it is
asked by, as who was taken to hospital was hurt, and what was approved was not rejected. By a list of what news tell of:
what is not listed is no deed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from generation.reading.kindred import DEEDS_ZH

# Asked by, told by beside that, and told to the contrary by; `*` stands for any ending, `_` for a space.
_ROWS = """
die dies died dying death* dead kill* drown* perish* | fatal* body bodies victim* toll lives surviv* murder*
  late widow* casualt* funeral* suicide slain shot deadl* claimed mourn* remains lost_* | nobody_was_hurt
  no_one_was_hurt unhurt
hurt injur* wound* | hospital* treat* casualt* unhurt unharmed unscathed cuts broke* burn* fractur* condition
  stab* shot bitten victim* suffer*
arrest* detain* | custody held jail* suspect* charg* caught handcuff* seiz* remand* apprehend* imprison* nabbed
convict* guilty sentenc* imprison* jailed | verdict* plead* plea prison jail years_in_* behind_bars term |
  acquit* clear* not_guilty quash*
acquit* | clear* not_guilty innocen* | convict* sentenc*
uphold* upheld | dismiss* reject* confirm* stand stands back* agree* rule* | quash* overturn* annul* struck_down
overturn* quash* annul* | strike* struck_down revers* throw* threw thrown void* revok* | uphold* upheld
resign* quit quits quitting step*_down stood_down | leav* left depart* exit* retir* bow*_out stand*_down oust*
  vacat* out step*_aside stepped_back withdr*
sack sacks sacked sacking dismiss* laid_off lay*_off | oust* let_go part*_ways remov* redundan* axe* cut* shed*
  replac* fire* job* leav* left layoff*
cancel* call*_off scrap* scrub* | drop* withdr* shelv* pull*_out halt* end* abandon* not_go_ahead axe* ax
  suspend* off revok* pull* | go*_ahead went_ahead
postpon* delay* put_off | late* push* held_up wait* resched* defer* suspend* slip* behind moved moving longer
  setback*
close closes closed closing closure* shut shuts shutting shutdown* | halt* suspend* seal* lock* barr* evacuat*
  end* block* cordon* stop* ceas* wind* board* off-limits
reopen* | open* resum* restor* back again return*
open opens opened opening inaugurat* | reopen* launch* start* begin* began unveil* welcom* debut* complet* since
  premier* ready operat* kick*_off servic* run
reject* refus* veto* turn*_down vote*_down voted_down | against fail* defeat* declin* dismiss* say_no said_no
  rebuff* oppos* den* block* throw* threw no_to spurn* | approv* pass passes passed accept* adopt* agree*_to
  agreed
approv* | pass* accept* adopt* agree* back* endors* vot* clear* green* authori* sign* law ratif* permit* allow*
  grant* support* licen* consent* | reject* refus* veto* turned_down voted_down threw_out
win wins won winning | victor* triumph* claim* took take* title* champion* gold lift* crown* elect* prize*
  award* medal* first beat* defeat* score* edge* succe* earn* land* hono* recipient* sweep* swept | lost lose
  loses
beat beats beaten defeat* | win* won victor* triumph* thrash* edge* knock* over* los* eliminat* advance* down*
  oust* top* upset* against stun* sweep* swept out*
lose loses lost losing | defeat* beat* loss* miss* fail* relegat* knock* eliminat* fell drop* without gone down*
  cut* cost* won slump* fall* victor* | won win
strike strikes striking | struck walkout* walk*_out down*_tools industrial_action stoppage* picket* stop*_work
  protest* hit*
steal* stole* theft thief thieves robb* | loot* burgl* raid* heist* taken took missing snatch* hack* pilfer*
  break-in* recover*
sink* sank sunk | capsiz* went_down bottom wreck* submerg* torpedo*
crash* collid* collision* derail* | hit hits struck smash* plough* plow* accident* plung* came_down wreck*
  rammed ran_into
explod* explosion* blow*_up blew_up | blast* deton* bomb* burst fireball
collaps* | fall* fell cav* gave_way crumbl* tumbl* bankrupt* came_down fail* bust
burn*_down caught_fire catch_fire set_on_fire on_fire | burn* fire* blaz* flam* gut* arson* destroy*
flood* | inundat* water* overflow* submerg* swamp* delug* burst* rain*
recall* | withdr* pull* return* take_back
ban bans banned banning prohibit* outlaw* | bar barr* forbid* forbad* illegal suspend* stop* restrict* block*
  disallow* unlawful exclud* no_longer_* out law* rule*
lift lifts lifted lifting | end ends ended scrap* remov* eas* relax* drop* revok* revers* waiv* hoist* raise*
  rais* win* won up
appeal* | challeng* contest* plead* call* ask* urg* higher_court
sue sues sued suing lawsuit* | court* legal_action claim* litig* complain* damages case* fil* accus* alleg*
  legal
founded founder* co-found* | found establish* set_up since launch* creat* anniversary formed
own owns owned owner* belong* | own* possess* propriet* landlord* hold* buy* bought acqui* subsidiar* parent
  stake* purchas* shareholder* run* control* family* collector*
build builds built construct* | building* rebuil* erect* mak* made creat* develop* contract* complet* assembl*
  design* project* erect* carv* from rais* install* put_up work*
repair* mend* renovat* restor* | fix* rebuil* refurbish* work* maint* overhaul* replac* back
discover* detect* uncover* | found find* spot* identif* unearth* seen first dug reveal* record* notic* confirm*
  observ*
invent* | creat* design* develop* pioneer* first made devis* inventor*
translat* | translat* render* version*
marry married marries marriage* wedding* wed weds | wife husband spouse* bride* groom* couple* tie*_the_knot
  engag* partner*
divorc* | split* separat* ex-* broke*_up end* former
born birth* | native hail* raised grew_up come*_from twin* deliver* cub* calf hatch* baby babies child* arriv*
  old son daughter newborn* from
elect elects elected re-elect* | vot* win* won ballot* run-off poll* succe* inaug* sworn president mayor leader
  chose* choos* pick* seat* became
appoint* | nam* hir* join* new take* took pick* choos* chose* nominat* promot* succe* replac* sign* becom*
  became head* select* tap*
attack* | strik* struck assault* raid* shell* bomb* stab* shoot* shot fire* hit gunm* ambush* maul* bit bitten
  kill* explosi* violen* missile* drone* beat* hack* critic* slam* invad* blast* hostage*
shoot shoots shot shooting* gunned | gun* fire* bullet* kill* sniper* attack* target* basket*
stab* knif* | knif* blade* attack* wound*
poison* | toxi* contamin* sicken* ill* salmonella* food_poisoning novichok*
evacuat* | flee* fled mov* leav* left displac* shelter* safe* taken brought rescu* homes
rescu* | sav* pull* taken_off lift* dug recover* brought freed free surviv* found airlift* safe* escape* pick*
kidnap* abduct* | hostage* captiv* seiz* taken held missing ransom snatch*
merg* | join* combin* buy* takeover* union unit* deal acquir* tie-up
buy buys bought buying acquir* acquisition* purchas* | deal* sell* sold order* pay* paid invest* offer* bid*
  tak*_over took_over takeover* shop* merg* stake* sale* price* cost* spend* spent own* snap*
sell sells sold selling | sale* buy* bought auction* price* offload* divest* shop* market* stock* fetch*
  went_for order* purchas* deal* export* suppl* ship* retail* customer* copies
bankrupt* insolven* go_bust went_bust gone_bust | collaps* administration receivership liquidat* creditor* debt*
  default* fold* chapter fail* closed shut
disqualif* | ban* strip* remov* penali* expel* doping exclu* ineligib* out throw* thrown
rais*_rates rais*_its_rate rais*_its_key rais*_interest rais*_the_rate rais*_taxes rais*_prices rate_rise rate_hike |
  rais* hike* increas* up higher lift* rise* rose | cut cuts cutting lower* reduc* trim*
cut*_rates cut*_its_rate cut*_its_key cut*_interest cut*_the_rate cut*_taxes cut*_prices rate_cut lower*_rates
  lower*_its_rate | cut* lower* reduc* trim* eas* down fall* fell | rais* hike* increas* lifted
apologi* | sorry regret* forgive* contrit*
retir* | end* career quit* farewell step* last hang* leav* goodbye pension* final*
donat* | give* gave gift* giving rais* contribut* fund* pledg* charit* aid
employ employs employed hire hires hired hiring | employ* staff* work* job* crew* team* people recruit* appoint*
  bring* brought sign*
infect* fall_ill fell_ill sicken* fall_sick fell_sick | ill* sick* case* contract* tested_positive virus*
  outbreak* poison* patient* fever* symptom* spread* disease* transmi*
escap* | fled flee* broke_out loose ran abscond* got_away free* surviv* unhurt on_the_run fugitive*
take_off took_off taken_off | depart* airport* runway* bound_for left_from flew_from flight_from
demand* | want* call* ask* seek* sought insist* request* claim* press* urg* requir* deserv*
replac* succeed* succeeds succeeded | successor* instead tak*_over took_over step*_in stepped_in new follow*
  stand*_in substitut* becom* became nam* appoint* swap* elect* chang* ous*
shrink* shrank shrunk | fall* fell drop* declin* decreas* reduc* small* contract* less lost los* retreat* | grew
  grow*
leak* | spill* escap* disclos* publish* releas* reveal* obtain* seep* hole* drip* source*
suspend* | halt* stop* paus* ban* bar* hold on_hold remov* freez* froze* interrupt*
withdraw* withdrew pull*_out pulled_out | quit* leav* left exit* drop* retreat* scratch* miss* end* cancel*
  retir* out recall*
abolish* | scrap* end* remov* repeal* abandon* axe* drop* ban* get_rid rid
evict* | remov* forc* order*_out clear* throw* thrown eject* out homeless*
deport* expel* | remov* sent send* return* expuls* repatriat* kick*
protest* demonstrat* | rall* march* strik* oppos* anger* against critic* complain* took_to unrest riot*
  activist* block*
hack hacks hacked hacking | cyber* breach* data attack* ransom* malware stol* intru* online
sign signs signed signing | sign* agree* contract* deal* pact* treat* law* join* transfer* ink* order* petition*
punish* penalt* penali* | fine* jail* prison* ban* sanction* sentenc* suspend* risk* fee* disciplin* shoot-out*
  kick* spot
"""

# In Chinese, outcomes of which only one can be: asked by, and told to the contrary by.
_ROWS_ZH = """
否决 拒绝 驳回|批准 通过 同意 接受 赞成
批准 通过|否决 驳回
维持|撤销 推翻 改判
撤销 推翻|维持
有期徒刑 判了几年 定罪 获刑 判刑|无罪
无罪|有期徒刑 获刑 判处
失利 输给 落败 不敌|战胜 击败 夺冠 获胜 淘汰
取消 叫停|如期 照常
落选|当选
"""

# By what means, too, and who was elected.
_NO_DEEDS_ZH = frozenset(["通过", "赢得", "新任", "任命"])
# Who says that nobody was killed or hurt may say so in one word.
_BEFALL_ZH = frozenset(["死亡", "受伤"])
_CASUALTIES_ZH = frozenset(["伤亡"])


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """What may have happened.

    Args:
        asked: By which words it is asked for.
        told: By which it is told, those among them.
        denied: By which its contrary is told; nothing where it has none.
    """

    asked: re.Pattern[str]
    told: re.Pattern[str]
    denied: re.Pattern[str] | None


def _pattern(words: str) -> re.Pattern[str]:
    shapes = (re.escape(word).replace(r"\*", r"\w*").replace("_", " ") for word in words.split())
    return re.compile(rf"\b(?:{'|'.join(shapes)})\b", re.IGNORECASE)


def _rows() -> list[Deed]:
    found = []
    for row in re.sub(r"\n\s+", " ", _ROWS).strip().split("\n"):
        asked, told, *denied = row.split("|")
        found.append(
            Deed(
                asked=_pattern(asked), told=_pattern(f"{asked} {told}"), denied=_pattern(denied[0]) if denied else None
            )
        )
    for row in _ROWS_ZH.strip().split("\n"):
        asked_zh, denied_zh = ("|".join(words.split()) for words in row.split("|"))
        # By these alone it is not known that nothing is told.
        found.append(Deed(asked=re.compile(asked_zh), told=re.compile(""), denied=re.compile(denied_zh)))
    for words, others in DEEDS_ZH.items():
        if words in _NO_DEEDS_ZH:
            continue
        told_zh = others | _CASUALTIES_ZH if others & _BEFALL_ZH else others
        found.append(Deed(asked=re.compile(words), told=re.compile("|".join(told_zh)), denied=None))
    return found


@lru_cache(maxsize=1)
def _deeds() -> tuple[Deed, ...]:
    return tuple(_rows())


@lru_cache(maxsize=1_024)
def deeds(question: str) -> tuple[Deed, ...]:
    """What a question takes for granted that happened."""
    return tuple(deed for deed in _deeds() if deed.asked.search(question))

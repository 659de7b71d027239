"""How one pauses digests, leaves one out and goes on with them in English. In small letters. Pure."""

from __future__ import annotations

import re

from bot.flows.wording.hours import NUMBER_EN
from bot.flows.wording.spans import WEEKDAY

NAME = "(?:digests?|briefings?|newsletters?)"
ASKED_TO = r"(?:(?:can|could|would|will) you(?: please)?|(?:can|could) we)"
_TALK = (
    r"(?:(?:hi|hey|hello|ok|okay|please|pls|just|so|and|then|i(?:'d| would) like (?:you )?to"
    rf"|i (?:want|need) (?:you )?to|let's|{ASKED_TO})[,!]? )*"
)
_D = rf"(?:(?:all|any|more|of|a|my|the|your|these|those|this|daily|morning|evening|news|further) )*{NAME}"
_IT = "(?:it|them|that|everything|sending)"
_DENY = (
    r"(?:no(?! need)|(?:i )?(?:don't|do not|won't) (?:send|give|need|want)(?: me)?"
    r"|(?:you )?(?:needn't|need not|(?:don't|do not) (?:need|have) to) send(?: me)?"
    r"|(?:there is |there's )?no need (?:for|to send)(?: me)?|i (?:want|need) no|send(?: me)? no|stop sending(?: me)?)"
)
_STOP = (
    rf"(?:(?:pause|suspend|halt|hold off(?: on)?|hold|stop|mute|take a break from)"
    rf"(?: sending| delivering| with)?(?: me)?(?: {_D}| {_IT})?"
    rf"|put (?:{_D}|{_IT}) on hold|(?:turn|switch) off {_D}|(?:turn|switch) (?:{_D}|{_IT}) off|{_DENY} {_D})"
)
_AWAY = (
    r"(?:i(?:'m| am|'ll be| will be)|we(?:'re| are)) (?:out of (?:the )?office"
    r"|(?:going )?(?:away|off|out|abroad|offline|travell?ing|camping)"
    r"|(?:going )?on (?:a |my |our )?(?:holidays?|vacation|leave|trip|break|honeymoon|business trip))"
)
_PEACE = (
    r"(?:(?:give|leave|let) me (?:(?:have )?(?:a|some) (?:break|rest|peace|quiet)|alone|in peace|peace|rest|be)"
    r"|i(?:'d like| would like| need| want| could use) (?:a|some) (?:break|rest|peace)|(?:have|take) a (?:break|rest)"
    r"|(?:don't|do not) (?:bother|disturb) me)(?: and quiet)?"
)
_WHILE = rf"(?:,? (?:while|when|as|because|since) (?:{_AWAY}|i(?:'m| am) (?:in|at|busy)(?: [a-z]+)?))"
_FOREVER = (
    "(?:for (?:now|a while|a bit|the time being|some time|the moment)|until (?:further notice|i say (?:so|otherwise)"
    "|i tell you(?: otherwise)?|i(?:'m| am|'ve come| come| get) (?:back|home)(?: again)?))"
)
_SKIP = "(?:skip|leave out|omit|drop|cancel|miss|suppress|spare me)"
_NEEDED = "(?: (?:is )?(?:needed|necessary|required))"
_ONE = f"(?: (?:(?:morning|evening|daily) )?(?:{NAME}|one))?"
_NTH = (
    rf"(?:(?:the|my|this|your) )*(?:next|coming|upcoming)(?: (?P<n>\d|{NUMBER_EN}))? (?:ones?|times?|{NAME}|editions?)"
)

PAUSES = (
    rf"{_TALK}{_STOP}{_WHILE}? (?P<when>.+)",
    rf"{_TALK}{_AWAY} (?P<when>.+?)[,;.]? (?:(?:so|and|please),? )*{_STOP}(?: then| meanwhile| until then)?",
    rf"{_TALK}(?P<when>.+?),? {_STOP}{_WHILE}?",
    # Said of oneself, it has to say until when.
    rf"{_TALK}{_AWAY} (?P<when>(?:for|until|till) .+)",
    rf"{_TALK}{_PEACE} (?P<when>(?:for|until|till) .+)",
)
DAYS = (
    rf"{_TALK}(?:{_SKIP}|{_DENY}) (?:(?:a|any|the|my|this) )?{NAME}{_NEEDED}? (?P<when>.+)",
    rf"{_TALK}(?:{_SKIP}|{_DENY}) (?:the |my )?(?P<when>.+?)(?P<once>'s?{_ONE})",
    rf"{_TALK}(?:the |my )?(?P<when>.+?)(?P<once>'s?{_ONE}) (?:isn't|is not)(?: needed| necessary)",
    rf"{_TALK}(?P<once>skip) (?P<when>.+)",
    r"(?:please )?not (?:on )?(?P<when>tomorrow|this [a-z]{3,6}day)",
)
NEXT = (
    rf"{_TALK}(?:{_SKIP}|{_DENY}|not) {_NTH}",
    rf"{_TALK}skip (?:once|this time|this one)",
)
RESUMES = (
    (
        rf"{_TALK}(?:you (?:can|may) )?(?:resume|un-?pause|restart|(?:carry on|continue)(?= .*{NAME}))"
        rf"(?: sending| with)?(?: me)?(?: {_D}| {_IT})?(?: now| again| already| early)*"
    ),
    rf"{_TALK}(?:start|begin) (?:sending )?(?:me )?(?:{_D}|{_IT}) again(?: now)?",
    rf"{_TALK}send (?:me )?{_D} again(?: now)?",
    rf"{_TALK}(?:end|cancel|lift|stop) (?:the|my|this) (?:{NAME} )?pause(?: now)?",
    rf"{_TALK}(?:turn|switch) (?:{_D}|{_IT}) back on(?: again)?|{_TALK}bring (?:back {_D}|{_D} back)",
)
BACK = (r"(?:(?:hi|hey|ok),? )?i(?:'m| am) back(?: early| home| again| now| from (?:holidays?|vacation|leave))*",)
"""Where none are paused it may be told anybody."""
OFF = (rf"{_TALK}{_STOP}(?: {_FOREVER}|{_WHILE}(?: {_FOREVER})?)",)
FOR_GOOD = re.compile(rf"(?:on )?{WEEKDAY}")
"""A day of any week, which is left out of every week unless once is said."""

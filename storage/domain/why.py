"""Why a source could not be read, as far as a reader needs to know."""

from __future__ import annotations

from enum import StrEnum


class Why(StrEnum):
    """The kinds of trouble with a source, or with what is given to read; the value is the key of its sentence.

    Errors say more, to those who host.
    """

    NO_NETWORK = "why_no_network"
    NO_HOST = "why_no_host"
    NO_ANSWER = "why_no_answer"
    BROKE_OFF = "why_broke_off"
    NOT_SECURE = "why_not_secure"
    LOGIN = "why_login"
    REFUSED = "why_refused"
    NOTHING_THERE = "why_nothing_there"
    GONE = "why_gone"
    TOO_OFTEN = "why_too_often"
    OUT_OF_ORDER = "why_out_of_order"
    ODD_ANSWER = "why_odd_answer"
    NO_ADDRESS = "why_no_address"
    PRIVATE = "why_private"
    FORBIDDEN = "why_forbidden"
    TOO_LARGE = "why_too_large"
    LARGE_FILE = "why_large_file"
    NO_FEED = "why_no_feed"
    NO_ARTICLE = "why_no_article"
    NOTHING_TOLD = "why_nothing_told"
    OTHER_KIND = "why_other_kind"
    BUSY = "why_busy"
    MALFORMED = "why_malformed"
    CUT = "why_cut"
    OURS = "why_ours"
    UNREADABLE = "why_unreadable"

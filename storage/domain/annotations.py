"""What is noted of an article when it comes in: its subject, its telling terms, its tone."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Category(StrEnum):
    """What an article is about: a closed list. The value is what is stored and filtered by.

    Subjects follow the top level of the IPTC's Media Topics (NewsCodes), the news trade's own taxonomy, split and
    joined where the sections of newspapers and portals differ from it: "arts, culture, entertainment and media" is two,
    so is "science and technology"; "conflict, war and peace" is `WORLD` with what else happens between countries;
    "labour" is business; "religion" is culture; "disaster, accident and emergency incident" and "weather" are one.
    "Human interest" and "society" say how a story is told or whom it is about, and have no section of their own.
    """

    POLITICS = "politics"
    WORLD = "world"
    BUSINESS = "business"
    TECHNOLOGY = "technology"
    SCIENCE = "science"
    HEALTH = "health"
    ENVIRONMENT = "environment"
    SPORT = "sport"
    ENTERTAINMENT = "entertainment"
    CULTURE = "culture"
    CRIME = "crime"
    EDUCATION = "education"
    DISASTER = "disaster"
    LIFESTYLE = "lifestyle"
    OTHER = "other"
    """None of them, or not clear which."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Keyword:
    """A term or phrase an article is about, as it is written there; `score` is in (0, 1], 1 for its most telling."""

    text: str
    score: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Name:
    """A name as it is first written, and how often the text says it.

    Args:
        text: One word or several, without what marks a possessive.
        times: At least 1.
    """

    text: str
    times: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Annotation:
    """What is noted of an article.

    Args:
        category: Its subject.
        category_confidence: How likely that is right, in [0, 1]; of `OTHER`, that no one subject is.
        keywords: The most telling first, none much like another.
        names: The people, places, organisations and works it names, in the order it first does.
        sentiment: Whether good or bad things are told, from -1 to 1; most news is near 0.
        sentiment_confidence: How likely people would call it good, bad or neither as the score does, in [0, 1].
    """

    category: Category
    category_confidence: float
    keywords: tuple[Keyword, ...] = ()
    names: tuple[Name, ...] = ()
    sentiment: float = 0.0
    sentiment_confidence: float = 0.0

"""Texts whose subject or tone people told: JSON Lines of our own form, and the tables of MIND.

File names mean nothing: every file is read as what it holds, and passed over where that is something else.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from retrieval.evaluation.collection import rows
from retrieval.evaluation.tables import table
from storage.domain.annotations import Category
from storage.errors import InputError

_FEWEST_WORDS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelledArticle:
    """An article and what it is about; `accepted` holds every subject that is right, the first the best."""

    title: str
    text: str
    accepted: tuple[Category, ...]
    language: str = "en"


@dataclass(frozen=True, slots=True, kw_only=True)
class RatedText:
    """A text and its tone as people rated it, in [-1, 1]."""

    text: str
    rating: float
    language: str = "en"


@dataclass(frozen=True, slots=True, kw_only=True)
class TitledText:
    """A text and what somebody wrote above it or of it, whose words its keywords should be among."""

    title: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Labelled:
    """What a folder holds, each article once."""

    articles: tuple[LabelledArticle, ...]
    rated: tuple[RatedText, ...]
    titled: tuple[TitledText, ...]


def read_labelled(folder: Path) -> Labelled:
    """Everything of these kinds in `folder`.

    JSON Lines may hold `{title, text?, category, language?}`, category one of ours or a list of them;
    `{text, sentiment, language?}`, sentiment a number in [-1, 1] or positive, negative or neutral; `{text, title}` or
    `{text, reference}`. Tables (CSV, gzipped or not) are MIND's impressions.

    Raises:
        InputError: A line cannot be read, or names a category that there is not.
    """
    articles: dict[str, LabelledArticle] = {}
    rated: list[RatedText] = []
    titled: dict[str, TitledText] = {}
    for path in sorted(path for path in folder.iterdir() if path.is_file()):
        for article in (*_own(path), *_mind(path)):
            articles.setdefault(article.title, article)
        rated.extend(_rated(path))
        for text in _titled(path):
            titled.setdefault(text.title, text)
    return Labelled(articles=tuple(articles.values()), rated=tuple(rated), titled=tuple(titled.values()))


def _own(path: Path) -> Iterator[LabelledArticle]:
    for at, row in rows(path, lambda first: {"title", "category"} <= first.keys()):
        named = row.get("category")
        try:
            accepted = tuple(Category(each) for each in ([named] if isinstance(named, str) else named or ()))
        except (TypeError, ValueError) as error:
            raise InputError(at, f"has a category that there is not: {named}") from error
        if not accepted:
            raise InputError(at, "has no category")
        yield LabelledArticle(
            title=_string(row, "title", at), text=row.get("text") or "", accepted=accepted, language=_language(row)
        )


def _rated(path: Path) -> Iterator[RatedText]:
    for at, row in rows(path, lambda first: {"text", "sentiment"} <= first.keys()):
        rating = _RATINGS.get(str(row.get("sentiment")), row.get("sentiment"))
        if not isinstance(rating, int | float) or not -1 <= rating <= 1:
            raise InputError(
                at, "has a sentiment that is neither a number from -1 to 1 nor positive, negative, neutral"
            )
        yield RatedText(text=_string(row, "text", at), rating=float(rating), language=_language(row))


_RATINGS: Mapping[str, float] = {"positive": 0.5, "neutral": 0.0, "negative": -0.5}


def _titled(path: Path) -> Iterator[TitledText]:
    def is_one(first: Mapping[str, Any]) -> bool:
        return bool(first.get("text")) and bool({"title", "reference"} & first.keys()) and "category" not in first

    for _, row in rows(path, is_one):
        title, text = row.get("title") or row.get("reference"), row.get("text")
        if isinstance(title, str) and isinstance(text, str) and title.strip() and text.strip():
            yield TitledText(title=title, text=text)


def _string(row: Mapping[str, Any], name: str, at: str) -> str:
    value = row.get(name)
    if not isinstance(value, str) or not value.strip():
        raise InputError(at, f"has no {name}")
    return value


def _language(row: Mapping[str, Any]) -> str:
    return str(row.get("language") or "en")


def _mind(path: Path) -> Iterator[LabelledArticle]:
    """The articles of a table of impressions: of each cell, as many lines as there are articles."""
    for side in ("history", "candidate"):
        for row in table(path, f"{side}_category"):
            titles, categories, kinds, abstracts = (
                (row.get(f"{side}_{name}") or "").split("\n") for name in ("title", "category", "subvert", "abstract")
            )
            if not len(titles) == len(categories) == len(kinds):
                continue
            if len(abstracts) != len(titles):
                # Some abstracts hold line breaks of their own: which is whose is not to be told.
                abstracts = [""] * len(titles)
            for title, category, kind, abstract in zip(titles, categories, kinds, abstracts, strict=True):
                accepted = mind_subjects(category, kind)
                if accepted and len(title.split()) >= _FEWEST_WORDS:
                    yield LabelledArticle(title=title, text=abstract, accepted=accepted)


_MIND: Mapping[str, tuple[Category, ...]] = {
    "sports": (Category.SPORT,),
    "finance": (Category.BUSINESS,),
    "tv": (Category.ENTERTAINMENT,),
    "movies": (Category.ENTERTAINMENT,),
    "music": (Category.ENTERTAINMENT,),
    "entertainment": (Category.ENTERTAINMENT,),
    "foodanddrink": (Category.LIFESTYLE,),
    "travel": (Category.LIFESTYLE,),
    "lifestyle": (Category.LIFESTYLE,),
    "autos": (Category.LIFESTYLE,),
    "health": (Category.HEALTH,),
    "weather": (Category.DISASTER,),
}
_MIND_KINDS: Mapping[str, tuple[Category, ...]] = {
    "newspolitics": (Category.POLITICS,),
    "elections-2020-us": (Category.POLITICS,),
    "newsworld": (Category.WORLD,),
    "newsworldpolitics": (Category.WORLD,),
    "newscrime": (Category.CRIME,),
    "newsscienceandtechnology": (Category.SCIENCE, Category.TECHNOLOGY),
    "newsscience": (Category.SCIENCE,),
    "causes-disaster-relief": (Category.DISASTER,),
    "lifestyleroyals": (Category.ENTERTAINMENT,),
    "lifestylecelebstyle": (Category.ENTERTAINMENT, Category.LIFESTYLE),
    # These report on airlines, car makers, shops and food companies as much as they advise.
    "travelnews": (Category.LIFESTYLE, Category.BUSINESS),
    "autosnews": (Category.LIFESTYLE, Category.BUSINESS),
    "shop-holidays": (Category.LIFESTYLE, Category.BUSINESS),
    "foodnews": (Category.LIFESTYLE, Category.BUSINESS),
    # What is passed around, whatever it is about.
    "lifestylebuzz": (),
    "lifestyledidyouknow": (),
    "voices": (),
    "video": (),
}


def mind_subjects(category: str, kind: str) -> tuple[Category, ...]:
    """What MIND's category and its finer kind come to among ours; none where they name no subject.

    "news" alone is none: most of it is "newsus", which is a place. The finer kinds go first.
    """
    return _MIND_KINDS.get(kind, _MIND.get(category, ()))

"""Ranking measured and learned by what an instance's own readers turned to."""

from __future__ import annotations

import asyncio
import json
import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.evaluations.own_ranking import responded
from retrieval.interests.ranking import installed, shipped
from storage.database import Database
from storage.digests import DigestStore
from storage.domain.changes import Learned, Listed
from storage.domain.digests import Digest, ShownList
from storage.domain.evidence import Act, Evidence, EvidenceKind
from storage.domain.news import ArticleId
from storage.domain.people import ReaderId
from storage.evidence import EvidenceStore
from tests.bot.program import Program
from tests.digests import item

ADA = ReaderId("telegram:7")
NOON = datetime(2026, 11, 30, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
LIST = ShownList(
    reader=ADA,
    at=NOON,
    slot=None,
    articles=((ArticleId("a1"), ArticleId("b1")), (ArticleId("a2"),)),
    features=({"mean": 0.9}, {"mean": 0.1}),
)


def act(key: str, worth: float = 1.0, after: timedelta = HOUR) -> dict[ReaderId, list[Act]]:
    return {ADA: [Act(at=NOON + after, key=key, worth=worth)]}


def test_a_list_is_answered_by_what_was_done_about_any_article_of_an_item() -> None:
    found = responded(LIST, act("b1"))

    assert found is not None
    assert found.turned_to.tolist() == [True, False]
    assert found.places is not None
    assert found.places.tolist() == [0, 1]
    assert found.rows[:, 1].tolist() == pytest.approx([0.9, 0.1])


@pytest.mark.parametrize(
    "acts",
    [
        {},
        act("a1", worth=-2.0),
        act("a1", after=-HOUR),
        act("a1", after=timedelta(days=4)),
        {ADA: [*act("a1")[ADA], *act("a2")[ADA]]},
    ],
    ids=["nothing was done", "against it", "before", "long after", "about all"],
)
def test_a_list_tells_nothing_where_nothing_or_all_of_it_was_turned_to(acts: dict[ReaderId, list[Act]]) -> None:
    assert responded(LIST, acts) is None


def test_a_list_whose_reader_started_over_since_tells_nothing() -> None:
    assert responded(replace(LIST, features=({}, {})), act("a1")) is None


async def _feedback(home: Path, lists: int) -> None:
    """Readers who turn to what is told well, be it hot or not, and like what they turned to before or not."""
    database = Database(f"sqlite:///{home / 'tidings.db'}")
    await database.migrate()
    digests, evidence = DigestStore(database), EvidenceStore(database)
    chance, now = random.Random(3), datetime.now(UTC)  # noqa: S311 - a seed, not a secret
    for number in range(lists):
        at = now - timedelta(hours=1 + lists - number)
        features = [{name: chance.random() for name in ("mean", "heat", "quality")} for _ in range(5)]
        items = tuple(item(number * 10 + place, features=each) for place, each in enumerate(features))
        await digests.show(Listed(digest=Digest(reader=ADA, at=at, items=items, language="en")))
        best = max(range(5), key=[each["quality"] + chance.gauss(0, 0.1) for each in features].__getitem__)
        key = items[best].articles[0]
        opened = Evidence(reader=ADA, kind=EvidenceKind.OPENED, at=at + timedelta(minutes=5), key=key)
        await evidence.learn(Learned(evidence=(opened,)))
    await database.close()


@pytest.fixture
def home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.setenv("TIDINGS_HOME", str(tmp_path))
    return tmp_path


def test_ranking_is_measured_beside_plain_similarity_and_learned_where_that_is_better(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    asyncio.run(_feedback(home, 220))
    tidings = Program(capsys)

    before = tidings.json("evaluate", "ranking")
    learned = tidings.json("train", "ranking")
    after = tidings.json("evaluate", "ranking")

    assert (before["name"], before["n"]) == ("ranking", 220)
    assert {"auc", "mrr", "ndcg@5", "ndcg@10", "mean similarity auc", "heat auc", "listed auc"} <= set(
        before["metrics"]
    )
    assert before["metrics"]["mean similarity auc_low"] < 0.5 < before["metrics"]["mean similarity auc_high"]
    assert learned["installed"]
    assert after["metrics"]["auc"] > before["metrics"]["auc"]
    assert installed(home / "ranking.json").by_name == pytest.approx(learned["after"])


def test_too_little_feedback_is_said_in_one_line(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    tidings = Program(capsys)

    tidings("evaluate", "ranking", status=2)
    assert "--data" in tidings.errors
    asyncio.run(_feedback(home, 3))
    tidings("train", "ranking", status=2)
    assert "3 lists were turned to in part; 200" in tidings.errors
    assert not (home / "ranking.json").exists()


@pytest.mark.parametrize("content", ["", "{", "[]", '{"weights": {"charm": 1}}', '{"weights": 3}'])
def test_weights_that_cannot_be_read_are_those_that_ship(tmp_path: Path, content: str) -> None:
    path = tmp_path / "ranking.json"
    path.write_text(content)

    assert installed(path) == shipped()
    assert installed(tmp_path / "none.json") == shipped()
    assert json.dumps(shipped().by_name)

"""Words that were removed, which the files of an index keep until all that was written with them is written anew."""

from __future__ import annotations

from pathlib import Path

import tantivy

from retrieval.index import lexical
from retrieval.index.following import Errand, FollowingWords, Tally
from retrieval.index.lexical import TantivyIndex
from retrieval.index.words import WordCutter
from storage.articles import ArticleStore
from storage.database import Database
from storage.domain.news import ArticleId, Filters
from tests.storage.examples import prepared

WORD = "zwetschgendatschi"


def held(folder: Path, word: str) -> int:
    """In how many passages the files have a word, found or not."""
    searcher = tantivy.Index(lexical._schema(), path=str(folder / "passages")).searcher()
    return int(searcher.doc_freq("words", lexical._stemming().analyze(word)[0]))


async def test_nothing_is_left_of_them_and_all_else_is_found_as_before(sqlite_template: Path, tmp_path: Path) -> None:
    file = tmp_path / "tidings.db"
    file.write_bytes(sqlite_template.read_bytes())
    database = Database(f"sqlite:///{file}")
    store, index = ArticleStore(database), TantivyIndex(tmp_path / "lexical", WordCutter(tmp_path / "words"))
    words = FollowingWords(store, index)
    errand = Errand(tally=Tally(), progress=lambda *_: None)
    others = [prepared(f"a{number}", f"Report {number} on the harbour wall.", pieces=1) for number in range(40)]
    await store.save([prepared("own", f"Only Ada reads {WORD}.", pieces=1), *others])
    await words.bring(errand)
    before, revision = await index.search("harbour wall", 50, Filters()), await index.revision()

    await store.remove([ArticleId("own")])
    await words.bring(errand)
    marked = held(tmp_path / "lexical", WORD)
    await words.renew()

    found = await index.search("harbour wall", 50, Filters())
    left, moved = held(tmp_path / "lexical", WORD), await index.revision()
    index.close()
    await database.close()
    assert (marked, left) == (1, 0)
    assert {match.id for match in found} == {match.id for match in before}
    assert len(found) == len(others)
    assert moved > revision


async def test_what_comes_in_meanwhile_is_taken_over_afterwards(sqlite_template: Path, tmp_path: Path) -> None:
    file = tmp_path / "tidings.db"
    file.write_bytes(sqlite_template.read_bytes())
    database = Database(f"sqlite:///{file}")
    store, index = ArticleStore(database), TantivyIndex(tmp_path / "lexical", WordCutter(tmp_path / "words"))
    words = FollowingWords(store, index)
    await store.save([prepared("a", "Report on the harbour wall.", pieces=1)])
    changes = store.changes

    async def late(after: int, limit: int) -> object:
        if after == 0:
            await store.save([prepared("b", "Another on the harbour wall.", pieces=1)])
        return await changes(after, limit)

    await words.bring(Errand(tally=Tally(), progress=lambda *_: None))
    store.changes = late  # type: ignore[method-assign, assignment]
    await words.renew()
    store.changes = changes  # type: ignore[method-assign]
    await words.bring(Errand(tally=Tally(), progress=lambda *_: None))

    found = await index.search("harbour wall", 5, Filters())
    behind = await words.is_behind()
    index.close()
    await database.close()
    assert (len(found), behind) == (2, False)

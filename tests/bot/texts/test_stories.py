from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from bot.texts.stories import sections
from storage.domain.dialogue import Citation, Sentence
from storage.domain.news import ArticleId
from storage.domain.stories import Brief, Difference, Moment

LATE = datetime(2026, 3, 2, 23, 30, tzinfo=UTC)


def test_a_page_dates_an_article_by_one_clock() -> None:
    said = Sentence(text="Six ferries are ordered.", citations=(1,))
    cited = Citation(n=1, article_id=ArticleId("a"), title="Ferries", source=None, url=None, published=LATE, quote="")
    brief = Brief(
        title="Ferries",
        timeline=(Moment(at=LATE, sentence=said),),
        differs=(Difference(accounts=(said,)),),
        citations=(cited,),
    )

    found = [before for _, lines in sections(brief, "en", ZoneInfo("Asia/Shanghai")) for before, _ in lines]

    assert found == ["2026-03-03: ", "· 2026-03-03: "]

"""`burnban doctor` tells of rows that feeds brought and nobody could take."""

import re
from pathlib import Path

from bot.clock import SystemClock
from bot.config import Settings
from bot.decide.catalog import Catalog
from bot.judge.refusals import DAY, Refusals
from bot.record import Database
from bot.wiring.doctor_counts import check_counts
from tests.flow.feeding import ACCURACY, ANSWERS
from tests.fresh import fresh_sqlite


def test_the_doctor_says_how_many_rows_are_refused_since_when_and_why(tmp_path: Path) -> None:
    url = fresh_sqlite(tmp_path / "burnban.db")
    now = int(SystemClock().now().timestamp())
    lately = Refusals("ranker-labels", now - 60, now - 60, 3, "fp", "is -1")
    past = Refusals("ranker-answers", now - 2 * DAY, now - 2 * DAY, 1, "bad", "is -1")
    with Database(url) as record:
        for one in (lately, past):
            record.write(lambda books, one=one: books.observations.refuse(one))
    catalog = Catalog((ACCURACY, ANSWERS))
    (found,) = check_counts(Settings(database_url=url), catalog)
    assert (found.subject, found.ok) == ("rows of ranker-labels", False)
    assert re.match(r"since \w{3} \d{1,2} \w{3} \d{4}, \d\d:\d\d UTC", found.text)
    assert "UTC 3 rows are refused and not counted; the first: fp is -1." in found.text
    assert found.text.endswith("Mend them in labels")

"""From spec files to verdicts on what lies in a warehouse and in a folder of reports, as the
processes are put together."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pydantic import SecretStr

from bot.config import Settings
from bot.judge.burn import Severity
from bot.judge.verdict import Kind, Verdict
from bot.wiring.core import Core, core
from tests.builders import DAY, HOUR, NOON, when
from tests.fakes import FakeClock
from tests.fresh import fresh_sqlite

SPECS = """\
apiVersion: openslo/v1
kind: DataSource
metadata: {name: warehouse}
spec:
  type: sql
  connectionDetails:
    urlEnv: TEST_WAREHOUSE_URL
    feeds:
      ranker-labels:
        query: >-
          SELECT start, "end", 100 - wrong AS tp, wrong AS fp, 0 AS fn, 0 AS tn FROM hours
          WHERE "end" > :since_epoch AND "end" <= :until_epoch
---
apiVersion: openslo/v1
kind: DataSource
metadata: {name: reports}
spec:
  type: evidently
  connectionDetails:
    path: reports
    feeds:
      ranker-income: {metric: ValueDrift, column: income, params: {method: psi}, every: 1h}
---
apiVersion: openslo/v1
kind: SLO
metadata: {name: right-answers}
spec:
  service: ranker
  indicator: {quality: {feed: ranker-labels, source: warehouse, of: accuracy, labelDelay: 1d}}
  timeWindow: [{duration: 7d, isRolling: true}]
  budgetingMethod: Occurrences
  objectives: [{target: 0.94}]
---
apiVersion: openslo/v1
kind: SLO
metadata: {name: stable-inputs}
spec:
  service: ranker
  indicator: {drift: {feed: ranker-income, source: reports, value: 0.1, minimum: 100}}
  timeWindow: [{duration: 7d, isRolling: true}]
  budgetingMethod: Timeslices
  objectives: [{target: 0.94, timeSliceWindow: 1h}]
"""


@dataclass
class Wired:
    """The processes' own parts over a warehouse and a folder of reports."""

    core: Core
    clock: FakeClock
    warehouse: Path

    def verdicts(self) -> dict[str, Verdict]:
        return {one.objective.name: one.verdict for one in self.core.answer.judged()}

    def correct(self, hours: range, wrong: int) -> None:
        """Labels that came late say something else."""
        with closing(sqlite3.connect(self.warehouse)) as connection:
            first, last = (NOON + hours[0] * HOUR, NOON + hours[-1] * HOUR)
            change = 'UPDATE hours SET wrong = ? WHERE "end" BETWEEN ? AND ?'
            connection.execute(change, (wrong, first, last))
            connection.commit()


@pytest.fixture
def wired(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Wired]:
    folder, warehouse = tmp_path / "slos", tmp_path / "warehouse.db"
    (folder / "reports").mkdir(parents=True)
    (folder / "ranker.yaml").write_text(SPECS)
    ends = [NOON + hour * HOUR for hour in range(-9 * 24, 3)]
    with closing(sqlite3.connect(warehouse)) as connection:
        connection.execute('CREATE TABLE hours (start, "end", wrong)')
        connection.executemany("INSERT INTO hours VALUES (?, ?, 2)", [(e - HOUR, e) for e in ends])
        connection.commit()
    for end in ends:
        (folder / "reports" / f"{end}.json").write_text(json.dumps(_report(end)))
    monkeypatch.setenv("TEST_WAREHOUSE_URL", f"sqlite:///{warehouse}")
    url = fresh_sqlite(tmp_path / "burnban.db")
    settings = Settings.model_construct(specs=folder, database_url=SecretStr(url), ops_channel="")
    clock = FakeClock(when(NOON))
    with core(settings, clock) as built:
        yield Wired(built, clock, warehouse)


def _report(end: int) -> dict[str, object]:
    """Drifted since two days."""
    score = 0.3 if end > NOON - 2 * DAY else 0.02
    params = {"type": "evidently:metric_v2:ValueDrift", "column": "income", "method": "psi"}
    rows = {"type": "evidently:metric_v2:RowCount"}
    found = {
        "a": {"value": score, "metric_value_location": {"metric": {"params": params}}},
        "b": {"value": 500.0, "metric_value_location": {"metric": {"params": rows}}},
    }
    at = datetime.fromtimestamp(end, UTC).isoformat()
    return {"timestamp": at, "metadata": {}, "metric_results": found}


def test_labels_of_a_warehouse_become_a_verdict_and_late_ones_change_it(wired: Wired) -> None:
    wired.core.poll()
    assert wired.verdicts()["right-answers"].kind is Kind.HEALTHY
    assert wired.verdicts()["right-answers"].as_of == when(NOON - DAY)
    wired.correct(range(-25, -24), 100)
    wired.correct(range(-24, -23), 100)
    wired.clock.advance(HOUR)
    wired.core.poll()
    spend = wired.verdicts()["right-answers"].spend
    assert spend is not None
    assert (spend.eligible, spend.bad) == (7 * 24 * 100, (7 * 24 - 2) * 2 + 2 * 100)


def test_drift_in_reports_exhausts_its_budget_and_pages_nobody(wired: Wired) -> None:
    wired.core.poll()
    found = wired.verdicts()["stable-inputs"]
    assert found.kind is Kind.EXHAUSTED
    assert found.severity is not Severity.PAGE
    assert Severity.PAGE not in {one.alert.severity for one in found.firing}
    assert found.spend is not None
    assert (found.spend.eligible, found.spend.bad) == (7 * 24, 48)


def test_a_warehouse_that_is_gone_is_unknown_and_no_matter_to_the_reports(wired: Wired) -> None:
    wired.core.poll()
    wired.warehouse.rename(wired.warehouse.with_suffix(".away"))
    for _ in range(4):
        wired.clock.advance(HOUR)
        wired.core.poll()
    found = wired.verdicts()
    assert found["right-answers"].kind is Kind.UNKNOWN
    assert found["stable-inputs"].as_of == when(NOON + 4 * HOUR)

"""`python -m tests.bench.labels [--wheel FILE] [--late yes|no] [--only NAME]`: predictions of
public data sets whose labels come late, day by day through the SQL place and through what `burnban
push` sends, into objectives of accuracy over 28 days.

Labels of one predicted class come after 30 days, those of the other after 7. Every day there is a
poll. Naive is an objective without `labelDelay`: the labels that are there, of the newest 28 days.
Matured is one with `labelDelay: 30d`. A decision flips if that day the budget was taken for spent
and was not, or the other way round, by what all labels of the very same days say in the end. What
was pushed must come to the same as what was fetched, every day.

2 cores, Python 3.11.7, x86_64, load 3 to 14, SQLite, `python -m tests.bench.labels`:

| data, target | late | naive says | off by (pp) | flips: naive | matured |
|---|---|---|---|---|---|
| car loan (synthetic), 92 % | yes | 89.2…95.0 % | −2.2…−0.1 | 23 of 245 days | 0 |
| | no | 91.5…96.4 % | +0.2…+2.2 | 99 of 245 | 0 |
| census employment (real), 82 % | yes | 82.2…86.1 % | +1.2…+4.4 | 38 of 242 | 0 |
| | no | 68.6…82.8 % | −11.0…−0.1 | 171 of 242 | 0 |
| California housing (artificial stamps), 58 % | yes | 1.0…97.2 % | −51.6…+20.0 | 38 of 285 | 0 |
| | no | 50.0…100.0 % | −34.8…+77.5 | 137 of 285, and blind on 73 | 0 |

42 s (California) to 68 s (employment) each at load 3, all flows included.
"""

import sqlite3
import tempfile
import time
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from fractions import Fraction
from pathlib import Path

from bot.decide.catalog import Catalog
from bot.flow.evaluate import Evaluate
from bot.flow.poll.observe import Observe
from bot.flow.show.answer import Answer
from bot.judge.verdict import Verdict
from bot.measure import KINDS, build, check_indicator, place_of
from bot.record import Database
from bot.remote.client import Remote
from bot.remote.push import PushAll
from bot.spec import load_texts
from bot.wiring.feeds import Feeds
from tests.api import Api, serving
from tests.bench.ground import database, machine
from tests.bench.label_data import DAY, FIRST, Prediction, asking, datasets, wheel_of
from tests.builders import when
from tests.fakes import FakeClock
from tests.flow.conftest import World
from tests.flow.gates import Gates

SOON, LATE, WINDOW = 7, 30, 28
"""Days."""
_QUERY = f"""
SELECT {FIRST} + at / {DAY} * {DAY} AS start, {FIRST} + (at / {DAY} + 1) * {DAY} AS "end",
       sum(predicted AND actual IS 1) AS tp, sum(predicted AND actual IS 0) AS fp,
       sum(NOT predicted AND actual IS 1) AS fn, sum(NOT predicted AND actual IS 0) AS tn,
       sum(predicted) AS positives, sum(NOT predicted) AS negatives
FROM predictions LEFT JOIN labels USING (id)
WHERE {FIRST} + at > :since_epoch - {DAY} AND {FIRST} + at <= :until_epoch
GROUP BY 1, 2
"""
_SOURCES = """
apiVersion: openslo/v1
kind: DataSource
metadata: {name: warehouse}
spec:
  type: sql
  connectionDetails:
    urlEnv: WAREHOUSE_URL
    step: 1d
    feeds: {fetched: {query: '%s'}}
---
apiVersion: openslo/v1
kind: DataSource
metadata: {name: pushed}
spec: {type: push, connectionDetails: {step: 1d}}
---
apiVersion: burnban/v1
kind: BudgetPolicy
metadata: {name: default}
spec: {burnAlerts: [{spend: 30%%, within: 7d, confirm: 1d, severity: ticket}]}
"""
_SLO = """
apiVersion: openslo/v1
kind: SLO
metadata: {name: %s}
spec:
  service: model
  indicator: {quality: {feed: %s, source: %s, of: accuracy%s}}
  timeWindow: [{duration: 28d, isRolling: true}]
  budgetingMethod: Occurrences
  objectives: [{targetPercent: %s}]
"""


def specs(target: str) -> Catalog:
    """As a team would write them."""
    late = f", labelDelay: {LATE}d"
    texts = {"sources.yaml": _SOURCES % " ".join(_QUERY.split()).replace("'", "''")}
    for name, feed, source, delay in (
        ("naive", "fetched", "warehouse", ""),
        ("matured", "fetched", "warehouse", late),
        ("pushed", "pushed", "pushed", late),
    ):
        texts[f"{name}.yaml"] = _SLO % (name, feed, source, delay, target[:-1])
    return load_texts(texts, source_kinds=KINDS, check=check_indicator)


@dataclass
class Tally:
    """What came of the days."""

    days: int = 0
    silent: int = 0
    """On which naive had no label at all."""
    naive: list[float] = field(default_factory=list)
    off: list[float] = field(default_factory=list)
    flips: Counter[str] = field(default_factory=Counter)


@dataclass
class Bench:
    """One data set, with one way of labels being late."""

    predictions: Sequence[Prediction]
    late: bool
    """The predicted class whose labels take longer."""
    folder: Path
    record: Database

    def __post_init__(self) -> None:
        right = sum(one.predicted == one.actual for one in self.predictions)
        self.target = f"{right * 100 // len(self.predictions)}%"
        self.catalog = specs(self.target)
        self.clock = FakeClock(when(FIRST))
        self.path = self.folder / "warehouse.db"
        self.starts = [one.at for one in self.predictions]
        with closing(sqlite3.connect(self.path)) as warehouse:
            warehouse.execute("CREATE TABLE predictions (id INTEGER PRIMARY KEY, at, predicted)")
            warehouse.execute("CREATE TABLE labels (id INTEGER PRIMARY KEY, actual)")
            rows = ((n, one.at, one.predicted) for n, one in enumerate(self.predictions))
            warehouse.executemany("INSERT INTO predictions VALUES (?, ?, ?)", rows)
            warehouse.execute("CREATE INDEX by_time ON predictions (at)")
            warehouse.commit()

    def run(self) -> Tally:
        """Day after day."""
        self.record.write(
            lambda books: books.ledger.open(self.catalog.objectives, self.clock.now())
        )
        feeds = Feeds()
        feeds.record = self.record
        url = {"WAREHOUSE_URL": f"sqlite:///{self.path}"}
        sources = {
            name: build(spec, url.__getitem__, time.monotonic, told=feeds.told)
            for name, spec in self.catalog.sources.items()
        }
        places = {name: place for name, one in sources.items() if (place := place_of(one))}
        observe = Observe(
            self.record, self.clock, lambda: self.catalog, lambda: places, "", feeds.faults
        )
        flow = Evaluate(self.record, self.clock, lambda: self.catalog, "", fetch=observe.run)
        tally = Tally()
        gates = Gates(World(self.record, clock=self.clock))
        with serving(gates, self.catalog, within=60.0) as api:
            for day in range(1, self.predictions[-1].at // DAY + 1):
                self.clock.time = when(FIRST + day * DAY + 60)
                self._arrive(day)
                self._push(api, day)
                for source in sources.values():
                    flow.run(source, force=True)
                assert not feeds.faults, feeds.faults
                if day >= LATE + WINDOW:
                    self._look(tally)
        return tally

    def _arrive(self, day: int) -> None:
        """The labels of one more day."""
        with closing(sqlite3.connect(self.path)) as warehouse:
            for days, late in ((SOON, not self.late), (LATE, self.late)):
                since, until = ((day - days - 1) * DAY, (day - days) * DAY)
                rows = [
                    (number, self.predictions[number].actual)
                    for number in self._numbers(since, until)
                    if self.predictions[number].predicted == late
                ]
                warehouse.executemany("INSERT INTO labels VALUES (?, ?)", rows)
            warehouse.commit()

    def _push(self, api: Api, day: int) -> None:
        """What a nightly job would send: the days whose labels may have come."""
        lines = [
            (number, self._line(one, day))
            for number, one in enumerate(range(max(0, day - LATE - 2), day), 1)
        ]
        with Remote(api.url, api.token("slices:push:pushed"), 60.0) as remote:
            done = PushAll(remote, lambda _: None).run("pushed", lines, atomic=True)
        assert not done.refused, done.refused

    def _line(self, one: int, today: int) -> dict[str, object]:
        found: Counter[str] = Counter()
        for number in self._numbers(one * DAY, (one + 1) * DAY):
            it = self.predictions[number]
            found["positives" if it.predicted else "negatives"] += 1
            days = LATE if it.predicted == self.late else SOON
            if it.at // DAY + days < today:
                found[
                    ("tp" if it.actual else "fp") if it.predicted else "fn" if it.actual else "tn"
                ] += 1
        names = ("tp", "fp", "fn", "tn", "positives", "negatives")
        start, end = (
            datetime.fromtimestamp(FIRST + n * DAY, UTC).isoformat() for n in (one, one + 1)
        )
        return {"start": start, "end": end, **{name: found[name] for name in names}}

    def _look(self, tally: Tally) -> None:
        judged = Answer(self.record, self.clock, lambda: self.catalog).judged()
        found = {one.objective.name: one.verdict for one in judged}
        assert found["matured"].spend == found["pushed"].spend
        tally.days += 1
        for name in ("naive", "matured"):
            said, true = _accuracy(found[name]), self._true(found[name])
            target = Fraction(self.target[:-1]) / 100
            if said is None:
                tally.silent += name == "naive"
                continue
            tally.flips[name] += (said < target) != (true < target)
            if name == "naive":
                tally.naive.append(float(said))
                tally.off.append(float(said - true))

    def _true(self, verdict: Verdict) -> Fraction:
        """Of the same days, by all labels."""
        assert verdict.as_of is not None
        until = int(verdict.as_of.timestamp()) - FIRST
        some = [self.predictions[n] for n in self._numbers(until - WINDOW * DAY, until)]
        return Fraction(sum(one.predicted == one.actual for one in some), len(some))

    def _numbers(self, since: int, until: int) -> range:
        return range(bisect_right(self.starts, since - 1), bisect_right(self.starts, until - 1))


def _accuracy(verdict: Verdict) -> Fraction | None:
    """None while no label is there."""
    assert verdict.spend is not None
    if not verdict.spend.eligible:
        return None
    return 1 - Fraction(verdict.spend.bad) / Fraction(verdict.spend.eligible)


def runs(wheel: Path, only: str, late: Sequence[str]) -> Iterator[str]:
    """A line for each data set and way of being late."""
    for name, predictions in datasets(wheel, only).items():
        for word in late:
            with tempfile.TemporaryDirectory() as made, database("sqlite", Path(made)) as record:
                bench = Bench(predictions, word == "yes", Path(made), record)
                began = time.perf_counter()
                tally = bench.run()
                took = time.perf_counter() - began
            low, high = min(tally.off), max(tally.off)
            yield (
                f"{name}, {len(predictions):,} predictions, target {bench.target}, labels of "
                f"`{word}` late: naive {min(tally.naive):.1%}…{max(tally.naive):.1%}, off by "
                f"{100 * low:+.1f}…{100 * high:+.1f} pp; of {tally.days} daily decisions naive "
                f"flips {tally.flips['naive']} (and is blind on {tally.silent}), matured "
                f"{tally.flips['matured']}; {took:.0f} s"
            )


def main() -> None:
    """Print what came of it."""
    parser = asking(__doc__)
    parser.add_argument("--late", choices=("yes", "no"), help="default: first one, then the other")
    options = parser.parse_args()
    print(machine())
    with wheel_of(options) as wheel:
        for line in runs(wheel, options.only, [options.late] if options.late else ["yes", "no"]):
            print(line, flush=True)


if __name__ == "__main__":
    main()

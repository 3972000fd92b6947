"""What NannyML's database writer leaves behind, as observations."""

import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import (
    Boolean,
    Column,
    DateTime,
    Engine,
    Float,
    ForeignKey,
    Integer,
    MetaData,
    String,
    Table,
    create_engine,
    insert,
)

from bot.decide.catalog import SourceSpec
from bot.errors import SourceError
from bot.judge.observation import Observation
from bot.measure.places.factory import build_place
from bot.ports import Fetched, Place
from tests.builders import HOUR, NOON
from tests.postgres import PostgresServer

pytest_plugins = ["tests.record_stores"]

DAY = 24 * HOUR
MIDNIGHT = NOON - 12 * HOUR
FEEDS: dict[str, dict[str, Any]] = {
    "auc": {"table": "realized", "metric": "roc_auc", "n": 5000.0},
    "rmse": {"table": "realized", "metric": "rmse", "n": 5000.0, "version": "38"},
    "age": {"table": "drift", "metric": "jensen_shannon", "column": "age", "n": 5000.0,
            "threshold": 0.1},
    "cbpe": {"table": "cbpe", "metric": "roc_auc", "n": 5000.0},
    "dle": {"table": "dle", "metric": "rmse", "n": 5000.0},
}  # fmt: skip


def _metrics(meta: MetaData, name: str, *more: Column[Any]) -> Table:
    return Table(
        name,
        meta,
        Column("id", Integer, primary_key=True),
        Column("model_id", Integer, ForeignKey("model.id")),
        Column("run_id", Integer, ForeignKey("run.id"), nullable=False),
        Column("start_timestamp", DateTime, nullable=False),
        Column("end_timestamp", DateTime, nullable=False),
        Column("timestamp", DateTime, nullable=False),
        Column("metric_name", String, nullable=False),
        Column("value", Float),
        Column("alert", Boolean, nullable=False),
        *more,
    )


def _limits() -> tuple[Column[Any], Column[Any]]:
    return Column("upper_threshold", Float), Column("lower_threshold", Float)


@dataclass
class Results:
    """A database of results, with two models and two runs."""

    url: str
    engine: Engine
    meta: MetaData = field(default_factory=MetaData)

    def __post_init__(self) -> None:
        Table("model", self.meta, Column("id", Integer, primary_key=True), Column("name", String))
        Table("run", self.meta, Column("id", Integer, primary_key=True))
        for name in ("realized", "cbpe", "dle"):
            _metrics(self.meta, f"{name}_performance_metrics", *_limits())
        _metrics(self.meta, "univariate_drift_metrics", Column("column_name", String))
        self.meta.create_all(self.engine)
        with self.engine.begin() as connection:
            models = [{"id": 1, "name": "ranker"}, {"id": 2, "name": "other"}]
            connection.execute(insert(self.meta.tables["model"]), models)
            connection.execute(insert(self.meta.tables["run"]), [{"id": 1}, {"id": 2}])

    def say(self, table: str, day: int, value: float, **more: object) -> None:
        """A chunk of one day, as it is stored: without a zone, to the microsecond."""
        start = datetime.fromtimestamp(MIDNIGHT + day * DAY, UTC).replace(tzinfo=None)
        end = start + timedelta(days=1, microseconds=-1)
        row = {
            "run_id": 1, "model_id": 1, "start_timestamp": start, "end_timestamp": end,
            "timestamp": start + (end - start) / 2, "value": value, "alert": False, **more,
        }  # fmt: skip
        with self.engine.begin() as connection:
            connection.execute(insert(self.meta.tables[table]), [row])

    def place(self, **details: object) -> Place:
        spec = {"urlEnv": "MY_URL", "timeZone": "UTC", "feeds": FEEDS, **details}
        secrets = {"MY_URL": self.url}.__getitem__
        made = build_place(SourceSpec("drift", "nannyml", spec), secrets, time.monotonic)
        assert made is not None
        return made

    def fetched(self, feed: str, days: int = 3, since: int = 0, **details: object) -> Fetched:
        with closing(self.place(**details)) as place:
            (found,) = place.fetch([feed], MIDNIGHT + since * DAY, MIDNIGHT + days * DAY)
        return found


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def results(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Results]:
    if request.param == "sqlite":
        url = own = f"sqlite:///{tmp_path / 'results.db'}"
    else:
        server: PostgresServer = request.getfixturevalue("postgres_server")
        url = server.create_database()
        own = url.replace("postgresql://", "postgresql+psycopg://")
    engine = create_engine(own)
    yield Results(url, engine)
    engine.dispose()


def day(number: int, value: float, **more: object) -> Observation:
    start = MIDNIGHT + number * DAY
    return Observation(start, start + DAY, value=value, n=5000.0, **more)  # type: ignore[arg-type]


def realized(results: Results, number: int, value: float, **more: object) -> None:
    limits = {"upper_threshold": 1.0, "lower_threshold": 0.9}
    results.say(
        "realized_performance_metrics",
        number,
        value,
        **{"metric_name": "roc_auc", **limits, **more},
    )


def test_realized_scores_are_observations_with_tool_metric_and_threshold(results: Results) -> None:
    for number in range(4):
        realized(results, number, 0.95 - number / 100)
    expected = tuple(
        day(n, 0.95 - n / 100, tool="NannyML", metric="roc_auc", threshold=0.9) for n in range(3)
    )
    assert results.fetched("auc") == Fetched("auc", expected)


def test_a_chunk_is_fetched_in_the_stretch_that_it_ends_in_and_no_other(results: Results) -> None:
    for number in range(4):
        realized(results, number, 0.95)
    (only,) = results.fetched("auc", since=1, days=2).rows
    assert (only.start, only.end) == (MIDNIGHT + DAY, MIDNIGHT + 2 * DAY)


def test_of_a_loss_the_upper_threshold_counts(results: Results) -> None:
    realized(results, 0, 3.5, metric_name="rmse", upper_threshold=4.0, lower_threshold=2.0)
    assert results.fetched("rmse").rows == (
        day(0, 3.5, version="38", tool="NannyML", metric="rmse", threshold=4.0),
    )


def test_a_chunk_without_a_lower_threshold_has_its_upper_one(results: Results) -> None:
    realized(results, 0, 0.9, lower_threshold=None)
    assert results.fetched("auc").rows[0].threshold == 1.0


def test_drift_is_of_one_feature_by_one_method(results: Results) -> None:
    for feature, method, value in (
        ("age", "jensen_shannon", 0.2),
        ("age", "wasserstein", 5.0),
        ("income", "jensen_shannon", 0.9),
    ):
        results.say("univariate_drift_metrics", 0, value, metric_name=method, column_name=feature)
    assert results.fetched("age").rows == (
        day(0, 0.2, tool="NannyML", metric="jensen_shannon of age", threshold=0.1),
    )


@pytest.mark.parametrize(
    ("feed", "table", "metric", "tool"),
    [
        ("cbpe", "cbpe_performance_metrics", "roc_auc", "NannyML CBPE"),
        ("dle", "dle_performance_metrics", "rmse", "NannyML DLE"),
    ],
)
def test_an_estimate_says_that_it_is_one(
    results: Results, feed: str, table: str, metric: str, tool: str
) -> None:
    results.say(table, 0, 0.7, metric_name=metric)
    assert results.fetched(feed).rows == (day(0, 0.7, tool=tool, metric=metric),)


def test_of_a_chunk_that_two_runs_looked_at_the_newest_run_counts(results: Results) -> None:
    realized(results, 0, 0.97, run_id=2)
    realized(results, 0, 0.91, run_id=1)
    assert [row.value for row in results.fetched("auc").rows] == [0.97]


def test_only_the_named_model_counts(results: Results) -> None:
    realized(results, 0, 0.97)
    realized(results, 1, 0.51, model_id=2)
    assert [row.value for row in results.fetched("auc", model="ranker").rows] == [0.97]
    assert results.fetched("auc", model="nobody' OR 1=1 --").rows == ()


def test_a_chunk_without_a_score_is_missing_and_neither_good_nor_bad(results: Results) -> None:
    realized(results, 0, float("nan"))
    realized(results, 1, 0.97)
    assert [row.value for row in results.fetched("auc").rows] == [0.97]


def test_instants_are_of_the_declared_zone(results: Results) -> None:
    realized(results, 0, 0.97)
    (row,) = results.fetched("auc", timeZone="Europe/Berlin").rows
    assert row.end == MIDNIGHT + DAY - HOUR


def test_the_doctor_hears_which_tables_are_read(results: Results) -> None:
    with closing(results.place(feeds={"auc": FEEDS["auc"], "age": FEEDS["age"]})) as place:
        assert place.check() == (
            "drift: the tables of NannyML are there "
            "(realized_performance_metrics, univariate_drift_metrics)"
        )


def test_a_database_without_the_tables_is_told_by_the_name_of_the_table(results: Results) -> None:
    with results.engine.begin() as connection:
        results.meta.tables["univariate_drift_metrics"].drop(connection)
    found = results.fetched("age")
    assert found.fault is not None
    assert "univariate_drift_metrics" in found.fault
    with closing(results.place()) as place, pytest.raises(SourceError, match="univariate_drift"):
        place.check()

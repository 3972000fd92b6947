"""Observations from a warehouse: a real PostgreSQL and a real file of SQLite."""

import socket
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
import pytest

from bot.decide.catalog import SourceSpec
from bot.errors import ConfigError, Fault, SourceError
from bot.judge.observation import Observation
from bot.measure.factory import variables
from bot.measure.places.factory import build_place
from bot.ports import Fetched, Place
from tests.builders import HOUR, NOON
from tests.postgres import PostgresServer

pytest_plugins = ["tests.record_stores"]

_TABLE = """
CREATE TABLE labels (
  "start" {instant} NOT NULL, "end" {instant} NOT NULL, model text,
  tp integer, fp integer, fn integer, tn integer, note text)
"""
_LABELS = (
    'SELECT "start", "end", model AS version, tp, fp, fn, tn FROM labels '
    "WHERE {end} > :since AND {end} <= :until"
)


@dataclass
class Warehouse:
    """A database with labels of three hours."""

    url: str
    end: str
    """How its statements compare the end of a row."""
    run: Callable[[str], list[tuple[Any, ...]]]
    """Runs a statement with all rights."""

    @property
    def labels(self) -> str:
        return _LABELS.format(end=self.end)

    def place(self, query: str | None = None, **details: object) -> Place:
        feeds = {"labels": {"query": query or self.labels}}
        spec = SourceSpec("warehouse", "sql", {"urlEnv": "MY_URL", "feeds": feeds, **details})
        made = build_place(spec, {"MY_URL": self.url}.__getitem__, time.monotonic)
        assert made is not None
        return made

    def fetched(self, query: str | None = None, **details: object) -> Fetched:
        with closing(self.place(query, **details)) as place:
            (found,) = place.fetch(["labels"], NOON, NOON + 2 * HOUR)
        return found

    def fault(self, query: str | None = None, **details: object) -> str:
        found = self.fetched(query, **details)
        assert found.rows == ()
        assert found.fault is not None
        return found.fault


def _fill(run: Callable[[str], Any], kind: str) -> None:
    run(_TABLE.format(instant=kind))
    for hour in range(3):
        since, until = (
            f"{datetime.fromtimestamp(NOON + h * HOUR, UTC):%Y-%m-%d %H:%M:%S}+00:00"
            for h in (hour, hour + 1)
        )
        run(f"INSERT INTO labels VALUES ('{since}', '{until}', '38', {90 + hour}, 4, 3, 2, NULL)")


@pytest.fixture
def sqlite(tmp_path: Path) -> Warehouse:
    path = tmp_path / "ware house?.db"

    def run(statement: str) -> list[tuple[Any, ...]]:
        with closing(sqlite3.connect(path)) as connection:
            rows = connection.execute(statement).fetchall()
            connection.commit()
            return rows

    _fill(run, "text")
    return Warehouse(f"sqlite:///{str(path).replace('?', '%3F')}", 'datetime("end")', run)


@pytest.fixture
def postgres(postgres_server: PostgresServer) -> Iterator[Warehouse]:
    url = postgres_server.create_database()

    def run(statement: str) -> list[tuple[Any, ...]]:
        with psycopg.connect(url, autocommit=True) as connection:
            found = connection.execute(statement.encode())
            return found.fetchall() if found.description else []

    _fill(run, "timestamptz")
    yield Warehouse(url, '"end"', run)
    postgres_server.drop_database(url)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def warehouse(request: pytest.FixtureRequest) -> Warehouse:
    found: Warehouse = request.getfixturevalue(request.param)
    return found


def test_what_ends_in_the_time_asked_for_is_given_as_observations(warehouse: Warehouse) -> None:
    found = warehouse.fetched()
    assert found == Fetched(
        "labels",
        tuple(
            Observation(NOON + h * HOUR, NOON + (h + 1) * HOUR, "38", 90.0 + h, 4.0, 3.0, 2.0)
            for h in range(2)
        ),
    )


def test_a_statement_that_gives_more_time_than_asked_for_is_cut(warehouse: Warehouse) -> None:
    careless = warehouse.labels.replace("AND", "OR")
    assert warehouse.fetched(careless) == warehouse.fetched()


def test_seconds_since_1970_can_be_bound_and_given(warehouse: Warehouse) -> None:
    query = (
        f'SELECT {NOON} AS start, {NOON + HOUR} AS "end", 10 AS eligible, 1 AS bad '
        "WHERE 1 <= :until_epoch - :since_epoch"
    )
    (row,) = warehouse.fetched(query).rows
    assert row == Observation(NOON, NOON + HOUR, eligible=10.0, bad=1.0)


def test_columns_are_known_in_whatever_case(warehouse: Warehouse) -> None:
    shouted = warehouse.labels.replace("tp,", 'tp AS "TP",')
    assert warehouse.fetched(shouted) == warehouse.fetched()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("model AS version, tp", "model AS version, tp AS tpp"), "column `tpp` is not known here"),
        (('"end",', ""), "column `end` is missing"),
        (("tp, fp, fn, tn", "note AS tool"), "the figures are missing"),
        (("tp, fp", "'many' AS tp, fp"), "row 1: column `tp` holds a text where a number belongs"),
        (("tp, fp", "-1 AS tp, fp"), "row 1: column `tp`: is -1: a count is never negative"),
        (("tp, fp, fn,", "tp, fp,"), "row 1: column `fn`: is missing"),
        (('"start",', '"end" AS "start",'), "row 1: column `end`: must be later than start"),
        (("model AS version", "tp AS eligible, tp AS bad"), "exactly one kind of figures"),
        (('SELECT "start"', "SELECT '2026-03-02 12:00:00' AS \"start\""), "without a zone"),
    ],
)
def test_a_row_that_is_no_observation_is_a_fault_that_names_the_column(
    warehouse: Warehouse, change: tuple[str, str], said: str
) -> None:
    fault = warehouse.fault(warehouse.labels.replace(*change, 1))
    assert said in fault
    assert fault.startswith("warehouse gave what is no observation: ")


def test_two_rows_for_the_same_stretch_are_a_fault_and_not_overwritten(
    warehouse: Warehouse,
) -> None:
    twice = warehouse.labels + " UNION ALL " + warehouse.labels
    assert "GROUP BY start, end, version" in warehouse.fault(twice)


def test_instants_without_a_zone_are_read_in_the_one_declared(warehouse: Warehouse) -> None:
    query = (
        "SELECT '2026-03-02 12:00:00' AS \"start\", '2026-03-02 13:00:00' AS \"end\", "
        "0.9 AS value, 500 AS n WHERE :since < :until"
    )
    if warehouse.end == '"end"':
        query = query.replace('AS "start"', '::timestamp AS "start"').replace(
            'AS "end"', '::timestamp AS "end"'
        )
    with closing(warehouse.place(query, timeZone="Europe/Berlin")) as place:
        (found,) = place.fetch(["labels"], NOON - 2 * HOUR, NOON + 2 * HOUR)
    assert found.rows == (Observation(NOON - HOUR, NOON, value=0.9, n=500.0),)


def test_bounds_are_given_in_the_declared_zone(warehouse: Warehouse) -> None:
    if warehouse.end != '"end"':
        warehouse.run("CREATE VIEW local AS SELECT '2026-03-02 14:00:00' AS \"end\"")
    else:
        warehouse.run("CREATE VIEW local AS SELECT timestamp '2026-03-02 14:00:00' AS \"end\"")
    query = (
        f'SELECT {NOON} AS start, "end", 0.9 AS value, 5 AS n FROM local '
        'WHERE "end" > :since AND "end" <= :until'
    )
    with closing(warehouse.place(query, timeZone="Europe/Berlin")) as place:
        (inside,) = place.fetch(["labels"], NOON, NOON + HOUR)
        (outside,) = place.fetch(["labels"], NOON + HOUR, NOON + 2 * HOUR)
    assert (len(inside.rows), outside.rows, outside.fault) == (1, (), None)


def test_more_rows_than_are_taken_are_a_fault_that_says_what_to_do(warehouse: Warehouse) -> None:
    assert warehouse.fault(maxRows=1) == (
        "warehouse gave more than 1 rows: group them (by hour, say), or raise maxRows"
    )


def test_a_statement_that_the_database_does_not_understand_is_told_in_its_words(
    warehouse: Warehouse,
) -> None:
    fault = warehouse.fault(warehouse.labels.replace("model", "modle"))
    assert fault.startswith("warehouse refuses the statement: ")
    assert "modle" in fault


def test_nothing_is_ever_written(warehouse: Warehouse) -> None:
    writing = {
        '"end"': "WITH gone AS (DELETE FROM labels RETURNING tp) SELECT tp FROM gone",
        'datetime("end")': "DELETE FROM labels",
    }[warehouse.end]
    fault = warehouse.fault(f"{writing} WHERE :since < :until")
    assert fault.startswith("warehouse refuses ")
    assert warehouse.run("SELECT count(*) FROM labels") == [(3,)]


@pytest.mark.postgres
def test_a_question_that_would_write_in_passing_is_refused_by_the_transaction(
    postgres: Warehouse,
) -> None:
    """What a sequence has given stays given, whatever becomes of the transaction."""
    postgres.run("CREATE SEQUENCE given")
    fault = postgres.fault(postgres.labels.replace("tp,", "nextval('given') AS tp,"))
    assert fault.startswith("warehouse refuses to be written to, and the statement would: ")
    assert postgres.run("SELECT is_called FROM given") == [(False,)]


def test_one_statement_is_run_and_no_second_one_behind_it(warehouse: Warehouse) -> None:
    assert "warehouse " in warehouse.fault(warehouse.labels + "; DROP TABLE labels")
    assert warehouse.run("SELECT count(*) FROM labels") == [(3,)]


def test_the_doctor_hears_that_it_answers(warehouse: Warehouse) -> None:
    with closing(warehouse.place()) as place:
        assert place.check() == "warehouse: the database answers, 1 feed is read from it"


@pytest.mark.postgres
def test_a_statement_that_hangs_is_ended_in_time(postgres: Warehouse) -> None:
    query = postgres.labels + " AND pg_sleep(60) IS NOT NULL"
    fault = postgres.fault(query, timeout=1)
    assert fault == "warehouse took too long for this statement: ask for less, or add an index"


def test_a_statement_of_sqlite_that_never_ends_is_ended_in_time(sqlite: Warehouse) -> None:
    endless = (
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) "
        "SELECT max(i) FROM n WHERE :since < :until"
    )
    assert "took too long" in sqlite.fault(endless, timeout=1)


@pytest.mark.postgres
def test_the_deadline_is_that_of_all_feeds_together(postgres: Warehouse) -> None:
    slow = postgres.labels + " AND pg_sleep(60) IS NOT NULL"
    feeds = {name: {"query": slow} for name in ("one", "two", "three")}
    with closing(postgres.place(feeds=feeds, timeout=1)) as place:
        found = place.fetch(list(feeds), NOON, NOON + HOUR)
    assert [one.feed for one in found] == list(feeds)
    assert [one.fault for one in found][1:] == ["warehouse had no time left for this"] * 2


@pytest.mark.postgres
def test_a_secret_is_in_no_fault(postgres: Warehouse) -> None:
    for url in (
        postgres.url.replace("postgres@", "postgres:pass%2Fw0rd@").replace("/test", "/no_test"),
        "postgresql://me:pass/w0rd@nowhere.invalid/labels",
        "postgresql://me:p@ss/w0rd@nowhere.invalid/labels",
        "nosuch://me:pass/w0rd@here/labels",
        "pass/w0rd",
    ):
        postgres.url = url
        fault = postgres.fault(timeout=2)
        assert "w0rd" not in fault
        assert fault.startswith("warehouse ")


def test_a_database_that_is_not_there_is_down_and_not_empty(sqlite: Warehouse) -> None:
    sqlite.url = "sqlite:////nowhere/at/all.db"
    assert "no such file" in sqlite.fault()
    with closing(sqlite.place()) as place, pytest.raises(SourceError, match="no such file"):
        place.check()


def test_a_file_is_opened_read_only_whichever_driver_its_url_names(sqlite: Warehouse) -> None:
    sqlite.url = sqlite.url.replace("sqlite:", "sqlite+pysqlite:")
    assert len(sqlite.fetched().rows) == 2
    assert sqlite.fault("DELETE FROM labels WHERE :since < :until").startswith("warehouse refuses")


def test_a_server_that_says_nothing_is_left_and_asked_again_when_it_has_let_go() -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as silent:
        silent_url = f"postgresql://me@127.0.0.1:{silent.getsockname()[1]}/labels"
        with closing(Warehouse(silent_url, '"end"', lambda _: []).place(timeout=1)) as place:
            first, second = (place.fetch(["labels"], NOON, NOON + HOUR)[0] for _ in range(2))
    assert str(first.fault).startswith("warehouse gave no answer within ")
    assert second.fault == (
        "warehouse has not answered an earlier question yet; it is asked again later"
    )


def test_a_feed_that_is_not_declared_is_told_and_the_others_are_given(sqlite: Warehouse) -> None:
    with closing(sqlite.place()) as place:
        unknown, known = place.fetch(["other", "labels"], NOON, NOON + HOUR)
    assert unknown.fault == "warehouse has no feed other: add it to its feeds"
    assert len(known.rows) == 1


def test_a_variable_that_is_not_set_is_named() -> None:
    def unset(name: str) -> str:
        raise ConfigError([Fault(name, "", "is not set.", "Set it.")])

    details = {"urlEnv": "MY_URL", "feeds": {"labels": {"query": "SELECT 1"}}}
    spec = SourceSpec("warehouse", "sql", details)
    place = build_place(spec, unset, time.monotonic)
    assert place is not None
    (found,) = place.fetch(["labels"], NOON, NOON + HOUR)
    assert found.fault == "warehouse cannot be asked: MY_URL: is not set. Set it."
    assert variables(spec) == ["MY_URL"]

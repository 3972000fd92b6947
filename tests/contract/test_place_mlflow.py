"""Scores from MLflow, in the wire format of a real server (3.17)."""

import json
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from bot.decide.catalog import SourceSpec
from bot.errors import SourceError
from bot.judge.observation import Observation
from bot.measure.factory import variables
from bot.measure.places.factory import build_place
from bot.ports import Fetched, Place
from tests.builders import HOUR, NOON
from tests.httpserver import BadServer, Conversation

AUC = {"experiment": "ranker eval", "metric": "auc", "n": {"metric": "rows"}, "every": HOUR}
SECRET = "mlflow-s3cret"


@dataclass
class Registry:
    """A tracking server with one experiment."""

    server: BadServer | None = None
    runs: list[dict[str, Any]] = field(default_factory=list)
    """The newest first."""
    page: int = 1_000
    instead: tuple[str, str] | None = None
    """Status and body of every answer."""
    hang: bool = False

    def run(
        self, number: int, metrics: dict[str, list[tuple[float | str, int, int]]], **tags: str
    ) -> None:
        """`metrics`: value, seconds since 1970 and step of each."""
        self.runs.insert(
            0,
            {
                "info": {"run_id": f"run{number}", "start_time": (NOON + number) * 1000},
                "data": {"tags": [{"key": k, "value": v} for k, v in tags.items()]},
                "history": {
                    key: [
                        {"key": key, "value": value, "timestamp": at * 1000, "step": step}
                        for value, at, step in points
                    ]
                    for key, points in metrics.items()
                },
            },
        )

    def answer(self, talk: Conversation) -> None:
        if self.hang:
            talk.drip(b"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n" + b" " * 9999, 0.05)
        elif self.instead is not None:
            talk.answer(self.instead[1], self.instead[0])
        else:
            status, body = self._said(talk)
            talk.answer(json.dumps(body), status)

    def _said(self, talk: Conversation) -> tuple[str, dict[str, Any]]:
        url = urlsplit(talk.request.path)
        asked = {key: found[0] for key, found in parse_qs(url.query).items()}
        match url.path.removeprefix("/api/2.0/mlflow/"):
            case "experiments/get-by-name":
                return self._experiment(asked["experiment_name"])
            case "runs/search":
                return self._search(json.loads(talk.request.body))
            case "metrics/get-history":
                return self._history(asked)
        return "404 Not Found", {}

    def _experiment(self, name: str) -> tuple[str, dict[str, Any]]:
        if name != "ranker eval":
            code = "RESOURCE_DOES_NOT_EXIST"
            said = f"Could not find experiment with name '{name}'"
            return "404 Not Found", {"error_code": code, "message": said}
        return "200 OK", {"experiment": {"experiment_id": "7", "name": name}}

    def _search(self, asked: dict[str, Any]) -> tuple[str, dict[str, Any]]:
        assert asked["experiment_ids"] == ["7"]
        low, high = (int(word) for word in asked["filter"].split() if word.isdecimal())
        mine = [r for r in self.runs if low < r["info"]["start_time"] <= high]
        rows = [
            {
                "info": run["info"],
                "data": {
                    "metrics": [points[-1] for points in run["history"].values()],
                    **run["data"],
                },
            }
            for run in mine
        ]
        return "200 OK", self._paged(rows, asked, "runs")

    def _history(self, asked: dict[str, Any]) -> tuple[str, dict[str, Any]]:
        run = next(one for one in self.runs if one["info"]["run_id"] == asked["run_id"])
        points = run["history"].get(asked["metric_key"], [])
        return "200 OK", self._paged(points, asked, "metrics")

    def _paged(self, rows: list[Any], asked: dict[str, Any], name: str) -> dict[str, Any]:
        start = int(asked.get("page_token") or 0)
        some = rows[start : start + self.page]
        more = {"next_page_token": str(start + self.page)} if start + self.page < len(rows) else {}
        return {name: some, **more} if some else more

    def place(self, feed: dict[str, Any] | None = None, **details: object) -> Place:
        assert self.server is not None
        spec = {"url": self.server.url, "feeds": {"auc": feed or AUC}, **details}
        made = build_place(SourceSpec("scores", "mlflow", spec), lambda _: SECRET, time.monotonic)
        assert made is not None
        return made

    def fetched(self, feed: dict[str, Any] | None = None, **details: object) -> Fetched:
        with closing(self.place(feed, **details)) as place:
            (found,) = place.fetch(["auc"], NOON, NOON + 4 * HOUR)
        return found

    def fault(self, feed: dict[str, Any] | None = None, **details: object) -> str:
        found = self.fetched(feed, **details)
        assert found.rows == ()
        assert found.fault is not None
        return found.fault


@pytest.fixture
def registry() -> Iterator[Registry]:
    made = Registry()
    with BadServer(made.answer) as server:
        made.server = server
        yield made


def score(end: int, value: float, n: float, version: str = "") -> Observation:
    return Observation(end - HOUR, end, version, value=value, n=n, tool="MLflow", metric="auc")


def test_the_last_value_of_each_run_is_the_score_of_the_time_before_it(registry: Registry) -> None:
    for number in (1, 2):
        at = NOON + number * HOUR
        registry.run(number, {"auc": [(0.9, at, 0)], "rows": [(500 + number, at, 0)]})
    expected = tuple(score(NOON + n * HOUR, 0.9, 500.0 + n) for n in (1, 2))
    assert registry.fetched() == Fetched("auc", expected)


def test_one_long_run_is_read_step_by_step_where_its_history_is_asked_for(
    registry: Registry,
) -> None:
    registry.page = 2
    points = [(0.9 + step / 100, NOON + (step + 1) * HOUR, step) for step in range(3)]
    rows = [(500.0 + step, NOON + (step + 1) * HOUR, step) for step in range(3)]
    registry.run(1, {"auc": points, "rows": rows})
    found = registry.fetched(AUC | {"history": True})
    assert found.rows == tuple(
        score(at, value, n) for (value, at, _), (n, _, _) in zip(points, rows, strict=True)
    )
    assert [row.value for row in registry.fetched().rows] == [points[-1][0]]


def test_all_pages_of_runs_are_read(registry: Registry) -> None:
    registry.page = 2
    for number in range(5):
        at = NOON + HOUR + number
        registry.run(number, {"auc": [(0.9, at, 0)], "rows": [(500, at, 0)]})
    assert len(registry.fetched().rows) == 5


def test_what_ends_outside_of_the_time_asked_for_is_left_out(registry: Registry) -> None:
    for number, at in enumerate((NOON, NOON + 1, NOON + 4 * HOUR, NOON + 4 * HOUR + 1)):
        registry.run(number, {"auc": [(0.9, at, 0)], "rows": [(500, at, 0)]})
    assert [row.end for row in registry.fetched().rows] == [NOON + 1, NOON + 4 * HOUR]


def test_a_tag_can_say_the_samples_and_the_version(registry: Registry) -> None:
    registry.run(1, {"auc": [(0.9, NOON + HOUR, 0)]}, model="38", size="1200")
    feed = AUC | {"n": {"tag": "size"}, "version": {"tag": "model"}, "threshold": 0.8}
    (row,) = registry.fetched(feed).rows
    assert (row.n, row.version, row.threshold) == (1200.0, "38", 0.8)


def test_a_number_of_samples_can_be_declared(registry: Registry) -> None:
    registry.run(1, {"auc": [(0.9, NOON + HOUR, 0)]})
    (row,) = registry.fetched(AUC | {"n": {"fixed": 400.0}, "version": "38"}).rows
    assert (row.n, row.version) == (400.0, "38")


def test_runs_without_the_metric_and_scores_that_are_none_are_left_out(registry: Registry) -> None:
    registry.run(1, {"rmse": [(0.9, NOON + HOUR, 0)]})
    registry.run(2, {"auc": [("NaN", NOON + HOUR, 0)]})
    for number, endless in enumerate((1.7976931348623157e308, -1.7976931348623157e308), 3):
        registry.run(number, {"auc": [(endless, NOON + HOUR, 0)]})  # as its database holds inf
    assert registry.fetched() == Fetched("auc")


def test_of_two_runs_for_one_stretch_the_newer_counts(registry: Registry) -> None:
    for number in (1, 2):
        at = NOON + HOUR
        registry.run(number, {"auc": [(number / 10, at, 0)], "rows": [(500, at, 0)]})
    assert [row.value for row in registry.fetched().rows] == [0.2]


@pytest.mark.parametrize(
    ("feed", "said"),
    [
        ({}, "metric rows says no number of samples in a run with a score"),
        ({"n": {"tag": "size"}}, "tag size says no number of samples in a run with a score"),
        (
            {"n": {"fixed": 5.0}, "version": {"tag": "model"}},
            "tag model is missing from a run: it should say the version",
        ),
    ],
)
def test_a_score_without_samples_or_version_is_a_fault(
    registry: Registry, feed: dict[str, Any], said: str
) -> None:
    registry.run(1, {"auc": [(0.9, NOON + HOUR, 0)]})
    assert registry.fault(AUC | feed) == f"scores gave what is no observation: {said}"


def test_an_experiment_that_is_not_there_is_named(registry: Registry) -> None:
    said = "has no experiment `nope`: check the name, and that we may read it"
    feed = AUC | {"experiment": "nope"}
    assert registry.fault(feed) == f"scores {said}"
    with closing(registry.place(feed)) as place, pytest.raises(SourceError, match="`nope`"):
        place.check()


def test_the_doctor_hears_which_experiments_are_read(registry: Registry) -> None:
    with closing(registry.place()) as place:
        assert place.check() == "scores: MLflow answers and has ranker eval"


@pytest.mark.parametrize(
    ("status", "body", "said"),
    [
        ("401 Unauthorized", "{}", "scores refuses us (401); check its credentials"),
        ("500 Oops", '{"message": "on fire"}', "scores answered 500: on fire"),
        ("302 Found", "{}", "scores redirects elsewhere; give the final address as its url"),
        ("200 OK", "<html>", "instead of JSON; check its url"),
        ("200 OK", "[]", "scores answered with JSON that is not MLflow's"),
        ("200 OK", f'"{SECRET * 400}"', "scores answered with more than 2,048 bytes"),
        ("500 Oops", f'{{"message": "no {SECRET}!"}}', "scores answered 500: no [secret]!"),
    ],
)
def test_an_answer_that_is_none_is_told_in_words(
    registry: Registry, status: str, body: str, said: str
) -> None:
    registry.instead = (status, body)
    fault = registry.fault(bearerTokenEnv="MY_TOKEN", maxBytes=2_048)
    assert said in fault
    assert SECRET not in fault


def test_runs_that_are_none_are_told_by_their_place(registry: Registry) -> None:
    registry.run(1, {"auc": [("high", NOON + HOUR, 0)]})
    assert "metrics[].value" in registry.fault()


def test_the_token_of_the_environment_proves_who_asks(registry: Registry) -> None:
    registry.fetched(bearerTokenEnv="MY_TOKEN")
    assert registry.server is not None
    sent = {request.headers["authorization"] for request in registry.server.requests}
    assert sent == {f"Bearer {SECRET}"}
    spec = SourceSpec("scores", "mlflow", {"url": "http://x", "bearerTokenEnv": "MY_TOKEN"})
    assert variables(spec) == ["MY_TOKEN"]


def test_a_server_that_drips_is_left_at_the_deadline(registry: Registry) -> None:
    registry.hang = True
    assert registry.fault(timeout=1) == "scores gave no full answer in time"


def test_a_server_that_is_not_there_is_down_and_not_empty() -> None:
    with BadServer(lambda talk: None) as server:
        gone = Registry(server)
    assert gone.fault().startswith("scores cannot be reached: ")

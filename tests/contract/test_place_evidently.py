"""Reports of Evidently, in the shapes that its releases write."""

import json
import time
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bot.decide.catalog import SourceSpec
from bot.errors import SourceError
from bot.judge.observation import Observation
from bot.measure.places.factory import build_place
from bot.ports import Fetched, Place
from tests.builders import HOUR, NOON
from tests.httpserver import BadServer

DAY = 24 * HOUR
AGE = {"metric": "ValueDrift", "column": "age", "every": DAY}
Json = dict[str, Any]


def config(metric: str, **params: object) -> Json:
    return {"type": f"evidently:metric_v2:{metric}", **params}


def drift(column: str, method: str = "K-S p_value") -> Json:
    return config("ValueDrift", column=column, method=method, threshold=0.05)


def report(*metrics: tuple[Json, Any], rows: int | None = 500) -> Json:
    """As `Snapshot.save_json` writes it: it does not say when."""
    more = [] if rows is None else [(config("RowCount"), float(rows))]
    return {
        "metrics": [
            {"id": f"{number:032x}", "metric_name": "…", "config": one, "value": value}
            for number, (one, value) in enumerate([*metrics, *more])
        ],
        "tests": [],
    }


def saved(at: int, *metrics: tuple[Json, Any], zone: str = "+00:00", **more: object) -> Json:
    """As `Snapshot.dumps` writes it."""
    results = {
        f"{number:032x}": {**result, "metric_value_location": {"metric": {"params": one}}}
        for number, (one, result) in enumerate([*metrics, (config("RowCount"), single(500.0))])
    }
    written = f"{datetime.fromtimestamp(at, UTC):%Y-%m-%dT%H:%M:%S.000000}{zone}"
    head = {"name": None, "metadata": {}, "timestamp": written}
    return {**head, "metric_results": results, "top_level_metrics": list(results), **more}


def single(value: float) -> Json:
    return {"type": "evidently:metric_result_v2:SingleValue", "value": value}


def legacy(at: int, **scores: float) -> Json:
    """As a report before 0.7 is written."""
    features = {
        name: {
            "column_name": name,
            "stattest_name": "PSI",
            "stattest_threshold": 0.1,
            "drift_score": score,
            "drift_detected": score >= 0.1,
        }
        for name, score in scores.items()
    }
    table = {"number_of_columns": 2, "share_of_drifted_columns": 0.5, "drift_by_columns": features}
    summary = {"current": {"number_of_rows": 800}, "reference": {"number_of_rows": 900}}
    return {
        "version": "0.6.7",
        "timestamp": f"{datetime.fromtimestamp(at, UTC):%Y-%m-%d %H:%M:%S}",
        "metrics": [
            {"metric": "DataDriftTable", "result": table},
            {"metric": "DatasetSummaryMetric", "result": summary},
        ],
    }


def score(end: int, value: float, n: float = 500.0, **more: object) -> Observation:
    usual = {"metric": "ValueDrift of age by K-S p_value", "threshold": 0.05}
    return Observation(
        end - DAY,
        end,
        value=value,
        n=n,
        tool="Evidently",
        **{**usual, **more},  # type: ignore[arg-type]
    )


class Folder:
    """A folder of reports."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def put(self, name: str, said: object) -> None:
        file = self.path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(said if isinstance(said, str) else json.dumps(said))

    def place(self, feed: Json | None = None, **details: object) -> Place:
        spec = {"path": str(self.path), "feeds": {"age": feed or AGE}, **details}
        made = build_place(SourceSpec("reports", "evidently", spec), str, time.monotonic)
        assert made is not None
        return made

    def fetched(self, feed: Json | None = None, **details: object) -> Fetched:
        with closing(self.place(feed, **details)) as place:
            (found,) = place.fetch(["age"], NOON - DAY, NOON + DAY)
        return found

    def fault(self, feed: Json | None = None, **details: object) -> str:
        found = self.fetched(feed, **details)
        assert found.rows == ()
        assert found.fault is not None
        return found.fault


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path)


def test_a_report_is_a_score_with_tool_test_threshold_and_samples(folder: Folder) -> None:
    folder.put("2026-03-02T1200Z.json", report((drift("income"), 0.9), (drift("age"), 0.0123)))
    assert folder.fetched() == Fetched("age", (score(NOON, 0.0123),))


def test_a_saved_snapshot_says_the_same_and_when(folder: Folder) -> None:
    folder.put("a/1.json", saved(NOON, (drift("age"), single(0.0123))))
    folder.put("a/2.json", saved(NOON + HOUR, (drift("age"), single(0.5))))
    assert folder.fetched().rows == (score(NOON, 0.0123), score(NOON + HOUR, 0.5))


def test_a_report_from_before_0_7_is_read_feature_by_feature(folder: Folder) -> None:
    folder.put("old.json", legacy(NOON, age=0.25, income=0.01))
    feed = {"metric": "DataDriftTable", "column": "age", "every": DAY}
    expected = score(NOON, 0.25, 800.0, metric="DataDriftTable of age by PSI", threshold=0.1)
    assert folder.fetched(feed, timeZone="UTC").rows == (expected,)
    assert folder.fetched(
        {"metric": "DataDriftTable", "field": "share_of_drifted_columns", "every": DAY},
        timeZone="UTC",
    ).rows == (score(NOON, 0.5, 800.0, metric="DataDriftTable", threshold=None),)


@pytest.mark.parametrize("shape", ["report", "snapshot"])
def test_a_metric_of_several_numbers_is_named_by_its_field(folder: Folder, shape: str) -> None:
    one = config("DriftedColumnsCount", drift_share=0.5)
    both = {"count": 1.0, "share": 0.25}
    if shape == "report":
        folder.put("2026-03-02T1200Z.json", report((one, both)))
    else:
        folder.put("s.json", saved(NOON, (one, {key: single(v) for key, v in both.items()})))
    feed = {"metric": "DriftedColumnsCount", "every": DAY}
    (row,) = folder.fetched(feed | {"field": "share"}).rows
    assert (row.value, row.threshold, row.metric) == (0.25, 0.5, "DriftedColumnsCount")
    assert "name it by `field: share`" in folder.fault(feed)


def test_values_by_label_are_named_by_label(folder: Folder) -> None:
    inner = {"values": {"yes": single(0.8), "no": single(0.6)}}
    folder.put("s.json", saved(NOON, (config("F1ByLabel"), inner)))
    (row,) = folder.fetched({"metric": "F1ByLabel", "field": "yes", "every": DAY}).rows
    assert row.value == 0.8


def test_a_name_chooses_among_the_results_of_several_models(folder: Folder) -> None:
    folder.put("ranker/1.json", saved(NOON, (drift("age"), single(0.1))))
    folder.put("other/1.json", saved(NOON + 1, (drift("age"), single(0.2)), name="other model"))
    folder.put("broken/1.json", "{")
    assert [r.value for r in folder.fetched(AGE | {"name": "ranker/*"}).rows] == [0.1]
    (folder.path / "broken/1.json").unlink()
    assert [r.value for r in folder.fetched(AGE | {"name": "other model"}).rows] == [0.2]


def test_what_a_workspace_says_of_its_projects_is_no_report(folder: Folder) -> None:
    folder.put("0192/metadata.json", {"id": "0192", "name": "ranker", "dashboard": {}})
    snapshot = saved(NOON, (drift("age"), single(0.12)))
    folder.put("0192/snapshots/7.json", snapshot)
    assert [row.value for row in folder.fetched().rows] == [0.12]
    folder.put("metadata.json", {"name": "somebody else's"})
    assert "metadata.json" in folder.fault()


def test_metadata_can_say_the_version(folder: Folder) -> None:
    folder.put("s.json", saved(NOON, (drift("age"), single(0.1)), metadata={"model": "38"}))
    (row,) = folder.fetched(AGE | {"version": {"metadata": "model"}}).rows
    assert row.version == "38"
    assert "no `release` in its metadata" in folder.fault(
        AGE | {"version": {"metadata": "release"}}
    )


def test_samples_can_be_declared_where_a_report_does_not_say_them(folder: Folder) -> None:
    folder.put("2026-03-02T1200Z.json", report((drift("age"), 0.1), rows=None))
    assert folder.fetched(AGE | {"n": 70.0}).rows == (score(NOON, 0.1, 70.0),)
    assert "add RowCount() to the report" in folder.fault()


def test_the_scores_of_two_tests_are_never_compared(folder: Folder) -> None:
    other = "Wasserstein distance (normed)"
    folder.put("1.json", saved(NOON, (drift("age"), single(0.1))))
    folder.put("2.json", saved(NOON + 1, (drift("age", other), single(0.1))))
    assert "the test changed between reports" in folder.fault()
    (folder.path / "1.json").unlink()
    assert len(folder.fetched(AGE | {"params": {"method": other}}).rows) == 1


def test_a_report_outside_of_the_time_asked_for_is_left_out(folder: Folder) -> None:
    for number, at in enumerate((NOON - DAY, NOON - DAY + 1, NOON + DAY, NOON + DAY + 1)):
        folder.put(f"{number}.json", saved(at, (drift("age"), single(0.1))))
    assert [row.end for row in folder.fetched().rows] == [NOON - DAY + 1, NOON + DAY]


@pytest.mark.parametrize(
    ("said", "fault"),
    [
        ("{", "x.json is no JSON, or not all of it is there yet"),
        ([], "x.json is no result of Evidently: it holds no object"),
        ({"a": 1}, "x.json has neither `metrics` nor `metric_results`"),
        ({"tests": [], "summary": {}}, "x.json is a TestSuite, whose scores are rounded"),
        ({"metrics": [{"value": 1}]}, "x.json has a metric with neither config and value nor"),
        ({"metrics": [1]}, "x.json has a metric that is no object"),
        ({"timestamp": "soon", "metrics": []}, "x.json has a timestamp that is none"),
        ({"metric_results": {"a": {}}}, "x.json has a metric result without"),
        (report((drift("age"), 0.1)), "x.json: it does not say when it was made"),
        (
            saved(NOON, (drift("age"), single(0.1)), zone=""),
            "without a zone: write `timeZone: UTC`",
        ),
        (saved(NOON, (drift("wage"), single(0.1))), "no report has ValueDrift of age: they have"),
        (saved(NOON, (config("ValueDrif"), single(0.1))), "did you mean ValueDrif?"),
        (
            saved(NOON, (drift("age"), single(0.1)), (drift("age", "psi"), single(0.1))),
            "x.json has ValueDrift more than once: say which by `params`",
        ),
    ],
)
def test_what_is_no_result_is_told_by_its_file(folder: Folder, said: object, fault: str) -> None:
    folder.put("x.json", said)
    assert fault in folder.fault()


def test_a_metric_that_could_not_be_computed_is_missing(folder: Folder) -> None:
    folder.put("a.json", saved(NOON, (drift("age"), single(float("nan")))))
    assert folder.fetched() == Fetched("age")


def test_no_reports_is_no_fault_and_no_folder_is_one(folder: Folder, tmp_path: Path) -> None:
    assert folder.fetched() == Fetched("age")
    gone = Folder(tmp_path / "gone")
    assert gone.fault().startswith("reports has no folder ")
    with closing(gone.place()) as place, pytest.raises(SourceError, match="has no folder"):
        place.check()


def test_the_doctor_hears_how_many_results_there_are(folder: Folder) -> None:
    folder.put("a.json", saved(NOON))
    with closing(folder.place()) as place:
        assert place.check() == "reports: 1 result is there"


def test_reports_are_read_from_an_address_once_for_all_feeds(folder: Folder) -> None:
    one = [saved(NOON + n, (drift("age"), single(0.1))) for n in range(2)]
    feeds = {"age": AGE, "again": AGE}
    with (
        BadServer(lambda talk: talk.answer(json.dumps(one))) as server,
        closing(by_url(server.url + "/latest.json", feeds)) as place,
    ):
        found = place.fetch(list(feeds), NOON - DAY, NOON + DAY)
        assert [len(each.rows) for each in found] == [2, 2]
        assert [request.path for request in server.requests] == ["/latest.json"]
        assert server.requests[0].headers["authorization"] == "Bearer s3cret"


def test_an_address_that_has_nothing_is_a_fault(folder: Folder) -> None:
    with (
        BadServer(lambda talk: talk.answer("{}", "404 Not Found")) as server,
        closing(by_url(server.url, {"age": AGE})) as place,
    ):
        (found,) = place.fetch(["age"], NOON - DAY, NOON + DAY)
    assert found.fault == ("reports has nothing there (404); check its url and the names")


def by_url(url: str, feeds: Json) -> Place:
    details = {"url": url, "feeds": feeds, "bearerTokenEnv": "MY_TOKEN"}
    spec = SourceSpec("reports", "evidently", details)
    made = build_place(spec, {"MY_TOKEN": "s3cret"}.__getitem__, time.monotonic)
    assert made is not None
    return made

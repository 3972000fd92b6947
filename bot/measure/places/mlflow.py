"""Scores that runs logged to MLflow."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from math import ceil
from typing import Any

from bot.errors import SourceError
from bot.judge.observation import Observation
from bot.measure.api import Connection
from bot.measure.places.asking import Asking
from bot.measure.places.mlflow_answers import (
    Point,
    number_of,
    odd,
    point_of,
    rows_of,
    table_of,
    version_of,
)
from bot.measure.places.rest import Missing, Rest
from bot.measure.places.row import observation, sound
from bot.ports import Fetched

_BASE = "/api/2.0/mlflow"
RUNS = 2_000
"""Runs that one feed may have in the time looked at."""
POINTS = 20_000
"""Values of one metric of one run that are read."""
_PAGE = 500
LOOKBACK = 7 * 86_400
"""Seconds before the time asked for in which a run may have begun."""


class MlflowPlace:
    """Satisfies Place. Every value of a metric is the score of the time before it."""

    def __init__(
        self,
        name: str,
        details: Mapping[str, Any],
        connection: Connection,
        monotonic: Callable[[], float],
    ) -> None:
        """Raises OSError for a file of certificates that cannot be used."""
        self.name = name
        self._feeds: Mapping[str, Mapping[str, Any]] = details["feeds"]
        self._rest = Rest(connection, monotonic)
        self._asking = Asking(name, monotonic, connection.timeout)

    def fetch(self, feeds: Sequence[str], since: int, until: int) -> Sequence[Fetched]:
        """One answer per feed, in order. Of two values at one instant that of the newer run
        counts."""

        def read(feed: str, deadline: float) -> tuple[Observation, ...]:
            wanted = self._feeds[feed]
            found: dict[tuple[int, int, str], Observation] = {}
            for run in self._runs(wanted, since, until, deadline):
                for one in self._scores(run, wanted, deadline):
                    if since < one.end <= until:
                        sound(one, until)
                        found.setdefault(one.key, one)
            return tuple(found[key] for key in sorted(found, key=lambda k: (k[1], k[0], k[2])))

        return self._asking.each(feeds, self._feeds, read)

    def check(self) -> str:
        """Whether the experiments are there. Raises SourceError."""
        names = sorted({one["experiment"] for one in self._feeds.values()})

        def look(deadline: float) -> None:
            for name in names:
                self._experiment(name, deadline)

        self._asking.once(look)
        return f"{self.name}: MLflow answers and has {', '.join(names)}"

    def close(self) -> None:
        """Close what is open."""
        self._rest.close()

    def _experiment(self, name: str, deadline: float) -> str:
        path = f"{_BASE}/experiments/get-by-name"
        try:
            said = self._rest.get(path, {"experiment_name": name}, deadline)
        except Missing:
            raise SourceError(
                f"has no experiment `{name}`: check the name, and that we may read it"
            ) from None
        try:
            return str(said["experiment"]["experiment_id"])
        except (KeyError, TypeError):
            raise odd("experiment.experiment_id") from None

    def _runs(
        self, wanted: Mapping[str, Any], since: int, until: int, deadline: float
    ) -> Iterator[Mapping[str, Any]]:
        """Those that began in time, the newest first."""
        begun = (since - int(wanted.get("lookback", LOOKBACK))) * 1000
        asked = {
            "experiment_ids": [self._experiment(wanted["experiment"], deadline)],
            "filter": f"attributes.start_time > {begun} and attributes.start_time <= {until}999",
            "order_by": ["attributes.start_time DESC"],
            "max_results": _PAGE,
        }
        count = 0
        while True:
            said = table_of(self._rest.post(f"{_BASE}/runs/search", asked, deadline), "")
            for run in rows_of(said, "runs"):
                yield run
                count += 1
            if not said.get("next_page_token"):
                return
            if count >= RUNS:
                raise SourceError(f"has more than {RUNS:,} runs in that time: shorten lookback")
            asked["page_token"] = str(said["next_page_token"])

    def _scores(
        self, run: Mapping[str, Any], wanted: Mapping[str, Any], deadline: float
    ) -> Iterator[Observation]:
        data = table_of(run.get("data"), "runs[].data")
        points = self._points(run, data, wanted["metric"], wanted, deadline)
        if not points:
            return
        samples = self._samples(run, data, wanted, deadline)
        tags = {str(row.get("key")): row.get("value") for row in rows_of(data, "tags")}
        for point in points:
            if not point.scored:
                continue  # logged as nothing: there is no score
            end = ceil(point.at / 1000)
            yield observation(
                {
                    "start": end - int(wanted["every"]),
                    "end": end,
                    "value": point.value,
                    "n": samples(point, tags),
                    "threshold": wanted.get("threshold"),
                    "tool": "MLflow",
                    "metric": wanted["metric"],
                    "version": version_of(wanted, tags),
                },
                None,
            )

    def _samples(
        self,
        run: Mapping[str, Any],
        data: Mapping[str, Any],
        wanted: Mapping[str, Any],
        deadline: float,
    ) -> Callable[[Point, Mapping[str, Any]], float]:
        """How many samples were behind a value."""
        where = wanted["n"]
        if "fixed" in where:
            return lambda _point, _tags: float(where["fixed"])
        if "tag" in where:
            return lambda _point, tags: number_of(tags.get(where["tag"]), f"tag {where['tag']}")
        by_step = {
            one.step: one.value
            for one in self._points(run, data, where["metric"], wanted, deadline)
        }
        return lambda point, _tags: number_of(by_step.get(point.step), f"metric {where['metric']}")

    def _points(
        self,
        run: Mapping[str, Any],
        data: Mapping[str, Any],
        metric: str,
        wanted: Mapping[str, Any],
        deadline: float,
    ) -> list[Point]:
        """The last value of a metric in a run; with `history` all of them."""
        last = [point_of(row) for row in rows_of(data, "metrics") if row.get("key") == metric]
        if not last or not wanted.get("history"):
            return last
        asked = {"run_id": str(table_of(run.get("info"), "runs[].info").get("run_id"))}
        asked |= {"metric_key": metric, "max_results": str(_PAGE)}
        found: list[Point] = []
        while True:
            path = f"{_BASE}/metrics/get-history"
            said = table_of(self._rest.get(path, asked, deadline), "")
            found += [point_of(row) for row in rows_of(said, "metrics")]
            if not said.get("next_page_token"):
                return found
            if len(found) >= POINTS:
                raise SourceError(f"has more than {POINTS:,} values of {metric} in one run")
            asked["page_token"] = str(said["next_page_token"])

"""The tables that NannyML's database writer fills (0.13): realized scores, univariate drift, and
what CBPE and DLE estimate without labels."""

from collections.abc import Callable, Mapping, Sequence
from math import isfinite
from typing import Any
from zoneinfo import ZoneInfo

from bot.judge.observation import Observation
from bot.measure.credentials import Secrets
from bot.measure.places.asking import TIMEOUT, Asking
from bot.measure.places.database import Answer, Database
from bot.measure.places.row import number, observation, sound
from bot.ports import Fetched

MOST = 100_000
"""Rows of one feed: chunks, counted again for every run that looked at them."""
_TABLES: Mapping[str, str] = {
    "realized": "realized_performance_metrics",
    "drift": "univariate_drift_metrics",
    "cbpe": "cbpe_performance_metrics",
    "dle": "dle_performance_metrics",
}
_TOOLS: Mapping[str, str] = {"cbpe": "NannyML CBPE", "dle": "NannyML DLE"}
_LOSSES = ("mae", "mape", "mse", "msle", "rmse", "rmsle")
"""Metrics of which more is worse."""


class NannymlPlace:
    """Satisfies Place. Its tables do not say how many samples a chunk has: the feed does."""

    def __init__(
        self,
        name: str,
        details: Mapping[str, Any],
        secrets: Secrets,
        monotonic: Callable[[], float],
    ) -> None:
        self.name = name
        self._feeds: Mapping[str, Mapping[str, Any]] = details["feeds"]
        self._model = str(details.get("model", ""))
        self._zone = ZoneInfo(details["timeZone"])
        self._database = Database(details["urlEnv"], secrets, monotonic, MOST)
        self._asking = Asking(name, monotonic, float(details.get("timeout", TIMEOUT)))

    def fetch(self, feeds: Sequence[str], since: int, until: int) -> Sequence[Fetched]:
        """One answer per feed, in order. Of a chunk that several runs looked at the newest run
        counts."""

        def read(feed: str, deadline: float) -> tuple[Observation, ...]:
            wanted = self._feeds[feed]
            # Its instants may have fractions of a second, and SQLite compares them as texts.
            values = {"metric": wanted["metric"]} | {
                "since": self._database.bound(since - 1, self._zone),
                "until": self._database.bound(until + 1, self._zone),
            }
            if wanted["table"] == "drift":
                values["feature"] = wanted["column"]
            if self._model:
                values["model"] = self._model
            answer = self._database.ask(_statement(wanted, self._model), values, deadline)
            return self._rows(wanted, answer, since, until)

        return self._asking.each(feeds, self._feeds, read)

    def check(self) -> str:
        """Whether the tables are there. Raises SourceError."""
        tables = sorted({_TABLES[one["table"]] for one in self._feeds.values()})

        def look(deadline: float) -> None:
            for table in tables:
                self._database.ask(f"SELECT id FROM {table} WHERE 1 = 0", {}, deadline)  # noqa: S608

        self._asking.once(look)
        return f"{self.name}: the tables of NannyML are there ({', '.join(tables)})"

    def close(self) -> None:
        """Close what is open."""
        self._database.close()

    def _rows(
        self, wanted: Mapping[str, Any], answer: Answer, since: int, until: int
    ) -> tuple[Observation, ...]:
        found: dict[tuple[int, int, str], Observation] = {}
        for start, end, value, *limits in answer.rows:
            score = number("value", value) if _defined(value) else None
            if score is None:
                continue  # it says so itself where a chunk has no score
            row = {"start": start, "end": end, "value": score, "n": wanted["n"]}
            row |= {"version": wanted.get("version", ""), "threshold": _threshold(wanted, limits)}
            row |= {"tool": _TOOLS.get(wanted["table"], "NannyML"), "metric": _metric(wanted)}
            one = observation(row, self._zone)
            if since < one.end <= until:
                sound(one, until)
                found[one.key] = one
        return tuple(found[key] for key in sorted(found, key=lambda key: (key[1], key[0])))


def _statement(wanted: Mapping[str, Any], model: str) -> str:
    """The newest run comes last. Only names of our own are pasted."""
    table, drift = _TABLES[wanted["table"]], wanted["table"] == "drift"
    limits = "" if drift else ", m.lower_threshold, m.upper_threshold"
    joined = " JOIN model ON model.id = m.model_id AND model.name = :model" if model else ""
    feature = " AND m.column_name = :feature" if drift else ""
    return (
        f"SELECT m.start_timestamp, m.end_timestamp, m.value{limits} FROM {table} m{joined} "  # noqa: S608
        f"WHERE m.metric_name = :metric{feature} AND m.end_timestamp > :since "
        "AND m.end_timestamp <= :until ORDER BY m.run_id, m.id"
    )


def _threshold(wanted: Mapping[str, Any], limits: Sequence[Any]) -> float | None:
    """The declared one; else NannyML's own on the side where the metric is worse."""
    if "threshold" in wanted:
        return float(wanted["threshold"])
    lower, upper = limits or (None, None)
    first, second = (upper, lower) if wanted["metric"] in _LOSSES else (lower, upper)
    found = number("threshold", first if _defined(first) else second)
    return found if found is not None and isfinite(found) else None


def _defined(value: Any) -> bool:
    return value is not None and value == value


def _metric(wanted: Mapping[str, Any]) -> str:
    return f"{wanted['metric']} of {wanted['column']}" if "column" in wanted else wanted["metric"]

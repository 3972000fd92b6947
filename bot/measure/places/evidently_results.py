"""What Evidently writes: the JSON of a report (0.7), a saved snapshot of it, and the JSON of the
reports before 0.7. Pure. Its shapes as its releases 0.7.23 and (legacy) reports write them."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bot.measure.places.row import Unfit

_METRIC = "evidently:metric_v2:"
_NAMED_AT = re.compile(r"\d{4}-\d{2}-\d{2}(?:[T_ ]\d{2}[:-]?\d{2}(?:[:-]?\d{2})?(?:Z|[+-]\d{4})?)?")
_DEEPEST = 8


@dataclass(frozen=True, slots=True)
class Finding:
    """One metric of a result."""

    metric: str
    values: Any
    """A number, or numbers by name."""
    params: Mapping[str, Any] = field(default_factory=dict)

    @property
    def column(self) -> str:
        """The feature that it is about; empty if it is about all."""
        return str(self.params.get("column") or "")


@dataclass(frozen=True, slots=True)
class Result:
    """One report."""

    findings: tuple[Finding, ...]
    at: datetime | None = None
    """When it was made, with or without a zone; None if it does not say."""
    name: str = ""
    metadata: Mapping[str, Any] = field(default_factory=dict)

    @property
    def rows(self) -> float | None:
        """How many samples it is about, if it says so."""
        for one in self.findings:
            if one.metric == "RowCount" and isinstance(one.values, int | float):
                return float(one.values)
        found = (_path(one.values, "current.number_of_rows") for one in self.findings)
        return next((float(one) for one in found if isinstance(one, int | float)), None)


def read(said: Any, file: str) -> Result:
    """Raises Unfit for a shape that is not known here."""
    if not isinstance(said, Mapping):
        raise Unfit(f"{file} is no result of Evidently: it holds no object")
    at = _made_at(said, file)
    name, metadata = str(said.get("name") or ""), said.get("metadata")
    known = metadata if isinstance(metadata, Mapping) else {}
    if isinstance(said.get("metric_results"), Mapping):
        rows = said["metric_results"].values()
        return Result(tuple(_saved(row, file) for row in rows), at, name, known)
    if isinstance(said.get("metrics"), list):
        found = [one for row in said["metrics"] for one in _reported(row, file)]
        return Result(tuple(found), at, name, known)
    if "tests" in said:
        raise Unfit(f"{file} is a TestSuite, whose scores are rounded: save the Report instead")
    raise Unfit(f"{file} has neither `metrics` nor `metric_results`: it is no result of Evidently")


def value_of(finding: Finding, where: str) -> float | None:
    """The number at a path (`share`), or the only one there is; None if it is none."""
    found = _path(finding.values, where) if where else finding.values
    if isinstance(found, bool) or not isinstance(found, int | float):
        return None
    return float(found)


def _made_at(said: Mapping[str, Any], file: str) -> datetime | None:
    """What it says; else what its file is called."""
    written = said.get("timestamp")
    if written is None:
        named = _NAMED_AT.findall(file)
        if not named:
            return None
        written = named[-1].replace("_", "T").replace(" ", "T")
        day, clock = written[:10], written[11:]
        written = f"{day}T{clock.replace('-', '')}" if clock else day
    try:
        return datetime.fromisoformat(str(written))
    except ValueError:
        raise Unfit(f"{file} has a timestamp that is none") from None


def _saved(row: Any, file: str) -> Finding:
    try:
        params = row["metric_value_location"]["metric"]["params"]
        return Finding(_name(params), _values(row, 0), params)
    except (KeyError, TypeError, AttributeError):
        raise Unfit(
            f"{file} has a metric result without metric_value_location.metric.params: "
            "that shape is not known here"
        ) from None


def _values(row: Mapping[str, Any], depth: int) -> Any:
    """The numbers in a saved result, by the names that the plain JSON gives them."""
    if "value" in row or depth > _DEEPEST:
        return row.get("value")
    inner = row.get("values")
    rows = inner if isinstance(inner, Mapping) else row
    return {
        str(key): _values(value, depth + 1)
        for key, value in rows.items()
        if isinstance(value, Mapping) and ("value" in value or "values" in value)
    }


def _reported(row: Any, file: str) -> Iterator[Finding]:
    """One metric of a report; before 0.7 one may be about many features."""
    if not isinstance(row, Mapping):
        raise Unfit(f"{file} has a metric that is no object: that shape is not known here")
    config, result = row.get("config"), row.get("result")
    if isinstance(config, Mapping) and "value" in row:
        yield Finding(_name(config), row["value"], config)
    elif isinstance(result, Mapping) and "metric" in row:
        yield Finding(str(row["metric"]), result, _old_params(result))
        features = result.get("drift_by_columns")
        for one in features.values() if isinstance(features, Mapping) else ():
            if isinstance(one, Mapping):
                yield Finding(str(row["metric"]), one, _old_params(one))
    elif row:  # a metric that could not be computed is written as {}
        raise Unfit(
            f"{file} has a metric with neither config and value nor metric and result: "
            "that shape is not known here"
        )


def _old_params(result: Mapping[str, Any]) -> dict[str, Any]:
    names = {"column_name": "column", "stattest_name": "method", "stattest_threshold": "threshold"}
    names |= {"drift_share": "drift_share"}
    return {ours: result[theirs] for theirs, ours in names.items() if theirs in result}


def _name(config: Mapping[str, Any]) -> str:
    return str(config["type"]).removeprefix(_METRIC)


def _path(values: Any, where: str) -> Any:
    for step in where.split("."):
        if not isinstance(values, Mapping):
            return None
        values = values.get(step)
    return values

"""Where observations lie: the feeds of a DataSource that is fetched from, one reader each."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Any

from bot.spec.nodes import Scalar, Table
from bot.spec.spot import Record, Spot, record, table
from bot.spec.statement import statement
from bot.spec.values import choice, duration, flag, name, number, positive, text

_MOST = 200
"""Feeds of one DataSource."""
_TABLES: Mapping[str, str] = {one: one for one in ("realized", "drift", "cbpe", "dle")}
Feed = dict[str, Any]


def feeds(how: Callable[[Spot], Feed | None]) -> Callable[[Spot], dict[str, Feed] | None]:
    """`{ranker-labels: {…}}`: what each feed is read from."""

    def read(spot: Spot) -> dict[str, Feed] | None:
        found = table(spot)
        if found is None:
            return None
        if not found.names:
            spot.fault("There is no feed here.", "Write `ranker-labels: {…}`.")
        if len(found.names) > _MOST:
            spot.fault(f"These are {len(found.names)} feeds.", f"Divide them: {_MOST} at most.")
        made: dict[str, Feed] = {}
        for key, field in found.items():
            named = name(replace(field, node=Scalar(key, False, field.line)))
            one = how(field)
            if named is not None and one is not None:
                made[named] = one
        return made

    return read


def sql_feed(spot: Spot) -> Feed | None:
    """`{query: SELECT …}`: one statement that reads, bounded by :since and :until."""
    found = record(spot, "query")
    query = found.need("query", statement, "query: SELECT …") if found else None
    return None if query is None else {"query": query}


def nannyml_feed(spot: Spot) -> Feed | None:
    """`{table: realized, metric: roc_auc, n: 5000}`; for drift also the column."""
    found = record(spot, "table", "metric", "column", "n", "threshold", "version")
    if found is None:
        return None
    kind = found.need("table", choice(_TABLES), "table: realized")
    metric = found.need("metric", text, "metric: roc_auc")
    samples = found.need("n", positive, "n: 5000, the size of a chunk")
    made = _given(found, {"column": text, "threshold": number, "version": text})
    if kind == "drift":
        made["column"] = found.need("column", text, "column: age, the feature that drifts")
    elif kind is not None and (at := found.get("column")) is not None:
        at.fault(f"The table `{kind}` has no columns of features.", "Leave `column` out.")
    if kind is None or metric is None or samples is None:
        return None
    return {"table": kind, "metric": metric, "n": float(samples)} | _plain(made)


def evidently_feed(spot: Spot) -> Feed | None:
    """`{metric: ValueDrift, column: age, n: 500, every: 1d}`."""
    found = record(spot, "metric", "column", "params", "field", "n", "every", "version", "name")
    if found is None:
        return None
    metric = found.need("metric", text, "metric: ValueDrift")
    every = found.need("every", duration("mhdw"), "every: 1d, the time that a report is about")
    made = _given(
        found,
        {"column": text, "field": text, "n": positive, "version": _named("metadata"), "name": text},
    )
    made["params"] = found.read("params", _texts)
    if metric is None or every is None:
        return None
    return {"metric": metric, "every": every} | _plain(made)


def mlflow_feed(spot: Spot) -> Feed | None:
    """`{experiment: ranker-eval, metric: auc, n: {metric: rows}, every: 1d}`."""
    found = record(
        spot, "experiment", "metric", "n", "every", "version", "history", "lookback", "threshold"
    )
    if found is None:
        return None
    experiment = found.need("experiment", text, "experiment: ranker-eval")
    metric = found.need("metric", text, "metric: auc")
    samples = found.need("n", _samples, "n: {metric: rows}")
    every = found.need("every", duration("mhdw"), "every: 1d, the time that a score is about")
    made = _given(
        found,
        {
            "version": _named("tag"),
            "history": flag,
            "lookback": duration("hdw"),
            "threshold": number,
        },
    )
    if experiment is None or metric is None or samples is None or every is None:
        return None
    needed = {"experiment": experiment, "metric": metric, "n": samples, "every": every}
    return needed | _plain(made)


def _samples(spot: Spot) -> Feed | None:
    """How many there were: a number, or where a run says so."""
    if isinstance(spot.node, Table):
        return _one_of(spot, ("metric", "tag"))
    found = positive(spot)
    return None if found is None else {"fixed": float(found)}


def _named(kind: str) -> Callable[[Spot], str | Feed | None]:
    """A version as it is, or where the results say it."""

    def read(spot: Spot) -> str | Feed | None:
        return _one_of(spot, (kind,)) if isinstance(spot.node, Table) else text(spot)

    return read


def _one_of(spot: Spot, kinds: Collection[str]) -> Feed | None:
    found = record(spot, *kinds)
    made = {kind: found.read(kind, text) for kind in kinds if found.get(kind)} if found else {}
    if found is not None and len(made) != 1:
        spot.fault("One thing belongs here.", f"Write {' or '.join(f'{k}: …' for k in kinds)}.")
        return None
    return made or None


def _texts(spot: Spot) -> dict[str, str] | None:
    found = table(spot)
    return {key: text(value) or "" for key, value in found.items()} if found else None


def _given(found: Record, readers: Mapping[str, Callable[[Spot], Any]]) -> Feed:
    return {key: found.read(key, how) for key, how in readers.items()}


def _plain(made: Feed) -> Feed:
    """What is there; numbers as the adapters take them."""
    return {
        key: float(value) if isinstance(value, Fraction) else value
        for key, value in made.items()
        if value is not None
    }

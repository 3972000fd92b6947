"""Which score of a report is that of a feed. Pure."""

from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches
from math import isfinite
from typing import Any
from zoneinfo import ZoneInfo

from bot.judge.observation import Observation
from bot.measure.places.evidently_results import Finding, Result, value_of
from bot.measure.places.row import Unfit, observation


def scores(
    wanted: Mapping[str, Any],
    results: Iterable[tuple[str, Result]],
    zone: ZoneInfo | None,
    since: int,
    until: int,
) -> list[Observation]:
    """What results (by the name of their document) say to a feed of since < end <= until, in their
    order. `zone`: of instants without one. Raises Unfit."""
    found: list[Observation] = []
    others: set[str] = set()
    there = False
    for file, result in results:
        finding = _chosen(result, wanted, file)
        if finding is None:
            others |= {one.metric for one in result.findings}
            continue
        there = True
        try:
            some = list(_observed(finding, result, wanted, zone))
        except Unfit as error:
            raise Unfit(f"{file}: {error}") from None
        found += [one for one in some if since < one.end <= until]
    if others and not there:
        raise Unfit(_none(wanted, others))
    tests = sorted({one.metric for one in found})
    if len(tests) > 1:
        raise Unfit(
            f"the test changed between reports ({'; '.join(tests)}), and its scores do not "
            "compare: pin it in Evidently, and here by `params: {method: …}`"
        )
    return found


def _observed(
    finding: Finding, result: Result, wanted: Mapping[str, Any], zone: ZoneInfo | None
) -> Iterator[Observation]:
    value = value_of(finding, str(wanted.get("field", _field(finding))))
    if value is None:
        raise Unfit(f"{finding.metric} has no number there; name it by `field: share`")
    if result.at is None:
        raise Unfit(
            "it does not say when it was made: save it with dumps(), or name the file like "
            "2026-03-02T1200Z.json"
        )
    samples = result.rows if result.rows is not None else wanted.get("n")
    if samples is None:
        raise Unfit("it says no number of rows: add RowCount() to the report, or `n` to the feed")
    if isfinite(value):
        row = {"end": result.at, "value": value, "n": samples, "tool": "Evidently"}
        row |= {"metric": _label(finding), "version": _version(wanted, result)}
        row |= {"start": result.at, "threshold": _threshold(finding)}
        one = observation(row, zone)
        yield observation({**row, "start": one.end - int(wanted["every"]), "end": one.end}, zone)


def _chosen(result: Result, wanted: Mapping[str, Any], file: str) -> Finding | None:
    params: Mapping[str, str] = wanted.get("params") or {}
    fits = [
        one
        for one in result.findings
        if one.metric == wanted["metric"]
        and one.column == wanted.get("column", "")
        and all(str(one.params.get(key)) == value for key, value in params.items())
    ]
    if len(fits) > 1:
        raise Unfit(f"{file} has {wanted['metric']} more than once: say which by `params`")
    return fits[0] if fits else None


def _none(wanted: Mapping[str, Any], others: set[str]) -> str:
    what = f"{wanted['metric']}{' of ' + wanted['column'] if 'column' in wanted else ''}"
    near = get_close_matches(str(wanted["metric"]), others, 1)
    hint = (
        f"did you mean {near[0]}?"
        if near and near[0] != wanted["metric"]
        else (f"they have {', '.join(sorted(others)[:8])}")
    )
    return f"no report has {what}: {hint}"


def _field(finding: Finding) -> str:
    """What is meant where nothing is said."""
    return "drift_score" if value_of(finding, "drift_score") is not None else ""


def _label(finding: Finding) -> str:
    """The test belongs to the name of a score: those of two tests are never pooled."""
    words = [finding.metric, f"of {finding.column}" if finding.column else ""]
    words.append(f"by {finding.params['method']}" if finding.params.get("method") else "")
    return " ".join(filter(None, words))


def _threshold(finding: Finding) -> float | None:
    found = finding.params.get("threshold", finding.params.get("drift_share"))
    return float(found) if isinstance(found, int | float) else None


def _version(wanted: Mapping[str, Any], result: Result) -> str:
    found = wanted.get("version", "")
    if isinstance(found, str):
        return found
    said = result.metadata.get(found["metadata"])
    if said is None:
        raise Unfit(
            f"it has no `{found['metadata']}` in its metadata, which should say the version"
        )
    return str(said)

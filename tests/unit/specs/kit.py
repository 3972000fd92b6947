"""Specs in a few words, for the tests."""

from collections.abc import Sequence

from bot.decide.catalog import Catalog
from bot.errors import Fault, SpecError
from bot.judge.objective import Objective
from bot.spec import Check, load_texts

KINDS = ("prometheus", "csv")
SOURCE = """\
apiVersion: openslo/v1
kind: DataSource
metadata: {name: prometheus}
spec: {type: Prometheus, connectionDetails: {url: "http://prometheus:9090"}}
---
apiVersion: openslo/v1
kind: SLI
metadata: {name: errors}
spec:
  ratioMetric:
    counter: true
    bad: {metricSource: {metricSourceRef: prometheus, spec: {query: errors_total}}}
    total: {metricSource: {metricSourceRef: prometheus, spec: {query: requests_total}}}
"""


def slo(
    name: str = "availability",
    service: str = "ranker",
    target: str = "target: 0.999",
    window: str = "{duration: 28d, isRolling: true}",
    metadata: str = "",
    rest: str = "",
) -> str:
    """An SLO over the counters of SOURCE; `rest` are further lines of its spec."""
    return f"""\
apiVersion: openslo/v1
kind: SLO
metadata: {{name: {name}, {metadata}}}
spec:
  service: {service}
  indicatorRef: errors
  timeWindow: [{window}]
  budgetingMethod: Occurrences
  objectives: [{{{target}}}]
{rest}"""


def document(kind: str, name: str, spec: str, metadata: str = "") -> str:
    """An object whose spec fits in one line."""
    version = "burnban/v1" if kind in ("Team", "BudgetPolicy") else "openslo/v1"
    return (
        f"apiVersion: {version}\nkind: {kind}\nmetadata: {{name: {name}, {metadata}}}\n"
        f"spec: {spec}\n"
    )


def team(name: str, channel: str = "#alerts", rest: str = "") -> str:
    """A Team with somebody on call."""
    return document("Team", name, f'{{channel: "{channel}", onCall: {{users: [U0A1]}}, {rest}}}')


def read(*documents: str, check: Check | None = None) -> Catalog:
    """The catalog of SOURCE and these documents."""
    return load_texts(
        {"a.yaml": "---\n".join([SOURCE, *documents])}, source_kinds=KINDS, check=check
    )


def objective(*documents: str) -> Objective:
    """The one objective among these documents."""
    (found,) = read(*documents).objectives
    return found


def faults(*documents: str, check: Check | None = None) -> Sequence[Fault]:
    """The faults of these documents; none if they load."""
    try:
        read(*documents, check=check)
    except SpecError as error:
        return error.faults
    return ()

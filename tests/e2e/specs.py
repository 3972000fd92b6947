"""Spec files for the end-to-end tests: one team, one small model, a policy that decides fast."""

from pathlib import Path

from tests.team import ONCALL_GROUP, TEAM_CHANNEL

STEP = 5
"""Seconds of a slice."""
DELAY = 2
"""Seconds that a slice waits for its samples."""

_TEAM = f"""
apiVersion: burnban/v1
kind: Team
metadata: {{name: search}}
spec:
  channel: "#{TEAM_CHANNEL.name}"
  onCall: {{usergroup: {ONCALL_GROUP.id}}}
  services: [ranker]
---
apiVersion: burnban/v1
kind: BudgetPolicy
metadata: {{name: strict}}
spec:
  default: true
  burnAlerts:
    - {{spend: 1%, within: 1h, confirm: 1m, severity: page}}
  resolveAfter: 5s
  approvals: {{freeze: 1, unfreeze: 2, expire: 1h}}
---
apiVersion: openslo/v1
kind: Service
metadata: {{name: ranker, labels: {{environment: prod, model: ranker-gbdt}}}}
spec: {{description: Orders the hits of a search.}}
"""
_SLO = """---
apiVersion: openslo/v1
kind: SLO
metadata: {{name: availability, displayName: Requests that succeed}}
spec:
  service: ranker
  indicator:
    metadata: {{name: failed-requests}}
    spec:
      ratioMetric:
        counter: true
        bad: {{metricSource: {{metricSourceRef: {source}{bad}}}}}
        total: {{metricSource: {{metricSourceRef: {source}{total}}}}}
  timeWindow: [{{duration: 28d, isRolling: true}}]
  budgetingMethod: Occurrences
  objectives: [{{target: 0.99}}]
"""
_SOURCE = """---
apiVersion: openslo/v1
kind: DataSource
metadata: {{name: {name}}}
spec:
  type: {kind}
  connectionDetails: {{{details}}}
"""


def from_prometheus(folder: Path, url: str, *, step: int = STEP, details: str = "") -> Path:
    """Specs whose counts come from a Prometheus that scrapes every second."""
    habits = f"url: '{url}', step: {step}s, delay: {DELAY}s, scrapeInterval: 1s{details}"
    slo = _SLO.format(
        source="metrics",
        bad=""", spec: {query: 'model_requests_total{code=~"5.."}'}""",
        total=", spec: {query: 'model_requests_total'}",
    )
    source = _SOURCE.format(name="metrics", kind="Prometheus", details=habits)
    return _write(folder, source + slo)


def from_file(folder: Path, rows: str) -> Path:
    """Specs whose counts stand in a file: `rows` are lines of `time,objective,eligible,bad`."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "counts.csv").write_text(f"time,objective,eligible,bad\n{rows}", encoding="utf-8")
    source = _SOURCE.format(name="counts", kind="csv", details="path: counts.csv, step: 1m")
    slo = _SLO.format(source="counts", bad="", total="").replace("        counter: true\n", "")
    return _write(folder, source + slo)


def _write(folder: Path, rest: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "ranker.yaml").write_text(_TEAM + rest, encoding="utf-8")
    return folder

"""Every construct of OpenSLO's own examples and schema tests: what has a fault here, exactly."""

import pytest

from bot.errors import SpecError
from bot.spec import load_texts

KINDS = ("prometheus", "csv")
LOCAL = """\
apiVersion: openslo/v1
kind: DataSource
metadata: {name: local}
spec:
  type: Prometheus
  connectionDetails:
  - url: http://prometheus.example
"""
RENTED = """\
apiVersion: openslo/v1
kind: DataSource
metadata: {name: rented, displayName: Not ours}
spec:
  type: Rented
  connectionDetails: {accessKeyID: AAA, secretAccessKey: BBB}
"""
INLINE = """\
- apiVersion: openslo/v1
  kind: SLO
  metadata:
    name: reachable
    labels:
      env:
        - prod
  spec:
    service: shop
    indicator:
      metadata: {name: answered}
      spec:
        ratioMetric:
          counter: true
          good:
            metricSource:
              type: Prometheus
              spec:
                query: sum(answers{region="north",code=~"2..|3.."})
          total:
            metricSource:
              type: Prometheus
              spec:
                query: sum(answers{region="north"})
    timeWindow:
      - duration: 1w
        isRolling: false
        calendar:
          startTime: 2023-05-01 06:00:00
          timeZone: Europe/Berlin
    budgetingMethod: Timeslices
    objectives:
      - op: gt
        target: 0.99
        timeSliceTarget: 0.9
        timeSliceWindow: 1m
"""
INDICATORS = """\
- apiVersion: openslo/v1
  kind: SLI
  metadata: {name: found, displayName: Hits}
  spec:
    ratioMetric:
      counter: true
      good:
        metricSource:
          metricSourceRef: somewhere
          type: Rented
          spec: {query: "sum:hits{status:200}.count()"}
      total:
        metricSource:
          metricSourceRef: somewhere
          type: Rented
          spec: {query: "sum:hits{*}.count()"}
- apiVersion: openslo/v1
  kind: SLI
  metadata: {name: waited}
  spec:
    ratioMetric:
      counter: false
      bad:
        metricSource:
          type: Other
          spec: {folder: Ours|Waiting, region: north, accessKeyID: AAA}
      total:
        metricSource:
          type: Other
          spec: {folder: Ours|All}
- apiVersion: openslo/v1
  kind: SLI
  metadata: {name: content}
  spec:
    ratioMetric:
      rawType: success
      raw:
        metricSource:
          metricSourceRef: local
          type: Prometheus
          spec:
            query: |
              avg(avg_over_time(content_ratio[{{.window}}]))
- apiVersion: openslo/v1
  kind: SLI
  metadata:
    name: lag
    annotations: {openslo.com/service-folder: ./pipeline}
  spec:
    thresholdMetric:
      metricSource:
        metricSourceRef: local
        type: Prometheus
        spec:
          query: sum(min_over_time(lag{topic="in"}[2m]))
"""
ALERTS = """\
- apiVersion: openslo/v1
  kind: AlertCondition
  metadata: {name: quick}
  spec:
    severity: sev1
    condition: {kind: burnrate, op: lte, threshold: 2, lookbackWindow: 1h, alertAfter: 5m}
- apiVersion: openslo/v1
  kind: AlertPolicy
  metadata: {name: by-mail}
  spec:
    alertWhenBreaching: true
    alertWhenResolved: false
    alertWhenNoData: false
    conditions:
      - operator: and
        conditionRef: quick
    notificationTargets:
      - targetRef: mail
      - targetRef: mail
- apiVersion: openslo/v1
  kind: AlertPolicy
  metadata: {name: by-word}
  spec:
    alertWhenBreaching: true
    conditions:
      - kind: AlertCondition
        metadata: {name: memory, displayName: Too much memory}
        spec:
          severity: page
          condition: {kind: burnrate, threshold: 2, lookbackWindow: 1h, alertAfter: 5m}
    notificationTargets:
      - kind: AlertNotificationTarget
        metadata: {name: talk}
        spec: {description: Tells the people on duty., target: slack}
- apiVersion: openslo/v1
  kind: AlertNotificationTarget
  metadata: {name: mail, labels: {env: [prod, dev]}}
  spec: {target: email}
"""
USED = """\
apiVersion: openslo/v1
kind: SLO
metadata: {name: Named}
spec:
  service: Shop
  indicatorRef: lag
  timeWindow:
    - duration: 1d
      calendar: {startTime: 2023-05-01 12:30:00, timeZone: Europe/Berlin}
      isRolling: false
  budgetingMethod: Occurrences
  objectives:
    - {displayName: Lag, op: lt, value: 10, target: 0.98}
"""
UNSERVED = "No adapter of Burnban reads metric sources of type"


def faults(*texts: str) -> list[tuple[str, str]]:
    """Field and problem of each, where the texts are files of one folder."""
    try:
        load_texts({f"{n}.yaml": text for n, text in enumerate(texts)}, source_kinds=KINDS)
    except SpecError as error:
        return [(fault.path, fault.problem) for fault in error.faults]
    return []


def test_an_inline_source_of_a_type_is_the_only_data_source_of_that_type() -> None:
    assert faults(INLINE, LOCAL) == []
    assert faults(INLINE, LOCAL, RENTED) == [("spec.type", f"{UNSERVED} `Rented`.")]


@pytest.mark.parametrize("others", [(), (RENTED,)])
def test_a_source_that_is_missing_is_told_where_an_adapter_would_read_it(
    others: tuple[str, ...],
) -> None:
    metric = "[0].spec.indicator.spec.ratioMetric"
    missing = "There is no DataSource of type Prometheus."
    assert [one for one in faults(INLINE, *others) if one[0] != "spec.type"] == [
        (f"{metric}.good.metricSource", missing),
        (f"{metric}.total.metricSource", missing),
    ]


def test_a_source_that_is_missing_is_not_told_where_no_adapter_would_read_it() -> None:
    rented, other = f"{UNSERVED} `Rented`.", f"{UNSERVED} `Other`."
    assert faults(INDICATORS, LOCAL) == [
        ("[0].spec.ratioMetric.good.metricSource.type", rented),
        ("[0].spec.ratioMetric.total.metricSource.type", rented),
        ("[1].spec.ratioMetric.bad.metricSource.type", other),
        ("[1].spec.ratioMetric.total.metricSource.type", other),
        (
            "[2].spec.ratioMetric.raw",
            "A raw ratio (`raw`, `rawType`) is part of OpenSLO, but Burnban does not read it yet.",
        ),
    ]


def test_a_wrongly_declared_source_does_not_hide_that_another_type_has_none() -> None:
    silent = RENTED.replace("  type: Rented\n", "")
    found = faults(INLINE, silent)
    assert ("spec", "The field `type` is missing.") in found
    assert [problem for path, problem in found if path.endswith("good.metricSource")] == [
        "There is no DataSource of type Prometheus."
    ]


def test_alert_objects_that_no_slo_uses_have_no_fault() -> None:
    assert faults(ALERTS) == []


def test_alert_objects_are_judged_where_an_slo_uses_them() -> None:
    lag = INDICATORS[INDICATORS.rindex("- apiVersion") :]
    assert faults(USED, LOCAL, lag, ALERTS) == []
    both = f"{USED}  alertPolicies: [by-mail, by-word]\n"
    assert [path for path, _ in faults(both, LOCAL, lag, ALERTS)] == [
        "[0].spec.condition.op",
        "[3].spec.target",
    ]
    assert faults(f"{USED}  alertPolicies: [by-word]\n", LOCAL, lag, ALERTS) == []


def test_an_operator_says_and_or_or() -> None:
    wrong = ALERTS.replace("operator: and", "operator: nand")
    assert [path for path, _ in faults(wrong)] == ["[1].spec.conditions[0].operator"]


def test_several_conditions_are_refused_by_name() -> None:
    one = "      - operator: and\n        conditionRef: quick\n"
    assert faults(ALERTS.replace(one, one * 2)) == [
        ("[1].spec.conditions", "An AlertPolicy has one condition, not 2.")
    ]


def test_a_rolling_month_is_refused_by_name() -> None:
    lag = INDICATORS[INDICATORS.rindex("- apiVersion") :]
    start = USED.index("    - duration")
    end = USED.index("  budgetingMethod")
    rolling = f"{USED[:start]}    - {{duration: 1M, isRolling: true}}\n{USED[end:]}"
    assert faults(rolling, LOCAL, lag) == [
        (
            "spec.timeWindow[0].duration",
            "A rolling window of `1M` is part of OpenSLO, but Burnban does not read it yet.",
        )
    ]

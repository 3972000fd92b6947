"""The shapes that OpenSLO's own example files have: the only fault in them is the metric source."""

from bot.errors import Fault, SpecError
from bot.spec import load_texts

LATENCY = """\
apiVersion: openslo/v1
kind: SLO
metadata:
  name: checkout-speed
  displayName: Speed of the checkout
spec:
  description: Nobody waits for more than half a second.
  service: shop
  indicator:
    metadata:
      name: checkout-latency
      displayName: Latency of the checkout
    spec:
      thresholdMetric:
        metricSource:
          type: Some # of which there is no adapter
          spec:
            # and whose query is left to the reader
  timeWindow:
    - duration: 2w
      isRolling: true
  budgetingMethod: Occurrences
  objectives:
    - displayName: Fast
      op: lt
      value: 500
      target: 0.99
  alertPolicies: # left empty
"""
SLICES = """\
apiVersion: openslo/v1
kind: SLO
metadata:
  name: reachable
  labels:
    env: [prod]
    team: [a, b]
spec:
  service: line
  indicator:
    metadata:
      name: up
    spec:
      ratioMetric:
        good:
          metricSource:
            type: Some
            spec:
              query: some
        total:
          metricSource:
            type: Some
            spec:
              query: some
  timeWindow:
    - duration: 1m # a calendar month
      isRolling: false
      calendar:
        startTime: 2022-01-01 12:00:00
        timeZone: America/New_York
  budgetingMethod: Timeslices
  objectives:
    - displayName: Ours
      op: gt
      target: 0.995
      timeSliceTarget: 0.99
      timeSliceWindow: 1m
    - displayName: Promised
      target: 0.99
      timeSliceTarget: 0.99
      timeSliceWindow: 1m
  alertPolicies:
"""
MEAN = SLICES.replace("budgetingMethod: Timeslices", "budgetingMethod: RatioTimeslices").replace(
    "      timeSliceTarget: 0.99\n", ""
)
OBJECTS = """\
- apiVersion: openslo/v1
  kind: DataSource
  metadata: {name: local}
  spec:
    type: Prometheus
    connectionDetails:
    - url: http://prometheus.example
- apiVersion: openslo/v1
  kind: DataSource
  metadata:
    name: rented
    annotations: {openslo.com/service-folder: ./shop}
  spec:
    type: Some
    connectionDetails:
    - apiKey: my-api-key
    - appKey: my-app-key
- apiVersion: openslo/v1
  kind: Service
  metadata: {name: shop}
  spec: {description: Sells.}
- apiVersion: openslo/v1
  kind: AlertPolicy
  metadata: {name: low}
  spec:
    description: By mail.
    alertWhenBreaching: true
    conditions: [{conditionRef: elsewhere}]
    notificationTargets: [{targetRef: elsewhere}]
- apiVersion: openslo/v1
  kind: AlertNotificationTarget
  metadata: {name: mail, labels: {team: [developers]}}
  spec: {target: email}
"""
PRECISE = """\
apiVersion: openslo/v1
kind: SLO
metadata: {name: precise}
spec:
  service: shop
  indicatorRef: lag
  timeWindow:
    - duration: 28d
      isRolling: true
  budgetingMethod: Occurrences
  objectives:
    - displayName: Lag
      op: gte
      target: 0.98
      value: 10
  alertPolicies: []
---
apiVersion: openslo/v1
kind: SLI
metadata: {name: lag}
spec:
  thresholdMetric:
    metricSource:
      metricSourceRef: clouds
      type: Some
      spec:
        metricName: 2xx
        dimensions:
          - name: CanaryName
            value: web-app
---
apiVersion: openslo/v1
kind: DataSource
metadata: {name: clouds}
spec:
  type: Some
  connectionDetails:
    accessKeyID: AAA
    secretAccessKey: BBB
"""


def faults(text: str, kinds: tuple[str, ...] = ("prometheus", "csv")) -> tuple[Fault, ...]:
    try:
        load_texts({"a.yaml": text}, source_kinds=kinds)
    except SpecError as error:
        return error.faults
    return ()


def fields(text: str) -> list[str]:
    """The fields with a fault, after a check that each is about the metric source."""
    found = faults(text)
    problem = "No adapter of Burnban reads metric sources of type `Some`."
    assert {fault.problem for fault in found} == {problem}
    return [fault.path for fault in found]


def test_a_threshold_metric_with_occurrences() -> None:
    assert fields(LATENCY) == ["spec.indicator.spec.thresholdMetric.metricSource.type"]


def test_a_ratio_with_time_slices_in_a_calendar_window() -> None:
    metric = "spec.indicator.spec.ratioMetric"
    places = [f"{metric}.good.metricSource.type", f"{metric}.total.metricSource.type"]
    assert fields(SLICES) == places
    assert fields(MEAN) == places


def test_objects_in_a_list() -> None:
    assert fields(OBJECTS) == ["[1].spec.type"]


def test_several_documents_with_references() -> None:
    assert fields(PRECISE) == ["spec.type"]


def test_a_type_that_some_adapter_reads_is_no_fault() -> None:
    assert faults(OBJECTS, kinds=("some", "prometheus")) == ()

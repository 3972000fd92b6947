"""`versionLabel`: by which label versions are told apart, and where they cannot be."""

import pytest

from bot.errors import SpecError
from bot.spec import load_texts
from tests.unit.specs.kit import KINDS, SOURCE, faults, objective, slo


def test_an_slo_may_name_the_label_that_tells_versions_apart() -> None:
    assert objective(slo(rest="  versionLabel: model_version")).version_label == "model_version"
    assert objective(slo()).version_label == ""


@pytest.mark.parametrize("label", ["le", "__name__", "a-b", "9x", '"a b"', "{}"])
def test_what_is_no_label_is_refused(label: str) -> None:
    (fault,) = faults(slo(rest=f"  versionLabel: {label}"))
    assert fault.path == "spec.versionLabel"


def test_slices_that_count_as_one_event_cannot_be_told_apart() -> None:
    text = slo(target="target: 0.99, timeSliceTarget: 0.9, timeSliceWindow: 5m")
    text = text.replace("Occurrences", "Timeslices") + "  versionLabel: version\n"
    (fault,) = faults(text)
    assert fault.path == "spec.versionLabel"
    assert "Occurrences" in fault.remedy


def test_counts_of_single_slices_cannot_be_told_apart() -> None:
    text = SOURCE.replace("counter: true", "counter: false")
    with pytest.raises(SpecError) as refused:
        load_texts(
            {"a.yaml": f"{text}---\n{slo(rest='  versionLabel: version')}"}, source_kinds=KINDS
        )
    assert [fault.path for fault in refused.value.faults] == ["spec.versionLabel"]


def test_the_rows_of_a_file_may_tell_versions_apart() -> None:
    text = """apiVersion: openslo/v1
kind: DataSource
metadata: {name: replay}
spec:
  type: csv
  connectionDetails: {path: counts.csv}
---
apiVersion: openslo/v1
kind: SLO
metadata: {name: availability}
spec:
  service: ranker
  versionLabel: version
  indicator:
    metadata: {name: failed}
    spec:
      ratioMetric:
        bad: {metricSource: {metricSourceRef: replay}}
        total: {metricSource: {metricSourceRef: replay}}
  timeWindow: [{duration: 28d, isRolling: true}]
  budgetingMethod: Occurrences
  objectives: [{target: 0.999}]
"""
    (found,) = load_texts({"a.yaml": text}, source_kinds=("csv",)).objectives
    assert found.version_label == "version"

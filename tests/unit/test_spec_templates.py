"""Indicator templates: what each stands for, and what is refused at load."""

from fractions import Fraction

import promql_parser
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.judge.indicator import Op, Ratio, Threshold, Throughput
from bot.judge.objective import Objective
from bot.measure import check_indicator
from bot.measure.promql import selectors
from bot.spec.expanding import Wanted, acceptable, expand
from bot.spec.shipped import Template, servers, templates
from tests.unit.specs.kit import faults, objective, slo

LIMITS = {"latency": "atMost: 250ms", "mean": "atMost: 250ms", "throughput": "atLeast: 20"}
USABLE = [one for one in templates().values() if one.form != "refused"]


def use(indicator: str, method: str = "Occurrences", target: str = "target: 0.99") -> str:
    text = slo(target=target).replace("budgetingMethod: Occurrences", f"budgetingMethod: {method}")
    return text.replace("indicatorRef: errors", f"indicator: {{{indicator}}}")


def filled(template: Template, model: str = "ranker") -> str:
    parts = [f"template: {template.name}"]
    parts += [f"{one.name}: {model}" for one in template.parameters if one.required]
    parts += [LIMITS[template.form]] if template.form in LIMITS else []
    return ", ".join(parts)


def loaded(indicator: str) -> Objective:
    return objective(use(indicator))


def test_every_server_of_the_reference_is_there() -> None:
    assert {one.name for one in servers()} == {
        "bentoml",
        "kserve",
        "mlserver",
        "rayserve",
        "seldon",
        "tfserving",
        "torchserve",
        "triton",
        "vllm",
    }
    assert all(
        {f"{one.name}/{kind}" for kind in ("availability", "latency", "throughput")}
        <= set(templates())
        for one in servers()
    )


@pytest.mark.parametrize("template", USABLE, ids=lambda one: one.name)
def test_every_usable_template_loads_and_can_be_counted(template: Template) -> None:
    found = objective(use(filled(template)))
    (source,) = {found.source}
    assert source == "prometheus"
    assert faults(use(filled(template)), check=check_indicator) == ()


@pytest.mark.parametrize("template", templates().values(), ids=lambda one: one.name)
def test_every_template_says_its_trap_its_unit_and_its_source(template: Template) -> None:
    assert template.trap.endswith(".")
    assert template.unit in ("requests", "tokens", "slices")
    assert template.source
    assert bool(template.refused) == bool(template.instead) == (template.form == "refused")


def test_triton_counts_failures_among_all_requests_of_the_model() -> None:
    found = loaded("template: triton/availability, model: ranker")
    assert found.indicator == Ratio(
        'sum(nv_inference_request_success{model="ranker"})'
        ' + sum(nv_inference_request_failure{model="ranker"})',
        bad='sum(nv_inference_request_failure{model="ranker"})',
    )


def test_optional_parameters_narrow_every_series() -> None:
    found = loaded('template: triton/availability, model: ranker, version: "38", namespace: prod')
    assert isinstance(found.indicator, Ratio)
    assert found.indicator.bad == (
        'sum(nv_inference_request_failure{model="ranker",version="38",namespace="prod"})'
    )


def test_a_latency_counts_up_to_the_bucket_in_the_unit_of_the_server() -> None:
    found = loaded('template: rayserve/latency, model: ranker, atMost: "0.2s"')
    assert isinstance(found.indicator, Ratio)
    assert found.indicator.good == (
        'sum(ray_serve_deployment_processing_latency_ms_bucket{deployment="ranker",'
        'le=~"200|200\\\\.0"})'
    )


def test_a_mean_is_a_value_with_its_limit() -> None:
    found = objective(
        use(
            "template: triton/mean-latency, model: ranker, atMost: 200ms",
            "Timeslices",
            "target: 0.99, timeSliceWindow: 1m",
        )
    )
    assert found.indicator == Threshold(
        '(sum(rate(nv_inference_request_duration_us{model="ranker"}[5m])))'
        ' / (sum(rate(nv_inference_request_success{model="ranker"}[5m])))',
        Op.LTE,
        Fraction(200_000),
    )


def test_throughput_has_its_floor() -> None:
    found = loaded("template: triton/throughput, model: ranker, atLeast: 20")
    assert found.indicator == Throughput(
        'sum(nv_inference_request_success{model="ranker"})',
        'sum(nv_inference_request_failure{reason="REJECTED",model="ranker"})',
        Fraction(20),
    )


@pytest.mark.parametrize(
    ("indicator", "problem", "remedy"),
    [
        ("template: triton/latency, model: r", "only the sum", "triton/mean-latency"),
        ("template: kserve/availability, model: r", "count no errors", "gateway"),
        ("template: torchserve/availability-by-version", "neither the model", "releases"),
        ("template: tritn/availability, model: r", "no template", "`triton/availability`"),
        ("template: triton/availability, modle: r", "no field `modle`", "`model`"),
        ("template: triton/availability", "`model` is missing", "model: ranker"),
        ("template: torchserve/availability, model: r", "cannot be told by model", "`model` out"),
        ("template: kserve/latency, model: r, atMost: 300ms", "no bucket", "atMost: 0.25s"),
        ("template: kserve/latency, model: r, atMost: 300", "not a latency", "unit"),
        ("template: kserve/latency, model: r", "`atMost` is missing", "atMost: 250ms"),
        ("template: triton/throughput, model: r, atLeast: 0", "above 0", ""),
        ('template: triton/availability, model: "a\\nb"', "value of a label", "one line"),
    ],
)
def test_what_cannot_be_measured_is_refused_with_the_reason_and_the_alternative(
    indicator: str, problem: str, remedy: str
) -> None:
    (fault,) = faults(use(indicator))
    assert problem in fault.problem
    assert remedy in fault.remedy
    assert fault.where.startswith("a.yaml:")


@given(st.text(min_size=1, max_size=40).filter(acceptable), st.sampled_from(USABLE))
def test_a_hostile_name_of_a_model_cannot_change_the_query(name: str, template: Template) -> None:
    labels = {one.name: name for one in template.parameters}
    limits = {"at_most": Fraction(1, 4), "at_least": Fraction(20)}
    plain = expand(template, Wanted(dict.fromkeys(labels, "x"), **limits))
    hostile = expand(template, Wanted(labels, **limits))
    for mild, wild in zip(_queries(plain), _queries(hostile), strict=True):
        before, after = promql_parser.parse(mild), promql_parser.parse(wild)
        assert type(after) is type(before)
        values = {m.value for one in selectors(wild) for m in one.matchers}
        swapped = [
            (
                one.name,
                sorted((m.label, m.op, name if m.value == "x" else m.value) for m in one.matchers),
            )
            for one in selectors(mild)
        ]
        same = [
            (one.name, sorted((m.label, m.op, m.value) for m in one.matchers))
            for one in selectors(wild)
        ]
        assert same == swapped
        assert name in values


def _queries(indicator: Ratio | Threshold | Throughput) -> list[str]:
    match indicator:
        case Ratio(total, good, bad):
            return [total, good or bad or ""]
        case Threshold(query):
            return [query]
        case Throughput(served, shed):
            return [served, shed]

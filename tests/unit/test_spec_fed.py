"""Quality, counts, scores and drift from feeds, as users write them."""

from fractions import Fraction

import pytest

from bot.decide.catalog import SourceSpec
from bot.judge.burn import Severity
from bot.judge.indicator import Counted, Indicator, Labelled, Op, Scored
from bot.judge.objective import Method
from bot.judge.tally import Quality
from bot.measure import check_indicator
from bot.spec import load_texts
from bot.spec.load import Check
from tests.unit.specs.kit import SOURCE, document, faults, objective, slo

PUSH = document("DataSource", "labels", "{type: push}")


def use(indicator: str, method: str = "Occurrences", target: str = "target: 0.92") -> str:
    found = slo(name="quality", target=target)
    found = found.replace("indicatorRef: errors", f"indicator: {{{indicator}}}")
    return found.replace("budgetingMethod: Occurrences", f"budgetingMethod: {method}")


def sliced(indicator: str, target: str = "target: 0.9, timeSliceWindow: 1h") -> str:
    return use(indicator, "Timeslices", target)


def problems(*documents: str, check: Check | None = None) -> list[str]:
    """In words; a source of type push is served."""
    return [f.problem for f in faults(*documents, check=check)]


@pytest.fixture(autouse=True)
def _served(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.unit.specs.kit.KINDS", ("prometheus", "csv", "push"))


@pytest.mark.parametrize("figure", list(Quality))
def test_labels_of_a_feed_are_an_objective_of_quality(figure: Quality) -> None:
    found = objective(PUSH, use(f"quality: {{feed: ranker-labels, of: {figure}}}"))
    assert found.indicator == Labelled("ranker-labels", figure)
    assert (found.source, found.step, found.method) == ("labels", 3_600, Method.OCCURRENCES)
    assert found.label_delay == 0


def test_estimates_of_the_same_are_another_feed_and_no_other_way_of_counting() -> None:
    found = objective(PUSH, use("quality: {feed: labels, of: recall, estimate: cbpe}"))
    assert found.feeds == ("labels", "cbpe")
    plain = objective(PUSH, use("quality: {feed: labels, of: recall}"))
    assert plain.feeds == ("labels",)
    assert found.fingerprint == plain.fingerprint
    assert problems(PUSH, use("quality: {feed: labels, of: recall, estimate: a b}")) == [
        "`a b` is not a name."
    ]


TABLES = "cbpe: {table: cbpe, metric: accuracy, n: 500}"
NANNY = document(
    "DataSource",
    "monitoring",
    f"{{type: nannyml, connectionDetails: {{urlEnv: A, timeZone: UTC, feeds: {{{TABLES}}}}}}}",
)


def estimating(estimate: str) -> str:
    return use(f"quality: {{feed: a, of: recall, source: labels, estimate: {estimate}}}")


def test_estimates_may_lie_in_another_source_than_the_labels(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("tests.unit.specs.kit.KINDS", ("prometheus", "push", "nannyml"))
    found = objective(PUSH, NANNY, estimating("{feed: cbpe, source: monitoring}"))
    assert (found.source, found.estimate, found.estimate_source) == ("labels", "cbpe", "monitoring")
    same = objective(PUSH, NANNY, estimating("cbpe"))
    assert (same.source, same.estimate, same.estimate_source) == ("labels", "cbpe", "")


@pytest.mark.parametrize(
    ("estimate", "problem", "remedy"),
    [
        (
            "{feed: cbpo, source: monitoring}",
            "The DataSource `monitoring` has no feed `cbpo`.",
            "Did you mean `cbpe`? If it lies in another one",
        ),
        ("{feed: cbpe, source: prometheus}", "`prometheus` has no feeds.", "Name one of type"),
        ("{feed: cbpe, source: nobody}", "There is no DataSource `nobody`.", "`monitoring`"),
        ("{feed: cbpe}", "The field `source` is missing.", "source: my-monitoring"),
        ("{source: monitoring}", "The field `feed` is missing.", "feed: my-estimates"),
        ("{feed: cbpe, sauce: x}", "There is no field `sauce` here.", "source"),
    ],
)
def test_estimates_that_are_nowhere_are_told_with_where_to_look(
    monkeypatch: pytest.MonkeyPatch, estimate: str, problem: str, remedy: str
) -> None:
    monkeypatch.setattr("tests.unit.specs.kit.KINDS", ("prometheus", "push", "nannyml"))
    first, *_ = faults(PUSH, NANNY, estimating(estimate))
    assert problem in first.problem
    assert remedy in first.remedy


def test_counts_of_a_feed_are_taken_as_they_are() -> None:
    found = objective(PUSH, use("counted: {feed: answers, labelDelay: 7d}"))
    assert found.indicator == Counted("answers")
    assert found.label_delay == 7 * 86_400


def test_how_late_labels_come_is_no_other_way_of_counting() -> None:
    late = objective(PUSH, use("counted: {feed: answers, labelDelay: 7d}"))
    assert late.fingerprint == objective(PUSH, use("counted: {feed: answers}")).fingerprint


@pytest.mark.parametrize(
    ("written", "indicator"),
    [
        (
            "score: {feed: auc, op: gte, value: 0.85, scale: share, minimum: 500}",
            Scored("auc", Op.GTE, Fraction("0.85"), "share", 500.0),
        ),
        (
            "score: {feed: auc, op: gte, value: 0.85, scale: rank}",
            Scored("auc", Op.GTE, Fraction("0.85"), "rank"),
        ),
        (
            "drift: {feed: psi, value: 0.1, minimum: 200}",
            Scored("psi", Op.LTE, Fraction("0.1"), "mean", 200.0, drift=True),
        ),
        (
            "drift: {feed: ks, value: 0.05, scale: p_value, minimum: 200}",
            Scored("ks", Op.GTE, Fraction("0.05"), "p_value", 200.0, drift=True),
        ),
    ],
)
def test_scores_are_held_against_a_limit_batch_by_batch(written: str, indicator: Indicator) -> None:
    found = objective(PUSH, sliced(written))
    assert found.indicator == indicator
    assert (found.step, found.method) == (3_600, Method.TIMESLICES)
    assert problems(PUSH, sliced(written), check=check_indicator) == []


def test_drift_never_pages_whatever_its_policy_says() -> None:
    found = objective(PUSH, sliced("drift: {feed: psi, value: 0.1, minimum: 200}"))
    assert found.drift
    assert found.alerts
    assert {alert.severity for alert in found.alerts} == {Severity.TICKET}


def test_a_page_that_an_slo_of_drift_asks_for_is_refused() -> None:
    alerts = """  alertPolicies:
    - kind: AlertPolicy
      metadata: {name: p}
      spec:
        alertWhenBreaching: true
        conditions:
          - kind: AlertCondition
            metadata: {name: c}
            spec:
              severity: page
              condition: {kind: burnrate, op: gte, threshold: 4, lookbackWindow: 6h}
        notificationTargets: [{targetRef: t}]
"""
    target = document("AlertNotificationTarget", "t", "{target: slack}")
    text = sliced("drift: {feed: psi, value: 0.1, minimum: 200}") + alerts
    found = faults(PUSH, target, text)
    assert [(f.problem, f.remedy) for f in found] == [
        ("Drift never pages, but `ranker/quality` asks for it.", "Write severity: ticket.")
    ]


@pytest.mark.parametrize(
    ("text", "path", "problem"),
    [
        ("score: {feed: a, op: lte, value: -0.5, scale: rms, minimum: 9}", "value", "bad."),
        ("score: {feed: a, op: lt, value: 0, scale: rms, minimum: 9}", "value", "would be bad."),
        ("score: {feed: a, op: gte, value: -1, scale: rms, minimum: 9}", "value", "no batch"),
        ("drift: {feed: a, value: -0.1, minimum: 9}", "value", "every batch would be bad."),
        ("drift: {feed: a, value: 0, minimum: 9}", "value", "never below 0"),
        ("drift: {feed: a, value: -2, scale: rms, minimum: 9}", "value", "never below 0"),
        ("drift: {feed: a, op: lte, value: 0.05, scale: p_value, minimum: 9}", "op", "p-value"),
        ("score: {feed: a, op: gte, value: 1.2, scale: rank}", "value", "between 0 and 1"),
        ("score: {feed: a, op: gte, value: -0.2, scale: share}", "value", "between 0 and 1"),
        ("drift: {feed: a, value: 2, scale: p_value, minimum: 9}", "value", "between 0 and 1"),
    ],
)
def test_a_limit_that_every_batch_misses_or_none_is_refused_at_its_line(
    text: str, path: str, problem: str
) -> None:
    (found,) = faults(PUSH, sliced(text))
    assert problem in found.problem
    assert found.path.endswith(f".{path}")
    assert found.remedy


@pytest.mark.parametrize(
    "text",
    [
        "score: {feed: r2, op: gte, value: -0.5, minimum: 9}",
        "drift: {feed: correlation, op: gte, value: -0.2, minimum: 9}",
        "drift: {feed: ks, op: gte, value: 0.05, scale: p_value, minimum: 9}",
        "score: {feed: rmse, op: lte, value: 48000, scale: rms, minimum: 9}",
    ],
)
def test_a_limit_that_scores_may_meet_or_miss_is_taken(text: str) -> None:
    assert isinstance(objective(PUSH, sliced(text)).indicator, Scored)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (use("quality: {feed: a}"), "The field `of` is missing."),
        (use("quality: {of: recall}"), "The field `feed` is missing."),
        (use("quality: {feed: a, of: f1}"), "`f1` is none of the words for this."),
        (use("quality: {feed: a b, of: recall}"), "`a b` is not a name."),
        (use("quality: {feed: a, of: recall, value: 1}"), "There is no field `value` here."),
        (use("counted: {feed: a, labelDelay: soon}"), "A duration belongs here, not `soon`."),
        (use("counted: {feed: a, source: nobody}"), "There is no DataSource `nobody`."),
        (
            use("counted: {feed: a, source: prometheus}"),
            "The DataSource `prometheus` has no feeds.",
        ),
        (use("counted: a"), "A mapping of fields belongs here, not `a`."),
        (use("score: a"), "A mapping of fields belongs here, not `a`."),
        (use("quality: a"), "A mapping of fields belongs here, not `a`."),
        (
            sliced("score: {feed: a, op: gte, value: 1.5, scale: share}"),
            "A score of scale share lies between 0 and 1.",
        ),
        (
            sliced("score: {feed: a, op: lte, value: 1.5}"),
            "The field `minimum` is missing: few samples prove nothing.",
        ),
        (
            sliced("score: {feed: a, op: lte, value: 1.5, minimum: 0}"),
            "A number above 0 belongs here.",
        ),
        (sliced("score: {feed: a, value: 1.5, minimum: 9}"), "The field `op` is missing."),
        (
            sliced("drift: {feed: a, op: is, value: 1.5, minimum: 9}"),
            "`is` is none of the words for this.",
        ),
        (
            use("score: {feed: a, op: gte, value: 0.8, scale: share}"),
            "Each batch is one slice here.",
        ),
        (sliced("counted: {feed: a}"), "Each one counts here."),
        (
            sliced(
                "score: {feed: a, op: gte, value: 0.8, scale: share}",
                "target: 0.9, timeSliceWindow: 1h, timeSliceTarget: 0.5",
            ),
            "A batch is good or bad as a whole.",
        ),
    ],
)
def test_what_is_written_wrongly_is_told(text: str, problem: str) -> None:
    assert problem in problems(PUSH, text)


def test_with_several_sources_of_feeds_one_is_named() -> None:
    other = document("DataSource", "more", "{type: push, connectionDetails: {step: 1d}}")
    assert problems(PUSH, other, use("counted: {feed: a}")) == [
        "There is more than one DataSource that has feeds."
    ]
    found = objective(PUSH, other, use("counted: {feed: a, source: more}"))
    assert (found.source, found.step) == ("more", 86_400)


def test_without_a_source_of_feeds_there_is_none() -> None:
    assert problems(use("counted: {feed: a}")) == ["There is no DataSource that has feeds."]


def test_a_source_that_was_declared_wrongly_has_its_fault_already() -> None:
    wrong = document("DataSource", "labels", "{type: push, connectionDetails: {versions: some}}")
    assert problems(wrong, use("counted: {feed: a}")) == ["`some` is none of the words for this."]


def test_a_source_says_of_which_versions_its_feeds_may_speak() -> None:
    details = "{type: push, connectionDetails: {versions: released, delay: 1h}}"
    texts = {"a.yaml": "---\n".join([SOURCE, document("DataSource", "labels", details)])}
    found = load_texts(texts, source_kinds=("prometheus", "csv", "push")).sources["labels"]
    assert found == SourceSpec(
        "labels", "push", {"step": 3_600, "delay": 3_600, "versions": "released"}
    )
    assert found.fed
    assert found.versions == "released"


def test_a_source_answers_only_what_it_can() -> None:
    push, server = SourceSpec("labels", "push"), SourceSpec("p", "prometheus")
    counted, asked = Counted("a"), objective(slo()).indicator
    assert check_indicator(counted, push, 3_600) == []
    assert check_indicator(asked, server, 60) == []
    assert [c[0] for c in check_indicator(counted, server, 60)] == ["feed"]
    assert [c[0] for c in check_indicator(asked, push, 60)] == ["query"]


def test_rows_of_a_feed_need_no_label_to_tell_versions_apart() -> None:
    labelled = use("quality: {feed: labels, of: recall}") + "  versionLabel: version\n"
    (fault,) = faults(PUSH, labelled)
    assert (fault.path, fault.remedy) == ("spec.versionLabel", "Leave it out.")
    assert fault.problem == "The rows of a feed bear their version themselves."


def remedies(*documents: str) -> list[str]:
    return [f.remedy for f in faults(*documents)]


def test_what_is_unknown_is_told_the_nearest_and_all_that_can_be_measured() -> None:
    text = use("counts: {feed: a}")
    assert problems(PUSH, text) == ["There is no field `counts` here.", "Nothing is measured here."]
    nearest, every = remedies(PUSH, text)
    assert nearest == "Did you mean `counted`?"
    assert every.startswith("Write one of: ratioMetric, thresholdMetric, template, latency")
    assert "quality, counted, score, drift" in every


def test_advice_on_a_score_is_not_taken_back_once_it_is_followed() -> None:
    """A batch has no `timeSliceTarget`, so none is asked for while the score has a fault."""
    assert problems(PUSH, sliced("drift: {feed: psi, value: 0.1}")) == [
        "The field `minimum` is missing: few samples prove nothing."
    ]
    assert problems(PUSH, sliced("drift: {feed: psi, value: 0.1, minimum: 200}")) == []


def test_an_example_of_a_duration_is_one_that_is_taken() -> None:
    (said,) = remedies(PUSH, use("counted: {feed: a, labelDelay: 90m}"))
    assert said == "Write a whole number and one of h, d, w: 7d."
    assert problems(PUSH, use("counted: {feed: a, labelDelay: 7d}")) == []


def test_labels_that_come_after_all_is_forgotten_are_refused() -> None:
    (late,) = faults(PUSH, use("counted: {feed: a, labelDelay: 373d}"))
    assert late.problem == "A window before labels that take 373d began too long ago."
    assert late.remedy == "Nothing is kept for longer than 400 days: both together must fit."
    assert problems(PUSH, use("counted: {feed: a, labelDelay: 372d}")) == []

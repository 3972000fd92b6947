"""Which policy applies, and which burn alerts come of it."""

from fractions import Fraction

from bot.decide.policy import DEFAULT
from bot.judge.burn import GOOGLE, BurnAlert, Severity, can_fire, default_alerts
from tests.unit.specs.kit import document, faults, objective, read, slo

SMALL = "{spend: 5%, within: 2h, confirm: 10m, severity: page}"


def policy(name: str, spec: str) -> str:
    return document("BudgetPolicy", name, f"{{{spec}}}")


def test_without_policies_the_built_in_one_applies() -> None:
    found = read(slo())
    assert found.objectives[0].policy == "default"
    assert found.policies == {"default": DEFAULT}


def test_the_annotation_of_the_slo_wins() -> None:
    found = read(
        policy("listed", "services: [ranker]"),
        policy("marked", "services: [embedder]"),
        policy("other", "default: true"),
        document("Service", "embedder", "{}"),
        document("Service", "ranker", "{}", "annotations: {burnban.dev/policy: other}"),
        slo("a", metadata="annotations: {burnban.dev/policy: marked}"),
        slo("b"),
    )
    assert {one.name: one.policy for one in found.objectives} == {
        "a": "other → marked",
        "b": "other",
    }


def test_a_listing_policy_wins_over_the_default_one() -> None:
    found = read(
        policy("listed", "services: [ranker]"),
        policy("other", "default: true"),
        slo("a", service="ranker"),
        slo("b", service="embedder"),
    )
    assert {one.name: one.policy for one in found.objectives} == {
        "a": "other → listed",
        "b": "other",
    }


def test_a_policy_named_default_is_the_default() -> None:
    found = read(policy("default", f"burnAlerts: [{SMALL}]"), slo())
    assert found.policy_of(found.objectives[0]).alerts == (
        BurnAlert(Fraction(5, 100), 7_200, 600, Severity.PAGE),
    )


def test_an_annotation_may_name_the_built_in_policy() -> None:
    found = objective(
        policy("other", "default: true"), slo(metadata="annotations: {burnban.dev/policy: default}")
    )
    assert found.policy == "default"


def test_an_alert_without_confirm_is_confirmed_over_a_twelfth() -> None:
    found = objective(
        policy("p", "default: true, burnAlerts: [{spend: 5%, within: 6h, severity: ticket}]"), slo()
    )
    assert found.alerts == (BurnAlert(Fraction(5, 100), 21_600, 1_800, Severity.TICKET),)


def test_a_policy_without_burn_alerts_takes_the_default_ones_fitted_to_each_objective() -> None:
    found = objective(policy("p", "default: true"), slo(target="target: 0.9"))
    assert found.alerts == default_alerts(Fraction(9, 10), 28 * 86_400)
    assert found.alerts != GOOGLE


def test_a_policy_may_have_no_burn_alerts_at_all() -> None:
    assert objective(policy("p", "default: true, burnAlerts: []"), slo()).alerts == ()


def test_an_alert_that_just_can_fire_is_taken_and_one_above_it_is_refused() -> None:
    window = 10 * 86_400
    written = "default: true, burnAlerts: [{spend: %s, within: 1d, severity: page}]"
    days = "{duration: 10d, isRolling: true}"
    at_ceiling = policy("p", written % "100%")  # a burn of 10, all that a target of 90 % allows
    (alert,) = objective(at_ceiling, slo(target="target: 0.9", window=days)).alerts
    assert can_fire(alert, Fraction(9, 10), window)
    (fault,) = faults(at_ceiling, slo(target="target: 0.8999", window=days))
    assert fault.path == "spec.burnAlerts[0]"


def test_the_remedy_for_an_alert_that_cannot_fire_can_be_pasted() -> None:
    written = "default: true, burnAlerts: [%s]"
    alert = "{spend: 2%, within: 1h, confirm: 5m, severity: page}"
    low = slo(target="target: 0.5")
    (fault,) = faults(policy("p", written % alert), low)
    better = fault.remedy.removeprefix("Write ").removesuffix(".")
    assert faults(policy("p", written % better), low) == ()


def test_the_version_of_a_policy_follows_what_it_says_and_not_its_layout() -> None:
    def version(spec: str) -> str:
        return read(policy("p", spec), slo()).policies["p"].version

    first = version("default: true, thresholds: [{left: 25%, then: warn}]")
    again = version("thresholds: [{then: warn,   left: 25%}], default: true")
    other = version("default: true, thresholds: [{left: 26%, then: warn}]")
    assert first == again
    assert first != other
    assert len(first) == 12


def test_a_freeze_may_not_thaw_below_where_it_begins_also_by_the_default_thaw() -> None:
    (fault,) = faults(policy("p", "default: true, thresholds: [{left: 20%, then: freeze}]"), slo())
    assert fault.remedy == "Write thaw: {left: 25%} or more."
    warned = policy("p", "default: true, thresholds: [{left: 20%, then: warn}]")
    assert faults(warned, slo()) == ()

"""OpenSLO's alert policies, conditions and targets, as far as they mean what ours do."""

from fractions import Fraction

import pytest

from bot.judge.burn import BurnAlert, Severity
from bot.spec.alerting import SEVERITIES
from tests.unit.specs.kit import document, faults, objective, read, slo, team

WINDOW = 28 * 86_400
USES = "  alertPolicies: [{alertPolicyRef: fast}]\n"
POLICY = document(
    "AlertPolicy",
    "fast",
    "{alertWhenBreaching: true, alertWhenResolved: false, alertWhenNoData: false, "
    "conditions: [{conditionRef: fast}], notificationTargets: [{targetRef: chat}]}",
)
CHAT = document("AlertNotificationTarget", "chat", "{target: Slack}")


def condition(rest: str = "alertAfter: 5m", severity: str = "page", threshold: str = "14.4") -> str:
    rule = f"{{kind: burnrate, threshold: {threshold}, lookbackWindow: 1h, {rest}}}"
    return document("AlertCondition", "fast", f"{{severity: {severity}, condition: {rule}}}")


def test_a_condition_is_a_burn_alert_over_its_look_back_and_alert_after() -> None:
    found = objective(slo(rest=USES), POLICY, CHAT, condition())
    spend = Fraction("14.4") * 3_600 / WINDOW
    assert found.alerts == (BurnAlert(spend, 3_600, 300, Severity.PAGE),)
    assert found.alerts[0].threshold(WINDOW) == Fraction("14.4")


@pytest.mark.parametrize("rest", ["", "alertAfter: 0m", "op: gt", "op: gte"])
def test_without_a_minute_of_alert_after_the_short_window_is_a_twelfth(rest: str) -> None:
    found = objective(slo(rest=USES), POLICY, CHAT, condition(rest))
    assert (found.alerts[0].long, found.alerts[0].short) == (3_600, 300)


def test_the_twelfth_is_at_least_a_minute() -> None:
    short = condition().replace("lookbackWindow: 1h", "lookbackWindow: 5m").replace("5m}", "0m}")
    assert objective(slo(rest=USES), POLICY, CHAT, short).alerts[0].short == 60


@pytest.mark.parametrize(("word", "severity"), sorted(SEVERITIES.items()))
def test_the_usual_severities_mean_page_or_ticket(word: str, severity: Severity) -> None:
    found = objective(slo(rest=USES), POLICY, CHAT, condition(severity=word.upper()))
    assert found.alerts[0].severity is severity


def test_everything_may_be_written_out_in_place() -> None:
    rest = """\
  alertPolicies:
    - kind: AlertPolicy
      metadata: {name: fast}
      spec:
        alertWhenBreaching: true
        conditions:
          - kind: AlertCondition
            metadata: {name: fast}
            spec:
              severity: critical
              condition: {kind: burnrate, op: gt, threshold: 2, lookbackWindow: 1d, alertAfter: 2h}
        notificationTargets:
          - kind: AlertNotificationTarget
            metadata: {name: chat}
            spec: {target: slack}
"""
    spend = Fraction(2 * 86_400, WINDOW)
    assert objective(slo(rest=rest)).alerts == (BurnAlert(spend, 86_400, 7_200, Severity.PAGE),)


@pytest.mark.parametrize("rest", ["  alertPolicies: []\n", "  alertPolicies:\n", ""])
def test_an_slo_without_alert_policies_takes_those_of_its_budget_policy(rest: str) -> None:
    own = document(
        "BudgetPolicy",
        "p",
        "{default: true, burnAlerts: [{spend: 5%, within: 2h, confirm: 10m, severity: page}]}",
    )
    assert objective(slo(rest=rest), own).alerts[0].long == 7_200


def test_the_conditions_of_an_slo_take_the_place_of_those_of_its_budget_policy() -> None:
    own = document(
        "BudgetPolicy",
        "p",
        "{default: true, burnAlerts: [{spend: 5%, within: 2h, confirm: 10m, severity: page}]}",
    )
    found = objective(slo(rest=USES), POLICY, CHAT, condition(), own)
    assert [alert.long for alert in found.alerts] == [3_600]
    assert found.policy == "p"


def test_what_no_slo_uses_may_refer_to_what_is_not_there() -> None:
    assert read(slo(), POLICY, condition("op: lte")).objectives


def test_the_channel_of_the_team_may_be_a_target_and_another_may_not() -> None:
    target = document("AlertNotificationTarget", "chat", '{target: "#alerts"}')
    parts = (slo(rest=USES), POLICY, condition(), target)
    assert faults(*parts, team("ranking", channel="#alerts")) == ()
    (fault,) = faults(*parts, team("ranking", channel="#others"))
    assert fault.problem == "Warnings go to the channel of the service's Team."


def test_a_threshold_at_the_ceiling_is_taken_and_one_above_it_is_refused() -> None:
    low = slo(target="target: 0.9", rest=USES)
    assert objective(low, POLICY, CHAT, condition(threshold="10")).alerts
    (fault,) = faults(low, POLICY, CHAT, condition(threshold="10.01"))
    assert fault.path == "spec.condition.threshold"
    assert fault.remedy == "Write threshold: 8 or less."


@pytest.mark.parametrize(
    ("first", "second", "told"),
    [
        ("", "", (True, True)),
        ("alertWhenResolved: false, ", "alertWhenResolved: false, ", (False, True)),
        ("alertWhenNoData: false, ", "alertWhenNoData: false, ", (True, False)),
        ("alertWhenResolved: false, ", "alertWhenResolved: true, ", (True, True)),
        ("alertWhenNoData: false, ", "", (True, True)),
    ],
)
def test_what_no_policy_wants_told_is_not_told(
    first: str, second: str, told: tuple[bool, bool]
) -> None:
    plans = [
        document("AlertPolicy", name, f"{{{flags}conditions: [{{conditionRef: fast}}]}}")
        for name, flags in (("one", first), ("two", second))
    ]
    uses = "  alertPolicies: [{alertPolicyRef: one}, {alertPolicyRef: two}]\n"
    found = objective(slo(rest=uses), *plans, condition())
    assert (found.tells_resolved, found.tells_no_data) == told


def test_without_an_alert_policy_everything_is_told() -> None:
    found = objective(slo())
    assert (found.tells_resolved, found.tells_no_data) == (True, True)

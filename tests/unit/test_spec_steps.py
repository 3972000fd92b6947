"""What a BudgetPolicy leads to, as it is read."""

from fractions import Fraction

from bot.decide.policy import OnAlert, Policy, Then, Threshold
from bot.judge.burn import Severity
from tests.unit.specs.kit import document, read, slo

TIER = frozenset({("tier", "1")})


def policy(spec: str) -> Policy:
    """The one policy of these words."""
    return read(document("BudgetPolicy", "p", f"{{default: true, {spec}}}"), slo()).policies["p"]


def test_a_step_about_the_budget_left_is_a_threshold() -> None:
    found = policy("steps: [{when: {left: 50%}, then: caution}, {when: {left: 25%}, then: hold}]")
    assert found.thresholds == (
        Threshold(Fraction(1, 2), Then.CAUTION),
        Threshold(Fraction(1, 4), Then.HOLD),
    )
    assert (found.on_page, found.on_ticket) == (Then.WARN, Then.WARN)


def test_an_exhausted_budget_is_one_of_which_nothing_is_left() -> None:
    found = policy("steps: [{when: {verdict: exhausted}, then: freeze}]")
    assert found.thresholds == (Threshold(Fraction(0), Then.FREEZE),)


def test_a_burning_budget_is_one_for_which_either_alert_fires() -> None:
    found = policy("steps: [{when: {verdict: burning}, then: caution}]")
    assert (found.on_page, found.on_ticket) == (Then.CAUTION, Then.CAUTION)
    assert found.thresholds == ()


def test_a_step_may_want_little_left_and_an_alert_that_fires() -> None:
    found = policy("steps: [{when: {left: 50%, alert: page}, then: hold}]")
    assert found.thresholds == (Threshold(Fraction(1, 2), Then.HOLD, Severity.PAGE),)
    both = policy("steps: [{when: {left: 50%, verdict: burning}, then: hold}]")
    assert [mark.alert for mark in both.thresholds] == [Severity.PAGE, Severity.TICKET]


def test_a_step_may_be_for_objectives_with_certain_labels() -> None:
    found = policy(
        'steps: [{when: {left: 10%, labels: {tier: "1"}}, then: freeze}, '
        '{when: {alert: page, labels: {tier: "1"}}, then: hold}, '
        "{when: {alert: page}, then: caution}]"
    )
    assert found.thresholds == (Threshold(Fraction(1, 10), Then.FREEZE, labels=TIER),)
    assert found.on_page is Then.CAUTION
    assert found.on_alerts == (OnAlert(Severity.PAGE, Then.HOLD, TIER),)
    assert found.fitted({"tier": "1"}).on_page is Then.HOLD
    assert found.fitted({"tier": "2"}).on_page is Then.CAUTION


def test_the_short_forms_say_the_same_as_the_steps() -> None:
    short = policy("thresholds: [{left: 25%, then: hold}], onPage: freeze, onTicket: caution")
    long = policy(
        "steps: [{when: {left: 25%}, then: hold}, {when: {alert: page}, then: freeze}, "
        "{when: {alert: ticket}, then: caution}]"
    )
    assert short.thresholds == long.thresholds
    assert (short.on_page, short.on_ticket) == (long.on_page, long.on_ticket)


def test_no_steps_at_all_mean_that_nothing_follows() -> None:
    found = policy("steps: []")
    assert found.thresholds == ()
    assert (found.on_page, found.on_ticket) == (Then.WARN, Then.WARN)


def test_what_is_milder_than_a_freeze_may_begin_above_where_a_freeze_thaws() -> None:
    found = policy(
        "steps: [{when: {left: 50%}, then: caution}, {when: {left: 0%}, then: freeze}], "
        "thaw: {left: 10%}"
    )
    assert found.thaw.left == Fraction(1, 10)

"""Thaw has its own threshold and dwell time; nothing flaps (laws 11, 12)."""

from dataclasses import replace
from datetime import timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.decide.episode import Standing
from bot.decide.freeze import Effect, Freeze, Origin
from bot.decide.people import BURNBAN
from bot.decide.policy import Policy, Thaw, Then, Threshold
from bot.decide.scope import Reach, Scope
from bot.decide.thaw import (
    Step,
    all_well,
    has_passed,
    next_step,
    recovered,
    recovering,
    rule_for,
    shared_rule,
)
from bot.judge.burn import Severity
from bot.judge.verdict import Code, Kind, Reason, Verdict
from tests.builders import HOUR, MINUTE, NOON, burn, verdict, when

NOW = when(NOON)
RULE = Thaw()  # 10 % left, burn below 1, for an hour
PATIENCE = 4 * MINUTE
FREEZE = Freeze(
    1,
    Scope(Reach.SERVICE, "ranker"),
    "budget spent",
    Origin.POLICY,
    BURNBAN,
    NOW - timedelta(days=1),
    cause="ranker/availability",
)
CALM = (burn(5 * MINUTE, "0.2"), burn(HOUR, "0.9"), burn(6 * HOUR, "30"))
WELL = verdict(left="0.2", burns=CALM)


def cooling_since(seconds: int) -> Freeze:
    return replace(FREEZE, recovering_since=NOW - timedelta(seconds=seconds))


def test_recovered_is_more_than_enough_left_and_nothing_burning() -> None:
    assert recovered(WELL, RULE)


@pytest.mark.parametrize(("left", "enough"), [("0.1", False), ("0.100001", True), ("-0.2", False)])
def test_exactly_the_threshold_left_is_not_enough(left: str, enough: bool) -> None:
    assert recovered(verdict(left=left, burns=CALM), RULE) is enough


def test_without_traffic_in_the_window_nothing_has_recovered() -> None:
    assert not recovered(verdict(left=None, burns=CALM), RULE)


@pytest.mark.parametrize(("rate", "calm"), [("0.99999", True), ("1", False), (None, True)])
def test_a_burn_at_the_limit_is_no_recovery_and_no_traffic_is_no_burn(
    rate: str | None, calm: bool
) -> None:
    assert recovered(replace(WELL, burns=(burn(5 * MINUTE, rate),)), RULE) is calm


def test_windows_longer_than_the_dwell_time_still_hold_the_fire_and_do_not_count() -> None:
    short = replace(RULE, dwell=30 * MINUTE)
    fire = (burn(5 * MINUTE, "0.2"), burn(HOUR, "8"))
    assert recovered(replace(WELL, burns=fire), short)
    assert not recovered(replace(WELL, burns=fire), RULE)


def test_at_least_the_shortest_window_counts() -> None:
    at_once = replace(RULE, dwell=0)
    assert not recovered(replace(WELL, burns=(burn(5 * MINUTE, "2"),)), at_once)
    assert recovered(replace(WELL, burns=(burn(5 * MINUTE, "0"), burn(HOUR, "8"))), at_once)
    assert recovered(replace(WELL, burns=()), at_once)


def test_a_window_seen_too_little_is_no_proof_of_recovery() -> None:
    assert not recovered(replace(WELL, burns=(burn(5 * MINUTE, "0", coverage="0.8"),)), RULE)


def test_recovery_starts_the_dwell_time() -> None:
    assert next_step(FREEZE, WELL, RULE, NOW, PATIENCE) is Step.START_COOLING


def test_without_a_dwell_time_recovery_thaws() -> None:
    assert next_step(FREEZE, WELL, replace(RULE, dwell=0), NOW, PATIENCE) is Step.THAW


def test_it_thaws_when_the_dwell_time_is_over_and_not_a_second_before() -> None:
    assert next_step(cooling_since(HOUR - 1), WELL, RULE, NOW, PATIENCE) is Step.HOLD
    assert next_step(cooling_since(HOUR), WELL, RULE, NOW, PATIENCE) is Step.THAW


ILL = verdict(Kind.EXHAUSTED, left="0", burns=CALM)
FAULT = (Reason(Code.SOURCE_FAULT, "timed out"),)
BLIND = replace(WELL, kind=Kind.UNKNOWN, reasons=FAULT, as_of=NOW - timedelta(minutes=1))
LOST = replace(BLIND, as_of=NOW - timedelta(seconds=PATIENCE + 1))
NEVER = replace(BLIND, as_of=None)
STALE = replace(BLIND, reasons=(Reason(Code.STALE, "nothing was observed"),))
DOUBT = replace(ILL, kind=Kind.UNKNOWN, reasons=(Reason(Code.FEW_EVENTS, "may be chance"),))


@pytest.mark.parametrize("bad", [ILL, BLIND, LOST, NEVER, STALE, DOUBT])
def test_no_recovery_and_no_knowledge_hold_the_freeze(bad: Verdict) -> None:
    assert next_step(FREEZE, bad, RULE, NOW, PATIENCE) is Step.HOLD


@pytest.mark.parametrize("bad", [ILL, LOST, NEVER, STALE, DOUBT])
def test_a_relapse_or_a_long_silence_starts_the_dwell_time_anew(bad: Verdict) -> None:
    assert next_step(cooling_since(2 * HOUR), bad, RULE, NOW, PATIENCE) is Step.RELAPSE


@pytest.mark.parametrize("code", [Code.SOURCE_FAULT, Code.LOW_COVERAGE])
def test_a_poll_that_saw_nothing_stops_the_clock_and_does_not_set_it_back(code: Code) -> None:
    blink = replace(BLIND, reasons=(Reason(code, ""),), as_of=NOW - timedelta(seconds=PATIENCE))
    assert next_step(cooling_since(2 * HOUR), blink, RULE, NOW, PATIENCE) is Step.WAIT


@given(st.lists(st.sampled_from(["well", "ill", "blind"]), max_size=200), st.integers(0, 40))
def test_it_thaws_only_after_an_unbroken_dwell_of_seen_recovery(
    looks: list[str], dwell_minutes: int
) -> None:
    rule = replace(RULE, dwell=dwell_minutes * MINUTE)
    states = {"well": WELL, "ill": ILL, "blind": BLIND}
    freeze, now, unbroken = FREEZE, NOW, 0
    for look in looks:
        seen = replace(states[look], as_of=now)
        step = next_step(freeze, seen, rule, now, PATIENCE)
        unbroken = {"well": unbroken + 1, "ill": 0, "blind": unbroken}[look]
        assert (step is Step.THAW) is (look == "well" and unbroken > dwell_minutes)
        if step is Step.THAW:
            return
        if step is Step.START_COOLING:
            freeze = replace(freeze, recovering_since=now)
        if step is Step.WAIT:
            assert freeze.recovering_since is not None
            later = freeze.recovering_since + timedelta(minutes=1)
            freeze = replace(freeze, recovering_since=later)
        if step is Step.RELAPSE:
            freeze = replace(freeze, recovering_since=None)
        now += timedelta(minutes=1)


STEPS = Policy(
    "p",
    "v1",
    thresholds=(
        Threshold(Fraction(1, 2), Then.CAUTION),
        Threshold(Fraction(1, 4), Then.HOLD),
        Threshold(Fraction(95, 100), Then.HOLD, labels=frozenset({("tier", "1")})),
        Threshold(Fraction(0), Then.FREEZE),
    ),
)


@pytest.mark.parametrize(
    ("effect", "left"),
    [(Effect.FREEZE, "0.1"), (Effect.CAUTION, "0.55"), (Effect.HOLD, "0.975")],
)
def test_what_is_milder_than_a_freeze_thaws_by_a_margin_above_where_it_begins(
    effect: Effect, left: str
) -> None:
    assert rule_for(STEPS, effect) == replace(STEPS.thaw, left=Fraction(left))


def test_what_a_burn_alert_set_thaws_as_a_freeze_does() -> None:
    assert rule_for(replace(STEPS, thresholds=()), Effect.HOLD) == STEPS.thaw


def test_a_higher_thaw_of_the_policy_counts_for_all() -> None:
    high = replace(STEPS, thaw=Thaw(left=Fraction(8, 10)))
    assert rule_for(high, Effect.CAUTION).left == Fraction(8, 10)


def test_of_several_causes_the_longest_time_counts() -> None:
    slow = replace(STEPS, thaw=Thaw(dwell=HOUR, cooling=HOUR))
    assert shared_rule(FREEZE, STEPS, [slow]) == replace(STEPS.thaw, cooling=HOUR)
    assert shared_rule(FREEZE, slow, [STEPS]) == slow.thaw
    assert shared_rule(FREEZE, STEPS, []) == STEPS.thaw


def test_only_what_is_known_and_unspent_counts_as_well() -> None:
    assert all_well([])
    assert all_well([Kind.HEALTHY, Kind.BURNING])
    for held in (None, Kind.UNKNOWN, Kind.EXHAUSTED):
        assert not all_well([Kind.HEALTHY, held])


def test_a_look_moves_the_beginning_of_the_recovery() -> None:
    since = NOW - timedelta(seconds=HOUR)
    cooling = cooling_since(HOUR)
    assert recovering(Step.START_COOLING, FREEZE, NOW, MINUTE) == NOW
    assert recovering(Step.RELAPSE, cooling, NOW, MINUTE) is None
    assert recovering(Step.HOLD, cooling, NOW, MINUTE) == since
    assert recovering(Step.THAW, cooling, NOW, MINUTE) == since
    assert recovering(Step.WAIT, cooling, NOW, MINUTE) == since + timedelta(seconds=MINUTE)
    assert recovering(Step.WAIT, cooling, NOW, 2 * HOUR) == NOW


ASKS = Policy("p", "v", thresholds=(Threshold(Fraction(0), Then.REQUEST_FREEZE),))
TICKETS = verdict(Kind.BURNING, fires=Severity.TICKET).firing
CALMED = Standing("ranker/availability")


def test_a_cause_has_passed_once_the_freeze_would_thaw() -> None:
    assert has_passed(CALMED, ASKS, WELL)


@pytest.mark.parametrize(
    "seen",
    [
        verdict(Kind.UNKNOWN, left="0.2", burns=CALM),
        verdict(left="0.1", burns=CALM),
        verdict(left="0.2", burns=(burn(5 * MINUTE, "1"),)),
    ],
)
def test_what_is_not_known_too_little_or_burning_has_not_passed(seen: Verdict) -> None:
    assert not has_passed(CALMED, ASKS, seen)


def test_a_threshold_that_is_not_left_behind_has_not_passed() -> None:
    low = replace(CALMED, passed=frozenset({Fraction(0)}))
    assert not has_passed(low, ASKS, WELL)
    assert has_passed(low, replace(ASKS, thresholds=()), WELL)


def test_an_alert_that_leads_to_a_freeze_has_not_passed_and_one_that_only_warns_has() -> None:
    slow = replace(WELL, kind=Kind.BURNING, firing=TICKETS)
    assert has_passed(CALMED, replace(ASKS, on_page=Then.REQUEST_FREEZE), slow)
    assert not has_passed(CALMED, replace(ASKS, on_ticket=Then.REQUEST_FREEZE), slow)

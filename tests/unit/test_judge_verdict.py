"""Verdicts: what is said of an objective, on what ground, and when nothing can be said."""

from dataclasses import replace
from datetime import datetime
from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bot.judge.burn import BurnAlert, Severity
from bot.judge.ledger import Balances, Slice
from bot.judge.objective import Objective
from bot.judge.verdict import Code, Kind, Verdict, instants, judge
from tests.builders import (
    DAY,
    HOUR,
    MINUTE,
    NOON,
    Part,
    account,
    calendar,
    objective,
    rolling,
    slices,
    story,
    when,
)

ONE = objective(target="0.99", window=rolling(30))
WORSE = [Kind.HEALTHY, Kind.UNKNOWN, Kind.BURNING, Kind.EXHAUSTED]
"""From best to worst; unknown is no praise."""


def verdict_on(one: Objective, *parts: Part, late: int = 0, fault: str = "") -> Verdict:
    """The verdict on the account that these parts leave, `late` seconds after their end."""
    balances = story(*parts)
    return judge(one, balances, balances.first.at, when(NOON + late), fault)


def of(*parts: Part, late: int = 0, fault: str = "") -> Verdict:
    """The same on 99 % over 30 days."""
    return verdict_on(ONE, *parts, late=late, fault=fault)


def codes(verdict: Verdict) -> list[Code]:
    return [reason.code for reason in verdict.reasons]


def test_within_the_budget_and_quiet_is_healthy() -> None:
    verdict = of(Part(30 * DAY, 100, 0.5))
    assert (verdict.kind, codes(verdict)) == (Kind.HEALTHY, [Code.WITHIN_BUDGET])
    assert verdict.severity is None
    assert verdict.left == verdict.remaining == Fraction(1, 2)
    assert verdict.as_of == when(NOON)
    assert verdict.reasons[0].text == "21,600 of 4,320,000 events were bad, within the budget"


def test_a_burn_at_the_threshold_pages() -> None:
    verdict = of(Part(30 * DAY, 1_000), Part(HOUR, 1_000, 144))
    assert (verdict.kind, verdict.severity) == (Kind.BURNING, Severity.PAGE)
    assert codes(verdict) == [Code.BURN_ALERT]
    assert verdict.reasons[0].text == "burn 14.4 over 1 h and 14.4 over 5 min (threshold 14.4)"
    assert verdict.exhausts_in == 30 * DAY * 10 // 144 * 98 // 100


def test_a_slow_burn_is_a_ticket() -> None:
    verdict = of(Part(27 * DAY, 100), Part(3 * DAY, 100, 1))
    assert (verdict.kind, verdict.severity) == (Kind.BURNING, Severity.TICKET)


def test_the_loudest_alert_gives_the_severity() -> None:
    verdict = of(Part(29 * DAY, 100), Part(DAY, 100, 20))
    assert {found.alert.severity for found in verdict.firing} == {Severity.PAGE, Severity.TICKET}
    assert verdict.severity is Severity.PAGE


def test_a_spent_budget_is_exhausted_whether_it_burns_or_not() -> None:
    calm = of(Part(10 * DAY, 100, 3), Part(20 * DAY, 100))
    assert (calm.kind, calm.severity, codes(calm)) == (
        Kind.EXHAUSTED,
        Severity.PAGE,
        [Code.BUDGET_SPENT],
    )
    assert calm.exhausts_in is None
    burning = of(Part(10 * DAY, 100, 3), Part(20 * DAY, 100, 30))
    assert burning.kind is Kind.EXHAUSTED
    assert codes(burning)[:2] == [Code.BUDGET_SPENT, Code.BURN_ALERT]
    assert burning.exhausts_in == 0


def test_a_budget_spent_to_the_last_event_is_exhausted() -> None:
    assert of(Part(30 * DAY, 100, 1)).kind is Kind.EXHAUSTED
    assert of(Part(30 * DAY, 100, 0.999999)).kind is not Kind.EXHAUSTED


def test_few_bad_events_over_the_budget_prove_nothing() -> None:
    verdict = of(Part(29 * DAY, 0), Part(DAY, 0.1, 0.0125))  # 18 of 144: no proof of a burn
    assert verdict.kind is Kind.EXHAUSTED
    verdict = of(Part(29 * DAY, 0), Part(DAY, 0.1, 2 / 1_440))  # 2 of 144, 1.44 allowed
    assert (verdict.kind, codes(verdict)) == (Kind.UNKNOWN, [Code.FEW_EVENTS])


def test_zero_traffic_is_no_traffic_and_not_healthy() -> None:
    verdict = of(Part(30 * DAY, 0))
    assert (verdict.kind, codes(verdict)) == (Kind.UNKNOWN, [Code.NO_TRAFFIC])
    assert (verdict.remaining, verdict.left) == (None, None)


def test_one_good_event_is_traffic() -> None:
    assert of(Part(30 * DAY, 0), Part(MINUTE, 1)).kind is Kind.HEALTHY


def test_an_empty_last_hour_after_a_busy_month_is_healthy() -> None:
    verdict = of(Part(30 * DAY - HOUR, 100), Part(HOUR, 0))
    assert verdict.kind is Kind.HEALTHY
    assert verdict.burns[0].rate is None


NIGHT = (Part(30 * DAY, 1_000), Part(3 * HOUR, 9), Part(20 * MINUTE, 9, 9))
"""A thousand a minute, nine at night, all of them bad in the end: 180 of about 430,000 allowed."""


def test_a_total_outage_by_night_spends_what_it_spends_and_not_what_it_would_by_day() -> None:
    verdict = of(*NIGHT)
    assert verdict.severity is Severity.PAGE
    assert verdict.allowed is not None
    (page, *_) = verdict.firing
    assert verdict.share_of(page.long.spend) == 180 / verdict.allowed
    assert verdict.exhausts_in is None, "nine bad events a minute fill no budget of 430,000"


def test_the_time_left_is_what_is_left_over_the_pace_of_the_bad_events() -> None:
    verdict = verdict_on(objective(target="0.999"), *NIGHT)
    assert verdict.allowed is not None
    assert verdict.exhausts_in == (verdict.allowed - 180) * 60 // 9
    assert 3 * DAY < verdict.exhausts_in < 4 * DAY


def test_what_was_spent_of_last_months_budget_is_no_share_of_this_ones() -> None:
    month = objective(target="0.99", window=calendar())
    until = int(datetime.fromisoformat("2026-04-01T00:20+00:00").timestamp())
    some = story(Part(30 * DAY, 100), Part(2 * HOUR, 100, 50), until=until)
    verdict = judge(month, some, some.first.at, when(until))
    assert verdict.spend is not None
    assert verdict.allowed is not None
    (page, *_) = (f for f in verdict.firing if f.alert.long == HOUR)
    assert (page.long.spend.bad, verdict.spend.bad) == (3_000, 1_000)
    assert verdict.share_of(page.long.spend) == 1_000 / verdict.allowed


def test_of_nothing_nothing_is_a_share() -> None:
    nothing = judge(ONE, None, 0, when(NOON))
    idle = of(Part(30 * DAY, 0))
    some = of(Part(30 * DAY, 100, 0.5)).spend
    assert some is not None
    assert nothing.share_of(some) is None
    assert idle.share_of(some) is None


def test_nothing_counted_yet_is_unknown() -> None:
    verdict = judge(ONE, None, 0, when(NOON))
    assert (verdict.kind, codes(verdict), verdict.as_of) == (Kind.UNKNOWN, [Code.NO_DATA], None)
    assert (verdict.left, verdict.coverage) == (None, 0)


def test_a_fault_of_the_source_is_the_reason() -> None:
    verdict = judge(ONE, None, 0, when(NOON), "connection refused")
    assert [(r.code, r.text) for r in verdict.reasons] == [
        (Code.SOURCE_FAULT, "connection refused")
    ]
    verdict = of(Part(30 * DAY, 100, 90), fault="timed out after 10 s")
    assert (verdict.kind, codes(verdict)) == (Kind.UNKNOWN, [Code.SOURCE_FAULT])
    assert verdict.severity is None
    assert verdict.firing != ()


def test_a_last_row_older_than_three_polls_is_stale() -> None:
    assert of(Part(30 * DAY, 100), late=3 * MINUTE + 60).kind is Kind.HEALTHY
    verdict = of(Part(30 * DAY, 100, 90), late=3 * MINUTE + 61)
    assert (verdict.kind, codes(verdict)) == (Kind.UNKNOWN, [Code.STALE])
    assert "4 min old" in verdict.reasons[0].text


def test_three_polls_without_an_observed_slice_are_stale() -> None:
    assert of(Part(30 * DAY, 100), Part(2 * MINUTE, None)).kind is Kind.HEALTHY
    verdict = of(Part(30 * DAY, 100), Part(3 * MINUTE, None))
    assert (verdict.kind, codes(verdict)) == (Kind.UNKNOWN, [Code.STALE])


@pytest.mark.parametrize(("seen", "kind"), [(27, Kind.HEALTHY), (26, Kind.UNKNOWN)])
def test_below_nine_tenths_of_the_window_nothing_is_known(seen: int, kind: Kind) -> None:
    verdict = of(Part((seen - 20) * DAY, 100), Part((30 - seen) * DAY, None), Part(20 * DAY, 100))
    assert verdict.kind is kind
    assert verdict.coverage == Fraction(seen, 30)
    assert (Code.LOW_COVERAGE in codes(verdict)) is (kind is Kind.UNKNOWN)


def test_a_share_below_nine_tenths_never_reads_as_ninety_percent() -> None:
    missing = 3 * DAY + HOUR
    verdict = of(Part(HOUR, 1), Part(missing, None), Part(27 * DAY - 2 * HOUR, 1))
    assert "only 89.8 % of the budget window" in verdict.reasons[0].text


def test_a_burn_alert_speaks_though_little_of_the_budget_window_was_seen() -> None:
    verdict = of(Part(10 * DAY, 100), Part(10 * DAY, None), Part(10 * DAY, 100, 90))
    assert verdict.kind is Kind.BURNING
    assert not verdict.has_spent(Fraction(1, 100))


def test_exhausted_is_said_only_of_a_window_that_was_seen() -> None:
    verdict = of(Part(10 * DAY, 100, 90), Part(10 * DAY, None), Part(10 * DAY, 100))
    assert (verdict.kind, codes(verdict)) == (Kind.UNKNOWN, [Code.LOW_COVERAGE])


def test_a_gap_that_may_hide_an_alert_is_unknown() -> None:
    verdict = of(Part(30 * DAY, 100), Part(40 * MINUTE, None), Part(20 * MINUTE, 100, 20))
    assert (verdict.kind, codes(verdict)) == (Kind.UNKNOWN, [Code.LOW_COVERAGE])
    assert "of the last 30 min was observed" in verdict.reasons[0].text


def test_a_lost_minute_hides_nothing_when_the_hour_is_calm() -> None:
    verdict = of(Part(30 * DAY, 100), Part(MINUTE, None), Part(2 * MINUTE, 100))
    assert verdict.kind is Kind.HEALTHY


def test_a_young_account_is_judged_by_its_projection_and_says_so() -> None:
    verdict = of(Part(6 * HOUR, 1_000, 9))
    assert (verdict.kind, codes(verdict)) == (Kind.HEALTHY, [Code.WITHIN_BUDGET, Code.YOUNG])
    assert verdict.remaining == Fraction(1, 10)
    assert verdict.left == verdict.projected == 1 - Fraction(9, 10) / 120
    assert "only the last 6 h of the budget window" in verdict.reasons[1].text


def test_a_young_account_that_burns_is_warned_of_at_once() -> None:
    assert of(Part(5 * MINUTE, 1_000, 200)).severity is Severity.PAGE


def test_a_young_month_is_not_exhausted_by_its_first_bad_hour() -> None:
    month = objective(target="0.99", window=calendar())
    until = int(datetime.fromisoformat("2026-03-01T03:00+00:00").timestamp())
    balances = story(Part(40 * DAY, 100), Part(3 * HOUR, 100, 2), until=until)
    verdict = judge(month, balances, balances.first.at, when(until))
    assert verdict.remaining == -1
    assert verdict.left == 1 - Fraction(2 * 3, 31 * 24)
    assert verdict.kind is Kind.HEALTHY
    assert codes(verdict) == [Code.WITHIN_BUDGET]


def test_an_objective_without_alerts_is_judged_by_its_budget_alone() -> None:
    bare = replace(ONE, alerts=())
    assert verdict_on(bare, Part(30 * DAY, 100, 0.5)).kind is Kind.HEALTHY
    assert verdict_on(bare, Part(30 * DAY, 100, 1)).kind is Kind.EXHAUSTED


def test_windows_are_told_shortest_first() -> None:
    spans = [burn.seconds for burn in of(Part(30 * DAY, 100)).burns]
    assert spans == [5 * MINUTE, 30 * MINUTE, HOUR, 6 * HOUR, 3 * DAY]


@pytest.mark.parametrize(
    ("bad", "share", "spent"),
    [
        (0.75, "0.75", True),
        (0.75, "0.750001", False),
        (0.74999, "0.75", False),
        (1, "1", True),
        (2, "1", True),
        (0, "0", True),
        (0, "0.01", False),
    ],
)
def test_a_share_of_the_budget_is_spent_exactly_when_it_is(
    bad: float, share: str, spent: bool
) -> None:
    assert of(Part(30 * DAY, 100, bad)).has_spent(Fraction(share)) is spent


def test_a_share_of_the_budget_spent_by_few_events_is_not_certain() -> None:
    verdict = of(Part(29 * DAY, 0), Part(DAY, 0.1, 2 / 1_440))
    assert verdict.left is not None
    assert verdict.left < 0
    assert not verdict.has_spent(Fraction(3, 4))


def test_of_an_account_without_rows_no_share_is_spent() -> None:
    assert not judge(ONE, None, 0, when(NOON)).has_spent(Fraction(0))


# What holds for every account.

counts = st.one_of(
    st.none(),
    st.tuples(st.integers(0, 2_000), st.sampled_from([0.0, 0.001, 0.01, 0.02, 0.144, 0.5, 1.0])),
)
lengths = st.sampled_from([MINUTE, 5 * MINUTE, 30 * MINUTE, HOUR, 6 * HOUR, DAY, 9 * DAY])


@st.composite
def pieces(draw: st.DrawFn) -> list[Slice]:
    """Some weeks or minutes of an account that ends at noon."""
    parts = []
    for _ in range(draw(st.integers(1, 6))):
        found, length = draw(counts), draw(lengths)
        if found is None:
            parts.append(Part(length, None))
        else:  # whole events, for those are exact
            parts.append(Part(length, found[0], round(found[0] * found[1])))
    return slices(*parts)


objectives = st.builds(
    objective,
    target=st.sampled_from(["0.9", "0.99", "0.999"]),
    window=st.sampled_from([rolling(1), rolling(7), rolling(30), calendar()]),
)


def conclude(one: Objective, balances: Balances) -> Verdict:
    return judge(one, balances, balances.first.at, when(NOON))


@given(objectives, pieces(), st.data())
def test_more_bad_events_never_make_a_verdict_better(
    one: Objective, some: list[Slice], data: st.DataObject
) -> None:
    seen = [index for index, piece in enumerate(some) if piece.observed]
    if not seen:
        return
    index = data.draw(st.sampled_from(seen))
    more = data.draw(st.integers(1, 5_000))
    old = some[index]
    turned = replace(old, bad=min(old.eligible, old.bad + more))
    added = replace(old, bad=old.bad + more, eligible=old.eligible + more)
    before = conclude(one, account(some))
    for new in (turned, added):
        after = conclude(one, account([*some[:index], new, *some[index + 1 :]]))
        if before.kind is Kind.UNKNOWN and Code.NO_TRAFFIC in codes(before):
            continue  # the first events end the silence
        assert WORSE.index(after.kind) >= WORSE.index(before.kind)


@given(objectives, pieces())
def test_what_went_lately_and_what_is_left_are_together_never_more_than_the_budget(
    one: Objective, some: list[Slice]
) -> None:
    assume(any(piece.observed for piece in some))
    verdict = conclude(one, account(some))
    for burn in verdict.burns:
        share = verdict.share_of(burn.spend)
        if share is None or verdict.left is None or verdict.spend is None or not verdict.allowed:
            continue
        older = max(Fraction(0), Fraction(verdict.spend.bad) - Fraction(burn.spend.bad))
        assert share >= 0
        assert share + verdict.left == 1 - older / verdict.allowed


@given(objectives, pieces())
def test_a_verdict_is_quiet_about_what_was_not_seen(one: Objective, some: list[Slice]) -> None:
    balances = account(some) if any(piece.observed for piece in some) else None
    if balances is None:
        return
    verdict = conclude(one, balances)
    assert verdict.reasons
    assert (verdict.severity is None) is (verdict.kind in (Kind.HEALTHY, Kind.UNKNOWN))
    if verdict.coverage < Fraction(9, 10):
        assert verdict.kind in (Kind.UNKNOWN, Kind.BURNING)
        assert not verdict.has_spent(Fraction(0))
    if verdict.kind is Kind.HEALTHY:
        assert verdict.left is not None
        assert verdict.left > 0
        assert verdict.firing == ()
    if verdict.kind is Kind.BURNING:
        for found in verdict.firing:
            assert min(found.long.coverage, found.short.coverage) >= Fraction(9, 10)
    if verdict.kind is not Kind.UNKNOWN:
        assert verdict.has_spent(Fraction(1)) is (verdict.kind is Kind.EXHAUSTED)


@given(objectives, pieces())
def test_the_rows_at_the_named_instants_are_all_that_a_verdict_needs(
    one: Objective, some: list[Slice]
) -> None:
    if not any(piece.observed for piece in some):
        return
    whole = account(some)
    rows = {whole.at(at) for at in (whole.first.at, *instants(one, whole.last.at))}
    few = Balances(sorted(rows, key=lambda row: row.at))
    assert conclude(one, few) == conclude(one, whole)


def test_an_alert_of_a_policy_has_its_own_windows_asked_for() -> None:
    slow = BurnAlert(Fraction(1, 2), 2 * DAY, HOUR, Severity.TICKET)
    asked = instants(replace(ONE, alerts=(slow,)), NOON)
    assert asked == [NOON - s for s in (30 * DAY, 2 * DAY, HOUR, 3 * MINUTE, 0)]

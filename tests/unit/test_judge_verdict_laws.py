"""Verdicts: what holds for every account."""

from dataclasses import replace
from fractions import Fraction

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
    when,
)
from tests.unit.judging import ONE, codes

WORSE = [Kind.HEALTHY, Kind.UNKNOWN, Kind.BURNING, Kind.EXHAUSTED]
"""From best to worst; unknown is no praise."""

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

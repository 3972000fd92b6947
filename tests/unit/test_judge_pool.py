"""Undecided batches wait and decide together; a slow bleed cannot hide among them."""

from fractions import Fraction
from math import sqrt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import combine_pvalues

from bot.judge.batch import Form, Requirement, Ruling, Sample, rule
from bot.judge.indicator import Op
from bot.judge.ledger import Slice
from bot.judge.maturity import needed
from bot.judge.pool import Pool, merged, settle, slices

ACCURACY = Requirement(Op.GTE, Fraction("0.94"), Form.SHARE)
DRIFT = Requirement(Op.LT, Fraction("0.1"), minimum=200)
P = Requirement(Op.GTE, Fraction("0.05"), Form.P_VALUE, minimum=100)


def batches(*right: int, n: int = 50, tool: str = "") -> list[Sample]:
    return [Sample(60 * k, r / n, n, tool=tool) for k, r in enumerate(right, 1)]


@st.composite
def runs(draw: st.DrawFn) -> list[Sample]:
    """Batches of any sizes and qualities, by two tools."""
    found = []
    for k in range(draw(st.integers(1, 40))):
        n = draw(st.sampled_from([1, 20, 50, 100, 500, 3_000]))
        right = draw(st.integers(n * 8 // 10, n))
        found.append(Sample(60 * (k + 1), right / n, n, tool=draw(st.sampled_from("ab"))))
    return found


def shares(charged: list[Slice]) -> tuple[float, float]:
    """Bad and good slices, as shares of all."""
    bad, eligible = sum(s.bad for s in charged), sum(s.eligible for s in charged)
    return bad / len(charged), (eligible - bad) / len(charged)


def test_what_is_undecided_is_not_charged() -> None:
    settled = settle(batches(46), ACCURACY)
    assert settled.decided == ()
    assert [(p.since, p.waiting) for p in settled.pools] == [(60, 1)]
    assert slices(settled, batches(46), 60) == [Slice(60, 0, 0, 60)]


def test_undecided_neighbours_are_charged_together_at_the_slice_that_decides() -> None:
    run = batches(46, 46, 46, 46, 46, 46, 46, 46)  # 92 %: needs 382 samples
    settled = settle(run, ACCURACY)
    (found,) = settled.decided
    assert (found.at, found.since, found.slices, found.bad) == (480, 60, 8, 8)
    assert (found.evidence.n, found.evidence.value) == (400, pytest.approx(0.92))
    assert slices(settled, run, 60) == [
        *(Slice(60 * k, 0, 0, 60) for k in range(1, 8)),
        Slice(480, 8, 8, 60),
    ]


def test_a_batch_that_is_decided_by_itself_does_not_wait() -> None:
    settled = settle(batches(880, n=1_000), ACCURACY)
    assert [(d.slices, d.bad, d.since) for d in settled.decided] == [(1, 1, 60)]
    assert settled.pools == ()


def test_a_decided_batch_is_charged_alone_and_is_evidence_for_those_that_wait() -> None:
    run = [*batches(46, 46), Sample(180, 0.88, 1_000)]
    settled = settle(run, ACCURACY)
    assert [(d.at, d.since, d.slices, d.bad) for d in settled.decided] == [
        (180, 180, 1, 1),
        (180, 60, 2, 2),
    ]
    assert slices(settled, run, 60)[-1] == Slice(180, 3, 3, 60)


def test_a_decided_batch_may_leave_the_pool_undecided() -> None:
    settled = settle([*batches(46, 46), Sample(180, 1.0, 60)], ACCURACY)
    assert [(d.ruling, d.slices) for d in settled.decided] == [(Ruling.GOOD, 1)]
    assert [(p.waiting, p.evidence.n) for p in settled.pools] == [(2, 160)]


def test_batches_without_samples_are_passed_over() -> None:
    run = [*batches(46), Sample(120, 0.0, 0)]
    settled = settle(run, ACCURACY)
    assert settled == settle(batches(46), ACCURACY)
    assert [s.at for s in slices(settled, run, 60)] == [60]


def test_another_tool_or_metric_is_never_pooled_with_its_neighbour() -> None:
    one, other = batches(46, tool="a")[0], batches(46, tool="b")[0]
    third = Sample(60, 0.92, 50, metric="f1")
    bounded = Sample(60, 0.92, 50, 0.85, 0.97, tool="a")
    found = settle([one, other, third, bounded] * 4, ACCURACY)
    assert {p.evidence.kin: (p.waiting, p.evidence.n) for p in found.pools} == {
        sample.kin: (4, 200) for sample in (one, other, third, bounded)
    }


def test_a_change_of_tool_does_not_stop_the_clock_of_the_first() -> None:
    run = [s for pair in zip(batches(*[46] * 8, tool="a"), batches(*[50] * 8, tool="b"),
                             strict=True) for s in pair]  # fmt: skip
    ruled = {(d.evidence.tool, d.ruling) for d in settle(run, ACCURACY).decided}
    assert ruled == {("a", Ruling.BAD), ("b", Ruling.GOOD)}


@given(runs())
def test_every_slice_is_charged_once_or_still_waits(run: list[Sample]) -> None:
    settled = settle(run, ACCURACY)
    waiting = sum(pool.waiting for pool in settled.pools)
    assert sum(s.eligible for s in slices(settled, run, 60)) + waiting == len(run)


@given(runs(), st.integers(0, 40))
def test_in_parts_or_at_once_the_outcome_is_the_same(run: list[Sample], cut: int) -> None:
    first = settle(run[:cut], ACCURACY)
    second = settle(run[cut:], ACCURACY, first.pools)
    whole = settle(run, ACCURACY)
    assert first.decided + second.decided == whole.decided
    assert set(second.pools) == set(whole.pools)


@given(runs())
def test_no_pool_is_let_off_whose_own_counts_miss_the_target(run: list[Sample]) -> None:
    for found in settle(run, ACCURACY).decided:
        meets = ACCURACY.met_by(found.evidence.value)
        assert meets is (found.ruling is Ruling.GOOD)


@given(runs())
def test_no_pool_outgrows_the_size_at_which_its_interval_is_narrow(run: list[Sample]) -> None:
    for pool in settle(run, ACCURACY).pools:
        assert rule(pool.evidence, ACCURACY) is Ruling.UNDECIDED
        assert pool.evidence.n <= needed(0.85, ACCURACY) + needed(0.94, ACCURACY)


@given(st.sampled_from([0.935, 0.93, 0.92, 0.9, 0.85, 0.5]), st.integers(5, 400))
def test_a_steady_bleed_is_charged_in_full_once_there_are_samples_enough(
    value: float, n: int
) -> None:
    enough = -(-needed(value, ACCURACY) // n)  # batches until it is proven
    settled = settle([Sample(k, value, n) for k in range(1, enough + 1)], ACCURACY)
    assert settled.pools == ()
    assert {d.ruling for d in settled.decided} == {Ruling.BAD}
    assert sum(d.bad for d in settled.decided) == enough


@pytest.mark.parametrize("n", [30, 100, 300])
def test_a_slow_bleed_cannot_hide_in_batches_too_small_to_prove_it(n: int) -> None:
    chance = np.random.default_rng(n)
    run = batches(*chance.binomial(n, 0.92, 3_000).tolist(), n=n)
    bad, good = shares(slices(settle(run, ACCURACY), run, 60))
    assert bad >= 0.95
    assert good <= 0.02


def test_one_point_better_than_the_target_is_seldom_charged_pooled_or_not() -> None:
    run = batches(*np.random.default_rng(5).binomial(100, 0.95, 6_000).tolist(), n=100)
    bad, good = shares(slices(settle(run, ACCURACY), run, 60))
    assert bad <= 0.05
    assert good >= 0.94


def test_drift_of_few_samples_is_pooled_until_they_are_enough() -> None:
    run = [Sample(60, 0.3, 50), Sample(120, 0.2, 100), Sample(180, 0.02, 50)]
    (found,) = settle(run, DRIFT).decided
    assert (found.slices, found.ruling) == (3, Ruling.BAD)
    assert found.evidence.value == pytest.approx((0.3 * 50 + 0.2 * 100 + 0.02 * 50) / 200)


def test_rmse_is_pooled_as_the_root_of_the_mean_square() -> None:
    rmse = Form.ROOT_MEAN_SQUARE
    errors = np.random.default_rng(2).normal(0, 3, 90)
    parts = [Sample(60, sqrt(np.mean(part**2)), len(part)) for part in (errors[:20], errors[20:])]
    found = merged(*parts, rmse)
    assert (found.n, found.value) == (90, pytest.approx(sqrt(np.mean(errors**2))))
    assert (found.low, found.high) == (None, None)


def test_intervals_of_the_tool_narrow_as_those_of_independent_samples_do() -> None:
    one, other = Sample(60, 0.9, 100, 0.8, 0.95), Sample(120, 0.8, 300, 0.76, 0.84)
    found = merged(one, other, Form.MEAN)
    assert (found.at, found.value) == (120, pytest.approx(0.825))
    assert found.low == pytest.approx(0.825 - sqrt(0.025**2 + 0.03**2))
    assert found.high == pytest.approx(0.825 + sqrt(0.0125**2 + 0.03**2))


def test_pooled_intervals_of_rmse_hold_what_is_true() -> None:
    chance = np.random.default_rng(9)
    hits = 0
    for _ in range(400):
        found = [_measured(chance.normal(0, 2, n)) for n in (60, 120, 40)]
        pool = merged(merged(found[0], found[1], Form.ROOT_MEAN_SQUARE), found[2],
                      Form.ROOT_MEAN_SQUARE)  # fmt: skip
        assert pool.low is not None
        assert pool.high is not None
        hits += pool.low <= 2 <= pool.high
    assert hits / 400 == pytest.approx(0.9, abs=0.04)


def _measured(errors: np.ndarray) -> Sample:
    """RMSE with a 90 % interval by the normal approximation of the squares."""
    squares = errors**2
    mean, half = squares.mean(), 1.645 * squares.std(ddof=1) / sqrt(len(squares))
    low, high = sqrt(max(0.0, mean - half)), sqrt(mean + half)
    return Sample(60, sqrt(mean), len(squares), low, high)


def test_auc_is_pooled_by_the_smaller_classes() -> None:
    found = merged(Sample(60, 0.9, 1_000, smaller=30), Sample(120, 0.7, 500, smaller=10), Form.RANK)
    assert (found.n, found.smaller) == (1_500, 40)
    assert found.value == pytest.approx(0.85)


@given(st.lists(st.tuples(st.floats(0.001, 0.999), st.integers(1, 500)), min_size=2, max_size=6))
def test_p_values_are_pooled_by_stouffers_sum(tests: list[tuple[float, int]]) -> None:
    first, *others = [Sample(60, p, n) for p, n in tests]
    for other in others:
        first = merged(first, other, Form.P_VALUE)
    wanted = combine_pvalues(
        [p for p, _ in tests], method="stouffer", weights=[sqrt(n) for _, n in tests]
    )
    assert first.value == pytest.approx(wanted.pvalue, abs=1e-9)


def test_a_drift_that_no_single_test_proves_is_proven_together() -> None:
    (found,) = settle([Sample(60 * k, 0.15, 20) for k in range(1, 6)], P).decided
    assert (found.slices, found.ruling) == (5, Ruling.BAD)


@pytest.mark.parametrize("printed", [0.0, 1.0])
def test_a_p_value_that_is_printed_as_nought_or_one_does_not_outweigh_all_others(
    printed: float,
) -> None:
    found = merged(Sample(60, printed, 10), Sample(120, 1 - printed, 10), Form.P_VALUE)
    assert found.value == pytest.approx(0.5, abs=0.05)


@given(runs(), st.randoms(use_true_random=False))
def test_the_order_in_which_batches_come_in_does_not_matter(run: list[Sample], chance) -> None:
    mixed = list(run)
    chance.shuffle(mixed)
    assert settle(mixed, ACCURACY) == settle(run, ACCURACY)


def test_a_pool_is_handed_on() -> None:
    waiting = Pool(60, 7, Sample(420, 0.92, 350))
    (found,) = settle([Sample(480, 0.92, 50)], ACCURACY, [waiting]).decided
    assert (found.since, found.slices, found.bad) == (60, 8, 8)

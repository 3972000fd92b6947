"""Evidence against a release: valid at every look, exact in counts, silent without a control."""

from math import exp, inf, log

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import logsumexp
from scipy.stats import binom

from bot.judge.canary import RATIOS, Advice, Look, advice, evidence

LOOKS = 60
RUNS = 200


@st.composite
def looks(draw: st.DrawFn) -> Look:
    """Any look, of one event or of millions."""
    total, total0 = draw(st.integers(1, 10_000_000)), draw(st.integers(1, 10_000_000))
    return Look(draw(st.integers(0, total)), total, draw(st.integers(0, total0)), total0)


def by_definition(found: list[Look]) -> float:
    """ln E as the likelihood of each failure falling to the release: scipy's binomial."""
    terms = []
    for ratio in np.geomspace(1.1, 10, 24):
        term = 0.0
        for bad, total, bad0, total0 in found:
            share = total / (total + total0)
            tilted = share * ratio / (share * ratio + 1 - share)
            n = bad + bad0
            term += binom.logpmf(bad, n, tilted) - binom.logpmf(bad, n, share)
        terms.append(term)
    return float(logsumexp(terms) - log(24))


def fired(rate: float, rate0: float, arm: int, *, seed: int) -> tuple[float, float]:
    """Share of runs in which a rollback was advised at any of the looks (every look is asked), and
    the median look of those."""
    chance = np.random.default_rng(seed)
    bad = chance.binomial(arm, rate, (RUNS, LOOKS)).cumsum(axis=1).tolist()
    bad0 = chance.binomial(arm, rate0, (RUNS, LOOKS)).cumsum(axis=1).tolist()
    first = []
    for run, run0 in zip(bad, bad0, strict=True):
        for k, (b, b0) in enumerate(zip(run, run0, strict=True), 1):
            # the arms have equal shares at every look: the sum of the looks is one look
            if advice("42", "41", [Look(b, k * arm, b0, k * arm)]).advice is Advice.ROLL_BACK:
                first.append(k)
                break
    return len(first) / RUNS, float(np.median(first)) if first else inf


def test_the_ratios_are_log_spaced_from_a_tenth_more_to_ten_times() -> None:
    assert pytest.approx(np.geomspace(1.1, 10, 24)) == RATIOS


@given(st.lists(looks(), min_size=1, max_size=5))
def test_e_is_the_mean_likelihood_ratio_of_the_binomials(found: list[Look]) -> None:
    assert evidence(found).log_e == pytest.approx(by_definition(found), rel=1e-6, abs=1e-3)


@given(st.integers(1, 40), st.integers(1, 40), st.integers(0, 30))
def test_if_both_fail_alike_e_is_one_on_average(total: int, total0: int, bad: int) -> None:
    share = total / (total + total0)
    bad = min(bad, total, total0)
    mean = sum(
        binom.pmf(k, bad, share) * evidence([Look(k, total, bad - k, total0)]).e
        for k in range(bad + 1)
    )
    assert mean == pytest.approx(1)


@pytest.mark.parametrize("arm", [20, 200, 2_000])
def test_looking_sixty_times_at_equals_seldom_blames_the_release(arm: int) -> None:
    assert fired(0.005, 0.005, arm, seed=arm)[0] <= 0.05


def test_an_outage_of_both_blames_the_release_no_more_than_chance() -> None:
    assert fired(0.25, 0.25, 100, seed=11)[0] <= 0.05


@pytest.mark.parametrize(
    ("arm", "times", "least", "by"),
    [(200, 2, 0.90, 30), (2_000, 2, 0.99, 5), (20, 4, 0.75, 45), (20, 10, 0.99, 12)],
)
def test_a_worse_release_is_found_out(arm: int, times: int, least: float, by: float) -> None:
    power, median = fired(0.005 * times, 0.005, arm, seed=arm + times)
    assert power >= least
    assert median <= by


@given(st.lists(looks(), min_size=1, max_size=4))
def test_the_order_of_the_looks_does_not_matter(found: list[Look]) -> None:
    there, back = evidence(found), evidence(found[::-1])
    assert back.log_e == pytest.approx(there.log_e, rel=1e-9, abs=1e-9)
    assert (back.b1, back.n1, back.b0, back.n0) == (there.b1, there.n1, there.b0, there.n0)


@given(looks())
def test_one_more_failure_of_the_release_never_lowers_e(look: Look) -> None:
    bad, total, bad0, total0 = look
    worse = Look(min(bad + 1, total), total, bad0, total0)
    assert evidence([worse]).log_e >= evidence([look]).log_e


@given(looks())
def test_one_more_failure_of_the_other_never_raises_e(look: Look) -> None:
    bad, total, bad0, total0 = look
    worse = Look(bad, total, min(bad0 + 1, total0), total0)
    assert evidence([worse]).log_e <= evidence([look]).log_e


def test_without_failures_there_is_no_evidence_either_way() -> None:
    assert evidence([Look(0, 1_000_000, 0, 9_000_000)]).e == 1


def test_millions_of_failures_are_no_overflow() -> None:
    found = advice("42", "41", [Look(5_000_000, 10_000_000, 1_000, 10_000_000)])
    assert found.advice is Advice.ROLL_BACK
    assert found.evidence.e == inf
    assert found.sentence.startswith("More than 1,000,000 : 1 evidence that 42 fails more than 41")


def test_a_release_that_is_far_better_is_no_underflow() -> None:
    found = advice("42", "41", [Look(0, 10_000_000, 5_000_000, 10_000_000)])
    assert found.advice is Advice.WAIT
    assert 0 <= found.evidence.e < 1e-100


def test_what_served_alone_proves_nothing() -> None:
    both = [Look(2, 400, 3, 3_900)]
    found = evidence([*both, Look(90, 100, 0, 0), Look(0, 0, 7, 900)])
    assert (found.log_e, found.alone) == (evidence(both).log_e, 100)
    assert (found.b1, found.n1, found.b0, found.n0) == (2, 400, 3, 3_900)


@pytest.mark.parametrize(
    "found", [[], [Look(90, 100, 0, 0)], [Look(9, 10, 0, 0), Look(0, 0, 1, 5)]]
)
def test_without_one_beside_it_advice_is_withheld(found: list[Look]) -> None:
    assert advice("42", "41", found).advice is Advice.WITHHELD
    assert advice("42", "41", found).sentence == (
        "No advice on 42: no other version served beside it, so a fault of what they all need "
        "would look like its own. Keep the old version on part of the traffic to compare."
    )


def test_a_growing_share_of_traffic_is_no_evidence() -> None:
    # 1 % of both fail throughout; added up over the ramp the release would look no worse or better
    ramp = [Look(k * 1.0, k * 100.0, (20 - k) * 1.0, (20 - k) * 100.0) for k in range(1, 20)]
    assert evidence(ramp).e < 1


def test_the_advice_cites_the_evidence_and_both_counts() -> None:
    found = advice("42", "41", [Look(6, 400, 11, 3_900)])
    assert found.advice is Advice.ROLL_BACK
    assert int(exp(by_definition([Look(6, 400, 11, 3_900)]))) == 37
    assert found.sentence == (
        "37 : 1 evidence that 42 fails more than 41: 6 of 400 against 11 of 3,900. "
        "Advice: roll back to 41."
    )


def test_evidence_that_is_not_enough_says_what_would_be() -> None:
    found = advice("42", "41", [Look(3, 400, 12, 3_900)])
    assert found.advice is Advice.WAIT
    assert found.sentence == (
        "1.3 : 1 evidence that 42 fails more than 41: 3 of 400 against 12 of 3,900. "
        "Not enough yet to roll back (20 : 1 is)."
    )


def test_no_evidence_is_said_as_such() -> None:
    found = advice("42", "41", [Look(1, 400, 10, 3_900)])
    assert found.advice is Advice.WAIT
    assert found.sentence == (
        "Nothing says so far that 42 fails more than 41: 1 of 400 against 10 of 3,900."
    )


def test_a_team_may_ask_for_more_evidence() -> None:
    looks = [Look(6, 400, 11, 3_900)]
    assert advice("42", "41", looks, enough=100).advice is Advice.WAIT


@pytest.mark.parametrize(
    ("look", "words"),
    [
        (Look(11, 10, 0, 10), "11 bad events of 10 of the release"),
        (Look(-1, 10, 0, 10), "-1 bad events of 10 of the release"),
        (Look(0, 10, 11, 10), "11 bad events of 10 of the one beside it"),
        (Look(float("nan"), 10, 0, 10), "nan bad events"),
    ],
)
def test_counts_that_cannot_be_are_refused(look: Look, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        evidence([look])

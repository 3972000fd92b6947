"""An estimate without labels speaks only with its record, and loses its voice when that is bad."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.judge.track import RECENT, Chunk, Record, Trust, record

CAR_LOAN = [
    (0.9371, 0.9422), (0.9394, 0.9422), (0.9404, 0.9502), (0.9400, 0.9436), (0.9407, 0.9410),
    (0.9008, 0.9146), (0.9026, 0.9156), (0.9012, 0.9144), (0.9062, 0.9224), (0.9021, 0.9122),
]  # fmt: skip
CALIFORNIA = [
    (0.6984, 0.8167), (0.5379, 0.8362), (0.6850, 0.5298), (0.6603, 0.4301), (0.5748, 0.4678),
    (0.6576, 0.4265), (0.6258, 0.5140), (0.6304, 0.5747), (0.6904, 0.6513), (0.7017, 0.6391),
]  # fmt: skip
"""Estimated and realised accuracy of ten chunks of data sets that come with NannyML; estimated from
probabilities calibrated by twenty bins of the reference."""


def chunks(pairs: list[tuple[float, float]]) -> list[Chunk]:
    return [Chunk(k, estimate, realised) for k, (estimate, realised) in enumerate(pairs)]


def test_the_two_data_sets_are_off_by_what_they_are_known_for() -> None:
    errors = [[abs(e - r) for e, r in pairs] for pairs in (CAR_LOAN, CALIFORNIA)]
    assert [sum(e) / len(e) for e in errors] == pytest.approx([0.009, 0.141], abs=0.0005)
    assert [max(e) for e in errors] == pytest.approx([0.016, 0.298], abs=0.0005)


@pytest.mark.parametrize("known", range(RECENT, 11))
def test_car_loan_keeps_its_voice(known: int) -> None:
    assert record(chunks(CAR_LOAN[:known])).trust is Trust.TRUSTED


@pytest.mark.parametrize("known", range(1, 11))
def test_california_loses_its_voice_within_two_matured_chunks_for_good(known: int) -> None:
    assert record(chunks(CALIFORNIA[:known])).trust is Trust.REFUTED


def test_a_good_year_does_not_outweigh_a_bad_week() -> None:
    past = CAR_LOAN * 30
    assert record(chunks(past)).trust is Trust.TRUSTED
    assert record(chunks([*past, CALIFORNIA[0]])).trust is Trust.REFUTED


def test_a_voice_comes_back_when_the_newest_chunks_are_right() -> None:
    assert record(chunks(CALIFORNIA + CAR_LOAN[:RECENT])).trust is Trust.TRUSTED


def test_too_few_chunks_are_no_record_even_if_they_fit() -> None:
    assert record(chunks(CAR_LOAN[: RECENT - 1])).trust is Trust.UNPROVEN


def test_what_has_no_labels_yet_counts_neither_way() -> None:
    waiting = [Chunk(99, 0.1), Chunk(100, 0.2)]
    assert record([*chunks(CAR_LOAN), *waiting]) == record(chunks(CAR_LOAN))
    assert record(waiting) == Record(0, None, None, 0.02, Trust.UNPROVEN)


def test_a_mean_error_equal_to_the_tolerance_is_trusted() -> None:
    fives = [(0.75, 0.5)] * RECENT
    assert record(chunks(fives), tolerance=0.25).trust is Trust.TRUSTED
    assert record(chunks(fives), tolerance=0.2499).trust is Trust.REFUTED


def test_a_team_declares_what_it_tolerates() -> None:
    assert record(chunks(CALIFORNIA), tolerance=0.25).trust is Trust.TRUSTED
    assert record(chunks(CAR_LOAN), tolerance=0.005).trust is Trust.REFUTED


shares = st.integers(0, 1_000).map(lambda n: n / 1_000)


@given(st.lists(st.tuples(shares, shares), min_size=1, max_size=RECENT - 1))
def test_refuted_early_is_what_even_perfect_chunks_could_not_mend(
    pairs: list[tuple[float, float]],
) -> None:
    early = record(chunks(pairs)).trust
    mended = record(chunks(pairs + [(0.5, 0.5)] * (RECENT - len(pairs)))).trust
    assert (early is Trust.REFUTED) is (mended is Trust.REFUTED)


@given(st.lists(st.tuples(shares, shares), max_size=12), st.randoms(use_true_random=False))
def test_chunks_count_by_their_time_and_not_as_they_come(
    pairs: list[tuple[float, float]], chance
) -> None:
    found = chunks(pairs)
    mixed = list(found)
    chance.shuffle(mixed)
    assert record(mixed) == record(found)


def test_the_figure_is_never_shown_without_its_record() -> None:
    assert record(chunks(CAR_LOAN)).sentence("CBPE", 0.9217) == (
        "CBPE estimates 92.2 %; over its last 5 chunks with labels it was off by 1.3 pp on "
        "average, 1.6 pp at most. An estimate is no count: it stops no release."
    )


def test_an_estimate_that_is_not_trusted_is_not_shown_at_all() -> None:
    found = record(chunks(CALIFORNIA[:2])).sentence("CBPE", 0.66)
    assert found == (
        "CBPE is not trusted here: over its last 2 chunks with labels it was off by 20.8 pp on "
        "average, 29.8 pp at most (2.0 pp are tolerated). Wait for the labels."
    )
    assert "66" not in found


def test_an_estimate_without_any_record_is_not_shown_either() -> None:
    assert record([]).sentence("CBPE", 0.66) == (
        "CBPE has an estimate, but no record yet: none of its chunks has its labels. "
        "Nothing rests on it."
    )


def test_a_short_record_is_called_short() -> None:
    assert record(chunks(CAR_LOAN[:1])).sentence("CBPE", 0.94) == (
        "CBPE estimates 94.0 %; over its last 1 chunk with labels it was off by 0.5 pp on average, "
        "0.5 pp at most. That is too short a record to trust (5 chunks are needed)."
    )

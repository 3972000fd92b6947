"""What people read of a batch: the score, what it rests on, what is still needed."""

from fractions import Fraction

import pytest

from bot.judge.batch import Form, Requirement, Sample
from bot.judge.batch_words import sentence
from bot.judge.indicator import Op

ACCURACY = Requirement(Op.GTE, Fraction("0.94"), Form.SHARE)
PSI = Requirement(Op.LT, Fraction("0.1"), minimum=200)


def test_an_undecided_batch_says_how_many_samples_decide() -> None:
    assert sentence(Sample(0, 0.92, 50, metric="accuracy"), ACCURACY) == (
        "accuracy 0.92 of 50 samples: undecided (at least 0.94 is required; with so many samples "
        "it may be 0.833 to 0.964). It counts neither way yet, and is judged with its neighbours: "
        "at this score 382 samples decide."
    )


def test_a_bad_batch_says_how_bad_it_surely_is() -> None:
    assert sentence(Sample(0, 0.88, 1_000, metric="accuracy"), ACCURACY) == (
        "accuracy 0.88 of 1,000 samples: bad (at least 0.94 is required; with so many samples it "
        "may be 0.862 to 0.896)."
    )


def test_a_score_without_an_interval_names_its_minimum() -> None:
    assert sentence(Sample(0, 0.3, 1, metric="psi"), PSI) == (
        "psi 0.3 of 1 sample: undecided (below 0.1 is required). It counts neither way yet, and is "
        "judged with its neighbours: at this score 200 samples decide."
    )
    assert (
        sentence(Sample(0, 0.3, 200), PSI)
        == "score 0.3 of 200 samples: bad (below 0.1 is required)."
    )


@pytest.mark.parametrize(
    "sample", [Sample(0, 0.92, 50, 0.9, 0.96), Sample(0, 0.92, 5_000, smaller=50)]
)
def test_no_number_of_samples_is_promised_that_the_score_alone_does_not_tell(
    sample: Sample,
) -> None:
    found = sentence(sample, Requirement(Op.GTE, Fraction("0.94"), Form.RANK))
    assert found.endswith("It counts neither way yet, and is judged with its neighbours.")

"""A trade-off in the terminal."""

import io

from rich.console import Console

from bot.entrypoints.terminal_tradeoff import print_tradeoff
from tests.unit.samples.common import Facts
from tests.unit.samples.tradeoff import ACCEPTED, REJECTED, SERVING, UNWEIGHED


def lines(facts: Facts) -> list[str]:
    out = io.StringIO()
    print_tradeoff(Console(file=out, width=400), facts)
    return out.getvalue().splitlines()


def test_the_answer_comes_with_its_evidence_and_decides_nothing() -> None:
    said = lines(ACCEPTED)
    assert said[0].startswith("ranker 38, against 37: Accept: every budget can afford it.")
    assert said[1].startswith("  Answers without error: 70 of 100,000 bad with 38")
    assert said[2] == "  Right answers: given by hand: 1.5 points fewer bad (1.3 to 1.7)"
    assert said[3] == "  not weighed: Drift: it counts neither requests nor answers"
    assert said[-1] == (
        "By the team's policy 10 % of every budget must be left, and one lost request costs as "
        "much as 1 wrong answer. This is advice: nothing was decided."
    )


def test_a_price_of_several_answers_is_told_as_several() -> None:
    assert "costs as much as 40 wrong answers. This" in lines({**ACCEPTED, "price": 40.0})[-1]


def test_with_one_side_alone_it_says_that_only_the_cost_was_weighed() -> None:
    assert lines(REJECTED)[1] == (
        "Only what it costs was weighed: nothing tells how right its answers are."
    )


def test_without_anything_measured_it_says_what_to_do() -> None:
    said = lines(UNWEIGHED)
    assert said[0] == "ranker 38: nothing can be weighed yet."
    assert said[-1].startswith("Next: let it serve beside the version before it and tell Burnban")
    assert "burnban released ranker 38 share 10%" in said[-1]
    assert said[-1].endswith(f": burnban tradeoff ranker 38 {UNWEIGHED['by_hand']}.")


def test_where_no_objective_can_be_given_by_hand_none_is_proposed() -> None:
    said = lines({**UNWEIGHED, "by_hand": ""})
    assert said[-1].endswith("(burnban released ranker 38 share 10%).")


def test_a_release_that_fails_more_and_is_worth_it_is_told_both() -> None:
    both, _, rejected, _, back = SERVING
    assert lines(both)[1] == (
        "It fails more than 37: the evidence is 2,651 : 1; that counts failures alone, and by the "
        "team's price what it brings is worth them."
    )
    assert lines(rejected)[1] == "It fails more than 37: the evidence is 34 : 1."
    assert lines(back)[1] == "It fails more than 37: the evidence is more than 1,000,000 : 1."
    assert not any("fails more" in line for line in lines(ACCEPTED))

"""What a lost request costs, and what a release must leave, as a BudgetPolicy says it."""

from fractions import Fraction

import pytest

from bot.decide.policy import DEFAULT
from bot.spec.stated import values_of
from tests.unit.specs.kit import document, faults, read, slo


def test_a_team_says_what_a_lost_request_costs_and_what_must_be_left() -> None:
    said = document("BudgetPolicy", "default", "{tradeoff: {requestCosts: 40, reserve: 20%}}")
    policy = read(slo(), said).policies["default"]
    assert (policy.request_price, policy.reserve) == (40, Fraction(1, 5))
    values = dict(values_of(policy))
    assert (values["tradeoff.requestCosts"], values["tradeoff.reserve"]) == ("40", "20%")


def test_without_a_word_the_most_right_answers_count_and_a_tenth_is_kept() -> None:
    assert (DEFAULT.request_price, DEFAULT.reserve) == (1, Fraction(1, 10))


@pytest.mark.parametrize("said", ["{requestCosts: 0}", "{reserve: 100%}", "{price: 2}"])
def test_what_makes_no_sense_is_refused_naming_the_field(said: str) -> None:
    found = faults(slo(), document("BudgetPolicy", "default", f"{{tradeoff: {said}}}"))
    assert "spec.tradeoff." in str(found)

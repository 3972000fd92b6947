"""Trade-offs in words that a tired on-call understands."""

from dataclasses import replace
from fractions import Fraction

from bot.judge.outlook_words import weighed
from bot.judge.stake import Change, Loss, Ruling, Stake
from bot.judge.tradeoff import weigh
from tests.builders import DAY, HOUR, NOON


def change(expected: str, spread: str, measured: int | None = None) -> Change:
    middle, half = Fraction(expected) / 100, Fraction(spread) / 100
    return Change(middle, middle - half, middle + half, measured)


def stakes(
    failures: Change, wrong: Change, path: tuple[tuple[int, float], ...] = ()
) -> list[Stake]:
    """The worked example: 99.9 % available, 92 % right, 714,286 requests to go."""
    events = Fraction(714_286)
    lost, base = Loss.REQUEST, Fraction(5, 10_000)
    return [
        Stake(
            "availability",
            lost,
            Fraction("0.45"),
            Fraction(2_000),
            base,
            events,
            failures,
            path=path,
        ),
        Stake("accuracy", Loss.ANSWER, Fraction(1, 2), Fraction(160_000), base, events, wrong),
    ]


BETTER = change("-1.5", "0.2")


def test_an_acceptance_says_what_is_traded_and_what_it_costs() -> None:
    assert weighed(weigh(stakes(change("0.02", "0.01"), BETTER))) == (
        "Accept: every budget can afford it. It saves 10,714 wrong answers for 143 lost requests: "
        "75 wrong answers per request. availability: 45.0 % left now, less 7.1 % for this "
        "release (3.6 % to 10.7 %) and 17.9 % that goes anyway until then: 20.0 % would be left "
        "(16.4 % to 23.6 %)."
    )


def test_a_release_that_only_helps_costs_nothing() -> None:
    said = weighed(weigh(stakes(change("-0.02", "0.01"), BETTER)))
    assert said == "Accept: every budget can afford it."


def test_a_rejection_names_the_budget_and_the_date() -> None:
    dear = change("0.06", "0.01")
    said = weighed(weigh(stakes(dear, BETTER, ((NOON + DAY + 1, 0.9),))))
    assert said == (
        "Reject: the budget of availability cannot afford it. availability: 45.0 % left now, less "
        "21.4 % for this release (17.9 % to 25.0 %) and 17.9 % that goes anyway until then: 5.7 % "
        "would be left (2.1 % to 9.3 %). It saves 10,714 wrong answers "
        "for 429 lost requests: 25 wrong answers per request. Affordable again from about "
        "Tue 3 Mar 2026, 13:00 UTC if nothing new happens."
    )
    assert weighed(weigh(stakes(dear, BETTER))).endswith(
        "It does not become affordable as far as can be seen: make it fail less first."
    )


def test_what_is_held_says_how_much_is_missing() -> None:
    said = weighed(weigh(stakes(change("0.04", "0.05", 1_000), BETTER)))
    assert said.startswith(
        "Hold: too little was measured to say whether the budget of availability can afford it. "
        "availability: 45.0 % left now, less 14.3 % for this release (−3.6 % to 32.1 %)"
    )
    assert said.endswith("About 39,000 more requests through the canary would tell.")
    assert weighed(weigh(stakes(change("0.04", "0.05"), BETTER))).endswith("then ask again.")


def test_a_release_that_costs_more_than_it_brings_says_the_price() -> None:
    found = weigh(stakes(change("0.02", "0.01"), BETTER), price=Fraction(100))
    assert weighed(found) == (
        "Reject: it costs more than it brings. It saves 10,714 wrong answers for 143 lost "
        "requests: 75 wrong answers per request. Your price of a lost request is 100 wrong "
        "answers. availability: 45.0 % left now, less 7.1 % for this release (3.6 % to 10.7 %) and "
        "17.9 % that goes anyway until then: 20.0 % would be left (16.4 % to 23.6 %)."
    )


def test_each_budget_that_pays_is_told_that_which_decides_first() -> None:
    said = weighed(weigh(stakes(change("0.06", "0.01"), change("0.1", "0.01"), ()), Fraction(-9)))
    first, second = (said.index(f"{name}: ") for name in ("availability", "accuracy"))
    assert 0 < first < second
    swapped = stakes(change("0.06", "0.01"), change("0.1", "0.01"))[::-1]
    said = weighed(weigh(swapped, Fraction(-9)))
    assert said.index("availability: 45") < said.index("accuracy: 50")


def test_what_is_held_says_what_is_traded_as_well() -> None:
    said = weighed(weigh(stakes(change("0.04", "0.05", 1_000), BETTER)))
    assert "It saves 10,714 wrong answers for 286 lost requests: 38 wrong answers per" in said


def test_requests_saved_for_wrong_answers_are_told_the_other_way_round() -> None:
    found = weigh(stakes(change("-0.02", "0.01"), change("0.05", "0.01")))
    assert "It saves 143 lost requests for 357 wrong answers: 2.5 wrong answers" in weighed(found)


def test_a_release_that_helps_nobody_is_told_so() -> None:
    assert weighed(weigh(stakes(change("0.02", "0"), change("0.1", "0")))) == (
        "Reject: it costs more than it brings. Nothing that is counted here gets better by it. "
        "availability: 45.0 % left now, less 7.1 % for this release and 17.9 % "
        "that goes anyway until then: 20.0 % would be left. accuracy: 50.0 % left "
        "now, less 0.4 % for this release and 0.2 % that goes anyway until then: "
        "49.3 % would be left."
    )


def test_no_cost_is_told_without_a_sign() -> None:
    found = weigh(stakes(change("-0.000001", "0.01"), BETTER))
    assert "less 0.0 % for this release" in weighed(found)


def test_objectives_are_called_as_people_call_them() -> None:
    titles = {"availability": "Requests that succeed"}
    dear = weighed(weigh(stakes(change("0.06", "0.01"), BETTER)), titles=titles)
    assert dear.startswith(
        "Reject: the budget of “Requests that succeed” cannot afford it. “Requests that succeed”: "
    )
    assert weighed(weigh(stakes(change("0.06", "0.01"), BETTER)), titles={}).startswith(
        "Reject: the budget of availability cannot afford it. availability: "
    )


def test_one_of_anything_is_told_as_one() -> None:
    few = weigh(stakes(change("0.02", "0"), change("-0.00014", "0")), price=Fraction(0))
    assert "It saves 1 wrong answer for 143 lost requests" in weighed(few)


def test_never_more_than_a_whole_budget_is_left() -> None:
    found = weigh(
        [
            replace(one, left=Fraction(1), rate=Fraction(0))
            for one in stakes(change("0.01", "0.03"), BETTER)
        ]
    )
    assert max(cost.left_high for cost in found.costs) == 1
    assert "100.0 %)" in weighed(found)


def test_what_goes_anyway_names_its_time_and_is_left_out_where_nothing_does() -> None:
    timed = [replace(one, seconds=6 * HOUR) for one in stakes(change("0.02", "0.01"), BETTER)]
    assert "and 17.9 % that goes anyway in the next 6 h: 20.0 %" in weighed(weigh(timed))
    clean = [replace(one, rate=Fraction(0)) for one in timed]
    assert "for this release (3.6 % to 10.7 %): 37.9 % would be left" in weighed(weigh(clean))


def test_an_overdraft_is_told_in_percent_and_an_absurd_one_in_times() -> None:
    short = weighed(weigh(stakes(change("0.2", "0.01"), BETTER)))
    assert "less 71.4 % for this release" in short
    assert "it would be overspent by 44.3 %." in short
    absurd = weighed(weigh(stakes(change("30", "0.1"), BETTER)))
    assert "less 107 budgets for this release (107 budgets to 108 budgets)" in absurd
    assert "it would be overspent 107 times." in absurd
    gone = [replace(one, left=Fraction(-3, 10)) for one in stakes(change("0.2", "0.01"), BETTER)]
    assert "availability: overspent by 30.0 % now, less" in weighed(weigh(gone))


def test_a_budget_that_is_not_known_affords_nothing_for_certain() -> None:
    why = "the newest counts are 20 min old, and no poll failed"
    known = stakes(change("0.02", "0.01"), BETTER)
    found = weigh([replace(known[0], unknown=why), known[1]])
    assert found.ruling is Ruling.HOLD
    assert found.needed is None
    said = weighed(found)
    assert said.startswith(
        f"Hold: whether the budget of availability can afford it nobody can tell: {why}. "
    )
    assert said.endswith("Ask again once it is known.")
    harmless = stakes(change("-0.02", "0.01"), BETTER)
    assert weigh([replace(harmless[0], unknown=why), harmless[1]]).ruling is Ruling.ACCEPT


def test_what_is_traded_says_over_what_time() -> None:
    timed = [replace(one, seconds=7 * DAY) for one in stakes(change("0.02", "0.01"), BETTER)]
    said = weighed(weigh([timed[0], replace(timed[1], seconds=28 * DAY)]))
    assert "saves 10,714 wrong answers for 143 lost requests in the next 7 d: 75 wrong" in said


def test_a_time_that_the_next_release_ends_is_told_as_such() -> None:
    soon = [
        replace(one, seconds=6 * HOUR, replaced=True)
        for one in stakes(change("0.02", "0.01"), BETTER)
    ]
    assert (
        "17.9 % that goes anyway in the next 6 h (the usual time to the next release): 20.0 %"
    ) in weighed(weigh(soon))


def test_what_is_proven_to_fail_more_and_not_worth_it_is_to_go_back_whatever_is_open() -> None:
    found = weigh(stakes(change("0.04", "0.05", 1_000), BETTER))
    assert found.ruling is Ruling.HOLD
    said = weighed(found, back=True)
    assert said.startswith(
        "Roll back: that it fails more is proven. Whether its budgets could bear that is still "
        "open; that is no reason to wait. It saves 10,714 wrong answers"
    )
    assert "through the canary" not in said
    affordable = weigh(stakes(change("0.02", "0.01"), BETTER)[:1], Fraction(0))
    assert affordable.ruling is Ruling.ACCEPT
    assert weighed(affordable, back=True).startswith(
        "Roll back: that it fails more is proven. The budgets can afford it, but nothing shows "
        "that it brings anything for that. availability: 45.0 %"
    )

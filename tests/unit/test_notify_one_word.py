"""One word for one thing, in whichever message it stands."""

import pytest

from tests.unit.rendered import RENDERER, read
from tests.unit.samples.freezes import FREEZES
from tests.unit.samples.releases import RELEASES
from tests.unit.samples.warning import BURN, DETAILS, SUSPECT, TAKEN_BACK


@pytest.mark.parametrize(
    ("total", "stopped", "said"),
    [
        (1, 0, "1 freeze stands, not in force now"),
        (1, 1, "1 freeze stands, in force"),
        (3, 0, "3 freezes stand, none of them in force now"),
        (3, 2, "3 freezes stand, 2 of them in force"),
        (3, 3, "3 freezes stand, all of them in force"),
    ],
)
def test_how_many_freezes_are_in_force_is_said_as_people_say_it(
    total: int, stopped: int, said: str
) -> None:
    row = {**FREEZES["rows"][0], "more": 0}
    facts = {**FREEZES, "filter": "all", "rows": [row] * total, "hidden": 0, "stopped": stopped}
    assert RENDERER.message("freezes", facts).text == f"{said}."


def test_a_release_that_was_only_announced_is_not_said_to_serve() -> None:
    beside = [{"version": "40", "sure": False, "presumed": True}]
    said = read(
        RENDERER.message("burn_warning", {**BURN, "suspect": {**TAKEN_BACK, "beside": beside}})
    )
    assert "; 40 (only announced): no more than usual" in said
    assert "40 serves now" not in said
    told = [{**beside[0], "presumed": False}]
    said = read(
        RENDERER.message("burn_warning", {**BURN, "suspect": {**TAKEN_BACK, "beside": told}})
    )
    assert "; 40 serves now: no more than usual" in said
    said = read(
        RENDERER.message("burn_warning", {**BURN, "suspect": {**SUSPECT, "presumed": True}})
    )
    assert "*38*, announced <!date^" in said
    assert "live since" not in said


def test_a_release_that_another_followed_is_replaced_in_every_list() -> None:
    rows = [{**RELEASES["rows"][0], "live": False, "ended": 1_772_539_200, "end": "succeeded"}]
    assert ", replaced" in read(RENDERER.message("releases", {**RELEASES, "rows": rows}))


def test_a_dialog_says_in_one_word_at_what_rate_it_warns() -> None:
    said = str(RENDERER.view("details_modal", DETAILS))
    assert "(warns at 13.4)" in said
    assert "threshold" not in said


def test_a_range_of_which_both_ends_read_the_same_is_not_shown() -> None:
    row = RELEASES["rows"][0]
    exact = {**row, "caused": {**row["caused"], "low": 0.3099, "high": 0.3101}}
    said = read(RENDERER.message("releases", {**RELEASES, "rows": [exact]}))
    assert "caused 31\u00a0%" in said
    assert "31\u00a0% to 31\u00a0%" not in said
    assert "22\u00a0% to 40\u00a0%" in read(RENDERER.message("releases", RELEASES))


def test_a_warning_that_is_over_says_how_long_it_stood_not_how_long_the_budget_was_gone() -> None:
    over = {**BURN, "state": "resolved", "peak": "exhausted", "resolved_at": BURN["since"] + 9_000}
    said = read(RENDERER.message("burn_warning", over))
    assert "The warning stood from <!date^" in said
    assert "; at its worst the budget was gone. Now " in said


def test_what_has_calmed_since_its_culprit_ended_is_not_said_to_be_gone_soon() -> None:
    for state in ("burn_warning", "details_modal"):
        facts = BURN if state == "burn_warning" else DETAILS
        burning, calm = ({**facts, "suspect": {**TAKEN_BACK, "calm": one}} for one in (False, True))
        if state == "burn_warning":
            said, calmed = (read(RENDERER.message(state, one)) for one in (burning, calm))
            assert "it is spent no faster than it may. If that stays so" in calmed
        else:
            said, calmed = (str(RENDERER.view(state, one)) for one in (burning, calm))
        assert "t the rate of the last" in said
        assert "t the rate of the last" not in calmed


def test_a_rate_that_reaches_back_before_the_release_is_said_to_do_so() -> None:
    new = {**SUSPECT, "since": BURN["as_of"] - 240}
    said = read(RENDERER.message("burn_warning", {**BURN, "suspect": new}))
    assert "That time began before 38 did: at the rate since then it is gone sooner." in said
    for one in (SUSPECT, {**new, "since": BURN["as_of"] - 300}, {**new, "sure": False}):
        said = read(RENDERER.message("burn_warning", {**BURN, "suspect": one}))
        assert "began before" not in said


def test_a_burn_that_was_not_counted_as_far_as_the_budget_says_up_to_when() -> None:
    behind = {**SUSPECT, "counted": BURN["as_of"] - 60}
    said = read(RENDERER.message("burn_warning", {**BURN, "suspect": behind}))
    assert "it burned 31\u00a0% of the budget up to <!date^" in said
    assert "up to <!date^" not in read(RENDERER.message("burn_warning", BURN))

"""Releases in the terminal."""

import io

from rich.console import Console

from bot.entrypoints.terminal_releases import print_releases
from tests.unit.samples.common import Facts
from tests.unit.samples.releases import BETTER, RELEASES, REST, TRADED


def lines(facts: Facts) -> list[str]:
    out = io.StringIO()
    print_releases(Console(file=out, width=300), facts)
    return out.getvalue().splitlines()


def test_what_a_release_made_better_stands_beside_what_it_burned() -> None:
    (said,) = [line for line in lines({**RELEASES, "rows": [TRADED]}) if "burned" in line]
    other = "better for Right answers: 12.0% bad instead of 18.0%"
    assert f"caused 31.0% of it (22.0% to 40.0%), {other}" in said


def test_what_was_better_than_before_is_told_in_rates_and_saved_no_budgets() -> None:
    (said,) = [line for line in lines({**RELEASES, "rows": [BETTER]}) if "burned" in line]
    assert "(620 of 20,000 bad), better: 0.1% bad instead of 6.0%" in said


def test_a_release_that_the_gate_stopped_is_not_said_never_to_have_asked() -> None:
    row = {**RELEASES["rows"][0], "decision": None, "stopped": 5}
    (said,) = [line for line in lines({**RELEASES, "rows": [row]}) if "burned" in line]
    assert said.endswith("asked the gate and was stopped (decision 5); it went all the same")


def test_what_is_nobody_s_is_left_out_where_it_is_nothing() -> None:
    rests = [REST, {**REST, "burn": 0.0}, {**REST, "burn": -0.000001}]
    said = [line for line in lines({**RELEASES, "unattributed": rests}) if "nobody's" in line]
    assert said == ["nobody's: 4.0% of the budget of Requests that succeed"]


def test_a_range_of_which_both_ends_read_the_same_is_left_out() -> None:
    exact = {**TRADED, "caused": {**TRADED["caused"], "low": 0.3099, "high": 0.3101}}
    (said,) = [line for line in lines({**RELEASES, "rows": [exact]}) if "burned" in line]
    assert "caused 31.0% of it, better" in said

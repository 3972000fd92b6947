"""Releases in the terminal."""

import io

from rich.console import Console

from bot.entrypoints.terminal_releases import print_releases
from tests.unit.samples.common import Facts
from tests.unit.samples.releases import RELEASES, REST, TRADED


def lines(facts: Facts) -> list[str]:
    out = io.StringIO()
    print_releases(Console(file=out, width=300), facts)
    return out.getvalue().splitlines()


def test_what_a_release_saved_of_another_budget_stands_beside_what_it_burned() -> None:
    (said,) = [line for line in lines({**RELEASES, "rows": [TRADED]}) if "burned" in line]
    assert "caused 31.0% of it (22.0% to 40.0%), saved 12.0% of Right answers (8.0% to" in said


def test_what_is_nobody_s_is_left_out_where_it_is_nothing() -> None:
    rests = [REST, {**REST, "burn": 0.0}, {**REST, "burn": -0.000001}]
    said = [line for line in lines({**RELEASES, "unattributed": rests}) if "nobody's" in line]
    assert said == ["nobody's: 4.0% of the budget of Requests that succeed"]

"""Canaries and tasks to retrain in the terminal."""

import io

import pytest
from rich.console import Console

from bot.entrypoints.terminal_models import print_canary, print_tasks
from tests.unit.samples.canary import CANARIES
from tests.unit.samples.common import Facts
from tests.unit.samples.retrain import DRIFT, TASKS


def console() -> tuple[Console, io.StringIO]:
    out = io.StringIO()
    return Console(file=out, width=240, force_terminal=True, color_system=None), out


@pytest.mark.parametrize("facts", CANARIES)
def test_a_canary_says_its_figures_or_why_there_are_none(facts: Facts) -> None:
    shown, out = console()
    print_canary(shown, facts)
    text = out.getvalue()
    if facts["withheld"]:
        assert text.startswith(("No advice on ranker", "Which version of ranker serves"))
        return
    assert "ranker: 38 beside 37 since Tue 3 Mar 2026, 11:30 UTC" in text
    assert text.count("evidence that 38 fails more than 37") == len(facts["rows"])
    assert ("A rollback was advised" in text) is (facts["advised"] is not None)
    assert ("Next: " in text) is (facts["advised"] is None)
    assert ("burnban tradeoff ranker 38" in text) is facts["worth"]


def test_who_is_asked_next_is_what_the_policy_says() -> None:
    said = {}
    for facts in (one for one in CANARIES if not one["withheld"] and one["advised"] is None):
        shown, out = console()
        print_canary(shown, facts)
        said[facts["policy"], facts["proven"]] = out.getvalue().split("Next: ")[1].splitlines()[0]
    assert said["ask", False].startswith("at 20 : 1 the on-call is asked")
    assert said["ask", True].startswith("the on-call is asked within a minute")
    assert said["never", False] == "nobody is asked: the policy says `rollback: never`."
    assert said["never", True].endswith(
        "`rollback: never`; whether it goes back is for you to decide."
    )
    assert said["auto", False] == "at 20 : 1 it is rolled back by itself."
    assert "only watches" in said["watch", True]


def test_every_task_is_a_line_with_its_owner_and_its_evidence() -> None:
    shown, out = console()
    print_tasks(shown, TASKS[0]["rows"])
    lines = out.getvalue().splitlines()
    assert len(lines) == 5
    assert "price, jensen_shannon 0.3124 of 4,000 samples, asked for is at most 0.2" in lines[1]
    assert "210 of 1,200 predictions wrong" in lines[2]
    assert "nobody" in lines[2]
    assert "recovering" in lines[3]
    assert "aylin" in lines[3]
    assert "unknown" in lines[4]


def test_without_tasks_it_says_so_and_a_name_is_no_markup() -> None:
    shown, out = console()
    print_tasks(shown, [])
    assert out.getvalue() == "No task to retrain is open.\n"
    print_tasks(shown, [{**DRIFT, "now": None, "rows": [], "owner_name": "[red]a[/red]\x1b[2J"}])
    assert "[red]a[/red] [2J" in out.getvalue()

"""Adjustments and reports in the terminal."""

import io

from rich.console import Console

from bot.entrypoints.terminal_budgets import print_adjustments, print_report
from tests.unit.samples.adjust import ADJUSTMENTS
from tests.unit.samples.report import ALL_SO_FAR, QUIET, REPORT, UNRECORDED


def console() -> tuple[Console, io.StringIO]:
    out = io.StringIO()
    return Console(file=out, width=200, force_terminal=True, color_system=None), out


def test_every_adjustment_is_a_line_with_its_state_and_its_time() -> None:
    shown, out = console()
    print_adjustments(shown, ADJUSTMENTS["rows"])
    lines = [line.split() for line in out.getvalue().splitlines()]
    assert [line[0] for line in lines[1:]] == ["4", "3", "2", "1"]
    assert lines[1][1:4] == ["to", "come", "ranker/latency"]
    assert "taken out  service ranker" in out.getvalue()
    assert "2 h" in out.getvalue()
    assert "aylin: cloud provider: packets were lost" in out.getvalue()


def test_without_adjustments_it_says_so() -> None:
    shown, out = console()
    print_adjustments(shown, [])
    assert out.getvalue() == "Nothing was ever taken out of these budgets.\n"


def test_a_name_is_no_markup() -> None:
    shown, out = console()
    print_adjustments(shown, [{**ADJUSTMENTS["rows"][0], "reason": "[red]a[/red]\x1b[2J"}])
    assert "[red]a[/red] [2J" in out.getvalue()


def test_a_month_is_told_in_figures() -> None:
    shown, out = console()
    print_report(shown, REPORT)
    assert out.getvalue().splitlines() == [
        "February 2026: team search",
        "  releases           42 releases, 1.4 a day",
        "  failed             12.0% of 41",
        "  to restore         25 min",
        "  commit to release  2 h",
        "forecasts             80 % range held in 31 of 39; off by 4.1% of a budget on average",
        "releases stopped      3 d 16 h",
        "  by hand, freeze: 2 freezes, 2 h 30 min",
        "  by policy, freeze: 3 freezes, 1 d 2 h",
        "  by policy, hold, only watched: 1 freeze, 31 min",
        "  by schedule, freeze: 4 freezes, 2 d 16 h",
        "overrides  kind      asked  granted  used  break-glass",
        "search     bug-fix       4        3     2            0",
        "search     rollback      1        1     1            1",
        "trade-off accept      overrides: 2 asked, 2 granted",
        "trade-off hold        overrides: 1 asked, 0 granted",
        "trade-off reject      overrides: 3 asked, 1 granted",
        "requests decided      11, half within 7 min, nine in ten within 1 h 30 min",
        "expired undecided     2",
        "reviews overdue       1, not done: 1",
        "budget exhausted      ranker/latency (2 times)",
        "budget exhausted      ranker/quality",
        "budget adjustments    1, 0 reversed",
        "advised against       3 releases, 2 rolled back, 1 made way for another",
        "rollbacks approved    1",
        "tasks to retrain      2, 1 taken, 1 started, 1 closed; 1 open",
    ]


def test_a_month_that_is_not_over_says_so() -> None:
    shown, out = console()
    print_report(shown, {**ALL_SO_FAR, "overrides": [], "exhausted": []})
    assert "February 2026 so far: everything" in out.getvalue()
    assert "releases stopped      never" in out.getvalue()
    assert "overrides             none" in out.getvalue()
    assert "requests decided      0\n" in out.getvalue()


def test_of_a_quiet_month_there_is_little_to_say() -> None:
    shown, out = console()
    print_report(shown, QUIET)
    assert len(out.getvalue().splitlines()) == 2


def test_a_month_from_before_the_history_is_not_called_quiet() -> None:
    shown, out = console()
    print_report(shown, UNRECORDED)
    lines = out.getvalue().splitlines()
    (said,) = lines[1:]
    assert said.startswith("No report of this month: the history begins Tue 3 Mar 2026, 12:00 UTC.")


def test_before_anything_was_decided_a_report_says_so_and_what_to_look_at() -> None:
    shown, out = console()
    print_report(shown, {**UNRECORDED, "begins": None})
    (said,) = out.getvalue().splitlines()[1:]
    assert said == "No report yet: nothing has been decided so far. Budgets now: burnban status."

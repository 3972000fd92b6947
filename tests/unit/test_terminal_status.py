"""The budgets in terminals of every width, and in a pipe."""

import io
from typing import Any

import pytest
from rich.console import Console

from bot.entrypoints.terminal_status import print_details, print_status

LONG = {"service": "recommendations-ranker-prod", "objective": "availability-of-predictions"}
HEAD = ("service", "objective", "verdict", "left", "burn", "1h")
WHY = "2.1 % of the budget went in the last hour, 14.4 times what it may lose in that time"


def row(**changes: Any) -> dict[str, Any]:
    plainly: dict[str, Any] = {
        "service": "ranker",
        "objective": "availability",
        "target": 0.999,
        "window": "28d",
        "remaining": 0.4567,
        "burn": {"1h": 14.4},
        "verdict": "burning",
        "severity": "ticket",
        "reasons": [{"code": "burn", "text": WHY}],
        "effect": "",
    }
    return plainly | changes


def shown(width: int, *rows: dict[str, Any], terminal: bool = True) -> list[str]:
    out = io.StringIO()
    print_status(
        Console(file=out, width=width, force_terminal=terminal, color_system=None), list(rows)
    )
    return out.getvalue().splitlines()


@pytest.mark.parametrize("width", [60, 80, 98, 100, 103, 104, 106, 110, 120, 133, 140, 200])
@pytest.mark.parametrize("changes", [LONG, LONG | {"effect": "freeze"}, {}])
def test_nothing_is_cut_off_however_narrow_the_terminal(width: int, changes: Any) -> None:
    lines = shown(width, row(**changes))
    assert all(len(line) <= width for line in lines)
    text = " ".join(" ".join(lines).split())
    wanted = row(**changes)
    for part in (wanted["service"], wanted["objective"], "burning (ticket)", "45.7%", "14.40"):
        assert part in text
    assert "99.9 % in 28d" in text
    assert "…" not in text
    words = iter(text.split())  # a reason may be folded, with other cells between
    assert all(word in words for word in WHY.split())


def test_a_terminal_that_is_wide_enough_has_the_table() -> None:
    head, first = shown(140, row())[:2]
    assert head.split() == [
        "service",
        "objective",
        "verdict",
        "left",
        "burn",
        "1h",
        "target",
        "why",
    ]
    assert first.startswith("ranker ")
    assert not shown(80, row(**LONG))[0].startswith("service ")


def test_in_a_pipe_each_objective_is_one_whole_line() -> None:
    lines = shown(80, row(**LONG), row(), terminal=False)
    assert len(lines) == 3
    for name, line in zip((LONG["service"], "ranker"), lines[1:], strict=True):
        assert line.startswith(name)
        assert line.rstrip().endswith(WHY)
        assert "45.7%" in line


def test_one_service_is_shown_with_what_is_left_its_target_and_its_window() -> None:
    out = io.StringIO()
    objective = {
        "title": "Requests that succeed",
        "verdict": "burning",
        "left": -0.125,
        "target": 0.9995,
        "window": "the month",
        "reasons": [],
        "windows": [],
        "forecast": {"unknown": "", "text": "The budget should last."},
    }
    facts = {"title": "Ranker", "environment": "", "team": "", "freezes": []}
    print_details(Console(file=out, width=80), facts | {"objectives": [objective]})
    assert out.getvalue().splitlines()[-2:] == [
        "Requests that succeed: burning, overspent by 12.5%; target 99.95 % over the month",
        "  Forecast: The budget should last.",
    ]


def test_what_was_observed_of_a_window_says_of_what_while_less_is_on_record() -> None:
    burns = [
        {"seconds": 300, "known": 300, "rate": 1.0, "bad": 1.0, "eligible": 9.0, "coverage": 1.0},
        {
            "seconds": 259_200,
            "known": 900,
            "rate": 1.0,
            "bad": 1.0,
            "eligible": 9.0,
            "coverage": 1.0,
        },
    ]
    objective = {
        "title": "Requests that succeed",
        "verdict": "healthy",
        "left": 0.5,
        "target": 0.9995,
        "window": "the month",
        "reasons": [],
        "windows": burns,
        "forecast": {"unknown": "", "text": "The budget should last."},
    }
    out = io.StringIO()
    facts = {"title": "Ranker", "environment": "", "team": "", "freezes": []}
    print_details(Console(file=out, width=90), facts | {"objectives": [objective]})
    lines = out.getvalue().splitlines()
    assert lines[-2].endswith("1 bad of 9, 100% observed")
    assert lines[-1].endswith("1 bad of 9, 100% of the 15 min on record observed")

"""What a message has no room for is counted, and where all of it stands is said."""

from collections.abc import Callable
from typing import Any

import pytest

from bot.playground.rules.surfaces import check_message as slack_takes
from tests.unit.message_samples import MESSAGES, VIEWS, Facts
from tests.unit.rendered import RENDERER, read, texts
from tests.unit.samples.common import AYLIN, JONAS

Grow = Callable[[Any], Any]


def times(count: int) -> Grow:
    """The first of a list, so many times."""
    return lambda rows: [rows[0]] * count


def first(name: str, key: str) -> Facts:
    """The first sample that has something there."""
    return next(facts for facts in MESSAGES[name] if facts[key])


VOTE = {"user": JONAS, "name": "jonas", "at": 0, "group": "", "comment": ""}
OTHER = {"id": 9, "scope": "everything", "reason": "launch", "effect": "freeze"}


@pytest.mark.parametrize(
    ("name", "key", "value", "said"),
    [
        ("request", "freezes", times(13), "and 3 more"),
        ("override", "freezes", times(13), "and 3 more"),
        ("override", "others", lambda _: [1, 2, 3, 4, 5, 6, 7], "4, 5 and 2 more, in force since"),
        ("thawed", "still_frozen", lambda _: [OTHER] * 7, "and 2 more: `/freeze list`."),
        ("frozen", "approvals", lambda _: [VOTE] * 10, "and 2 more"),
        ("show", "freezes", times(8), "and 3 more: `/freeze list"),
        ("show", "objectives", times(14), "there are 2 more"),
        (
            "policy",
            "others",
            lambda _: [{"objective": "b", "id": "a/b", "policy": "p"}] * 12,
            "2 more: `burn",
        ),
        ("blind", "reasons", lambda _: ["late"] * 10, "and 2 more"),
        ("adjusted", "freezes", times(11), "and 3 more: `/freeze list"),
        ("freeze_preview", "requests", times(11), "and 1 more"),
        ("freeze_preview", "releases", times(11), "and 1 more"),
        ("freeze_preview", "teams", times(11), "and 1 more team"),
        ("reviews", "total", lambda _: 9, "And 7 more, due later: `burnban override reviews`"),
        ("overrides", "more", lambda _: True, "There are older ones: `burnban override list`"),
        ("gate", "hidden", lambda _: 2, "and 2 more: `/freeze list ranker`"),
        ("gate", "budgets_hidden", lambda _: 3, "and 3 more: `/budget show ranker`"),
        ("release_stopped", "budgets_hidden", lambda _: 3, "and 3 more: `/budget show ranker`"),
        ("status", "filters_hidden", lambda _: 9, "9 more teams are not in the menu: `/budget st"),
        ("freezes", "asked", times(11), "and 1 more"),
        ("freezes", "hidden", lambda _: 4, "And 4 more: `burnban freezes`"),
        ("ops_notice", "faults", lambda _: ["x"] * 12, "and 2 more"),
    ],
)
def test_a_list_that_is_cut_says_how_much_is_missing(
    name: str, key: str, value: Grow, said: str
) -> None:
    sample = next((facts for facts in MESSAGES[name] if facts[key]), MESSAGES[name][0])
    message = RENDERER.message(name, {**sample, key: value(sample[key])})
    slack_takes(message.text, list(message.blocks))
    assert said in read(message)


def test_acknowledgements_beyond_five_are_counted() -> None:
    (sample, *_) = [one for one in MESSAGES["summary"] if one["state"] != "resolved"]
    message = RENDERER.message("summary", {**sample, "acknowledged_by": [AYLIN] * 7})
    assert "and 2 more" in read(message)


def test_deciders_beyond_five_are_counted() -> None:
    sample = first("freeze_preview", "teams")
    team = {**sample["teams"][0], "deciders": [AYLIN] * 8}
    message = RENDERER.message("freeze_preview", {**sample, "teams": [team]})
    assert "and 3 more decide" in read(message)


def test_windows_and_reasons_of_an_objective_are_counted() -> None:
    sample = first("show", "objectives")
    row = {
        **sample["objectives"][0],
        "verdict": "burning",
        "reasons": ["late", "slow", "lost", "odd"],
        "windows": [sample["objectives"][0]["windows"][0]] * 8,
    }
    said = read(RENDERER.message("show", {**sample, "objectives": [row]}))
    assert "slow (and 2 more)" in said
    assert "and 2 windows more" in said


def test_details_count_windows_and_reasons_too() -> None:
    sample = VIEWS["details_modal"][0]
    facts = {**sample, "reasons": ["late"] * 9, "windows": [sample["windows"][0]] * 14}
    said = "\n".join(texts(RENDERER.view("details_modal", facts)["blocks"]))
    assert "• and 1 more" in said
    assert "and 2 more\n```" in said


def test_the_status_says_where_the_other_reasons_stand_and_leaves_out_no_adjustment() -> None:
    sample = first("status", "rows")
    adjusted = {"seconds": 3_600, "left": 0.4, "bad": 1.0, "eligible": 9.0}
    row = {**sample["rows"][0], "verdict": "burning", "adjusted": adjusted}
    message = RENDERER.message("status", {**sample, "rows": [row] * 15})
    slack_takes(message.text, list(message.blocks))
    said = read(message)
    assert "why the other 12: `/budget show &lt;service&gt;`" in said
    assert said.count("`/budget adjustments ") == 15


def test_the_help_shows_every_example() -> None:
    sample = MESSAGES["help"][0]
    examples = [f"/budget show model-{n}" for n in range(16)]
    said = read(RENDERER.message("help", {**sample, "examples": examples}))
    assert all(f"`{example}`" in said for example in examples)


def test_a_report_shows_every_kind_of_freeze() -> None:
    sample = first("report", "frozen")
    rows = [{**sample["frozen"][0], "freezes": n} for n in range(100, 118)]
    said = read(RENDERER.message("report", {**sample, "frozen": rows}))
    assert all(f": {n}, together" in said for n in range(100, 118))

"""The menus of the forms: they hold hundreds, and say what they have no room for."""

from collections.abc import Mapping
from typing import Any

import pytest

from bot.playground.rules.surfaces import check_view as slack_takes_view
from tests.unit.message_samples import VIEWS, Facts
from tests.unit.rendered import RENDERER, texts

SERVICES = [f"model-{n}" for n in range(1_200)]
TEAMS = [f"team-{n}" for n in range(250)]
CAUSES = [f"cause {n}" for n in range(201)]
FREEZES = [
    {"id": n, "scope": f"freeze of service model-{n}", "reason": "errors " * 20} for n in range(312)
]
FREEZE: Facts = {"services": SERVICES, "teams": TEAMS, "preset": "", "zone": "UTC"}
FULL: Facts = {"services": SERVICES[:800], "teams": TEAMS[:200]}
SMALL: Facts = VIEWS["adjust_modal"][0]
ADJUST: Facts = {**SMALL, "services": SERVICES, "teams": TEAMS}
OVERRIDE: Facts = {**VIEWS["override_modal"][0], "services": SERVICES, "preset": "model-7"}


def offered(name: str, facts: Facts, field: str) -> list[str]:
    """The values of a menu, in order; Slack takes the whole form."""
    view = RENDERER.view(name, facts)
    slack_takes_view(dict(view), "modal")
    return values(view, field)


def values(view: Mapping[str, Any], field: str) -> list[str]:
    (element,) = (b["element"] for b in view["blocks"] if b.get("block_id") == field)
    return [option["value"] for group in element["option_groups"] for option in group["options"]]


def said(name: str, facts: Facts) -> str:
    return "\n".join(texts(RENDERER.view(name, facts)["blocks"]))


@pytest.mark.parametrize(
    ("name", "facts", "field", "most"),
    [
        ("unfreeze_modal", {"freezes": FREEZES[:300]}, "freeze", 300),
        ("override_modal", {**OVERRIDE, "services": SERVICES[:1_000]}, "service", 1_000),
        ("freeze_modal", {**FREEZE, **FULL}, "scope", 1_001),
        ("adjust_modal", {**ADJUST, **FULL}, "scope", 1_001),
        ("adjust_modal", {**SMALL, "causes": CAUSES[:200]}, "cause", 200),
    ],
)  # fmt: skip
def test_a_menu_holds_more_than_one_group_of_slacks_hundred(
    name: str, facts: Facts, field: str, most: int
) -> None:
    assert len(set(offered(name, facts, field))) == most
    assert "not in this menu" not in said(name, facts)


@pytest.mark.parametrize(
    ("name", "facts", "field", "sentences"),
    [
        (
            "unfreeze_modal", {"freezes": FREEZES}, "freeze",
            ["12 more freezes are not in this menu", "`/unfreeze &lt;number&gt; &lt;reason&gt;`"],
        ),
        (
            "override_modal", OVERRIDE, "service",
            ["200 more services are not", "`/override &lt;service&gt; &lt;release&gt; &lt;rea"],
        ),
        (
            "freeze_modal", FREEZE, "scope",
            ["400 more services are not", "50 more teams are not", "`/freeze &lt;scope&gt; for 2h"],
        ),
        (
            "freeze_modal", {**FREEZE, "services": SERVICES[:801], "teams": []}, "scope",
            ["1 more service is not in this menu: Slack limits its size. *Next:* type"],
        ),
        (
            "adjust_modal", ADJUST, "scope",
            ["400 more services are not", "50 more teams are not", "`/budget adjust &lt;scope&gt;"],
        ),
        (
            "adjust_modal", {**SMALL, "causes": CAUSES}, "cause",
            ["1 more cause is not in this menu", "begin the reason with the cause"],
        ),
    ],
)  # fmt: skip
def test_a_menu_without_room_says_what_is_missing_and_what_to_type(
    name: str, facts: Facts, field: str, sentences: list[str]
) -> None:
    assert offered(name, facts, field)
    for sentence in sentences:
        assert sentence in said(name, facts)


def test_what_is_filled_in_may_stand_in_any_group() -> None:
    view = RENDERER.view("override_modal", {**OVERRIDE, "preset": "model-900"})
    slack_takes_view(dict(view), "modal")
    (element,) = (b["element"] for b in view["blocks"] if b.get("block_id") == "service")
    assert element["initial_option"]["value"] == "model-900"

"""Freezes as sync windows of Argo CD."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.decide.catalog import Catalog
from bot.decide.freeze import Effect, Freeze, Origin
from bot.decide.scope import EVERYTHING, Reach, Scope
from bot.decide.service import Service
from bot.entrypoints.argocd_windows import patch_of, windows_of
from bot.errors import UserError
from tests.builders import NOON, actor, when

NOW = when(NOON)
HOUR = timedelta(hours=1)
SERVICES = {name: Service(name, "", "search", "prod") for name in ("ranker", "recs")}
CATALOG = Catalog(services=SERVICES)
FREEZE = Freeze(
    4, Scope(Reach.SERVICE, "ranker"), "errors", Origin.MANUAL, actor(), NOW - HOUR, NOW + HOUR
)


def windows(*freezes: Freeze, applications: str = "{service}") -> list[dict[str, Any]]:
    return windows_of(freezes, CATALOG, applications, NOW)


def stretch(window: dict[str, Any]) -> tuple[datetime, datetime]:
    """What Argo CD makes of it in this year."""
    minute, hour, day, month, week = window["schedule"].split()
    assert week == "*"
    start = datetime(NOW.year, int(month), int(day), int(hour), int(minute), tzinfo=UTC)
    hours, minutes = re.fullmatch(r"(\d+)h(\d+)m", window["duration"]).groups()  # type: ignore[union-attr]
    return start, start + timedelta(hours=int(hours), minutes=int(minutes))


def test_a_freeze_is_a_window_that_denies_for_as_long_as_it_stands() -> None:
    assert windows(FREEZE) == [
        {
            "kind": "deny",
            "schedule": "0 11 2 3 *",
            "duration": "2h0m",
            "applications": ["ranker"],
            "manualSync": False,
            "syncOverrun": True,
            "timeZone": "UTC",
            "description": "Burnban freeze 4: errors",
        }
    ]


def test_a_freeze_without_an_end_closes_in_a_day_unless_it_is_renewed() -> None:
    (window,) = windows(replace(FREEZE, ends_at=None))
    assert stretch(window) == (NOW - HOUR, NOW + 24 * HOUR)


@given(st.integers(-200_000, 200_000), st.integers(1, 400_000))
def test_the_window_reaches_over_all_of_the_freeze_and_at_most_two_minutes_more(
    since: int, lasts: int
) -> None:
    start = NOW + timedelta(seconds=since)
    freeze = replace(FREEZE, starts_at=start, ends_at=start + timedelta(seconds=lasts))
    for window in windows(freeze):
        begins, ends = stretch(window)
        assert begins <= freeze.starts_at
        assert freeze.ends_at is not None
        assert ends >= freeze.ends_at
        assert ends - begins <= timedelta(seconds=lasts + 120)


def test_a_freeze_of_everything_names_each_application() -> None:
    (window,) = windows(replace(FREEZE, scope=EVERYTHING), applications="{service}-{environment}")
    assert window["applications"] == ["ranker-prod", "recs-prod"]


def test_what_is_over_watched_only_or_open_to_approvals_is_no_window() -> None:
    over = replace(FREEZE, lifted_at=NOW)
    watched = replace(FREEZE, monitored=True)
    caution = replace(FREEZE, effect=Effect.CAUTION)
    gone = replace(FREEZE, scope=Scope(Reach.SERVICE, "gone"))
    assert windows(over, watched, caution, gone) == []
    assert len(windows(replace(FREEZE, effect=Effect.HOLD))) == 1


def test_a_description_is_one_line_of_255_characters_at_most() -> None:
    (window,) = windows(replace(FREEZE, reason="a\nb" + "x" * 400))
    assert len(window["description"]) == 255
    assert "\n" not in window["description"]


@pytest.mark.parametrize("pattern", ["{model}", "{", "{0}", "{service.nothing}"])
def test_a_pattern_that_is_none_is_refused(pattern: str) -> None:
    with pytest.raises(UserError, match="how Applications are called"):
        windows(FREEZE, applications=pattern)


def test_the_patch_leaves_the_windows_of_others_alone_and_fails_if_the_project_has_changed() -> (
    None
):
    ours = windows(FREEZE)
    theirs = {"kind": "allow", "schedule": "0 9 * * *", "duration": "8h"}
    old = {**ours[0], "description": "Burnban freeze 3: over"}
    project = {"metadata": {"resourceVersion": "77"}, "spec": {"syncWindows": [theirs, old]}}
    assert patch_of(ours, project) == [
        {"op": "test", "path": "/metadata/resourceVersion", "value": "77"},
        {"op": "add", "path": "/spec/syncWindows", "value": [theirs, *ours]},
    ]
    bare = {"metadata": {"resourceVersion": "78"}, "spec": {}}
    assert patch_of([], bare)[1]["value"] == []


def test_without_the_project_all_of_its_windows_are_ours() -> None:
    assert patch_of([], None) == [{"op": "add", "path": "/spec/syncWindows", "value": []}]


@pytest.mark.parametrize("project", [[], {}, {"metadata": {}}, {"metadata": 1, "spec": 2}, 7])
def test_what_is_no_project_is_refused(project: Any) -> None:
    with pytest.raises(UserError, match="no AppProject"):
        patch_of([], project)

"""A freeze that is still to come is told as one: it stops nothing yet."""

from typing import Any

from tests.unit.message_samples import MESSAGES
from tests.unit.rendered import RENDERER, read
from tests.unit.samples.common import NOON

SHOW: dict[str, Any] = MESSAGES["show"][0]
NOW = SHOW["freezes"][0]
LATER = {
    **NOW,
    "id": 12,
    "since": NOON + 3_600,
    "until": NOON + 7_200,
    "state": "scheduled",
    "by": "schedule:nights",
    "by_name": "schedule nights",
}


def shown(*freezes: dict[str, Any]) -> str:
    return read(RENDERER.message("show", {**SHOW, "freezes": list(freezes)}))


def test_a_freeze_to_come_is_shown_as_not_yet_with_its_beginning_and_no_way_through() -> None:
    text = shown(LATER)
    assert "freeze 12 of service ranker, not yet: from " in text
    assert "; set by" in text
    assert "Ask for an override" not in text
    assert "asks to let releases go" not in text
    assert "asks to stop releases" in text


def test_a_freeze_in_force_offers_its_lift_and_an_override() -> None:
    text = shown(NOW, LATER)
    assert "Ask for an override" in text
    assert "asks to let releases go" in text


def test_a_freeze_that_is_only_watched_offers_no_way_through() -> None:
    assert "Ask for an override" not in shown({**NOW, "monitored": True})

"""An edit is judged by what it does: shortening lifts, extending freezes."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.decide.approval import Request, Wish, takes_effect_at_once
from bot.decide.edit import EDITS, amounts_to, former, still_serves
from bot.decide.freeze import Freeze, FreezeVersion, Origin
from bot.decide.quorum import DECIDERS, ONE
from bot.decide.scope import EVERYTHING
from tests.builders import NOON, actor, when

NOW = when(NOON)
HOUR = timedelta(hours=1)
FREEZE = Freeze(7, EVERYTHING, "audit", Origin.MANUAL, actor(), NOW, NOW + 2 * HOUR)


@pytest.mark.parametrize(
    ("present", "wanted", "wish"),
    [
        (NOW, NOW + HOUR, Wish.EXTEND),
        (NOW, None, Wish.EXTEND),
        (NOW + HOUR, NOW, Wish.SHORTEN),
        (None, NOW, Wish.SHORTEN),
        (NOW, NOW, None),
        (None, None, None),
    ],
)
def test_a_later_end_extends_and_a_sooner_one_shortens(
    present: datetime | None, wanted: datetime | None, wish: Wish | None
) -> None:
    assert amounts_to(present, wanted) is wish


ENDS = st.none() | st.integers(0, 5).map(lambda hours: NOW + hours * HOUR)


@given(ENDS, ENDS)
def test_what_extends_one_way_shortens_the_other(
    one: datetime | None, other: datetime | None
) -> None:
    there, back = amounts_to(one, other), amounts_to(other, one)
    assert {there, back} in ({None}, set(EDITS))


def asks(wish: Wish, until: datetime | None) -> Request:
    return Request(
        1, wish, EVERYTHING, "longer", actor(), Origin.MANUAL, ONE, NOW, NOW + HOUR,
        until=until, freezes=(7,),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("freeze", "serves"),
    [
        (FREEZE, True),
        (replace(FREEZE, starts_at=NOW + HOUR), True),
        (replace(FREEZE, ends_at=NOW + 3 * HOUR), False),
        (replace(FREEZE, ends_at=None), False),
        (replace(FREEZE, ends_at=NOW), False),
        (replace(FREEZE, starts_at=NOW - HOUR, lifted_at=NOW), False),
        (None, False),
    ],
)
def test_an_extension_serves_while_the_freeze_would_end_before(
    freeze: Freeze | None, serves: bool
) -> None:
    assert still_serves(asks(Wish.EXTEND, NOW + 3 * HOUR), freeze, NOW) is serves


def test_what_was_asked_as_shortening_never_extends() -> None:
    request = asks(Wish.SHORTEN, NOW + HOUR)
    assert still_serves(request, FREEZE, NOW)
    assert not still_serves(request, replace(FREEZE, ends_at=NOW + HOUR / 2), NOW)


def test_a_decider_extends_alone_and_shortens_never_alone() -> None:
    assert takes_effect_at_once(Wish.EXTEND, ONE, (DECIDERS,))
    assert not takes_effect_at_once(Wish.EXTEND, ONE, ())
    assert not takes_effect_at_once(Wish.SHORTEN, ONE, (DECIDERS,))


def test_what_an_edit_replaces_is_kept_with_who_replaced_it() -> None:
    assert former(replace(FREEZE, version=3), actor("bob"), "longer", NOW) == FreezeVersion(
        3, "audit", NOW + 2 * HOUR, NOW, actor("bob"), "longer"
    )

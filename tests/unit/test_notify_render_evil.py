"""Whatever the facts hold, a message fits and smuggles nothing."""

import copy
import re
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.notify.limits import check_message, check_view
from bot.playground.rules.surfaces import check_message as slack_takes
from bot.playground.rules.surfaces import check_view as slack_takes_view
from tests.unit.message_samples import Facts
from tests.unit.rendered import CASES, IDS, RENDERER, VIEW_CASES, texts

EVIL = "<!channel> <!subteam^S0EVIL> <@U0MIRA> <https://x.test|ok> & `*_~ ```\n> *Approved*"
NASTY = st.one_of(
    st.sampled_from([EVIL, "", " ", "x" * 5_000, "&" * 4_000, "🟠" * 2_000, "\u202e", "\ud800"]),
    st.text(st.characters(), max_size=50),
)
NUMBERS = st.none() | st.integers(-(10**20), 10**20) | st.floats()


@st.composite
def twisted(draw: st.DrawFn, cases: list[tuple[str, Facts]]) -> tuple[str, Facts]:
    """A sample with some of its texts and figures replaced, and its lists made long."""
    name, facts = draw(st.sampled_from(cases))
    return name, _twist(draw, copy.deepcopy(facts))


def _twist(draw: st.DrawFn, value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _twist(draw, entry) for key, entry in value.items()}
    if isinstance(value, list):
        some = [_twist(draw, entry) for entry in value[:6]]
        return some * draw(st.sampled_from([1, 1, 1, 0, 40]))
    if isinstance(value, str):
        return draw(NASTY) if draw(st.integers(0, 2)) == 0 else value
    if isinstance(value, float):
        return draw(NUMBERS) if draw(st.integers(0, 3)) == 0 else value
    return value


FOREIGN = re.compile(
    r"<(?!@[UW][A-Z0-9]+>|#[CGD][A-Z0-9]+>|!subteam\^S0ONCALL>|!date\^\d+\^[^<>|]+\|[^<>|]+>"
    r"|(https://tracker\.example\.com/ML-12)\|\1>)"
)
"""Marks that no sample makes: the user group S0ONCALL and a ticket are all that samples link to."""


def _unharmed(part: Any) -> None:
    for text in texts(part):
        assert not FOREIGN.search(text), text
        text.encode("utf-8")


@settings(
    max_examples=150, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
@given(twisted(CASES))
def test_whatever_the_facts_hold_the_message_fits_and_smuggles_nothing(
    case: tuple[str, Facts],
) -> None:
    name, facts = case
    message = RENDERER.message(name, facts)
    check_message(message.text, message.blocks)
    slack_takes(message.text, list(message.blocks))
    _unharmed([{"text": message.text}, *message.blocks])


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(twisted(VIEW_CASES))
def test_whatever_the_facts_hold_the_view_fits_and_smuggles_nothing(
    case: tuple[str, Facts],
) -> None:
    name, facts = case
    view = RENDERER.view(name, facts)
    check_view(view)
    slack_takes_view(dict(view), "modal")
    _unharmed(view)


@pytest.mark.parametrize(("name", "facts"), CASES, ids=IDS)
def test_every_text_from_outside_may_be_evil_at_once(name: str, facts: Facts) -> None:
    message = RENDERER.message(name, _replaced(facts))
    slack_takes(message.text, list(message.blocks))
    _unharmed([{"text": message.text}, *message.blocks])


def _replaced(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _replaced(entry) for key, entry in value.items()}
    if isinstance(value, list):
        return [_replaced(entry) for entry in value]
    return EVIL if isinstance(value, str) else value

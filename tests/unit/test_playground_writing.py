"""What people type, what a modal holds, and the limits, without a server."""

from __future__ import annotations

from typing import Any

import pytest

from bot.playground.limits import Limits, RateLimited
from bot.playground.model import Channel, User
from bot.playground.stamps import Stamps
from bot.playground.state import missing, state_values
from bot.playground.writing import command_text, stored_text

USERS = (User("U1", "mira", "Mira"),)
CHANNELS = (Channel("C1", "ml-ranking"),)


def test_what_people_type_is_escaped_and_names_become_links() -> None:
    typed = "@mira see #ml-ranking <b> & @nobody"
    assert stored_text(typed, USERS, CHANNELS) == ("<@U1> see <#C1> &lt;b&gt; &amp; @nobody")


def test_an_address_is_not_a_mention() -> None:
    assert stored_text("a@mira.example", USERS, CHANNELS) == "a@mira.example"


def test_a_command_gets_names_as_ids_only_if_its_manifest_asks_for_it() -> None:
    typed = "@mira #ml-ranking"
    assert command_text(typed, USERS, CHANNELS, should_escape=False) == typed
    assert command_text(typed, USERS, CHANNELS, should_escape=True) == (
        "<@U1|mira> <#C1|ml-ranking>"
    )


def test_time_stamps_are_unique_and_rise_even_while_the_clock_stands() -> None:
    stamps = Stamps(lambda: 1_700_000_000.0)
    assert [stamps.next() for _ in range(3)] == [
        "1700000000.000000",
        "1700000000.000100",
        "1700000000.000200",
    ]


def test_time_stamps_follow_another_clock_and_never_fall_behind_what_was_given() -> None:
    stamps = Stamps(lambda: 1_700_000_000.0)
    stamps.next()
    stamps.follow(lambda: 1_600_000_000.0)
    assert stamps.next() == "1700000000.000100"
    stamps.follow(lambda: 1_800_000_000.0)
    assert stamps.next() == "1800000000.000000"


def held(kind: str, **fields: Any) -> dict[str, Any]:
    return {
        "type": "input",
        "block_id": "b",
        "element": {"type": kind, "action_id": "a", **fields},
    }


OPTION = {"text": {"type": "plain_text", "text": "One"}, "value": "1"}


@pytest.mark.parametrize(
    ("block", "raw", "told"),
    [
        (held("plain_text_input"), "why", {"value": "why"}),
        (held("plain_text_input", initial_value="why"), None, {"value": None}),
        (held("static_select", options=[OPTION]), "1", {"selected_option": OPTION}),
        (held("static_select", options=[OPTION]), "2", {"selected_option": None}),
        (held("checkboxes", options=[OPTION]), ["1"], {"selected_options": [OPTION]}),
        (held("users_select"), "U1", {"selected_user": "U1"}),
        (held("multi_users_select"), ["U1"], {"selected_users": ["U1"]}),
        (held("datepicker"), "2026-01-02", {"selected_date": "2026-01-02"}),
    ],
)
def test_an_entered_value_is_told_in_slacks_form(
    block: dict[str, Any], raw: Any, told: dict[str, Any]
) -> None:
    kind = block["element"]["type"]
    assert state_values([block], {"b": {"a": raw}}) == {"b": {"a": {"type": kind, **told}}}


def test_an_untouched_input_tells_its_initial_value() -> None:
    values = state_values([held("radio_buttons", options=[OPTION], initial_option=OPTION)], {})
    assert values["b"]["a"]["selected_option"] == OPTION


def test_a_required_input_left_empty_is_missing_and_an_optional_one_is_not() -> None:
    block = held("plain_text_input")
    assert missing([block], state_values([block], {})) == {"b": "This is a required field"}
    assert missing([{**block, "optional": True}], state_values([block], {})) == {}


def test_the_twenty_first_call_of_tier_two_in_a_minute_waits() -> None:
    limits, now = Limits(), [0.0]
    for _ in range(20):
        limits.check("usergroups.users.list", 2, lambda: now[0])
    now[0] = 20.5
    with pytest.raises(RateLimited) as refusal:
        limits.check("usergroups.users.list", 2, lambda: now[0])
    assert refusal.value.retry_after == 40
    now[0] = 60.0
    limits.check("usergroups.users.list", 2, lambda: now[0])


def test_a_refused_post_does_not_prolong_the_wait() -> None:
    limits, now = Limits(), [0.0]
    limits.check_post("C1", lambda: now[0])
    now[0] = 0.9
    with pytest.raises(RateLimited):
        limits.check_post("C1", lambda: now[0])
    now[0] = 1.0
    limits.check_post("C1", lambda: now[0])

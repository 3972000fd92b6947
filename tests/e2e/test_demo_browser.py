"""The demo, by clicking, as somebody who has never seen it; one visit of about 75 s."""

import signal
from typing import TYPE_CHECKING

import pytest

from tests.e2e.demo_visit import Seen, address, demo, whole

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def seen(chromium: "Browser", tmp_path_factory: pytest.TempPathFactory) -> Seen:
    """All that was shown, and how the demo ended."""
    process = demo(tmp_path_factory.mktemp("visit"))
    with process:
        found = whole(chromium, address(process))
        found.texts["exit code"] = str(process.end(signal.SIGINT, seconds=10))
    found.texts["log"] = process.log
    return found


def says(text: str, *parts: str) -> None:
    missing = [part for part in parts if part not in text]
    assert not missing, f"{missing} not in:\n{text}"


def test_all_budgets_are_shown_to_the_one_who_asks(seen: Seen) -> None:
    says(seen["calm"], "10 healthy", "ranker · Requests that succeed", "Only visible to you")
    says(seen["status"], "1 burning", "burning (page)", "Only visible to you")


def test_a_wrong_word_gets_the_nearest(seen: Seen) -> None:
    says(seen["unknown word"], "Did you mean status?", "/budget status")


def test_a_guest_is_refused_with_a_reason(seen: Seen) -> None:
    says(seen["guest"], "You cannot ask for this here", "guest")


def test_a_mistake_in_a_form_is_told_beside_its_field(seen: Seen) -> None:
    says(seen["mistake"], "I do not understand the time 'ever'. These work: for 2h")
    says(seen["asked"], "Asked to freeze service recs", "1 approval needed")


def test_a_denied_request_says_who_denied_it(seen: Seen) -> None:
    says(seen["you denied"], "You denied")
    says(seen["denied"], "a risky migration", "Denied by @jonas", "nothing changed")


def test_a_warning_says_what_happened_what_it_means_and_what_is_next(seen: Seen) -> None:
    says(seen["warning"], "is burning fast", "At the rate of the last")
    says(seen["warning"], "Releases of ranker go on", "Next:", "Request a freeze")


def test_details_show_the_windows_behind_the_warning(seen: Seen) -> None:
    says(seen["details"], "5 min", "30 min", "1 h", "6 h", "warns at", "13.4")
    says(seen["show"], "Requests that succeed: burning", "Good first hits: healthy")


def test_the_channel_sees_who_looks_after_it(seen: Seen) -> None:
    says(seen["acknowledged"], "Only visible to you")
    says(seen["looked after"], "is burning fast", "acknowledged by @mira", "(edited)")
    assert "Acknowledge\n" not in seen["looked after"]


def test_a_spent_budget_speaks_again_and_says_that_a_freeze_is_asked_for(seen: Seen) -> None:
    says(seen["worse"], "replied to a thread", "is now gone", "A freeze is being asked for")
    says(seen["request"], "The policy asks", "1 approval is needed", "Evidence:")
    says(seen["thread"], "It got worse")


def test_who_is_no_approver_is_refused_with_a_reason(seen: Seen) -> None:
    says(seen["not an approver"], "you are not an approver here")


def test_the_on_calls_click_freezes_and_the_message_says_who_decided(seen: Seen) -> None:
    says(seen["approved"], "Approved by @jonas")
    says(
        seen["frozen"],
        "has recovered",
        "or somebody lifts the freeze",
        "approved by @jonas",
        "/unfreeze ranker",
    )


def test_nobody_approves_their_own_request(seen: Seen) -> None:
    says(seen["lift request"], "@mira asks", "v38 is rolled back", "not the requester's own")
    says(seen["own request"], "somebody else must decide it")


def test_the_leads_click_lifts_the_freeze(seen: Seen) -> None:
    says(seen["lifted"], "@mira asked for it", "approved by @aylin", "may go again")


def test_the_history_tells_it_all(seen: Seen) -> None:
    events = ("Lifted", "Vote cast", "Vote refused", "Unfreeze requested", "Frozen")
    says(seen["history"], *events, "Freeze requested", "Warning rose")


def test_the_browser_found_nothing_wrong(seen: Seen) -> None:
    assert seen.errors == []


def test_ctrl_c_ends_the_demo_in_good_order(seen: Seen) -> None:
    assert seen["exit code"] == "0"
    assert "Traceback" not in seen["log"]
    assert seen["log"].rstrip().endswith("where the day was left.")

"""Views that Slack refuses."""

from __future__ import annotations

from slack_sdk import WebClient

from bot.playground.seed import LEAD
from bot.playground.workspace import Workspace
from tests.contract.playground.refusals.conftest import Clock, refusal

MODAL = {
    "type": "modal",
    "title": {"type": "plain_text", "text": "Title"},
    "blocks": [{"type": "divider"}],
}


def test_a_trigger_opens_one_modal(slack: WebClient, workspace: Workspace) -> None:
    trigger = workspace.modals.new_trigger(LEAD.id)
    assert slack.views_open(trigger_id=trigger, view=MODAL)["view"]["id"]
    again = refusal(lambda: slack.views_open(trigger_id=trigger, view=MODAL))
    assert again["error"] == "exchanged_trigger_id"


def test_a_trigger_lives_three_seconds(
    slack: WebClient, workspace: Workspace, clock: Clock
) -> None:
    trigger = workspace.modals.new_trigger(LEAD.id)
    clock.ahead += 3.1
    late = refusal(lambda: slack.views_open(trigger_id=trigger, view=MODAL))
    assert late["error"] == "expired_trigger_id"


def test_a_made_up_trigger_is_invalid(slack: WebClient) -> None:
    body = refusal(lambda: slack.views_open(trigger_id="1.2.abc", view=MODAL))
    assert body["error"] == "invalid_trigger_id"


def test_an_invalid_view_is_named_with_its_place(slack: WebClient, workspace: Workspace) -> None:
    trigger = workspace.modals.new_trigger(LEAD.id)
    view = MODAL | {"title": {"type": "plain_text", "text": "x" * 25}}
    body = refusal(lambda: slack.views_open(trigger_id=trigger, view=view))
    assert body["error"] == "invalid_arguments"
    assert body["response_metadata"]["messages"] == [
        "[ERROR] must be less than 25 characters [json-pointer:/view/title/text]"
    ]


def test_an_unknown_view_is_not_found(slack: WebClient) -> None:
    body = refusal(lambda: slack.views_update(view_id="V0", view=MODAL))
    assert body["error"] == "not_found"


def test_an_old_hash_is_a_conflict(slack: WebClient, workspace: Workspace) -> None:
    opened = slack.views_open(trigger_id=workspace.modals.new_trigger(LEAD.id), view=MODAL)["view"]
    slack.views_update(view_id=opened["id"], hash=opened["hash"], view=MODAL)
    body = refusal(
        lambda: slack.views_update(view_id=opened["id"], hash=opened["hash"], view=MODAL)
    )
    assert body["error"] == "hash_conflict"


def test_three_modals_are_the_most(slack: WebClient, workspace: Workspace) -> None:
    slack.views_open(trigger_id=workspace.modals.new_trigger(LEAD.id), view=MODAL)
    for _ in range(2):
        slack.views_push(trigger_id=workspace.modals.new_trigger(LEAD.id), view=MODAL)
    trigger = workspace.modals.new_trigger(LEAD.id)
    body = refusal(lambda: slack.views_push(trigger_id=trigger, view=MODAL))
    assert body["error"] == "push_limit_reached"


def test_the_validator_names_each_fault(slack: WebClient) -> None:
    assert slack.blocks_validate(blocks=[{"type": "divider"}])["ok"]
    body = refusal(lambda: slack.blocks_validate(blocks=[{"type": "banner"}]))
    assert body["error"] == "invalid_blocks"
    assert body["errors"] == [
        {"pointer": "/0/type", "code": "unsupported_type", "message": "unsupported type: banner"}
    ]

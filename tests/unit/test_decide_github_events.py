"""GitHub's webhooks, as far as they concern releases."""

from datetime import UTC, datetime
from typing import Any

import pytest

from bot.decide.github_events import Asked, Head, Malformed, Went, body_of, moment, read_event
from bot.decide.release import NoteKind

SHA = "a" * 40
BASE: dict[str, Any] = {
    "repository": {"full_name": "acme/ranker"},
    "installation": {"id": 7},
}
RULE = "https://api.github.com/repos/acme/ranker/actions/runs/42/deployment_protection_rule"


def asked(**said: Any) -> dict[str, Any]:
    return {
        **BASE,
        "action": "requested",
        "environment": "prod",
        "deployment_callback_url": RULE,
        "deployment": {"id": 9, "sha": SHA, "creator": {"login": "ada"}},
        **said,
    }


def pull(action: str) -> dict[str, Any]:
    return {**BASE, "action": action, "number": 5, "pull_request": {"head": {"sha": SHA}}}


def test_a_deployment_that_waits_is_read_with_its_run() -> None:
    found = read_event("deployment_protection_rule", asked())
    assert found == Asked("acme/ranker", 7, "42", "prod", SHA, "9", "ada")


def test_a_repository_may_begin_with_a_dot() -> None:
    found = read_event("deployment_protection_rule", asked(repository={"full_name": ".x/.github"}))
    assert isinstance(found, Asked)
    assert found.place == ".x/.github"


def test_a_deployment_by_nobody_known_is_read_all_the_same() -> None:
    said = asked(deployment={"id": 9, "sha": SHA, "creator": None})
    found = read_event("deployment_protection_rule", said)
    assert isinstance(found, Asked)
    assert found.who == ""


def test_other_actions_and_other_events_are_none_of_ours() -> None:
    assert read_event("deployment_protection_rule", asked(action="done")) is None
    assert read_event("pull_request", pull("labeled")) is None
    group = {**BASE, "action": "renamed", "merge_group": {"head_sha": SHA}}
    assert read_event("merge_group", group) is None
    assert read_event("star", {"action": "created"}) is None


@pytest.mark.parametrize(
    "wrong",
    [
        {"deployment_callback_url": "https://evil.example/collect"},
        {"deployment": {"id": 9, "sha": "main"}},
        {"deployment": None},
        {"repository": {"full_name": "acme/../../secrets"}},
        {"repository": {"full_name": "../.."}},
        {"repository": {"full_name": "acme/.."}},
        {"repository": {"full_name": "./ranker"}},
        {"installation": {"id": "7"}},
        {"installation": None},
    ],
)
def test_a_payload_of_another_form_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(Malformed):
        read_event("deployment_protection_rule", asked(**wrong))


def test_a_pull_request_has_one_head_and_a_group_is_a_commit_of_its_own() -> None:
    head = read_event("pull_request", pull("synchronize"))
    assert head == Head("acme/ranker", 7, 5, SHA, True)
    assert isinstance(head, Head)
    assert head.key == "5"
    closed = read_event("pull_request", pull("closed"))
    assert isinstance(closed, Head)
    assert not closed.open
    said = {**BASE, "action": "checks_requested", "merge_group": {"head_sha": SHA.upper()}}
    group = read_event("merge_group", said)
    assert group == Head("acme/ranker", 7, 0, SHA, True)
    assert isinstance(group, Head)
    assert group.key == SHA
    gone = read_event("merge_group", {**said, "action": "destroyed"})
    assert isinstance(gone, Head)
    assert not gone.open


@pytest.mark.parametrize(
    ("state", "kind"),
    [
        ("in_progress", NoteKind.ANNOUNCED),
        ("success", NoteKind.BEGAN),
        ("failure", NoteKind.FAILED),
        ("error", NoteKind.FAILED),
        ("inactive", NoteKind.ENDED),
    ],
)
def test_each_state_of_a_deployment_says_what_became_of_its_release(
    state: str, kind: NoteKind
) -> None:
    deployment = {"id": 9, "sha": SHA, "environment": "prod"}
    said = {**BASE, "deployment": deployment, "deployment_status": {"state": state}}
    found = read_event("deployment_status", said)
    assert isinstance(found, Went)
    assert found.kind is kind


def test_a_deployment_that_goes_out_is_seen_whoever_allowed_it() -> None:
    deployment = {"id": 9, "sha": SHA, "environment": "prod", "creator": {"login": "ada"}}
    said = {**BASE, "deployment": deployment, "deployment_status": {"state": "success"}}
    assert read_event("deployment_status", said) == Went("acme/ranker", "prod", SHA, "9", "ada")
    when = {"state": "inactive", "created_at": "2026-03-01T13:00:00+01:00"}
    ended = read_event("deployment_status", {**said, "deployment_status": when})
    assert isinstance(ended, Went)
    assert (ended.kind, ended.at) == (NoteKind.ENDED, datetime(2026, 3, 1, 12, tzinfo=UTC))
    assert moment("2026-03-01T13:00:00") is None
    waits = {**said, "deployment_status": {"state": "waiting"}}
    assert read_event("deployment_status", waits) is None


@pytest.mark.parametrize("number", ["abc", float("inf"), float("nan")])
def test_a_number_that_is_none_is_told_so(number: object) -> None:
    with pytest.raises(Malformed, match="number that is none"):
        read_event("pull_request", {**pull("opened"), "number": number})


@pytest.mark.parametrize("at", ["9999-12-31T23:59:59-14:00", "0001-01-01T00:00:00+14:00"])
def test_an_instant_beyond_the_calendar_is_none(at: str) -> None:
    assert moment(at) is None


def test_the_same_words_have_the_same_mark_and_others_another() -> None:
    said = {"action": "requested", "deployment": {"id": 9, "sha": "a" * 40}}
    turned = {"deployment": {"sha": "a" * 40, "id": 9}, "action": "requested"}
    mark = body_of("deployment_protection_rule", said)
    assert body_of("deployment_protection_rule", turned) == mark
    assert body_of("ping", said) != mark
    assert body_of("deployment_protection_rule", {**said, "action": "x"}) != mark

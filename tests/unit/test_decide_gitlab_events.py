"""GitLab's and MLflow's webhooks, as far as they concern releases."""

from dataclasses import replace
from typing import Any

import pytest

from bot.decide.github_events import Malformed, Went
from bot.decide.gitlab_events import read_deployment
from bot.decide.mlflow_events import Moved, read_move
from bot.decide.release import NoteKind

SHA = "279484c09fbe69ededfced8c1bb6e6d24616b468"
SAID: dict[str, Any] = {
    "object_kind": "deployment",
    "status": "success",
    "deployment_id": 15,
    "deployable_id": 796,
    "environment": "prod",
    "project": {"path_with_namespace": "acme/ranker"},
    "short_sha": SHA[:8],
    "user": {"username": "ada"},
    "commit_url": f"https://gitlab.example/acme/ranker/-/commit/{SHA}",
}
WENT = Went("acme/ranker", "prod", SHA, "15", "ada", "796")


def test_a_deployment_goes_out_or_is_blocked() -> None:
    assert read_deployment(SAID) == (WENT, True)
    going = replace(WENT, kind=NoteKind.ANNOUNCED)
    assert read_deployment({**SAID, "status": "running"}) == (going, True)
    assert read_deployment({**SAID, "status": "blocked"}) == (going, False)


def test_a_deployment_that_failed_or_was_broken_off_never_came() -> None:
    for status in ("failed", "canceled"):
        failed = replace(WENT, kind=NoteKind.FAILED)
        assert read_deployment({**SAID, "status": status}) == (failed, True)


def test_what_is_no_deployment_or_in_another_state_is_none_of_ours() -> None:
    assert read_deployment({"object_kind": "push"}) is None
    assert read_deployment({**SAID, "status": "created"}) is None


def test_the_beginning_of_a_commit_must_do_where_nothing_else_is_said() -> None:
    found = read_deployment({**SAID, "commit_url": "", "user": None, "deployable_id": None})
    assert found == (Went("acme/ranker", "prod", SHA[:8], "15", ""), True)


def test_a_deployment_of_another_form_is_refused() -> None:
    with pytest.raises(Malformed):
        read_deployment({**SAID, "project": None})


def test_an_alias_that_was_set_is_a_move() -> None:
    data = {"name": "ranker", "alias": "champion", "version": "38"}
    said = {"entity": "model_version_alias", "action": "created", "data": data}
    assert read_move(said) == Moved("ranker", "champion", "38")
    assert read_move({**said, "action": "deleted"}) is None
    assert read_move({**said, "entity": "model_version"}) is None
    with pytest.raises(Malformed):
        read_move({**said, "data": None})

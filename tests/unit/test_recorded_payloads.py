"""Webhooks as their vendors publish them as examples, shortened: what is left out are lists of
addresses and of people. Sources: GitHub's community examples (@octokit/webhooks-examples 7.6.1,
MIT), GitLab's and MLflow's manuals."""

from datetime import UTC, datetime
from typing import Any

from bot.decide.github_events import Head, Went, read_event
from bot.decide.gitlab_events import read_deployment
from bot.decide.mlflow_events import Moved, read_move
from bot.decide.release import NoteKind

PERSON = {"login": "Codertocat", "id": 21031067, "type": "User", "site_admin": False}
REPOSITORY = {
    "id": 186853002,
    "node_id": "MDEwOlJlcG9zaXRvcnkxODY4NTMwMDI=",
    "name": "Hello-World",
    "full_name": "Codertocat/Hello-World",
    "private": False,
    "owner": PERSON,
    "default_branch": "master",
}
INSTALLATION = {"id": 1, "node_id": "MDIzOkludGVncmF0aW9uSW5zdGFsbGF0aW9uMQ=="}
API = "https://api.github.com/repos/Codertocat/Hello-World"
DEPLOYMENT_STATUS: dict[str, Any] = {
    "action": "created",
    "deployment_status": {
        "url": f"{API}/deployments/145988746/statuses/209916254",
        "id": 209916254,
        "state": "success",
        "creator": PERSON,
        "description": "",
        "environment": "production",
        "target_url": "",
        "created_at": "2019-05-15T15:20:55Z",
        "updated_at": "2019-05-15T15:20:55Z",
        "deployment_url": f"{API}/deployments/145988746",
    },
    "deployment": {
        "url": f"{API}/deployments/145988746",
        "id": 145988746,
        "sha": "f95f852bd8fca8fcc58a9a2d6c842781e32a215e",
        "ref": "master",
        "task": "deploy",
        "payload": {},
        "original_environment": "production",
        "environment": "production",
        "description": None,
        "creator": PERSON,
        "created_at": "2019-05-15T15:20:53Z",
    },
    "repository": REPOSITORY,
    "sender": PERSON,
    "installation": INSTALLATION,
}
MERGE_GROUP: dict[str, Any] = {
    "action": "checks_requested",
    "merge_group": {
        "head_sha": "2ffea6db159f6b6c47a24e778fb9ef40cf6b1c7d",
        "head_ref": "refs/heads/gh-readonly-queue/main/pr-104-"
        "929f8209d40f77f4abc622a499c93a83babdbe64",
        "base_sha": "380387fbc80638b734a49e1be1c4dfec1c01b33c",
        "base_ref": "refs/heads/main",
        "head_commit": {"id": "ec26c3e57ca3a959ca5aad62de7213c562f8c821"},
    },
    "repository": {**REPOSITORY, "name": "octo-repo", "full_name": "octo-org/octo-repo"},
    "organization": {"login": "octo-org", "id": 6811672},
    "sender": PERSON,
    "installation": INSTALLATION,
}
PULL_REQUEST: dict[str, Any] = {
    "action": "synchronize",
    "number": 2,
    "pull_request": {
        "url": f"{API}/pulls/2",
        "id": 279147437,
        "number": 2,
        "state": "open",
        "title": "Update the README with new information.",
        "user": PERSON,
        "merged_at": None,
        "merge_commit_sha": None,
        "head": {
            "label": "Codertocat:changes",
            "ref": "changes",
            "sha": "ec26c3e57ca3a959ca5aad62de7213c562f8c821",
            "repo": REPOSITORY,
        },
        "base": {
            "label": "Codertocat:master",
            "ref": "master",
            "sha": "f95f852bd8fca8fcc58a9a2d6c842781e32a215e",
            "repo": REPOSITORY,
        },
        "draft": False,
        "merged": False,
    },
    "before": "f95f852bd8fca8fcc58a9a2d6c842781e32a215e",
    "after": "ec26c3e57ca3a959ca5aad62de7213c562f8c821",
    "repository": REPOSITORY,
    "installation": INSTALLATION,
    "sender": PERSON,
}
GITLAB: dict[str, Any] = {
    "object_kind": "deployment",
    "status": "success",
    "status_changed_at": "2021-04-28 21:50:00 +0200",
    "deployment_id": 15,
    "deployable_id": 796,
    "deployable_url": "http://10.126.0.2:3000/root/test-deployment-webhooks/-/jobs/796",
    "environment": "staging",
    "environment_tier": "staging",
    "environment_slug": "staging",
    "environment_external_url": "https://staging.example.com",
    "project": {
        "id": 30,
        "name": "test-deployment-webhooks",
        "namespace": "Administrator",
        "visibility_level": 0,
        "path_with_namespace": "root/test-deployment-webhooks",
        "default_branch": "master",
    },
    "short_sha": "279484c0",
    "user": {"id": 1, "name": "Administrator", "username": "root"},
    "commit_url": "http://10.126.0.2:3000/root/test-deployment-webhooks/-/commit/"
    "279484c09fbe69ededfced8c1bb6e6d24616b468",
    "commit_title": "Add new file",
}
MLFLOW: dict[str, Any] = {
    "entity": "model_version_alias",
    "action": "created",
    "timestamp": "2025-07-31T08:27:32.080217+00:00",
    "data": {"name": "example_model", "alias": "example_alias", "version": "1"},
}


def test_a_deployment_status_of_githubs_example_is_read() -> None:
    assert read_event("deployment_status", DEPLOYMENT_STATUS) == Went(
        "Codertocat/Hello-World",
        "production",
        "f95f852bd8fca8fcc58a9a2d6c842781e32a215e",
        "145988746",
        "Codertocat",
        kind=NoteKind.BEGAN,
        at=datetime(2019, 5, 15, 15, 20, 55, tzinfo=UTC),
    )


def test_a_group_of_a_merge_queue_of_githubs_example_is_read() -> None:
    sha = "2ffea6db159f6b6c47a24e778fb9ef40cf6b1c7d"
    assert read_event("merge_group", MERGE_GROUP) == Head("octo-org/octo-repo", 1, 0, sha, True)


def test_a_new_head_of_githubs_example_is_read_and_not_the_base() -> None:
    sha = "ec26c3e57ca3a959ca5aad62de7213c562f8c821"
    expected = Head("Codertocat/Hello-World", 1, 2, sha, True)
    assert read_event("pull_request", PULL_REQUEST) == expected


def test_a_deployment_of_gitlabs_example_is_read_with_its_whole_commit_and_its_time() -> None:
    went = Went(
        "root/test-deployment-webhooks",
        "staging",
        "279484c09fbe69ededfced8c1bb6e6d24616b468",
        "15",
        "root",
        "796",
        NoteKind.BEGAN,
        datetime(2021, 4, 28, 19, 50, tzinfo=UTC),
    )
    assert read_deployment(GITLAB) == (went, True)


def test_an_alias_of_mlflows_example_is_read() -> None:
    assert read_move(MLFLOW) == Moved("example_model", "example_alias", "1")

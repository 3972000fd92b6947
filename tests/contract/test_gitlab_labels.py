"""Labels of merge requests, as GitLab tells of them: over real HTTP."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import pytest

from bot.decide.outside import CodeHost, HostKind
from bot.errors import Unclear
from bot.notify.hosts.gitlab import GitLab
from tests.httpserver import BadServer, Conversation

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
PROJECT = ["api", "v4", "projects", "acme/ranker"]


@dataclass
class Lab:
    """A GitLab with one project, as far as its merge requests go."""

    requests: list[dict[str, Any]] = field(default_factory=list)
    events: list[dict[str, Any]] = field(default_factory=list)
    members: dict[str, dict[str, Any]] = field(default_factory=dict)

    def __call__(self, talk: Conversation) -> None:
        url = urlsplit(talk.request.path)
        path = [unquote(part) for part in url.path.strip("/").split("/")]
        asked = {name: values[0] for name, values in parse_qs(url.query).items()}
        assert path[:4] == PROJECT
        found = self._found(path[4:], asked)
        missing = '{"message": "404 Not found"}', "404 Not Found"
        talk.answer(*missing if found is None else (json.dumps(found), "200 OK"))

    def _found(self, path: list[str], asked: dict[str, str]) -> Any:
        match path:
            case ["repository", "commits", sha, "merge_requests"]:
                return self.requests if sha == "a" * 40 else []
            case ["merge_requests", "3", "resource_label_events"]:
                size = int(asked["per_page"])
                return self.events[(int(asked["page"]) - 1) * size :][:size]
            case ["members", "all", number]:
                return self.members.get(number)
        return None


@contextmanager
def gitlab(lab: Lab) -> Iterator[GitLab]:
    with BadServer(lab) as server:
        spec = CodeHost("lab", HostKind.GITLAB, server.url, (), "", "KEY")
        yield GitLab(spec, lambda name: "not-a-real-token", lambda: NOW, lambda: 0.0)


MERGE = {
    "iid": 3,
    "state": "merged",
    "merged_at": "2026-03-02T11:00:00.000Z",
    "merge_commit_sha": "a" * 40,
    "squash_commit_sha": None,
    "sha": "c" * 40,
    "labels": ["security", "docs"],
    "merge_user": {"id": 2, "username": "ben"},
}


def labelled(number: int, action: str = "add", label: str = "security", who: int = 1) -> Any:
    return {
        "id": number,
        "user": {"id": who, "username": {1: "ada", 2: "ben", 4: "gone"}[who]},
        "created_at": f"2026-03-02T11:{number % 60:02}:00.000Z",
        "resource_type": "MergeRequest",
        "label": {"id": 7, "name": label},
        "action": action,
    }


def test_labels_of_the_merge_request_that_made_a_commit_are_found_with_who_maintains() -> None:
    noise = [labelled(number, label="docs") for number in range(1, 101)]
    deleted = labelled(101) | {"label": None}
    lab = Lab(
        requests=[MERGE], events=[*noise, deleted, labelled(105), labelled(106, "remove", who=4)]
    )
    lab.members = {"1": {"access_level": 40, "state": "active"}, "2": {"access_level": 30}}
    with gitlab(lab) as api:
        (found,) = api.merged("acme/ranker", "a" * 40, ["Security"])
    assert (found.name, found.who, found.maintainers) == ("acme/ranker!3", "ben", {"ada"})
    assert [(one.who, one.on) for one in found.events] == [("ada", True), ("gone", False)]
    assert found.at == NOW.replace(hour=11)


@pytest.mark.parametrize(
    "change",
    [
        {"merged_at": None, "state": "opened"},
        {"merge_commit_sha": "b" * 40},
        {"labels": ["docs"]},
    ],
)
def test_a_merge_request_that_did_not_make_the_commit_or_bears_no_such_label_is_left_out(
    change: dict[str, Any],
) -> None:
    lab = Lab(requests=[MERGE | change], events=[labelled(5)])
    with gitlab(lab) as api:
        assert api.merged("acme/ranker", "a" * 40, ["security"]) == []


def test_a_squash_and_a_fast_forward_make_a_commit_as_well() -> None:
    for made in ({"squash_commit_sha": "a" * 40}, {"sha": "a" * 40}):
        lab = Lab(requests=[MERGE | {"merge_commit_sha": None} | made])
        with gitlab(lab) as api:
            assert len(api.merged("acme/ranker", "a" * 40, ["security"])) == 1


def test_a_blocked_member_and_a_time_that_is_none_are_not_believed() -> None:
    lab = Lab(requests=[MERGE], events=[labelled(5)])
    lab.members = {"1": {"access_level": 50, "state": "blocked"}}
    with gitlab(lab) as api:
        (found,) = api.merged("acme/ranker", "a" * 40, ["security"])
        assert found.maintainers == frozenset()
        lab.events = [labelled(5) | {"created_at": "soon"}]
        with pytest.raises(Unclear, match="a time that is none"):
            api.merged("acme/ranker", "a" * 40, ["security"])

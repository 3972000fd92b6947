"""The kind of a change as a label of its pull request: over real HTTP, with a GitHub that the test
starts."""

import json
from collections.abc import Iterator
from dataclasses import replace

import pytest

from bot.decide.approval import Wish
from bot.decide.change import ChangeKind
from bot.decide.github_events import read_event
from bot.decide.label import Merged
from bot.decide.outside import Outside
from bot.decide.policy import Exemption
from bot.errors import Unclear
from bot.flow.hosts.claims import AGAIN, claim_in, look_up
from bot.notify.hosts.github import GitHub
from bot.ports.hosts import Watch, WatchKind
from tests.flow.conftest import World
from tests.flow.hosted import Hosted
from tests.httpserver import BadServer
from tests.hub import INSTALLATION, ONE_LINE, PLACE, SHA, Hub, Merge, Waits, requested
from tests.pagerduty import status


@pytest.fixture
def hosted(world: World) -> Iterator[Hosted]:
    world.history_of_calm()
    hub = Hub(runs={42: Waits(42)}, roles={"ada": "maintain", "ben": "write", "root": "admin"})
    with BadServer(hub) as server:
        found = Hosted(world, server.url, hub)
        found.spec = replace(found.spec, labels=(("security", ChangeKind.SECURITY_FIX),))
        kinds = (Exemption(ChangeKind.SECURITY_FIX),)
        policy = replace(world.catalog().policies["default"], exemptions=kinds)
        found.gates.catalog = replace(
            world.catalog(), policies={"default": policy}, outside=Outside({"acme": found.spec})
        )
        world.ask(Wish.FREEZE)
        yield found


def visited(hosted: Hosted) -> bool:
    """Whether a deployment that waits was let go."""
    event = read_event("deployment_protection_rule", requested())
    hosted.notices.github(hosted.spec, "g1", event)
    hosted.later()
    return bool(hosted.hub.runs[42].approved)


def merge(hosted: Hosted, who: str = "ben") -> Merge:
    found = Merge(5, who=who)
    hosted.hub.merges.append(found)
    return found


def test_a_label_that_a_maintainer_set_lets_a_deployment_through_with_its_evidence(
    hosted: Hosted,
) -> None:
    merge(hosted).label("security", "ada")
    assert visited(hosted)
    assert "may go, with care" in hosted.hub.runs[42].approved
    (row,) = hosted.world.story("release_allowed")
    evidence = row.decision.evidence
    assert (evidence["kind"], evidence["kind_trusted"]) == ("security-fix", True)
    assert evidence["claim"] == "label security of acme/ranker#5, set by ada, a maintainer"


def test_a_label_of_somebody_who_may_only_write_lets_nothing_through(hosted: Hosted) -> None:
    merge(hosted, "ada").label("security", "ben")
    assert not visited(hosted)


def test_a_label_of_somebody_who_has_left_lets_nothing_through(hosted: Hosted) -> None:
    merge(hosted).label("security", "gone")
    assert not visited(hosted)


def test_the_name_of_a_branch_lets_nothing_through(hosted: Hosted) -> None:
    assert merge(hosted, "root").row["head"]["ref"] == "security/urgent"
    assert not visited(hosted)


def test_a_label_from_before_the_merge_needs_a_maintainer_who_merged(hosted: Hosted) -> None:
    early = "2026-03-02T10:00:00Z"
    merge(hosted).label("security", "ada", early)
    assert not visited(hosted)
    hosted.hub.merges[0].who = "root"
    hosted.later(61)
    assert hosted.hub.runs[42].approved


def test_a_label_that_was_taken_off_again_lets_nothing_through(hosted: Hosted) -> None:
    found = merge(hosted)
    found.label("security", "ada")
    found.unlabel("security", "ben")
    assert not visited(hosted)


def test_a_label_of_another_commit_lets_nothing_through(hosted: Hosted) -> None:
    found = merge(hosted)
    found.label("security", "ada")
    found.sha = "b" * 40
    assert not visited(hosted)


def test_a_request_of_another_repository_lets_nothing_through(hosted: Hosted) -> None:
    found = merge(hosted)
    found.label("security", "ada")
    found.home = "eve/ranker"
    assert not visited(hosted)


def test_without_labels_in_the_specs_nobody_looks(hosted: Hosted) -> None:
    hosted.spec = replace(hosted.spec, labels=())
    hosted.gates.catalog = replace(hosted.catalog(), outside=Outside({"acme": hosted.spec}))
    merge(hosted).label("security", "ada")
    assert not visited(hosted)
    found = hosted.world.record.read(lambda books: books.watches.of(WatchKind.DEPLOYMENT))
    assert "claim_at" not in found[0].facts


def test_a_label_that_comes_while_it_waits_lets_it_go(hosted: Hosted) -> None:
    found = merge(hosted)
    assert not visited(hosted)
    found.label("security", "ada")
    hosted.later(61)
    assert hosted.hub.runs[42].approved


def test_a_look_that_fails_is_no_claim_and_no_refusal(hosted: Hosted) -> None:
    merge(hosted).label("security", "ada")
    # The token and the run are answered, the look at the commit is not.
    hosted.hub.instead = [None, None, status("500 Oops", "")]
    assert not visited(hosted)
    assert hosted.hub.runs[42].reports
    assert SHA[:12] in hosted.hub.runs[42].reports[0]


def test_looking_at_labels_asks_for_no_more_than_to_read_pull_requests(world: World) -> None:
    hub = Hub()
    with BadServer(hub) as server:
        found = Hosted(world, server.url, hub)
        labels = (("security", ChangeKind.SECURITY_FIX),)
        spec = replace(found.spec, check="", labels=labels)
        api = GitHub(spec, lambda name: ONE_LINE, world.clock.now, lambda: 0.0)
        assert api.merged(PLACE, INSTALLATION, SHA, ["security"]) == []
        (asked,) = [one for one in server.requests if one.path.endswith("/access_tokens")]
    permissions = json.loads(asked.body)["permissions"]
    assert permissions == {"deployments": "write", "actions": "read", "pull_requests": "read"}


def test_what_a_label_said_is_not_believed_any_more_once_it_cannot_be_looked_up(
    hosted: Hosted,
) -> None:
    now = hosted.world.clock.now()
    said = {"kind": "security-fix", "said": "label security"}
    facts = {"claim": said, "claim_at": (now - AGAIN).isoformat()}
    watch = Watch("w", WatchKind.DEPLOYMENT, "acme", PLACE, facts)
    assert claim_in(watch) is not None

    def lost(_: object) -> list[Merged]:
        raise Unclear("no answer")

    assert claim_in(look_up(watch, hosted.spec, lost, now)) is None

"""The same words of GitHub under another delivery id: signed they are still, and whoever has seen
them once can send them again. Nothing is told twice, nor decided twice."""

from datetime import timedelta
from typing import Any

from bot.decide.approval import Wish
from bot.decide.github_events import body_of, read_event
from bot.ports.hosts import WatchKind
from tests.flow.conftest import SEARCH
from tests.flow.hosted import Hosted
from tests.flow.hosted import hosted as hosted
from tests.hub import PLACE, SHA, pull, requested


def sent(
    hosted: Hosted, event: str, said: dict[str, Any], times: int = 3, *, first: bool = True
) -> None:
    """The same body, each time as another delivery that was never taken before."""
    for number in range(times):
        guid, words = f"g{hosted.world.clock.now().timestamp()}", body_of(event, said)
        taken = hosted.notices.github(hosted.spec, guid, read_event(event, said), words)
        assert taken is (first and number == 0)
        hosted.later(5)


def told(hosted: Hosted) -> list[str]:
    hosted.world.deliver()
    both = [*hosted.world.heads(SEARCH), *hosted.world.replies(SEARCH)]
    return [text for text in both if "may not be released" in text]


def test_a_deployment_that_is_held_is_told_of_once(hosted: Hosted) -> None:
    hosted.world.ask(Wish.FREEZE)
    sent(hosted, "deployment_protection_rule", requested(), times=12)
    assert len(hosted.hub.runs[42].reports) == 1
    assert len(hosted.world.story("release_stopped")) == 1
    assert len(told(hosted)) == 1
    assert len(hosted.world.record.read(lambda b: b.watches.of(WatchKind.DEPLOYMENT))) == 1


def test_a_deployment_that_went_is_let_go_once_and_is_no_second_decision(hosted: Hosted) -> None:
    sent(hosted, "deployment_protection_rule", requested(), times=1)
    approved = hosted.hub.runs[42].approved
    assert approved
    sent(hosted, "deployment_protection_rule", requested(), first=False)
    assert hosted.hub.runs[42].approved == approved
    assert len(hosted.world.story("release_allowed")) == 1
    assert hosted.world.record.read(lambda b: b.watches.of(WatchKind.DEPLOYMENT)) == []


def test_a_replayed_deployment_uses_no_second_override(hosted: Hosted) -> None:
    outcome = hosted.world.ask(Wish.FREEZE)
    assert outcome.freeze is not None
    hosted.gates.grant(outcome.freeze.id, version="", commit=SHA)
    sent(hosted, "deployment_protection_rule", requested())
    assert hosted.hub.runs[42].approved
    assert len(hosted.world.story("override_used")) == 1


def test_a_head_gets_one_check_however_often_it_is_told(hosted: Hosted) -> None:
    sent(hosted, "pull_request", pull("opened"))
    assert len([one for one in hosted.hub.checks.values() if one["head_sha"] == SHA]) == 1
    assert hosted.hub.conclusions() == ["success"]


def test_a_release_that_was_seen_is_seen_once(hosted: Hosted) -> None:
    said = {
        "action": "created",
        "deployment_status": {"state": "success", "created_at": "2026-03-02T12:00:00Z"},
        "deployment": {"id": 9, "sha": SHA, "environment": "prod", "creator": {"login": "ada"}},
        "repository": {"id": 1, "full_name": PLACE},
        "installation": {"id": 7},
    }
    sent(hosted, "deployment_status", said)
    before = hosted.world.clock.now() - timedelta(days=1)
    seen = hosted.world.record.read(lambda b: b.sightings.since(before))
    assert [(one.service, one.commit) for one in seen] == [("ranker", SHA)]


def test_the_same_words_under_the_name_of_another_event_keep_nothing_away(hosted: Hosted) -> None:
    """The event's name is not signed either: words that come as a ping are not taken for told."""
    said = requested()
    words = body_of("ping", said)
    assert hosted.notices.github(hosted.spec, "g0", read_event("ping", said), words)
    sent(hosted, "deployment_protection_rule", said)
    assert hosted.hub.runs[42].approved

"""Deployments that wait at GitHub: over real HTTP, with a GitHub that the test starts."""

import pytest

from bot.decide.approval import Wish
from bot.decide.github_events import read_event
from bot.ports.hosts import WatchKind
from tests.flow.conftest import World
from tests.flow.hosted import Hosted
from tests.flow.hosted import hosted as hosted
from tests.hub import PLACE, Waits, pull, requested
from tests.pagerduty import status


def asked(hosted: Hosted, guid: str = "g1", run: int = 42, environment: str = "prod") -> bool:
    event = read_event("deployment_protection_rule", requested(run, environment))
    return hosted.notices.github(hosted.spec, guid, event)


def frozen(hosted: Hosted, who: str = "UADA") -> int:
    outcome = hosted.world.ask(Wish.FREEZE, who)
    assert outcome.freeze is not None
    return outcome.freeze.id


def lift(hosted: Hosted, number: int) -> None:
    now = hosted.world.clock.now()
    hosted.world.record.write(lambda books: books.freezes.lift(number, now))


def test_a_deployment_that_nothing_stops_is_approved_with_the_decision(hosted: Hosted) -> None:
    asked(hosted)
    hosted.deployments.run()
    (row,) = hosted.world.story("release_allowed")
    assert f"Decision {row.seq}" in hosted.hub.runs[42].approved
    assert row.decision.evidence["run"] == "github:42:1"
    assert row.decision.evidence["deployer"] == "github:ada"
    assert (row.decision.actor.id, row.decision.actor.name) == ("github:acme", PLACE)


def test_a_freeze_holds_a_deployment_and_never_turns_it_down(hosted: Hosted) -> None:
    number = frozen(hosted)
    asked(hosted)
    for _ in range(5):
        hosted.later()
    run = hosted.hub.runs[42]
    assert (run.status, run.approved) == ("waiting", "")
    assert len(run.reports) == 1
    assert f"freeze {number}" in run.reports[0]
    lift(hosted, number)
    hosted.later()
    assert run.approved


def test_a_freeze_that_starts_while_a_release_waits_holds_it_as_well(hosted: Hosted) -> None:
    first = frozen(hosted)
    asked(hosted)
    hosted.later()
    second = frozen(hosted, "UBEN")
    lift(hosted, first)
    hosted.later()
    run = hosted.hub.runs[42]
    assert not run.approved
    assert f"freeze {second}" in run.reports[-1]
    lift(hosted, second)
    hosted.later()
    assert run.approved


def test_a_freeze_that_starts_between_the_webhook_and_the_visit_holds(hosted: Hosted) -> None:
    asked(hosted)
    frozen(hosted)
    hosted.later()
    assert not hosted.hub.runs[42].approved


@pytest.mark.parametrize(("stopped", "who"), [("ranker", "UADA"), ("recs", "UBEN")])
def test_an_environment_goes_only_if_all_that_it_releases_goes(
    hosted: Hosted, stopped: str, who: str
) -> None:
    hosted.hub.runs[43] = Waits(43, "both")
    outcome = hosted.world.ask(Wish.FREEZE, who, stopped)
    assert outcome.freeze is not None
    number = outcome.freeze.id
    asked(hosted, "g2", 43, "both")
    hosted.later()
    assert not hosted.hub.runs[43].approved
    lift(hosted, number)
    hosted.later()
    assert hosted.hub.runs[43].approved


def test_an_environment_that_the_specs_do_not_name_waits_and_is_told_why(hosted: Hosted) -> None:
    hosted.hub.runs[44] = Waits(44, "elsewhere")
    asked(hosted, "g3", 44, "elsewhere")
    hosted.later()
    assert not hosted.hub.runs[44].approved
    assert "No service of the specs is meant" in hosted.hub.runs[44].reports[0]


def test_a_webhook_that_comes_again_is_acted_upon_once(hosted: Hosted) -> None:
    assert asked(hosted)
    hosted.deployments.run()
    assert not asked(hosted)
    assert hosted.deployments.run() == 0


def test_a_replay_under_another_delivery_after_the_end_changes_nothing(hosted: Hosted) -> None:
    asked(hosted)
    hosted.deployments.run()
    hosted.hub.runs[42].status = "completed"
    assert asked(hosted, "replayed")
    hosted.later()
    assert hosted.deployments.run() == 0
    assert len(hosted.world.story("release_allowed")) == 1


def test_the_approval_of_an_answer_that_was_lost_is_not_taken_for_a_refusal(
    hosted: Hosted,
) -> None:
    asked(hosted)
    hub = hosted.hub

    def taken_then_silent(talk: object) -> None:
        hub.runs[42].approved = "taken"
        raise OSError

    hub.instead = [None, None, taken_then_silent]
    hosted.deployments.run()
    assert hosted.deployments.run() == 0
    hosted.later(600)
    hosted.later(600)
    assert hosted.world.story("release_allowed")
    assert waiting(hosted) == 0


def waiting(hosted: Hosted) -> int:
    return len(hosted.world.record.read(lambda b: b.watches.of(WatchKind.DEPLOYMENT)))


def test_a_limit_of_the_host_is_obeyed_by_all_that_waits_there(hosted: Hosted) -> None:
    hosted.hub.runs[43] = Waits(43)
    asked(hosted)
    asked(hosted, "g2", 43)
    hosted.hub.instead = [status("429 Too Many", '{"message": "slow"}', "Retry-After: 120")]
    hosted.deployments.run()
    asks = len(hosted.hub.tokens)
    hosted.later(100)
    assert len(hosted.hub.tokens) == asks
    assert waiting(hosted) == 2
    hosted.later(30)
    assert waiting(hosted) == 0


def test_a_refusal_is_told_to_the_operators_once_a_day_and_tried_again(hosted: Hosted) -> None:
    asked(hosted)
    hosted.hub.instead = [status("403 Forbidden", '{"message": "no permission"}')] * 2
    hosted.deployments.run()
    hosted.later(60)
    hosted.later(600)
    assert hosted.hub.runs[42].approved
    hosted.world.deliver()
    (told,) = hosted.world.heads("#ops")
    assert "refuses" in told


def test_a_token_that_was_revoked_is_replaced(hosted: Hosted) -> None:
    asked(hosted)
    hosted.deployments.run()
    hosted.hub.tokens[:] = ["another"]
    hosted.hub.runs[43] = Waits(43)
    asked(hosted, "g2", 43)
    hosted.deployments.run()
    assert hosted.hub.runs[43].approved


def test_one_token_serves_until_shortly_before_its_end(hosted: Hosted) -> None:
    for run in (43, 44, 45):
        hosted.hub.runs[run] = Waits(run)
        asked(hosted, f"g{run}", run)
    hosted.deployments.run()
    assert len(hosted.hub.tokens) == 1


def test_two_replicas_do_not_both_answer(hosted: Hosted, world: World) -> None:
    asked(hosted)
    key = "github:acme:acme/ranker:42:prod"
    now = world.clock.now()
    assert world.record.write(lambda books: books.watches.claim(key, now, 60))
    assert hosted.deployments.run() == 0
    hosted.later(61)
    assert hosted.hub.runs[42].approved


def test_a_lost_webhook_is_found_by_looking_for_what_waits(hosted: Hosted) -> None:
    assert hosted.missed.run() == 1
    hosted.deployments.run()
    assert hosted.hub.runs[42].approved


def test_a_webhook_that_failed_is_taken_from_the_hosts_own_list(hosted: Hosted) -> None:
    hosted.hub.runs.clear()
    row = {
        "id": 1,
        "guid": "lost",
        "delivered_at": f"{hosted.world.clock.now():%FT%TZ}",
        "status_code": 502,
        "event": "pull_request",
        "request": {"headers": {}, "payload": pull("opened")},
    }
    hosted.hub.pulls[5] = "a" * 40
    hosted.hub.deliveries = [row, {**row, "id": 2, "guid": "fine", "status_code": 202}]
    assert hosted.missed.run() == 1
    assert not hosted.notices.github(hosted.spec, "lost", None)


def test_the_look_is_made_by_one_replica_every_two_minutes(hosted: Hosted) -> None:
    hosted.missed.run()
    hosted.hub.runs[50] = Waits(50)
    assert hosted.missed.run() == 0
    hosted.world.clock.advance(120)
    assert hosted.missed.run() == 1

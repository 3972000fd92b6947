"""The required check: it flips at every open head when a freeze starts or ends."""

from typing import Any

from bot.decide.approval import Wish
from bot.decide.github_events import read_event
from bot.decide.waiting import STALE
from tests.flow.hosted import Hosted
from tests.flow.hosted import hosted as hosted
from tests.hub import SHA, group, pull

OTHER = "b" * 40


def told(hosted: Hosted, event: str, said: dict[str, Any], guid: str = "") -> bool:
    name = guid or f"{event}{said}"
    return hosted.notices.github(hosted.spec, name, read_event(event, said))


def frozen(hosted: Hosted) -> int:
    outcome = hosted.world.ask(Wish.FREEZE)
    assert outcome.freeze is not None
    return outcome.freeze.id


def lift(hosted: Hosted, number: int) -> None:
    now = hosted.world.clock.now()
    hosted.world.record.write(lambda books: books.freezes.lift(number, now))


def test_a_new_head_gets_its_check(hosted: Hosted) -> None:
    told(hosted, "pull_request", pull("opened"))
    assert hosted.checks.run() == 1
    (check,) = hosted.hub.checks.values()
    assert (check["name"], check["head_sha"]) == ("burnban", SHA)
    assert hosted.hub.conclusions() == ["success"]


def test_a_green_check_from_before_a_freeze_does_not_stay_green(hosted: Hosted) -> None:
    told(hosted, "pull_request", pull("opened"))
    told(hosted, "pull_request", pull("opened", 6, OTHER))
    hosted.later()
    number = frozen(hosted)
    hosted.later()
    assert hosted.hub.conclusions() == ["in_progress"]
    assert hosted.hub.conclusions(OTHER) == ["in_progress"]
    lift(hosted, number)
    hosted.later()
    assert hosted.hub.conclusions() == hosted.hub.conclusions(OTHER) == ["success"]


def test_what_has_not_changed_is_not_told_again(hosted: Hosted) -> None:
    told(hosted, "pull_request", pull("opened"))
    hosted.later()
    for _ in range(3):
        hosted.world.clock.advance(60)
        assert hosted.checks.run() == 0


def test_a_push_during_a_freeze_begins_with_a_check_that_waits(hosted: Hosted) -> None:
    told(hosted, "pull_request", pull("opened"))
    hosted.later()
    frozen(hosted)
    told(hosted, "pull_request", pull("synchronize", sha=OTHER))
    hosted.later()
    assert hosted.hub.conclusions(OTHER) == ["in_progress"]
    assert hosted.hub.conclusions(SHA) == ["success"]


def test_a_group_of_a_merge_queue_waits_and_goes_on_by_itself(hosted: Hosted) -> None:
    number = frozen(hosted)
    told(hosted, "merge_group", group("checks_requested", OTHER))
    hosted.later()
    assert hosted.hub.conclusions(OTHER) == ["in_progress"]
    lift(hosted, number)
    hosted.later()
    assert hosted.hub.conclusions(OTHER) == ["success"]
    assert len(hosted.hub.checks) == 1


def test_groups_are_told_before_pull_requests(hosted: Hosted) -> None:
    for number in range(1, 4):
        told(hosted, "pull_request", pull("opened", number, f"{number}" * 40))
    told(hosted, "merge_group", group("checks_requested", OTHER))
    hosted.checks.run(most=1)
    assert hosted.hub.conclusions(OTHER) == ["success"]


def test_nobody_is_told_of_what_is_closed(hosted: Hosted) -> None:
    told(hosted, "pull_request", pull("opened"))
    told(hosted, "pull_request", pull("closed"))
    told(hosted, "merge_group", group("checks_requested", OTHER))
    told(hosted, "merge_group", group("destroyed", OTHER))
    assert hosted.checks.run() == 0


def test_a_check_that_somebody_deleted_is_made_anew(hosted: Hosted) -> None:
    number = frozen(hosted)
    told(hosted, "pull_request", pull("opened"))
    hosted.later()
    hosted.hub.checks.clear()
    lift(hosted, number)
    hosted.later()
    assert hosted.hub.conclusions() == ["success"]


def test_a_check_that_waits_is_told_anew_before_the_host_calls_it_stale(hosted: Hosted) -> None:
    frozen(hosted)
    told(hosted, "pull_request", pull("opened"))
    hosted.later()
    hosted.later(STALE.total_seconds())
    assert len(hosted.hub.checks) == 2


def test_heads_that_no_webhook_told_are_found_and_closed_ones_let_go(hosted: Hosted) -> None:
    told(hosted, "pull_request", pull("opened", 9, OTHER))
    hosted.hub.runs, hosted.hub.pulls = {}, {5: SHA}
    assert hosted.missed.run() == 2
    assert hosted.checks.run() == 1
    assert hosted.hub.conclusions() == ["success"]


def test_a_host_without_a_check_is_told_nothing(hosted: Hosted) -> None:
    said = pull("opened") | {"repository": {"full_name": "acme/unknown"}}
    told(hosted, "pull_request", said)
    assert hosted.checks.run() == 0

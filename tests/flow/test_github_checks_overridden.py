"""A required check of a commit that an override names: green while that could be used."""

from dataclasses import replace

from bot.decide.approval import Wish
from bot.decide.change import Change
from bot.decide.github_events import read_event
from bot.decide.override import Grant, Run
from bot.ports import Books
from tests.flow.hosted import Hosted
from tests.flow.hosted import hosted as hosted
from tests.hub import SHA, pull
from tests.record_samples import request

OTHER = "b" * 40
RED, GREEN = ["in_progress"], ["success"]


def opened(hosted: Hosted, number: int = 5, sha: str = SHA) -> None:
    event = read_event("pull_request", pull("opened", number, sha))
    hosted.notices.github(hosted.spec, f"g{number}{sha}", event)
    hosted.later()


def frozen(hosted: Hosted, who: str = "UADA") -> int:
    outcome = hosted.world.ask(Wish.FREEZE, who)
    assert outcome.freeze is not None
    return outcome.freeze.id


def granted(hosted: Hosted, *freezes: int, change: Change | None = None) -> Grant:
    now = hosted.world.clock.now()
    change = change or Change("ranker", commit=SHA)

    def work(books: Books) -> Grant:
        wanted = replace(request(), wish=Wish.OVERRIDE, change=change, freezes=freezes)
        asked = books.requests.add(wanted)
        end = now.replace(hour=now.hour + 2)
        return books.grants.add(Grant(0, asked.id, change, freezes, now, end))

    return hosted.world.record.write(work)


def test_an_approved_override_turns_the_check_of_its_commit_green_and_is_named(
    hosted: Hosted,
) -> None:
    freeze = frozen(hosted)
    opened(hosted)
    opened(hosted, 6, OTHER)
    grant = granted(hosted, freeze)
    hosted.later()
    assert hosted.hub.conclusions() == GREEN
    newest = [one for one in hosted.hub.checks.values() if one["head_sha"] == SHA][-1]
    assert newest["output"]["title"] == f"Override {grant.request} lets this commit through"
    assert f"freeze {freeze}" in newest["output"]["summary"]
    assert hosted.hub.conclusions(OTHER) == RED


def test_looking_uses_no_override_however_often(hosted: Hosted) -> None:
    freeze = frozen(hosted)
    opened(hosted)
    grant = granted(hosted, freeze)
    for _ in range(3):
        hosted.later()
    kept = hosted.world.record.read(lambda books: books.grants.get(grant.id))
    assert kept is not None
    assert (kept.used_at, kept.used_by) == (None, "")


def test_an_override_that_has_expired_leaves_the_check_red(hosted: Hosted) -> None:
    freeze = frozen(hosted)
    opened(hosted)
    granted(hosted, freeze)
    hosted.later()
    assert hosted.hub.conclusions() == GREEN
    hosted.later(2 * 3_600)
    assert hosted.hub.conclusions() == RED


def test_an_override_that_is_revoked_leaves_the_check_red(hosted: Hosted) -> None:
    freeze = frozen(hosted)
    opened(hosted)
    grant = granted(hosted, freeze)
    hosted.later()
    now = hosted.world.clock.now()
    assert hosted.world.record.write(lambda books: books.grants.revoke(grant.id, now))
    hosted.later()
    assert hosted.hub.conclusions() == RED


def test_an_override_that_another_run_has_used_leaves_the_check_red(hosted: Hosted) -> None:
    freeze = frozen(hosted)
    opened(hosted)
    granted(hosted, freeze)
    hosted.later()
    used = hosted.gates.ask("", commit=SHA, run=Run("github", "77"))
    assert used.outcome.goes
    hosted.later()
    assert hosted.hub.conclusions() == RED


def test_a_freeze_that_the_override_does_not_name_leaves_the_check_red(hosted: Hosted) -> None:
    freeze = frozen(hosted)
    opened(hosted)
    granted(hosted, freeze)
    hosted.later()
    frozen(hosted, "UBEN")
    hosted.later()
    assert hosted.hub.conclusions() == RED


def test_an_override_of_a_version_says_nothing_about_a_commit(hosted: Hosted) -> None:
    freeze = frozen(hosted)
    opened(hosted)
    granted(hosted, freeze, change=Change("ranker", "38"))
    hosted.later()
    assert hosted.hub.conclusions() == RED


def test_a_check_that_an_override_made_green_stays_so_after_the_thaw_and_says_why(
    hosted: Hosted,
) -> None:
    freeze = frozen(hosted)
    opened(hosted)
    granted(hosted, freeze)
    hosted.later()
    now = hosted.world.clock.now()
    hosted.world.record.write(lambda books: books.freezes.lift(freeze, now))
    hosted.later()
    assert hosted.hub.conclusions() == GREEN
    newest = list(hosted.hub.checks.values())[-1]
    assert newest["output"]["title"] == "Releases may go"

"""Deployments that wait at GitHub, at the edges: limits of the host, tokens that end, processes
that die."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.decide.caller import Caller, Rights
from bot.decide.gate_answer import Outcome
from bot.decide.override import Run
from bot.decide.people import Actor, Door
from bot.notify.hosts.github import GitHub
from bot.ports.hosts import WatchKind
from tests.flow.hosted import Hosted
from tests.flow.hosted import hosted as hosted
from tests.flow.test_github_deployments import asked, frozen, lift
from tests.hub import SHA, Waits


def test_of_reasons_that_change_again_and_again_ten_are_told_and_the_thaw_still_lets_it_go(
    hosted: Hosted,
) -> None:
    standing = frozen(hosted)
    asked(hosted)
    for _ in range(12):
        hosted.later()
        lift(hosted, standing)
        standing = frozen(hosted)
    hosted.later()
    run = hosted.hub.runs[42]
    assert (len(run.reports), len(set(run.reports))) == (10, 10)
    assert "no more comments fit here" in run.reports[-1]
    hosted.world.deliver()
    assert [head for head in hosted.world.heads("#ops") if "refuses" in head] == []
    lift(hosted, standing)
    hosted.later()
    assert run.approved


def test_a_comment_that_does_not_fit_any_more_holds_up_nothing(hosted: Hosted) -> None:
    run = hosted.hub.runs[42]
    run.reports = [f"one whose answer was lost {number}" for number in range(10)]
    number = frozen(hosted)
    asked(hosted)
    hosted.later()
    hosted.world.deliver()
    assert [head for head in hosted.world.heads("#ops") if "refuses" in head] == []
    lift(hosted, number)
    hosted.later(15)
    assert run.approved


def test_a_run_that_was_let_go_and_then_queued_is_stopped_when_it_asks_itself(
    hosted: Hosted,
) -> None:
    asked(hosted)
    hosted.deployments.run()
    assert hosted.hub.runs[42].approved
    vouched = Run("github", "42", named_by="github")
    rights = Rights.of(["gate:decide:*"])
    job = Caller(Actor("ci:gh:acme", "ada", Door.API), rights, run=vouched)
    assert hosted.gates.ask("", commit=SHA, run=None, caller=job).outcome.goes
    frozen(hosted)
    assert hosted.gates.ask("", commit=SHA, run=None, caller=job).outcome is Outcome.DENY


def test_shortly_before_its_end_another_token_is_taken(hosted: Hosted) -> None:
    clock = hosted.world.clock
    hosted.hub.expires = lambda: f"{clock.now() + timedelta(hours=1):%FT%TZ}"
    taken = []
    for run, later in ((43, 0), (44, 54 * 60), (45, 60)):
        hosted.hub.runs[run] = Waits(run)
        clock.advance(later)
        asked(hosted, f"g{run}", run)
        hosted.deployments.run()
        taken.append(len(hosted.hub.tokens))
    assert taken == [1, 1, 2]


class Dies:
    """Ends as soon as an approval has arrived, as by `kill -9`."""

    def __init__(self, api: GitHub) -> None:
        self._api = api

    def __getattr__(self, name: str) -> Any:
        return getattr(self._api, name)

    def answer(self, *words: Any, approve: bool) -> None:
        self._api.answer(*words, approve=approve)
        raise KeyboardInterrupt


def test_whoever_takes_over_knows_that_an_approval_may_have_gone_out(hosted: Hosted) -> None:
    asked(hosted)
    dying: Any = Dies(hosted.api)
    with pytest.raises(KeyboardInterrupt):
        replace(hosted.deployments, hosts=lambda name: dying).run()
    assert hosted.hub.runs[42].approved
    hosted.later(61)
    assert hosted.world.record.read(lambda b: b.watches.of(WatchKind.DEPLOYMENT)) == []
    hosted.world.deliver()
    assert [head for head in hosted.world.heads("#ops") if "refuses" in head] == []


def test_each_attempt_of_a_run_uses_an_override_of_its_own(hosted: Hosted) -> None:
    hosted.gates.grant(frozen(hosted), version="", commit=SHA)
    asked(hosted)
    hosted.deployments.run()
    run = hosted.hub.runs[42]
    assert run.approved
    run.attempt, run.approved = 2, ""
    asked(hosted, "g2")
    hosted.later()
    assert not run.approved
    assert run.reports

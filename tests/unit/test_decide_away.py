"""What a pipeline does with an answer of the gate, and without one."""

from dataclasses import replace

import pytest

from bot.decide.away import Exit, Kept, exit_of, unanswered
from bot.decide.change import ChangeKind
from bot.decide.gate_answer import Outcome
from bot.decide.silence import Silence
from tests.unit.gating import NOW, hours

OPEN = Kept(Outcome.ALLOW, (), "nothing stops releases", "prod", NOW + hours(0.25))
FROZEN = replace(OPEN, outcome=Outcome.DENY, codes=("MANUAL_FREEZE",), reason="frozen by freeze 12")
RETRAIN = ChangeKind.RETRAIN


@pytest.mark.parametrize(
    ("outcome", "codes", "code"),
    [
        (Outcome.ALLOW, [], Exit.GOES),
        (Outcome.WARN, [], Exit.GOES),
        (Outcome.DENY, ["MANUAL_FREEZE"], Exit.FROZEN),
        (Outcome.HOLD, ["HELD"], Exit.HELD),
        (Outcome.HOLD, ["NO_FRESH_DATA"], Exit.NO_DATA),
        (Outcome.DENY, ["NO_FRESH_DATA"], Exit.NO_DATA),
        (Outcome.DENY, ["NO_FRESH_DATA", "BUDGET_FREEZE"], Exit.FROZEN),
        (Outcome.DENY, ["UNKNOWN_SERVICE"], Exit.USAGE),
    ],
)
def test_each_answer_has_its_exit_code(outcome: Outcome, codes: list[str], code: Exit) -> None:
    assert exit_of(outcome, codes) is code


def test_a_warning_is_never_an_exit_code_that_ends_a_script() -> None:
    assert exit_of(Outcome.WARN, ["BUDGET_BURNING"]) == 0


def test_what_was_known_holds_until_the_instant_that_was_promised() -> None:
    assert unanswered(RETRAIN, "", OPEN, NOW).passes
    assert unanswered(RETRAIN, "", OPEN, OPEN.valid_until).code is Exit.UNREACHABLE
    closed = unanswered(RETRAIN, "", FROZEN, NOW)
    assert (closed.code, closed.passes) == (Exit.FROZEN, False)
    assert "freeze 12" in closed.sentence


@pytest.mark.parametrize("environment", ["prod", "", "production", "eu"])
def test_after_that_no_release_goes_where_somebody_may_be_hurt(environment: str) -> None:
    found = unanswered(RETRAIN, environment, None, NOW)
    assert found.code is Exit.UNREACHABLE
    assert "rollback" in found.sentence


def test_elsewhere_releases_go_on_by_what_is_said_now_and_by_what_was_known() -> None:
    assert unanswered(RETRAIN, "Staging", None, NOW).passes
    staging = replace(OPEN, environment="staging", valid_until=NOW)
    assert unanswered(RETRAIN, "", staging, NOW).passes
    assert unanswered(RETRAIN, "dev", staging, NOW).passes
    assert not unanswered(RETRAIN, "prod", staging, NOW).passes
    prod = replace(OPEN, environment="prod", valid_until=NOW)
    stopped = unanswered(RETRAIN, "staging", prod, NOW)
    assert (stopped.code, "into prod" in stopped.sentence) == (Exit.UNREACHABLE, True)


def test_after_that_it_is_as_the_policy_says_of_the_environment() -> None:
    said = (("canary", Silence.ALLOW), ("Staging", Silence.DENY))
    assert unanswered(RETRAIN, "Canary", None, NOW, said).passes
    assert not unanswered(RETRAIN, "staging", None, NOW, said).passes
    assert unanswered(RETRAIN, "dev", None, NOW, said).passes
    assert not unanswered(RETRAIN, "prod", None, NOW, said).passes
    assert unanswered(ChangeKind.ROLLBACK, "staging", None, NOW, said).passes


def test_what_was_last_known_of_the_policy_speaks_of_its_environment_alone() -> None:
    prod = replace(OPEN, valid_until=NOW, then=Silence.ALLOW)
    assert unanswered(RETRAIN, "", prod, NOW).passes
    assert unanswered(RETRAIN, "Prod", prod, NOW).passes
    assert not unanswered(RETRAIN, "eu", prod, NOW).passes
    staging = replace(OPEN, environment="staging", valid_until=NOW, then=Silence.DENY)
    assert not unanswered(RETRAIN, "", staging, NOW).passes
    assert not unanswered(RETRAIN, "dev", staging, NOW).passes
    nameless = replace(prod, environment="")
    assert not unanswered(RETRAIN, "", nameless, NOW).passes


def test_what_holds_still_is_not_loosened_by_what_follows_it() -> None:
    frozen = replace(FROZEN, then=Silence.ALLOW)
    assert unanswered(RETRAIN, "prod", frozen, NOW).code is Exit.FROZEN


def test_a_rollback_passes_always() -> None:
    assert unanswered(ChangeKind.ROLLBACK, "prod", FROZEN, NOW).passes

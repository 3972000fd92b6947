"""The gate: what it answers, what it records, what it uses up."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.decide.approval import Wish
from bot.decide.caller import Caller, Rights
from bot.decide.change import ChangeKind
from bot.decide.gate_answer import Outcome
from bot.decide.override import OverrideState, Run
from bot.decide.people import Actor, Door
from bot.errors import Contradicted, Doubtful, Forbidden, RecordError, Undecidable, UserError
from bot.flow.gate.words import GateWords
from tests.flow.conftest import SEARCH, World
from tests.flow.gates import RUN, Gates

OTHER = Run("github", "2")


@pytest.fixture
def gate(world: World) -> Gates:
    world.history_of_calm()
    return Gates(world)


def frozen(gate: Gates, **how: float) -> int:
    """The ranker is frozen by its on-call."""
    outcome = gate.world.ask(Wish.FREEZE, **how)
    assert outcome.freeze is not None
    return outcome.freeze.id


def told(gate: Gates) -> list[str]:
    return [str(row.decision.event) for row in gate.world.story()]


def test_a_release_that_nothing_stops_goes_and_is_on_record_with_its_evidence(gate: Gates) -> None:
    found = gate.ask(deployer="github:ada", kind=ChangeKind.RETRAIN)
    assert found.outcome is Outcome.ALLOW
    (row,) = gate.world.story("release_allowed")
    assert found.facts["decision_id"] == str(row.seq)
    decision = row.decision
    assert (decision.scope, decision.actor.id) == ("service:ranker", "token:1")
    evidence = decision.evidence
    assert (evidence["change"], evidence["deployer"]) == ("38", "github:ada")
    assert evidence["budgets"][0]["eligible"] > 0
    assert decision.policy == gate.world.policy.version


def test_a_freeze_stops_releases_of_its_scope_and_of_nobody_else(gate: Gates) -> None:
    number = frozen(gate)
    found = gate.ask()
    assert found.outcome is Outcome.DENY
    assert found.facts["reasons"][0]["freeze_id"] == str(number)
    assert gate.ask(service="recs").outcome is Outcome.ALLOW


def test_what_is_asked_again_is_the_same_decision_and_counted_not_recorded_again(
    gate: Gates,
) -> None:
    frozen(gate)
    first = gate.ask()
    assert "repeated" not in first.facts
    rows = len(gate.world.story())
    for _ in range(3):
        again = gate.ask().facts
        assert (again["decision_id"], again["repeated"]) == (first.facts["decision_id"], True)
    assert len(gate.world.story()) == rows
    gate.world.record.write(lambda b: b.freezes.lift(1, gate.world.clock.now()))
    gate.ask()
    (row,) = gate.world.story("release_allowed")
    assert row.decision.evidence["asked_before"] == 4


def test_whoever_waits_goes_once_the_freeze_is_over(gate: Gates) -> None:
    frozen(gate, hours=1)
    stopped = gate.ask()
    assert stopped.facts["next_open"] is not None
    gate.world.clock.advance(3_600)
    assert gate.ask().outcome.goes


def test_a_freeze_that_starts_while_a_release_holds_its_answer_stops_the_next_question(
    gate: Gates,
) -> None:
    first = gate.ask()
    frozen(gate)
    second = gate.ask()
    assert (first.outcome.goes, second.outcome) == (True, Outcome.DENY)
    assert first.facts["decision_id"] != second.facts["decision_id"]


def test_an_override_is_used_once_and_the_same_run_may_ask_again(gate: Gates) -> None:
    grant = gate.grant(frozen(gate))
    first = gate.ask()
    assert (first.outcome, first.facts["override_id"]) == (Outcome.WARN, str(grant.request))
    assert gate.ask().facts["decision_id"] == first.facts["decision_id"]
    assert gate.ask(run=OTHER).outcome is Outcome.DENY
    kept = gate.world.record.read(lambda b: b.grants.get(grant.id))
    assert kept is not None
    used_by = f"{RUN} by token:ci"
    assert (kept.state(gate.world.clock.now()), kept.used_by) == (OverrideState.USED, used_by)
    assert told(gate).count("override_used") == 1


def test_an_override_for_another_version_opens_nothing_and_is_not_used(gate: Gates) -> None:
    grant = gate.grant(frozen(gate), version="37")
    assert gate.ask().outcome is Outcome.DENY
    kept = gate.world.record.read(lambda b: b.grants.get(grant.id))
    assert kept is not None
    assert kept.used_at is None


def test_a_run_without_a_name_is_its_release(gate: Gates) -> None:
    gate.grant(frozen(gate))
    assert gate.ask(run=None).outcome is Outcome.WARN
    assert gate.ask(run=None).outcome is Outcome.WARN
    assert gate.ask("39", run=None).outcome is Outcome.DENY


def test_the_same_request_has_the_same_answer_and_its_key_stands_for_no_other(gate: Gates) -> None:
    first = gate.ask(once="k1")
    frozen(gate)
    assert gate.ask(once="k1").facts == first.facts
    with pytest.raises(Contradicted, match="Idempotency-Key"):
        gate.ask("39", once="k1")
    gate.world.clock.advance(901)
    assert gate.ask(once="k1").outcome is Outcome.DENY


def test_the_key_of_one_caller_is_not_that_of_another(gate: Gates) -> None:
    other = Caller(Actor("token:2", "ci", Door.API), Rights.of(["gate:decide:*"]))
    gate.ask(once="k1")
    assert gate.ask("39", once="k1", caller=other).outcome.goes


def test_a_token_opens_only_what_it_names(gate: Gates) -> None:
    narrow = Caller(Actor("token:2", "ci", Door.API), Rights.of(["gate:decide:recs"]))
    with pytest.raises(Forbidden, match="ranker"):
        gate.ask(caller=narrow)
    assert gate.ask(service="recs", caller=narrow).outcome.goes


def test_a_slip_of_whoever_may_ask_for_one_service_is_told_its_name(gate: Gates) -> None:
    narrow = Caller(Actor("token:2", "ci", Door.API), Rights.of(["gate:decide:recs"]))
    with pytest.raises(Forbidden, match=r"releases of recx\. Did you mean recs\?"):
        gate.ask(service="recx", caller=narrow)
    with pytest.raises(Forbidden, match=r"releases of ranker\.$"):
        gate.ask(caller=narrow)


def test_without_a_run_an_override_is_for_one_commit_and_ends_when_it_expires(gate: Gates) -> None:
    gate.grant(frozen(gate), version="38", hours=1)

    def ask(commit: str) -> Outcome:
        return gate.ask(run=None, commit=commit).outcome

    assert ask("a" * 40) is Outcome.WARN
    assert ask("b" * 40) is Outcome.DENY
    gate.world.clock.advance(3_599)
    assert ask("a" * 40) is Outcome.WARN
    gate.world.clock.advance(1)
    assert ask("a" * 40) is Outcome.DENY


def test_a_vouched_run_is_the_run_and_a_stranger_is_refused(gate: Gates) -> None:
    run = Caller(Actor("ci:gh:acme", "ada", Door.API), Rights.of(["gate:decide:*"]), run=OTHER)
    gate.ask(run=None, caller=run)
    (row,) = gate.world.story("release_allowed")
    assert row.decision.evidence["run"] == str(OTHER)
    with pytest.raises(Contradicted, match="run"):
        gate.ask(run=RUN, caller=run)


def test_an_unknown_service_is_refused_with_the_nearest_name_and_nobody_is_told(
    gate: Gates,
) -> None:
    found = gate.ask(service="rankr")
    assert found.outcome is Outcome.DENY
    assert "ranker" in found.facts["sentence"]
    gate.world.deliver()
    assert gate.world.heads() == []


def test_a_stopped_release_is_told_once_to_its_team_with_what_to_do(gate: Gates) -> None:
    frozen(gate)
    gate.ask()
    gate.ask(run=OTHER)
    gate.world.deliver()
    told = [text for text in gate.world.heads(SEARCH) if "38" in text]
    assert len(told) == 1
    assert "may not be released" in told[0]
    gate.ask("39")
    gate.world.deliver()
    assert [text for text in gate.world.heads(SEARCH) if "39" in text] == []
    assert len([text for text in gate.world.replies(SEARCH) if "39 may not" in text]) == 1


def test_without_the_database_what_was_known_last_answers_and_says_so(gate: Gates) -> None:
    gate.flow.keep()
    gate.record.fault = RecordError("gone")
    found = gate.ask()
    assert found.outcome.goes
    assert (found.facts["decision_id"], found.facts["recorded"]) == (None, False)
    assert "known last" in found.facts["sentence"]


def test_without_the_database_no_override_is_used(gate: Gates) -> None:
    grant = gate.grant(frozen(gate))
    gate.flow.keep()
    gate.record.fault = RecordError("gone")
    found = gate.ask()
    assert found.outcome is Outcome.DENY
    assert "overrides cannot be used" in found.facts["sentence"]
    kept = gate.world.record.read(lambda b: b.grants.get(grant.id))
    assert kept is not None
    assert kept.used_at is None


def test_a_rollback_passes_without_the_database_and_is_recorded_when_it_is_back(
    gate: Gates,
) -> None:
    frozen(gate)
    gate.flow.keep()
    gate.record.fault = RecordError("gone")
    assert gate.ask(kind=ChangeKind.ROLLBACK).outcome is Outcome.WARN
    gate.record.fault = None
    gate.flow.keep()
    gate.flow.keep()
    (row,) = gate.world.story("release_allowed")
    assert row.decision.evidence["kind"] == "rollback"


def test_what_was_known_holds_for_a_quarter_of_an_hour_and_no_longer(gate: Gates) -> None:
    gate.flow.keep()
    gate.record.fault = RecordError("gone")
    gate.world.clock.advance(899)
    assert gate.ask().outcome.goes
    gate.world.clock.advance(1)
    with pytest.raises(Undecidable):
        gate.ask()


def test_who_never_saw_anything_cannot_decide(gate: Gates) -> None:
    gate.record.fault = RecordError("gone")
    with pytest.raises(Undecidable) as told:
        gate.ask()
    assert told.value.retry_after > 0


def test_where_nobody_knows_whether_it_was_stored_there_is_no_answer(gate: Gates) -> None:
    gate.flow.keep()
    gate.record.fault = Doubtful("gone while it stored")
    with pytest.raises(Undecidable, match="ask again"):
        gate.ask()


def test_unknown_data_mean_what_the_policy_says(gate: Gates) -> None:
    gate.world.clock.advance(timedelta(hours=1).total_seconds())
    found = gate.ask()
    assert found.outcome is Outcome.WARN
    assert found.facts["reasons"][0]["code"] == "NO_FRESH_DATA"
    assert found.facts["budget"]["stale"] is True


def test_the_words_of_slack_answer_before_anything_tries_and_use_nothing(gate: Gates) -> None:
    words = GateWords(gate.record, gate.world.clock, gate.snapshot)
    assert words.facts("ranker")["closed"] is False
    grant = gate.grant(frozen(gate, hours=2))
    closed = words.facts("ranker", "39")
    assert (closed["closed"], closed["freezes"], closed["override"]) == (True, [1], None)
    assert closed["next_open"] is not None
    through = words.facts("ranker", "38")
    assert (through["closed"], through["override"]) == (False, grant.request)
    assert told(gate).count("override_used") == 0
    with pytest.raises(UserError, match="takes one service"):
        words.facts("all")
    with pytest.raises(UserError, match="beginning of a commit"):
        words.facts("ranker", "abc1234")


def test_a_run_that_has_used_an_override_gets_no_other_commit_through(gate: Gates) -> None:
    """Also where people granted a version and named no commit."""
    gate.grant(frozen(gate))
    one, other = "a" * 40, "b" * 40
    assert gate.ask(commit=one).outcome is Outcome.WARN
    assert gate.ask(commit=other).outcome is Outcome.DENY
    assert gate.ask(commit=one).outcome is Outcome.WARN
    assert told(gate).count("override_used") == 1


def test_where_no_override_is_left_a_run_that_was_faster_has_it(gate: Gates) -> None:
    grant = gate.grant(frozen(gate))
    now, other = gate.world.clock.now(), replace(OTHER, named_by="token:ci")
    assert gate.world.record.write(lambda b: b.grants.use(grant.id, other, now, grant.change))
    assert gate.ask().outcome is Outcome.DENY
    assert gate.ask(run=OTHER).outcome is Outcome.WARN
    assert told(gate).count("override_used") == 0

"""The gate: what stops a release, what lets it through, and for how long that holds."""

from dataclasses import replace

import pytest

from bot.decide.change import ChangeKind
from bot.decide.freeze import Effect, Freeze, Origin
from bot.decide.gate import HOLDS, answer, next_close, next_open
from bot.decide.gate_answer import Answer, Circumstances, Outcome, Question, Why
from bot.decide.override import Run
from bot.decide.policy import ANYONE, DEFAULT, Blind, Exemption, Mode
from bot.judge.burn import Severity
from bot.judge.dates import instant
from bot.judge.verdict import Code, Kind
from tests.builders import verdict
from tests.unit.gating import CHANGE, NOW, RUN, SERVICE, ask, freeze, grant, hours

BLIND = verdict(Kind.UNKNOWN, code=Code.STALE)
MONITOR = replace(DEFAULT, mode=Mode.MONITOR)
STRICT = replace(DEFAULT, blind=(("prod", Blind.DENY),))
CLOSED = replace(DEFAULT, exemptions=())


def test_where_nothing_stops_a_release_it_goes_and_a_reason_is_given() -> None:
    found = ask()
    assert found.outcome is Outcome.ALLOW
    assert [ground.code for ground in found.grounds] == [Why.OPEN]
    assert found.valid_until == NOW + HOLDS
    assert found.next_open is None


@pytest.mark.parametrize(
    ("effect", "origin", "outcome", "code"),
    [
        (Effect.FREEZE, Origin.MANUAL, Outcome.DENY, Why.MANUAL_FREEZE),
        (Effect.FREEZE, Origin.POLICY, Outcome.DENY, Why.BUDGET_FREEZE),
        (Effect.FREEZE, Origin.SCHEDULE, Outcome.DENY, Why.SCHEDULED_FREEZE),
        (Effect.HOLD, Origin.POLICY, Outcome.HOLD, Why.HELD),
        (Effect.CAUTION, Origin.POLICY, Outcome.HOLD, Why.NEEDS_APPROVAL),
    ],
)
def test_each_effect_has_its_answer(
    effect: Effect, origin: Origin, outcome: Outcome, code: Why
) -> None:
    found = ask(freeze(effect=effect, origin=origin))
    assert (found.outcome, found.grounds[0].code, found.grounds[0].freeze) == (outcome, code, 1)
    assert "bad rollout" in found.grounds[0].message


def test_the_figures_of_a_policys_freeze_are_said_to_be_those_of_its_beginning() -> None:
    spent = replace(freeze(origin=Origin.POLICY), reason="error budget of “Latency”: gone")
    burning = verdict(Kind.BURNING, fires=Severity.PAGE, code=Code.BURN_ALERT)
    found = ask(spent, verdicts=[burning])
    began = instant(spent.starts_at)
    assert found.grounds[0].message == (
        f"releases are frozen by freeze 1: when it began, {began}: error budget of “Latency”: gone"
    )
    assert found.grounds[1].message.startswith("ranker/availability now: ")
    watched = ask(replace(spent, monitored=True))
    assert f"when it began, {began}" in watched.grounds[0].message


def test_the_reason_of_people_needs_no_date() -> None:
    message = ask(freeze()).grounds[0].message
    assert message == "releases are frozen by freeze 1: bad rollout"


def test_the_strictest_of_overlapping_freezes_decides_and_all_are_named() -> None:
    found = ask(freeze(1, effect=Effect.CAUTION), freeze(2), freeze(3, effect=Effect.HOLD))
    assert found.outcome is Outcome.DENY
    assert found.grounds[0].freeze == 2
    assert found.freezes == {1, 2, 3}


def test_a_future_freeze_stops_nothing_but_ends_the_answer_when_it_begins() -> None:
    found = ask(freeze(starts=0.1, ends=5))
    assert found.outcome is Outcome.ALLOW
    assert found.valid_until == NOW + hours(0.1)


def test_a_freeze_that_a_policy_only_watches_with_is_a_warning() -> None:
    found = ask(freeze(monitored=True))
    assert (found.outcome, found.grounds[0].code) == (Outcome.WARN, Why.MONITORED)
    assert "would have applied" in found.grounds[0].message


def test_under_a_policy_that_only_monitors_nothing_stops_and_no_override_is_used() -> None:
    found = ask(freeze(), policy=MONITOR, grants=[grant(1)])
    assert (found.outcome, found.mode, found.grant) == (Outcome.WARN, Mode.MONITOR, None)
    assert found.grounds[0].outcome is Outcome.DENY
    assert ask(policy=MONITOR).outcome is Outcome.ALLOW


def test_the_next_opening_is_when_the_last_freeze_ends() -> None:
    found = ask(freeze(1, ends=1), freeze(2, ends=3), freeze(3, starts=2, ends=4))
    assert found.next_open == NOW + hours(4)
    assert found.valid_until == NOW + HOLDS


def test_an_answer_ends_with_the_freeze_that_it_rests_on() -> None:
    assert ask(freeze(ends=0.1)).valid_until == NOW + hours(0.1)


def test_nobody_knows_when_a_freeze_without_an_end_opens() -> None:
    assert ask(freeze(1, ends=1), freeze(2)).next_open is None
    assert next_open([freeze(2)], NOW) is None
    assert next_open([], NOW) == NOW
    assert next_open([freeze(monitored=True)], NOW) == NOW


def test_the_next_closing_is_the_freeze_that_begins_first() -> None:
    late, soon = freeze(1, starts=3), freeze(2, starts=1)
    assert next_close([late, soon, freeze(3), freeze(4, starts=0.5, monitored=True)], NOW) == soon
    assert next_close([freeze()], NOW) is None


def test_a_spent_budget_warns_and_a_burning_one_too() -> None:
    spent = verdict(Kind.EXHAUSTED, code=Code.BUDGET_SPENT)
    burns = verdict(Kind.BURNING, fires=Severity.PAGE, code=Code.BURN_ALERT)
    found = ask(verdicts=[spent, burns, verdict()])
    assert found.outcome is Outcome.WARN
    assert [g.code for g in found.grounds] == [Why.BUDGET_EXHAUSTED, Why.BUDGET_BURNING]


def test_too_little_traffic_to_say_anything_is_nothing_to_say() -> None:
    assert ask(verdicts=[verdict(Kind.UNKNOWN, code=Code.FEW_EVENTS)]).outcome is Outcome.ALLOW


@pytest.mark.parametrize("blind", list(Blind))
def test_an_unknown_budget_means_what_the_policy_says_for_the_environment(blind: Blind) -> None:
    found = ask(verdicts=[BLIND], policy=replace(DEFAULT, blind=(("prod", blind),)))
    assert str(found.outcome) == str(blind)
    assert found.grounds[0].code is Why.NO_FRESH_DATA
    assert found.next_open is None


def test_a_named_override_lets_its_release_through_and_everything_is_still_named() -> None:
    found = ask(freeze(), grants=[grant(1)])
    assert (found.outcome, found.grant) == (Outcome.WARN, grant(1))
    assert [g.code for g in found.grounds] == [Why.OVERRIDE, Why.MANUAL_FREEZE]
    assert found.grounds[0].message == "override 9 lets 38 through, once"


def test_a_later_freeze_needs_a_new_override() -> None:
    found = ask(freeze(1), freeze(2), grants=[grant(1)])
    assert (found.outcome, found.grant) == (Outcome.DENY, None)


def test_an_override_for_another_commit_opens_nothing() -> None:
    other = replace(CHANGE, commit="b" * 40)
    assert ask(freeze(), grants=[grant(1, change=other)]).outcome is Outcome.DENY


def test_an_override_is_not_used_where_nothing_stops() -> None:
    assert ask(grants=[grant(1)]).grant is None


def test_an_override_does_not_stand_for_data_unless_taken_in_an_emergency() -> None:
    both = {"verdicts": [BLIND], "policy": STRICT}
    assert ask(freeze(), grants=[grant(1)], **both).outcome is Outcome.DENY
    assert ask(freeze(), grants=[grant(1, emergency=True)], **both).outcome is Outcome.WARN
    assert ask(grants=[grant(emergency=True)], **both).outcome is Outcome.WARN


def test_an_answer_by_an_override_holds_no_longer_than_the_override() -> None:
    short = replace(grant(1), use_by=NOW + hours(0.1))
    assert ask(freeze(), grants=[short]).valid_until == NOW + hours(0.1)


def test_an_exempt_kind_passes_if_whoever_asks_is_believed() -> None:
    policy = replace(DEFAULT, exemptions=(Exemption(ChangeKind.SECURITY_FIX),))
    believed = ask(freeze(), policy=policy, kind=ChangeKind.SECURITY_FIX, trusted=True)
    assert (believed.outcome, believed.grant) == (Outcome.WARN, None)
    assert [g.code for g in believed.grounds] == [Why.EXEMPT, Why.MANUAL_FREEZE]
    doubted = ask(freeze(), policy=policy, kind=ChangeKind.SECURITY_FIX)
    assert doubted.outcome is Outcome.DENY
    assert Why.CLAIM_NOT_TRUSTED in {g.code for g in doubted.grounds}


def test_a_rollback_passes_by_default_whoever_claims_it() -> None:
    assert DEFAULT.exemption(ChangeKind.ROLLBACK) == Exemption(ChangeKind.ROLLBACK, (ANYONE,))
    assert ask(freeze(), kind=ChangeKind.ROLLBACK).outcome is Outcome.WARN
    assert ask(freeze(), kind=ChangeKind.ROLLBACK, policy=CLOSED).outcome is Outcome.DENY


def test_an_exempt_kind_does_not_use_up_an_override() -> None:
    assert ask(freeze(), kind=ChangeKind.ROLLBACK, grants=[grant(1)]).grant is None


def test_an_unknown_service_is_refused_with_the_nearest_names() -> None:
    found = ask(service=None, near=["tanker", "rankers"])
    assert (found.outcome, found.grounds[0].code) == (Outcome.DENY, Why.UNKNOWN_SERVICE)
    assert "did you mean rankers or tanker?" in found.grounds[0].message
    assert found.next_open is None
    assert "mean" not in ask(service=None).grounds[0].message


def test_an_unknown_service_is_a_warning_where_the_policy_only_monitors() -> None:
    assert ask(service=None, policy=MONITOR).outcome is Outcome.WARN


def test_a_question_is_told_from_another_by_run_release_and_trust() -> None:
    question = Question(CHANGE, RUN)
    others = [
        Question(CHANGE, RUN, trusted=True),
        Question(CHANGE, Run("github", "123", 2)),
        Question(replace(CHANGE, commit="b" * 40), RUN),
        Question(replace(CHANGE, kind=ChangeKind.ROLLBACK), RUN),
    ]
    assert len({one.key for one in [question, *others]}) == 5
    assert question.key == Question(replace(CHANGE, ticket="ML-1"), RUN).key


def expecting(openings: dict[int, float], *freezes: Freeze, blind: bool = False) -> Answer:
    """May it go, if so much is expected, in hours from now?"""
    verdicts = [BLIND] if blind else []
    found = Circumstances(
        SERVICE,
        STRICT if blind else DEFAULT,
        freezes,
        verdicts,
        openings={number: NOW + hours(ahead) for number, ahead in openings.items()},
    )
    return answer(Question(CHANGE, RUN), found, NOW)


def test_where_no_end_is_certain_the_expected_one_is_told_beside_it() -> None:
    found = expecting({1: 50}, freeze(1, origin=Origin.POLICY))
    assert (found.next_open, found.expected_open) == (None, NOW + hours(50))


def test_the_last_of_certain_and_expected_ends_counts() -> None:
    found = expecting({1: 50}, freeze(1), freeze(2, ends=60))
    assert (found.next_open, found.expected_open) == (None, NOW + hours(60))


def test_a_certain_end_needs_no_forecast() -> None:
    found = expecting({1: 50}, freeze(1, ends=2))
    assert (found.next_open, found.expected_open) == (NOW + hours(2), None)


def test_nobody_expects_an_opening_if_one_freeze_has_no_end_at_all() -> None:
    assert expecting({1: 50}, freeze(1), freeze(2)).expected_open is None


def test_when_data_come_back_nobody_expects() -> None:
    assert expecting({1: 50}, freeze(1), blind=True).expected_open is None


def test_a_release_that_goes_is_told_no_opening() -> None:
    assert expecting({1: 50}).expected_open is None

"""A replay looks at stored rows as a poll looks at the newest one."""

from dataclasses import replace
from datetime import timedelta
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from bot.decide.freeze import Effect
from bot.decide.past import Outcome, Past, Stood, looks_of
from bot.decide.policy import Approvals, Mode, Policy, Thaw, Then, Threshold
from bot.decide.replay import replay
from bot.judge.burn import BurnAlert, Severity
from bot.judge.objective import Objective
from tests.builders import DAY, HOUR, MINUTE, NOON, Part, objective, story, when
from tests.examples import examples

ONE = objective()
TWO = objective(name="latency")
FREEZING = Policy(
    "p",
    "v1",
    thresholds=(Threshold(Fraction(1, 2), Then.FREEZE),),
    thaw=Thaw(left=Fraction(51, 100), dwell=10 * MINUTE),
    resolve_after=5 * MINUTE,
)
ASKING = replace(FREEZING, thresholds=(Threshold(Fraction(1, 2), Then.REQUEST_FREEZE),))
CALM_MONTH = Part(30 * DAY, 100)
"""A budget of 4,320."""
ANSWER = timedelta(minutes=30)


def past(policy: Policy, *parts: Part, of: Objective = ONE, until: int = NOON) -> Past:
    balances = story(CALM_MONTH, *parts, until=until)
    return Past(policy, looks_of(of, balances, balances.first.at))


def replayed(*pasts: Past, hours: int = 6, answer: timedelta | None = None) -> Outcome:
    return replay(pasts, NOON - hours * HOUR, NOON, answer)


def minutes(stood: Stood) -> tuple[float, float | None]:
    """When it began and ended, in minutes before noon."""
    since = (when(NOON) - stood.since).total_seconds() / 60
    until = None if stood.until is None else (when(NOON) - stood.until).total_seconds() / 60
    return since, until


def test_where_nothing_happens_nothing_is_done() -> None:
    assert replayed(past(FREEZING, Part(HOUR, 100))) == Outcome()


def test_a_freeze_begins_at_the_row_that_passes_the_threshold() -> None:
    found = replayed(past(FREEZING, Part(40 * MINUTE, 100, 100)))
    (stood,) = found.stood
    # 2,160 of 4,320 and half of what comes in meanwhile: the 22nd minute
    assert minutes(stood) == (18, None)
    assert (stood.service, stood.effect, stood.causes) == ("ranker", Effect.FREEZE, (ONE.id,))
    assert not stood.approved
    assert "burn" in stood.reason
    assert (found.pages, found.tickets, found.requests) == (1, 0, 0)


def test_a_freeze_thaws_after_its_dwell_time() -> None:
    burst, rest = Part(22 * MINUTE, 100, 100), Part(4 * HOUR, 10_000)
    (stood,) = replayed(past(FREEZING, burst, rest)).stood
    begun, over = minutes(stood)
    assert begun == 240
    assert over is not None
    assert over < 240 - 10


def test_only_what_lies_in_the_span_is_looked_at() -> None:
    early = past(FREEZING, Part(HOUR, 100, 100), Part(2 * HOUR, 100))
    (stood,) = replayed(early, hours=2).stood
    assert minutes(stood) == (119, None), "it was so already when the replay began"
    assert replay([early], NOON - 30 * DAY, NOON - 3 * HOUR, None) == Outcome()


def test_the_first_row_of_an_account_is_its_opening_and_no_look() -> None:
    balances = story(Part(HOUR, 100))
    young = Past(FREEZING, looks_of(ONE, balances, balances.first.at))
    assert replay([young], NOON - DAY, NOON, None) == Outcome()


def test_a_request_that_nobody_answers_freezes_nothing_and_is_made_again() -> None:
    policy = replace(ASKING, approvals=Approvals(expires=HOUR))
    found = replayed(past(policy, Part(40 * MINUTE, 100, 100), Part(3 * HOUR, 100)))
    assert found.stood == ()
    assert found.requests == 4  # at 198 minutes before noon, and every hour from then on


def test_a_request_is_not_made_again_once_its_cause_is_gone() -> None:
    policy = replace(
        ASKING, thresholds=(), on_page=Then.REQUEST_FREEZE, approvals=Approvals(expires=2 * HOUR)
    )
    found = replayed(past(policy, Part(6 * MINUTE, 100, 60), Part(4 * HOUR, 100)))
    assert found.requests == 1


def test_a_request_is_approved_after_the_time_that_people_take() -> None:
    found = replayed(past(ASKING, Part(40 * MINUTE, 100, 100), Part(HOUR, 100)), answer=ANSWER)
    (stood,) = found.stood
    assert minutes(stood) == (78 - 30, None)
    assert stood.approved
    assert found.requests == 1


def test_an_answer_that_comes_after_the_end_of_the_replay_is_none() -> None:
    found = replayed(past(ASKING, Part(23 * MINUTE, 100, 100)), answer=ANSWER)
    assert (found.stood, found.requests) == ((), 1)


def test_an_answer_that_comes_too_late_is_none() -> None:
    policy = replace(ASKING, approvals=Approvals(expires=20 * MINUTE))
    found = replayed(past(policy, Part(30 * MINUTE, 100, 100)), answer=ANSWER)
    assert (found.stood, found.requests) == ((), 1)


def test_objectives_of_one_service_ask_once_and_thaw_together() -> None:
    fire, calm = Part(40 * MINUTE, 100, 100), Part(2 * HOUR, 60_000)
    one = past(ASKING, fire, calm)
    two = past(ASKING, fire, Part(2 * HOUR, 100), of=TWO)
    found = replayed(one, two, answer=ANSWER)
    assert found.requests == 1
    (stood,) = found.stood
    assert stood.causes == (ONE.id, TWO.id)
    assert stood.until is None, "one of them has not recovered"
    both = replayed(one, past(ASKING, fire, calm, of=TWO), answer=ANSWER)
    (stood,) = both.stood
    assert stood.until is not None


def test_what_cannot_be_judged_of_the_other_thaws_nothing() -> None:
    fire, calm = Part(40 * MINUTE, 100, 100), Part(2 * HOUR, 60_000)
    silent = Part(100 * MINUTE, None)
    two = past(ASKING, fire, Part(20 * MINUTE, 60_000), silent, of=TWO)
    (stood,) = replayed(past(ASKING, fire, calm), two, answer=ANSWER).stood
    assert stood.until is None


def test_of_another_cause_that_is_not_in_the_replay_yet_nothing_is_known() -> None:
    fire, calm = Part(40 * MINUTE, 100, 100), Part(2 * HOUR, 60_000)
    policy = replace(FREEZING, approvals=Approvals(expires=HOUR))
    found = replayed(past(policy, fire, calm), past(policy, fire, calm, of=TWO))
    assert [one.causes for one in found.stood] == [(ONE.id,), (TWO.id,)]


def test_a_freeze_of_the_policy_takes_the_place_of_its_request() -> None:
    steps = (
        Threshold(Fraction(3, 4), Then.REQUEST_FREEZE),
        Threshold(Fraction(1, 2), Then.FREEZE),
    )
    policy = replace(FREEZING, thresholds=steps)
    found = replayed(past(policy, Part(40 * MINUTE, 100, 100)), answer=timedelta(hours=1))
    (stood,) = found.stood
    assert not stood.approved
    assert found.requests == 1


def test_milder_steps_are_set_beside() -> None:
    steps = (
        Threshold(Fraction(3, 4), Then.CAUTION),
        Threshold(Fraction(1, 2), Then.HOLD),
    )
    policy = replace(FREEZING, thresholds=steps, thaw=Thaw(dwell=0))
    found = replayed(past(policy, Part(30 * MINUTE, 100, 100), Part(5 * HOUR, 40_000)))
    assert [(one.effect, one.until is None) for one in found.stood] == [
        (Effect.CAUTION, False),
        (Effect.HOLD, False),
    ]
    caution, hold = found.stood
    assert caution.until is not None
    assert hold.until is not None
    assert hold.until < caution.until, "each thaws by itself"


def test_tickets_and_pages_are_counted_apart() -> None:
    slow = replayed(past(FREEZING, Part(5 * HOUR, 1_000, 4)))
    assert (slow.pages, slow.tickets) == (0, 1)
    rising = replayed(past(FREEZING, Part(4 * HOUR, 1_000, 4), Part(30 * MINUTE, 1_000, 300)))
    assert (rising.pages, rising.tickets) == (2, 1), "it rises to a page, and then is gone"


def test_a_policy_that_only_watches_is_replayed_as_if_it_acted() -> None:

    watching = replace(FREEZING, mode=Mode.MONITOR)
    fire = Part(40 * MINUTE, 100, 100)
    assert replayed(past(watching, fire)) == replayed(past(FREEZING, fire))


STRETCHES = st.lists(
    st.tuples(
        st.integers(1, 60),
        st.sampled_from([100.0, 20_000.0, 100_000.0, None]),
        st.sampled_from([0.0, 0.0003, 0.0009, 0.002, 0.2]),
    ),
    min_size=3,
    max_size=12,
)
ALERTS = st.sampled_from([(), (), ONE.alerts])
LEFTS = st.sampled_from([Fraction(n, 20) for n in (0, 1, 5, 10, 15, 19)])
STEPS = st.lists(
    st.builds(
        Threshold,
        LEFTS,
        st.sampled_from(list(Then)),
        st.sampled_from([None, None, Severity.PAGE, Severity.TICKET]),
    ),
    max_size=4,
)
POLICIES = st.builds(
    Policy,
    name=st.just("p"),
    version=st.just("v1"),
    thresholds=st.builds(tuple, STEPS),
    on_page=st.sampled_from(list(Then)),
    on_ticket=st.sampled_from([Then.WARN, Then.CAUTION]),
    thaw=st.builds(
        Thaw,
        left=LEFTS,
        dwell=st.sampled_from([0, 10 * MINUTE, HOUR]),
        cooling=st.sampled_from([0, 5 * MINUTE]),
    ),
    approvals=st.builds(Approvals, expires=st.just(HOUR)),
    resolve_after=st.sampled_from([0, 5 * MINUTE]),
)


@examples(100)
@given(
    st.lists(STRETCHES, min_size=1, max_size=2), POLICIES, ALERTS, st.sampled_from([None, ANSWER])
)
def test_where_nothing_can_change_nothing_is_missed(
    stretches: list[list[tuple[int, float | None, float]]],
    policy: Policy,
    alerts: tuple[BurnAlert, ...],
    answer: timedelta | None,
) -> None:
    pasts = [
        past(
            policy,
            *(Part(n * MINUTE, seen, (seen or 0) * bad) for n, seen, bad in parts),
            of=replace(one, alerts=alerts),
        )
        for one, parts in zip((ONE, TWO), stretches, strict=False)
    ]
    quick = replay(pasts, NOON - 10 * HOUR, NOON, answer)
    assert quick == replay(pasts, NOON - 10 * HOUR, NOON, answer, closely=True)

"""What a policy wants is done once for each cause; what is stricter comes beside what is milder."""

from dataclasses import replace

from bot.decide.consequence import Plan, overdue, plan
from bot.decide.freeze import Effect, Freeze, Origin
from bot.decide.people import BURNBAN
from bot.decide.policy import Mode, Then
from bot.decide.scope import Reach, Scope
from tests.builders import NOON, when

NAME = "ranker/availability"
FREEZE = Freeze(
    1, Scope(Reach.SERVICE, "ranker"), "spent", Origin.POLICY, BURNBAN, when(NOON), cause=NAME
)
CAUTION = replace(FREEZE, id=2, effect=Effect.CAUTION)


def planned(
    *thens: Then,
    standing: tuple[Freeze, ...] = (),
    mode: Mode = Mode.ENFORCE,
    asked: bool = False,
) -> Plan:
    return plan(thens, NAME, standing, mode, lambda: asked)


def test_a_warning_wants_nothing_done() -> None:
    assert not planned(Then.WARN)
    assert planned() == Plan()


def test_each_step_sets_its_own_the_strictest_first() -> None:
    found = planned(Then.CAUTION, Then.FREEZE, Then.HOLD)
    assert found == Plan((Effect.FREEZE, Effect.HOLD, Effect.CAUTION), rises=True)
    assert found


def test_what_the_objective_has_caused_already_is_not_set_again() -> None:
    assert not planned(Then.FREEZE, standing=(FREEZE,))
    assert planned(Then.FREEZE, standing=(replace(FREEZE, cause="ranker/latency"),))


def test_a_rise_adds_the_stricter_one_and_is_news() -> None:
    assert planned(Then.HOLD, standing=(CAUTION,)) == Plan((Effect.HOLD,), rises=True)


def test_what_is_milder_than_what_stands_is_set_without_a_word() -> None:
    assert planned(Then.CAUTION, standing=(FREEZE,)) == Plan((Effect.CAUTION,), rises=False)


def test_people_are_asked_unless_they_are_already_or_releases_are_frozen() -> None:
    assert planned(Then.REQUEST_FREEZE) == Plan(asks=True)
    assert not planned(Then.REQUEST_FREEZE, asked=True)
    assert not planned(Then.REQUEST_FREEZE, standing=(FREEZE,))
    assert not planned(Then.REQUEST_FREEZE, Then.FREEZE).asks
    assert planned(Then.REQUEST_FREEZE, Then.HOLD) == Plan((Effect.HOLD,), rises=True, asks=True)
    assert planned(Then.REQUEST_FREEZE, standing=(CAUTION,)).asks


def test_what_was_only_watched_does_not_count_once_the_policy_acts() -> None:
    watched = replace(FREEZE, monitored=True)
    assert planned(Then.FREEZE, standing=(watched,)) == Plan((Effect.FREEZE,), rises=True)
    assert not planned(Then.FREEZE, standing=(watched,), mode=Mode.MONITOR)
    assert not planned(Then.FREEZE, standing=(FREEZE,), mode=Mode.MONITOR)
    assert planned(Then.FREEZE, mode=Mode.MONITOR).watched


def test_what_was_watched_is_to_be_done_once_the_policy_acts() -> None:
    watched = replace(FREEZE, monitored=True)
    other = replace(watched, cause="ranker/latency")
    assert overdue(NAME, (watched, other, CAUTION), Mode.ENFORCE) == (watched,)
    assert overdue(NAME, (watched,), Mode.MONITOR) == ()


def test_plans_for_one_service_come_together() -> None:
    both = Plan((Effect.HOLD,), rises=True).beside(Plan((Effect.FREEZE, Effect.HOLD), asks=True))
    assert both == Plan((Effect.FREEZE, Effect.HOLD), rises=True, asks=True)
    watching = Plan((Effect.FREEZE,), watched=True)
    assert watching.beside(Plan(asks=True)) == Plan(asks=True)
    assert Plan(asks=True).beside(watching) == Plan(asks=True)
    assert watching.beside(watching) == watching

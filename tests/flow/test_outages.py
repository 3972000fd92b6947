"""An outage of a source is one row of the history, and its end another, whatever it cuts off."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from bot.decide.decision import Decision
from bot.errors import RecordError
from bot.flow.evaluate import BEHIND, Evaluate
from bot.flow.poll.succeed import take_leave
from bot.judge.objective import Objective
from bot.ports import HistoryFilter
from tests.builders import DAY, HOUR, MINUTE, NOON, objective, rolling
from tests.fakes import FakeSource
from tests.flow.conftest import OPS, World

VERDICT, BEGAN, ENDED, AGAIN = "verdict_changed", "outage_began", "outage_ended", "judged_again"
FLEET = tuple(objective(f"model-{n}", window=rolling(1)) for n in range(5))
NAMES = [one.id for one in FLEET]


def calm(world: World, objectives: Sequence[Objective] = FLEET, hours: int = 30) -> None:
    """A day of calm behind us, and hours of it to come."""
    world.objectives = tuple(objectives)
    world.open()
    for one in objectives:
        world.source.steady(one.id, NOON - DAY, NOON + hours * HOUR + 2 * MINUTE, 2)
    poll(world, 2)


def poll(world: World, minutes: int) -> None:
    """A poll a minute, two objectives a transaction."""
    for _ in range(minutes):
        world.clock.advance(MINUTE)
        evaluation(world).run(world.source)


def evaluation(world: World) -> Evaluate:
    """Transactions of two objectives each."""
    return Evaluate(world.record, world.clock, world.catalog, OPS, chunk=2)


def rows(world: World, *events: str) -> list[tuple[str, str]]:
    """Event and scope, oldest first."""
    return [(str(row.decision.event), row.decision.scope) for row in world.story(*events)]


def one(world: World, event: str) -> Decision:
    """The only row of that event."""
    (row,) = world.story(event)
    return row.decision


def test_an_outage_is_one_row_and_its_end_another(world: World) -> None:
    calm(world)
    known = len(world.story())
    world.source.fault = "connection refused"
    poll(world, 12)
    world.source.fault = None
    poll(world, 3)
    fresh = world.story()[known:]
    assert [str(row.decision.event) for row in fresh] == [BEGAN, ENDED]
    began, ended = (row.decision for row in fresh)
    assert began.scope == ended.scope == "source:fake"
    assert began.reason == "no answer for 5 objectives of 5 services: connection refused"
    assert began.evidence["objectives"] == dict.fromkeys(NAMES, "healthy")
    assert began.evidence["reasons"] == {"connection refused": 5}
    assert ended.reason == "it answers again after 12 min: 5 objectives of 5 services"
    assert ended.evidence["objectives"] == NAMES
    assert ended.evidence["outage"] == fresh[0].seq
    assert (ended.evidence["since"], ended.evidence["waiting"]) == (began.evidence["since"], [])
    assert world.record.read(lambda b: b.history.verify()).broken is None


def test_people_are_told_of_an_outage_as_before(world: World) -> None:
    calm(world)
    world.source.fault = "connection refused"
    poll(world, 5)
    world.source.fault = None
    poll(world, 2)
    world.deliver()
    assert len([text for text in world.heads(OPS) + world.heads() if "no verdict" in text]) == 1
    assert world.story("went_blind", "sees_again") == []


def test_what_has_changed_behind_an_outage_is_a_verdict_of_the_objectives_own(
    world: World,
) -> None:
    calm(world, hours=0)
    world.source.fault = "connection refused"
    for one_ in FLEET:
        bad = 1.0 if one_.id == NAMES[0] else 0.0
        world.source.steady(one_.id, NOON + 2 * MINUTE, NOON + HOUR, 2, bad)
    poll(world, 20)
    assert world.story(VERDICT)[5:] == []
    world.source.fault = None
    poll(world, 2)
    assert [r.decision.reason for r in world.story(VERDICT)[5:]] == ["healthy → exhausted"]
    changed = world.story(VERDICT)[5].decision
    assert changed.scope == "service:model-0"
    assert changed.evidence["bad"] == 21 * MINUTE
    assert rows(world, BEGAN, ENDED) == [(BEGAN, "source:fake"), (ENDED, "source:fake")]


def test_an_objective_that_alone_gets_no_answer_keeps_its_own_rows(world: World) -> None:
    calm(world)
    world.source.faults[NAMES[1]] = "parse error"
    poll(world, 4)
    world.source.faults.clear()
    poll(world, 2)
    own = [r.decision for r in world.story() if r.decision.objective == NAMES[1]]
    assert [str(d.event) for d in own] == [VERDICT, VERDICT, "went_blind", VERDICT, "sees_again"]
    assert own[1].reason == "healthy → unknown"
    assert own[1].evidence["reasons"][0]["text"] == "parse error"
    assert rows(world, BEGAN, ENDED, AGAIN) == []


def test_what_cannot_be_judged_after_an_outage_is_told_once_it_can(world: World) -> None:
    calm(world, hours=0)
    for each in FLEET:  # nothing was scraped for ten minutes
        world.source.steady(each.id, NOON + 12 * MINUTE, NOON + 9 * HOUR, 2)
    world.source.fault = "connection refused"
    poll(world, 10)
    world.source.fault = None
    poll(world, 1)
    ended = one(world, ENDED)
    assert ended.reason.endswith("5 objectives of 5 services; 5 of them cannot be judged yet")
    assert ended.evidence["waiting"] == NAMES
    assert world.story(AGAIN) == []
    poll(world, 20)
    again = one(world, AGAIN)
    assert again.reason == "5 objectives of 5 services can be judged again"
    assert again.evidence["objectives"] == NAMES
    assert len(world.story(VERDICT)) == 5, "each was noted as healthy once, at the beginning"


def test_an_outage_ends_when_the_last_one_has_its_answer(world: World) -> None:
    calm(world)
    world.source.fault = "timed out"
    poll(world, 2)
    world.source.fault = None
    world.source.faults[NAMES[4]] = "timed out"
    poll(world, 2)
    assert one(world, AGAIN).evidence["objectives"] == NAMES[:4]
    assert world.story(ENDED) == []
    world.source.faults.clear()
    poll(world, 2)
    assert one(world, ENDED).evidence["objectives"] == NAMES
    assert len(world.story(AGAIN)) == 1


def test_a_source_that_is_down_from_the_start_is_one_row_however_many_it_is_asked_for(
    world: World,
) -> None:
    fleet = [objective(f"model-{n}", window=rolling(1)) for n in range(2 * BEHIND + 3)]
    world.objectives = tuple(fleet)
    world.open()
    world.source.fault = "no such host"
    poll(world, 1)
    assert len(one(world, BEGAN).evidence["objectives"]) == len(fleet)
    assert rows(world, VERDICT) == []
    world.deliver()


def test_a_service_sees_the_outages_that_touched_it_and_no_others(world: World) -> None:
    elsewhere = replace(objective("quiet", window=rolling(1)), source="other")
    calm(world, (*FLEET, elsewhere))
    world.source.fault = "connection refused"
    poll(world, 2)
    world.source.fault = None
    poll(world, 1)

    def events(word: str, **page: int) -> list[str]:
        return [row["event"] for row in world.page(word, **page)["rows"]]

    assert events("model-3") == [ENDED, BEGAN, VERDICT]
    assert world.page("model-3")["rows"][0]["scope"] == "source fake"
    assert events("quiet") == []
    assert events("search").count(BEGAN) == 1
    assert events("").count(BEGAN) == 1
    page = world.page("model-3", limit=1)
    assert [row["event"] for row in page["rows"]] == [ENDED]
    assert events("model-3", before=page["next_before"], limit=1) == [BEGAN]


def test_an_outage_of_other_services_does_not_shorten_a_page(world: World) -> None:
    elsewhere = replace(objective("quiet", window=rolling(1)), source="other")
    other = FakeSource("other")
    calm(world, (*FLEET, elsewhere))
    other.steady(elsewhere.id, NOON - DAY, NOON + DAY, 2)
    evaluation(world).run(other)
    for _ in range(7):
        world.source.fault = "connection refused"
        poll(world, 1)
        world.source.fault = None
        poll(world, 1)
    assert len(world.story(BEGAN)) == 7
    found = world.page("quiet", limit=5)
    assert [row["event"] for row in found["rows"]] == [VERDICT]
    assert found["next_before"] is None


def test_an_outage_does_not_wait_for_what_has_left_the_specs(world: World) -> None:
    calm(world)
    world.source.fault = "timed out"
    poll(world, 1)
    world.source.fault = None
    world.source.faults[NAMES[4]] = "timed out"
    poll(world, 1)
    former = world.catalog()
    world.objectives = FLEET[:4]
    now = world.clock.now()
    for _ in range(2):  # as two replicas would
        world.record.write(lambda b: take_leave(b, former, world.catalog(), OPS, now))
    assert one(world, ENDED).evidence["objectives"] == NAMES


def test_an_end_that_could_not_be_noted_is_noted_at_the_next_poll(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    calm(world)
    world.source.fault = "timed out"
    poll(world, 1)
    world.source.fault = None

    def fails(*_: object) -> None:
        raise RecordError("the disk is full")

    with monkeypatch.context() as broken:
        broken.setattr("bot.flow.evaluate.settle", fails)
        with pytest.raises(RecordError):
            poll(world, 1)
    assert world.story(ENDED) == []
    poll(world, 2)
    assert one(world, ENDED).evidence["objectives"] == NAMES
    assert world.story(AGAIN) == []


def test_what_is_cut_off_again_belongs_to_a_new_outage(world: World) -> None:
    calm(world)
    for _ in range(2):
        world.source.fault = "timed out"
        poll(world, 2)
        world.source.fault = None
        poll(world, 2)
    assert [event for event, _ in rows(world, BEGAN, ENDED, AGAIN)] == [BEGAN, ENDED] * 2
    numbers = [row.seq for row in world.story(BEGAN)]
    assert [row.decision.evidence["outage"] for row in world.story(ENDED)] == numbers
    wanted = HistoryFilter(scopes=("service:model-0",), services=("model-0",), after=numbers[0])
    found = world.record.read(lambda b: [row.seq for row in b.history.find(wanted)])
    assert found == [row.seq for row in reversed(world.story(BEGAN, ENDED)[1:])]


@pytest.mark.parametrize(
    ("kinds", "said"),
    [
        (["HTTP 503"], ": HTTP 503"),
        (["HTTP 503", "HTTP 502"], ": HTTP 502; and 1 other fault"),
        (["HTTP 503", "HTTP 502", "no answer"], ": no answer; and 2 other faults"),
    ],
)
def test_an_outage_says_its_commonest_fault_and_how_many_others_there_are(
    world: World, kinds: list[str], said: str
) -> None:
    calm(world)
    world.source.faults = {name: kinds[min(n, len(kinds) - 1)] for n, name in enumerate(NAMES)}
    poll(world, 1)
    assert one(world, BEGAN).reason.endswith(said)

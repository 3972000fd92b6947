"""Steps from a caution to a freeze: each acts, and thaws, by itself; if monitored, none acts."""

from dataclasses import replace
from fractions import Fraction

import pytest

from bot.decide.approval import Wish
from bot.decide.freeze import Effect
from bot.decide.people import Actor, Door
from bot.decide.policy import Approvals, Mode, Thaw, Then, Threshold
from bot.errors import UserError
from bot.flow.ask.request import AskFor, Plea
from tests.builders import HOUR
from tests.flow.conftest import OPS, QUICK, World

LADDER = replace(
    QUICK,
    thresholds=(
        Threshold(Fraction(3, 4), Then.CAUTION),
        Threshold(Fraction(1, 2), Then.HOLD),
        Threshold(Fraction(0), Then.FREEZE),
    ),
    thaw=Thaw(dwell=600),
)
NAME = "ranker/availability"


def effects(world: World) -> list[str]:
    """What is in force, in the order in which it was set; in brackets what is only watched."""
    now = world.clock.now()
    standing = world.record.read(lambda b: b.freezes.standing(now))
    return [f"({f.effect})" if f.monitored else str(f.effect) for f in standing]


def begin(world: World, **changed: object) -> None:
    """A month of calm under the ladder: a budget of 4,320."""
    world.policy = replace(LADDER, **changed)  # type: ignore[arg-type]
    world.history_of_calm()


def test_each_rise_adds_the_stricter_one_and_says_what_it_means_for_releases(
    world: World,
) -> None:
    begin(world)
    world.traffic(NAME, bad=100, minutes=12)
    assert effects(world) == ["caution"]
    world.traffic(NAME, bad=100, minutes=12)
    assert effects(world) == ["caution", "hold"]
    world.traffic(NAME, bad=100, minutes=25)
    assert effects(world) == ["caution", "hold", "freeze"]
    world.deliver()
    told = [head for head in world.heads() if head.startswith("Releases of service ranker")]
    assert [head.split(" until")[0] for head in told] == [
        "Releases of service ranker need one approval each",
        "Releases of service ranker wait",
        "Releases of service ranker are frozen",
    ]
    events = ("cautioned", "held", "frozen")
    story = world.story(*events)
    assert [str(row.decision.event) for row in story] == list(events)
    assert [row.decision.evidence["freeze"] for row in story] == [1, 2, 3]


def test_a_fall_past_several_steps_sets_all_and_tells_of_the_strictest(world: World) -> None:
    begin(world)
    world.traffic(NAME, bad=10_000, minutes=1, eligible=10_000)
    assert sorted(effects(world)) == ["caution", "freeze", "hold"]
    world.deliver()
    told = [head for head in world.heads() if head.startswith("Releases of service ranker")]
    (only,) = told
    assert "are frozen" in only


def test_each_thaws_by_itself_and_what_still_stands_is_told(world: World) -> None:
    begin(world)
    world.traffic(NAME, bad=100, minutes=24)  # 44 % left
    assert effects(world) == ["caution", "hold"]
    world.traffic(NAME, bad=0, minutes=32, eligible=50_000)  # 59 %: more than 55, less than 80
    assert effects(world) == ["caution"]
    world.deliver()
    (thawed,) = [text for text in world.replies() if "has recovered" in text]
    assert "hold 2 of service ranker is over" in thawed
    message = next(p for p in world.messenger.posted if "hold 2" in p.message.text)
    assert "still need one approval each" in str(message.message.blocks)
    world.traffic(NAME, bad=0, minutes=90, eligible=100_000)
    assert effects(world) == []
    assert len(world.story("thawed")) == 2


def test_after_a_thaw_the_next_fall_is_met_anew(world: World) -> None:
    begin(
        world,
        thresholds=(Threshold(Fraction(1, 2), Then.FREEZE),),
        thaw=Thaw(left=Fraction(51, 100), dwell=0),
    )
    world.traffic(NAME, bad=100, minutes=22)
    assert effects(world) == ["freeze"]
    while effects(world):
        world.traffic(NAME, bad=0, minutes=1, eligible=100_000)
    left = next(j for j in world.answer().judged() if j.objective.id == NAME).verdict.left
    assert left is not None
    assert left < Fraction(55, 100), "less than the margin at which a threshold speaks again"
    world.traffic(NAME, bad=5_000, minutes=1, eligible=5_000)
    assert effects(world) == ["freeze"]


def test_people_lift_a_hold_as_they_lift_a_freeze(world: World) -> None:
    begin(world)
    world.traffic(NAME, bad=100, minutes=24)
    plea = Plea(Wish.UNFREEZE, world.catalog().scope("ranker"), "it is mended", freeze=2)
    flow = AskFor(world.record, world.clock, world.catalog, world.directory, OPS)
    outcome = flow.run(plea, Actor("UADA", "ada", Door.SLACK))
    world.vote(outcome.request, "UBEN")
    assert effects(world) == ["caution"]
    world.deliver()
    assert any(text.startswith("Hold 2 of service ranker is lifted") for text in world.replies())


def test_a_warning_names_what_releases_are_under(world: World) -> None:
    begin(world, on_page=Then.HOLD, thresholds=())
    world.traffic(NAME, bad=60, minutes=4)
    world.deliver()
    warning, held = world.messenger.posted
    first = (*warning.said, warning.message)[0]
    assert "wait from now on: the policy holds them; what is under way may end" in str(first.blocks)
    assert "Releases of service ranker wait" in held.message.text
    world.traffic(NAME, bad=60, minutes=1)
    world.deliver()
    said = "by hold 1, until the budget has recovered, or somebody lifts it"
    assert said in str(warning.message.blocks)


def test_a_policy_that_only_watches_says_what_it_would_have_done(world: World) -> None:
    begin(world, mode=Mode.MONITOR)
    world.traffic(NAME, bad=100, minutes=50)
    assert effects(world) == ["(caution)", "(hold)", "(freeze)"]
    assert world.freezes() == []
    world.deliver()
    told = [head for head in world.heads() if head.startswith("The policy would")]
    assert [head.split(", but")[0] for head in told] == [
        "The policy would have asked for one approval for each release of service ranker",
        "The policy would have held new releases of service ranker",
        "The policy would have frozen releases of service ranker",
    ]
    assert world.story("cautioned", "held", "frozen") == []
    assert all("would have" in row.decision.reason for row in world.story("would_freeze"))
    assert len(world.story("would_freeze")) == 3
    shown = world.answer().show("ranker")
    assert shown["releases_line"].startswith("Releases of ranker go on: the policy only watches")
    assert not any(row["frozen"] for row in world.answer().rows())


def test_a_policy_that_only_watches_asks_nobody(world: World) -> None:
    begin(world, mode=Mode.MONITOR, thresholds=QUICK.thresholds)
    world.traffic(NAME, bad=100, minutes=50)
    assert world.pending() == []
    assert world.story("freeze_requested") == []
    (row,) = world.story("would_ask")
    assert row.decision.objective == NAME
    world.deliver()
    shown = [str(p.message.blocks) + str(p.said) for p in world.messenger.posted]
    assert any("it would have asked people for a freeze now" in text for text in shown)


def test_what_was_watched_thaws_without_a_sound_in_the_channel(world: World) -> None:
    begin(world, mode=Mode.MONITOR)
    world.traffic(NAME, bad=100, minutes=12)
    world.traffic(NAME, bad=0, minutes=60, eligible=100_000)
    assert effects(world) == []
    assert world.story("thawed") == []
    assert len(world.story("would_thaw")) == 1
    world.deliver()
    (reply,) = [p for p in world.messenger.posted if "which was only watched" in p.message.text]
    assert reply.thread
    assert not reply.broadcast


def test_nobody_can_ask_to_lift_what_stops_nothing(world: World) -> None:
    begin(world, mode=Mode.MONITOR)
    world.traffic(NAME, bad=100, minutes=24)
    with pytest.raises(UserError, match="there is no freeze of service ranker"):
        world.ask(Wish.UNFREEZE, "UADA")


def test_a_policy_that_begins_to_act_does_what_it_had_only_watched(world: World) -> None:
    begin(world, mode=Mode.MONITOR)
    world.traffic(NAME, bad=100, minutes=24)
    assert effects(world) == ["(caution)", "(hold)"]
    world.policy = replace(world.policy, mode=Mode.ENFORCE)
    world.traffic(NAME, bad=0, minutes=1)
    assert effects(world) == ["caution", "hold"]
    assert [str(r.decision.event) for r in world.story("cautioned", "held")] == [
        "cautioned",
        "held",
    ]


def test_a_policy_that_begins_to_watch_lifts_nothing(world: World) -> None:
    begin(world)
    world.traffic(NAME, bad=100, minutes=24)
    world.policy = replace(world.policy, mode=Mode.MONITOR)
    world.traffic(NAME, bad=100, minutes=2)
    assert effects(world) == ["caution", "hold"]


def test_a_caution_of_a_burn_thaws_as_the_policy_says(world: World) -> None:
    begin(world, on_page=Then.CAUTION, thresholds=())
    world.traffic(NAME, bad=60, minutes=4)
    (caution,) = world.record.read(lambda b: b.freezes.standing(world.clock.now()))
    assert caution.effect is Effect.CAUTION
    world.traffic(NAME, bad=0, minutes=3 * HOUR // 60)
    assert effects(world) == []


def test_a_policy_that_begins_to_watch_asks_no_more(world: World) -> None:
    begin(world, thresholds=QUICK.thresholds, approvals=Approvals(expires=HOUR))
    world.traffic(NAME, bad=100, minutes=50)
    (request,) = world.pending()
    world.policy = replace(world.policy, mode=Mode.MONITOR)
    world.clock.time = request.expires_at
    assert world.tidy() == 1
    assert world.pending() == []

"""measure → judge → decide → record → tell, on a real database with real templates."""

from dataclasses import replace
from fractions import Fraction

from bot.decide.approval import Choice, Wish
from bot.decide.freeze import Origin
from bot.decide.policy import Thaw, Then, Threshold
from bot.judge.verdict import Kind
from tests.builders import HOUR, MINUTE, NOON, objective
from tests.flow.conftest import OPS, QUICK, SEARCH, World


def test_a_first_poll_reads_the_whole_window_and_says_nothing_of_calm(world: World) -> None:
    world.history_of_calm()
    judged = world.answer().judged()
    assert [j.verdict.kind for j in judged] == [Kind.HEALTHY, Kind.HEALTHY]
    spend = judged[0].verdict.spend
    assert spend is not None
    assert spend.eligible == 30 * 24 * 60 * 100
    world.deliver()
    assert world.messenger.posted == []


def test_a_fast_burn_is_told_once_and_edited_in_place(world: World) -> None:
    world.history_of_calm()
    world.traffic("ranker/availability", bad=60, minutes=6)
    world.deliver()
    assert len(world.heads()) == 1
    assert "ranker" in world.heads()[0]
    assert "burning fast" in world.heads()[0]
    world.traffic("ranker/availability", bad=60, minutes=5)
    world.deliver()
    assert len(world.heads()) == 1
    assert world.messenger.posted[0].said, "the message was not edited as the figures changed"


def test_the_figures_of_a_warning_are_those_of_the_ledger(world: World) -> None:
    world.history_of_calm()
    world.traffic("ranker/availability", bad=60, minutes=10)
    opened = world.story("warning_opened")[0].decision
    assert opened.evidence["alerts"][0]["long"]["bad"] % 60 == 0
    assert opened.evidence["objective"] == "availability"
    assert opened.policy == world.policy.version


def test_exhaustion_speaks_again_and_asks_people_for_a_freeze(world: World) -> None:
    world.history_of_calm()  # 4,320,000 events: a budget of 4,320
    world.traffic("ranker/availability", bad=100, minutes=50)
    world.deliver()
    assert len(world.replies()) >= 1
    (request,) = world.pending()
    assert (request.wish, request.origin) == (Wish.FREEZE, Origin.POLICY)
    assert world.freezes() == [], "the default policy asks people; it never freezes by itself"
    ruling = world.vote(request, "UADA")
    assert ruling.counts
    assert [f.scope.name for f in world.freezes()] == ["ranker"]
    world.deliver()
    assert any("frozen" in text for text in world.heads())


def test_the_message_of_a_rise_says_that_a_freeze_is_asked_for(world: World) -> None:
    world.history_of_calm()
    world.traffic("ranker/availability", bad=100, minutes=50)
    world.deliver()
    (rose,) = [p for p in world.messenger.posted if p.message.text.startswith("It got worse")]
    assert rose.broadcast, "the channel sees it, not only the thread"
    assert "A freeze is being asked for" in str(rose.message.blocks)
    assert "or ask for a freeze" not in str(rose.message.blocks)


def test_a_warning_says_that_the_policy_freezes_in_the_same_breath(world: World) -> None:
    world.policy = replace(QUICK, on_page=Then.FREEZE)
    world.history_of_calm()
    world.traffic("ranker/availability", bad=60, minutes=4)
    world.deliver()
    warning, frozen = world.messenger.posted
    first = (*warning.said, warning.message)[0]
    assert "the policy freezes them" in str(first.blocks)
    assert frozen.message.text.startswith("Releases of service ranker are frozen")


def test_an_episode_ends_with_a_last_line_and_a_new_one_is_a_new_message(world: World) -> None:
    world.history_of_calm()
    world.traffic("ranker/availability", bad=60, minutes=6)
    world.traffic("ranker/availability", bad=0, minutes=70)
    world.deliver()
    assert world.episode() is None
    assert "burns no longer" in world.heads()[0]
    assert len(world.story("warning_resolved")) == 1
    world.traffic("ranker/availability", bad=90, minutes=10)
    world.deliver()
    assert len([t for t in world.heads() if "burning fast" in t]) == 1
    assert len(world.story("warning_opened")) == 2


def test_a_policy_that_freezes_freezes_once_and_thaws_after_its_dwell_time(world: World) -> None:
    rule = Thaw(left=Fraction(1, 10), burn_below=Fraction(1), dwell=600)
    steps = (Threshold(Fraction(1, 2), Then.FREEZE),)
    world.policy = replace(QUICK, thresholds=steps, thaw=rule)
    world.history_of_calm()
    world.traffic("ranker/availability", bad=100, minutes=25)
    (freeze,) = world.freezes()
    assert (freeze.origin, freeze.cause) == (Origin.POLICY, "ranker/availability")
    world.traffic("ranker/availability", bad=0, minutes=5)
    assert world.freezes(), "it thaws only after the dwell time"
    world.traffic("ranker/availability", bad=0, minutes=75)
    assert world.freezes() == []
    assert len(world.story("frozen")) == 1
    assert len(world.story("thawed")) == 1
    world.deliver()


def test_unknown_neither_freezes_nor_thaws(world: World) -> None:
    steps = (Threshold(Fraction(1, 2), Then.FREEZE),)
    world.policy = replace(QUICK, thresholds=steps, thaw=Thaw(dwell=60))
    world.history_of_calm()
    world.traffic("ranker/availability", bad=100, minutes=25)
    assert world.freezes()
    world.source.fault = "connection refused"
    world.polls(200)
    assert world.freezes()
    assert world.story("thawed") == []


def test_a_dead_source_is_told_once_after_three_polls_for_all_its_objectives(world: World) -> None:
    world.history_of_calm()
    world.source.fault = "connection refused"
    world.polls(2)
    world.deliver()
    assert world.messenger.posted == []
    world.polls(8)
    world.deliver()
    (told,) = world.heads()
    assert "no verdict" in told
    judged = world.answer().judged()
    assert {j.verdict.kind for j in judged} == {Kind.UNKNOWN}
    assert "connection refused" in judged[0].verdict.reasons[0].text
    world.source.fault = None
    world.traffic("ranker/availability", bad=0, minutes=8)
    world.deliver()
    assert len(world.heads()) == 2


def test_an_outage_is_caught_up_slice_by_slice(world: World) -> None:
    world.history_of_calm()
    now = int(world.clock.now().timestamp())
    for each in world.objectives:
        world.source.steady(each.id, now, now + HOUR, 2, 1)
    world.source.fault = "down"
    world.polls(60)
    world.source.fault = None
    world.source.steady("ranker/availability", now + HOUR, now + 2 * HOUR, 2)
    world.source.steady("recs/availability", now + HOUR, now + 2 * HOUR, 2)
    world.polls(1)
    spend = next(
        j.verdict.spend for j in world.answer().judged() if j.objective.service == "ranker"
    )
    assert spend is not None
    assert spend.bad == HOUR


def test_one_dead_objective_does_not_hold_up_the_others(world: World) -> None:
    world.history_of_calm()
    world.source.faults["recs/availability"] = "parse error"
    world.traffic("ranker/availability", bad=60, minutes=6)
    world.deliver()
    assert any("ranker" in text and "burning" in text for text in world.heads())


def test_what_cannot_be_judged_is_told_as_that_and_stops_no_other(world: World) -> None:
    # No spec may ask for 100 %: nothing is left to divide by.
    world.objectives = (objective(), replace(objective("recs"), target=Fraction(1)))
    world.history_of_calm()
    world.traffic("ranker/availability", bad=60, minutes=6)
    world.deliver()
    assert any("ranker" in text and "burning" in text for text in world.heads())
    verdicts = {j.objective.service: j.verdict for j in world.answer().judged()}
    assert verdicts["recs"].kind is Kind.UNKNOWN
    reason = verdicts["recs"].reasons[0].text
    assert reason.startswith("It could not be judged: Burnban itself failed (ZeroDivisionError)")
    assert "recs · availability: no verdict for lack of data." in world.heads()


def test_what_has_no_team_is_told_to_the_operators(world: World) -> None:
    world.objectives = (objective("orphan"),)
    world.open()
    world.history_of_calm()
    world.traffic("orphan/availability", bad=60, minutes=6)
    world.deliver()
    assert len(world.heads(OPS)) == 1
    assert world.heads(SEARCH) == []


def test_an_acknowledged_warning_says_by_whom(world: World) -> None:
    world.history_of_calm()
    world.traffic("ranker/availability", bad=60, minutes=6)
    episode = world.episode()
    assert episode is not None
    assert "Acknowledged" in world.acknowledge(episode.id, "UEVE")
    assert "already" in world.acknowledge(episode.id, "UADA")
    world.deliver()
    assert "<@UEVE>" in str(world.messenger.posted[0].message.blocks)
    assert len(world.story("warning_acknowledged")) == 1


def test_a_denied_freeze_request_changes_nothing(world: World) -> None:
    world.history_of_calm()
    world.traffic("ranker/availability", bad=100, minutes=50)
    (request,) = world.pending()
    world.vote(request, "UBEN", Choice.DENY)
    assert world.freezes() == []
    assert world.pending() == []
    world.polls(5)
    assert world.pending() == [], "the same exhaustion does not ask twice"


def test_the_history_is_sound_after_all_this(world: World) -> None:
    world.history_of_calm()
    world.traffic("ranker/availability", bad=100, minutes=50)
    world.vote(world.pending()[0], "UADA")
    proof = world.record.read(lambda b: b.history.verify())
    assert (proof.rows, proof.broken) == (len(world.story()), None)


def test_a_step_is_counted_once_however_often_it_is_polled(world: World) -> None:
    world.history_of_calm()
    world.traffic("ranker/availability", bad=1, minutes=3)
    for _ in range(5):
        world.evaluate()
    spend = next(
        j.verdict.spend for j in world.answer().judged() if j.objective.service == "ranker"
    )
    assert spend is not None
    assert spend.bad == 3
    assert spend.until == NOON + 3 * MINUTE


def test_a_new_burn_while_the_budget_is_spent_speaks_again_each_time(world: World) -> None:
    world.history_of_calm()
    world.traffic("ranker/availability", bad=100, minutes=50)
    for again in (1, 2):
        world.traffic("ranker/availability", bad=0, minutes=75)
        world.traffic("ranker/availability", bad=100, minutes=10)
        world.deliver()
        told = [r for r in world.replies() if "is gone already, and it burns again" in r]
        assert (len(told), len(world.story("warning_rose"))) == (again, 1 + again)


def test_by_night_a_warning_tells_what_is_true_and_not_what_would_be_by_day(world: World) -> None:
    world.history_of_calm(eligible=1_000)  # 43,200,000 events: a budget of 43,200
    world.traffic("ranker/availability", bad=0, minutes=180, eligible=10)
    world.traffic("ranker/availability", bad=10, minutes=20, eligible=10)
    world.deliver()
    (warning,) = world.messenger.posted
    said = warning.message.blocks[0]["text"]["text"].replace("\xa0", " ")
    assert "0.46 % of it went within 1 h; 99.54 % of it is left." in said
    assert "gone in 3 d." in said

"""A disputed freeze goes to the decider whom the policy names, with the figures behind it."""

from dataclasses import replace

import pytest

from bot.decide.approval import Answer, Wish
from bot.decide.freeze import Freeze, Origin
from bot.decide.people import BURNBAN, Group
from bot.decide.quorum import Need, Quorum
from bot.decide.scope import Reach, Scope
from bot.errors import UserError
from bot.flow.ask.request import AskFor, Outcome
from bot.flow.freeze.dispute import Dispute, Objection
from tests.builders import person
from tests.flow.conftest import OPS, World
from tests.flow.overriding import approvals, card, frozen, people, under, who

WHY = "the network was down"


@pytest.fixture(autouse=True)
def _people(world: World) -> None:
    people(world)


def dispute(
    world: World, word: str = "ranker", freeze: int | None = None, by: str = "eve"
) -> Outcome:
    ask = AskFor(world.record, world.clock, world.catalog, world.directory, world.ops)
    objection = Objection(world.catalog().scope(word), WHY, freeze)
    return Dispute(ask).run(objection, who(by))


def test_the_decider_whom_the_policy_names_decides_and_nobody_else(world: World) -> None:
    under(world, decider="managers")
    number = frozen(world)
    outcome = dispute(world)
    said = f"Disputed: the group managers decides about freeze {number} by "
    assert outcome.sentence.startswith(said)
    request = outcome.request
    assert request is not None
    assert request.disputed
    for name in ("UADA", "ULEAD"):
        assert world.vote(request, name).answer is Answer.NOT_A_DECIDER
    assert world.freezes() != []
    assert world.vote(request, "UUMA").answer is Answer.DECIDED
    assert world.freezes() == []
    (row,) = world.story("freeze_disputed")
    assert row.decision.evidence["weighed"]["objective"] == "ranker/availability"
    assert (row.decision.evidence["freezes"], row.decision.evidence["decider"]) == (
        [number], "managers",
    )  # fmt: skip


def test_the_decider_is_mentioned_and_sees_what_the_freeze_rests_on(world: World) -> None:
    under(world, decider="managers")
    world.history_of_calm(bad=0.2)
    frozen(world)
    request = dispute(world).request
    assert request is not None
    said = card(world, request.id)
    assert "*Disputed: Lift the freeze of service ranker?*" in said
    assert "<@UUMA>, please decide" in said
    assert "*Evidence:* as of <!date^" in said
    assert ", the budget of “availability” (ranker) is overspent" in said
    assert "freeze 1, set by <@UADA>" in said


def test_a_freeze_of_the_policy_is_disputed_by_its_number_with_its_own_figures(
    world: World,
) -> None:
    now, scope = world.clock.now(), Scope(Reach.TEAM, "search")
    made = Freeze(0, scope, "gone", Origin.POLICY, BURNBAN, now, cause="recs/availability")
    number = world.record.write(lambda books: books.freezes.add(made)).id
    with pytest.raises(UserError) as caught:
        dispute(world, "ranker")
    assert caught.value.example == f"/freeze dispute {number} <reason>"
    request = dispute(world, "search", number).request
    assert request is not None
    assert request.evidence["objective"] == "recs/availability"


def test_a_dispute_beside_a_request_to_lift_splits_no_votes_but_another_dispute_would(
    world: World,
) -> None:
    frozen(world)
    assert dispute(world).request is not None
    with pytest.raises(UserError, match="disputed already"):
        dispute(world, by="max")


def test_what_does_not_stand_cannot_be_disputed(world: World) -> None:
    with pytest.raises(UserError, match="There is no freeze of service ranker"):
        dispute(world)
    with pytest.raises(UserError, match="There is no freeze"):
        dispute(world, freeze=7)


def test_whoever_disputes_does_not_decide_it(world: World) -> None:
    under(world, decider="approvers")
    frozen(world)
    outcome = dispute(world, by="lead")
    assert "nobody" in outcome.next
    assert outcome.request is not None
    assert world.vote(outcome.request, "ULEAD").answer is Answer.OWN_REQUEST
    world.deliver()
    assert len(world.heads(OPS)) == 1


def test_a_dispute_needs_a_reason(world: World) -> None:
    frozen(world)
    ask = AskFor(world.record, world.clock, world.catalog, world.directory, world.ops)
    objection = Objection(world.catalog().scope("ranker"), " ")
    with pytest.raises(UserError, match="A reason is needed"):
        Dispute(ask).run(objection, who("eve"))


@pytest.mark.parametrize("trait", ["guest", "bot", "deleted", "stranger"])
def test_outsiders_dispute_nothing(world: World, trait: str) -> None:
    frozen(world)
    world.directory.add(replace(person("eve"), **{trait: True}))
    with pytest.raises(UserError, match="You cannot ask for this here"):
        dispute(world)
    assert world.story("freeze_disputed") == []


def test_a_dispute_keeps_nobody_from_asking_for_the_freeze_to_be_lifted(world: World) -> None:
    under(world, decider="managers")
    frozen(world)
    dispute(world)
    asked = world.ask(Wish.UNFREEZE, "UMAX", "ranker").request
    assert world.vote(asked, "UBEN").answer is Answer.DECIDED
    assert world.freezes() == []


def test_a_dispute_is_no_way_round_the_approvals_of_lifting(world: World) -> None:
    both = Quorum((Need("on-call", 1), Need("approvers", 1)))
    under(world, approvals=approvals(unfreeze=both))
    frozen(world)
    outcome = dispute(world)
    assert "those who may lift it decide about freeze" in outcome.sentence
    assert world.vote(outcome.request, "ULEAD").answer is Answer.COUNTED
    assert world.freezes() != []
    assert world.vote(outcome.request, "UBEN").answer is Answer.DECIDED
    assert world.freezes() == []


def test_where_the_policy_names_no_decider_a_team_without_approvers_can_decide(
    world: World,
) -> None:
    world.teams["search"] = replace(world.teams["search"], approvers=Group())
    frozen(world)
    outcome = dispute(world)
    assert outcome.next.startswith("Wait for the decision")
    assert world.vote(outcome.request, "UBEN").answer is Answer.DECIDED

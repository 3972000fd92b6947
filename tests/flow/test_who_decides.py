"""Who decides now: rotas, what stands in for them, and people under several names (law 13)."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from bot.decide.approval import Answer, RequestState, Wish
from bot.decide.catalog import Catalog, Team
from bot.decide.identity import Identities, Identity
from bot.decide.people import Actor, Door, Group, Person, Rota, RotaKind
from bot.decide.policy import DEFAULT
from bot.decide.quorum import DECIDERS, Need, Quorum
from bot.decide.scope import Reach, Scope
from bot.errors import UserError
from bot.flow.ask.deciders import roster
from bot.flow.ask.request import AskFor, Plea
from bot.flow.ask.shortage import prospect
from bot.record import Database
from tests.flow.conftest import OPS, SEARCH, World
from tests.fresh import fresh_sqlite

RANKER = Scope(Reach.SERVICE, "ranker")
SCHEDULE = Rota(RotaKind.SCHEDULE, "P123")
LEADS = Group(("S2",), name="leads")
ON_CALL = Group(on_call=(SCHEDULE,), fallback=LEADS)
EVE = Identity(("UEVE", "UEVE2", "terminal:eve", "github:eve", "email:eve@example.com"))
BEN = Identity(("UBEN", "UBEN2"))


@dataclass
class Staffed(World):
    """Ada is on call by PagerDuty, Ben and Lea lead; Eve and Ben have two names each."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.teams = {"search": Team("search", "Search", SEARCH, ON_CALL, Group())}
        self.directory.groups = {"P123": {"UADA"}, "S2": {"UBEN", "UBEN2", "ULEA"}}
        for name in ("eve2", "ben2", "lea"):
            self.directory.add(Person(f"U{name.upper()}", name, "T1"))

    def catalog(self) -> Catalog:
        return replace(super().catalog(), identities=Identities.of([EVE, BEN]))

    def lacking(self, requester: str, *needs: Need) -> str:
        """Why so many could not approve what this person asks for."""
        quorum = Quorum(needs or (Need(DECIDERS, 1),))
        return prospect(self.directory, self.catalog(), RANKER, requester, quorum, "").sentence

    def memberships(self) -> list[str]:
        """How voters were found to belong, as recorded."""
        rows = self.story("vote_cast", "vote_refused")
        return [str(row.decision.evidence["membership"]) for row in rows]


@pytest.fixture
def staffed(tmp_path: Path) -> Iterator[Staffed]:
    with Database(fresh_sqlite(tmp_path / "burnban.db")) as database:
        yield Staffed(database)


def test_who_is_on_call_decides_and_the_evidence_is_recorded(staffed: Staffed) -> None:
    request = staffed.ask(Wish.FREEZE, "UEVE").request
    assert staffed.vote(request, "ULEA").answer is Answer.NOT_A_DECIDER
    assert staffed.vote(request, "UADA").state is RequestState.APPROVED
    assert staffed.memberships()[-1] == "PagerDuty schedule P123, asked live"


def test_if_pagerduty_is_silent_the_fallback_decides_and_the_evidence_says_so(
    staffed: Staffed,
) -> None:
    request = staffed.ask(Wish.FREEZE, "UEVE").request
    staffed.directory.silent = {"P123"}
    assert staffed.vote(request, "UADA").answer is Answer.NOT_A_DECIDER
    assert staffed.vote(request, "ULEA").state is RequestState.APPROVED
    assert staffed.memberships()[-1] == (
        "user group S2, asked live"
        " (fallback group leads: PagerDuty schedule P123 did not answer: HTTP 503)"
    )


def test_if_nobody_is_on_call_the_fallback_decides(staffed: Staffed) -> None:
    staffed.directory.groups["P123"] = set()
    request = staffed.ask(Wish.FREEZE, "UEVE").request
    assert staffed.vote(request, "UADA").answer is Answer.NOT_A_DECIDER
    assert staffed.vote(request, "ULEA").state is RequestState.APPROVED


def test_if_nothing_answers_nobody_decides_and_nothing_has_changed(staffed: Staffed) -> None:
    request = staffed.ask(Wish.FREEZE, "UEVE").request
    staffed.directory.silent = {"P123", "S2"}
    for who in ("UADA", "ULEA"):
        with pytest.raises(UserError, match="could not check"):
            staffed.vote(request, who)
    assert [r.id for r in staffed.pending()] == [request.id if request else None]
    assert staffed.memberships() == []


def test_what_the_only_one_on_call_asks_for_is_decided_by_the_fallback(staffed: Staffed) -> None:
    staffed.ask(Wish.FREEZE, "UADA")
    outcome = staffed.ask(Wish.UNFREEZE, "UADA")
    assert outcome.next.startswith("Wait for the decision")
    assert staffed.vote(outcome.request, "UADA").answer is Answer.OWN_REQUEST
    assert staffed.vote(outcome.request, "ULEA").state is RequestState.APPROVED
    assert staffed.memberships()[-1].endswith("asked live, names nobody else who may decide)")


@pytest.mark.parametrize("how", ["guest", "deleted", "bot", "stranger"])
def test_where_a_list_names_only_people_who_may_not_decide_the_fallback_does(
    staffed: Staffed, how: str
) -> None:
    listed = Group(users=("UZOE",), fallback=Group(("S2",), name="leads"))
    staffed.teams["search"] = Team("search", "Search", SEARCH, listed, Group())
    staffed.directory.add(replace(Person("UZOE", "zoe", "T1"), **{how: True}))
    outcome = staffed.ask(Wish.FREEZE, "UEVE")
    assert outcome.next.startswith("Wait for the decision")
    assert staffed.vote(outcome.request, "UZOE").answer is not Answer.DECIDED
    assert staffed.vote(outcome.request, "ULEA").state is RequestState.APPROVED
    assert staffed.memberships()[-1] == (
        "user group S2, asked live"
        " (fallback group leads: listed in the spec, names nobody else who may decide)"
    )


def test_where_a_list_names_ids_that_slack_does_not_know_the_fallback_decides(
    staffed: Staffed,
) -> None:
    listed = Group(users=("UNOBODY",), fallback=Group(("S2",), name="leads"))
    staffed.teams["search"] = Team("search", "Search", SEARCH, listed, Group())
    request = staffed.ask(Wish.FREEZE, "UEVE").request
    assert staffed.vote(request, "ULEA").state is RequestState.APPROVED


def test_who_rotates_out_loses_the_right_and_who_rotates_in_has_it(staffed: Staffed) -> None:
    request = staffed.ask(Wish.FREEZE, "UEVE").request
    staffed.directory.groups["P123"] = {"ULEA"}
    assert staffed.vote(request, "UADA").answer is Answer.NOT_A_DECIDER
    assert staffed.vote(request, "ULEA").state is RequestState.APPROVED


@pytest.mark.parametrize("requester", ["terminal:eve", "github:Eve", "email:EVE@example.com"])
@pytest.mark.parametrize("voter", ["UEVE", "UEVE2"])
def test_nobody_approves_their_own_request_under_another_name(
    staffed: Staffed, requester: str, voter: str
) -> None:
    staffed.directory.groups["P123"] = {"UADA", "UEVE", "UEVE2"}
    staffed.ask(Wish.FREEZE, "UADA")
    flow = AskFor(staffed.record, staffed.clock, staffed.catalog, staffed.directory, OPS)
    plea = Plea(Wish.UNFREEZE, RANKER, "because")
    request = flow.run(plea, Actor(requester, "eve", Door.TERMINAL)).request
    assert staffed.vote(request, voter).answer is Answer.OWN_REQUEST
    assert staffed.vote(request, "UADA").state is RequestState.APPROVED


def test_two_ids_of_one_person_are_one_vote(staffed: Staffed) -> None:
    two = replace(DEFAULT.approvals, freeze=Quorum.of(2))
    staffed.policy = replace(staffed.policy, approvals=two)
    staffed.directory.groups["P123"] = {"UADA", "UBEN", "UBEN2"}
    request = staffed.ask(Wish.FREEZE, "UEVE").request
    assert staffed.vote(request, "UBEN").answer is Answer.COUNTED
    assert staffed.vote(request, "UBEN2").answer is Answer.ALREADY_VOTED
    assert staffed.vote(request, "UADA").state is RequestState.APPROVED


def test_the_other_ids_of_a_person_are_recorded_with_what_they_did(staffed: Staffed) -> None:
    request = staffed.ask(Wish.FREEZE, "UEVE").request
    staffed.vote(request, "UADA")
    asked, cast = staffed.story("freeze_requested", "vote_cast")
    assert asked.decision.actor.identity == ("UEVE2 terminal:eve github:eve email:eve@example.com")
    assert cast.decision.actor.identity == ""
    assert staffed.record.read(lambda b: b.history.verify()).broken is None


def test_a_roster_says_who_is_in_a_group_and_how_that_is_known(staffed: Staffed) -> None:
    catalog = staffed.catalog()
    on_call = roster(staffed.directory, catalog, RANKER, "on-call")
    assert on_call.ids == {"UADA"}
    assert on_call.evidence == "PagerDuty schedule P123, asked live"
    besides = roster(staffed.directory, catalog, RANKER, "on-call", besides="UADA")
    assert besides.ids == {"UADA", "UBEN", "UBEN2", "ULEA"}
    assert roster(staffed.directory, catalog, RANKER, "unheard-of").ids == frozenset()


def test_a_rota_that_several_groups_share_is_asked_once(staffed: Staffed) -> None:
    team = staffed.teams["search"]
    staffed.teams["search"] = replace(team, approvers=Group(("S1",), on_call=(SCHEDULE,)))
    roster(staffed.directory, staffed.catalog(), RANKER)
    assert [rota.id for rota in staffed.directory.asked] == ["P123", "S1"]


def test_a_request_that_nobody_else_could_decide_says_so(staffed: Staffed) -> None:
    staffed.directory.groups = {"P123": {"UEVE"}, "S2": {"UEVE2"}}
    assert staffed.lacking("UEVE") == (
        "It takes 1 to decide this, but nobody besides the requester may."
    )
    assert staffed.lacking("terminal:eve").endswith("nobody besides the requester may.")
    staffed.directory.groups["S2"].add("ULEA")
    assert staffed.lacking("UEVE") == ""


def test_two_ids_of_one_person_are_one_who_may_decide(staffed: Staffed) -> None:
    staffed.directory.groups = {"P123": {"UBEN", "UBEN2"}}
    assert staffed.lacking("UEVE", Need(DECIDERS, 2)) == (
        "It takes 2 to decide this, but only 1 besides the requester may."
    )
    staffed.directory.groups["P123"].add("UADA")
    assert staffed.lacking("UEVE", Need(DECIDERS, 2)) == ""


def test_nobody_counts_for_two_groups(staffed: Staffed) -> None:
    leads = Group(("S2",))
    staffed.teams["search"] = replace(staffed.teams["search"], groups={"leads": leads})
    both = (Need("on-call", 1), Need("leads", 1))
    staffed.directory.groups = {"P123": {"UADA"}, "S2": {"UADA"}}
    assert staffed.lacking("UEVE", *both) == (
        "It takes 1 on-call and 1 leads to decide this, but too few besides the requester may:"
        " 1 of on-call, 1 of leads."
    )
    staffed.directory.groups["S2"] = {"ULEA"}
    assert staffed.lacking("UEVE", *both) == ""
    assert "nobody of leads" in staffed.lacking("ULEA", *both)


def test_a_group_that_nobody_set_is_named(staffed: Staffed) -> None:
    said = staffed.lacking("UEVE", Need("leads", 1))
    assert said == "No leads is set for this scope in the spec files."


def test_guests_and_people_who_have_left_are_none_who_may_decide(staffed: Staffed) -> None:
    staffed.directory.groups = {"P123": {"UGUS", "UGONE"}, "S2": set()}
    staffed.directory.add(Person("UGUS", "gus", "T1", guest=True))
    assert "nobody besides the requester may" in staffed.lacking("UEVE")
    staffed.directory.add(Person("UNEW", "new", "T1"), "P123")
    assert staffed.lacking("UEVE") == ""


def test_who_may_decide_is_not_guessed_while_nothing_answers(staffed: Staffed) -> None:
    staffed.directory.silent = {"P123", "S2"}
    assert "I could not ask who may decide" in staffed.lacking("UEVE")

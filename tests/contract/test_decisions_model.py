"""Freezes, requests, votes, overrides, uses, clocks and restarts in any order, against a simple
model: what the database says is what the rules say."""

import itertools
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from bot.decide.approval import Choice
from bot.decide.catalog import Catalog, Team
from bot.decide.people import Group
from bot.decide.service import Service
from bot.errors import UserError
from bot.flow.ask.escalate import Escalate
from bot.record import Database
from tests.builders import person
from tests.deciding import LIVES, OPS, USABLE, V38, Stage, user
from tests.decisions_model import (
    NEEDS,
    PATIENCE,
    RUNS,
    STRANGERS,
    VERSIONS,
    VOTERS,
    VOTES,
    WORDS,
    Model,
    ModelFreeze,
    ModelRequest,
    enough,
)
from tests.fresh import fresh_sqlite
from tests.postgres import PostgresServer

pytest_plugins = ["tests.record_stores"]


SOME = st.one_of(
    st.permutations(("ada", "lead")),
    st.lists(st.sampled_from(VOTERS), min_size=2, max_size=4, unique=True),
)
"""Those who click: half of the time two who may decide together."""


class House(Stage):
    """With a group that is asked only when nobody else decides, and another team."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.policy = replace(
            self.policy,
            approvals=replace(self.policy.approvals, fallback="managers", escalate_after=PATIENCE),
        )
        for name in STRANGERS:
            self.directory.add(person(name))

    def catalog(self) -> Catalog:
        found = super().catalog()
        search = replace(found.teams["search"], groups={"managers": Group(users=(user("zoe"),))})
        kim = Group(users=(user("kim"),))
        ads = Team("ads", "Ads", "#ads", kim, kim)
        bidder = Service("bidder", "", "ads", policy=self.policy.name)
        return replace(
            found,
            services={**found.services, "bidder": bidder},
            teams={"search": search, "ads": ads},
        )

    def escalate(self) -> int:
        return Escalate(self.record, self.clock, self.catalog, self.directory, OPS).run()


class Decisions(RuleBasedStateMachine):
    """`fresh` makes a new database's URL; a restart opens the same one anew."""

    fresh: Callable[[], str]

    def __init__(self) -> None:
        super().__init__()
        self.url = type(self).fresh()
        self.stage = House(Database(self.url))
        self.model = Model()

    def teardown(self) -> None:
        self.stage.record.close()

    @rule(seconds=st.sampled_from([1, 60, 160, 200, LIVES - 200, LIVES, USABLE - 60]))
    def wait(self, seconds: int) -> None:
        self.stage.clock.advance(seconds)
        self.model.now += seconds

    @rule(name=st.sampled_from(["ben", "uma"]))
    def on_call_changes(self, name: str) -> None:
        self.model.members ^= {name}
        self.stage.directory.groups["S1"] = {user(one) for one in self.model.members}

    @rule(how=st.sampled_from(["restart", "time tells", "both"]))
    def restart_or_time_tells(self, how: str) -> None:
        """Whatever the ticker tells changes nothing but what has been told."""
        if how != "time tells":
            self.stage.record.close()
            self.stage.record = Database(self.url)
        if how != "restart":
            self.stage.tidy()
            self.stage.settle()
            self.model.tidy()
            self.stage.escalate()
            self.model.escalate()

    @rule(word=st.sampled_from(sorted(WORDS)), hours=st.sampled_from([None, 0.1, 0.5]))
    def freeze_at_once(self, word: str, hours: float | None) -> None:
        end = None if hours is None else self.model.now + int(hours * 3_600)
        mine = [f for f in self.model.freezes.values() if (f.word, f.by) == (word, "ada")]
        repeated = any(not f.over(self.model.now) for f in mine)  # all give the same reason
        try:
            made = self.stage.freeze(word, hours).freeze
        except UserError:
            assert repeated
            return
        assert made is not None
        assert not repeated
        self.model.freezes[made.id] = ModelFreeze(word, "ada", self.model.now, end)

    def ask(self, wanted: ModelRequest, act: Callable[[], object], *, refused: bool) -> None:
        try:
            outcome = act()
        except UserError:
            assert refused
            return
        assert not refused
        found = outcome.request  # type: ignore[attr-defined] # an Outcome
        assert found is not None
        wanted.escalated = self.model.hopeless(wanted)
        self.model.requests[found.id] = wanted

    @rule(word=st.sampled_from(sorted(WORDS)))
    def ask_to_freeze(self, word: str) -> None:
        wanted = ModelRequest("freeze", word, "eve", self.model.now + LIVES)
        self.ask(wanted, lambda: self.stage.freeze(word, by="eve"), refused=self.model.twin(wanted))

    @rule(word=st.sampled_from(sorted(WORDS)), by=st.sampled_from(["eve", "ada"]))
    def ask_to_lift(self, word: str, by: str) -> None:
        standing = self.model.standing(word)
        wanted = ModelRequest("unfreeze", word, by, self.model.now + LIVES, standing)
        refused = not standing or self.model.twin(wanted)
        self.ask(wanted, lambda: self.stage.unfreeze(word, by), refused=refused)

    @rule(version=st.sampled_from(VERSIONS), by=st.sampled_from(["eve", "max", "ada"]))
    def ask_for_an_override(self, version: str, by: str) -> None:
        service, change = "ranker", replace(V38, version=version)
        binding = self.model.binding(service)
        wanted = ModelRequest("override", service, by, self.model.now + LIVES, binding, version)
        if not binding or self.model.usable(service, version, binding):
            assert self.stage.override(change, by).request is None
            return
        refused = self.model.twin(wanted)
        self.ask(wanted, lambda: self.stage.override(change, by), refused=refused)

    @rule(data=st.data(), by=st.sampled_from(VOTERS), choice=st.sampled_from(VOTES))
    @precondition(lambda self: self.model.requests)
    def click(self, data: st.DataObject, by: str, choice: Choice) -> None:
        self.vote(data.draw(st.sampled_from(sorted(self.model.requests))), by, choice)

    @rule(data=st.data(), by=st.sampled_from(VOTERS), choice=st.sampled_from(VOTES))
    @precondition(lambda self: self.model.pending())
    def click_on_what_waits(self, data: st.DataObject, by: str, choice: Choice) -> None:
        self.vote(data.draw(st.sampled_from(self.model.pending())), by, choice)

    @rule(version=st.sampled_from(VERSIONS), voters=SOME)
    def freeze_ask_and_approve(self, version: str, voters: list[str]) -> None:
        """Whoever approves, and in whatever order: it takes one of each group."""
        if not self.model.binding("ranker"):
            self.freeze_at_once("ranker", 0.5)
        before = set(self.model.requests)
        self.ask_for_an_override(version, "eve")
        for number in set(self.model.requests) - before:
            for name in voters:
                self.vote(number, name, Choice.APPROVE)

    @rule(word=st.sampled_from(["ranker", "search"]))
    def lift(self, word: str) -> None:
        before = set(self.model.requests)
        self.ask_to_lift(word, "max")
        for number in set(self.model.requests) - before:
            self.vote(number, "lead", Choice.APPROVE)

    def vote(self, number: int, by: str, choice: Choice) -> None:
        request = self.model.requests[number]
        groups = self.model.groups_for(request, by)
        ruling = self.stage.vote(number, by, choice)
        allowed = self.model.may_vote(request, by)
        assert ruling.counts is allowed
        if not allowed:
            return
        request.votes[by] = str(choice)
        if choice is Choice.DENY:
            request.closed = "denied"
            return
        self.model.held[number, by] = groups
        approvals = [self.model.held[number, name] for name in request.votes]
        if enough(NEEDS[request.wish], approvals):
            self.decided(request)

    def decided(self, request: ModelRequest) -> None:
        request.closed = "approved"
        if request.wish == "freeze":
            every = self.stage.standing()
            (made,) = (one.id for one in every if one.id not in self.model.freezes)
            self.model.freezes[made] = ModelFreeze(request.word, request.by, self.model.now, None)
        elif request.wish == "unfreeze":
            for one in request.freezes:
                if not self.model.freezes[one].over(self.model.now):
                    self.model.freezes[one].lifted = self.model.now
        else:
            request.use_by = self.model.now + USABLE

    @rule(data=st.data(), by=st.sampled_from(VOTERS))
    @precondition(lambda self: self.model.pending())
    def withdraw(self, data: st.DataObject, by: str) -> None:
        number = data.draw(st.sampled_from(self.model.pending()))
        request = self.model.requests[number]
        by = data.draw(st.sampled_from([by, *request.votes]))
        allowed = by in request.votes
        try:
            self.stage.taking().vote(number, self.stage.actor(by))
        except UserError:
            assert not allowed
            return
        assert allowed
        del request.votes[by]

    @rule(data=st.data(), by=st.sampled_from(["max", "ada"]))
    @precondition(lambda self: self.model.requests)
    def cancel(self, data: st.DataObject, by: str) -> None:
        number = data.draw(st.sampled_from(sorted(self.model.requests)))
        request = self.model.requests[number]
        allowed = self.model.state(request) == "pending" and by == request.by
        try:
            self.stage.taking().request(number, self.stage.actor(by))
        except UserError:
            assert not allowed
            return
        assert allowed
        request.closed = "cancelled"

    @rule(data=st.data(), sure=st.integers(0, 3))
    @precondition(lambda self: self.model.requests)
    def revoke(self, data: st.DataObject, sure: int) -> None:
        if sure:  # a revocation ends too many stories
            return
        number = data.draw(st.sampled_from(sorted(self.model.requests)))
        request = self.model.requests[number]
        open_one = request.use_by is not None and not request.used and not request.revoked
        allowed = open_one and self.model.now < (request.use_by or 0)
        try:
            self.stage.revoke(number)
        except UserError:
            assert not allowed
            return
        assert allowed
        request.revoked = True

    @rule(data=st.data(), run=st.sampled_from(RUNS))
    @precondition(lambda self: self.model.granted())
    def use(self, data: st.DataObject, run: str) -> None:
        request = self.model.requests[data.draw(st.sampled_from(self.model.granted()))]
        service, version = request.word, request.version
        held = self.model.binding(service)
        mine = [
            number
            for number, one in self.model.requests.items()
            if (one.word, one.version, one.used) == (service, version, run)
            and set(held) <= set(one.freezes)
        ]
        free = self.model.usable(service, version, held)
        found = self.stage.use(replace(V38, service=service, version=version), run)
        if not held or not (mine or free):
            assert found is None
            return
        assert found is not None
        if mine:
            assert found.request in mine
            return
        first = min(self.model.requests[number].use_by or 0 for number in free)
        assert found.request in free
        assert self.model.requests[found.request].use_by == first
        self.model.requests[found.request].used = run

    @invariant()
    def the_record_says_what_the_model_says(self) -> None:
        known = self.model.requests
        assert self.stage.states(known) == {n: self.model.state(one) for n, one in known.items()}
        standing = {one.id for one in self.stage.standing()}
        assert standing == {n for n, f in self.model.freezes.items() if not f.over(self.model.now)}

    @invariant()
    def the_votes_are_those_that_were_cast_and_not_withdrawn(self) -> None:
        known = self.model.requests
        assert self.stage.votes(known) == {n: one.votes for n, one in known.items()}


def check(fresh: Callable[[], str], stories: int) -> None:
    """Play so many stories, each on a database of its own."""
    machine = type("Decisions", (Decisions,), {"fresh": staticmethod(fresh)})
    some = settings(
        max_examples=stories,
        stateful_step_count=40,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
    )
    run_state_machine_as_test(machine, settings=some)


def test_any_story_ends_as_the_model_says_on_sqlite(tmp_path: Path) -> None:
    names = itertools.count()
    check(lambda: fresh_sqlite(tmp_path / f"{next(names)}.db"), 25)


@pytest.mark.postgres
def test_any_story_ends_as_the_model_says_on_postgres(
    postgres_server: PostgresServer, postgres_template: str
) -> None:
    made: list[str] = []

    def fresh() -> str:
        while made:  # the story before is over
            postgres_server.drop_database(made.pop())
        made.append(postgres_server.create_database(postgres_template))
        return made[-1]

    check(fresh, 10)

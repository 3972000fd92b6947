"""Votes in any order, by anybody: they are counted by the law."""

from dataclasses import replace
from datetime import timedelta

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from bot.decide.approval import Answer, Choice, RequestState, Vote, rule_on_vote
from bot.decide.identity import Identities, Identity
from bot.decide.quorum import DECIDERS, Quorum
from tests.builders import actor, person
from tests.examples import examples
from tests.unit.voting import ASKED, NOW

PEOPLE = {
    "ada": person("ada"),  # the requester
    "ada2": person("ada2"),  # the same under another name
    "bob": person("bob"),
    "bob2": person("bob2"),
    "cyd": person("cyd"),
    "dan": person("dan"),
    "eve": person("eve"),
    "bot": person("bot", bot=True),
    "gus": person("gus", guest=True),
    "sam": person("sam", stranger=True),
    "del": person("del", deleted=True),
}
MAY = {"bob", "bob2", "cyd", "dan", "eve"}
ALIASES = Identities.of([Identity(("UADA", "UADA2")), Identity(("UBOB", "UBOB2"))])


def _one(name: str) -> str:
    """Names end in a number only where they are somebody's second."""
    return name.rstrip("2")


def _voter(vote: Vote) -> str:
    return _one(vote.voter.name)


class Voting(RuleBasedStateMachine):
    """Everybody clicks, the group changes, time passes; a stored vote and a changed state are one
    transaction, as the record keeps them."""

    @initialize(needed=st.integers(1, 4), deny=st.integers(1, 2))
    def ask(self, needed: int, deny: int) -> None:
        quorum = replace(Quorum.of(needed), deny=deny)
        self.request = replace(ASKED, quorum=quorum)
        self.votes: list[Vote] = []
        self.group = set(PEOPLE)
        self.now = NOW
        self.decided: list[RequestState] = []

    @rule(
        name=st.sampled_from(sorted(PEOPLE)),
        choice=st.sampled_from([Choice.APPROVE] * 4 + [Choice.DENY]),
    )
    def clicks(self, name: str, choice: Choice) -> None:
        before = self.request.state(self.now)
        ruling = rule_on_vote(
            self.request, self.votes, PEOPLE[name], choice,
            groups=(DECIDERS,) if name in self.group else (),
            now=self.now, same=ALIASES.same_person,
        )  # fmt: skip
        allowed = name in MAY and name in self.group and _one(name) not in map(_voter, self.votes)
        assert ruling.counts is (allowed and before is RequestState.PENDING)
        assert (ruling.answer is Answer.CLOSED) is (before is not RequestState.PENDING)
        if ruling.counts:
            self.votes.append(Vote(actor(name), choice, self.now, "asked live"))
        if ruling.answer is Answer.DECIDED:
            self.decided.append(ruling.state)
            self.request = replace(self.request, closed=ruling.state)
        else:
            assert ruling.state is before

    @rule(name=st.sampled_from(sorted(PEOPLE)))
    def joins_or_leaves(self, name: str) -> None:
        self.group ^= {name}

    @rule(minutes=st.sampled_from([1, 60, 119, 120]))
    def time_passes(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)

    @precondition(lambda self: self.request.closed is None)
    @rule()
    def loses_its_object(self) -> None:
        self.request = replace(self.request, closed=RequestState.SUPERSEDED)

    @invariant()
    def only_the_entitled_have_voted_once_each(self) -> None:
        voters = [_voter(vote) for vote in self.votes]
        assert len(voters) == len(set(voters))
        assert {vote.voter.name for vote in self.votes} <= MAY

    @invariant()
    def it_is_approved_exactly_once_and_exactly_with_the_quorum(self) -> None:
        approvals = sum(vote.choice is Choice.APPROVE for vote in self.votes)
        assert len(self.decided) <= 1
        assert (RequestState.APPROVED in self.decided) is (approvals == self.request.needed)
        assert approvals <= self.request.needed
        denials = len(self.votes) - approvals
        assert (RequestState.DENIED in self.decided) is (denials == self.request.quorum.deny)

    @invariant()
    def past_its_expiry_it_is_never_open(self) -> None:
        if self.now >= self.request.expires_at:
            assert self.request.state(self.now) is not RequestState.PENDING


TestThatVotesAreCountedByTheLaw = Voting.TestCase
TestThatVotesAreCountedByTheLaw.settings = examples(60, stateful_step_count=30)

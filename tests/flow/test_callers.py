"""Tokens are made, told apart, and taken back."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.decide.caller import Rights
from bot.decide.catalog import Catalog
from bot.decide.override import Run
from bot.decide.people import Actor, Door
from bot.decide.pipeline import Pipeline, PipelineRule, System
from bot.errors import Forbidden, RecordError, Undecidable, Unidentified, UserError
from bot.flow.gate.callers import Callers
from bot.flow.gate.known_tokens import KEEP
from bot.flow.gate.tokens import PREFIX, KeepTokens
from tests.flow.conftest import World
from tests.flow.gates import Gates

ADA = Actor("terminal:ada", "ada", Door.TERMINAL)
SCOPES = ["gate:decide:ranker"]
RULE = PipelineRule("acme/ranker", Rights.of(SCOPES))
PIPELINE = Pipeline("ci", System.GITHUB, "https://issuer.example", "burnban", (RULE,))


class Vouching:
    """An issuer that says of every run what it is told."""

    def __init__(self, **claims: Any) -> None:
        self.said = claims

    def claims(self, word: str) -> tuple[str, Mapping[str, Any]]:
        """Whatever it bears."""
        return "ci", self.said


@pytest.fixture
def gate(world: World) -> Gates:
    return Gates(world)


def callers(gate: Gates, issuers: Vouching | None = None, *more: Pipeline) -> Callers:
    catalog = Catalog(pipelines={one.name: one for one in (PIPELINE, *more)})
    clock = gate.world.clock
    return Callers(
        gate.record, clock, lambda: catalog, issuers or Vouching(), lambda: clock.now().timestamp()
    )


def made(gate: Gates, name: str = "ranker-ci", days: int = 90) -> tuple[str, int]:
    keep = KeepTokens(gate.world.record, gate.world.clock)
    word, token = keep.create(name, SCOPES, timedelta(days=days), ADA)
    return f"Bearer {word}", token.id


def test_a_token_has_256_random_bits_and_only_its_hash_is_stored(gate: Gates) -> None:
    words = {made(gate, f"ci-{n}")[0] for n in range(20)}
    assert len(words) == 20
    assert all(len(word) == len(f"Bearer {PREFIX}") + 43 for word in words)
    stored = gate.world.record.read(lambda b: b.tokens.all())
    kept = " ".join(str(one) for one in stored)
    told = " ".join(str(row.decision) for row in gate.world.story())
    for word in words:
        assert word.removeprefix("Bearer ") not in kept + told


def test_making_and_revoking_a_token_is_on_record(gate: Gates) -> None:
    _, number = made(gate)
    KeepTokens(gate.world.record, gate.world.clock).revoke(number, ADA)
    rows = gate.world.story("token_created", "token_revoked")
    assert [row.decision.actor.id for row in rows] == ["terminal:ada"] * 2
    assert rows[0].decision.evidence["scopes"] == SCOPES


def test_who_bears_a_token_is_known_by_its_name_and_rights(gate: Gates) -> None:
    word, number = made(gate)
    found = callers(gate).who(word)
    assert (found.actor.id, found.actor.name) == (f"token:{number}", "ranker-ci")
    assert found.rights.may_decide("ranker")


@pytest.mark.parametrize(
    "said",
    [
        "",
        "Bearer",
        "Bearer ",
        "Basic abc",
        "Bearer x",
        f"Bearer {PREFIX}{'a' * 43}",
        "Bearer ä.b.c",
    ],
)
def test_what_is_no_token_opens_nothing(gate: Gates, said: str) -> None:
    made(gate)
    with pytest.raises(Unidentified):
        callers(gate).who(said)


def test_a_token_ends_at_the_instant_of_its_expiry(gate: Gates) -> None:
    word, _ = made(gate, days=1)
    known = callers(gate)
    gate.world.clock.advance(86_399)
    assert known.who(word)
    gate.world.clock.advance(1)
    with pytest.raises(Unidentified, match="expired"):
        known.who(word)
    assert known.remembered(word) is None


def test_a_revoked_token_opens_nothing_once_it_is_looked_up_again(gate: Gates) -> None:
    word, number = made(gate)
    known = callers(gate)
    assert known.remembered(word) is None
    known.who(word)
    assert known.remembered(word) == known.who(word)
    KeepTokens(gate.world.record, gate.world.clock).revoke(number, ADA)
    gate.world.clock.advance(KEEP)
    assert known.remembered(word) is None
    with pytest.raises(Unidentified, match="revoked"):
        known.who(word)


def test_two_live_tokens_make_a_rotation_and_a_third_is_refused(gate: Gates) -> None:
    (_, first), _ = made(gate), made(gate)
    with pytest.raises(UserError, match="two live tokens"):
        made(gate)
    keep = KeepTokens(gate.world.record, gate.world.clock)
    keep.revoke(first, ADA)
    made(gate)
    with pytest.raises(UserError, match="revoked already"):
        keep.revoke(first, ADA)
    with pytest.raises(UserError, match="does not exist"):
        keep.revoke(99, ADA)


def test_both_tokens_of_a_name_are_the_word_of_one_owner(gate: Gates) -> None:
    (old, _), (new, _) = made(gate), made(gate)
    known = callers(gate)
    first, second = known.who(old), known.who(new)
    assert first.word == second.word
    assert first.actor.id != second.actor.id
    assert known.remembered(new) == second


def test_a_token_needs_a_scope_and_an_end_within_a_year(gate: Gates) -> None:
    keep = KeepTokens(gate.world.record, gate.world.clock)
    with pytest.raises(UserError, match="scope"):
        keep.create("x", [], timedelta(days=1), ADA)
    with pytest.raises(UserError, match="year"):
        keep.create("x", SCOPES, timedelta(days=367), ADA)
    with pytest.raises(UserError, match="year"):
        keep.create("x", SCOPES, timedelta(0), ADA)


def test_the_last_use_is_noted_once_an_hour(gate: Gates) -> None:
    word, number = made(gate)
    known = callers(gate)
    known.who(word)
    first = gate.world.clock.now()
    writes = gate.record.writes
    gate.world.clock.advance(KEEP)
    known.who(word)
    assert gate.record.writes == writes
    token = gate.world.record.read(lambda b: b.tokens.get(number))
    assert token is not None
    assert token.used_at == first
    gate.world.clock.advance(3_600)
    known.who(word)
    assert gate.record.writes == writes + 1


def test_without_the_database_a_token_known_a_moment_ago_counts_for_a_quarter_of_an_hour(
    gate: Gates,
) -> None:
    word, _ = made(gate)
    known, fresh = callers(gate), callers(gate)
    known.who(word)
    gate.record.fault = RecordError("gone")
    gate.world.clock.advance(899)
    assert known.who(word)
    gate.world.clock.advance(1)
    with pytest.raises(Undecidable):
        known.who(word)
    with pytest.raises(Undecidable):
        fresh.who(word)


def test_a_run_that_a_rule_names_is_its_own_witness(gate: Gates) -> None:
    issuer = Vouching(repository="acme/ranker", run_id="77", run_attempt="2", actor="ada")
    found = callers(gate, issuer).who("Bearer a.b.c")
    assert found.run == Run("github", "77", 2, named_by="github")
    assert (found.actor.id, found.actor.name) == ("ci:ci:acme/ranker", "ada")
    assert found.secret == ""


def test_a_run_that_no_rule_names_is_forbidden(gate: Gates) -> None:
    with pytest.raises(Forbidden, match="acme/other"):
        callers(gate, Vouching(repository="acme/other")).who("Bearer a.b.c")


def test_each_team_may_write_a_pipeline_of_its_own_for_the_same_issuer(gate: Gates) -> None:
    rights = Rights.of(["gate:decide:recs"])
    rules = (PipelineRule("acme/recs", rights),)
    recs = replace(PIPELINE, name="recs", rules=rules)
    elsewhere = replace(recs, name="lab", issuer="https://lab.example")
    found = callers(gate, Vouching(repository="acme/recs"), recs).who("Bearer a.b.c")
    assert (found.actor.id, found.rights) == ("ci:recs:acme/recs", rights)
    with pytest.raises(Forbidden, match="acme/recs"):
        callers(gate, Vouching(repository="acme/recs"), elsewhere).who("Bearer a.b.c")

"""Changes of objects in a cluster, where nobody can decide; and looks that change nothing."""

import logging
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest

from bot.decide.admission import read_review
from bot.decide.approval import Wish
from bot.decide.change import Change
from bot.decide.cluster import Cluster
from bot.decide.gate_answer import Outcome
from bot.decide.people import Actor, Door
from bot.decide.policy import Blind
from bot.decide.silence import Silence
from bot.errors import Forbidden, RecordError, Undecidable
from bot.flow.gate.admit import Admit
from bot.flow.gate.decide import Asking
from bot.flow.gate.note_glass import NoteGlass
from bot.flow.hosts.ungated import SweepReleases
from bot.flow.override.break_glass import BreakGlass
from bot.flow.override.listing import ListOverrides
from bot.flow.override.review import FinishReview
from tests.admission import IMAGE, NEW, OLD, Object, annotated, review, workload
from tests.builders import person
from tests.flow.conftest import World
from tests.flow.gates import CI, RUN, Gates


def admit(gates: Gates, patience: float = 10.0) -> Admit:
    world = gates.world
    catalog = lambda: gates.catalog or world.catalog()  # noqa: E731 - the specs
    glass = BreakGlass(world.record, world.clock, catalog, world.directory, world.ops)
    record: Any = gates.record
    notes = NoteGlass(record, world.clock, catalog, world.ops, patience)
    return Admit(gates.flow, glass, catalog, world.clock, notes)


def ask(gates: Gates, new: Object = NEW, environment: str = "", **how: bool) -> tuple[bool, str]:
    asked = read_review(review(new, OLD, dry_run=how.get("dry_run", False)))
    cluster = Cluster("c", environment=environment)
    found = admit(gates).run(cluster, asked, CI, vouched=how.get("vouched", False))
    return found.goes, found.sentence


@pytest.fixture
def gone(world: World) -> Gates:
    gates = Gates(world)
    gates.record.fault = RecordError("gone")
    return gates


def test_where_nobody_can_decide_nothing_goes_into_production(gone: Gates) -> None:
    for environment in ("", "prod"):
        with pytest.raises(Undecidable):
            ask(gone, environment=environment)
    catalog = gone.world.catalog()
    ranker = replace(catalog.services["ranker"], environment="production")
    gone.catalog = replace(catalog, services={"ranker": ranker})
    with pytest.raises(Undecidable):
        ask(gone)


def test_elsewhere_it_goes_and_says_so(gone: Gates, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.WARNING)
    goes, sentence = ask(gone, environment="staging")
    assert goes
    assert sentence.startswith("ranker 39 goes without an answer of the gate")
    assert "ranker 39 goes without an answer" in caplog.text
    assert ask(gone, environment="staging", dry_run=True)[0]


def test_the_policy_says_where_it_goes_without_an_answer(gone: Gates) -> None:
    catalog = gone.world.catalog()
    said = (("canary", Silence.ALLOW), ("staging", Silence.DENY))
    policies = {name: replace(one, without_answer=said) for name, one in catalog.policies.items()}
    gone.catalog = replace(catalog, policies=policies)
    assert ask(gone, environment="canary")[0]
    with pytest.raises(Undecidable):
        ask(gone, environment="staging")


def test_a_rollback_goes_while_nobody_can_decide(gone: Gates) -> None:
    assert ask(gone, annotated(workload(f"{IMAGE}:37"), kind="rollback 37"), "prod")[0]


def test_an_emergency_that_cannot_be_recorded_is_not_granted_by_us(gone: Gates) -> None:
    broken = annotated(NEW, break_glass="INC-7 nobody gets results")
    with pytest.raises(Undecidable):
        ask(gone, broken, "staging", vouched=True)


def test_an_emergency_does_not_wait_for_data(world: World) -> None:
    world.policy = replace(world.policy, blind=(("", Blind.DENY),))
    gates = Gates(world)
    goes, _ = ask(gates, NEW)
    assert not goes
    broken = annotated(NEW, break_glass="INC-7 nobody gets results")
    assert ask(gates, broken, vouched=True)[0]
    (row,) = world.story("glass_broken")
    assert row.decision.evidence["freezes"] == []


def test_a_look_answers_as_the_gate_would_and_leaves_nothing_behind(world: World) -> None:
    gates = Gates(world)
    world.ask(Wish.FREEZE)
    (freeze,) = world.freezes()
    before = len(world.story())
    asking = Asking(Change("ranker", "38"), RUN)
    assert gates.flow.look(asking, CI).outcome is Outcome.DENY
    gates.grant(freeze.id)
    said = gates.flow.look(asking, CI)
    assert said.outcome.goes
    assert (said.facts["decision_id"], said.facts["recorded"]) == (None, False)
    assert len(world.story()) == before
    assert gates.ask().outcome.goes
    assert gates.flow.look(asking, CI).outcome.goes
    other = replace(asking, run=replace(RUN, id="2"))
    assert gates.flow.look(other, CI).outcome is Outcome.DENY


def test_a_look_needs_the_same_rights_as_a_question(world: World) -> None:
    gates = Gates(world)
    nobody = replace(CI, rights=replace(CI.rights, decides=frozenset()))
    with pytest.raises(Forbidden):
        gates.flow.look(Asking(Change("ranker", "38"), RUN), nobody)


GLASS = {"break_glass": "INC-7 nobody gets results"}


def ungated(world: World) -> list[str]:
    """What the sweep finds, once it had time to."""
    world.clock.advance(600)
    sweep = SweepReleases(world.record, world.clock, world.catalog, world.ops)
    sweep.run()
    return [str(one["release"]) for one in sweep.listing(ungated=True)]


def test_an_emergency_while_nobody_could_be_asked_is_listed_with_the_next_release(
    world: World,
) -> None:
    gates = Gates(world)
    went = annotated(workload(f"{IMAGE}:39"), **GLASS)
    asked = read_review(review(annotated(workload(f"{IMAGE}:40"), **GLASS), went))
    for _ in range(2):
        assert admit(gates).run(Cluster("c"), asked, CI, vouched=False).goes
    assert ungated(world) == ["39"]
    (row,) = world.story("release_ungated")
    assert row.decision.evidence["source"] == "kubernetes c/Deployment/search/ranker"


def reviews(world: World) -> list[str]:
    listing = ListOverrides(world.record, world.clock, world.catalog).reviews()
    return [f"{row['incident']} {row['version']}" for row in listing["rows"]]


def test_an_emergency_while_nobody_could_be_asked_is_reviewed_once_and_lets_nothing_through(
    world: World,
) -> None:
    gates = Gates(world)
    world.ask(Wish.FREEZE)
    went = annotated(workload(f"{IMAGE}:39"), **GLASS)
    for version in ("40", "41"):
        asked = read_review(review(annotated(workload(f"{IMAGE}:{version}"), **GLASS), went))
        assert not admit(gates).run(Cluster("c"), asked, CI, vouched=False).goes
    assert reviews(world) == ["INC-7 39"]
    (row,) = world.story("glass_broken")
    evidence = row.decision.evidence
    assert (evidence["afterwards"], evidence["source"]) == (
        True,
        "kubernetes c/Deployment/search/ranker",
    )
    assert gates.ask("39").outcome == "deny"
    world.deliver()
    (head,) = [head for head in world.heads() if "broke the glass" in head]
    assert "version 39 of ranker (INC-7)" in head
    assert "found afterwards" in head
    override = evidence["override"]
    finish = FinishReview(world.record, world.clock, world.catalog, world.directory, world.ops)
    world.directory.add(person("lead"))
    finish.run(override, "it was right", Actor("ULEAD", "lead", Door.SLACK))
    assert reviews(world) == []


def test_a_rollback_does_not_wait_for_a_database_that_hangs_to_note_an_emergency(
    world: World,
) -> None:
    gates = Gates(world)
    gates.flow.patience = 0.05
    gates.record.goes.clear()
    back = annotated(workload(f"{IMAGE}:38"), kind="rollback 38", **GLASS)
    left = annotated(workload(f"{IMAGE}:39"), **GLASS)
    flow = admit(gates, patience=0.05)
    with ThreadPoolExecutor(1) as cluster:
        asked = read_review(review(back, left))
        ruling = cluster.submit(flow.run, Cluster("c"), asked, CI, vouched=False)
        assert ruling.result(10).goes
        assert world.story() == []
        gates.record.goes.set()
    gates.flow.patience = 10
    assert admit(gates).run(Cluster("c"), asked, CI, vouched=False).goes
    assert reviews(world) == ["INC-7 39"]


def test_a_release_that_had_asked_is_no_emergency_afterwards(world: World) -> None:
    gates = Gates(world)
    assert gates.ask("39").outcome.goes
    world.clock.advance(40 * 86_400)
    left = annotated(workload(f"{IMAGE}:39"), **GLASS)
    later = read_review(review(workload(f"{IMAGE}:40"), left))
    admit(gates).run(Cluster("c"), later, CI, vouched=False)
    assert reviews(world) == []
    assert world.story("glass_broken") == []


def test_an_emergency_that_we_heard_of_is_not_listed_later(world: World) -> None:
    gates = Gates(world)
    world.ask(Wish.FREEZE)
    broken = annotated(NEW, **GLASS)
    assert ask(gates, broken, vouched=True)[0]
    later = read_review(review(workload(f"{IMAGE}:40"), broken))
    admit(gates).run(Cluster("c"), later, CI, vouched=False)
    assert ungated(world) == []


def test_an_annotation_that_was_not_needed_or_a_dry_run_is_not_listed(world: World) -> None:
    gates = Gates(world)
    broken = annotated(NEW, **GLASS)
    assert ask(gates, broken)[0]
    after = review(workload(f"{IMAGE}:40"), broken)
    admit(gates).run(Cluster("c"), read_review(after), CI, vouched=False)
    other = annotated(workload(f"{IMAGE}:38"), break_glass="INC-8 other")
    dry = read_review(review(workload(f"{IMAGE}:40"), other, dry_run=True))
    admit(gates).run(Cluster("c"), dry, CI, vouched=False)
    assert ungated(world) == []

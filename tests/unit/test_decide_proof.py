"""The walk along a history finds the first row that is not as it was stored (law 28)."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.decide.decision import GENESIS, Decision, Event, canonical, chain_hash
from bot.decide.proof import Flaw, Link, Place, prove
from bot.decide.seal import Purpose, Seal
from tests.builders import NOON, actor, when


def made(event: Event = Event.FROZEN, evidence: Mapping[str, Any] | None = None) -> Decision:
    return Decision(event, when(NOON), actor(), "all", "why", evidence or {})


def chain(decisions: Sequence[Decision], base: Place = (0, GENESIS)) -> list[Link]:
    links = []
    seq, previous = base
    for decision in decisions:
        seq, body = seq + 1, canonical(decision)
        links.append(Link(seq, previous, chain_hash(previous, seq, body), body))
        previous = links[-1].hash
    return links


def head(links: Sequence[Link]) -> Place:
    return (links[-1].seq, links[-1].hash)


def anchor(link: Link, digest: str | None = None) -> Seal:
    return Seal(Purpose.ANCHOR, link.seq, link.hash if digest is None else digest, when(NOON))


SIX = chain([made()] * 6)


def test_an_empty_history_is_sound() -> None:
    proof = prove([], (0, GENESIS))
    assert (proof.rows, proof.newest, proof.broken) == (0, (0, GENESIS), None)


def test_a_history_as_it_was_written_is_sound() -> None:
    proof = prove(SIX, head(SIX))
    assert (proof.rows, proof.newest, proof.broken) == (6, head(SIX), None)


@pytest.mark.parametrize(
    ("spoil", "seq"),
    [
        (lambda link: replace(link, body=link.body + " "), 3),
        (lambda link: replace(link, hash=link.previous), 3),
        (lambda link: replace(link, previous=link.hash), 3),
        (lambda link: replace(link, filed=False), 3),
    ],
)
def test_the_first_changed_row_is_named(spoil: Callable[[Link], Link], seq: int) -> None:
    links = [spoil(link) if link.seq >= seq else link for link in SIX]
    proof = prove(links, head(SIX))
    assert proof.broken is not None
    assert (proof.broken.seq, proof.broken.flaw, proof.rows) == (seq, Flaw.CHANGED, seq - 1)


@pytest.mark.parametrize("gone", [1, 2, 5])
def test_a_row_that_is_missing_between_others_is_a_gap(gone: int) -> None:
    proof = prove([link for link in SIX if link.seq != gone], head(SIX))
    assert proof.broken is not None
    assert (proof.broken.seq, proof.broken.flaw) == (gone, Flaw.GAP)
    assert f"decision {gone} is missing" in proof.broken.sentence


@pytest.mark.parametrize("left", [0, 1, 5])
def test_a_cut_tail_is_noticed_by_the_note_of_the_head(left: int) -> None:
    proof = prove(SIX[:left], head(SIX))
    assert proof.broken is not None
    assert (proof.broken.seq, proof.broken.flaw) == (left + 1, Flaw.CUT)


def test_a_row_beyond_the_note_of_the_head_was_added() -> None:
    proof = prove(SIX, head(SIX[:4]))
    assert proof.broken is not None
    assert (proof.broken.seq, proof.broken.flaw) == (5, Flaw.CHANGED)


def test_a_note_of_the_head_with_another_hash_is_named() -> None:
    proof = prove(SIX, (6, "0"))
    assert proof.broken is not None
    assert (proof.broken.seq, proof.broken.flaw) == (6, Flaw.CHANGED)


def test_a_cut_that_also_changed_the_note_of_the_head_is_seen_only_from_outside() -> None:
    cut = SIX[:4]
    assert prove(cut, head(cut)).broken is None
    proof = prove(cut, head(cut), anchors=[anchor(SIX[2]), anchor(SIX[5])])
    assert proof.broken is not None
    assert (proof.broken.seq, proof.broken.flaw) == (5, Flaw.CUT)
    assert "decision 6 was anchored on Mon 2 Mar 2026, 12:00 UTC" in proof.broken.sentence
    assert proof.anchors == 1


def test_a_history_written_anew_is_seen_only_from_outside() -> None:
    anew = chain([made()] * 2 + [made(Event.LIFTED)] * 4)
    assert prove(anew, head(anew)).broken is None
    proof = prove(anew, head(anew), anchors=[anchor(link) for link in SIX])
    assert proof.broken is not None
    assert (proof.broken.seq, proof.broken.flaw) == (3, Flaw.CHANGED)


def test_two_anchors_of_one_row_must_both_agree() -> None:
    anchors = [anchor(SIX[3]), anchor(SIX[3], "0" * 64)]
    proof = prove(SIX, head(SIX), anchors=anchors)
    assert proof.broken is not None
    assert proof.broken.seq == 4


def test_anchors_that_agree_are_counted_by_row() -> None:
    anchors = [anchor(SIX[1]), anchor(SIX[1]), anchor(SIX[5])]
    proof = prove(SIX, head(SIX), anchors=anchors)
    assert (proof.broken, proof.anchors) == (None, 2)


def pruned(last: int, evidence: Mapping[str, Any] | None = None) -> list[Link]:
    """The rest of the six after `last`, with the row that seals it at the end."""
    base = SIX[last - 1]
    said = {"last": base.seq, "hash": base.hash} if evidence is None else evidence
    whole = [made()] * (6 - last) + [made(Event.HISTORY_PRUNED, said)]
    return chain(whole, (base.seq, base.hash))


def test_after_a_sealed_checkpoint_the_rest_is_proven() -> None:
    rest, base = pruned(4), head(SIX[:4])
    proof = prove(rest, head(rest), base)
    assert (proof.rows, proof.base, proof.broken) == (3, base, None)


def test_all_but_the_row_that_seals_may_be_moved_out() -> None:
    rest, base = pruned(6), head(SIX)
    assert prove(rest, head(rest), base).broken is None


@pytest.mark.parametrize(
    "evidence",
    [
        {},
        {"last": 3, "hash": SIX[3].hash},
        {"last": 4, "hash": SIX[2].hash},
    ],
)
def test_a_beginning_that_no_row_seals_is_missing(evidence: Mapping[str, Any]) -> None:
    rest = pruned(4, evidence)
    proof = prove(rest, head(rest), head(SIX[:4]))
    assert proof.broken is not None
    assert (proof.broken.seq, proof.broken.flaw) == (5, Flaw.UNSEALED)


def test_a_part_that_is_sealed_elsewhere_needs_no_row_that_says_so() -> None:
    part, base = SIX[3:5], head(SIX[:3])
    assert prove(part, head(part), base, sealed=True).broken is None
    assert prove(part[1:], head(part), base, sealed=True).broken is not None


def test_words_in_a_reason_seal_nothing() -> None:
    base = SIX[3]
    said = {"last": base.seq, "hash": base.hash, "event": "history_pruned"}
    rest = chain([made(evidence=said)], (base.seq, base.hash))
    proof = prove(rest, head(rest), head(SIX[:4]))
    assert proof.broken is not None
    assert proof.broken.flaw is Flaw.UNSEALED


def test_anchors_from_before_the_checkpoint_are_left_alone_and_its_own_is_compared() -> None:
    rest, base = pruned(4), head(SIX[:4])
    fine = prove(rest, head(rest), base, [anchor(SIX[1]), anchor(SIX[3])])
    assert fine.broken is None
    other = prove(rest, head(rest), base, [anchor(SIX[3], "0" * 64)])
    assert other.broken is not None
    assert (other.broken.seq, other.broken.flaw) == (4, Flaw.CHANGED)


@given(st.data())
def test_whatever_single_row_is_changed_dropped_or_doubled_the_walk_stops_there(
    data: st.DataObject,
) -> None:
    decisions = [made(evidence={"n": n}) for n in range(data.draw(st.integers(1, 12)))]
    links = chain(decisions)
    at = data.draw(st.integers(0, len(links) - 1))
    how = data.draw(st.sampled_from(["change", "drop", "double"]))
    spoilt = list(links)
    if how == "change":
        other = canonical(made(evidence={"n": -1}))
        spoilt[at] = replace(spoilt[at], body=other)
    elif how == "drop":
        del spoilt[at]
    else:
        spoilt.insert(at, spoilt[at])
    broken = prove(spoilt, head(links)).broken
    assert broken is not None
    assert broken.seq == at + 1 + (how == "double")

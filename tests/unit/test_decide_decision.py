"""A decision has one text and a place in a chain of hashes (law 28)."""

import json
from dataclasses import replace
from datetime import UTC, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.decide.decision import GENESIS, Decision, Event, canonical, chain_hash, read_back
from bot.decide.people import Actor, Door
from tests.builders import NOON, actor, when

ONE = Decision(
    Event.FROZEN,
    when(NOON),
    actor("ada"),
    "service:ranker",
    "“bad” v38 <!channel>",
    {"bad": 21.0, "windows": [{"b": 1, "a": None}]},
    "policy-1",
    "ranker/availability",
)


def test_the_text_of_a_decision_is_sorted_and_without_white_space() -> None:
    assert canonical(ONE) == (
        '{"actor":["UADA","ada","slack"],"at":"2026-03-02T12:00:00.000000+00:00",'
        '"event":"frozen","evidence":{"bad":21.0,"windows":[{"a":null,"b":1}]},'
        '"objective":"ranker/availability","policy":"policy-1",'
        '"reason":"“bad” v38 <!channel>","scope":"service:ranker"}'
    )


def test_who_an_actor_is_elsewhere_stands_in_the_text_only_where_it_is_known() -> None:
    known = replace(ONE, actor=replace(ONE.actor, identity="email:ada@example.com"))
    assert '"actor":["UADA","ada","slack","email:ada@example.com"]' in canonical(known)
    assert '"actor":["UADA","ada","slack"]' in canonical(ONE)


def test_one_instant_has_one_text_in_every_zone() -> None:
    elsewhere = ONE.at.astimezone(timezone(timedelta(hours=5, minutes=45)))
    assert canonical(replace(ONE, at=elsewhere)) == canonical(ONE)


def test_the_order_of_the_evidence_does_not_matter() -> None:
    turned = replace(ONE, evidence=dict(reversed(ONE.evidence.items())))
    assert canonical(turned) == canonical(ONE)


def test_what_is_not_a_number_is_no_evidence() -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        canonical(replace(ONE, evidence={"rate": float("nan")}))


values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(st.text(), values, max_size=4))
def test_evidence_read_back_from_its_text_has_the_same_text(evidence: dict[str, Any]) -> None:
    text = canonical(replace(ONE, evidence=evidence))
    back = json.loads(text)["evidence"]
    assert canonical(replace(ONE, evidence=back)) == text


def test_a_hash_depends_on_predecessor_place_and_text() -> None:
    text = canonical(ONE)
    hashes = {
        chain_hash(GENESIS, 1, text),
        chain_hash("1" * 64, 1, text),
        chain_hash(GENESIS, 2, text),
        chain_hash(GENESIS, 1, text + " "),
    }
    assert len(hashes) == 4
    assert all(len(one) == 64 for one in hashes)


def test_the_first_version_of_the_hash_never_changes() -> None:
    # SHA-256 of "v1\n000…0\n1\n{}": old histories must verify for ever.
    found = chain_hash(GENESIS, 1, "{}")
    assert found == "1cf5abf4735c501438fca2e10ddc536dea0ac1b1cf6388e40315111ad0551441"


def as_the_first_version_wrote(decision: Decision) -> str:
    """The canonical text before anything was added to it; never to be changed."""
    body = {
        "event": str(decision.event),
        "at": decision.at.astimezone(UTC).isoformat(timespec="microseconds"),
        "actor": [decision.actor.id, decision.actor.name, str(decision.actor.door)],
        "scope": decision.scope,
        "reason": decision.reason,
        "evidence": decision.evidence,
        "policy": decision.policy,
        "objective": decision.objective,
    }
    return json.dumps(
        body, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    )


words = st.text(st.characters(codec="utf-8"), max_size=20)
decisions = st.builds(
    Decision,
    st.sampled_from(Event),
    st.datetimes(timezones=st.just(UTC)),
    st.builds(Actor, words, words, st.sampled_from(Door)),
    words,
    words,
    st.dictionaries(words, values, max_size=3),
    words,
    words,
)


@given(decisions)
def test_a_row_of_the_first_version_has_the_same_text_and_hash_today(decision: Decision) -> None:
    former = as_the_first_version_wrote(decision)
    assert canonical(decision) == former
    assert canonical(read_back(former)) == former


@given(decisions, words)
def test_a_decision_is_read_back_from_its_text(decision: Decision, identity: str) -> None:
    known = replace(decision, actor=replace(decision.actor, identity=identity))
    assert canonical(read_back(canonical(known))) == canonical(known)
    assert read_back(canonical(known)).actor == known.actor


@pytest.mark.parametrize(
    "body",
    [
        "",
        "7",
        "[]",
        "{}",
        canonical(ONE).replace('"frozen"', '"melted"'),
        canonical(ONE).replace('"slack"', '"window"'),
        canonical(ONE).replace('"reason"', '"excuse"'),
        canonical(ONE).replace("2026-03-02T", "a Monday"),
        canonical(ONE).replace('["UADA","ada","slack"]', "null"),
        canonical(ONE).replace('"slack"]', '"slack","email:a","more"]'),
    ],
)
def test_a_text_that_is_no_decision_is_refused(body: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        read_back(body)


def test_an_outage_touches_the_services_that_its_evidence_names_and_nothing_else_does() -> None:
    outage = replace(
        ONE, event=Event.OUTAGE_BEGAN, scope="source:prom", evidence={"services": ["ranker"]}
    )
    assert outage.touches(["recs", "ranker"])
    assert not outage.touches(["recs"])
    assert not outage.touches([])
    assert not replace(outage, event=Event.FROZEN).touches(["ranker"])

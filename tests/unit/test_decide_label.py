"""Labels at code hosts: which are believed."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.decide.change import ChangeKind
from bot.decide.label import Claim, LabelEvent, Merged, claim_of

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
BEFORE, AFTER = NOW - timedelta(hours=1), NOW + timedelta(hours=1)
KINDS = {"security": ChangeKind.SECURITY_FIX, "hotfix": ChangeKind.BUG_FIX}


def event(who: str = "ada", at: datetime = AFTER, label: str = "security", *, on: bool = True):  # type: ignore[no-untyped-def]
    return LabelEvent(label, who, at, on)


def merged(
    *events: LabelEvent, who: str = "ben", maintainers: tuple[str, ...] = ("ada",)
) -> Merged:
    return Merged("acme/ranker#5", who, NOW, events, frozenset(maintainers))


def kind(*requests: Merged) -> ChangeKind | None:
    found = claim_of(requests, KINDS)
    return found.kind if found is not None else None


def test_a_label_that_a_maintainer_sets_after_the_merge_is_believed_and_says_who() -> None:
    said = "label security of acme/ranker#5, set by ada, a maintainer"
    assert claim_of([merged(event())], KINDS) == Claim(ChangeKind.SECURITY_FIX, said)


def test_a_label_set_at_the_instant_of_the_merge_is_set_after_it() -> None:
    assert kind(merged(event(at=NOW))) is ChangeKind.SECURITY_FIX


def test_a_label_from_before_a_merge_counts_only_if_a_maintainer_merged() -> None:
    early = event(at=BEFORE)
    assert kind(merged(early)) is None
    assert kind(merged(early, who="cat", maintainers=("ada", "cat"))) is ChangeKind.SECURITY_FIX


def test_a_label_of_somebody_else_is_not_believed_whoever_merged() -> None:
    assert kind(merged(event("eve"), who="ada")) is None


def test_a_label_that_was_taken_off_says_nothing() -> None:
    off = event("eve", AFTER + timedelta(seconds=1), on=False)
    assert kind(merged(off, event())) is None


def test_a_label_that_somebody_else_put_on_again_is_theirs() -> None:
    later = AFTER + timedelta(seconds=1)
    again = [event(), event("eve", later, on=False), event("eve", later + timedelta(seconds=1))]
    assert kind(merged(*again)) is None


def test_upper_and_lower_case_do_not_matter() -> None:
    assert kind(merged(event(label="Security"))) is ChangeKind.SECURITY_FIX


def test_the_first_label_of_the_specs_decides() -> None:
    assert kind(merged(event(label="hotfix"), event())) is ChangeKind.SECURITY_FIX


@pytest.mark.parametrize("requests", [[], [merged()], [merged(event(label="docs"))]])
def test_without_a_label_of_the_specs_nothing_is_claimed(requests: list[Merged]) -> None:
    assert kind(*requests) is None

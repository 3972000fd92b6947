"""The journal of releases: what follows from what was told."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from itertools import count, pairwise

from hypothesis import given
from hypothesis import strategies as st

from bot.decide.release import End, Note, NoteKind, Release, journal, live_at

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
ANNOUNCED, BEGAN, SHARE = NoteKind.ANNOUNCED, NoteKind.BEGAN, NoteKind.SHARE
ENDED, ROLLED_BACK, FAILED = NoteKind.ENDED, NoteKind.ROLLED_BACK, NoteKind.FAILED


def at(minutes: float) -> datetime:
    return NOON + timedelta(minutes=minutes)


def note(version: str, kind: NoteKind, minutes: float, **more: object) -> Note:
    known: dict[str, object] = {"origin": "api bot", **more}
    return Note(0, f"{version} {kind} {minutes}", "ranker", version, kind, at(minutes), **known)  # type: ignore[arg-type] # fields of it


def told(*notes: Note) -> list[Release]:
    return journal([replace(one, id=number) for number, one in zip(count(1), notes, strict=False)])


def spans(releases: Sequence[Release]) -> list[tuple[str, datetime, datetime | None, End | None]]:
    return [(one.version, one.began, one.ended, one.end) for one in releases]


def test_nothing_told_is_no_release() -> None:
    assert told() == []


def test_a_release_lasts_until_another_version_takes_over() -> None:
    found = told(note("1", BEGAN, 0), note("2", BEGAN, 30))
    assert spans(found) == [("1", at(0), at(30), End.SUCCEEDED), ("2", at(30), None, None)]
    assert [one.version for one in live_at(found, at(29))] == ["1"]
    assert [one.version for one in live_at(found, at(30))] == ["2"]
    assert live_at(found, at(-1)) == []


def test_what_was_only_announced_is_presumed_to_serve() -> None:
    (found,) = told(note("1", ANNOUNCED, 0, origin="gate", decision=7))
    assert (found.began, found.presumed, found.decision) == (at(0), True, 7)
    assert found.share_at(at(1)) == 1


def test_who_saw_it_begin_knows_better_than_who_announced_it() -> None:
    (found,) = told(
        note("1", ANNOUNCED, 0, origin="gate", decision=7, actor="ada", commit="c1"),
        note("1", BEGAN, 5, origin="metrics", digest="d1", committed=at(-60)),
    )
    assert (found.began, found.presumed) == (at(5), False)
    assert found.origins == ("gate", "metrics")
    assert (found.actor, found.commit, found.digest) == ("ada", "c1", "d1")
    assert (found.decision, found.committed) == (7, at(-60))


def test_a_second_word_on_the_same_beginning_does_not_move_it() -> None:
    (found,) = told(note("1", BEGAN, 5), note("1", BEGAN, 7, origin="github acme"))
    assert found.began == at(5)


def test_notes_may_come_in_any_order() -> None:
    found = told(note("2", BEGAN, 30), note("1", BEGAN, 0))
    assert [one.version for one in found] == ["1", "2"]


def test_what_never_came_to_serve_is_no_release_and_its_predecessor_goes_on() -> None:
    found = told(note("1", BEGAN, 0), note("2", ANNOUNCED, 10), note("2", FAILED, 12))
    assert spans(found) == [("1", at(0), None, None)]


def test_another_attempt_that_failed_says_nothing_of_a_version_that_serves() -> None:
    found = told(note("1", BEGAN, 0), note("1", ANNOUNCED, 10), note("1", FAILED, 12))
    assert spans(found) == [("1", at(0), None, None)]


def test_a_canary_that_failed_has_served_and_was_taken_back() -> None:
    share = note("2", SHARE, 10, share=Fraction(1, 10))
    found = told(note("1", BEGAN, 0), share, note("2", FAILED, 20))
    assert spans(found) == [("1", at(0), None, None), ("2", at(10), at(20), End.ROLLED_BACK)]


def test_a_version_that_failed_may_be_tried_again() -> None:
    found = told(note("2", ANNOUNCED, 10), note("2", FAILED, 12), note("2", ANNOUNCED, 20))
    assert spans(found) == [("2", at(20), None, None)]


def test_a_canary_serves_beside_the_version_that_it_may_follow() -> None:
    found = told(
        note("1", BEGAN, 0),
        note("2", ANNOUNCED, 9),
        note("2", SHARE, 10, share=Fraction(1, 10)),
        note("2", SHARE, 20, share=Fraction(1, 2)),
        note("2", BEGAN, 30),
    )
    assert spans(found) == [("1", at(0), at(30), End.SUCCEEDED), ("2", at(10), None, None)]
    canary = found[1]
    assert [canary.share_at(at(m)) for m in (9, 10, 25, 30)] == [
        0, Fraction(1, 10), Fraction(1, 2), 1,
    ]  # fmt: skip
    assert [one.version for one in live_at(found, at(15))] == ["1", "2"]


def test_a_share_of_everything_takes_over() -> None:
    found = told(note("1", BEGAN, 0), note("2", SHARE, 10, share=Fraction(1)))
    assert spans(found) == [("1", at(0), at(10), End.SUCCEEDED), ("2", at(10), None, None)]


def test_a_canary_that_ends_leaves_the_other_alone() -> None:
    found = told(
        note("1", BEGAN, 0), note("2", SHARE, 10, share=Fraction(1, 10)), note("2", ENDED, 20)
    )
    assert spans(found) == [("1", at(0), None, None), ("2", at(10), at(20), End.ENDED)]


def test_what_is_rolled_back_is_so_whether_it_is_told_or_the_former_version_returns() -> None:
    by_word = told(
        note("1", BEGAN, 0), note("2", BEGAN, 10), note("2", ROLLED_BACK, 15), note("1", BEGAN, 15)
    )
    by_return = told(note("1", BEGAN, 0), note("2", BEGAN, 10), note("1", BEGAN, 15))
    wanted = [
        ("1", at(0), at(10), End.SUCCEEDED),
        ("2", at(10), at(15), End.ROLLED_BACK),
        ("1", at(15), None, None),
    ]
    assert spans(by_word) == spans(by_return) == wanted
    assert by_return[0].key != by_return[2].key


def test_the_return_of_an_older_version_is_no_rollback_of_the_newest() -> None:
    found = told(
        note("1", BEGAN, 0), note("2", BEGAN, 10), note("3", BEGAN, 20), note("1", BEGAN, 30)
    )
    assert [one.end for one in found] == [End.SUCCEEDED] * 3 + [None]


def test_a_canary_that_comes_anew_ends_where_it_begins_again() -> None:
    share = Fraction(1, 10)
    found = told(
        note("1", SHARE, 0, share=share),
        note("2", ANNOUNCED, 1),
        note("1", SHARE, 2, share=share),
        note("2", SHARE, 3, share=share),
    )
    assert [(one.version, one.began, one.ended) for one in found] == [
        ("1", at(0), at(2)),
        ("1", at(2), None),
        ("2", at(3), None),
    ]


def test_the_end_of_what_nobody_saw_begin_says_nothing() -> None:
    assert told(note("1", ENDED, 0)) == []


def test_an_end_told_after_another_took_over_changes_nothing() -> None:
    found = told(note("1", BEGAN, 0), note("2", BEGAN, 10), note("1", ENDED, 12))
    assert spans(found)[0] == ("1", at(0), at(10), End.SUCCEEDED)


def test_an_end_before_the_beginning_leaves_an_empty_stay() -> None:
    (found,) = told(note("1", ANNOUNCED, 0), note("1", ENDED, 1), note("1", ENDED, 2))
    assert (found.began, found.ended) == (at(0), at(1))


KINDS = st.sampled_from(NoteKind)
NOTES = st.lists(st.tuples(st.sampled_from("123"), KINDS, st.integers(0, 60)), max_size=12)


@given(NOTES)
def test_a_version_never_serves_twice_at_once_and_full_releases_never_overlap(
    told_of: list[tuple[str, NoteKind, int]],
) -> None:
    share = Fraction(1, 4)
    found = told(*(note(v, k, m, share=share if k is SHARE else None) for v, k, m in told_of))
    for one in found:
        assert one.ended is None or one.began <= one.ended
        assert (one.ended is None) == (one.end is None)
    for version in "123":
        mine = [one for one in found if one.version == version]
        assert all(a.ended is not None and a.ended <= b.began for a, b in pairwise(mine))
    whole = [one for one in found if not one.shares and one.began != one.ended]
    assert all(
        a.ended is not None and a.ended <= b.began for a, b in pairwise(whole) if a.began < b.began
    )
